package plots

import (
	"image"
	"math"
	"strings"
	"testing"
	"time"
)

// refused encodes figures that must be errors.
func refused(t *testing.T, figures map[string]Figure) {
	t.Helper()
	for want, f := range figures {
		if _, err := f.Encode(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestAxesBeyondFloats(t *testing.T) {
	refused(t, map[string]Figure{
		"the y axis from 0 to 1.7976931348623157e+308 is too long to draw": {Y: Axis{Limits: [2]float64{0, 5}},
			Layers: Layers{Violin{Values: []float64{math.MaxFloat64, 0}}}},
		"the y axis from 1.7e+308 to 1.7976931348623157e+308 is too long to draw": {Layers: Layers{Line{Y: []float64{math.MaxFloat64, 1.7e308}}}},
		"limits 0 to 1e+308 of the y axis can't be drawn":                         {Y: Axis{Limits: [2]float64{0, 1e308}}, Layers: Layers{Line{Y: []float64{1}}}},
	})
}

func TestBarsStartAtZero(t *testing.T) {
	cut := Axis{Limits: [2]float64{100, 90}}
	refused(t, map[string]Figure{
		`bars "b": bars start at zero, which Limits 90 to 100 leave out; widen them`: {Y: cut, Layers: Layers{Bars{Name: "b", Values: map[string]int{"a": 95}}}},
		"bars: bars start at zero":                        {X: cut, Layers: Layers{Bars{Horizontal: true, Values: map[string]int{"a": 95}}}},
		"bars: bars start at zero, which Limits -2 to -1": {Y: Axis{Limits: [2]float64{-2, -1}}, Layers: Layers{Bars{Values: map[string]int{"a": 95}}}},
	})
	for _, lo := range []float64{0, -5} {
		if _, err := (Figure{Y: Axis{Limits: [2]float64{lo, 100}}, Layers: Layers{Bars{Values: []int{95}}}}).Encode(); err != nil {
			t.Error(err)
		}
	}
}

func TestBandsHoldTheirValues(t *testing.T) {
	refused(t, map[string]Figure{
		`bars "b": Low is above High at value 2: 5 and 3`:   {Layers: Layers{Bars{Name: "b", Values: []int{3, 4}, Low: []int{2, 5}, High: []int{5, 3}}}},
		"line: Low is above High at value 1: 2 s and 1.5 s": {Layers: Layers{Line{Y: []time.Duration{1}, Low: []time.Duration{2e9}, High: []time.Duration{15e8}}}},
	})
	noted(t, map[string]Figure{
		"bars: 1 of 2 values is not between their Low and High, which are ends and not distances": {
			Layers: Layers{Bars{Values: []int{3, 4}, Low: []int{5, 3}, High: []int{6, 5}}}},
		"line: 1 of 3 values is NaN or infinite and left out\nline: 2 of 3 values are not between their Low and High, which are ends and not distances": {
			Layers: Layers{Line{Y: []float64{3, 4, math.NaN()}, Low: []int{1, 1, 1}, High: []int{2, 2, 2}}}},
	})
	noted(t, map[string]Figure{"": {Layers: Layers{
		Bars{Stacked: true, Values: []int{3, 4}}, Bars{Stacked: true, Values: []int{1, 1}, Low: []int{4, 4}, High: []int{4, 6}}}}})
}

// noted encodes figures that must have the notes, one on each line.
func noted(t *testing.T, figures map[string]Figure) {
	t.Helper()
	for want, f := range figures {
		d, err := f.Encode()
		if err != nil {
			t.Errorf("%v, want the note %s", err, want)
		} else if got := strings.Join(d.Notes, "\n"); got != want {
			t.Errorf("notes %q, want %q", got, want)
		}
	}
}

func TestLimitsSayWhatTheyLeaveOut(t *testing.T) {
	low, far := Axis{Limits: [2]float64{0, 2.5}}, Axis{Limits: [2]float64{100, 200}}
	many := make([]float64, 3000)
	for i := range many {
		many[i] = float64(i)
	}
	noted(t, map[string]Figure{
		`line "a": 3 of 3 values lie outside the limits`:        {X: far, Layers: Layers{Line{Name: "a", Y: []int{1, 2, 3}}}},
		"scatter: 1 of 4 values lies outside the limits":        {Y: low, Layers: Layers{Scatter{Y: []float64{1, 2, 3, 2.5}}}},
		"scatter: 2,959 of 3,000 values lie outside the limits": {X: Axis{Limits: [2]float64{0, 40}}, Layers: Layers{Scatter{Y: many}}},
		"bars: 2 of 3 bars are cut by the limits":               {Y: low, Layers: Layers{Bars{Values: []int{3, 2, 2}, Low: []int{2, 1, 1}, High: []int{4, 3, 2}}}},
		"bars: 1 of 1 bar is cut by the limits":                 {X: low, Layers: Layers{Bars{Horizontal: true, Values: []int{3}}}},
		"bins: 1 of 2 bars is cut by the limits":                {Y: low, Layers: Layers{Hist{Values: []int{1, 1, 1, 2}}}},
		"box: 1 of 2 boxes is cut by the limits":                {Y: low, Layers: Layers{Box{Values: map[string][]float64{"a": {1, 2}, "b": {1, 1, 1, 1, 1, 9}}}}},
		"strip: 1 of 2 values lies outside the limits":          {Y: low, Layers: Layers{Strip{Values: []float64{1, 5}}}},
		"image: parts lie outside the limits":                   {X: low, Layers: Layers{Image{Image: image.NewGray(image.Rect(0, 0, 4, 2))}}},
		"": {X: Axis{Limits: [2]float64{0, 2}}, Y: Axis{Limits: [2]float64{0, 9}}, Layers: Layers{
			Line{Y: []float64{1, 3}}, Scatter{Y: []int{1, 2, 3}, Fit: true}}},
	})
}

func TestWholeNumbersHaveWholeAxes(t *testing.T) {
	for _, tt := range []struct {
		name  string
		layer Layer
		x, y  bool
	}{
		{"index", Line{Y: []float64{0.5, 2}}, true, false},
		{"values", Line{X: []float64{0.5, 2}, Y: []int{1, 9}}, false, true},
		{"bars", Bars{Values: []int{1, 2, 3}}, false, true},
		{"flat bars", Bars{Values: []int{1, 2, 3}, Horizontal: true}, true, false},
		{"bars of fractions", Bars{Values: []float64{1, 2.5, 3}}, false, false},
		{"numbered bars", Bars{Labels: []int{1, 2}, Values: []int{1, 2}}, true, true},
		{"histogram", Hist{Values: []int{1, 2, 2}}, true, true},
		{"histogram of fractions", Hist{Values: []float64{1, 2.5, 3}}, false, true},
		{"durations", Line{X: []time.Duration{1e9, 2e9}, Y: []int{1, 2}}, false, false},
	} {
		d, err := Figure{Layers: Layers{tt.layer}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if d.X.Whole != tt.x || d.Y.Whole != tt.y {
			t.Errorf("%s: whole x %v, whole y %v", tt.name, d.X.Whole, d.Y.Whole)
		}
	}
}

func TestFewWholeNumbersHaveBinsOfTheirOwn(t *testing.T) {
	for _, tt := range []struct {
		values []int
		bins   int
	}{{[]int{1, 1, 2, 3, 3, 3, 6}, 6}, {[]int{0, 23}, 24}, {[]int{0, 500, 1000}, 3}, {[]int{5, 5}, 1}} {
		d, err := Figure{Layers: Layers{Hist{Values: tt.values}}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if n := len(d.Layers[0].Y); n != tt.bins {
			t.Errorf("%d bins of %v, want %d", n, tt.values, tt.bins)
		}
	}
}

func TestBarsAtNumbers(t *testing.T) {
	refused(t, map[string]Figure{`bars: the label 10 comes twice`: {Layers: Layers{Bars{Labels: []int{10, 2, 10}, Values: []int{1, 2, 3}}}}})
	for _, tt := range []struct {
		fig      Figure
		width    float64
		from, to float64
		text     string
	}{
		{Figure{Layers: Layers{Bars{Values: map[int]int{1: 5, 3: 6, 10: 3}}}}, 2, 0, 11, "  1  "},
		{Figure{Layers: Layers{Bars{Values: map[time.Duration]int{1e6: 5, 2e6: 6}}}}, 0.001, 0.0005, 0.0025, "  2 ms █"},
		{Figure{Layers: Layers{Bars{Labels: []float64{0.1, 0.2, 0.3}, Values: []int{1, 2, 3}}, Bars{Labels: []float64{0.1 + 0.2}, Values: []int{1}}}}, 0.1, 0.05, 0.35, "  0.2"},
		{Figure{Layers: Layers{Bars{Labels: []int{7}, Values: []int{5}}}}, 1, 6.5, 7.5, "  7 █"},
		{Figure{X: Axis{Log: true}, Layers: Layers{Bars{Labels: []int{10, 100, 10000}, Values: []int{5, 6, 7}}}}, 1, math.Sqrt(10), 1e4 * math.Sqrt(10), "  100 █"},
		{Figure{Y: Axis{Log: true}, Layers: Layers{Bars{Horizontal: true, Labels: []int{10, 100}, Values: []int{5, 6}}}}, 1, math.Sqrt(10), 100 * math.Sqrt(10), "  10  █"},
	} {
		d, err := tt.fig.Encode()
		if err != nil {
			t.Fatal(err)
		}
		axis := d.X
		if d.Layers[0].Flat {
			axis = d.Y
		}
		near := func(a, b float64) bool { return math.Abs(a-b) < 1e-9*b }
		if w := d.Layers[0].Width; math.Abs(w-tt.width) > 1e-9 || axis.Min > tt.from && !near(axis.Min, tt.from) || !near(axis.Max, tt.to) {
			t.Errorf("width %v, axis from %v to %v; want %v, %v to %v", w, axis.Min, axis.Max, tt.width, tt.from, tt.to)
		}
		if text := d.Summary(); !strings.Contains(text, tt.text) {
			t.Errorf("no %q in\n%s", tt.text, text)
		}
	}
}

func TestAltSaysHowLinesGo(t *testing.T) {
	for want, f := range map[string]Figure{
		"line, 3 values of time from 1 s to 9 s over n 10 to 1k, rising throughout": {X: Axis{Label: "n", Log: true}, Y: Axis{Label: "time", Unit: "s"},
			Layers: Layers{Line{X: []int{10, 100, 1000}, Y: []int{1, 4, 9}}}},
		"line a, 4 values from 1 to 9 over x 0 to 3, least at 2, greatest at 1": {Layers: Layers{Line{Name: "a", Y: []int{4, 9, 1, 6}}}},
		"line, 2 values from 1 to 3 over x mon to tue, falling throughout":      {Layers: Layers{Line{X: []string{"mon", "tue"}, Y: []int{3, 1}}}},
		"scatter, 4 values from 0 to 5 over x 1 to 4, rising on the whole":      {Layers: Layers{Scatter{X: []int{2, 1, 3, 4}, Y: []int{2, 0, 3, 5}}}},
		"scatter, 4 values from 0 to 4 over x 1 to 4, falling on the whole":     {Layers: Layers{Scatter{X: []int{1, 2, 3, 4}, Y: []int{3, 4, 1, 0}}}},
		"line, 2 values from 1 to 1 over x 0 to 1, all equal":                   {Layers: Layers{Line{Y: []int{1, 1}}}},
		"scatter, 2 values from 1 to 2 at x 5":                                  {Layers: Layers{Scatter{X: []int{5, 5}, Y: []int{1, 2}}}},
	} {
		d, err := f.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if d.Alt != want {
			t.Errorf("alt %q, want %q", d.Alt, want)
		}
	}
}
