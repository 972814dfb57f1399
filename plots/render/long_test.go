package render

import (
	"fmt"
	"strings"
	"testing"

	"hpgo/plots"
)

// TestLongWordsAreCut draws figures with far too long titles, labels and names.
func TestLongWordsAreCut(t *testing.T) {
	for _, long := range []string{strings.Repeat("word ", 300), strings.Repeat("x", 1500)} {
		for name, f := range map[string]plots.Picture{
			"title":  plots.Figure{Title: long, Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}},
			"labels": plots.Figure{X: plots.Axis{Label: long}, Y: plots.Axis{Label: long, Unit: "s"}, Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}},
			"unit":   plots.Figure{Y: plots.Axis{Label: "a", Unit: long}, Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}},
			"log":    plots.Figure{Y: plots.Axis{Label: "a", Unit: long, Log: true}, Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}},
			"name":   plots.Figure{Layers: plots.Layers{plots.Line{Name: long, Y: []int{1, 2}}}},
			"note":   plots.Figure{Notes: []string{long}, Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}},
			"heat":   plots.Figure{Layers: plots.Layers{plots.Heat{Name: long, Unit: long, Z: [][]int{{1, 2}}}}},
			"table":  plots.Figure{Table: true, Layers: plots.Layers{plots.Line{Name: long, Y: []int{1, 2}}}},
			"grid":   plots.Grid{Title: long, Panels: []plots.Figure{{Title: long, Y: plots.Axis{Label: long}, Layers: plots.Layers{plots.Line{Y: []int{1, 2}}}}}},
		} {
			d := encode(t, f)
			svg, err := SVG(d)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			if name == "title" && strings.Count(string(svg), `font-weight="bold"`) != min(3, 1+strings.Count(long, " ")) {
				t.Errorf("title of %d lines", strings.Count(string(svg), `font-weight="bold"`))
			}
			if !strings.Contains(string(svg), "…") {
				t.Errorf("%s: nothing is cut", name)
			}
		}
	}
}

// TestManySeriesLeaveRoom draws a legend that would fill the figure.
func TestManySeriesLeaveRoom(t *testing.T) {
	var f plots.Figure
	for i := range 40 {
		f.Layers = append(f.Layers, plots.Line{Name: fmt.Sprint(i, strings.Repeat(" long", 20)), Y: []int{i, i + 1}})
	}
	svg, err := SVG(encode(t, f))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(svg), "more") {
		t.Error("the legend doesn't say that names are missing")
	}
}
