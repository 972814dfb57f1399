package render

import (
	"image/color"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// theme is the colours that aren't data.
type theme struct {
	ink        color.NRGBA
	grid       color.NRGBA
	background color.Color // nil: transparent
}

// adaptive reads on white and on black alike: #797979 has a contrast of 4.3 to
// 1 on white and on JupyterLab's dark #111111.
func adaptive() *theme {
	return &theme{ink: color.NRGBA{0x79, 0x79, 0x79, 255}, grid: color.NRGBA{0x80, 0x80, 0x80, 64}}
}

// onWhite is for pictures with a background of their own.
func onWhite() *theme {
	return &theme{ink: color.NRGBA{0x33, 0x33, 0x33, 255}, grid: color.NRGBA{0x80, 0x80, 0x80, 64}, background: color.White}
}

// palette is Okabe and Ito's colour-blind-safe set, with the three light ones
// darkened until they have a contrast of 3 to 1 on white too.
var palette = []color.NRGBA{
	{0x00, 0x78, 0xbd, 255}, // blue
	{0xd5, 0x5e, 0x00, 255}, // vermilion
	{0x00, 0x94, 0x6c, 255}, // bluish green
	{0xc4, 0x6a, 0x9d, 255}, // reddish purple
	{0xb0, 0x7c, 0x00, 255}, // orange, darkened
	{0x2f, 0x90, 0xc9, 255}, // sky blue, darkened
	{0x8a, 0x84, 0x2a, 255}, // yellow, darkened
	{0x80, 0x80, 0x80, 255}, // grey
}

// dashes tell series apart beyond the palette's length.
var dashes = [][]vg.Length{nil, {6, 2.5}, {1.5, 2}, {6, 2, 1.5, 2}}

var markers = []draw.GlyphDrawer{
	draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, diamond{}, draw.PlusGlyph{}, draw.CrossGlyph{},
}

var hollowMarkers = []draw.GlyphDrawer{draw.RingGlyph{}, draw.SquareGlyph{}, draw.TriangleGlyph{}, openDiamond{}}

// diamond is a filled square on its corner.
type diamond struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (diamond) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, pt vg.Point) {
	c.Fill(diamondPath(sty.Radius, pt))
}

// openDiamond is its outline.
type openDiamond struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (openDiamond) DrawGlyph(c *draw.Canvas, sty draw.GlyphStyle, pt vg.Point) {
	c.SetLineStyle(draw.LineStyle{Color: sty.Color, Width: 0.8})
	c.Stroke(diamondPath(sty.Radius, pt))
}

func diamondPath(r vg.Length, pt vg.Point) vg.Path {
	r *= 1.2
	var p vg.Path
	p.Move(vg.Point{X: pt.X - r, Y: pt.Y})
	p.Line(vg.Point{X: pt.X, Y: pt.Y + r})
	p.Line(vg.Point{X: pt.X + r, Y: pt.Y})
	p.Line(vg.Point{X: pt.X, Y: pt.Y - r})
	p.Close()
	return p
}

// Sizes of text in points.
const (
	titleSize  = 11
	labelSize  = 9
	tickSize   = 8
	noteSize   = 7
	legendSize = 8.5
)

// fonts measures text; reading the font files is gonum's, once per process.
var fonts = font.NewCache(liberation.Collection())

// textStyle is text of a size, aligned from its left end and its top.
func textStyle(size vg.Length, col color.Color) text.Style {
	return text.Style{
		Color:   col,
		Font:    font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
		XAlign:  draw.XLeft,
		YAlign:  draw.YTop,
		Handler: textHandler{text.Plain{Fonts: fonts}},
	}
}

func bold(s text.Style) text.Style {
	s.Font.Weight = xfont.WeightBold
	return s
}
