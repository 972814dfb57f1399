package render

import (
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"math"
	"strings"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
)

// pngCanvas is a vg.Canvas of pixels. gonum's own searches a list for each pixel
// that a path crosses on a line: a noisy line of 3,000 points took it 40 s.
type pngCanvas struct {
	pen
	img    *image.RGBA
	scale  float64 // pixels per point
	shape  *areas
	mask   []uint8
	glyphs sfnt.Buffer
	photo  bool // a picture with many colours was drawn
}

func newPNGCanvas(w, h vg.Length, dpi int, background color.Color) *pngCanvas {
	scale := float64(dpi) / 72
	size := image.Rect(0, 0, int(w.Points()*scale+0.5), int(h.Points()*scale+0.5))
	c := &pngCanvas{pen: newPen(w, h), img: image.NewRGBA(size), scale: scale,
		shape: newAreas(size.Max.X, size.Max.Y), mask: make([]uint8, size.Max.X+2)}
	draw.Draw(c.img, size, image.NewUniform(background), image.Point{}, draw.Src)
	return c
}

// pixel maps a point to the picture.
func (c *pngCanvas) pixel(p vg.Point) pixel {
	x, y := c.page(p.X.Points(), p.Y.Points())
	return pixel{float32(c.within(x * c.scale)), float32(c.within(y * c.scale))}
}

// within keeps coordinates near the picture: the rasterizer passes each line
// that a path crosses, also beyond the edges. NaN becomes a place outside.
func (c *pngCanvas) within(v float64) float64 {
	const far = 20_000
	if !(v > -far) {
		return -far
	}
	return min(v, far)
}

// Fill fills a path.
func (c *pngCanvas) Fill(p vg.Path) {
	for _, l := range c.flatten(p) {
		c.shape.polygon(l.at...)
	}
	c.paint()
}

// Stroke draws the outline of a path.
func (c *pngCanvas) Stroke(p vg.Path) {
	// The matrix of a figure only turns and moves; a stretched one has the mean.
	n := &c.now
	width := c.now.width.Points() * c.scale * math.Sqrt(math.Abs(n.a*n.d-n.b*n.c))
	if !(width > 0) {
		return
	}
	lines := c.flatten(p)
	if len(n.dash) > 0 {
		lines = c.dashed(lines)
	}
	for _, l := range lines {
		c.shape.stroke(l, float32(width/2))
	}
	c.paint()
}

// FillString writes text.
func (c *pngCanvas) FillString(f font.Face, pt vg.Point, text string) {
	if strings.TrimSpace(text) == "" || f.Face == nil {
		return
	}
	perEm := fixed.Int26_6(f.Face.UnitsPerEm())
	size := f.Font.Size.Points()
	pixels := fixed.Int26_6(math.Round(size * c.scale * 64))
	if !(pixels > 0 && pixels < 1<<16) {
		return
	}
	var before sfnt.GlyphIndex
	along := 0
	for i, r := range text {
		glyph, err := f.Face.GlyphIndex(&c.glyphs, r)
		if err != nil {
			continue
		}
		if i > 0 {
			// Advances are those by which gonum measures text.
			if kern, err := f.Face.Kern(&c.glyphs, before, glyph, perEm, 0); err == nil {
				along += int(kern)
			}
		}
		segments, err := f.Face.LoadGlyph(&c.glyphs, glyph, pixels, nil)
		if err == nil {
			c.letter(segments, vg.Point{X: pt.X + vg.Points(float64(along)*size/float64(perEm)), Y: pt.Y})
		}
		if advance, err := f.Face.GlyphAdvance(&c.glyphs, glyph, perEm, 0); err == nil {
			along += int(advance)
		}
		before = glyph
	}
	c.paint()
}

// letter adds the outline of a letter that stands at a point. In fonts y grows
// downwards.
func (c *pngCanvas) letter(segments sfnt.Segments, at vg.Point) {
	place := func(p fixed.Point26_6) pixel {
		return c.pixel(vg.Point{X: at.X + vg.Points(float64(p.X)/64/c.scale), Y: at.Y - vg.Points(float64(p.Y)/64/c.scale)})
	}
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			c.shape.close()
			c.shape.move(place(s.Args[0]))
		case sfnt.SegmentOpLineTo:
			c.shape.line(place(s.Args[0]))
		case sfnt.SegmentOpQuadTo:
			c.shape.curve(place(s.Args[0]), place(s.Args[1]))
		case sfnt.SegmentOpCubeTo:
			c.shape.curve(place(s.Args[0]), place(s.Args[1]), place(s.Args[2]))
		}
	}
	c.shape.close()
}

// paint fills the collected shapes with the pen's colour.
func (c *pngCanvas) paint() {
	ink := color.NRGBAModel.Convert(c.now.color).(color.NRGBA)
	c.shape.each(c.mask, func(y, from int, mask []uint8) {
		at := c.img.PixOffset(from, y)
		blend(c.img.Pix[at:at+4*len(mask)], mask, ink)
	})
}

// blend lays a colour over opaque pixels, as far as the mask covers each, in 32
// steps: nobody sees more at an edge, and fewer colours make smaller files.
func blend(pix, mask []uint8, ink color.NRGBA) {
	for x := 0; x < len(mask); x++ {
		cover := uint32(mask[x]&^7 | mask[x]>>5)
		if cover == 0 {
			if x+8 <= len(mask) && binary.LittleEndian.Uint64(mask[x:]) == 0 {
				x += 7
			}
			continue
		}
		p := pix[4*x : 4*x+3 : 4*x+3]
		if cover *= uint32(ink.A); cover == 255*255 {
			p[0], p[1], p[2] = ink.R, ink.G, ink.B
			continue
		}
		cover = by255(cover)
		p[0] = mixed(p[0], ink.R, cover)
		p[1] = mixed(p[1], ink.G, cover)
		p[2] = mixed(p[2], ink.B, cover)
	}
}

// mixed goes from one level to another by cover of 255.
func mixed(from, to uint8, cover uint32) uint8 {
	return uint8(by255(uint32(from)*(255-cover) + uint32(to)*cover))
}

// by255 divides products of two bytes by 255, rounded.
func by255(v uint32) uint32 { return (v + 127) * 0x8081 >> 23 }

// Dots draws many equal dots; what several cover is no darker.
func (c *pngCanvas) Dots(pts []vg.Point, radius vg.Length) {
	r := float64(radius.Points()) * c.scale
	steps := arcSteps(r, 2*math.Pi)
	ring := make([]pixel, steps)
	for i := range ring {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(steps))
		ring[i] = pixel{float32(r * cos), float32(r * sin)}
	}
	for _, p := range pts {
		at := c.pixel(p)
		c.shape.move(at.plus(ring[0]))
		for _, edge := range ring[1:] {
			c.shape.line(at.plus(edge))
		}
		c.shape.close()
	}
	c.paint()
}

// DrawImage draws a picture. Pixels stay squares when it is enlarged; when it
// is made smaller, each pixel is the mean of those that it covers.
func (c *pngCanvas) DrawImage(rect vg.Rectangle, img image.Image) {
	from, to := c.pixel(vg.Point{X: rect.Min.X, Y: rect.Max.Y}), c.pixel(vg.Point{X: rect.Max.X, Y: rect.Min.Y})
	b := img.Bounds()
	box := image.Rect(int(math.Round(float64(from.x))), int(math.Round(float64(from.y))),
		int(math.Round(float64(to.x))), int(math.Round(float64(to.y))))
	if box.Empty() || b.Empty() {
		return
	}
	c.photo = true
	src := sourceOf(img)
	columns, rows := spans(box.Dx(), b.Dx()), spans(box.Dy(), b.Dy())
	visible := box.Intersect(c.img.Bounds())
	for y := visible.Min.Y; y < visible.Max.Y; y++ {
		at := c.img.PixOffset(visible.Min.X, y)
		row := rows[y-box.Min.Y]
		for x := visible.Min.X; x < visible.Max.X; x++ {
			over(c.img.Pix[at:at+3:at+3], src.mean(columns[x-box.Min.X], row))
			at += 4
		}
	}
}
