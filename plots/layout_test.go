package plots

import (
	"fmt"
	"math"
	"slices"
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

func TestStacksAreChecked(t *testing.T) {
	a := Bars{Name: "a", Values: []int{1, 2}, Stacked: true}
	area := Line{Name: "a", Y: []int{1, 2}, Stacked: true}
	for _, tt := range []struct {
		fig  Figure
		want string
	}{
		{Figure{Layers: Layers{Bars{Name: "a", Values: []int{1}, Low: []int{1}, High: []int{2}, Stacked: true}, Bars{Name: "b", Values: []int{1}, Stacked: true}}},
			`bars "a": whiskers only fit at the top of a stack, and bars "b" are stacked above`},
		{Figure{Layers: Layers{a, Bars{Name: "b", Values: []int{1}, Stacked: true, Horizontal: true}}}, "horizontal layers can't share a figure"},
		{Figure{Layers: Layers{Bars{Values: []float64{1.7e308}, Stacked: true}, Bars{Name: "b", Values: []float64{1e308}, Stacked: true}}}, `bars "b": the stack gets too high to draw`},
		{Figure{Y: Axis{Log: true}, Layers: Layers{area}}, `line "a": stacked areas start at zero and can't have a log axis`},
		{Figure{Layers: Layers{area, Line{Name: "b", X: []int{0, 2}, Y: []int{1, 2}, Stacked: true}}}, `line "b": stacked lines need the same X`},
		{Figure{Layers: Layers{area, Line{Name: "b", Y: []int{1, 2}, Stacked: true, Step: true}}}, `line "b": either all stacked lines of a figure are steps or none`},
		{Figure{Layers: Layers{area, Line{Name: "b", Y: []int{1, -2}, Stacked: true}}}, `line "b": stacked lines need values from zero on; at x = 1 it is -2`},
		{Figure{Layers: Layers{Line{Name: "b", Y: []int{1}, Low: []int{0}, High: []int{2}, Stacked: true}}}, `line "b": a stacked line can't have a band`},
	} {
		mustFail(t, tt.fig, tt.want)
	}
}

func TestStacksAddUp(t *testing.T) {
	d, err := Figure{Layers: Layers{
		Bars{Values: []float64{3, -1, math.NaN()}, Stacked: true},
		Bars{Values: []float64{2, -4, 5}, Stacked: true, Low: []float64{4, -6, 4}, High: []float64{6, -4, 7}},
		Bars{Values: map[string]float64{"2": 7}},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if l := d.Layers[1]; !slices.Equal(l.Base, Numbers{3, -1, 0}) || !slices.Equal(l.Y, Numbers{5, -5, 5}) {
		t.Errorf("second layer from %v to %v", l.Base, l.Y)
	}
	if d.Y.Min != -6 || d.Y.Max != 7 || d.Layers[2].Base != nil {
		t.Errorf("y axis %+v", d.Y)
	}
	if s := d.Summary(); !strings.Contains(s, " -4\n") {
		t.Errorf("the summary tells sums:\n%s", s)
	}
}

func TestNamedFieldsAreChecked(t *testing.T) {
	z := [][]int{{1, 2}, {3, 4}}
	ab := []string{"a", "b"}
	for _, tt := range []struct {
		heat Heat
		want string
	}{
		{Heat{Name: "h", Z: z, Rows: []string{"a"}}, `heat map "h": Rows has 1 names for 2 of them`},
		{Heat{Z: z, Columns: []string{"a", "a"}}, `heat map: the name "a" comes twice in Columns`},
		{Heat{Z: z, Columns: ab, X: [2]float64{0, 1}}, "heat map: Columns and X are both set"},
		{Heat{Z: z, Log: true, Diverging: true}, "heat map: colours on both sides of zero can't be logarithmic"},
		{Heat{Z: [][]float64{{1.5e308}}, Diverging: true}, "heat map: colours can't span -1.5e+308 to 1.5e+308"},
		{Heat{Z: [][]float64{make([]float64, 2000)}, Columns: make([]string, 2000)}, "heat map: Columns has 2000 names"},
	} {
		mustFail(t, Figure{Layers: Layers{tt.heat}}, tt.want)
	}
	mustFail(t, Figure{Layers: Layers{Line{Y: []int{1}}, Heat{Z: z, Columns: ab}}}, "heat map: names and numbers can't share an axis")
	mustFail(t, Figure{Layers: Layers{Bars{Values: map[string]int{"b": 1}}, Heat{Z: z}}}, "heat map: names and numbers can't share an axis")
	mustFail(t, Figure{Layers: Layers{Heat{Z: z, Columns: ab}, Heat{Z: z, Columns: []string{"b", "a"}}}}, "another layer has put the axis's names into another order")
}

func TestDivergingIsCentred(t *testing.T) {
	data, err := Figure{Layers: Layers{Heat{Z: [][]float64{{-3, 0, 1}}, Diverging: true, Rows: []string{"r"}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if h := data.Layers[0].Heat; h.Min != -3 || h.Max != 3 || !h.Diverging {
		t.Errorf("range %v to %v", h.Min, h.Max)
	}
	if data.Y.Min != -0.5 || data.Y.Max != 0.5 || data.X.Max != 3 {
		t.Errorf("axes %+v %+v", data.X, data.Y)
	}

	big, err := Figure{Layers: Layers{Heat{Z: make([][30]float64, 30), Numbers: true}}}.Encode()
	if err != nil || len(big.Notes) != 1 || big.Layers[0].Values {
		t.Errorf("notes %q, %v", big.Notes, err)
	}
}

func TestGridsAreChecked(t *testing.T) {
	line := Figure{Title: "quick sort", Layers: Layers{Line{Name: "a", Y: []int{1, 2}}}}
	bars := Figure{Layers: Layers{Bars{Values: []int{1}}}}
	timed := Figure{Layers: Layers{Line{Y: []time.Duration{1}}}}
	heat := func(l Heat) Figure { l.Z = [][]int{{1, 2}}; return Figure{Layers: Layers{l}} }
	for _, tt := range []struct {
		grid Grid
		want string
	}{
		{Grid{}, "the grid has no panels"},
		{Grid{Panels: make([]Figure, 101)}, "the grid has 101 panels"},
		{Grid{Columns: -1, Panels: []Figure{line}}, "Columns is -1"},
		{Grid{Width: 99, Panels: []Figure{line}}, "Width is 99 inches"},
		{Grid{Panels: []Figure{line, {Title: "quick\nsort", Layers: Layers{Line{Name: "a", X: []int{1}, Y: []int{1, 2}}}}}}, `panel 2 "quick sort": line "a": X has 1 values and Y has 2`},
		{Grid{Panels: []Figure{line, {}}}, "panel 2: the figure has no layers"},
		{Grid{Panels: []Figure{{Table: true, Layers: line.Layers}}}, "panel 1: a panel of a grid can't have a Table"},
		{Grid{ShareX: true, Panels: []Figure{line, bars}}, `panel 2: names and numbers can't share the x axis with panel 1 "quick sort"`},
		{Grid{ShareY: true, Panels: []Figure{line, {Y: Axis{Log: true}, Layers: line.Layers}}}, "panel 2: a log axis can't be shared with a linear one"},
		{Grid{ShareY: true, Panels: []Figure{line, timed}}, `panel 2: its y axis has the unit "s", which can't be shared with the unit "" of panel 1 "quick sort"`},
		{Grid{ShareColor: true, Panels: []Figure{heat(Heat{}), heat(Heat{Name: "h", Unit: "B"})}}, `panel 2: heat map "h" can't share colours with a heat map of another unit`},
	} {
		mustFail(t, tt.grid, tt.want)
	}
}

func TestGridsShareWhatTheyAreAskedTo(t *testing.T) {
	bars := func(title string, layers ...Layer) Figure { return Figure{Title: title, Layers: layers} }
	d, err := Grid{ShareX: true, ShareY: true, Notes: []string{"own"}, Panels: []Figure{
		bars("one", Bars{Name: "go", Labels: []string{"a", "b"}, Values: []int{1, 2}}, Bars{Name: "c", Labels: []string{"a"}, Values: []int{9}}),
		bars("two", Bars{Name: "c", Labels: []string{"c", "b"}, Values: []float64{-3, math.NaN()}}),
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	p := d.Grid.Panels
	for i := range p {
		if got := p[i].X.Categories; !slices.Equal(got, []string{"a", "b", "c"}) {
			t.Errorf("panel %d has names %q", i, got)
		}
		if p[i].Y.Min != -3 || p[i].Y.Max != 9 {
			t.Errorf("panel %d: y %v to %v", i, p[i].Y.Min, p[i].Y.Max)
		}
	}
	if x := p[1].Layers[0].X; x[0] != 2 || p[1].Layers[0].Series != p[0].Layers[1].Series || !d.Grid.Legend {
		t.Errorf("second panel %+v", p[1].Layers[0])
	}
	if len(d.Notes) != 2 || d.Notes[1] != `panel 2 "two": bars "c": 1 of 2 values is NaN or infinite and left out` {
		t.Errorf("notes %q", d.Notes)
	}
}

func TestGridsNumberColours(t *testing.T) {
	line := func(names ...string) Figure {
		var f Figure
		for _, n := range names {
			f.Layers = append(f.Layers, Line{Name: n, Y: []int{1, 2}})
		}
		return f
	}
	for _, tt := range []struct {
		panels []Figure
		want   string
		legend bool
	}{
		{[]Figure{line("a", "b"), line("b", "a")}, "01 10", true},
		{[]Figure{line("a"), line("a", "b")}, "0 01", true},
		{[]Figure{line("a"), line("b")}, "0 0", false},
		{[]Figure{line("a", "b"), line("c", "b")}, "10 10", false},
		{[]Figure{line("", "a"), line("a", "")}, "10 01", true},
		{[]Figure{line("a", "a"), line("a")}, "01 0", true},
		{[]Figure{line(""), line("", "")}, "0 01", false},
		{[]Figure{line("a"), {Layers: Layers{Scatter{Name: "a", Y: []int{1}}}}}, "0 0", false},
		{[]Figure{{Layers: Layers{Heat{Name: "h", Z: [][]int{{1}}}, Line{Name: "a", Y: []int{1, 2}}}}, line("a")}, "00 0", true},
	} {
		d, err := Grid{Panels: tt.panels}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range d.Grid.Panels {
			s := ""
			for _, l := range p.Layers {
				s += fmt.Sprint(l.Series)
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != tt.want || d.Grid.Legend != tt.legend {
			t.Errorf("%v: colours %s, legend %v", tt.want, s, d.Grid.Legend)
		}
	}
}

func TestGridsShareColours(t *testing.T) {
	d, err := Grid{ShareColor: true, Panels: []Figure{
		{Layers: Layers{Heat{Z: [][]int{{1, 2}}}}}, {Layers: Layers{&Heat{Z: [][]int{{-4, 0}}}}}, {Layers: Layers{Line{Y: []int{7}}}},
	}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range d.Grid.Panels[:2] {
		if h := p.Layers[0].Heat; h.Min != -4 || h.Max != 2 {
			t.Errorf("colours from %v to %v", h.Min, h.Max)
		}
	}
	if !d.Grid.ColorBar || len(d.Notes) > 0 {
		t.Errorf("%+v", d.Grid)
	}
}

func TestTables(t *testing.T) {
	mustFail(t, Figure{Table: true, Layers: Layers{Heat{Z: [][]int{{1}}}}}, "Table shows lines, scatters and bars; the figure has none")
	many := make([]int, 100)
	for _, tt := range []struct {
		fig  Figure
		want string
		note string
	}{
		{Figure{Layers: Layers{Bars{Name: "go", Values: map[string]int{"map": 3, "sort": 4}}, Bars{Name: "c", Values: map[string]int{"sort": 2}}, Rule{Y: 3}}},
			`{ [map sort] [{go 0 [3 4]} {c 1 [– 2]}]}`, ""},
		{Figure{X: Axis{Label: "n", Unit: "B"}, Y: Axis{Label: "took"}, Layers: Layers{Line{X: []int{2000, 1}, Y: []time.Duration{time.Second, time.Millisecond}}}},
			`{n [1 B 2 kB] [{took 0 [1 ms 1 s]}]}`, ""},
		{Figure{Layers: Layers{Scatter{Name: "s", X: []float64{1001, 1001, 1002}, Y: []float64{1, 2, 3}}}},
			`{ [1001 1002] [{s 0 [1 3]}]}`, `scatter "s": the table shows the first of several values at one place`},
		{Figure{Layers: Layers{Bars{Values: []int{1, 2}, Stacked: true}, Bars{Values: []int{5, 6}, Stacked: true}}},
			`{ [1 2] [{bars 0 [1 2]} {bars 1 [5 6]}]}`, ""},
		{Figure{Y: Axis{Label: "who"}, Layers: Layers{Bars{Horizontal: true, Values: map[string]int{"a": 1}}}}, `{who [a] [{bars 0 [1]}]}`, ""},
		{Figure{Layers: Layers{Line{Y: many}}}, `{ [0 9 18 27 36 45 54 63 72 81 90 99] [{line 0 [0 0 0 0 0 0 0 0 0 0 0 0]}]}`, "the table shows 12 of 100 columns"},
		{Figure{X: Axis{Limits: [2]float64{0, 1}}, Layers: Layers{Line{Y: many[:5]}}}, `{ [0 1] [{line 0 [0 0]}]}`, "line: 3 of 5 values lie outside the limits"},
	} {
		tt.fig.Table = true
		d, err := tt.fig.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(*d.Table); got != tt.want || strings.Join(d.Notes, "") != tt.note {
			t.Errorf("table %s, notes %q\nwant  %s", got, d.Notes, tt.want)
		}
		if d.Height <= defaultHeight {
			t.Error("the table takes its room from the axes")
		}
	}
}
