package render

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
)

// pen is the state of a canvas, as vg.Canvas has it: size, matrix, colour, line.
type pen struct {
	w, h  vg.Length
	now   penState
	stack []penState
}

// penState is what Push saves. The matrix maps canvas to page coordinates,
// both with y upwards: x' = a x + c y + e, y' = b x + d y + f.
type penState struct {
	a, b, c, d, e, f float64
	color            color.Color
	width            vg.Length
	dash             []vg.Length
	offset           vg.Length
}

func newPen(w, h vg.Length) pen {
	return pen{w: w, h: h, now: penState{a: 1, d: 1, color: color.Black, width: 1}}
}

// Size returns the canvas's size.
func (c *pen) Size() (vg.Length, vg.Length) { return c.w, c.h }

// SetLineWidth sets the width of strokes.
func (c *pen) SetLineWidth(w vg.Length) { c.now.width = w }

// SetLineDash sets the dashes of strokes.
func (c *pen) SetLineDash(d []vg.Length, off vg.Length) { c.now.dash, c.now.offset = d, off }

// SetColor sets the colour of strokes, fills and text.
func (c *pen) SetColor(col color.Color) {
	if col == nil {
		col = color.Black
	}
	c.now.color = col
}

// Push saves the state, which Pop restores.
func (c *pen) Push() { c.stack = append(c.stack, c.now) }

// Pop restores what Push saved.
func (c *pen) Pop() {
	c.now = c.stack[len(c.stack)-1]
	c.stack = c.stack[:len(c.stack)-1]
}

// Translate moves the origin.
func (c *pen) Translate(p vg.Point) {
	x, y := p.X.Points(), p.Y.Points()
	c.now.e += c.now.a*x + c.now.c*y
	c.now.f += c.now.b*x + c.now.d*y
}

// Scale stretches the axes.
func (c *pen) Scale(x, y float64) {
	c.now.a, c.now.b = c.now.a*x, c.now.b*x
	c.now.c, c.now.d = c.now.c*y, c.now.d*y
}

// Rotate turns the axes counterclockwise.
func (c *pen) Rotate(rad float64) {
	sin, cos := math.Sincos(rad)
	n := c.now
	c.now.a, c.now.b = n.a*cos+n.c*sin, n.b*cos+n.d*sin
	c.now.c, c.now.d = n.c*cos-n.a*sin, n.d*cos-n.b*sin
}

// page maps a point to the page, with y downwards.
func (c *pen) page(x, y float64) (float64, float64) {
	n := &c.now
	return n.a*x + n.c*y + n.e, c.h.Points() - (n.b*x + n.d*y + n.f)
}
