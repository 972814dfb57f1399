package render

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// entry is one name in the legend with the look of its layer.
type entry struct {
	name  string
	layer plots.LayerData
	look  look
	width vg.Length
	plain bool // it only says something
}

// look is what tells a layer from the others.
type look struct {
	color  color.NRGBA
	dash   []vg.Length
	width  vg.Length // of a line
	marker draw.GlyphDrawer
}

// lookOf gives the nth layer its colour, dash and marker. Recorded figures are
// dashed and hollow.
func lookOf(n int, hollow bool) look {
	l := look{color: palette[n%len(palette)], dash: dashes[(n/len(palette))%len(dashes)], marker: markers[n%len(markers)]}
	if hollow {
		l.dash = []vg.Length{3, 2}
		l.marker = hollowMarkers[n%len(hollowMarkers)]
	}
	return l
}

// lookOfLayer is the look of a layer's series, thinner for a lesser line and
// with the dashes that it asks for.
func lookOfLayer(l plots.LayerData) look {
	out := lookOf(l.Series, l.Hollow)
	out.width = 1.5
	if l.Thin {
		out.width = 1
	}
	if l.Dash > 0 {
		out.dash = dashes[1+(l.Dash-1)%(len(dashes)-1)]
	}
	return out
}

// swatch is the width of the sample before a name.
const swatch = 18

// entries are the named layers; a heat map's name stands at its colour bar.
func (s *panel) entries() []entry {
	sty := textStyle(legendSize, s.theme.ink)
	var out []entry
	for i, l := range s.data.Layers {
		if l.Name == "" || s.explained(i) || l.Kind == plots.KindHeat || l.Kind == plots.KindImage || l.Kind == plots.KindMark {
			continue
		}
		name := shortened(l.Name, 60)
		out = append(out, entry{name: name, layer: l, look: lookOfLayer(l), width: swatch + 4 + sty.Width(name)})
	}
	return out
}

// explained reports whether an earlier layer has the same name and look, as a
// strip has that lies over its box.
func (s *panel) explained(i int) bool {
	l := s.data.Layers[i]
	return slices.ContainsFunc(s.data.Layers[:i], func(o plots.LayerData) bool {
		return o.Name == l.Name && o.Series == l.Series
	})
}

// legendLines fills lines with entries as far as they fit.
func (s *panel) legendLines(entries []entry, width vg.Length) [][]entry {
	var lines [][]entry
	used := vg.Length(0)
	sty := textStyle(legendSize, nil)
	for _, e := range entries {
		for n := len([]rune(e.name)); n > 1 && e.width > width; n-- {
			e.name = shortened(e.name, n-1)
			e.width = swatch + 4 + sty.Width(e.name)
		}
		if len(lines) == 0 || used+e.width > width {
			lines = append(lines, nil)
			used = 0
		}
		lines[len(lines)-1] = append(lines[len(lines)-1], e)
		used += e.width + 12
	}
	return lines
}

// someLegend keeps a legend to a part of a height; the last line then says how
// many names are missing, which are in the alternative text.
func someLegend(lines [][]entry, height vg.Length) [][]entry {
	most := max(int(height*0.3/(legendSize*1.5)), 1)
	if len(lines) <= most {
		return lines
	}
	missing := 0
	for _, line := range lines[most-1:] {
		missing += len(line)
	}
	return append(lines[:most-1:most-1], []entry{{name: fmt.Sprintf("… %d more names", missing), plain: true}})
}

// legendRoom is the height of a legend with the gap below it.
func legendRoom(lines [][]entry) vg.Length {
	if len(lines) == 0 {
		return 0
	}
	return vg.Length(len(lines))*legendSize*1.5 + gap
}

// drawLegend writes the lines above the data, from the top down.
func (s *panel) drawLegend(lines [][]entry, left, top vg.Length) {
	sty := textStyle(legendSize, s.theme.ink)
	for _, line := range lines {
		x, middle := left, top-legendSize*0.55
		for _, e := range line {
			if e.plain {
				s.canvas.FillText(sty, vg.Point{X: x, Y: top}, e.name)
				continue
			}
			s.legendEntry(e, func() {
				s.sample(e, x, middle)
				s.canvas.FillText(sty, vg.Point{X: x + swatch + 4, Y: top}, e.name)
			})
			x += e.width + 12
		}
		top -= legendSize * 1.5
	}
}

// sample draws a layer's look in small.
func (s *panel) sample(e entry, x, y vg.Length) {
	c := &s.canvas
	center := vg.Point{X: x + swatch/2, Y: y}
	switch e.layer.Kind {
	case plots.KindBars:
		box := []vg.Point{{X: x + 4, Y: y - 4}, {X: x + 14, Y: y - 4}, {X: x + 14, Y: y + 4}, {X: x + 4, Y: y + 4}}
		drawBox(c, box, e.look, e.layer.Hollow)
	case plots.KindBins, plots.KindBox, plots.KindViolin:
		box := []vg.Point{{X: x + 4, Y: y - 4}, {X: x + 14, Y: y - 4}, {X: x + 14, Y: y + 4}, {X: x + 4, Y: y + 4}}
		c.FillPolygon(faint(e.look.color, areaShared), box)
		c.StrokeLines(draw.LineStyle{Color: e.look.color, Width: 0.9}, append(box, box[0]))
	case plots.KindRug:
		rugSample(c, e.look, x, y)
	case plots.KindScatter, plots.KindStrip:
		if len(e.layer.X) > hoverMarks { // those are drawn as dots
			e.look.marker = draw.CircleGlyph{}
		}
		drawMarker(c, e.look, center, 2.6)
	default:
		if e.layer.Base != nil {
			c.FillPolygon(faint(e.look.color, stackAlpha), []vg.Point{{X: x, Y: y - 4}, {X: x + swatch, Y: y - 4}, {X: x + swatch, Y: y}, {X: x, Y: y}})
		}
		c.StrokeLine2(draw.LineStyle{Color: e.look.color, Width: e.look.width, Dashes: e.look.dash}, x, y, x+swatch, y)
		if e.layer.Markers {
			drawMarker(c, e.look, center, 2.6)
		}
	}
}

func drawMarker(c *draw.Canvas, l look, at vg.Point, radius vg.Length) {
	pinned(c, at, func() {
		c.DrawGlyphNoClip(draw.GlyphStyle{Color: l.color, Radius: radius, Shape: l.marker}, at)
	})
}

// drawBox fills a box, or outlines it when it stands for a recorded figure.
func drawBox(c *draw.Canvas, box []vg.Point, l look, hollow bool) {
	if !hollow {
		c.FillPolygon(l.color, box)
		return
	}
	c.FillPolygon(faint(l.color, 40), box)
	c.StrokeLines(draw.LineStyle{Color: l.color, Width: 0.9, Dashes: l.dash}, append(box, box[0]))
}

// faint is a colour that lets what is behind it through.
func faint(c color.NRGBA, alpha uint8) color.NRGBA {
	c.A = alpha
	return c
}
