package plots

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

// coverage rasterises a line: the least and the greatest y in each column.
func coverage(x, y, edges []float64) [][2]float64 {
	out := make([][2]float64, len(edges)-1)
	for i := range out {
		out[i] = [2]float64{math.Inf(1), math.Inf(-1)}
	}
	cover := func(col int, y float64) {
		out[col][0], out[col][1] = math.Min(out[col][0], y), math.Max(out[col][1], y)
	}
	for i := range x {
		for c := range out {
			if x[i] >= edges[c] && x[i] < edges[c+1] {
				cover(c, y[i])
			}
		}
		if i == 0 || math.IsNaN(x[i]) || math.IsNaN(x[i-1]) {
			continue
		}
		x0, y0, x1, y1 := x[i-1], y[i-1], x[i], y[i]
		if x0 > x1 {
			x0, y0, x1, y1 = x1, y1, x0, y0
		}
		for c, e := range edges { // where the segment crosses into another column
			if e > x0 && e <= x1 {
				at := y0 + (y1-y0)*((e-x0)/(x1-x0))
				if c < len(out) {
					cover(c, at)
				}
				if c > 0 {
					cover(c-1, at)
				}
			}
		}
	}
	return out
}

// TestThinningIsPixelExact draws lines of all shapes, in full and thinned, at
// the width at which they are thinned: each column must look the same.
func TestThinningIsPixelExact(t *testing.T) {
	const n = 9000
	r := rand.New(rand.NewPCG(1, 2))
	for k := range 24 {
		x, y, low := make([]float64, n), make([]float64, n), make([]float64, n)
		at := 1.0
		for i := range n {
			if k%3 > 0 || r.IntN(3) == 0 {
				at += r.ExpFloat64() * math.Pow(10, float64(r.IntN(1+k%5)))
			}
			x[i], y[i] = at, 1+r.ExpFloat64()
			low[i] = y[i] - r.Float64()
			if k%4 == 1 && r.IntN(700) == 0 {
				x[i], y[i], low[i] = math.NaN(), math.NaN(), math.NaN()
			}
		}
		log, backward, upright := k%2 == 1, k%4 >= 2, k%6 >= 4
		if backward {
			for i, j := 0, n-1; i < j; i, j = i+1, j-1 {
				x[i], x[j] = x[j], x[i]
			}
		}
		line := Line{X: x, Y: y, Low: low, High: y}
		fig := Figure{X: Axis{Log: log}}
		if upright {
			line, fig.X, fig.Y = Line{X: y, Y: x}, fig.Y, fig.X
		}
		fig.Layers = Layers{line}
		t.Run(fmt.Sprint(k, " log ", log, " backward ", backward, " upright ", upright), func(t *testing.T) {
			d, err := fig.Encode()
			if err != nil {
				t.Fatal(err)
			}
			l := d.Layers[0]
			if len(l.X) > 7*lineColumns || !strings.Contains(strings.Join(d.Notes, ""), "of 9,000 points, drawn are the first, last, least and greatest in each of 800") {
				t.Fatalf("%d points, notes %q", len(l.X), d.Notes)
			}
			axis, along, across := d.X, l.X, l.Y
			if upright {
				axis, along, across = d.Y, l.Y, l.X
			}
			edges := scaleOf(axis).edges(lineColumns)
			span := scaleOf(d.Y).span // values are rounded, far below a pixel
			if upright {
				span = scaleOf(d.X).span
			}
			full, thin := coverage(x, y, edges), coverage(along, across, edges)
			for c := range full {
				if far := math.Max(math.Abs(full[c][0]-thin[c][0]), math.Abs(full[c][1]-thin[c][1])); far > 1e-4*span {
					t.Errorf("column %d: %v and, thinned, %v", c, full[c], thin[c])
				}
			}
			if a, b := rangeOf(l.Low), rangeOf(low); l.Low != nil && math.Abs(a.min-b.min)+math.Abs(a.max-b.max) > 1e-6*span {
				t.Errorf("band from %v, thinned %v", b, a)
			}
		})
	}
}

func TestThinningOfHardLines(t *testing.T) {
	const n = 100_000
	r := rand.New(rand.NewPCG(3, 4))
	x, noise, circle, other, gaps := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	for i := range n {
		x[i], noise[i] = float64(i), r.NormFloat64()
		circle[i], other[i] = math.Sin(float64(i)/n*2*math.Pi), math.Cos(float64(i)/n*2*math.Pi)
		gaps[i] = noise[i]
		if i%10 == 0 && i < n/2 || i > 60_000 && i < 70_000 {
			gaps[i] = math.NaN()
		}
	}
	for _, tt := range []struct {
		name   string
		layer  Line
		most   int
		note   string
		breaks int
	}{
		{"many gaps", Line{X: x, Y: gaps}, 3300, "in each of 800 columns; narrower gaps are closed", 1},
		{"circle", Line{X: circle, Y: other}, 20_000, "which run to and fro, the ", 0},
		{"cloud", Line{X: noise, Y: circle}, 20_000, "evenly chosen ones", 0},
		{"constant x", Line{X: make([]float64, n), Y: noise}, 4, "in each of 800 columns", 0},
		{"one place", Line{X: make([]float64, n), Y: make([]float64, n)}, 4, "in each of 800 columns", 0},
		{"off the axis", Line{X: x, Y: noise}, 3300, "in each of 800 columns", 0},
	} {
		f := Figure{Layers: Layers{tt.layer}}
		if tt.name == "off the axis" {
			f.X.Limits = [2]float64{20_000, 21_000}
		}
		d, err := f.Encode()
		if err != nil {
			t.Fatal(tt.name, err)
		}
		l, breaks := d.Layers[0], 0
		for _, v := range l.X {
			if math.IsNaN(v) {
				breaks++
			}
		}
		if len(l.X) > tt.most || breaks != tt.breaks || !strings.Contains(strings.Join(d.Notes, "\n"), tt.note) {
			t.Errorf("%s: %d points, %d gaps, notes %q", tt.name, len(l.X), breaks, d.Notes)
		}
	}
}

func TestCrowdedFiguresAreThinnedFurther(t *testing.T) {
	const n = 20_000
	r := rand.New(rand.NewPCG(5, 6))
	var lines, dots Layers
	for range 10 {
		x, y := make([]float64, n), make([]float64, n)
		for i := range n {
			x[i], y[i] = r.Float64(), r.NormFloat64()
		}
		lines, dots = append(lines, Line{Y: y}), append(dots, Scatter{X: x, Y: y})
	}
	for name, layers := range map[string]Layers{"lines": lines, "dots": dots} {
		d, err := Figure{Layers: layers}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		size := 0
		for i := range d.Layers {
			size += d.drawnBytes(&d.Layers[i])
		}
		if size > figureBytes || len(d.Notes) != 1 || !strings.Contains(d.Notes[0], "10 ") {
			t.Errorf("%s: %d bytes, notes %q", name, size, d.Notes)
		}
	}
}

func TestManyBars(t *testing.T) {
	const n = 100_000
	r := rand.New(rand.NewPCG(7, 8))
	y, low := make([]float64, n), make([]float64, n)
	for i := range n {
		y[i] = r.NormFloat64()
	}
	y[12_345], y[54_321], y[7] = 50, -40, math.NaN()
	for i := range n {
		low[i] = y[i] - 1
	}
	bars := Bars{Name: "a", Values: y, Low: low, High: y, Numbers: true}
	flat, stacked := bars, Bars{Name: "b", Values: y, Stacked: true}
	flat.Horizontal = true
	for name, layers := range map[string]Layers{
		"upright": {bars, bars}, "flat": {flat}, "stacked": {stacked, stacked, stacked},
		"with others": {bars, Rule{Y: 2}, Span{X: [2]float64{1000, 2000}}},
	} {
		d, err := Figure{Layers: layers}.Encode()
		if err != nil {
			t.Fatal(name, err)
		}
		axis, values, total := d.X, d.Y, 0
		if name == "flat" {
			axis, values = d.Y, d.X
		}
		for _, l := range d.Layers {
			at, v := l.X, l.Y
			if l.Flat {
				at, v = v, at
			}
			if total += len(at); l.Kind != KindBars {
				continue
			}
			if r := rangeOf(v); l.Base == nil && (r.min != -40 || r.max != 50) || l.Values || l.Low != nil && len(l.Low) != len(at) {
				t.Errorf("%s: %d bars from %v to %v", name, len(at), r.min, r.max)
			}
			if r := rangeOf(at); r.min < 0 || r.max > float64(len(axis.Categories)-1) {
				t.Errorf("%s: bars from %v to %v of %d names", name, r.min, r.max, len(axis.Categories))
			}
		}
		if total > 5000 || len(axis.Categories) > 2000 || values.Categories != nil {
			t.Errorf("%s: %d bars under %d names", name, total, len(axis.Categories))
		}
		if note := strings.Join(d.Notes, "\n"); !strings.Contains(note, ",000 bars, drawn is the ") {
			t.Errorf("%s: notes %q", name, note)
		}
		if m := d.Layers[len(d.Layers)-1].Mark; m != nil && (m.X1 > 100) {
			t.Errorf("%s: marked from %v to %v", name, m.X, m.X1)
		}
	}
}

// TestThinnedLayersCountTheirPoints: texts give the points of the data, and
// what Limits leave out is not called covered.
func TestThinnedLayersCountTheirPoints(t *testing.T) {
	const n = 100_000
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(i), math.Sin(float64(i)/1000)
	}
	d, err := Figure{Layers: Layers{Line{X: x, Y: y}, Scatter{X: x, Y: y}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range d.Layers {
		if len(l.X) >= n || l.points() != n {
			t.Errorf("%s: %d points drawn of %d", l.Kind, len(l.X), l.points())
		}
	}
	if s := d.Summary() + d.Alt; strings.Count(s, "(100,000 points)") != 2 || strings.Count(s, ", 100,000 values") != 2 {
		t.Error(s)
	}
	zoomed, err := Figure{X: Axis{Limits: [2]float64{0, 40}}, Layers: Layers{Scatter{X: x, Y: y}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if len(zoomed.Layers[0].X) != 41 || len(zoomed.Notes) != 1 || !strings.Contains(zoomed.Notes[0], "outside the limits") {
		t.Errorf("%d points, notes %q", len(zoomed.Layers[0].X), zoomed.Notes)
	}
	crowded, err := Figure{X: Axis{Limits: [2]float64{0, 50_000}}, Layers: Layers{Scatter{X: x, Y: y}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if notes := strings.Join(crowded.Notes, "\n"); !strings.Contains(notes, "scatter: of 50,001 points, the ") {
		t.Errorf("notes %q", notes)
	}
}
