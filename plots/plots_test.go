package plots

import (
	"encoding/json"
	"flag"
	"image"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite golden files")

type trial struct {
	N     int
	Took  time.Duration
	Name  string
	Notes []string
}

func trials() []trial {
	return []trial{{10, time.Millisecond, "a", nil}, {100, 12 * time.Millisecond, "b", nil}, {1000, 150 * time.Millisecond, "c", nil}}
}

func TestBadInputNamesTheSeries(t *testing.T) {
	nan := math.NaN()
	tests := []struct {
		name string
		fig  Figure
		want string
	}{
		{"no layers", Figure{}, "the figure has no layers"},
		{"nil layer", Figure{Layers: Layers{nil}}, "layer 1 is nil"},
		{"nil pointer", Figure{Layers: Layers{(*Line)(nil)}}, "layer 1 is nil"},
		{"flat pointer", Figure{Layers: Layers{&Bars{Horizontal: true, Values: []int{1}}, Bars{Values: []int{1}}}}, "horizontal layers can't share a figure with upright ones"},
		{"lengths", Figure{Layers: Layers{Line{Name: "a", X: []int{1, 2}, Y: []int{1}}}}, `line "a": X has 2 values and Y has 1`},
		{"empty", Figure{Layers: Layers{Scatter{Name: "a", Y: []float64{}}}}, `scatter "a": it has no values`},
		{"nil", Figure{Layers: Layers{Line{}}}, "line: Y is nil, not a slice of numbers"},
		{"a number", Figure{Layers: Layers{Line{Y: 3}}}, "line: Y is int, not a slice of numbers"},
		{"names as y", Figure{Layers: Layers{Line{Y: []string{"a"}}}}, "line: Y holds names, which are no numbers"},
		{"structs", Figure{Layers: Layers{Line{Y: trials()}}}, "line: Y holds plots.trial, which is no number"},
		{"no field", Figure{Layers: Layers{Line{Data: trials(), X: "N", Y: "Tok"}}}, "line: Y plots.trial has no field Tok"},
		{"no numbers in field", Figure{Layers: Layers{Line{Data: trials(), X: "N", Y: "Notes"}}}, "line: Y holds []string, which is no number"},
		{"data of ints", Figure{Layers: Layers{Line{Data: []int{1}, Y: "N"}}}, "line: Y Data is []int, not a slice of structs"},
		{"all nan", Figure{Layers: Layers{Line{Name: "x", Y: []float64{nan, math.Inf(1)}}}}, `line "x": all of its 2 values are NaN or infinite`},
		{"log of zero", Figure{Y: Axis{Log: true}, Layers: Layers{Line{Name: "x", X: []int{1, 2}, Y: []int{0, -3}}}}, `line "x": none of its 2 values is above zero, as a log axis needs`},
		{"log bars", Figure{Y: Axis{Log: true}, Layers: Layers{Bars{Name: "b", Values: []int{1, 2}}}}, `bars "b": bars start at zero and can't have a log axis`},
		{"half a band", Figure{Layers: Layers{Line{Y: []int{1}, Low: []int{0}}}}, "line: Low and High come together"},
		{"short band", Figure{Layers: Layers{Line{Y: []int{1, 2}, Low: []int{0}, High: []int{2, 3}}}}, "line: Y has 2 values, Low has 1 and High has 2"},
		{"units", Figure{Layers: Layers{Line{Y: []int{1}}, Line{Name: "d", Y: []time.Duration{1}}}}, `line "d": durations and plain numbers share the y axis`},
		{"other unit", Figure{Y: Axis{Unit: "ms"}, Layers: Layers{Line{Y: []time.Duration{1}}}}, `durations are drawn in seconds, but the y axis has the unit "ms"`},
		{"names and numbers", Figure{Layers: Layers{Bars{Labels: []string{"a"}, Values: []int{1}}, Line{Y: []int{1}}}}, "line: names and numbers can't share an axis"},
		{"label twice", Figure{Layers: Layers{Bars{Labels: []string{"a", "a"}, Values: []int{1, 2}}}}, `bars: the label "a" comes twice`},
		{"map with x", Figure{Layers: Layers{Bars{Labels: []string{"a"}, Values: map[string]int{"a": 1}}}}, "bars: Y is a map, which brings its own X"},
		{"flat and upright", Figure{Layers: Layers{Bars{Horizontal: true, Values: []int{1}}, Bars{Values: []int{1}}}}, "horizontal layers can't share a figure with upright ones"},
		{"ragged", Figure{Layers: Layers{Heat{Name: "h", Z: [][]float64{{1}, {1, 2}}}}}, `heat map "h": row 1 has 2 values and row 0 has 1`},
		{"no field of numbers", Figure{Layers: Layers{Heat{Z: []int{1}}}}, "heat map: Z is []int, not rows of numbers"},
		{"empty heat", Figure{Layers: Layers{Heat{Z: [][]float64{}}}}, "heat map: Z has no values"},
		{"nan heat", Figure{Layers: Layers{Heat{Z: [][]float64{{nan}}}}}, "heat map: none of its 1 value can be drawn"},
		{"no image", Figure{Layers: Layers{Image{}}}, "image: Image is nil"},
		{"huge image", Figure{Layers: Layers{Image{Image: image.NewUniform(image.Black)}}}, "image: 2000000000 x 2000000000 pixels can't be shown"},
		{"backwards", Figure{Layers: Layers{Heat{Z: [][]float64{{1}}, X: [2]float64{2, 1}}}}, "heat map: it can't cover 2 to 1"},
		{"size", Figure{Width: 1e6, Layers: Layers{Line{Y: []int{1}}}}, "Width is 1e+06 inches"},
		{"limits", Figure{X: Axis{Log: true, Limits: [2]float64{0, 1}}, Layers: Layers{Line{X: []int{1}, Y: []int{1}}}}, "limits 0 to 1 of the x axis can't be drawn"},
		{"too long", Figure{Layers: Layers{Line{Y: []float64{-1.7e308, 1.7e308}}}}, "the y axis from -1.7e+308 to 1.7e+308 is too long to draw"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.fig.Encode()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %s", err, tt.want)
			}
			b := tt.fig.MIMEBundle()
			if text := b["text/plain"].(string); text != "plot error: "+err.Error() || b[MIME] != nil {
				t.Errorf("bundle %v", b)
			}
		})
	}
}

func TestGapsAreNoted(t *testing.T) {
	f := Figure{Y: Axis{Log: true}, Notes: []string{"mine"}, Layers: Layers{
		Line{Name: "a", Y: []float64{1, 0, math.NaN(), 4}, Low: []float64{0.5, 0, 0, 0}, High: []float64{2, 1, 1, 5}}}}
	d, err := f.Encode()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"mine", `line "a": the band reaches zero at x = 3 and is cut there on the log axis`,
		`line "a": 1 of 4 values is NaN or infinite and left out`,
		`line "a": 1 of 4 values is not above zero and left out on the log axis`}
	if strings.Join(d.Notes, "\n") != strings.Join(want, "\n") {
		t.Errorf("notes %q", d.Notes)
	}
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	var back Data
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if y := back.Layers[0].Y; len(y) != 4 || y[0] != 1 || !math.IsNaN(y[1]) || !math.IsNaN(y[2]) {
		t.Errorf("numbers after a round trip: %v", y)
	}
}

func TestInputs(t *testing.T) {
	tests := []struct {
		name       string
		layer      Layer
		x, y       []float64
		unit       string
		categories string
	}{
		{"index", Line{Y: []uint8{3, 4}}, []float64{0, 1}, []float64{3, 4}, "", ""},
		{"array", Line{Y: [2]float32{1, 2}}, []float64{0, 1}, []float64{1, 2}, "", ""},
		{"durations", Line{Y: []time.Duration{time.Second, time.Millisecond}}, []float64{0, 1}, []float64{1, 0.001}, "s", ""},
		{"any", Scatter{Y: []any{1, 2.5}}, []float64{0, 1}, []float64{1, 2.5}, "", ""},
		{"fields", Line{Data: trials(), X: "N", Y: "Took"}, []float64{10, 100, 1000}, []float64{0.001, 0.012, 0.15}, "s", ""},
		{"names as x", Line{Data: trials(), X: "Name", Y: "N"}, []float64{0, 1, 2}, []float64{10, 100, 1000}, "", "a b c"},
		{"map of numbers", Line{Y: map[int]float64{5: 2, 1: 3}}, []float64{1, 5}, []float64{3, 2}, "", ""},
		{"map of names", Bars{Values: map[string]int{"z": 1, "b": 2}}, []float64{0, 1}, []float64{2, 1}, "", "b z"},
		{"bare bars", Bars{Values: []int{7, 8}}, []float64{0, 1}, []float64{7, 8}, "", "1 2"},
		{"number labels", Bars{Labels: []int{10, 20}, Values: []int{7, 8}}, []float64{10, 20}, []float64{7, 8}, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := Figure{Layers: Layers{tt.layer}}.Encode()
			if err != nil {
				t.Fatal(err)
			}
			l := d.Layers[0]
			if !equal(l.X, tt.x) || !equal(l.Y, tt.y) || d.Y.Unit != tt.unit || strings.Join(d.X.Categories, " ") != tt.categories {
				t.Errorf("x %v, y %v, unit %q, categories %v", l.X, l.Y, d.Y.Unit, d.X.Categories)
			}
		})
	}
}

func equal(a, b []float64) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestEncodeLeavesDataAlone(t *testing.T) {
	y := []float64{1, math.Inf(1), -1}
	z := [][]float64{{1, math.Inf(-1)}}
	if _, err := (Figure{Layers: Layers{Line{Y: y}}}).Encode(); err != nil {
		t.Fatal(err)
	}
	if _, err := (Figure{Layers: Layers{Heat{Z: z}}}).Encode(); err != nil {
		t.Fatal(err)
	}
	if !math.IsInf(y[1], 1) || !math.IsInf(z[0][1], -1) {
		t.Error("the user's slices were changed")
	}
}

func TestThinningKeepsExtremes(t *testing.T) {
	n := 100_000
	y := make([]float64, n)
	for i := range y {
		y[i] = math.Sin(float64(i) / 50)
	}
	y[12_345], y[54_321], y[70_000] = 9, -9, math.NaN()
	d, err := Figure{Layers: Layers{Line{Name: "s", Y: y}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	l := d.Layers[0]
	r := rangeOf(l.Y)
	if r.min != -9 || r.max != 9 || len(l.X) > 4*lineColumns+2 || l.X[0] != 0 || l.X[len(l.X)-1] != float64(n-1) {
		t.Errorf("%d points from %v to %v", len(l.X), r.min, r.max)
	}
	gaps := 0
	for i := range l.X {
		if math.IsNaN(l.X[i]) {
			gaps++
		} else if i > 0 && l.X[i] <= l.X[i-1] {
			t.Fatalf("x goes back at %d", i)
		}
	}
	if gaps != 1 {
		t.Errorf("%d gaps", gaps)
	}
	if len(d.Notes) != 2 || !strings.HasPrefix(d.Notes[1], `line "s": of 100,000 points, drawn are the first`) {
		t.Errorf("notes %q", d.Notes)
	}
}

func TestSI(t *testing.T) {
	for _, tt := range []struct {
		v    float64
		unit string
		want string
	}{
		{0, "", "0"}, {0, "s", "0 s"}, {1, "", "1"}, {33219980, "", "33.2M"}, {1000, "", "1k"}, {999.9, "", "1k"},
		{999999, "", "1M"}, {-1500, "", "-1.5k"}, {0.00125, "s", "1.25 ms"}, {1.25e-9, "s", "1.25 ns"}, {120, "s", "120 s"},
		{86400, "s", "86400 s"}, {0.0012, "", "0.0012"}, {1e-7, "", "1e-07"}, {52e6, "B", "52 MB"}, {0.5, "B", "0.5 B"},
		{12.345, "%", "12.3%"}, {2.5, "×", "2.5×"}, {math.NaN(), "s", "NaN s"}, {math.Inf(1), "", "+Inf"}, {1e30, "", "1e+12E"},
		{0.9996, "s", "1 s"}, {9.999e-4, "s", "1 ms"}, {5e-324, "s", "4.94e-309 fs"},
	} {
		if got := SI(tt.v, tt.unit); got != tt.want {
			t.Errorf("SI(%v, %q) = %q, want %q", tt.v, tt.unit, got, tt.want)
		}
	}
}

func TestSummaries(t *testing.T) {
	var wave []float64
	for i := range 200 {
		wave = append(wave, math.Sin(float64(i)/10))
	}
	z := make([][]float64, 6)
	for r := range z {
		z[r] = make([]float64, 20)
		for c := range z[r] {
			z[r][c] = float64(r * c)
		}
	}
	z[5][19] = math.NaN()
	figures := []Figure{
		{Title: "wave", X: Axis{Label: "t", Unit: "s"}, Layers: Layers{Line{Name: "sin", Y: wave}, Line{Name: "flat", Y: []int{0, 0, 0}}}},
		{Layers: Layers{Line{Data: trials(), X: "N", Y: "Took"}}, X: Axis{Log: true}, Y: Axis{Log: true}},
		{Layers: Layers{Bars{Name: "sizes", Values: map[string]int{"alpha": 3, "beta": 12, "gamma": -1, "a long name that has to be cut somewhere": 7}}}},
		{Layers: Layers{Bars{Horizontal: true, Labels: []string{"x", "y"}, Values: []time.Duration{time.Second, 1500 * time.Millisecond}}}},
		{Layers: Layers{Heat{Name: "product", Z: z}}},
		{Title: "two\nlines", Layers: Layers{Image{Image: image.NewGray(image.Rect(0, 0, 3, 3))}}},
	}
	var b strings.Builder
	for _, f := range figures {
		b.WriteString(f.String() + "\n\n")
	}
	path := filepath.Join("testdata", "summaries.txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s differs (run with -update to accept):\n%s", path, b.String())
	}
}

func FuzzEncode(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4}, false, false, uint8(0))
	f.Add([]byte{0x7f, 0xf0, 0, 1}, true, true, uint8(1))
	f.Add([]byte{}, true, false, uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, logX, logY bool, kind uint8) {
		var x, y []float64
		for i := 0; i+1 < len(data); i += 2 {
			x = append(x, math.Float64frombits(uint64(data[i])<<56|uint64(data[i+1])<<48))
			y = append(y, float64(data[i])-float64(data[i+1]))
		}
		layers := Layers{Line{X: x, Y: y}, Scatter{X: y, Y: x}, Bars{Values: y}, Heat{Z: [][]float64{x, y}, Log: logX}}
		fig := Figure{X: Axis{Log: logX}, Y: Axis{Log: logY}, Layers: layers[kind%4 : kind%4+1]}
		d, err := fig.Encode()
		if err != nil {
			return
		}
		if _, err := json.Marshal(d); err != nil {
			t.Fatal(err)
		}
		if d.Summary() == "" || d.Alt == "" || !finite(d.X.Max-d.X.Min) || !finite(d.Y.Max-d.Y.Min) {
			t.Fatalf("summary %q, x %v, y %v", d.Summary(), d.X, d.Y)
		}
	})
}

func BenchmarkEncodeMillion(b *testing.B) {
	y := make([]float64, 1_000_000)
	for i := range y {
		y[i] = math.Sin(float64(i) / 1000)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := (Figure{Layers: Layers{Line{Y: y}}}).Encode(); err != nil {
			b.Fatal(err)
		}
	}
}

func TestPrefixesAndUnits(t *testing.T) {
	for _, c := range []struct {
		v    float64
		unit string
		want string
	}{
		{1500, "", "1.5k"}, {54_300, "µs", "54.3k µs"}, {1500, "B", "1.5 kB"}, {2e6, "B/s", "2 MB/s"}, {0.002, "s", "2 ms"}, {90, "min", "90 min"},
		{12_000, "rows", "12k rows"}, {0.5, "°C", "0.5 °C"}, {3.2e9, "Hz", "3.2 GHz"}, {12.5, "%", "12.5%"}, {2048, "KiB", "2.05k KiB"},
	} {
		if got := SI(c.v, c.unit); got != c.want {
			t.Errorf("SI(%v, %q) = %q, want %q", c.v, c.unit, got, c.want)
		}
	}
	years, ids := AxisData{Min: 1990, Max: 2026}, AxisData{Min: 1_000_001, Max: 1_000_009}
	if got := years.Say(2023); got != "2023" {
		t.Errorf("the year is %s", got)
	}
	if a, b := ids.Say(1_000_002), ids.Say(1_000_004); a == b {
		t.Errorf("two ids are both %s", a)
	}
}

func TestImagesKeepTheirShape(t *testing.T) {
	for _, c := range []struct{ w, h int }{{100, 100}, {300, 100}, {100, 300}} {
		d, err := Figure{Layers: Layers{Image{Image: image.NewGray(image.Rect(0, 0, c.w, c.h))}}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, want := (d.Height-belowImage)/(d.Width-besideImage), float64(c.h)/float64(c.w)
		if math.Abs(got/want-1) > 1e-9 || d.Width > 6.5 || d.Height > 5 {
			t.Errorf("%d x %d pixels are %.2f x %.2f inches", c.w, c.h, d.Width, d.Height)
		}
	}
}

func TestTextsOfFigures(t *testing.T) {
	spike := make([][]float64, 2000)
	for r := range spike {
		spike[r] = make([]float64, 2000)
	}
	spike[1000][1000] = 1000
	for _, c := range []struct {
		figure Figure
		want   string
	}{
		{Figure{Layers: Layers{Heat{Z: [][]float64{{1, 2}, {3, 4}}, Range: [2]float64{0, 400}}}}, "heat of 2 by 2 values from 1 to 4"},
		{Figure{Layers: Layers{Heat{Z: spike}}}, "the greatest value, 1k, is averaged to at most 250"},
		{Figure{Title: "a\x1b[2Jb\x00"}, "a�[2Jb�"},
		{Figure{Layers: Layers{Bars{Name: "a", Values: []int{4}}, Bars{Name: "b", Values: []int{1}}}}, "███████▌                       1"},
	} {
		if c.figure.Layers == nil {
			c.figure.Layers = Layers{Line{Y: []int{1, 2}}}
		}
		if got := c.figure.String(); !strings.Contains(got, c.want) {
			t.Errorf("%q is not in\n%s", c.want, got)
		}
	}
}
