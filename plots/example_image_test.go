package plots_test

import (
	"fmt"
	"image"

	"hpgo/plots"
)

func ExampleImage() {
	picture := image.NewGray(image.Rect(0, 0, 300, 200))
	fmt.Println(plots.Figure{
		Title:  "A plane",
		X:      plots.Axis{Label: "Re z"},
		Y:      plots.Axis{Label: "Im z"},
		Layers: plots.Layers{plots.Image{Image: picture, X: [2]float64{-1.5, 1.5}, Y: [2]float64{-1, 1}}},
	})
	// Output:
	// A plane
	// x: Re z -1.5 to 1.5; y: Im z -1 to 1
	// image
}

func ExampleText() {
	fmt.Println(plots.Figure{Layers: plots.Layers{
		plots.Line{Name: "load", Y: []int{1, 3, 9, 4}},
		plots.Text{X: 2, Y: 9, Text: "deployment"},
	}})
	// Output:
	// x 0 to 3; y 1 to 9
	// load  ▁▃█▄  1 to 9 (4 points)
	// text at 2, 9: deployment
}
