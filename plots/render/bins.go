package render

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// Opacities of areas under what has an outline: those of one layer alone, and
// of several that lie over each other.
const (
	areaAlone  = 110
	areaShared = 64
)

// roomForEdges is the width from which each bin has an outline of its own.
const roomForEdges = 5

// areas is the number of histograms and densities, which share the axes.
func (s *panel) areas() int {
	n := 0
	for _, l := range s.data.Layers {
		if l.Kind == plots.KindBins || l.Kind == plots.KindLine && l.Fill {
			n++
		}
	}
	return n
}

func (l layer) areaColor() draw.LineStyle {
	if l.panel.areas() > 1 {
		return draw.LineStyle{Color: faint(l.look.color, areaShared)}
	}
	return draw.LineStyle{Color: faint(l.look.color, areaAlone)}
}

// floor is where areas stand: on zero, or at the bottom of a log axis.
func floor(c *draw.Canvas, p *plot.Plot, a plots.AxisData) vg.Length {
	if a.Log {
		return c.Min.Y
	}
	_, y := p.Transforms(c)
	return y(0)
}

// bins draws a histogram.
type bins struct{ layer }

// Plot implements plot.Plotter.
func (b bins) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	base := floor(&c, p, b.panel.data.Y)
	n := len(b.data.X)
	tops := make([]vg.Length, n)
	outline := []vg.Point{{X: x(b.data.X[0]), Y: base}}
	for i := range n {
		tops[i] = base
		if !math.IsNaN(b.data.Y[i]) {
			tops[i] = y(b.data.Y[i])
		}
		outline = append(outline, vg.Point{X: x(b.data.X[i]), Y: tops[i]}, vg.Point{X: x(b.data.Right[i]), Y: tops[i]})
	}
	outline = append(outline, vg.Point{X: outline[len(outline)-1].X, Y: base})
	if area := c.ClipPolygonXY(outline); len(area) > 2 {
		c.FillPolygon(b.areaColor().Color, area)
	}
	sty := draw.LineStyle{Color: b.look.color, Width: 0.9}
	c.StrokeLines(sty, c.ClipLinesXY(outline)...)
	edge := draw.LineStyle{Color: faint(b.look.color, 120), Width: 0.5} // not to be taken for a percentile
	if b.panel.areas() == 1 && (outline[len(outline)-1].X-outline[0].X)/vg.Length(n) >= roomForEdges {
		for i := 1; i < n; i++ {
			at := x(b.data.X[i])
			c.StrokeLines(edge, c.ClipLinesXY([]vg.Point{{X: at, Y: base}, {X: at, Y: min(tops[i-1], tops[i])}})...)
		}
	}
	b.titles(&c, p, base, tops)
}

// titles lays an unseen box with a hover title over each bin.
func (b bins) titles(c *draw.Canvas, p *plot.Plot, base vg.Length, tops []vg.Length) {
	svg, ok := asTitled(c)
	if !ok || len(tops) > hoverMarks {
		return
	}
	x, _ := p.Transforms(c)
	for i, top := range tops {
		left, right := x(b.data.X[i]), x(b.data.Right[i])
		box := c.ClipPolygonXY([]vg.Point{{X: left, Y: base}, {X: right, Y: base}, {X: right, Y: top}, {X: left, Y: top}})
		if top == base || len(box) < 3 {
			continue
		}
		svg.Begin(b.words(i))
		c.FillPolygon(faint(b.look.color, 0), box)
		svg.End()
	}
}

// words describes the ith bin.
func (b bins) words(i int) string {
	x := b.panel.data.X
	s := x.Say(b.data.X[i]) + " to " + x.Say(b.data.Right[i]) + ": " + plots.SI(b.data.Y[i], b.panel.data.Y.Unit)
	if b.data.Name != "" {
		return b.data.Name + ", " + s
	}
	return s
}

// area fills what lies below a line.
func (l line) area(c draw.Canvas, p *plot.Plot, pts []vg.Point) {
	base := floor(&c, p, l.panel.data.Y)
	for _, run := range runs(pts) {
		if l.data.Step {
			run = stepped(run)
		}
		outline := append([]vg.Point{{X: run[0].X, Y: base}}, run...)
		outline = append(outline, vg.Point{X: run[len(run)-1].X, Y: base})
		if outline = c.ClipPolygonXY(outline); len(outline) > 2 {
			c.FillPolygon(l.areaColor().Color, outline)
		}
	}
}
