package render

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// layoutFigures are annotations, stacks, named fields, tables and small
// multiples.
func layoutFigures() map[string]plots.Picture {
	fs := map[string]plots.Picture{}
	annotated(fs)
	stacked(fs)
	namedFields(fs)
	grids(fs)
	tables(fs)
	narrow(fs)
	return fs
}

func annotated(fs map[string]plots.Picture) {
	var xs, heap []float64
	for i := range 121 {
		t := float64(i) / 10
		xs = append(xs, t)
		heap = append(heap, 2e6*(1+t/2+3*math.Exp(-math.Pow(t-6.5, 2)))+5e5*math.Abs(math.Sin(3*t)))
	}
	fs["marks"] = plots.Figure{Title: "Heap of the importer", X: plots.Axis{Label: "time", Unit: "s"}, Y: plots.Axis{Label: "heap", Unit: "B", Zero: true},
		Layers: plots.Layers{
			plots.Line{Name: "live", X: xs, Y: heap},
			plots.Span{X: [2]float64{1, 4.5}, Label: "read"},
			plots.Span{X: [2]float64{5, 11}, Label: "sort and write"},
			plots.Span{X: [2]float64{5.5, 7.5}, Label: "merge", Depth: 1},
			plots.Span{X: [2]float64{8, 8.4}, Label: "flush of the write buffer", Depth: 1},
			plots.Rule{Y: 16e6, Label: "limit, GOMEMLIMIT"},
			plots.Rule{X: 9.6, Label: "GC forced"},
			plots.Peak{X: 6.5, Y: 14.5e6, Label: "peak 14.5 MB"},
			plots.Text{X: 2, Y: 8e6, Text: "here nothing else runs, but for the timer that ticks"},
		}}
	fs["rules"] = plots.Figure{X: plots.Axis{Label: "latency", Unit: "s", Log: true}, Y: plots.Axis{Label: "share", Unit: "%"},
		Layers: plots.Layers{
			plots.Line{Name: "requests", X: []float64{1e-3, 2e-3, 3e-3, 5e-3, 1e-2, 3e-2, 1e-1}, Y: []float64{0, 20, 48, 75, 90, 98, 100}},
			plots.Rule{X: 3.1e-3, Label: "p50 3.1 ms"}, plots.Rule{X: 1e-2, Label: "p90 10 ms"}, plots.Rule{X: 2e-2, Label: "p95 20 ms"},
			plots.Rule{X: 7e-2, Label: "p99 70 ms"}, plots.Rule{X: 9e-2, Label: "worst 90 ms"},
			plots.Rule{Y: 90, Label: "aim"}, plots.Rule{Y: 93, Label: "what the others reach"}, plots.Rule{Y: 50},
			plots.Span{Y: [2]float64{0, 30}, Label: "quick ones"},
		}}
	fs["marked-bars"] = plots.Figure{Y: plots.Axis{Label: "time", Unit: "s"}, Layers: plots.Layers{
		plots.Rule{Y: 20 * time.Millisecond, Label: "budget of a frame"},
		plots.Span{X: [2]string{"hash", "sort"}, Label: "new"},
		plots.Bars{Labels: []string{"map", "hash", "sort", "write"}, Values: []time.Duration{12 * time.Millisecond, 8 * time.Millisecond, 19 * time.Millisecond, 3 * time.Millisecond}},
		plots.Text{X: "write", Y: 3 * time.Millisecond, Text: "cached"},
	}}
	fs["marked-heat"] = plots.Figure{X: plots.Axis{Label: "x"}, Layers: plots.Layers{
		plots.Heat{Name: "depth", Z: waves(30, 40)},
		plots.Rule{X: 10, Label: "section"}, plots.Rule{Y: 12.5, Label: "row 12"}, plots.Span{X: [2]int{20, 30}, Label: "plate"},
		plots.Peak{X: 25, Y: 20, Label: "highest"}, plots.Text{X: 5, Y: 25, Text: "flat"},
	}}
}

// waves is a smooth field around zero.
func waves(rows, cols int) [][]float64 {
	z := make([][]float64, rows)
	for r := range z {
		z[r] = make([]float64, cols)
		for c := range z[r] {
			z[r][c] = math.Sin(float64(r)/6) * math.Cos(float64(c)/7)
		}
	}
	return z
}

func stacked(fs map[string]plots.Picture) {
	steps := []string{"v1", "v2", "v3", "v4"}
	fs["stacked"] = plots.Figure{Title: "Where the time goes", Y: plots.Axis{Label: "time", Unit: "s"}, Layers: plots.Layers{
		plots.Bars{Name: "parse", Labels: steps, Values: []float64{0.31, 0.30, 0.12, 0.11}, Stacked: true, Numbers: true},
		plots.Bars{Name: "type check", Labels: steps, Values: []float64{0.52, 0.4, 0.41, 0.2}, Stacked: true, Numbers: true},
		plots.Bars{Name: "link", Labels: steps, Values: []float64{0.2, 0.21, 0.008, 0.006}, Stacked: true, Numbers: true, Low: []float64{0.95, 0.85, 0.5, 0.3}, High: []float64{1.1, 0.98, 0.58, 0.34}},
		plots.Bars{Name: "the book", Labels: steps, Values: []float64{1.3, 1.1, 0.9, 0.6}, Hollow: true},
	}}
	fs["stacked-signs"] = plots.Figure{X: plots.Axis{Label: "change", Unit: "B"}, Height: 2.8, Layers: plots.Layers{
		plots.Bars{Name: "heap", Horizontal: true, Stacked: true, Numbers: true, Labels: []string{"encoding/json", "main", "net/http"}, Values: []float64{-3e6, 4e6, 1e6}},
		plots.Bars{Name: "stacks", Horizontal: true, Stacked: true, Numbers: true, Labels: []string{"encoding/json", "main", "net/http"}, Values: []float64{-1e6, -2.2e6, 3.3e5}},
		plots.Bars{Name: "globals", Horizontal: true, Stacked: true, Numbers: true, Hollow: true, Labels: []string{"main", "net/http", "os"}, Values: []float64{1.7e6, math.NaN(), 1e6}},
	}}
	var x, a, b, c []float64
	for i := range 60 {
		t := float64(i) / 5
		x, a = append(x, t), append(a, 3+math.Sin(t))
		b, c = append(b, 2+math.Cos(t/2)), append(c, t/4)
	}
	b[30] = math.NaN()
	fs["areas"] = plots.Figure{X: plots.Axis{Label: "time", Unit: "s"}, Y: plots.Axis{Label: "in use", Unit: "B"}, Layers: plots.Layers{
		plots.Line{Name: "heap", X: x, Y: scaled(a, 1e6), Stacked: true},
		plots.Line{Name: "stacks", X: x, Y: scaled(b, 1e6), Stacked: true},
		plots.Line{Name: "rest", X: x, Y: scaled(c, 1e6), Stacked: true},
	}}
	fs["areas-steps"] = plots.Figure{X: plots.Axis{Label: "time", Unit: "s"}, Y: plots.Axis{Label: "goroutines"}, Height: 2.5, Layers: plots.Layers{
		plots.Line{Name: "running", X: []int{0, 1, 2, 4}, Y: []int{2, 4, 3, 3}, Stacked: true, Step: true},
		plots.Line{Name: "waiting", X: []int{0, 1, 2, 4}, Y: []int{0, 12, 5, 5}, Stacked: true, Step: true},
	}}
	fs["filled"] = plots.Figure{X: plots.Axis{Label: "x"}, Y: plots.Axis{Log: true}, Height: 2.5, Layers: plots.Layers{plots.Line{X: x, Y: a, Fill: true, Markers: true}}}
}

func namedFields(fs map[string]plots.Picture) {
	sizes, kinds := []string{"1k", "10k", "100k", "1M", "10M"}, []string{"map", "sorted slice", "btree", "open addressing"}
	times := [][]time.Duration{{12e3, 15e3, 28e3, 61e3, 140e3}, {31e3, 52e3, 88e3, 150e3, 310e3}, {48e3, 70e3, 110e3, 170e3, 260e3}, {8e3, 9e3, 17e3, 55e3, 98e3}}
	fs["heat-names"] = plots.Figure{Title: "One lookup", X: plots.Axis{Label: "keys"}, Height: 3, Layers: plots.Layers{
		plots.Heat{Name: "time", Unit: "s", Z: seconds(times), Rows: kinds, Columns: sizes, Numbers: true}}}
	fs["heat-diverging"] = plots.Figure{Title: "Change against the last release", Height: 2.6, Layers: plots.Layers{
		plots.Heat{Name: "change", Unit: "%", Z: [][]float64{{-12.5, 3, 0, 8.25, -31}, {1.5, -0.2, 22, math.NaN(), -4}}, Rows: []string{"time", "bytes"},
			Columns: []string{"parse", "check", "link", "load", "run"}, Numbers: true, Diverging: true}}}
	fs["heat-waves"] = plots.Figure{X: plots.Axis{Limits: [2]float64{3.5, 21}}, Layers: plots.Layers{plots.Heat{Z: waves(24, 30), Diverging: true}}}
	fs["heat-offset"] = plots.Figure{Height: 2.5, Layers: plots.Layers{plots.Heat{Name: "time of day", Unit: "s", Z: [][]float64{{86400.0001, 86400.0002}, {86400.0003, 86400.0004}}, Numbers: true}}}
	fs["heat-huge"] = plots.Figure{Height: 2.5, Layers: plots.Layers{plots.Heat{Name: "ops", Z: [][]float64{{-3e17, 2e18}, {1e-3, 5e17}}, Rows: []string{"a", "b"}, Numbers: true}}}
	fs["heat-tiny"] = plots.Figure{Height: 2.5, Layers: plots.Layers{plots.Heat{Name: "rate", Z: [][]float64{{1e-12, 3e-12, 2e-12}}, Numbers: true}}}
	fs["heat-flat"] = plots.Figure{Height: 2.5, Layers: plots.Layers{plots.Heat{Name: "all one", Unit: "B", Z: [][]int{{5000, 5000}, {5000, 5000}}, Numbers: true}}}
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("core %d", i))
	}
	fs["heat-many"] = plots.Figure{Layers: plots.Layers{plots.Heat{Z: waves(40, 200), Rows: names}}, Height: 3}
}

func seconds(rows [][]time.Duration) [][]float64 {
	out := make([][]float64, len(rows))
	for i, row := range rows {
		for _, v := range row {
			out[i] = append(out[i], v.Seconds()/1e3)
		}
	}
	return out
}

// TestDivergingMap checks that both halves of the map grow evenly, equally
// light, within what sRGB holds.
func TestDivergingMap(t *testing.T) {
	for i := range 128 {
		below, above := diverging(float64(127-i)/255), diverging(float64(128+i)/255)
		if a, b := luminance(below), luminance(above); math.Abs(a-b) > 0.03 {
			t.Fatalf("step %d: luminance %.3f below zero and %.3f above", i, a, b)
		}
	}
	if c := diverging(0.5); c.R != c.G || c.G != c.B {
		t.Errorf("zero is %v", c)
	}
	if a := contrast(diverging(0), diverging(0.5)); a < 6 {
		t.Errorf("contrast %.1f between the end and zero", a)
	}
}

// sorting is a figure of times of two algorithms.
func sorting(title string, factor float64, layers ...plots.Layer) plots.Figure {
	n := []float64{1e3, 1e4, 1e5, 1e6}
	return plots.Figure{Title: title, X: plots.Axis{Label: "n", Log: true}, Y: plots.Axis{Label: "time", Unit: "s", Log: true},
		Layers: append(plots.Layers{
			plots.Line{Name: "slices.Sort", X: n, Y: scaled([]float64{2e-5, 3e-4, 4e-3, 5e-2}, factor), Markers: true},
			plots.Line{Name: "radix", X: n, Y: scaled([]float64{4e-5, 3e-4, 2.4e-3, 2.4e-2}, factor*factor), Markers: true},
		}, layers...)}
}

func grids(fs map[string]plots.Picture) {
	fs["grid"] = plots.Grid{Title: "Sorting, by the order of the input", ShareX: true, ShareY: true, Panels: []plots.Figure{
		sorting("random", 1, plots.Rule{Y: 1e-2, Label: "a frame"}), sorting("sorted", 0.2), sorting("reversed", 0.3),
		sorting("few different values, as in a column of a table with flags", 0.5, plots.Line{Name: "book", X: []int{1000, 100000}, Y: []float64{1e-4, 1e-2}, Hollow: true}),
		sorting("nearly sorted", 0.1),
	}}
	bars := func(title string, names []string, values ...float64) plots.Figure {
		return plots.Figure{Title: title, Y: plots.Axis{Label: "allocated", Unit: "B"}, Layers: plots.Layers{plots.Bars{Labels: names, Values: values, Numbers: true}}}
	}
	fs["grid-own"] = plots.Grid{Columns: 2, Panels: []plots.Figure{
		bars("allocations", []string{"json", "gob", "proto"}, 3.2e6, 1.1e6, 4e5),
		{Title: "latency", X: plots.Axis{Label: "time", Unit: "s"}, Layers: plots.Layers{plots.Line{Name: "p50", Y: []float64{1, 2, 3, 2}}, plots.Line{Name: "p99", Y: []float64{110, 1200, 2222, 900}}}},
		{Title: "where", Layers: plots.Layers{plots.Heat{Z: waves(10, 12), Diverging: true, Name: "error"}}},
		{Title: "requests", X: plots.Axis{Label: "size", Unit: "B"}, Layers: plots.Layers{plots.Scatter{Name: "requests", X: []float64{1e3, 5e3, 9e3}, Y: []float64{3, 1, 2}}, plots.Rule{X: 5e3, Label: "page"}}},
	}}
	fs["grid-names"] = plots.Grid{ShareX: true, ShareY: true, Panels: []plots.Figure{
		bars("version 1", []string{"json", "gob", "proto"}, 3.2e6, 1.1e6, 4e5),
		bars("version 2", []string{"gob", "proto", "hand-written"}, 1e6, 3e5, 2e5),
		bars("version 3", []string{"proto"}, 2.5e5),
	}}
	heat := func(title string, by float64) plots.Figure {
		z := waves(20, 24)
		for _, row := range z {
			for i := range row {
				row[i] *= by
			}
		}
		return plots.Figure{Title: title, X: plots.Axis{Label: "x", Unit: "m"}, Y: plots.Axis{Label: "y", Unit: "m"}, Layers: plots.Layers{plots.Heat{Name: "height", Unit: "m", Z: z}}}
	}
	fs["grid-colors"] = plots.Grid{Title: "A wave dies down", ShareX: true, ShareY: true, ShareColor: true, Notes: []string{"computed with a step of 1 ms"},
		Panels: []plots.Figure{heat("0 s", 1), heat("1 s", 0.6), heat("2 s", 0.25), heat("3 s", 0.1), heat("4 s", 0.05), heat("5 s", 0.01)}}
}

// TestPanelsAlign checks that the data areas of a grid stand in rows and
// columns to a hundredth of a point, whatever the labels beside them need.
func TestPanelsAlign(t *testing.T) {
	all := map[string]plots.Picture{}
	grids(all)
	for name, g := range all {
		d := encode(t, g)
		c := newSVGCanvas(vg.Length(d.Width)*vg.Inch, vg.Length(d.Height)*vg.Inch, adaptive())
		m := &multiples{sheet: &sheet{data: d, theme: adaptive(), canvas: draw.New(c)}, data: d.Grid}
		if err := m.draw(draw.Crop(m.canvas, margin, -margin, margin, -margin)); err != nil {
			t.Fatal(err)
		}
		for i, p := range m.panels {
			column, row := m.panels[i%m.columns], m.panels[i/m.columns*m.columns]
			for _, off := range []vg.Length{
				p.inner.Min.X - column.inner.Min.X, p.inner.Max.X - column.inner.Max.X,
				p.inner.Min.Y - row.inner.Min.Y, p.inner.Max.Y - row.inner.Max.Y,
			} {
				if math.Abs(float64(off)) > 0.01 {
					t.Errorf("%s, panel %d is %v off", name, i+1, off)
				}
			}
			if p.inner.Max.X > m.canvas.Max.X || p.inner.Min.Y < m.canvas.Min.Y {
				t.Errorf("%s, panel %d reaches out of the picture: %v", name, i+1, p.inner.Rectangle)
			}
		}
	}
}

func tables(fs map[string]plots.Picture) {
	names := []string{"map", "sorted slice", "btree", "open addressing"}
	fs["table"] = plots.Figure{Title: "One lookup among a million", Table: true, X: plots.Axis{Label: "container"}, Y: plots.Axis{Label: "time", Unit: "s"}, Layers: plots.Layers{
		plots.Bars{Name: "hit", Labels: names, Values: []float64{61e-9, 150e-9, 170e-9, 55e-9}},
		plots.Bars{Name: "miss", Labels: names, Values: []float64{42e-9, 148e-9, 169e-9, 31e-9}},
		plots.Bars{Name: "book", Labels: names[:3], Values: []float64{70e-9, 180e-9, 210e-9}, Hollow: true},
	}}
	sorted := sorting("Sorting", 1, plots.Rule{Y: 1e-2, Label: "a frame"})
	sorted.Table = true
	fs["table-numbers"] = sorted
	long := plots.Figure{Table: true, Width: 3.4, X: plots.Axis{Label: "time since the start", Unit: "s"}, Y: plots.Axis{Label: "heap", Unit: "B"}}
	var y []float64
	for i := range 40 {
		y = append(y, 1e6*(2+math.Sin(float64(i)/3)))
	}
	long.Layers = plots.Layers{plots.Line{Y: y}, plots.Line{Name: "a name that is far longer than what a table has room for", Y: scaled(y, 0.5)}}
	fs["table-narrow"] = long
	var many []string
	var values []float64
	for i := range 14 {
		many, values = append(many, fmt.Sprintf("package number %d", i)), append(values, float64(3+i*i%11)*1e5)
	}
	fs["table-many"] = plots.Figure{Table: true, Y: plots.Axis{Label: "size", Unit: "B"}, Layers: plots.Layers{plots.Bars{Labels: many, Values: values}}}
	fs["table-flat"] = plots.Figure{Table: true, X: plots.Axis{Label: "size", Unit: "B"}, Layers: plots.Layers{
		plots.Bars{Name: "text", Labels: []string{"worker", "kernel"}, Values: []float64{3e6, 8e6}, Horizontal: true, Stacked: true},
		plots.Bars{Name: "data", Labels: []string{"worker", "kernel"}, Values: []float64{1e6, 2.5e6}, Horizontal: true, Stacked: true}}}
}

func TestForeignLayouts(t *testing.T) {
	fs := layoutFigures()
	for name, spoil := range map[string]func() plots.Data{
		"no mark":     func() plots.Data { d := encode(t, fs["marks"]); d.Layers[2].Mark = nil; return d },
		"mark":        func() plots.Data { d := encode(t, fs["marks"]); d.Layers[2].Mark.X1 = math.Inf(1); return d },
		"mark kind":   func() plots.Data { d := encode(t, fs["marks"]); d.Layers[2].Mark.Kind = "halo"; return d },
		"mark colour": func() plots.Data { d := encode(t, fs["marks"]); d.Layers[2].Mark.Coloured = true; return d },
		"base":        func() plots.Data { d := encode(t, fs["stacked"]); d.Layers[0].Base = d.Layers[0].Base[1:]; return d },
		"series":      func() plots.Data { d := encode(t, fs["stacked"]); d.Layers[0].Series = -1; return d },
		"no panels":   func() plots.Data { d := encode(t, fs["grid"]); d.Grid.Panels = nil; return d },
		"panel":       func() plots.Data { d := encode(t, fs["grid"]); d.Grid.Panels[1].X.Min = math.NaN(); return d },
		"grid inside": func() plots.Data { d := encode(t, fs["grid"]); d.Grid.Panels[1].Grid = &plots.GridData{}; return d },
		"tiny panels": func() plots.Data { d := encode(t, fs["grid"]); d.Width, d.Height = 1, 1; return d },
		"cells":       func() plots.Data { d := encode(t, fs["table"]); d.Table.Rows[0].Cells = nil; return d },
		"no columns":  func() plots.Data { d := encode(t, fs["table"]); d.Table = &plots.TableData{}; return d },
	} {
		_, err := SVG(spoil())
		if err == nil || strings.Contains(err.Error(), "panic") {
			t.Errorf("%s: %v", name, err)
		}
	}
	// Odd, but drawable.
	for name, change := range map[string]func() plots.Data{
		"columns":      func() plots.Data { d := encode(t, fs["grid"]); d.Grid.Columns = -3; d.Height = 20; return d },
		"many labels":  manyLabels,
		"stray values": func() plots.Data { d := encode(t, fs["heat-names"]); d.Layers[0].Heat.Cols = 1 << 40; return d },
		"no row":       func() plots.Data { d := encode(t, fs["table"]); d.Table.Rows[0].Series = 99; return d },
	} {
		svg, err := SVG(change())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		parses(t, svg)
	}
}

// manyLabels is a figure with more labels than there is room above the axes.
func manyLabels() plots.Data {
	f := plots.Figure{Layers: plots.Layers{plots.Line{Y: []int{1, 2, 3}}}}
	for i := range 60 {
		f.Layers = append(f.Layers, plots.Rule{X: float64(i) / 60, Label: fmt.Sprintf("a label of number %d", i)},
			plots.Rule{Y: 1 + float64(i)/60, Label: "level"}, plots.Span{X: [2]float64{0, float64(i)}, Depth: i, Label: "deep"})
	}
	d, err := f.Encode()
	if err != nil {
		panic(err)
	}
	return d
}

// narrow are figures as wide as a phone, and with more than usual in them.
func narrow(fs map[string]plots.Picture) {
	var names []string
	var values []float64
	for i := range 24 {
		names = append(names, fmt.Sprintf("github.com/someone/module/internal/pkg%d.(*Decoder).Decode", i))
		values = append(values, 1e6*math.Sin(float64(i)))
	}
	fs["narrow-names"] = plots.Figure{Width: 3, X: plots.Axis{Label: "change", Unit: "B"}, Layers: plots.Layers{plots.Bars{Labels: names, Values: values, Horizontal: true, Numbers: true}}}
	fs["narrow-turned"] = plots.Figure{Width: 3, Height: 3, Y: plots.Axis{Unit: "B"}, Layers: plots.Layers{plots.Bars{Labels: names[:9], Values: values[:9], Numbers: true}}}
	fs["narrow-grouped"] = plots.Figure{Width: 3, Height: 3, Y: plots.Axis{Unit: "B"}, Layers: plots.Layers{
		plots.Bars{Name: "version one, as it was", Values: values[:4], Numbers: true}, plots.Bars{Name: "version two, as it is now", Values: values[3:7], Numbers: true}}}
	fs["narrow-log"] = plots.Figure{Width: 3, Height: 2.4, X: plots.Axis{Log: true, Label: "n"}, Y: plots.Axis{Log: true, Unit: "s"}, Layers: plots.Layers{
		plots.Line{X: []float64{1.2, 1.6, 1.9}, Y: []float64{3e-6, 3.4e-6, 4e-6}, Markers: true},
		plots.Rule{X: 1.55, Label: "a label that is longer than half of the axis"}, plots.Rule{Y: 3.5e-6, Label: "another label, also longer than half of the axis"}}}
}

func TestShortNames(t *testing.T) {
	for _, tt := range []struct{ names, want []string }{
		{[]string{"short", "also short"}, []string{"short", "also short"}},
		{[]string{"rather a long name", "another long name"}, []string{"rather a l…", "another lo…"}},
		{[]string{"example.com/a/pkg.One", "example.com/a/pkg.Two"}, []string{"…One", "…Two"}},
		{[]string{"example.com/a/pkg.One", "main.f"}, []string{"example.co…", "main.f"}},
		{[]string{"a/b/very long name one", "a/b/very long name two", "a/c"}, []string{"a/b…ame one", "a/b…ame two", "a/c"}},
		{[]string{"the same of them", "the same of them"}, []string{"the same o…", "the same o…"}},
		{nil, []string{}},
	} {
		if got := shortNames(tt.names, 11); !slices.Equal(got, tt.want) {
			t.Errorf("%q: %q", tt.names, got)
		}
	}
}

// FuzzLayout draws grids, tables and annotations of what a user may hand over.
func FuzzLayout(f *testing.F) {
	f.Add(1.0, 2.0, 3.0, uint16(0), "name")
	f.Add(-1e300, 1e300, 5e-324, uint16(0x1ff), "<&>\x00 a longer name")
	f.Add(1.0, 1.0000000000000002, 1e16, uint16(0x2a), "")
	f.Fuzz(func(t *testing.T, a, b, c float64, bits uint16, name string) {
		on := func(k int) bool { return bits>>k&1 == 1 }
		x, y := []float64{a, b, c}, []float64{c, a, b}
		one := plots.Figure{Title: name, Table: !on(0), X: plots.Axis{Log: on(1), Label: name}, Y: plots.Axis{Log: on(2), Unit: name}, Layers: plots.Layers{
			plots.Line{Name: name, X: x, Y: y, Fill: on(3), Stacked: on(4), Step: on(5)},
			plots.Line{X: x, Y: x, Stacked: on(4), Step: on(5)},
			plots.Rule{X: a, Label: name}, plots.Rule{Y: b, Label: name}, plots.Span{X: [2]float64{a, b}, Label: name, Depth: int(bits >> 12)},
			plots.Span{Y: x[1:], Label: name}, plots.Peak{X: b, Y: c, Label: name}, plots.Text{X: c, Y: a, Text: name + "."},
		}}
		two := plots.Figure{Layers: plots.Layers{
			plots.Bars{Name: name, Labels: []string{name, name + "b", "c"}, Values: y, Stacked: on(6), Numbers: on(7), Horizontal: on(8)},
			plots.Bars{Labels: []string{"c", name}, Values: x[:2], Stacked: on(6), Numbers: true, Horizontal: on(8), Low: x[1:], High: y[:2]},
		}}
		three := plots.Figure{Layers: plots.Layers{plots.Heat{Z: [][]float64{x, y}, Rows: []string{name, name + "2"}, Numbers: true, Diverging: on(9), Range: [2]float64{a, c}}}}
		grid := plots.Grid{Panels: []plots.Figure{three, two, three}, ShareX: on(10), ShareY: on(11), ShareColor: on(12)}
		if on(0) {
			grid.Panels[0] = one
		}
		for _, p := range []plots.Picture{one, two, three, grid} {
			d, err := p.Encode()
			if err != nil {
				continue
			}
			_ = d.Summary()
			svg, err := SVG(d)
			if err != nil {
				if !strings.Contains(err.Error(), "too small for its labels") {
					t.Fatalf("%v: %+v", err, d)
				}
				continue
			}
			parses(t, svg)
		}
	})
}
