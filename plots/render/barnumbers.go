package render

import (
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// segmentNumber writes a value into a segment of a stack that has room for it.
func (b bars) segmentNumber(c *draw.Canvas, box []vg.Point, v float64) {
	unit := b.panel.data.Y.Unit
	if b.data.Flat {
		unit = b.panel.data.X.Unit
	}
	inside := bounds(box)
	sty := textStyle(noteSize, readableOn(b.look.color))
	if b.data.Hollow {
		sty.Color = b.panel.theme.ink
	}
	text := plots.SI(v, unit)
	size := inside.Size()
	if size.Y < noteSize+2 || size.X < sty.Width(text)+3 {
		return
	}
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
	at := inside.Min.Add(size.Scale(0.5))
	pinned(c, at, func() { c.FillText(sty, at, text) })
}

// numbers is how the values beyond bars are written.
type numbers int

const (
	noNumbers     numbers = iota // bars are thinner than a line of text
	levelNumbers                 // as usual
	turnedNumbers                // from the bar upwards, where they are wider than it
)

// thinnestLine is the distance at which numbers still stand apart.
const thinnestLine = noteSize * 0.85

// numbers decides for all bars of the axes alike.
func (b bars) numbers(p *plot.Plot) numbers {
	pitch := groupWidth / float64(b.panel.bars)
	if b.panel.bars == 1 {
		pitch = 1
	}
	at := 0.0 // anywhere
	if b.data.Flat && b.panel.data.Y.Log || !b.data.Flat && b.panel.data.X.Log {
		at = 1
	}
	if b.data.Flat {
		if vg.Length(math.Abs(p.Y.Norm(b.beside(at, pitch))-p.Y.Norm(at)))*b.panel.expected.Y < thinnestLine {
			return noNumbers
		}
		return levelNumbers
	}
	slot := vg.Length(p.X.Norm(b.beside(at, pitch))-p.X.Norm(at)) * b.panel.expected.X
	if slot < thinnestLine {
		return noNumbers
	}
	sty := textStyle(noteSize, nil)
	for _, l := range b.panel.data.Layers {
		if l.Kind != plots.KindBars || !l.Values || l.Base != nil {
			continue
		}
		for _, v := range l.Y {
			if !math.IsNaN(v) && sty.Width(plots.SI(v, b.panel.data.Y.Unit)) > slot {
				return turnedNumbers
			}
		}
	}
	return levelNumbers
}

// number writes a bar's value beyond its end.
func (b bars) number(c *draw.Canvas, p *plot.Plot, at, v, end float64) {
	how := b.numbers(p)
	if how == noNumbers {
		return
	}
	x, y := p.Transforms(c)
	sty := textStyle(noteSize, b.panel.theme.ink)
	pt := vg.Point{X: x(at), Y: y(end) + 2}
	sty.XAlign, sty.YAlign = draw.XCenter, draw.YBottom
	unit := b.panel.data.Y.Unit
	if v < 0 {
		pt.Y, sty.YAlign = y(end)-2, draw.YTop
	}
	if how == turnedNumbers {
		sty.Rotation = math.Pi / 2
		sty.XAlign, sty.YAlign = draw.XLeft, draw.YCenter
		if v < 0 {
			sty.XAlign = draw.XRight
		}
	}
	if b.data.Flat {
		unit = b.panel.data.X.Unit
		pt = vg.Point{X: x(end) + 3, Y: y(at)}
		sty.XAlign, sty.YAlign = draw.XLeft, draw.YCenter
		if v < 0 {
			pt.X, sty.XAlign = x(end)-3, draw.XRight
		}
	}
	pinned(c, vg.Point{X: x(at), Y: y(end)}, func() { c.FillText(sty, pt, plots.SI(v, unit)) })
}

// reach makes the axis of level bars begin where the numbers of those below
// zero do: gonum would leave a gap between the axes instead. Panels of a grid
// keep the range that they share.
func (b bars) reach(p *plot.Plot) {
	if !b.data.Flat || !b.data.Values || b.data.Base != nil || b.panel.part.caption || b.panel.data.X.Fixed || b.numbers(p) == noNumbers {
		return
	}
	sty := textStyle(noteSize, nil)
	least := p.X.Min
	for i := range b.data.X {
		_, _, v, ok := b.bar(i)
		if !ok || v >= 0 {
			continue
		}
		end := v
		if b.data.Low != nil && !math.IsNaN(b.data.Low[i]) {
			end = b.data.Low[i]
		}
		share := float64((sty.Width(plots.SI(v, b.panel.data.X.Unit)) + 6) / b.panel.expected.X)
		if share < 0.5 {
			least = math.Min(least, (end-share*p.X.Max)/(1-share))
		}
	}
	if finite(p.X.Max - least) {
		p.X.Min = least
	}
}

// GlyphBoxes keeps room for the numbers beyond the bars.
func (b bars) GlyphBoxes(p *plot.Plot) []plot.GlyphBox {
	if !b.data.Values || b.data.Base != nil {
		return nil
	}
	how := b.numbers(p)
	if how == noNumbers {
		return nil
	}
	unit := b.panel.data.Y.Unit
	if b.data.Flat {
		unit = b.panel.data.X.Unit
	}
	sty := textStyle(noteSize, b.panel.theme.ink)
	var boxes []plot.GlyphBox
	for i := range b.data.X {
		at, _, v, ok := b.bar(i)
		if !ok {
			continue
		}
		end := v
		if b.data.High != nil && !math.IsNaN(b.data.High[i]) {
			if end = b.data.High[i]; v < 0 {
				end = b.data.Low[i]
			}
		}
		size := vg.Point{Y: noteSize + 3}
		if width := sty.Width(plots.SI(v, unit)); how == turnedNumbers {
			size.Y = width + 4
		} else if b.data.Flat {
			size = vg.Point{X: width + 6}
		}
		box := plot.GlyphBox{X: p.X.Norm(at), Y: p.Y.Norm(end), Rectangle: vg.Rectangle{Max: size}}
		if b.data.Flat {
			box.X, box.Y = p.X.Norm(end), p.Y.Norm(at)
		}
		if v < 0 {
			box.Rectangle = vg.Rectangle{Min: size.Scale(-1)}
		}
		boxes = append(boxes, box)
	}
	return boxes
}
