package render

import (
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// plateInk is the text on plates, which stand behind labels on pictures.
var (
	plate    = color.NRGBA{255, 255, 255, 215}
	plateInk = color.NRGBA{0x22, 0x22, 0x22, 255}
)

// Costs of a label's place, by what it would cover. A later candidate costs a
// little, too, so that the first free one is taken.
const (
	costLabel = 1000
	costRule  = 100
	costBar   = 8
	costPoint = 2
	costLater = 1
)

// placer finds places for labels within the axes.
type placer struct {
	inside vg.Rectangle
	labels []vg.Rectangle // labels and crosses so far
	rules  []vg.Rectangle
	bars   []vg.Rectangle
	points []vg.Point // of the data, dense enough to hit what covers them
}

func overlap(a, b vg.Rectangle) bool {
	return a.Min.X < b.Max.X && b.Min.X < a.Max.X && a.Min.Y < b.Max.Y && b.Min.Y < a.Max.Y
}

// best is the candidate that covers the least, moved inside the axes.
func (p *placer) best(candidates []vg.Rectangle) vg.Rectangle {
	var best vg.Rectangle
	least := math.Inf(1)
	for i, r := range candidates {
		r = p.moved(r)
		cost := float64(i) * costLater
		for _, o := range p.labels {
			if overlap(r, o) {
				cost += costLabel
			}
		}
		for _, o := range p.rules {
			if overlap(r, o) {
				cost += costRule
			}
		}
		for _, o := range p.bars {
			if overlap(r, o) {
				cost += costBar
			}
		}
		for _, o := range p.points {
			if o.X > r.Min.X && o.X < r.Max.X && o.Y > r.Min.Y && o.Y < r.Max.Y {
				cost += costPoint
			}
		}
		if cost < least {
			best, least = r, cost
		}
	}
	p.labels = append(p.labels, best)
	return best
}

// moved is the rectangle shifted inside the axes.
func (p *placer) moved(r vg.Rectangle) vg.Rectangle {
	dx := max(p.inside.Min.X-r.Min.X, 0) + min(p.inside.Max.X-r.Max.X, 0)
	dy := max(p.inside.Min.Y-r.Min.Y, 0) + min(p.inside.Max.Y-r.Max.Y, 0)
	return r.Add(vg.Point{X: dx, Y: dy})
}

// occupied tells the placer what the layers and annotations cover.
func (s *panel) occupied(inner draw.Canvas) *placer {
	p := &placer{inside: inner.Rectangle}
	p.inside.Min.X, p.inside.Max.X = p.inside.Min.X+2, p.inside.Max.X-2
	for _, m := range s.marks {
		x, inX := axisAt(&inner, s.plot.X, m.X, true)
		y, inY := axisAt(&inner, s.plot.Y, m.Y, false)
		switch {
		case m.Kind == plots.MarkRuleX && inX:
			p.rules = append(p.rules, vg.Rectangle{Min: vg.Point{X: x - 1, Y: inner.Min.Y}, Max: vg.Point{X: x + 1, Y: inner.Max.Y}})
		case m.Kind == plots.MarkRuleY && inY:
			p.rules = append(p.rules, vg.Rectangle{Min: vg.Point{X: inner.Min.X, Y: y - 0.5}, Max: vg.Point{X: inner.Max.X, Y: y + 0.5}})
		case m.Kind == plots.MarkPeak && inX && inY:
			p.labels = append(p.labels, around(vg.Point{X: x, Y: y}, crossReach))
		}
	}
	for _, l := range s.data.Layers {
		s.occupy(p, &inner, l)
	}
	return p
}

func around(at vg.Point, r vg.Length) vg.Rectangle {
	return vg.Rectangle{Min: vg.Point{X: at.X - r, Y: at.Y - r}, Max: vg.Point{X: at.X + r, Y: at.Y + r}}
}

// maxObstacles limits the points that labels keep off; a cloud of more leaves
// no free place anyway.
const maxObstacles = 5000

func (s *panel) occupy(p *placer, inner *draw.Canvas, l plots.LayerData) {
	var before vg.Point
	joined := false
	for i := range l.X {
		if i >= len(l.Y) || len(p.points) > maxObstacles {
			return
		}
		x, inX := axisAt(inner, s.plot.X, l.X[i], true)
		y, inY := axisAt(inner, s.plot.Y, l.Y[i], false)
		if !inX || !inY {
			joined = false
			continue
		}
		here := vg.Point{X: x, Y: y}
		switch l.Kind {
		case plots.KindBars, plots.KindBins:
			p.bars = append(p.bars, s.barArea(inner, l, i, here))
		case plots.KindLine:
			if joined {
				p.along(before, here)
			}
		}
		p.points = append(p.points, here)
		before, joined = here, true
	}
}

// barArea is about what a bar or bin covers, from its end down to zero.
func (s *panel) barArea(inner *draw.Canvas, l plots.LayerData, i int, end vg.Point) vg.Rectangle {
	r := vg.Rectangle{Min: end, Max: end}
	switch {
	case l.Kind == plots.KindBins:
		if i < len(l.Right) {
			r.Max.X, _ = axisAt(inner, s.plot.X, math.Min(l.Right[i], s.plot.X.Max), true)
		}
		r.Min.Y = inner.Min.Y
	case l.Flat:
		half := inner.Y(s.plot.Y.Norm(l.Y[i])) - inner.Y(s.plot.Y.Norm(barPlace(s.data.Y, l, l.Y[i], groupWidth/2)))
		r.Min.Y, r.Max.Y = end.Y-half, end.Y+half
		r.Min.X, _ = axisAt(inner, s.plot.X, math.Max(0, s.plot.X.Min), true)
	default:
		half := inner.X(s.plot.X.Norm(barPlace(s.data.X, l, l.X[i], groupWidth/2))) - inner.X(s.plot.X.Norm(l.X[i]))
		r.Min.X, r.Max.X = end.X-half, end.X+half
		r.Min.Y, _ = axisAt(inner, s.plot.Y, math.Max(0, s.plot.Y.Min), false)
	}
	return vg.Rectangle{
		Min: vg.Point{X: min(r.Min.X, r.Max.X), Y: min(r.Min.Y, r.Max.Y)},
		Max: vg.Point{X: max(r.Min.X, r.Max.X), Y: max(r.Min.Y, r.Max.Y)},
	}
}

// along adds points on a line, one every few points of length.
func (p *placer) along(a, b vg.Point) {
	const every = 4
	d := b.Sub(a)
	n := int(math.Hypot(float64(d.X), float64(d.Y)) / every)
	for i := 1; i < n && len(p.points) <= maxObstacles; i++ {
		p.points = append(p.points, a.Add(d.Scale(vg.Length(i)/vg.Length(n))))
	}
}

// drawLabels writes the labels within the axes: those of level rules and
// spans, and of places.
func (s *panel) drawLabels(inner draw.Canvas) {
	p := s.occupied(inner)
	sty := textStyle(tickSize, s.theme.ink)
	for _, m := range s.marks {
		lines := s.labelLines(m, inner)
		if len(lines) == 0 {
			continue
		}
		size := vg.Point{Y: vg.Length(len(lines)) * tickSize * 1.2}
		for _, line := range lines {
			size.X = max(size.X, sty.Width(line))
		}
		candidates := s.candidates(m, &inner, size)
		if len(candidates) == 0 {
			continue
		}
		pinned(&s.canvas, s.markPlace(m, &inner), func() { s.label(m, p.best(candidates), lines) })
	}
}

// labelLines breaks a long label, which must not run across the figure.
func (s *panel) labelLines(m mark, inner draw.Canvas) []string {
	if m.Kind == plots.MarkRuleX || m.Kind == plots.MarkSpanX || unbroken(m.Label) == "" {
		return nil
	}
	const most = 4
	sty := textStyle(tickSize, s.theme.ink)
	width := (inner.Max.X - inner.Min.X) * 0.45
	var lines []string
	for line := range strings.Lines(m.Label) {
		lines = append(lines, wrapped(line, func(t string) bool { return sty.Width(t) <= width })...)
	}
	if len(lines) > most {
		lines = append(lines[:most-1], lines[most-1]+" …")
	}
	for i := range lines {
		lines[i] = shortened(lines[i], 60)
	}
	return lines
}

// candidates are the places for a label of a size, the best first.
func (s *panel) candidates(m mark, inner *draw.Canvas, size vg.Point) []vg.Rectangle {
	const gap = 2
	var out []vg.Rectangle
	add := func(x, y vg.Length) {
		low := vg.Point{X: x, Y: y}
		out = append(out, vg.Rectangle{Min: low, Max: low.Add(size)})
	}
	// Along a level line: from the right end to the left.
	along := func(ys ...vg.Length) {
		left, right := inner.Min.X+gap, inner.Max.X-size.X-gap
		for i := range 7 {
			for _, y := range ys {
				add(right-(right-left)*vg.Length(i)/6, y)
			}
		}
	}
	switch m.Kind {
	case plots.MarkRuleY:
		if y, ok := axisAt(inner, s.plot.Y, m.Y, false); ok {
			along(y+1, y-1-size.Y)
		}
	case plots.MarkSpanY:
		if box, ok := m.box(inner, s.plot); ok && box.Max.Y-box.Min.Y >= size.Y {
			along(box.Max.Y-size.Y, box.Min.Y, (box.Min.Y+box.Max.Y-size.Y)/2)
		} else if ok {
			along(box.Max.Y, box.Min.Y-size.Y)
		}
	default:
		x, inX := axisAt(inner, s.plot.X, m.X, true)
		y, inY := axisAt(inner, s.plot.Y, m.Y, false)
		if !inX || !inY {
			return nil
		}
		r := vg.Length(gap)
		if m.Kind == plots.MarkPeak {
			r += crossReach
		}
		add(x-size.X/2, y+r)
		add(x+r, y-size.Y/2)
		add(x-r-size.X, y-size.Y/2)
		add(x-size.X/2, y-r-size.Y)
		add(x+r, y+r)
		add(x-r-size.X, y+r)
		add(x+r, y-r-size.Y)
		add(x-r-size.X, y-r-size.Y)
	}
	return out
}

// markPlace is where the label of an annotation is pinned.
func (s *panel) markPlace(m mark, inner *draw.Canvas) vg.Point {
	at := vg.Point{X: unmoved(), Y: unmoved()}
	if m.Kind == plots.MarkSpanY {
		if box, ok := m.box(inner, s.plot); ok {
			at.Y = (box.Min.Y + box.Max.Y) / 2
		}
		return at
	}
	if y, ok := axisAt(inner, s.plot.Y, m.Y, false); ok {
		at.Y = y
	}
	if x, ok := axisAt(inner, s.plot.X, m.X, true); ok && m.Kind != plots.MarkRuleY {
		at.X = x
	}
	return at
}

// label writes a label, on a plate where a picture is behind it.
func (s *panel) label(m mark, box vg.Rectangle, lines []string) {
	c := &s.canvas
	sty := textStyle(tickSize, s.theme.ink)
	if s.overPicture() {
		grown := box
		grown.Min.X, grown.Max.X = grown.Min.X-2, grown.Max.X+2
		c.FillPolygon(plate, corners(grown))
		sty.Color = plateInk
	}
	y := box.Max.Y
	for _, line := range lines {
		c.FillText(sty, vg.Point{X: box.Min.X, Y: y}, line)
		y -= tickSize * 1.2
	}
}

// unbroken is a label on one line.
func unbroken(s string) string { return strings.Join(strings.Fields(s), " ") }
