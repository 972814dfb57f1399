package render

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// groupWidth is the part of a category's width that its bars fill.
const groupWidth = 0.8

// bars draws the nth of the layers that stand side by side.
type bars struct {
	layer
	n int
}

// span is the range along the category axis of the bar at position at.
func (b bars) span(at float64) (lo, hi float64) {
	w := groupWidth / float64(b.panel.bars)
	lo = at - groupWidth/2 + w*float64(b.n)
	return lo + w*0.03, lo + w*0.97
}

// Plot implements plot.Plotter.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	svg, hover := asTitled(&c)
	hover = hover && len(b.data.X) <= hoverMarks
	for i := range b.data.X {
		at, v := b.data.X[i], b.data.Y[i]
		if b.data.Flat {
			at, v = v, at
		}
		if math.IsNaN(at) || math.IsNaN(v) {
			continue
		}
		lo, hi := b.span(at)
		box := []vg.Point{{X: x(lo), Y: y(0)}, {X: x(hi), Y: y(0)}, {X: x(hi), Y: y(v)}, {X: x(lo), Y: y(v)}}
		if b.data.Flat {
			box = []vg.Point{{X: x(0), Y: y(lo)}, {X: x(v), Y: y(lo)}, {X: x(v), Y: y(hi)}, {X: x(0), Y: y(hi)}}
		}
		if box = c.ClipPolygonXY(box); len(box) == 0 {
			continue
		}
		if hover {
			svg.Begin(b.words(i))
		}
		drawBox(&c, box, b.look, b.data.Hollow)
		if hover {
			svg.End()
		}
		end := v
		if b.data.Low != nil && !math.IsNaN(b.data.Low[i]) {
			b.whisker(&c, p, (lo+hi)/2, b.data.Low[i], b.data.High[i])
			end = b.data.High[i]
		}
		if b.data.Values {
			b.number(&c, p, (lo+hi)/2, v, end)
		}
	}
}

// whisker marks a range with a line and two caps.
func (b bars) whisker(c *draw.Canvas, p *plot.Plot, at, low, high float64) {
	x, y := p.Transforms(c)
	sty := draw.LineStyle{Color: b.panel.theme.ink, Width: 1}
	const cap = 3
	segments := [][]vg.Point{
		{{X: x(at), Y: y(low)}, {X: x(at), Y: y(high)}},
		{{X: x(at) - cap, Y: y(low)}, {X: x(at) + cap, Y: y(low)}},
		{{X: x(at) - cap, Y: y(high)}, {X: x(at) + cap, Y: y(high)}},
	}
	if b.data.Flat {
		segments = [][]vg.Point{
			{{X: x(low), Y: y(at)}, {X: x(high), Y: y(at)}},
			{{X: x(low), Y: y(at) - cap}, {X: x(low), Y: y(at) + cap}},
			{{X: x(high), Y: y(at) - cap}, {X: x(high), Y: y(at) + cap}},
		}
	}
	c.StrokeLines(sty, c.ClipLinesXY(segments...)...)
}

// number writes a bar's value beyond its end.
func (b bars) number(c *draw.Canvas, p *plot.Plot, at, v, end float64) {
	x, y := p.Transforms(c)
	sty := textStyle(noteSize, b.panel.theme.ink)
	pt := vg.Point{X: x(at), Y: y(end) + 2}
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YBottom
	unit := b.panel.data.Y.Unit
	if v < 0 {
		pt.Y, sty.YAlign = y(end)-2, draw.YTop
	}
	if b.data.Flat {
		unit = b.panel.data.X.Unit
		pt = vg.Point{X: x(end) + 3, Y: y(at)}
		sty.XAlign, sty.YAlign = draw.XLeft, draw.YCenter
		if v < 0 {
			pt.X, sty.XAlign = x(end)-3, draw.XRight
		}
	}
	pinned(c, vg.Point{X: x(at), Y: y(end)}, func() { c.FillText(sty, pt, plots.SI(v, unit)) })
}

// GlyphBoxes keeps room for the numbers beyond the bars.
func (b bars) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	if !b.data.Values {
		return nil
	}
	sty := textStyle(noteSize, b.panel.theme.ink)
	var boxes []plot.GlyphBox
	for i := range b.data.X {
		if math.IsNaN(b.data.X[i]) || math.IsNaN(b.data.Y[i]) {
			continue
		}
		end := b.data.Y[i]
		if b.data.Flat {
			end = b.data.X[i]
		}
		width := sty.Width(plots.SI(end, b.panel.data.X.Unit)) + 6
		if b.data.High != nil && !math.IsNaN(b.data.High[i]) {
			end = b.data.High[i]
		}
		box := plot.GlyphBox{X: p.X.Norm(b.data.X[i]), Y: p.Y.Norm(end),
			Rectangle: vg.Rectangle{Max: vg.Point{Y: noteSize + 3}}}
		if b.data.Flat {
			box = plot.GlyphBox{X: p.X.Norm(end), Y: p.Y.Norm(b.data.Y[i]), Rectangle: vg.Rectangle{Max: vg.Point{X: width}}}
		}
		boxes = append(boxes, box)
	}
	return boxes
}
