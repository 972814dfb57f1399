package render

import (
	"fmt"
	"strings"
	"time"

	"hpgo/plots"
)

// placedBars are bars at numbers, and bars that limits cut.
func placedBars() map[string]plots.Picture {
	return map[string]plots.Picture{
		"bars-numbers": plots.Figure{Height: 2.6, X: plots.Axis{Label: "retries"}, Y: plots.Axis{Label: "requests"}, Layers: plots.Layers{
			plots.Bars{Name: "before", Labels: []int{0, 1, 2, 5}, Values: []int{5, 6, 3, 1}},
			plots.Bars{Name: "after", Labels: []int{0, 1, 3}, Values: []int{9, 2, 1}}, plots.Peak{X: 1, Y: 6, Label: "most"}}},
		"bars-log": plots.Figure{Height: 2.6, X: plots.Axis{Label: "request", Log: true}, Layers: plots.Layers{
			plots.Bars{Values: map[time.Duration]int{100 * time.Microsecond: 12, time.Millisecond: 140, 10 * time.Millisecond: 31, time.Second: 2}, Numbers: true}}},
		"bars-log-flat": plots.Figure{Height: 2.6, Y: plots.Axis{Label: "size", Unit: "B", Log: true}, Layers: plots.Layers{
			plots.Bars{Labels: []int{64, 256, 1024, 4096}, Values: []float64{3, 5, 8, 6}, Horizontal: true, Numbers: true, Stacked: true},
			plots.Bars{Labels: []int{64, 256, 1024, 4096}, Values: []float64{1, 2, 2, 3}, Horizontal: true, Numbers: true, Stacked: true}}},
		"log-short": plots.Figure{Height: 2.6, X: plots.Axis{Log: true}, Y: plots.Axis{Log: true}, Layers: plots.Layers{
			plots.Line{X: []float64{2.1, 4, 8}, Y: []float64{1e-9, 1e-6, 1}, Markers: true}}},
		"exact": plots.Figure{Height: 2.6, Layers: plots.Layers{
			plots.Line{X: []float64{1e15, 1e15 + 4}, Y: []float64{1 + 1e-14, 1 + 3e-14}, Markers: true}}},
		"long": plots.Figure{Height: 3.2, Title: strings.Repeat("a title that goes on ", 40), X: plots.Axis{Label: strings.Repeat("label ", 60)},
			Y: plots.Axis{Label: strings.Repeat("amount ", 30), Unit: "s"}, Layers: longNames(12)},
	}
}

func longNames(n int) plots.Layers {
	var ls plots.Layers
	for i := range n {
		ls = append(ls, plots.Line{Name: fmt.Sprint("series ", i, strings.Repeat(" of names", 9)), Y: []int{i, i + 1}})
	}
	return ls
}
