package render

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Ticks of a rug, in points. Those nearer to each other than a quarter of their
// width would look like one and are drawn as one.
const (
	rugHeight = 6
	rugWidth  = 1.2
)

// rug draws ticks along the x axis.
type rug struct{ layer }

// Plot implements plot.Plotter.
func (r rug) Plot(c draw.Canvas, p *plot.Plot) {
	x, _ := p.Transforms(&c)
	svg, hover := asTitled(&c)
	hover = hover && len(r.data.X) <= hoverMarks
	sty := draw.LineStyle{Color: r.look.color, Width: rugWidth}
	last := c.Min.X - rugWidth
	for _, v := range slices.Sorted(slices.Values(r.data.X)) {
		at := x(v)
		if !(at >= c.Min.X && at <= c.Max.X) || at-last < rugWidth/4 {
			continue
		}
		last = at
		if hover {
			svg.Begin(fmt.Sprintf("%s: %s", r.data.Name, r.panel.data.X.Say(v)))
		}
		pinned(&c, vg.Point{X: at, Y: unmoved()}, func() { c.StrokeLine2(sty, at, c.Min.Y, at, c.Min.Y+rugHeight) })
		if hover {
			svg.End()
		}
	}
}

// rugSample is a rug in the legend.
func rugSample(c *draw.Canvas, l look, x, y vg.Length) {
	for _, at := range []vg.Length{2, 7, 9.5, 16} {
		c.StrokeLine2(draw.LineStyle{Color: l.color, Width: rugWidth}, x+at, y-rugHeight/2, x+at, y+rugHeight/2)
	}
}
