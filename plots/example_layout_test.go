package plots_test

import (
	"fmt"

	"hpgo/plots"
)

func ExampleRule() {
	fmt.Println(plots.Figure{Y: plots.Axis{Unit: "B"}, Layers: plots.Layers{
		plots.Line{Name: "heap", Y: []float64{1e6, 5e6, 3e6}},
		plots.Rule{Y: 8e6, Label: "limit"},
	}})
	// Output:
	// x 0 to 2; y 1 MB to 8 MB
	// heap  ▁▅▃  1 MB to 5 MB (3 points)
	// rule at y = 8 MB: limit
}

func ExampleSpan() {
	fmt.Println(plots.Figure{X: plots.Axis{Unit: "s"}, Layers: plots.Layers{
		plots.Line{Y: []int{1, 5, 3, 2}},
		plots.Span{X: [2]float64{0, 2}, Label: "load"},
		plots.Span{X: [2]float64{1, 1.5}, Label: "parse", Depth: 1},
	}})
	// Output:
	// x 0 s to 3 s; y 1 to 5
	// line  ▁█▅▃  1 to 5 (4 points)
	// span of x from 0 s to 2 s: load
	// span of x from 1 s to 1.5 s: parse
}

func ExamplePeak() {
	fmt.Println(plots.Figure{Layers: plots.Layers{
		plots.Line{Y: []int{1, 5, 3}},
		plots.Peak{X: 1, Y: 5, Label: "5 of 8"},
		plots.Text{X: 2, Y: 3, Text: "still falling"},
	}})
	// Output:
	// x 0 to 2; y 1 to 5
	// line  ▁█▅  1 to 5 (3 points)
	// peak at 1, 5: 5 of 8
	// text at 2, 3: still falling
}

func ExampleBars_stacked() {
	steps := []string{"before", "after"}
	fmt.Println(plots.Figure{Y: plots.Axis{Unit: "s"}, Layers: plots.Layers{
		plots.Bars{Name: "parse", Labels: steps, Values: []float64{3, 1}, Stacked: true, Numbers: true},
		plots.Bars{Name: "link", Labels: steps, Values: []float64{2, 2}, Stacked: true, Numbers: true},
	}})
	// Output:
	// x, 2 names; y 0 s to 5 s
	// parse
	//   before ██████████████████████████████ 3 s
	//   after  ██████████                     1 s
	// link
	//   before ████████████████████           2 s
	//   after  ████████████████████           2 s
}

func ExampleHeat_names() {
	fmt.Println(plots.Figure{Layers: plots.Layers{plots.Heat{
		Name: "change", Unit: "%", Z: [][]float64{{-12.5, 3}, {22, 0}},
		Rows: []string{"time", "bytes"}, Columns: []string{"parse", "link"}, Numbers: true, Diverging: true,
	}}})
	// Output:
	// x, 2 names; y, 2 names
	// heat change of 2 by 2 values from -12.5% to 22%
	//           parse  link
	//   time   -12.5%    3%
	//   bytes     22%    0%
}

func ExampleGrid() {
	n := []int{10, 20, 30}
	fmt.Println(plots.Grid{Title: "Sorting", ShareY: true, Panels: []plots.Figure{
		{Title: "random", Layers: plots.Layers{plots.Line{Name: "quick sort", X: n, Y: []int{1, 3, 9}}}},
		{Title: "sorted", Layers: plots.Layers{plots.Line{Name: "quick sort", X: n, Y: []int{1, 2, 5}}}},
	}})
	// Output:
	// Sorting
	// panel 1: random
	//   x 10 to 30; y 1 to 9
	//   quick sort  ▁▃█  1 to 9 (3 points)
	// panel 2: sorted
	//   x 10 to 30; y 1 to 9
	//   quick sort  ▁▂▅  1 to 5 (3 points)
}

func ExampleFacet() {
	type trial struct {
		Host string
		N    int
		Took float64
	}
	trials := []trial{{"laptop", 1, 2}, {"laptop", 2, 4}, {"server", 1, 1}, {"server", 2, 1.5}}
	fmt.Println(plots.Facet(trials, func(t trial) string { return t.Host }, func(part []trial) plots.Figure {
		return plots.Figure{Layers: plots.Layers{plots.Line{Data: part, X: "N", Y: "Took"}}}
	}))
	// Output:
	// panel 1: laptop
	//   x: N 1 to 2; y: Took 1 to 4
	//   line  ▃█  2 to 4 (2 points)
	// panel 2: server
	//   x: N 1 to 2; y: Took 1 to 4
	//   line  ▁▂  1 to 1.5 (2 points)
}

func ExampleFigure_table() {
	fmt.Println(plots.Figure{Table: true, X: plots.Axis{Label: "n"}, Y: plots.Axis{Unit: "s"}, Layers: plots.Layers{
		plots.Line{Name: "sort", X: []int{10, 100}, Y: []float64{1e-6, 2e-5}},
		plots.Line{Name: "radix", X: []int{10, 100}, Y: []float64{2e-6, 1.5e-5}},
	}})
	// Output:
	// x: n 10 to 100; y 1 µs to 20 µs
	// sort   ▁█  1 µs to 20 µs (2 points)
	// radix  ▁▆  2 µs to 15 µs (2 points)
	//   n        10    100
	//   sort   1 µs  20 µs
	//   radix  2 µs  15 µs
}
