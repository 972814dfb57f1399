package render

import (
	"fmt"
	"image/color"
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// runs draws a row's runs, the first round at the top: from the base's value in
// the same round, a tick, a line to the candidate's, a dot. A row's second runs
// are rings. Behind them stands the median with its interval.
func (c *comparison) runs(i int, r plots.ComparisonRow) {
	if len(r.Values) == 0 {
		return
	}
	box, col := c.rows[i], c.colour(r.Effect)
	c.median(box, r, col)
	n := vg.Length(len(r.Values))
	pitch := (box.Max.Y - box.Min.Y) / n
	radius := min(runRadius, max(pitch*0.46, 0.9))
	line := draw.LineStyle{Color: faint(col, 150), Width: min(0.9, max(pitch*0.25, 0.4))}
	tick := draw.LineStyle{Color: c.theme.ink, Width: 0.8}
	for k, v := range r.Values {
		y := box.Max.Y - (vg.Length(k)+0.5)*pitch
		var from float64
		switch {
		case k < len(r.Again):
			from = r.Again[k]
		case k < len(r.Beside):
			from = r.Beside[k]
		}
		x, ok := c.run(v, y)
		if finite(from) && from > 0 {
			x0, _ := c.values.x(from)
			if finite(v) {
				c.canvas.StrokeLine2(line, x0, y, x, y)
			}
			if k < len(r.Again) {
				c.ring(from, y, radius, col)
			} else {
				c.canvas.StrokeLine2(tick, x0, y-radius, x0, y+radius)
			}
		}
		if ok {
			c.dot(vg.Point{X: x, Y: y}, radius, col, r.Effect)
		} else if finite(v) {
			c.pointer(vg.Point{X: x, Y: y}, radius, col)
		}
	}
}

// run is the place of a run and whether that is on the axis.
func (c *comparison) run(v float64, y vg.Length) (vg.Length, bool) {
	if !finite(v) || v <= 0 {
		return 0, false
	}
	return c.values.x(v)
}

// median draws the median and its interval over a row's height.
func (c *comparison) median(box vg.Rectangle, r plots.ComparisonRow, col color.NRGBA) {
	m, _ := c.values.x(r.Median[0])
	lo, hi := m, m
	if finite(r.Median[1]) {
		lo, _ = c.values.x(r.Median[1])
		hi, _ = c.values.x(r.Median[2])
	}
	band := vg.Rectangle{Min: vg.Point{X: min(lo, m-0.75), Y: box.Min.Y}, Max: vg.Point{X: max(hi, m+0.75), Y: box.Max.Y}}
	c.canvas.FillPolygon(faint(col, 48), corners(band))
	c.canvas.StrokeLine2(draw.LineStyle{Color: col, Width: 1.8}, m, box.Min.Y-2, m, box.Max.Y+2)
}

// dot marks a run. Candidates that are slower have squares, so that a reader
// without colours sees it.
func (c *comparison) dot(at vg.Point, radius vg.Length, col color.NRGBA, e plots.Effect) {
	sty := draw.GlyphStyle{Color: col, Radius: radius, Shape: draw.CircleGlyph{}}
	if e == plots.EffectWorse {
		sty.Shape = draw.BoxGlyph{}
	}
	c.canvas.DrawGlyph(sty, at)
}

func (c *comparison) ring(v float64, y, radius vg.Length, col color.NRGBA) {
	x, ok := c.values.x(v)
	if !ok {
		c.pointer(vg.Point{X: x, Y: y}, radius, col)
		return
	}
	c.canvas.DrawGlyph(draw.GlyphStyle{Color: col, Radius: radius, Shape: draw.RingGlyph{}}, vg.Point{X: x, Y: y})
}

// pointer marks a run that lies beyond the axis.
func (c *comparison) pointer(at vg.Point, radius vg.Length, col color.NRGBA) {
	var p vg.Path
	p.Move(vg.Point{X: at.X + 2, Y: at.Y})
	p.Line(vg.Point{X: at.X - 3, Y: at.Y + radius})
	p.Line(vg.Point{X: at.X - 3, Y: at.Y - radius})
	p.Close()
	c.canvas.SetColor(col)
	c.canvas.Fill(p)
}

// quotient draws a row's ratio with its interval.
func (c *comparison) quotient(i int, r plots.ComparisonRow) {
	if len(r.Ratio) == 0 || len(r.Values) == 0 {
		return
	}
	col, y := c.colour(r.Effect), (c.rows[i].Min.Y+c.rows[i].Max.Y)/2
	x, on := c.ratios.x(r.Ratio[0])
	if !on {
		c.farAway(r, vg.Point{X: x, Y: y}, col)
		return
	}
	if finite(r.Ratio[1]) {
		lo, _ := c.ratios.x(r.Ratio[1])
		hi, _ := c.ratios.x(r.Ratio[2])
		c.canvas.StrokeLine2(draw.LineStyle{Color: col, Width: 2}, lo, y, hi, y)
		for _, end := range []vg.Length{lo, hi} {
			c.canvas.StrokeLine2(draw.LineStyle{Color: col, Width: 1.2}, end, y-4, end, y+4)
		}
	}
	sty := draw.GlyphStyle{Color: col, Radius: 3.2, Shape: diamond{}}
	switch {
	case r.Self:
		sty.Shape, sty.Radius = draw.RingGlyph{}, 3
	case r.Effect == plots.EffectWorse:
		sty.Shape, sty.Radius = draw.BoxGlyph{}, 2.9
	case r.Effect == plots.EffectBetter:
		sty.Shape = draw.CircleGlyph{}
	}
	c.canvas.DrawGlyph(sty, vg.Point{X: x, Y: y})
}

// farAway marks a ratio beyond the axis: an arrow at its edge, from the base.
func (c *comparison) farAway(r plots.ComparisonRow, at vg.Point, col color.NRGBA) {
	turn := vg.Length(1)
	if r.Ratio[0] < 1 {
		turn = -1
	}
	one, _ := c.ratios.x(1)
	c.canvas.StrokeLine2(draw.LineStyle{Color: faint(col, 150), Width: 1.2}, one, at.Y, at.X-4*turn, at.Y)
	var p vg.Path
	p.Move(at)
	p.Line(vg.Point{X: at.X - 7*turn, Y: at.Y + 3.5})
	p.Line(vg.Point{X: at.X - 7*turn, Y: at.Y - 3.5})
	p.Close()
	c.canvas.SetColor(col)
	c.canvas.Fill(p)
}

// allocated draws what an operation allocates.
func (c *comparison) allocated(i int, r plots.ComparisonRow) {
	bytes, objects := r.MemoryText()
	if bytes == "" || len(r.Values) == 0 {
		return
	}
	box, left := c.rows[i], c.memory.Min.X
	share := 0.0
	switch {
	case c.data.Memory > 0:
		share = r.Memory[0] / c.data.Memory
	case c.data.Objects > 0:
		share = r.Memory[1] / c.data.Objects
	}
	sty := textStyle(comparisonText, c.theme.ink)
	middle := (box.Min.Y + box.Max.Y) / 2
	const half = 3
	full := c.memory.Max.X - left
	c.canvas.FillPolygon(faint(palette[7], 36), corners(vg.Rectangle{Min: vg.Point{X: left, Y: middle - half}, Max: vg.Point{X: left + full, Y: middle + half}}))
	if share > 0 {
		c.canvas.FillPolygon(palette[4], corners(vg.Rectangle{Min: vg.Point{X: left, Y: middle - half}, Max: vg.Point{X: left + max(full*vg.Length(share), 0.8), Y: middle + half}}))
	}
	c.canvas.FillText(sty, vg.Point{X: left, Y: middle + half + comparisonText*1.3}, bytes)
	c.canvas.FillText(sty, vg.Point{X: left, Y: middle - half - 1}, objects)
}

// foot draws a column's axis below the rows.
func (c *comparison) foot(col column, label string) {
	y := col.box.Min.Y
	sty := draw.LineStyle{Color: c.theme.ink, Width: 0.6}
	c.canvas.StrokeLine2(sty, col.box.Min.X, y, col.box.Max.X, y)
	text := textStyle(tickSize, c.theme.ink)
	text.XAlign = draw.XCenter
	for _, t := range col.ticks.Ticks(col.axis.Min, col.axis.Max) {
		x, _ := col.x(t.Value)
		long := vg.Length(tickMark)
		if t.IsMinor() {
			long /= 2
		}
		c.canvas.StrokeLine2(sty, x, y, x, y-long)
		half := text.Width(t.Label) / 2
		c.canvas.FillText(text, vg.Point{X: min(max(x, c.area.Min.X+half), c.area.Max.X-half), Y: y - tickMark - 1}, t.Label)
	}
	name := textStyle(labelSize, c.theme.ink)
	name.XAlign = draw.XCenter
	c.canvas.FillText(name, vg.Point{X: (col.box.Min.X + col.box.Max.X) / 2, Y: y - tickMark - tickSize*1.5}, label)
}

// footMemory says what the memory's numbers are.
func (c *comparison) footMemory() {
	if c.memory == (vg.Rectangle{}) {
		return
	}
	sty := textStyle(labelSize, c.theme.ink)
	y := c.values.box.Min.Y - tickMark - 1
	c.canvas.FillText(sty, vg.Point{X: c.memory.Min.X, Y: y}, "allocated by")
	c.canvas.FillText(sty, vg.Point{X: c.memory.Min.X, Y: y - tickSize*1.5 + 1}, "an operation")
}

// directions says at the ends of the ratios' axis what they mean.
func (c *comparison) directions() {
	y := c.ratios.box.Min.Y - tickMark - tickSize*1.5
	left := textStyle(comparisonText, palette[0])
	right := textStyle(comparisonText, palette[1])
	right.XAlign = draw.XRight
	middle := textStyle(labelSize, c.theme.ink).Width("ratio to the base")
	if left.Width("faster")+right.Width("slower")+middle+3*gap > c.ratios.box.Max.X-c.ratios.box.Min.X {
		return
	}
	c.canvas.FillText(left, vg.Point{X: c.ratios.box.Min.X, Y: y}, "faster")
	c.canvas.FillText(right, vg.Point{X: c.ratios.box.Max.X, Y: y}, "slower")
}

const medianWords = "median, interval"

// legend says above the rows what the marks are.
func (c *comparison) legend(top vg.Length) {
	sty := textStyle(comparisonText-0.5, c.theme.ink)
	write := func(x, most vg.Length, text string) {
		c.canvas.FillText(sty, vg.Point{X: x, Y: top}, within(text, func(s string) bool { return sty.Width(s) <= most }))
	}
	wide := func(col column) vg.Length { return col.box.Max.X - col.box.Min.X }
	x, y := c.values.box.Min.X, top-comparisonText*0.55
	if c.data.Apart {
		c.canvas.DrawGlyph(draw.GlyphStyle{Color: c.theme.ink, Radius: runRadius, Shape: draw.CircleGlyph{}}, vg.Point{X: x + 3, Y: y})
		write(x+9, wide(c.values)-9, "a run, in their order")
	} else {
		ink := draw.LineStyle{Color: c.theme.ink, Width: 0.8}
		c.canvas.StrokeLine2(ink, x+1, y-runRadius, x+1, y+runRadius)
		c.canvas.StrokeLine2(ink, x+1, y, x+14, y)
		c.canvas.DrawGlyph(draw.GlyphStyle{Color: c.theme.ink, Radius: runRadius, Shape: draw.CircleGlyph{}}, vg.Point{X: x + 14, Y: y})
		const words = "base to candidate"
		write(x+20, wide(c.values)-20, words)
		if at := x + 20 + sty.Width(words) + 14; at+14+sty.Width(medianWords) <= c.values.box.Max.X {
			c.canvas.FillPolygon(faint(c.theme.ink, 48), corners(vg.Rectangle{Min: vg.Point{X: at, Y: y - 4}, Max: vg.Point{X: at + 9, Y: y + 4}}))
			c.canvas.StrokeLine2(draw.LineStyle{Color: c.theme.ink, Width: 1.8}, at+4.5, y-4, at+4.5, y+4)
			write(at+13, c.values.box.Max.X-at-13, medianWords)
		}
	}
	x = c.ratios.box.Min.X
	for _, band := range c.bands() {
		c.canvas.FillPolygon(faint(palette[7], band.alpha), corners(vg.Rectangle{Min: vg.Point{X: x, Y: y - 3.5}, Max: vg.Point{X: x + 9, Y: y + 3.5}}))
		write(x+12, c.area.Max.X-x-12, band.words)
		x += 12 + sty.Width(band.words) + 10
	}
}

// band is a range of ratios that mean nothing, on both sides of 1.
type band struct {
	share float64
	alpha uint8
	words string
}

// bands are those of the comparison.
func (c *comparison) bands() []band {
	var out []band
	if c.data.Noise > 0 {
		out = append(out, band{c.data.Noise, 105, "A/A " + plots.Share(c.data.Noise)})
	}
	if c.data.Least > 0 {
		out = append(out, band{c.data.Least, 46, "least effect " + plots.Share(c.data.Least)})
	}
	return out
}

// checkComparison refuses rows that have no place.
func checkComparison(d *plots.ComparisonData) error {
	if len(d.Rows) == 0 || len(d.Rows) > 1000 {
		return fmt.Errorf("comparison has %d rows", len(d.Rows))
	}
	for name, a := range map[string]plots.AxisData{"value": d.Axis, "ratio": d.Ratios} {
		if err := checkAxis(name, a); err != nil {
			return err
		}
		if !(a.Min > 0 && a.Max > a.Min) || a.Categories != nil {
			return fmt.Errorf("comparison's %s axis goes from %v to %v", name, a.Min, a.Max)
		}
	}
	for _, v := range []float64{d.Noise, d.Least, d.Memory, d.Objects} {
		if !finite(v) || v < 0 {
			return fmt.Errorf("comparison has noise %v, least effect %v and at most %v bytes in %v objects", d.Noise, d.Least, d.Memory, d.Objects)
		}
	}
	for i, r := range d.Rows {
		if len(r.Values) > 100_000 || len(r.Values) > 0 && (len(r.Median) != 3 || !(r.Median[0] > 0)) ||
			len(r.Ratio) != 0 && (len(r.Ratio) != 3 || !(r.Ratio[0] > 0)) || len(r.Memory) != 0 && len(r.Memory) != 2 ||
			len(r.Again) > len(r.Values) || len(r.Beside) > len(r.Values) {
			return fmt.Errorf("comparison's row %d (%q) has %d values, a median of %d, a ratio of %d and memory of %d numbers",
				i+1, r.Name, len(r.Values), len(r.Median), len(r.Ratio), len(r.Memory))
		}
		for _, v := range r.Memory {
			if !finite(v) || v < 0 {
				return fmt.Errorf("comparison's row %d (%q) allocates %v", i+1, r.Name, math.Abs(v))
			}
		}
	}
	return nil
}
