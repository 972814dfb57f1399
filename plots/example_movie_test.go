package plots_test

import (
	"fmt"

	"hpgo/plots"
)

func ExampleMovie() {
	heat := []float64{0, 0, 100, 0, 0}
	var movie plots.Movie
	for step := range 20 {
		movie.Add(plots.Figure{Title: fmt.Sprint("step ", step), Layers: plots.Layers{plots.Bars{Values: heat}}})
		next := append([]float64{}, heat...)
		for i := 1; i < len(heat)-1; i++ {
			next[i] = (heat[i-1] + 2*heat[i] + heat[i+1]) / 4
		}
		heat = next
	}
	fmt.Println(movie)
	// Output:
	// movie of 20 frames, 100 ms each
	// first:
	//   step 0
	//   x, 5 names; y 0 to 100
	//     1                                0
	//     2                                0
	//     3 ██████████████████████████████ 100
	//     4                                0
	//     5                                0
	// last:
	//   step 19
	//   x, 5 names; y 0 to 100
	//     1                                0
	//     2 █████████████████████▎         1.75
	//     3 ██████████████████████████████ 2.47
	//     4 █████████████████████▎         1.75
	//     5                                0
}
