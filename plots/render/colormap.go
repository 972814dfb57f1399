package render

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"

	"hpgo/plots"
)

// viridis is sampled at 17 points of matplotlib's map of that name (by Smith
// and van der Walt, CC0): perceptually uniform, and safe for colour blindness.
var viridis = [...][3]uint8{
	{68, 1, 84}, {72, 24, 106}, {71, 45, 123}, {66, 64, 134}, {59, 82, 139}, {51, 99, 141}, {44, 114, 142},
	{38, 130, 142}, {33, 145, 140}, {31, 160, 136}, {40, 174, 128}, {63, 188, 115}, {94, 201, 98}, {132, 212, 75},
	{173, 220, 48}, {216, 226, 25}, {253, 231, 37},
}

// shade is the colour at t, from 0 to 1.
func shade(t float64) color.NRGBA { return sampled(viridis[:], t) }

// sampled is the colour at t, from 0 to 1, of a map given by samples.
func sampled(samples [][3]uint8, t float64) color.NRGBA {
	at := math.Min(math.Max(t, 0), 1) * float64(len(samples)-1)
	i := min(int(at), len(samples)-2)
	f := at - float64(i)
	mix := func(k int) uint8 {
		return uint8(math.Round(float64(samples[i][k])*(1-f) + float64(samples[i+1][k])*f))
	}
	return color.NRGBA{mix(0), mix(1), mix(2), 255}
}

// maxPixels limits a picture that is decoded for drawing.
const maxPixels = 64 << 20

// decodePNG reads a picture after looking at its size: the data may be foreign.
func decodePNG(data []byte) (image.Image, error) {
	cfg, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode picture: %w", err)
	}
	if cfg.Width <= 0 || cfg.Height <= 0 || cfg.Width > maxPixels/cfg.Height {
		return nil, fmt.Errorf("decode picture: %d x %d pixels are too many", cfg.Width, cfg.Height)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("decode picture: %w", err)
	}
	return img, nil
}

// heatImage colours a field, row 0 at the bottom; missing cells are clear.
func heatImage(h *plots.HeatData) (image.Image, error) {
	grey, err := decodePNG(h.Levels)
	if err != nil {
		return nil, err
	}
	b := grey.Bounds()
	colours := make(color.Palette, 256)
	colours[0] = color.NRGBA{}
	for i := 1; i < 256; i++ {
		colours[i] = shade(float64(i-1) / 254)
	}
	out := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), colours)
	for y := range b.Dy() {
		for x := range b.Dx() {
			level := color.GrayModel.Convert(grey.At(b.Min.X+x, b.Max.Y-1-y)).(color.Gray).Y
			out.SetColorIndex(x, y, level)
		}
	}
	return out, nil
}

// barImage is the strip of a colour bar, greatest on top.
func barImage() image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 1, 128))
	for y := range 128 {
		img.SetNRGBA(0, y, shade(1-float64(y)/127))
	}
	return img
}

// enlarged repeats the pixels of a small picture, so that renderers which
// smooth what they enlarge show its cells as squares.
func enlarged(img image.Image, least int) image.Image {
	b := img.Bounds()
	by := (least + max(b.Dx(), b.Dy()) - 1) / max(b.Dx(), b.Dy())
	if by <= 1 {
		return img
	}
	out := image.NewNRGBA(image.Rect(0, 0, b.Dx()*by, b.Dy()*by))
	for y := range b.Dy() * by {
		for x := range b.Dx() * by {
			out.Set(x, y, img.At(b.Min.X+x/by, b.Min.Y+y/by))
		}
	}
	return out
}
