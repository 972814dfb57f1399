package plots

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
)

func TestBadStatisticsNameTheLayer(t *testing.T) {
	nan := math.NaN()
	rows := []measured{{Kind: "a", Took: 1}}
	log := Axis{Log: true}
	tests := []struct {
		name string
		fig  Figure
		want string
	}{
		{"hist of nothing", Figure{Layers: Layers{Hist{Name: "h"}}}, `hist "h": Values is nil, not a slice of numbers`},
		{"empty hist", Figure{Layers: Layers{Hist{Name: "h", Values: []int{}}}}, `hist "h": it has no values`},
		{"hist of names", Figure{Layers: Layers{Hist{Values: []string{"a"}}}}, "hist: Values holds names, which are no numbers"},
		{"hist of a map", Figure{Layers: Layers{Hist{Values: map[string]int{"a": 1}}}}, "hist: Values is map[string]int, not a slice of numbers; Box"},
		{"hist of NaN", Figure{Layers: Layers{Hist{Values: []float64{nan}}}}, "hist: all of its 1 values are NaN or infinite"},
		{"log hist below zero", Figure{X: log, Layers: Layers{Hist{Values: []int{-1, 0}}}}, "hist: none of its 2 values is above zero, as a log axis needs"},
		{"bins", Figure{Layers: Layers{Hist{Bins: -1, Values: []int{1}}}}, "hist: Bins is -1; it must be 1 to 2000, or 0 to choose"},
		{"bins that differ", Figure{Layers: Layers{Hist{Name: "a", Bins: 3, Values: []int{1}}, Hist{Name: "b", Bins: 4, Values: []int{1}}}}, `hist "b": Bins is 4, but hist "a" has 3`},
		{"counts and densities", Figure{Layers: Layers{Hist{Name: "a", Values: []int{1}}, Hist{Name: "b", Density: true, Values: []int{1}}}}, `hist "b": counts and densities can't share an axis; set Density for all`},
		{"outside", Figure{X: Axis{Limits: [2]float64{5, 6}}, Layers: Layers{Hist{Values: []int{1}}}}, "hist: none of its 1 values lies within the limits of the x axis"},
		{"percentile", Figure{Layers: Layers{Hist{Percentiles: []float64{101}, Values: []int{1}}}}, "hist: percentile 101; percentiles are 0 to 100"},
		{"no percentile", Figure{Layers: Layers{Density{Percentiles: []float64{nan}, Values: []int{1, 2}}}}, "density: percentile NaN"},
		{"hist units", Figure{Layers: Layers{Hist{Values: []int{1}}, Hist{Name: "d", Values: []time.Duration{1}}}}, `hist "d": durations and plain numbers share the x axis`},
		{"long hist", Figure{Layers: Layers{Hist{Values: []float64{-1.7e308, 1.7e308}}}}, "the x axis from -1.7e+308 to 1.7e+308 is too long to draw"},
		{"hist over names", Figure{Layers: Layers{Bars{Values: map[string]int{"a": 1}}, Hist{Values: []int{1}}}}, "hist: names and numbers can't share an axis"},
		{"bandwidth", Figure{Layers: Layers{Density{Bandwidth: -1, Values: []int{1, 2}}}}, "density: Bandwidth is -1"},
		{"box of nothing", Figure{Layers: Layers{Box{Name: "b"}}}, `box "b": Values of group "b" is nil, not a slice of numbers`},
		{"empty map", Figure{Layers: Layers{Strip{Values: map[string][]int{}}}}, "strip: it has no groups"},
		{"empty groups", Figure{Layers: Layers{Violin{Values: [][]int{{}, {}}}}}, "violin: it has no values"},
		{"box of numbers by name", Figure{Layers: Layers{Box{Values: map[string]int{"a": 1}}}}, "box: Values is map[string]int, not a map from names to slices"},
		{"box of names", Figure{Layers: Layers{Box{Values: []string{"a"}}}}, "box: Values holds names, which are no numbers"},
		{"group of structs", Figure{Layers: Layers{Box{Values: [][]measured{rows}}}}, `box: Values of group "" holds plots.measured, which is no number`},
		{"labels", Figure{Layers: Layers{Box{Values: [][]int{{1}, {2}}, Labels: []string{"a"}}}}, "box: Labels has 1 values and Values has 2 groups"},
		{"labels twice", Figure{Layers: Layers{Box{Values: [][]int{{1}, {2}}, Labels: []string{"a", "a"}}}}, `box: the group "a" comes twice`},
		{"labels of a map", Figure{Layers: Layers{Box{Values: map[string][]int{"a": {1}}, Labels: []string{"a"}}}}, "box: Values is a map, which brings its own Labels"},
		{"group without data", Figure{Layers: Layers{Box{Values: []int{1}, Group: "Kind"}}}, "box: Group is the name of a field, and there is no Data"},
		{"no such group", Figure{Layers: Layers{Box{Data: rows, Values: "Took", Group: "Sort"}}}, "box: Group plots.measured has no field Sort"},
		{"no such field", Figure{Layers: Layers{Box{Data: rows, Values: "Tok", Group: "Kind"}}}, `box: Values of group "a" plots.measured has no field Tok`},
		{"values by data", Figure{Layers: Layers{Box{Data: rows, Values: []int{1}}}}, "box: Values is []int; with Data it is the name of a field"},
		{"data of a number", Figure{Layers: Layers{Box{Data: 3, Values: "Took"}}}, "Data is int, not a slice of structs"},
		{"log box below zero", Figure{Y: log, Layers: Layers{Box{Values: [][]int{{-1}, {0}}}}}, "box: none of its 2 values is above zero, as a log axis needs"},
		{"log names", Figure{X: log, Layers: Layers{Box{Values: []int{1}}}}, "the x axis has names and can't be logarithmic"},
		{"box beside a line", Figure{Layers: Layers{Line{Y: []int{1}}, Box{Values: []int{1}}}}, "box: names and numbers can't share an axis"},
		{"box units", Figure{Layers: Layers{Box{Values: []int{1}}, Box{Name: "d", Values: []time.Duration{1}}}}, `box "d": durations and plain numbers share the y axis`},
		{"flat and upright", Figure{Layers: Layers{Box{Values: []int{1}}, Strip{Values: []int{1}, Horizontal: true}}}, "horizontal layers can't share a figure with upright ones"},
		{"growth without sizes", Figure{Layers: Layers{Growth{Name: "g", T: []int{1}}}}, `growth "g": N is nil, and T is no map from sizes`},
		{"growth of names", Figure{Layers: Layers{Growth{T: map[string]int{"a": 1}}}}, "growth: N holds names, which are no sizes"},
		{"growth lengths", Figure{Layers: Layers{Growth{N: []int{1, 2}, T: []int{1}}}}, "growth: X has 2 values and Y has 1"},
		{"growth runs", Figure{Layers: Layers{Growth{N: []int{1, 2}, T: [][]int{{1}}}}}, "growth: N has 2 values and T has 1"},
		{"candidate", Figure{Layers: Layers{Growth{N: []int{1}, T: []int{1}, Candidates: []string{"O(n!)"}}}}, `growth: there is no candidate "O(n!)"; there are O(1), O(log n)`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tt.fig.Encode()
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error %v, want %s", err, tt.want)
			}
		})
	}
}

// TestStatisticsSayWhatTheyLeaveOut looks for a note and draws all the rest.
func TestStatisticsSayWhatTheyLeaveOut(t *testing.T) {
	nan := math.NaN()
	log := Axis{Log: true}
	var crowd, wild []float64
	for i := range 3000 {
		crowd = append(crowd, 1+float64(i)/3000)
		wild = append(wild, float64(i%3))
	}
	for i := range 2000 {
		wild = append(wild, 100+float64(i))
	}
	tests := []struct {
		name string
		fig  Figure
		want string // the last note
	}{
		{"one point", Figure{Layers: Layers{Scatter{Name: "s", Y: []int{1}, Fit: true}}}, `scatter "s": no line is fitted: there is one point`},
		{"one x", Figure{Layers: Layers{Scatter{X: []int{2, 2}, Y: []int{1, 3}, Fit: true}}}, "scatter: no line is fitted: all points have the same x"},
		{"names", Figure{Layers: Layers{Scatter{Y: map[string]int{"a": 1, "b": 2}, Fit: true}}}, "scatter: no line is fitted, since x has names"},
		{"two points", Figure{Layers: Layers{Scatter{Y: []int{1, 2}, Fit: true}}}, "scatter: a line through 2 points has no confidence band"},
		{"NaN", Figure{Layers: Layers{Hist{Values: []float64{1, nan, 2}}}}, "hist: 1 of 3 values is NaN or infinite and left out"},
		{"below zero", Figure{X: log, Layers: Layers{Density{Values: []float64{1, -1, 2, 3}}}}, "density: 1 of 4 values is not above zero and left out on the log axis"},
		{"limits", Figure{X: Axis{Limits: [2]float64{0, 2}}, Layers: Layers{Hist{Values: []float64{1, 5, 2}}}}, "hist: 1 of 3 values lie outside the limits of the x axis"},
		{"crowded", Figure{Layers: Layers{Hist{Values: append([]float64{1e4}, crowd...)}}}, "hist: 100% of the values are in one bin; a log x axis would spread them"},
		{"one value", Figure{Layers: Layers{Density{Values: []time.Duration{3e6}}}}, "density: its only value is 3 ms, marked by a line, since a density needs values that differ"},
		{"equal values", Figure{Layers: Layers{Density{Values: []int{7, 7, 7}}}}, "density: all of its 3 values are 7, marked by a line, since a density needs values that differ"},
		{"empty group", Figure{Layers: Layers{Box{Labels: []string{"a", "b"}, Values: [][]int{{}, {1}}}}}, `box: nothing to show of "a"`},
		{"empty groups", Figure{Layers: Layers{Strip{Values: [][]float64{{nan}, {}, {}, {}, {1}}}}}, `strip: nothing to show of "1", "2", "3" and 1 more`},
		{"many outliers", Figure{Layers: Layers{Box{Name: "w", Values: wild}}}, ""},
		{"outliers thinned", Figure{Layers: Layers{Box{Values: append(make([]float64, 10000), wild[3000:]...)}}}, "box: of 2,000 values beyond the whiskers, the 477 that don't cover each other are drawn"},
		{"one size", Figure{Layers: Layers{Growth{N: []int{5, 5}, T: []int{1, 2}}}}, "growth: no exponent can be fitted: it takes two sizes with times above zero, and there are 1"},
		{"three sizes", Figure{Layers: Layers{Growth{N: []int{5, 6, 7}, T: []int{1, 2, 3}}}}, "growth: no curve is sure: 3 sizes above 1 are too few to tell curves apart, it takes 6"},
		{"times of zero", Figure{Layers: Layers{Growth{N: []int{5, 6, 7, 8, 9}, T: []int{0, 5, 6, 7, 8}}}}, "growth: 1 of 5 values is not above zero and left out on the log axis"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := tt.fig.Encode()
			if err != nil {
				t.Fatal(err)
			}
			last := ""
			for _, n := range d.Notes {
				if last = n; n == tt.want {
					break
				}
			}
			if last != tt.want {
				t.Errorf("notes %q, want %q", d.Notes, tt.want)
			}
			if d.Summary() == "" || d.Alt == "" {
				t.Error("no text")
			}
		})
	}
}

// FuzzStatistics gives all layers of this kind whatever floats there are.
func FuzzStatistics(f *testing.F) {
	f.Add([]byte{1, 2, 3, 4}, false, false, uint8(0), 0)
	f.Add([]byte{0x7f, 0xef, 0x80, 0, 0, 1}, true, true, uint8(1), 3)
	f.Add([]byte{0x3f, 0xf0, 0x3f, 0xf0, 0xbf, 0xf0}, true, false, uint8(2), 1)
	f.Fuzz(func(t *testing.T, data []byte, logX, logY bool, kind uint8, bins int) {
		var x, y []float64
		for i := 0; i+1 < len(data); i += 2 {
			x = append(x, math.Float64frombits(uint64(data[i])<<56|uint64(data[i+1])<<48))
			y = append(y, float64(data[i])-float64(data[i+1]))
		}
		layers := Layers{Hist{Values: x, Bins: bins, Density: logY}, Density{Values: x, Percentiles: []float64{0, 50}}, Box{Values: [][]float64{x, y}},
			Strip{Values: x}, Violin{Values: x, Horizontal: logX}, Growth{N: x, T: y}, Scatter{X: x, Y: y, Fit: true}, Growth{N: y, T: x, Candidates: []string{"n^3"}}}
		fig := Figure{X: Axis{Log: logX}, Y: Axis{Log: logY}, Layers: layers[kind%8 : kind%8+1]}
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

// BenchmarkMillionValues shows a million durations in each of the ways.
func BenchmarkMillionValues(b *testing.B) {
	var gen lcg = 1
	v := make([]time.Duration, 1_000_000)
	for i := range v {
		v[i] = time.Duration(1e6 * math.Exp(gen.next()+gen.next()+gen.next()))
	}
	for name, l := range map[string]Layer{"hist": Hist{Values: v, Percentiles: []float64{50, 99}}, "density": Density{Values: v}, "box": Box{Values: v},
		"strip": Strip{Values: v}, "violin": Violin{Values: v}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := (Figure{Layers: Layers{l}}).Encode(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
