package render

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// shadeAlpha is the opacity of shades behind all rows; those that would be
// narrower than a line are opaque lines over the rows.
const (
	shadeAlpha = 60
	shadeLine  = 0.8 // points
)

// shades draws the spans that concern all rows, as a garbage collection does:
// the wide ones or the narrow ones.
func (t *timeline) shades(narrow bool) {
	svg, hover := asTitled(&t.canvas)
	for _, s := range t.data.Spans {
		if s.Row >= 0 {
			continue
		}
		box := vg.Rectangle{Min: vg.Point{X: t.x(s.From), Y: t.body.Min.Y}, Max: vg.Point{X: t.x(s.To), Y: t.body.Max.Y}}
		if narrow != (box.Max.X-box.Min.X < shadeLine) {
			continue
		}
		alpha := uint8(shadeAlpha)
		if narrow {
			box.Max.X, alpha = box.Min.X+shadeLine, 255
		}
		if hover {
			svg.Begin(t.words(s))
		}
		t.canvas.FillPolygon(faint(colorOf(t.data.Kinds[s.Kind]), alpha), corners(box))
		if hover {
			svg.End()
		}
	}
}

// box is the place of a span.
func (t *timeline) box(s plots.GanttSpan) vg.Rectangle {
	top := t.top(s.Row, s.Depth)
	inset := min(t.pitch*0.1, 1.5)
	b := vg.Rectangle{Min: vg.Point{X: t.x(s.From), Y: top - t.pitch + inset}, Max: vg.Point{X: t.x(s.To), Y: top - inset}}
	if b.Max.X-b.Min.X > 3 {
		b.Max.X -= 0.5 // keeps it apart from the next
	}
	b.Max.X = max(b.Max.X, b.Min.X+leastSpan)
	return b
}

// fill draws a span in the look of its kind.
func (t *timeline) fill(kind plots.GanttKind, b vg.Rectangle) {
	c := colorOf(kind)
	switch kind.Look {
	case plots.LookThin:
		b.Min.Y, b.Max.Y = thinBand(b.Min.Y, b.Max.Y)
	case plots.LookOutline:
		t.canvas.FillPolygon(faint(c, 36), corners(b))
		b.Min.X, b.Max.X, b.Min.Y, b.Max.Y = b.Min.X+0.4, max(b.Max.X-0.4, b.Min.X+0.5), b.Min.Y+0.4, b.Max.Y-0.4
		t.canvas.StrokeLines(draw.LineStyle{Color: c, Width: 0.8}, append(corners(b), b.Min))
		return
	}
	t.canvas.FillPolygon(c, corners(b))
}

// thinBand is the part of a lane that a thin span fills.
func thinBand(low, high vg.Length) (vg.Length, vg.Length) {
	d := (high - low) * 0.34
	return low + d, high - d
}

// spans draws the spans of all rows. In SVG, the longest have hover titles of
// their own, and the others are one path for each kind in a row, which keeps
// the file small.
func (t *timeline) spans() {
	svg, ok := asTitled(&t.canvas)
	bander, _ := svg.(interface {
		Bands(from, to []vg.Length, low, high vg.Length)
	})
	least := longest(t.data.Spans, hoverSpans)
	var short []plots.GanttSpan
	for _, s := range t.data.Spans {
		switch {
		case s.Row < 0:
		case bander != nil && least > 0 && s.To-s.From <= least:
			short = append(short, s)
		default:
			b := t.box(s)
			if ok {
				svg.Begin(t.words(s))
			}
			t.fill(t.data.Kinds[s.Kind], b)
			t.nameIn(s, b)
			if ok {
				svg.End()
			}
		}
	}
	if len(short) > 0 {
		t.bands(svg, bander.Bands, short)
	}
}

// bands draws short spans, one path for those of a kind in a lane.
func (t *timeline) bands(svg titled, draw func(from, to []vg.Length, low, high vg.Length), spans []plots.GanttSpan) {
	type lane struct{ row, depth, kind int }
	type ends struct{ from, to []vg.Length }
	paths := map[lane]*ends{}
	var order []lane
	for _, s := range spans {
		at := lane{s.Row, s.Depth, s.Kind}
		if paths[at] == nil {
			paths[at] = &ends{}
			order = append(order, at)
		}
		b := t.box(s)
		paths[at].from, paths[at].to = append(paths[at].from, b.Min.X), append(paths[at].to, b.Max.X)
	}
	for _, at := range order {
		kind, p := t.data.Kinds[at.kind], paths[at]
		b := t.box(plots.GanttSpan{Row: at.row, Depth: at.depth})
		low, high := b.Min.Y, b.Max.Y
		c := colorOf(kind)
		switch kind.Look {
		case plots.LookThin:
			low, high = thinBand(low, high)
		case plots.LookOutline:
			c = faint(c, 150)
		}
		svg.Begin(strings.TrimSuffix(fmt.Sprintf("%s: %d short spans, %s", t.data.Rows[at.row], len(p.from), kind.Name), ", "))
		t.canvas.SetColor(c)
		draw(p.from, p.to, low, high)
		svg.End()
	}
}

// Bands draws bars of one height from and to places on the x axis, as dashes
// of one wide line: a tenth of the size of as many boxes.
func (c *svgCanvas) Bands(from, to []vg.Length, low, high vg.Length) {
	var d strings.Builder
	for i := range from {
		x, y := c.page(from[i].Points(), (low+high).Points()/2)
		d.WriteString("M" + num(math.Round(x*10)/10) + " " + num(y) + "h" + num((to[i] - from[i]).Points()))
	}
	fmt.Fprintf(&c.buf, `<path d="%s" fill="none"%s stroke-width="%s"/>`+"\n", d.String(), c.paint("stroke"), num((high - low).Points()))
}

// nameIn writes the name of a span into it, as much of it as has room.
func (t *timeline) nameIn(s plots.GanttSpan, b vg.Rectangle) {
	kind := t.data.Kinds[s.Kind]
	if s.Name == "" || s.Name == t.data.Rows[s.Row] || kind.Look == plots.LookThin || b.Max.Y-b.Min.Y < noTextBelow {
		return
	}
	sty := textStyle(spanText, t.theme.ink)
	if kind.Look != plots.LookOutline {
		sty.Color = readableOn(colorOf(kind))
	}
	sty.YAlign = draw.YCenter
	name := fitted(sty.Width, s.Name, b.Max.X-b.Min.X-4)
	if 2*len([]rune(name)) > len([]rune(s.Name)) {
		t.canvas.FillText(sty, vg.Point{X: b.Min.X + 2, Y: (b.Min.Y + b.Max.Y) / 2}, name)
	}
}

// marks draws the moments as small diamonds, black in white so that they are
// seen on any span and on both themes.
func (t *timeline) marks() {
	svg, hover := asTitled(&t.canvas)
	for _, m := range t.data.Marks {
		r := min(t.pitch*0.2, 2.5)
		at := vg.Point{X: t.x(m.At), Y: t.top(m.Row, 0) - 1.5*r} // above the names in spans
		if hover {
			svg.Begin(fmt.Sprintf("%s: %s", plots.SI(m.At, t.data.Axis.Unit), m.Name))
		}
		t.canvas.SetColor(color.White)
		t.canvas.Fill(diamondPath(r+0.8, at))
		t.canvas.SetColor(color.Black)
		t.canvas.Fill(diamondPath(r, at))
		if hover {
			svg.End()
		}
	}
}
