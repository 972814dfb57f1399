package render_test

import (
	"bytes"
	"fmt"

	"hpgo/plots"
	"hpgo/plots/render"
)

// A program outside of notebooks draws a figure in two steps.
func ExampleSVG() {
	d, err := plots.Figure{Title: "Squares", Layers: plots.Layers{plots.Line{Y: []int{0, 1, 4, 9}}}}.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	svg, err := render.SVG(d)
	fmt.Println(err, bytes.HasPrefix(svg, []byte("<svg ")), d.Width, "x", d.Height, "inches")
	// Output: <nil> true 6.5 x 4 inches
}
