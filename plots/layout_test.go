package plots

import (
	"math"
	"strings"
	"testing"
	"time"
)

// mustFail checks the errors of figures.
func mustFail(t *testing.T, p Picture, want string) {
	t.Helper()
	_, err := p.Encode()
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("error %v, want %s", err, want)
	}
}

func TestAnnotationsAreChecked(t *testing.T) {
	line := Line{Y: []int{1, 2, 3}}
	timed := Line{Y: []time.Duration{1, 2, 3}}
	bars := Bars{Values: map[string]int{"map": 1, "sort": 2}}
	for _, tt := range []struct {
		fig  Figure
		want string
	}{
		{Figure{Layers: Layers{line, Rule{}}}, "rule: set either X or Y"},
		{Figure{Layers: Layers{line, Rule{X: 1, Y: 2, Label: "r"}}}, `rule "r": set either X or Y`},
		{Figure{Layers: Layers{line, Rule{X: math.NaN(), Label: "r"}}}, `rule "r": X is NaN, which is no place on an axis`},
		{Figure{Layers: Layers{line, Rule{X: []int{1}}}}, "rule: X is []int, not a number or duration"},
		{Figure{Layers: Layers{line, Rule{X: "map"}}}, `rule: X is "map", but its axis has numbers`},
		{Figure{Layers: Layers{bars, Rule{X: "mop", Label: "r"}}}, `rule "r": X is "mop", which is no name of the axis`},
		{Figure{Layers: Layers{bars, Rule{X: 0.5}}}, `rule: X is "0.5", which is no name of the axis`},
		{Figure{Layers: Layers{bars, Rule{X: []int{1}}}}, "rule: X is []int, not a name of the axis"},
		{Figure{X: Axis{Log: true}, Layers: Layers{Line{X: []int{1, 2}, Y: []int{1, 2}}, Rule{X: 0}}}, "rule: X is 0, but a log axis has only values above zero"},
		{Figure{Layers: Layers{line, Rule{Y: time.Second}}}, "rule: Y must be a duration if the axis shows durations"},
		{Figure{Layers: Layers{timed, Rule{Y: 3}}}, "rule: Y must be a duration if the axis shows durations"},
		{Figure{Y: Axis{Unit: "B"}, Layers: Layers{line, Rule{Y: time.Second}}}, `rule: Y is a duration, but its axis has the unit "B"`},
		{Figure{Layers: Layers{line, Span{X: 3}}}, "span: X is int, not a pair of numbers"},
		{Figure{Layers: Layers{line, Span{X: []int{1}}}}, "span: X is []int, not a pair of numbers"},
		{Figure{Layers: Layers{line, Span{X: []int{1, 2}, Y: []int{1, 2}}}}, "span: set either X or Y"},
		{Figure{Layers: Layers{line, Span{X: []int{1, 2}, Depth: -1}}}, "span: Depth is -1"},
		{Figure{Layers: Layers{line, Text{X: 1, Y: 1, Text: " "}}}, `text " ": Text is empty`},
		{Figure{Layers: Layers{line, Text{X: 1, Text: "here"}}}, `text "here": Y is nil, not a number or duration`},
		{Figure{Layers: Layers{line, Peak{X: 1, Y: math.Inf(1)}}}, "peak: Y is +Inf"},
		{Figure{Layers: Layers{Rule{X: 1}}}, "the y axis has nothing to show"},
	} {
		mustFail(t, tt.fig, tt.want)
	}
}

func TestAnnotationsStandOnTheAxes(t *testing.T) {
	d, err := Figure{Layers: Layers{
		Rule{Y: 5 * time.Second}, // before the layer that it stands on
		Span{X: []string{"sort", "map"}, Label: "both"},
		Bars{Values: map[string]time.Duration{"map": time.Second, "sort": 2 * time.Second}},
		Line{X: []string{"map", "sort"}, Y: []time.Duration{1, 2}},
		Peak{X: "sort", Y: 2 * time.Second},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if d.Y.Max != 5 || d.Y.Unit != "s" {
		t.Errorf("y axis %+v: a rule belongs on it", d.Y)
	}
	if m := d.Layers[1].Mark; m.X != -0.5 || m.X1 != 1.5 {
		t.Errorf("span of names from %v to %v", m.X, m.X1)
	}
	if d.Layers[2].Series != 0 || d.Layers[3].Series != 1 {
		t.Error("annotations took a colour")
	}
	if m := d.Layers[4].Mark; m.X != 1 || m.Y != 2 {
		t.Errorf("peak at %v, %v", m.X, m.Y)
	}

	d, err = Figure{X: Axis{Limits: [2]float64{0, 2}}, Layers: Layers{Line{Y: []int{1, 2}}, Rule{X: 7, Label: "late"}}}.Encode()
	if err != nil || len(d.Notes) != 1 || d.Notes[0] != `rule "late" at 7 lies outside of the limits` {
		t.Errorf("notes %q, %v", d.Notes, err)
	}
}
