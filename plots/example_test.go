package plots_test

import (
	"fmt"
	"time"

	"hpgo/plots"
)

func ExampleLine() {
	fmt.Println(plots.Figure{
		Title: "Sorting",
		X:     plots.Axis{Label: "n", Log: true},
		Y:     plots.Axis{Label: "time", Log: true},
		Layers: plots.Layers{plots.Line{
			Name: "slices.Sort", Markers: true,
			X: []int{1000, 10_000, 100_000},
			Y: []time.Duration{21 * time.Microsecond, 305 * time.Microsecond, 4 * time.Millisecond},
		}},
	})
	// Output:
	// Sorting
	// x: n 1k to 100k, log; y: time 21 µs to 4 ms, log
	// slices.Sort  ▁▅█  21 µs to 4 ms (3 points)
}

func ExampleScatter() {
	type request struct {
		Load    float64
		Latency time.Duration
	}
	requests := []request{{0.1, 3 * time.Millisecond}, {0.5, 4 * time.Millisecond}, {0.9, 21 * time.Millisecond}}
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Scatter{Data: requests, X: "Load", Y: "Latency"}}})
	// Output:
	// x: Load 0.1 to 0.9; y: Latency 3 ms to 21 ms
	// scatter  ▁▁█  3 ms to 21 ms (3 points)
}

func ExampleBars() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Bars{Values: map[string]int{"map": 40, "slice": 10}}}})
	// Output:
	// x, 2 names; y 0 to 40
	//   map   ██████████████████████████████ 40
	//   slice ███████▌                       10
}

func ExampleHeat() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Heat{Z: [][]int{{0, 1, 2}, {2, 3, 4}}}}})
	// Output:
	// x 0 to 3; y 0 to 2
	// heat of 2 by 3 values from 0 to 4
	//   ▒▓█
	//    ░▒
}

func ExampleFigure_Encode() {
	_, err := plots.Figure{Layers: plots.Layers{
		plots.Line{Name: "go", X: []int{1, 2, 3}, Y: []float64{1, 2}},
	}}.Encode()
	fmt.Println(err)
	// Output: line "go": X has 3 values and Y has 2
}
