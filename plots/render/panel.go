package render

import (
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// panel is a pair of axes with layers.
type panel struct {
	*sheet
	plot *plot.Plot
	live *livePanel // of an interactive page

	bars  int   // bars side by side, which share a category's width
	slots []int // which of them each bar layer is

	marks []mark // annotations

	xTicks, yTicks axisTicks
	expected       vg.Point // about the size of the data's area

	part inGrid
	layout
}

// inGrid is what a panel of a grid leaves to others.
type inGrid struct {
	caption      bool // it has a title of its own, smaller than the grid's
	hideX, hideY bool // the axis is that of a neighbour
	noLegend     bool
	noBar        bool
	wide, high   vg.Length // size of the data, alike in all panels
}

// layout is where the parts of a panel stand.
type layout struct {
	area      draw.Canvas // of the axes with their labels
	inner     draw.Canvas // of the data
	caption   []string
	captionAt vg.Length // top of the caption
	legend    [][]entry
	pennants  []pennant
	more      int // labels without room
	above     vg.Length
	heat      *plots.LayerData // what the colour bar explains
	bar       axisTicks
	table     *table
}

// draw places legend, axes, colour bar and table.
func (s *panel) draw(area draw.Canvas) error {
	if err := s.arrange(area); err != nil {
		return err
	}
	s.paint()
	return nil
}

// arrange finds room for all parts within an area.
func (s *panel) arrange(area draw.Canvas) error {
	if err := s.arrangeIn(area); err != nil || s.part.wide > 0 {
		return err
	}
	// Where labels leave much less to the data than usual, ticks must be fewer.
	left, all := s.inner.Size(), area.Size()
	if left.X > 0.65*all.X && left.Y > 0.55*all.Y {
		return nil
	}
	s.part.wide, s.part.high = left.X, left.Y
	return s.arrangeIn(area)
}

func (s *panel) arrangeIn(area draw.Canvas) error {
	s.layout = layout{heat: s.heatLayer()}
	if s.part.noBar {
		s.heat = nil
	}
	if s.heat != nil {
		s.bar = barTicks(s.heat.Heat, area.Max.Y-area.Min.Y)
		area.Max.X -= s.barSpace(s.bar)
	}
	s.setUp(area)
	if err := s.addLayers(); err != nil {
		return err
	}
	area.Min.X += s.overhang(area)
	if s.data.Table != nil {
		area = s.arrangeTable(area)
	}
	inner := s.plot.DataCanvas(area)
	width := inner.Max.X - inner.Min.X
	if !s.part.noLegend {
		entries := s.entries()
		if s.table != nil && s.table.tells(entries) {
			entries = nil
		}
		s.legend = someLegend(s.legendLines(entries, width), area.Max.Y-area.Min.Y)
	}
	if s.part.caption && s.data.Title != "" {
		s.caption = s.captionLines(width)
	}
	s.pennants, s.more = s.findPennants(inner)
	s.above = pennantRoom(s.pennants, s.more)
	area.Max.Y -= s.above + legendRoom(s.legend) + captionRoom(s.caption)
	s.area, s.inner = area, s.plot.DataCanvas(area)
	s.captionAt = area.Max.Y + s.above + legendRoom(s.legend) + captionRoom(s.caption)
	if !(s.inner.Max.X-s.inner.Min.X > 20 && s.inner.Max.Y-s.inner.Min.Y > 20) {
		return s.tooSmall()
	}
	return nil
}

// moveTo moves an arranged panel so that its data have the given place.
func (s *panel) moveTo(place vg.Rectangle) {
	for range 8 { // the room that labels need changes a little with the size
		is := s.plot.DataCanvas(s.area)
		s.area.Min = s.area.Min.Add(place.Min.Sub(is.Min))
		s.area.Max = s.area.Max.Add(place.Max.Sub(is.Max))
	}
	s.inner = s.plot.DataCanvas(s.area)
	s.pennants, s.more = s.findPennants(s.inner)
}

// paint draws what was arranged.
func (s *panel) paint() {
	top := s.area.Max.Y + s.above + legendRoom(s.legend)
	s.drawCaption()
	s.live = s.livePanel(s.inner)
	s.drawLegend(s.legend, s.inner.Min.X, top)
	s.region(`data-part="axes"`)
	s.plot.Draw(s.area)
	s.region(`data-part="above"`)
	s.drawPennants(s.inner, s.pennants, s.more)
	s.region(layerAttribute(len(s.data.Layers)))
	s.drawLabels(s.inner)
	s.region("")
	if s.heat != nil {
		s.drawBar(s.heat.Heat, s.bar, s.inner)
	}
	if s.table != nil {
		s.drawTable()
	}
}

// captionSize is that of the titles in a grid.
const captionSize = labelSize

// captionLines breaks the title of a panel in a grid; no more than two lines.
func (s *panel) captionLines(width vg.Length) []string {
	sty := bold(textStyle(captionSize, s.theme.ink))
	fits := func(t string) bool { return sty.Width(t) <= width }
	lines := wrapped(s.data.Title, fits)
	if len(lines) > 2 {
		lines = append(lines[:1], strings.Join(lines[1:], " "))
	}
	for i, line := range lines {
		for n := len([]rune(line)); n > 1 && !fits(lines[i]); n-- {
			lines[i] = shortened(line, n)
		}
	}
	return lines
}

func captionRoom(lines []string) vg.Length {
	if len(lines) == 0 {
		return 0
	}
	return vg.Length(len(lines))*captionSize*1.3 + 2
}

// drawCaption writes the title of a panel in a grid.
func (s *panel) drawCaption() {
	sty := bold(textStyle(captionSize, s.theme.ink))
	top := s.captionAt
	for _, line := range s.caption {
		s.canvas.FillText(sty, vg.Point{X: s.inner.Min.X, Y: top}, line)
		top -= captionSize * 1.3
	}
}

// setUp makes the gonum plot with our axes.
func (s *panel) setUp(area draw.Canvas) {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = textStyle(1, nil).Handler
	width, height := area.Max.X-area.Min.X, area.Max.Y-area.Min.Y
	if s.part.wide > 0 { // shared axes have the same ticks
		width, height = s.part.wide+40, s.part.high+30
	}
	s.expected = vg.Point{X: width - 40, Y: height - 30}
	s.data.X, s.data.Y = shortLabel(s.data.X, width), shortLabel(s.data.Y, height)
	s.axis(&p.X, s.data.X, s.levelTicks(width))
	s.axis(&p.Y, s.data.Y, newTicks(s.data.Y, int(height/32)))
	if s.data.Y.Categories != nil {
		ticks := newTicks(s.data.Y, int(height/11))
		ticks.long = nameLength(0.3 * width)
		s.axis(&p.Y, s.data.Y, ticks)
		p.Y.Scale = plot.InvertedScale{Normalizer: plot.LinearScale{}} // the first name on top
	}
	if s.data.X.Categories != nil {
		s.nameTicks(p, width)
	}
	p.X.Label.TextStyle.YAlign, p.Y.Label.TextStyle.YAlign = draw.YBottom, draw.YBottom
	p.X.Tick.Label.XAlign, p.Y.Tick.Label.XAlign = draw.XCenter, draw.XRight
	// gonum sets the top of a text a little high: keep numbers off the ticks.
	p.X.Tick.Label.YAlign = draw.YTop - 0.3
	p.X.Label.Padding += 0.3 * tickSize
	if p.X.Tick.Label.Rotation != 0 {
		p.X.Tick.Label.XAlign = draw.XRight
		p.X.Tick.Label.YAlign = draw.YCenter
	}
	p.Y.Tick.Label.YAlign = draw.YCenter
	s.xTicks, s.yTicks = tickMaker(p.X), tickMaker(p.Y)
	if s.part.hideX {
		withoutLabels(&p.X)
	}
	if s.part.hideY {
		withoutLabels(&p.Y)
	}
	s.plot, s.marks, s.bars = p, nil, 0
	p.Add(bookmark{s, `data-part="grid"`}, gridLines{s})
}

// shortLabel cuts an axis's label to the length of the axis, which its unit
// still finds room on. It is whole in the alternative text.
func shortLabel(a plots.AxisData, length vg.Length) plots.AxisData {
	sty := textStyle(labelSize, nil)
	room := length*0.9 - sty.Width(shortened(" (k"+a.Unit+")", 20))
	a.Label = within(a.Label, func(t string) bool { return sty.Width(t) <= room })
	a.Unit = shortened(a.Unit, 20)
	return a
}

// levelTicks are the ticks of a level axis. A short axis has more of them than
// one in every 52 points if they are short, too, and fewer if they are long.
func (s *panel) levelTicks(width vg.Length) axisTicks {
	ticks := newTicks(s.data.X, int(width/52))
	const few = 5
	lo, hi := padded(s.data.X)
	if s.data.X.Categories != nil || s.data.X.Log && math.Log10(hi)-math.Log10(lo) >= closeUpBelow {
		return ticks
	}
	sty := textStyle(tickSize, nil)
	fit := func(ticks axisTicks) bool {
		used := vg.Length(0)
		for _, t := range ticks.Ticks(lo, hi) {
			used += sty.Width(t.Label) + 10
		}
		return used < width-40
	}
	for most := few; most > ticks.most; most-- {
		if more := newTicks(s.data.X, most); fit(more) {
			return more
		}
	}
	for ticks.most > 2 && !fit(ticks) { // long numbers
		ticks = newTicks(s.data.X, ticks.most-1)
	}
	return ticks
}

func tickMaker(a plot.Axis) axisTicks {
	t, _ := a.Tick.Marker.(axisTicks)
	return t
}

// withoutLabels leaves only the line of an axis.
func withoutLabels(a *plot.Axis) {
	a.Label.Text = ""
	a.Tick.Marker = plot.ConstantTicks(nil)
	a.Tick.Label.Rotation = 0
}

func (s *panel) axis(a *plot.Axis, d plots.AxisData, ticks axisTicks) {
	a.Min, a.Max = padded(d)
	if d.Log {
		a.Scale = plot.LogScale{}
	}
	a.Padding = 0
	a.Color, a.Width = s.theme.ink, 0.6
	a.Tick.Color, a.Tick.Width, a.Tick.Length = s.theme.ink, 0.6, tickMark
	a.Tick.Label = textStyle(tickSize, s.theme.ink)
	a.Tick.Marker = ticks
	a.Label.Text = ticks.label()
	a.Label.TextStyle = textStyle(labelSize, s.theme.ink)
	a.Label.TextStyle.XAlign = draw.XCenter
	a.Label.Padding = 3
}

// nameTicks turns long names under the x axis so that they stay apart.
func (s *panel) nameTicks(p *plot.Plot, width vg.Length) {
	sty := p.X.Tick.Label
	widest := vg.Length(0)
	for _, name := range shortNames(s.data.X.Categories, longName) {
		widest = max(widest, sty.Width(name))
	}
	slot := (width - 40) / vg.Length(len(s.data.X.Categories))
	if widest+4 <= slot {
		p.X.Tick.Marker = newTicks(s.data.X, len(s.data.X.Categories))
		return
	}
	p.X.Tick.Label.Rotation = math.Pi / 5
	ticks := newTicks(s.data.X, int((width-40)/13))
	ticks.turned = true
	ticks.long = min(nameLength(0.3*width), longName)
	p.X.Tick.Marker = ticks
}

// nameLength is about how many characters of a tick's label a width holds.
func nameLength(width vg.Length) int { return min(max(int(width/(0.52*tickSize)), 12), 44) }

// overhang is how far turned names reach out of the area on the left: gonum
// makes room for the upright ones only.
func (s *panel) overhang(area draw.Canvas) vg.Length {
	a := s.plot.X
	if a.Tick.Label.Rotation == 0 {
		return 0
	}
	inner := s.plot.DataCanvas(area)
	out := vg.Length(0)
	for _, t := range a.Tick.Marker.Ticks(a.Min, a.Max) {
		reach := a.Tick.Label.Width(t.Label) * vg.Length(math.Cos(a.Tick.Label.Rotation))
		out = max(out, area.Min.X-(inner.X(a.Norm(t.Value))-reach))
	}
	return min(out, (area.Max.X-area.Min.X)/3)
}

// gridLines draws a faint line at each label.
type gridLines struct{ s *panel }

// Plot implements plot.Plotter.
func (g gridLines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	sty := draw.LineStyle{Color: g.s.theme.grid, Width: 0.5}
	if g.s.data.Y.Categories == nil {
		for _, t := range g.s.yTicks.Ticks(p.Y.Min, p.Y.Max) {
			if !t.IsMinor() {
				c.StrokeLine2(sty, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
			}
		}
	}
	if g.s.data.X.Categories == nil {
		for _, t := range g.s.xTicks.Ticks(p.X.Min, p.X.Max) {
			if !t.IsMinor() {
				c.StrokeLine2(sty, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
			}
		}
	}
}
