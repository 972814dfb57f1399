package render

import (
	"image/color"
	"math"
)

// luminance is the relative luminance of a colour after WCAG 2, from 0 to 1.
func luminance(c color.NRGBA) float64 {
	lin := func(v uint8) float64 {
		f := float64(v) / 255
		if f <= 0.03928 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(c.R) + 0.7152*lin(c.G) + 0.0722*lin(c.B)
}

// contrast is the ratio of two colours' luminances after WCAG 2, from 1 to 21.
func contrast(a, b color.NRGBA) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// readableOn is the colour of text on a colour: white or black, whichever has
// more contrast.
func readableOn(c color.NRGBA) color.NRGBA {
	white, black := color.NRGBA{255, 255, 255, 255}, color.NRGBA{0, 0, 0, 255}
	if contrast(c, white) > contrast(c, black) {
		return white
	}
	return black
}
