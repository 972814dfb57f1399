package render

import (
	"cmp"
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// pennant is a label above the axes, where it covers no data. That of an upright
// rule stands beside the rule's end like a pennant at its mast; that of a span
// stands on a bar as long as the span. Those that would overlap fly at
// different levels.
type pennant struct {
	mark
	text   string
	width  vg.Length // of the text
	x0, x1 vg.Length // mast, or ends of the span
	left   bool      // the text is left of the mast
	textAt vg.Length
	from   vg.Length // the room it takes, to
	to     vg.Length
	level  int // from 0, the one next to the axes
}

// Limits of the pennants; the labels of others are only shown when hovered over.
const (
	maxPennants   = 40
	pennantLevels = 6
	pennantHeight = 10.5
	pennantText   = 40 // characters
	mastGap       = 3
)

// findPennants arranges the labels above the axes.
func (s *panel) findPennants(inner draw.Canvas) (pennants []pennant, more int) {
	sty := textStyle(tickSize, s.theme.ink)
	for _, m := range s.marks {
		f := pennant{mark: m, text: shortened(unbroken(m.Label), pennantText)}
		var ok bool
		switch m.Kind {
		case plots.MarkRuleX:
			f.x0, ok = axisAt(&inner, s.plot.X, m.X, true)
			f.x1 = f.x0
		case plots.MarkSpanX:
			f.x0, f.x1, ok = axisSpan(&inner, s.plot.X, m.X, m.X1, true)
		}
		if !ok || f.text == "" {
			continue
		}
		if len(pennants) == maxPennants {
			more++
			continue
		}
		f.width = sty.Width(f.text)
		beside := max(inner.Max.X-f.x0, f.x0-inner.Min.X) - mastGap
		if m.Kind == plots.MarkSpanX {
			beside = inner.Max.X - inner.Min.X
		}
		for n := len([]rune(f.text)); n > 1 && f.width > beside; n-- {
			f.text = shortened(f.text, n-1)
			f.width = sty.Width(f.text)
		}
		pennants = append(pennants, f)
	}
	hoist(pennants, inner.Min.X, inner.Max.X)
	n := len(pennants)
	pennants = slices.DeleteFunc(pennants, func(f pennant) bool { return f.level >= pennantLevels })
	return pennants, more + n - len(pennants)
}

// hoist gives pennants their sides and levels: of rules in the order of their
// places the first so many have the text on the right and the rest on the
// left, so that it stays within lo and hi and the levels are fewest.
func hoist(pennants []pennant, lo, hi vg.Length) {
	slices.SortStableFunc(pennants, func(a, b pennant) int { return cmp.Compare(a.x0, b.x0) })
	best, fewest := -1, 0
	for turn := len(pennants); turn >= 0; turn-- {
		if !placePennants(pennants, turn, lo, hi) {
			continue
		}
		if n, ok := raisePennants(pennants); ok && (best < 0 || n < fewest) {
			best, fewest = turn, n
		}
	}
	if best < 0 { // labels wider than half of the axes
		best = slices.IndexFunc(pennants, func(f pennant) bool { return f.x0+mastGap+f.width > hi })
	}
	placePennants(pennants, best, lo, hi)
	raisePennants(pennants)
}

// placePennants puts the texts beside their masts, from the turn-th on to the left,
// and reports whether they all fit.
func placePennants(pennants []pennant, turn int, lo, hi vg.Length) (fits bool) {
	fits = true
	for i := range pennants {
		f := &pennants[i]
		f.left = i >= turn
		switch {
		case f.Kind == plots.MarkSpanX:
			f.textAt = (f.x0 + f.x1 - f.width) / 2
		case f.left:
			f.textAt = f.x0 - mastGap - f.width
		default:
			f.textAt = f.x0 + mastGap
		}
		inside := max(min(f.textAt, hi-f.width), lo)
		fits = fits && (inside == f.textAt || f.Kind == plots.MarkSpanX)
		f.textAt = inside
		f.from, f.to = min(f.x0, f.textAt), max(f.x1, f.textAt+f.width)
	}
	return fits
}

// raisePennants lifts pennants above those that they may not meet, and returns the number
// of levels. It fails if two masts would each cross the other's text.
func raisePennants(pennants []pennant) (levels int, ok bool) {
	for i := range pennants {
		pennants[i].level = 0
	}
	for range len(pennants) + 1 {
		changed := false
		for i := range pennants {
			for j := range i {
				above, below, clear := pennantOrder(&pennants[j], &pennants[i])
				if !clear {
					return 0, false
				}
				if above != nil && above.level <= below.level {
					above.level = below.level + 1
					changed = true
				}
			}
		}
		if !changed {
			for _, f := range pennants {
				levels = max(levels, f.level+1)
			}
			return levels, true
		}
	}
	return 0, false
}

// pennantOrder tells which of two pennants that overlap must be above the other; a has
// the lesser place. A mast reaches up to its pennant, so a pennant that it would
// cross must be above. Rules are below spans, and spans below those that they
// lie in.
func pennantOrder(a, b *pennant) (above, below *pennant, clear bool) {
	const apart = 4
	if a.to+apart < b.from || b.to+apart < a.from {
		return nil, nil, true
	}
	spanA, spanB := a.Kind == plots.MarkSpanX, b.Kind == plots.MarkSpanX
	switch {
	case spanA && spanB:
		if a.Depth > b.Depth {
			return b, a, true
		}
		return a, b, true
	case spanA:
		return a, b, true
	case spanB:
		return b, a, true
	case !a.left && !b.left:
		return a, b, true
	case a.left && b.left:
		return b, a, true
	}
	crossesA, crossesB := b.x0 <= a.to+1, a.x0 >= b.from-1
	switch {
	case crossesA && crossesB:
		return nil, nil, false
	case crossesB:
		return b, a, true
	}
	return a, b, true
}

// pennantRoom is the height above the axes that the pennants need.
func pennantRoom(pennants []pennant, more int) vg.Length {
	levels := 0
	for _, f := range pennants {
		levels = max(levels, f.level+1)
	}
	if more > 0 {
		levels++
	}
	if levels == 0 {
		return 0
	}
	return vg.Length(levels)*pennantHeight + 2
}

// drawPennants draws the labels above the axes.
func (s *panel) drawPennants(inner draw.Canvas, pennants []pennant, more int) {
	c := &s.canvas
	sty := textStyle(tickSize, s.theme.ink)
	sty.YAlign = draw.YBottom
	levels := 0
	for _, f := range pennants {
		levels = max(levels, f.level+1)
		foot := inner.Max.Y + 2 + vg.Length(f.level)*pennantHeight
		line := draw.LineStyle{Color: f.color, Width: ruleWidth}
		s.titled(c, s.markWords(f.mark), func() {
			if f.Kind == plots.MarkSpanX {
				line.Width = 1.6
				c.StrokeLine2(line, f.x0, foot, f.x1, foot)
				foot++
			} else {
				c.StrokeLine2(line, f.x0, inner.Max.Y, f.x0, foot+pennantHeight-1.5)
			}
			pinned(c, vg.Point{X: (f.x0 + f.x1) / 2, Y: unmoved()}, func() {
				c.FillText(sty, vg.Point{X: f.textAt, Y: foot}, f.text)
			})
		})
	}
	if more > 0 {
		sty.XAlign = draw.XRight
		pinned(c, vg.Point{X: unmoved(), Y: unmoved()}, func() {
			c.FillText(sty, vg.Point{X: inner.Max.X, Y: inner.Max.Y + 2 + vg.Length(levels)*pennantHeight}, fmt.Sprintf("… and %d more labels", more))
		})
	}
}
