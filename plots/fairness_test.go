package plots

import (
	"math"
	"strings"
	"testing"
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
