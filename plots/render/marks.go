package render

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// mark is an annotation with its colour.
type mark struct {
	plots.MarkData
	color color.NRGBA
	layer int // its number
}

// Looks of annotations.
const (
	ruleWidth  = 0.8 // thicker than the axes, thinner than data
	spanAlpha  = 30  // of spans; those in others add up
	crossReach = 3.5 // from the centre of a peak's cross
)

// findMarks gives the annotations their colours.
func (s *panel) findMarks() {
	for i, l := range s.data.Layers {
		if l.Kind != plots.KindMark {
			continue
		}
		m := mark{*l.Mark, s.theme.ink, i}
		if m.Coloured {
			m.color = lookOf(l.Series, false).color
		}
		s.marks = append(s.marks, m)
	}
}

// layerPart begins the part of a layer, as the interactive page knows it.
func (s *panel) layerPart(layer int) bookmark {
	return bookmark{s, layerAttribute(layer)}
}

func layerAttribute(layer int) string { return fmt.Sprintf(`data-layer="%d"`, layer) }

// overPicture reports whether a heat map or image fills the axes, on which
// neither the ink nor a shade would be seen.
func (s *panel) overPicture() bool {
	for _, l := range s.data.Layers {
		if l.Kind == plots.KindHeat || l.Kind == plots.KindImage {
			return true
		}
	}
	return false
}

// axisAt maps a place to the canvas; ok is false outside the axes.
func axisAt(c *draw.Canvas, a plot.Axis, v float64, upright bool) (pos vg.Length, ok bool) {
	if math.IsNaN(v) || v < math.Min(a.Min, a.Max) || v > math.Max(a.Min, a.Max) {
		return 0, false
	}
	if upright {
		return c.X(a.Norm(v)), true
	}
	return c.Y(a.Norm(v)), true
}

// axisSpan maps a span to the canvas, cut at the ends of the axis.
func axisSpan(c *draw.Canvas, a plot.Axis, lo, hi float64, upright bool) (from, to vg.Length, ok bool) {
	if lo > hi {
		lo, hi = hi, lo
	}
	lo, hi = math.Max(lo, a.Min), math.Min(hi, a.Max)
	if !(lo <= hi) {
		return 0, 0, false
	}
	from, _ = axisAt(c, a, lo, upright)
	to, _ = axisAt(c, a, hi, upright)
	return min(from, to), max(from, to), true
}

// box is the area of a span on the canvas.
func (m mark) box(c *draw.Canvas, p *plot.Plot) (vg.Rectangle, bool) {
	box := c.Rectangle
	var ok bool
	if m.Kind == plots.MarkSpanX {
		box.Min.X, box.Max.X, ok = axisSpan(c, p.X, m.X, m.X1, true)
	} else {
		box.Min.Y, box.Max.Y, ok = axisSpan(c, p.Y, m.Y, m.Y1, false)
	}
	return box, ok
}

// shading shades a part of the axes, below all layers.
type shading struct {
	s    *panel
	mark mark
}

// Plot implements plot.Plotter.
func (d shading) Plot(c draw.Canvas, p *plot.Plot) {
	box, ok := d.mark.box(&c, p)
	if !ok {
		return
	}
	d.s.titled(&c, d.s.markWords(d.mark), func() {
		if !d.s.overPicture() {
			c.FillPolygon(faint(d.mark.color, spanAlpha), corners(box))
			return
		}
		lines := [][]vg.Point{{box.Min, {X: box.Min.X, Y: box.Max.Y}}, {{X: box.Max.X, Y: box.Min.Y}, box.Max}}
		if d.mark.Kind == plots.MarkSpanY {
			lines = [][]vg.Point{{box.Min, {X: box.Max.X, Y: box.Min.Y}}, {{X: box.Min.X, Y: box.Max.Y}, box.Max}}
		}
		d.s.strokeMark(&c, d.mark, lines...)
	})
}

// stroked draws a rule or cross, above all layers.
type stroked struct {
	s    *panel
	mark mark
}

// Plot implements plot.Plotter.
func (d stroked) Plot(c draw.Canvas, p *plot.Plot) {
	x, inX := axisAt(&c, p.X, d.mark.X, true)
	y, inY := axisAt(&c, p.Y, d.mark.Y, false)
	var lines [][]vg.Point
	switch {
	case d.mark.Kind == plots.MarkRuleX && inX:
		lines = [][]vg.Point{{{X: x, Y: c.Min.Y}, {X: x, Y: c.Max.Y}}}
	case d.mark.Kind == plots.MarkRuleY && inY:
		lines = [][]vg.Point{{{X: c.Min.X, Y: y}, {X: c.Max.X, Y: y}}}
	case d.mark.Kind == plots.MarkPeak && inX && inY:
		const r = crossReach
		lines = [][]vg.Point{{{X: x - r, Y: y - r}, {X: x + r, Y: y + r}}, {{X: x - r, Y: y + r}, {X: x + r, Y: y - r}}}
	}
	if len(lines) == 0 {
		return
	}
	d.s.titled(&c, d.s.markWords(d.mark), func() {
		if d.mark.Kind == plots.MarkPeak {
			pinned(&c, vg.Point{X: x, Y: y}, func() { d.s.strokeMark(&c, d.mark, lines...) })
			return
		}
		d.s.strokeMark(&c, d.mark, lines...)
	})
}

// addMarks adds the annotations, each as a part of its own: the spans, or all
// others.
func (s *panel) addMarks(shade bool) {
	for _, m := range s.marks {
		isSpan := m.Kind == plots.MarkSpanX || m.Kind == plots.MarkSpanY
		if isSpan != shade {
			continue
		}
		s.plot.Add(s.layerPart(m.layer))
		if isSpan {
			s.plot.Add(shading{s, m})
		} else {
			s.plot.Add(stroked{s, m})
		}
	}
}

// strokeMark strokes an annotation's lines: over pictures dark with a light
// edge, which shows on all of their colours.
func (s *panel) strokeMark(c *draw.Canvas, m mark, lines ...[]vg.Point) {
	width := vg.Length(ruleWidth)
	if m.Kind == plots.MarkPeak {
		width = 1.4
	}
	sty := draw.LineStyle{Color: m.color, Width: width}
	if s.overPicture() {
		c.StrokeLines(draw.LineStyle{Color: color.NRGBA{255, 255, 255, 200}, Width: width + 1.6}, lines...)
		sty.Color = plateInk
	}
	c.StrokeLines(sty, lines...)
}

// titled draws something that shows a text when hovered over.
func (s *panel) titled(c *draw.Canvas, title string, drawIt func()) {
	svg, ok := asTitled(c)
	if ok {
		svg.Begin(title)
		defer svg.End()
	}
	drawIt()
}

// markWords describes an annotation.
func (s *panel) markWords(m mark) string {
	x, y := coordinate(s.data.X, m.X), coordinate(s.data.Y, m.Y)
	words := x + ", " + y
	switch m.Kind {
	case plots.MarkRuleX:
		words = x
	case plots.MarkRuleY:
		words = y
	case plots.MarkSpanX:
		words = spanWords(s.data.X, m.X, m.X1)
	case plots.MarkSpanY:
		words = spanWords(s.data.Y, m.Y, m.Y1)
	}
	if m.Label != "" {
		return m.Label + ": " + words
	}
	return words
}

func spanWords(a plots.AxisData, lo, hi float64) string {
	if a.Categories != nil { // names are covered in their full width
		lo, hi = lo+0.5, hi-0.5
	}
	return coordinate(a, lo) + " to " + coordinate(a, hi)
}

// checkMark refuses annotations that have no place.
func checkMark(l plots.LayerData) error {
	m := l.Mark
	if m == nil {
		return fmt.Errorf("no annotation")
	}
	if m.Coloured && l.Series < 0 {
		return fmt.Errorf("no colour")
	}
	if !finite(m.X) || !finite(m.Y) || !finite(m.X1) || !finite(m.Y1) {
		return fmt.Errorf("impossible place %v, %v to %v, %v", m.X, m.Y, m.X1, m.Y1)
	}
	switch m.Kind {
	case plots.MarkRuleX, plots.MarkRuleY, plots.MarkSpanX, plots.MarkSpanY, plots.MarkText, plots.MarkPeak:
		return nil
	}
	return fmt.Errorf("unknown annotation %q; a newer program made this figure", m.Kind)
}
