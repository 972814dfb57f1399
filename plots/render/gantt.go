package render

import (
	"cmp"
	"fmt"
	"image/color"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// timeline is a Gantt being drawn.
type timeline struct {
	*sheet
	data  *plots.GanttData
	ticks axisTicks
	lanes []int     // of each row
	first []int     // the lane with which each row begins
	pitch vg.Length // of a lane
	area  draw.Canvas
	space vg.Length // for the row names
	body  vg.Rectangle
}

// Sizes of a timeline.
const (
	rowNameLength = 34   // characters of a row's name
	hoverSpans    = 1000 // the longest spans, which get hover titles of their own
	leastSpan     = 0.4  // points: a shorter span would not be seen
	spanText      = 7.5  // points: the size of the names in spans
	noTextBelow   = 8.5  // points: lanes lower than this have no names in them
)

// draw places legend, row names, axis and the column at the right, and the
// rows between them.
func (t *timeline) draw(area draw.Canvas) error {
	t.lanes = t.data.Lanes()
	t.first = make([]int, len(t.lanes))
	all := 0
	for r, n := range t.lanes {
		t.first[r] = all
		all += n
	}
	t.area, t.space = area, t.nameSpace(area.Max.X-area.Min.X)
	cells := t.cellSpace()
	t.body = vg.Rectangle{
		Min: vg.Point{X: area.Min.X + t.space, Y: area.Min.Y + tickMark + tickSize*1.5 + labelSize*1.5},
		Max: vg.Point{X: area.Max.X - cells, Y: area.Max.Y},
	}
	t.body.Max.Y -= t.legend(t.body.Max.Y)
	if cells > 0 {
		t.body.Max.Y -= noteSize * 1.3
	}
	width, height := t.body.Max.X-t.body.Min.X, t.body.Max.Y-t.body.Min.Y
	if !(width > 20 && height > 20) {
		return t.tooSmall()
	}
	t.pitch = height / vg.Length(all)
	axis := t.data.Axis
	axis.Min, axis.Max = padded(axis)
	t.ticks = newTicks(axis, int(width/52))
	t.livePart("redrawn")
	t.guides()
	t.shades(false)
	t.spans()
	t.shades(true)
	t.marks()
	t.livePart("axes")
	t.axis()
	t.livePart("")
	t.names()
	return nil
}

// x is where a moment lies.
func (t *timeline) x(at float64) vg.Length {
	a := t.ticks.data
	share := (at - a.Min) / (a.Max - a.Min)
	return t.body.Min.X + vg.Length(min(max(share, 0), 1))*(t.body.Max.X-t.body.Min.X)
}

// top is the upper end of a lane of a row.
func (t *timeline) top(row, lane int) vg.Length {
	return t.body.Max.Y - vg.Length(t.first[row]+min(lane, t.lanes[row]-1))*t.pitch
}

// nameSpace is the width of the row names.
func (t *timeline) nameSpace(width vg.Length) vg.Length {
	sty := textStyle(tickSize, t.theme.ink)
	widest := vg.Length(0)
	for _, name := range t.data.Rows {
		widest = max(widest, sty.Width(shortened(name, rowNameLength)))
	}
	if widest == 0 {
		return 0
	}
	return min(widest, width*0.4) + gap
}

// cellSpace is the width of the column at the right.
func (t *timeline) cellSpace() vg.Length {
	if len(t.data.Cells) == 0 {
		return 0
	}
	widest := textStyle(noteSize, t.theme.ink).Width(t.data.Column)
	sty := textStyle(tickSize, t.theme.ink)
	for _, c := range t.data.Cells {
		widest = max(widest, sty.Width(c))
	}
	return widest + gap
}

// legend draws the samples of the kinds and returns the height that they take.
func (t *timeline) legend(top vg.Length) vg.Length {
	p := &panel{sheet: t.sheet}
	sty := textStyle(legendSize, t.theme.ink)
	var entries []entry
	for k, kind := range t.data.Kinds {
		if kind.Name != "" {
			name := shortened(kind.Name, 40)
			// The series of an entry's layer carries the number of the kind.
			entries = append(entries, entry{name: name, layer: plots.LayerData{Series: k}, width: swatch + 2 + sty.Width(name)})
		}
	}
	left := t.body.Min.X
	lines := p.legendLines(entries, t.body.Max.X-left)
	if len(lines) > 1 {
		left = t.area.Min.X
		lines = p.legendLines(entries, t.area.Max.X-left)
	}
	if most := 5; len(lines) > most {
		rest := 0
		for _, line := range lines[most-1:] {
			rest += len(line)
		}
		more := entry{name: fmt.Sprintf("… %d more", rest), layer: plots.LayerData{Series: -1}}
		lines = append(lines[:most-1], []entry{more})
	}
	for _, line := range lines {
		x := left
		for _, e := range line {
			if e.layer.Series >= 0 {
				t.sample(t.data.Kinds[e.layer.Series], vg.Rectangle{Min: vg.Point{X: x, Y: top - legendSize}, Max: vg.Point{X: x + swatch - 2, Y: top - 1}})
				x += swatch + 2
			}
			t.canvas.FillText(sty, vg.Point{X: x, Y: top}, e.name)
			x += sty.Width(e.name) + 12
		}
		top -= legendSize * 1.5
	}
	if len(lines) == 0 {
		return 0
	}
	return vg.Length(len(lines))*legendSize*1.5 + gap
}

// sample draws a span of a kind in the legend.
func (t *timeline) sample(kind plots.GanttKind, box vg.Rectangle) {
	if kind.Look == plots.LookShade {
		c := colorOf(kind)
		t.canvas.FillPolygon(faint(c, shadeAlpha), corners(box))
		t.canvas.StrokeLine2(draw.LineStyle{Color: c, Width: shadeLine}, box.Min.X, box.Min.Y, box.Min.X, box.Max.Y)
		t.canvas.StrokeLine2(draw.LineStyle{Color: c, Width: shadeLine}, box.Max.X, box.Min.Y, box.Max.X, box.Max.Y)
		return
	}
	t.fill(kind, box)
}

// guides shades every second row and draws a faint line at each tick.
func (t *timeline) guides() {
	stripe := faint(t.theme.grid, 22)
	for r := range t.data.Rows {
		if r%2 == 1 {
			top := t.top(r, 0)
			t.canvas.FillPolygon(stripe, corners(vg.Rectangle{
				Min: vg.Point{X: t.body.Min.X, Y: top - vg.Length(t.lanes[r])*t.pitch}, Max: vg.Point{X: t.body.Max.X, Y: top}}))
		}
	}
	sty := draw.LineStyle{Color: t.theme.grid, Width: 0.5}
	for _, tick := range t.ticks.Ticks(t.ticks.data.Min, t.ticks.data.Max) {
		if !tick.IsMinor() {
			t.canvas.StrokeLine2(sty, t.x(tick.Value), t.body.Min.Y, t.x(tick.Value), t.body.Max.Y)
		}
	}
}

// axis draws the time axis below the rows.
func (t *timeline) axis() {
	c, sty := &t.canvas, draw.LineStyle{Color: t.theme.ink, Width: 0.6}
	y := t.body.Min.Y
	c.StrokeLine2(sty, t.body.Min.X, y, t.body.Max.X, y)
	text := textStyle(tickSize, t.theme.ink)
	text.XAlign = draw.XCenter
	for _, tick := range t.ticks.Ticks(t.ticks.data.Min, t.ticks.data.Max) {
		long := vg.Length(tickMark)
		if tick.IsMinor() {
			long /= 2
		}
		x := t.x(tick.Value)
		c.StrokeLine2(sty, x, y, x, y-long)
		c.FillText(text, vg.Point{X: x, Y: y - tickMark - 1}, tick.Label)
	}
	label := textStyle(labelSize, t.theme.ink)
	label.XAlign = draw.XCenter
	c.FillText(label, vg.Point{X: (t.body.Min.X + t.body.Max.X) / 2, Y: y - tickMark - tickSize*1.5}, t.ticks.label())
}

// names writes the names of the rows at their left and the cells at their
// right, every nth where rows are too low for all.
func (t *timeline) names() {
	size := min(vg.Length(tickSize), max(t.pitch*0.95, 5.5))
	left, right := textStyle(size, t.theme.ink), textStyle(size, t.theme.ink)
	left.XAlign, left.YAlign, right.XAlign, right.YAlign = draw.XRight, draw.YCenter, draw.XRight, draw.YCenter
	below := t.body.Max.Y + size
	for r, name := range t.data.Rows {
		middle := t.top(r, 0) - vg.Length(t.lanes[r])*t.pitch/2
		if below-middle < size*0.95 {
			continue
		}
		below = middle
		t.canvas.FillText(left, vg.Point{X: t.body.Min.X - gap, Y: middle}, fitted(left.Width, shortened(name, rowNameLength), t.space-gap))
		if r < len(t.data.Cells) {
			t.canvas.FillText(right, vg.Point{X: t.area.Max.X, Y: middle}, t.data.Cells[r])
		}
	}
	if len(t.data.Cells) > 0 {
		head := textStyle(noteSize, t.theme.ink)
		head.XAlign = draw.XRight
		t.canvas.FillText(head, vg.Point{X: t.area.Max.X, Y: t.body.Max.Y + noteSize*1.3}, t.data.Column)
	}
}

// fitted shortens a text until it has the width, to nothing if need be.
func fitted(width func(string) vg.Length, text string, most vg.Length) string {
	for n := len([]rune(text)); n > 1; n-- {
		if s := shortened(text, n); width(s) <= most {
			return s
		}
	}
	return ""
}

func corners(r vg.Rectangle) []vg.Point {
	return []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
}

func colorOf(k plots.GanttKind) color.NRGBA { return palette[k.Series%len(palette)] }

// longest is the length of the spans from which on, at most n, they get hover
// titles.
func longest(spans []plots.GanttSpan, n int) float64 {
	if len(spans) <= n {
		return 0
	}
	lengths := make([]float64, len(spans))
	for i, s := range spans {
		lengths[i] = s.To - s.From
	}
	slices.SortFunc(lengths, func(a, b float64) int { return cmp.Compare(b, a) })
	return lengths[n]
}

// words describes a span for hovering.
func (t *timeline) words(s plots.GanttSpan) string {
	unit, kind := t.data.Axis.Unit, t.data.Kinds[s.Kind].Name
	name := s.Name
	if name == "" && s.Row >= 0 {
		name = t.data.Rows[s.Row]
	}
	at := fmt.Sprintf("%s to %s (%s)", plots.SI(s.From, unit), plots.SI(s.To, unit), plots.SI(s.To-s.From, unit))
	if s.Joined > 1 {
		at = fmt.Sprintf("%d spans, %s", s.Joined, at)
		if kind != "" {
			kind = "mostly " + kind
		}
	}
	if kind != "" && kind != name {
		at += ", " + kind
	}
	return strings.TrimPrefix(name+": "+at, ": ")
}
