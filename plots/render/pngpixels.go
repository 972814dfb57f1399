package render

import (
	"image"
	"image/color"
	"image/draw"
)

// source is a picture as premultiplied colours, read fast.
type source struct {
	rgba    *image.RGBA
	indexed *image.Paletted // instead of rgba
	colours [256]color.RGBA
}

func sourceOf(img image.Image) *source {
	switch img := img.(type) {
	case pngFile:
		return sourceOf(img.Image)
	case *image.RGBA:
		return &source{rgba: img}
	case *image.Paletted:
		p := &source{indexed: img}
		for i, c := range img.Palette {
			p.colours[i] = color.RGBAModel.Convert(c).(color.RGBA)
		}
		return p
	}
	b := img.Bounds()
	p := &source{rgba: image.NewRGBA(b)}
	draw.Draw(p.rgba, b, img, b.Min, draw.Src)
	return p
}

func (p *source) at(x, y int) color.RGBA {
	if p.indexed != nil {
		return p.colours[p.indexed.Pix[y*p.indexed.Stride+x]]
	}
	i := y*p.rgba.Stride + 4*x
	s := p.rgba.Pix[i : i+4 : i+4]
	return color.RGBA{s[0], s[1], s[2], s[3]}
}

// mean is the colour of a rectangle of pixels.
func (p *source) mean(columns, rows [2]int) color.RGBA {
	if columns[1]-columns[0] == 1 && rows[1]-rows[0] == 1 {
		return p.at(columns[0], rows[0])
	}
	var r, g, b, a, n int
	for y := rows[0]; y < rows[1]; y++ {
		for x := columns[0]; x < columns[1]; x++ {
			c := p.at(x, y)
			r, g, b, a, n = r+int(c.R), g+int(c.G), b+int(c.B), a+int(c.A), n+1
		}
	}
	half := n / 2
	return color.RGBA{uint8((r + half) / n), uint8((g + half) / n), uint8((b + half) / n), uint8((a + half) / n)}
}

// spans are, for each of n pixels, the source pixels that it covers, of m.
func spans(n, m int) [][2]int {
	out := make([][2]int, n)
	for i := range out {
		if n >= m { // enlarged: the one in its middle
			at := (2*i + 1) * m / (2 * n)
			out[i] = [2]int{at, at + 1}
			continue
		}
		from, to := i*m/n, ((i+1)*m+n-1)/n
		out[i] = [2]int{from, max(to, from+1)}
	}
	return out
}

// over lays a premultiplied colour over an opaque pixel.
func over(pix []uint8, c color.RGBA) {
	if c.A == 255 {
		pix[0], pix[1], pix[2] = c.R, c.G, c.B
		return
	}
	left := 255 - int(c.A)
	pix[0] = uint8(int(c.R) + (int(pix[0])*left+127)/255)
	pix[1] = uint8(int(c.G) + (int(pix[1])*left+127)/255)
	pix[2] = uint8(int(c.B) + (int(pix[2])*left+127)/255)
}
