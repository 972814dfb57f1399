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

// shade is the colour at t, from 0 to 1, of an ordinary field.
func shade(t float64) color.NRGBA { return sampled(viridis[:], t) }

// colors is the map of a field.
func colors(h *plots.HeatData) func(t float64) color.NRGBA {
	if h.Diverging {
		return diverging
	}
	return shade
}

// Ends of the diverging map in OKLCh: both are as dark and as strong, so that
// equal distances from zero look equal. Blue and red differ for all kinds of
// colour blindness.
const (
	middleLight = 0.97
	endLight    = 0.40
	endChroma   = 0.14
	belowHue    = 260 // degrees: blue
	aboveHue    = 35  // brick red
)

// diverging is the colour at t from 0 to 1, where 0.5 is neutral. Each half is
// a straight line in OKLab (Ottosson, A perceptual color space for image
// processing, 2020), so equal steps look equal.
func diverging(t float64) color.NRGBA {
	far := 2*math.Min(math.Max(t, 0), 1) - 1
	hue := aboveHue * math.Pi / 180
	if far < 0 {
		far, hue = -far, belowHue*math.Pi/180
	}
	chroma := endChroma * far
	return okLab(middleLight+(endLight-middleLight)*far, chroma*math.Cos(hue), chroma*math.Sin(hue))
}

// okLab converts a colour to sRGB with Ottosson's matrices.
func okLab(light, a, b float64) color.NRGBA {
	cube := func(v float64) float64 { return v * v * v }
	l := cube(light + 0.3963377774*a + 0.2158037573*b)
	m := cube(light - 0.1055613458*a - 0.0638541728*b)
	s := cube(light - 0.0894841775*a - 1.2914855480*b)
	encoded := func(v float64) uint8 {
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		return uint8(math.Round(255 * math.Min(math.Max(v, 0), 1)))
	}
	return color.NRGBA{
		encoded(4.0767416621*l - 3.3077115913*m + 0.2309699292*s),
		encoded(-1.2684380046*l + 2.6097574011*m - 0.3413193965*s),
		encoded(-0.0041960863*l - 0.7034186147*m + 1.7076147010*s),
		255,
	}
}

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

// pngFile is a picture with the file that it was read from, so that it needn't
// be compressed again.
type pngFile struct {
	image.Image
	data []byte
}

// heatImage colours a field, its last row at the top; missing cells are clear.
func heatImage(h *plots.HeatData) (image.Image, error) {
	grey, err := decodePNG(h.Levels)
	if err != nil {
		return nil, err
	}
	b := grey.Bounds()
	colours := make(color.Palette, 256)
	colours[0] = color.NRGBA{}
	for i := 1; i < 256; i++ {
		colours[i] = colors(h)(float64(i-1) / 254)
	}
	out := image.NewPaletted(image.Rect(0, 0, b.Dx(), b.Dy()), colours)
	if levels, ok := grey.(*image.Gray); ok { // as the encoder writes it
		for y := range b.Dy() {
			row := levels.PixOffset(b.Min.X, b.Max.Y-1-y)
			copy(out.Pix[y*out.Stride:], levels.Pix[row:row+b.Dx()])
		}
		return out, nil
	}
	for y := range b.Dy() {
		for x := range b.Dx() {
			level := color.GrayModel.Convert(grey.At(b.Min.X+x, b.Max.Y-1-y)).(color.Gray).Y
			out.SetColorIndex(x, y, level)
		}
	}
	return out, nil
}

// barImage is the strip of a colour bar, greatest on top.
func barImage(h *plots.HeatData) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 1, 128))
	for y := range 128 {
		img.SetNRGBA(0, y, colors(h)(1-float64(y)/127))
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
	if file, ok := img.(pngFile); ok {
		img = file.Image
	}
	size := image.Rect(0, 0, b.Dx()*by, b.Dy()*by)
	if few, ok := img.(*image.Paletted); ok {
		out := image.NewPaletted(size, few.Palette)
		for y := range size.Max.Y {
			for x := range size.Max.X {
				out.Pix[y*out.Stride+x] = few.Pix[y/by*few.Stride+x/by]
			}
		}
		return out
	}
	out := image.NewNRGBA(size)
	for y := range b.Dy() {
		for x := range b.Dx() {
			c := color.NRGBAModel.Convert(img.At(b.Min.X+x, b.Min.Y+y)).(color.NRGBA)
			for k := range by * by {
				out.SetNRGBA(x*by+k%by, y*by+k/by, c)
			}
		}
	}
	return out
}
