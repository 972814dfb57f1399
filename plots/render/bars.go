package render

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// groupWidth is the part of a category's width, or of the room that there is at
// a number, that its bars fill.
const groupWidth = 0.8

// bars draws the nth of the layers that stand side by side; stacked ones share
// a place.
type bars struct {
	layer
	n int
}

// barSlots gives bar layers their places within a category.
func (s *panel) barSlots() {
	s.slots = make([]int, len(s.data.Layers))
	stack := -1
	for i, l := range s.data.Layers {
		if l.Kind != plots.KindBars {
			continue
		}
		if l.Base != nil && stack >= 0 {
			s.slots[i] = stack
			continue
		}
		s.slots[i] = s.bars
		if l.Base != nil {
			stack = s.bars
		}
		s.bars++
	}
}

// span is the range along the category axis of the bar at position at.
func (b bars) span(at float64) (lo, hi float64) {
	w := groupWidth / float64(b.panel.bars)
	lo = w*float64(b.n) - groupWidth/2
	return b.beside(at, lo+w*0.03), b.beside(at, lo+w*0.97)
}

// middle is the place of whiskers and numbers, which on a log axis isn't halfway
// between the numbers that a bar spans.
func (b bars) middle(at float64) float64 {
	return b.beside(at, groupWidth*((float64(b.n)+0.5)/float64(b.panel.bars)-0.5))
}

// beside is the place some part of a bar's room away from at.
func (b bars) beside(at, part float64) float64 {
	axis := b.panel.data.X
	if b.data.Flat {
		axis = b.panel.data.Y
	}
	return barPlace(axis, b.data, at, part)
}

func barPlace(axis plots.AxisData, l plots.LayerData, at, part float64) float64 {
	switch {
	case axis.Log:
		return min(max(at*math.Pow(10, part*l.Width), smallestLog), largestLog)
	case axis.Categories == nil:
		return at + part*l.Width
	}
	return at + part
}

// bar is one bar: its place along the category axis, and where it begins and
// ends along the other. ok is false for a gap.
func (b bars) bar(i int) (at, base, end float64, ok bool) {
	at, end = b.data.X[i], b.data.Y[i]
	if b.data.Flat {
		at, end = end, at
	}
	if b.data.Base != nil {
		base = b.data.Base[i]
	}
	return at, base, end, !math.IsNaN(at) && !math.IsNaN(base) && !math.IsNaN(end)
}

// Plot implements plot.Plotter.
func (b bars) Plot(c draw.Canvas, p *plot.Plot) {
	svg, hover := asTitled(&c)
	hover = hover && len(b.data.X) <= hoverMarks
	for i := range b.data.X {
		at, base, end, ok := b.bar(i)
		if !ok {
			continue
		}
		lo, hi := b.span(at)
		middle := b.middle(at)
		box := b.area(&c, p, lo, hi, base, end)
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
		top := end
		if b.data.Low != nil && !math.IsNaN(b.data.Low[i]) {
			b.whisker(&c, p, middle, b.data.Low[i], b.data.High[i], end)
			if top = b.data.High[i]; end < 0 {
				top = b.data.Low[i]
			}
			if free := math.Min(end, b.data.Low[i]); free > base {
				box = c.ClipPolygonXY(b.area(&c, p, lo, hi, base, free))
			}
		}
		switch {
		case b.data.Values && b.data.Base != nil && len(box) > 0:
			b.segmentNumber(&c, box, end-base)
		case b.data.Values:
			b.number(&c, p, middle, end, top)
		}
	}
}

// area is the outline of a bar. In a stack a fine gap sets segments apart, also
// for those who don't see the difference of their colours.
func (b bars) area(c *draw.Canvas, p *plot.Plot, lo, hi, base, end float64) []vg.Point {
	x, y := p.Transforms(c)
	if b.data.Flat {
		from, to := b.apart(x(base), x(end))
		return []vg.Point{{X: from, Y: y(lo)}, {X: to, Y: y(lo)}, {X: to, Y: y(hi)}, {X: from, Y: y(hi)}}
	}
	from, to := b.apart(y(base), y(end))
	return []vg.Point{{X: x(lo), Y: from}, {X: x(hi), Y: from}, {X: x(hi), Y: to}, {X: x(lo), Y: to}}
}

func (b bars) apart(from, to vg.Length) (vg.Length, vg.Length) {
	const fine = 0.6
	switch {
	case b.data.Base == nil:
	case to-from > 3*fine:
		to -= fine
	case from-to > 3*fine:
		to += fine
	}
	return from, to
}

// words describes the ith bar.
func (b bars) words(i int) string {
	at, base, end, _ := b.bar(i)
	names, values := b.panel.data.X, b.panel.data.Y
	if b.data.Flat {
		names, values = values, names
	}
	s := coordinate(names, at) + ", " + plots.SI(end-base, values.Unit)
	if b.data.Name != "" {
		return b.data.Name + ": " + s
	}
	return s
}

func bounds(pts []vg.Point) vg.Rectangle {
	r := vg.Rectangle{Min: pts[0], Max: pts[0]}
	for _, p := range pts {
		r.Min.X, r.Min.Y = min(r.Min.X, p.X), min(r.Min.Y, p.Y)
		r.Max.X, r.Max.Y = max(r.Max.X, p.X), max(r.Max.Y, p.Y)
	}
	return r
}

// whisker marks a range with a line and two caps. Where they lie on the bar,
// which goes from zero to end, they have a colour that shows on the bar's.
func (b bars) whisker(c *draw.Canvas, p *plot.Plot, at, low, high, end float64) {
	off := draw.LineStyle{Color: b.panel.theme.ink, Width: 1}
	on := off
	if !b.data.Hollow {
		on.Color = readableOn(b.look.color)
	}
	from, to := math.Min(0, end), math.Max(0, end)
	b.whiskerLine(c, p, off, at, low, math.Min(high, from))
	b.whiskerLine(c, p, on, at, math.Max(low, from), math.Min(high, to))
	b.whiskerLine(c, p, off, at, math.Max(low, to), high)
	for _, v := range []float64{low, high} {
		sty := off
		if from < v && v < to {
			sty = on
		}
		b.whiskerCap(c, p, sty, at, v)
	}
}

func (b bars) whiskerLine(c *draw.Canvas, p *plot.Plot, sty draw.LineStyle, at, low, high float64) {
	x, y := p.Transforms(c)
	switch {
	case low >= high:
	case b.data.Flat:
		c.StrokeLines(sty, c.ClipLinesXY([]vg.Point{{X: x(low), Y: y(at)}, {X: x(high), Y: y(at)}})...)
	default:
		c.StrokeLines(sty, c.ClipLinesXY([]vg.Point{{X: x(at), Y: y(low)}, {X: x(at), Y: y(high)}})...)
	}
}

func (b bars) whiskerCap(c *draw.Canvas, p *plot.Plot, sty draw.LineStyle, at, v float64) {
	x, y := p.Transforms(c)
	const reach = 3
	line := []vg.Point{{X: x(at) - reach, Y: y(v)}, {X: x(at) + reach, Y: y(v)}}
	if b.data.Flat {
		line = []vg.Point{{X: x(v), Y: y(at) - reach}, {X: x(v), Y: y(at) + reach}}
	}
	c.StrokeLines(sty, c.ClipLinesXY(line)...)
}

// stackedArea fills what a line adds to those below it.
func (l line) stackedArea(c draw.Canvas, p *plot.Plot, tops []vg.Point) {
	feet := l.points(&c, p, l.data.Base)
	for i := range feet {
		if isGap(tops[i]) {
			feet[i] = tops[i]
		}
	}
	upper, lower := runs(tops), runs(feet)
	for i := range min(len(upper), len(lower)) {
		top, foot := upper[i], lower[i]
		if l.data.Step {
			top, foot = stepped(top), stepped(foot)
		}
		outline := append([]vg.Point{}, top...)
		for j := len(foot) - 1; j >= 0; j-- {
			outline = append(outline, foot[j])
		}
		if outline = c.ClipPolygonXY(outline); len(outline) > 2 {
			c.FillPolygon(faint(l.look.color, stackAlpha), outline)
		}
	}
}

// stackAlpha is the opacity of stacked areas, which don't lie over each other.
const stackAlpha = 150
