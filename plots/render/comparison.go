package render

import (
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// comparison is a Comparison being drawn: a row of text and runs for each
// candidate, in the columns values, ratios and, where candidates differ in it,
// memory.
type comparison struct {
	*sheet
	data           *plots.ComparisonData
	values, ratios column
	memory         vg.Rectangle // empty without it
	rows           []vg.Rectangle
	area           draw.Canvas
	beside         vg.Length // room for text at the left end of the ratios
}

// column is a part of the picture with an axis of its own.
type column struct {
	axis  plots.AxisData
	ticks axisTicks
	box   vg.Rectangle
}

// Sizes of a comparison in points.
const (
	comparisonName   = 10.5
	comparisonText   = 8.5
	comparisonRow    = 27.0 // of a row's two lines of text, as in package plots
	comparisonApart  = 10.0 // between rows
	memoryWidth      = 62
	columnGap        = 14
	runRadius        = 1.9
	comparisonFoot   = tickMark + tickSize*1.5 + labelSize*1.5
	comparisonLegend = legendSize * 1.7
)

// draw places the columns and draws row after row.
func (c *comparison) draw(area draw.Canvas) error {
	c.area = area
	width := area.Max.X - area.Min.X
	right := area.Max.X
	if c.data.Memory > 0 || c.data.Objects > 0 {
		c.memory = vg.Rectangle{Min: vg.Point{X: right - memoryWidth, Y: area.Min.Y}, Max: vg.Point{X: right, Y: area.Max.Y}}
		right -= memoryWidth + columnGap
	}
	inner := right - area.Min.X
	top, foot := area.Max.Y-comparisonLegend, area.Min.Y+comparisonFoot
	split := area.Min.X + inner*0.56
	c.values = newColumn(c.data.Axis, vg.Rectangle{Min: vg.Point{X: area.Min.X, Y: foot}, Max: vg.Point{X: split - columnGap/2, Y: top}})
	c.ratios = newColumn(c.data.Ratios, vg.Rectangle{Min: vg.Point{X: split + columnGap/2, Y: foot}, Max: vg.Point{X: right, Y: top}})
	c.beside = right - c.ratios.box.Min.X + columnGap - 2
	if len(c.data.Rows) > 0 && c.memory == (vg.Rectangle{}) {
		c.beside = right - c.ratios.box.Min.X
	}
	if width < 150 || !c.placeRows(top, foot) {
		return c.tooSmall()
	}
	c.legend(area.Max.Y)
	for i, r := range c.data.Rows {
		if len(r.Values) > 0 {
			c.ground(i)
		}
		c.titled(r, func() {
			c.head(i, r)
			c.runs(i, r)
			c.quotient(i, r)
			c.allocated(i, r)
		})
	}
	c.foot(c.values, c.values.ticks.label())
	c.foot(c.ratios, "ratio to the base")
	c.footMemory()
	c.directions()
	return nil
}

func newColumn(a plots.AxisData, box vg.Rectangle) column {
	return column{axis: a, ticks: newTicks(a, int((box.Max.X-box.Min.X)/38)), box: box}
}

// x is where a value lies; within is false for one beyond the axis.
func (c column) x(v float64) (x vg.Length, within bool) {
	lo, hi := c.axis.Min, c.axis.Max
	share := (v - lo) / (hi - lo)
	if c.axis.Log {
		share = (math.Log(v) - math.Log(lo)) / (math.Log(hi) - math.Log(lo))
	}
	within = share >= 0 && share <= 1
	return c.box.Min.X + vg.Length(min(max(share, 0), 1))*(c.box.Max.X-c.box.Min.X), within
}

// placeRows finds the place of each row's runs, whose heights share what text
// and gaps leave. False: nothing is left.
func (c *comparison) placeRows(top, foot vg.Length) bool {
	wanted := 0.0
	for _, r := range c.data.Rows {
		wanted += c.data.Body(r)
	}
	left := top - foot - vg.Length(len(c.data.Rows))*(comparisonRow+comparisonApart)
	if left < vg.Length(wanted)*0.3 {
		return false
	}
	y := top
	for _, r := range c.data.Rows {
		y -= comparisonRow
		high := vg.Length(c.data.Body(r)/wanted) * left
		c.rows = append(c.rows, vg.Rectangle{Min: vg.Point{X: c.values.box.Min.X, Y: y - high}, Max: vg.Point{X: c.values.box.Max.X, Y: y}})
		y -= high + comparisonApart
	}
	return true
}

// colour is that of an effect.
func (c *comparison) colour(e plots.Effect) color.NRGBA {
	switch e {
	case plots.EffectBetter:
		return palette[0]
	case plots.EffectWorse:
		return palette[1]
	}
	return c.theme.ink
}

// titled draws a row, which says in words what it shows when hovered over.
func (c *comparison) titled(r plots.ComparisonRow, drawIt func()) {
	if svg, ok := asTitled(&c.canvas); ok {
		svg.Begin(r.Name + ": " + c.data.Words(r))
		defer svg.End()
	}
	drawIt()
}

// ground draws what stands behind a row's runs: the range that means nothing, the
// lines of the ticks, those of the base. It ends below the row's text.
func (c *comparison) ground(i int) {
	top, foot := c.rows[i].Max.Y+2, c.rows[i].Min.Y-comparisonApart
	if i == len(c.rows)-1 {
		foot = c.values.box.Min.Y
	}
	for _, band := range c.bands() {
		x0, _ := c.ratios.x(max(1-band.share, c.ratios.axis.Min))
		x1, _ := c.ratios.x(1 + band.share)
		c.canvas.FillPolygon(faint(palette[7], band.alpha), corners(vg.Rectangle{Min: vg.Point{X: x0, Y: foot}, Max: vg.Point{X: x1, Y: top}}))
	}
	for _, col := range []column{c.values, c.ratios} {
		for _, t := range col.ticks.Ticks(col.axis.Min, col.axis.Max) {
			if !t.IsMinor() {
				x, _ := col.x(t.Value)
				c.canvas.StrokeLine2(draw.LineStyle{Color: c.theme.grid, Width: 0.5}, x, foot, x, top)
			}
		}
	}
	one, _ := c.ratios.x(1)
	c.canvas.StrokeLine2(draw.LineStyle{Color: c.theme.ink, Width: 0.9}, one, foot, one, top)
	if m := c.data.Rows[0].Median; len(m) > 0 && i > 0 {
		x, _ := c.values.x(m[0])
		c.canvas.StrokeLine2(draw.LineStyle{Color: c.theme.ink, Width: 0.6, Dashes: []vg.Length{2, 2}}, x, foot, x, top)
	}
}

// head writes a row's name and verdict, and below them the numbers.
func (c *comparison) head(i int, r plots.ComparisonRow) {
	top := c.rows[i].Max.Y + comparisonRow
	name := bold(textStyle(comparisonName, c.theme.ink))
	text := textStyle(comparisonText, c.theme.ink)
	wide := c.values.box.Max.X - c.values.box.Min.X
	label := unbroken(r.Name)
	c.canvas.FillText(name, vg.Point{X: c.values.box.Min.X, Y: top}, within(label, func(s string) bool { return name.Width(s) <= wide }))
	second := vg.Point{X: c.values.box.Min.X, Y: top - comparisonName*1.25}
	if len(r.Values) == 0 {
		all := c.area.Max.X - second.X
		c.canvas.FillText(text, second, within(unbroken(r.Missing), func(s string) bool { return text.Width(s) <= all }))
	} else {
		c.canvas.FillText(text, second, within(c.data.Value(r), func(s string) bool { return text.Width(s) <= wide }))
	}
	c.verdict(r, vg.Point{X: c.ratios.box.Min.X, Y: top})
	second.X = c.ratios.box.Min.X
	if len(r.Values) > 0 {
		c.canvas.FillText(text, second, within(r.Quotient(), func(s string) bool { return text.Width(s) <= c.beside }))
	}
}

// verdict writes what a row comes to, behind a sign that needs no colour.
func (c *comparison) verdict(r plots.ComparisonRow, at vg.Point) {
	if r.Verdict == "" {
		return
	}
	col := c.colour(r.Effect)
	sty := bold(textStyle(comparisonName, col))
	middle := at.Y - comparisonName*0.55
	const s = 3.6
	var p vg.Path
	switch r.Effect {
	case plots.EffectBetter, plots.EffectWorse:
		turn := vg.Length(1) // a triangle that points to the side where the row lies
		if r.Effect == plots.EffectBetter {
			turn = -1
		}
		x := at.X + s
		p.Move(vg.Point{X: x + turn*s, Y: middle})
		p.Line(vg.Point{X: x - turn*s, Y: middle + s})
		p.Line(vg.Point{X: x - turn*s, Y: middle - s})
		p.Close()
		c.canvas.SetColor(col)
		c.canvas.Fill(p)
	case plots.EffectSame:
		sty.Font.Weight = 0
		for _, dy := range []vg.Length{-1.5, 1.5} {
			c.canvas.StrokeLine2(draw.LineStyle{Color: col, Width: 1.2}, at.X+0.5, middle+dy, at.X+2*s-0.5, middle+dy)
		}
	default:
		at.X -= 2*s + 3
	}
	at.X += 2*s + 3
	room := c.ratios.box.Min.X + c.beside - at.X
	c.canvas.FillText(sty, at, within(unbroken(r.Verdict), func(t string) bool { return sty.Width(t) <= room }))
}
