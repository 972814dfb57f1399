package render

import (
	"fmt"
	"math"
	"slices"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// Half widths beyond which boxes and violins look like walls, in points.
const (
	widestBox    = 28
	widestViolin = 44
)

// groups is what draws groups of values along a category axis.
type groups struct {
	layer
	canvas draw.Canvas
	x, y   func(float64) vg.Length
}

func groupsOn(l layer, c draw.Canvas, p *plot.Plot) groups {
	g := groups{layer: l, canvas: c}
	g.x, g.y = p.Transforms(&c)
	return g
}

// spot is the place of a value, side points off the middle of its group.
func (g groups) spot(at, v float64, side vg.Length) vg.Point {
	if g.data.Flat {
		return vg.Point{X: g.x(v), Y: g.y(at) - side}
	}
	return vg.Point{X: g.x(at) + side, Y: g.y(v)}
}

// half is half of the width of the layer's marks, in points.
func (g groups) half(widest vg.Length) vg.Length {
	along := g.x
	if g.data.Flat {
		along = g.y
	}
	one := math.Abs(float64(along(1) - along(0)))
	return min(vg.Length(one*g.data.Width/2), widest)
}

// stroke draws a line between two spots as far as the axes reach.
func (g groups) stroke(sty draw.LineStyle, from, to vg.Point) {
	g.canvas.StrokeLines(sty, g.canvas.ClipLinesXY([]vg.Point{from, to})...)
}

// fill draws a shape with its outline.
func (g groups) fill(outline []vg.Point, alpha uint8) {
	if inside := g.canvas.ClipPolygonXY(outline); len(inside) > 2 {
		g.canvas.FillPolygon(faint(g.look.color, alpha), inside)
	}
	closed := append(append([]vg.Point{}, outline...), outline[0])
	g.canvas.StrokeLines(draw.LineStyle{Color: g.look.color, Width: 0.9}, g.canvas.ClipLinesXY(closed)...)
}

// words is the hover title of a group.
func (g groups) words(b plots.BoxData) string {
	names, values := g.panel.data.X, g.panel.data.Y
	if g.data.Flat {
		names, values = values, names
	}
	name := coordinate(names, b.At)
	if g.data.Name != "" && name != "" {
		name += ", "
	}
	if name += g.data.Name; name != "" {
		name += ": "
	}
	return fmt.Sprintf("%smedian %s, quartiles %s to %s, whiskers %s to %s, n %d", name, values.Say(b.Median),
		values.Say(b.Q1), values.Say(b.Q3), values.Say(b.Low), values.Say(b.High), b.N)
}

// with reports whether a layer of some kind lies over the one given.
func (s *panel) with(l plots.LayerData, kind plots.Kind) bool {
	return slices.ContainsFunc(s.data.Layers, func(o plots.LayerData) bool {
		return o.Kind == kind && o.Series == l.Series
	})
}

// titled draws a group with its hover title.
func (g groups) titled(b plots.BoxData, f func()) {
	svg, ok := asTitled(&g.canvas)
	if ok {
		svg.Begin(g.words(b))
	}
	f()
	if ok {
		svg.End()
	}
}

// boxes draws quartiles.
type boxes struct{ layer }

// Plot implements plot.Plotter.
func (l boxes) Plot(c draw.Canvas, p *plot.Plot) {
	g := groupsOn(l.layer, c, p)
	half := g.half(widestBox)
	if l.panel.with(l.data, plots.KindStrip) {
		half = g.half(vg.Length(math.Inf(1))) // it frames the strip
	}
	for _, b := range l.data.Boxes {
		g.titled(b, func() { g.box(b, half) })
	}
}

func (g groups) box(b plots.BoxData, half vg.Length) {
	thin := draw.LineStyle{Color: g.look.color, Width: 0.9}
	g.fill([]vg.Point{g.spot(b.At, b.Q1, -half), g.spot(b.At, b.Q1, half), g.spot(b.At, b.Q3, half), g.spot(b.At, b.Q3, -half)}, areaShared)
	for _, w := range [][2]float64{{b.Q1, b.Low}, {b.Q3, b.High}} {
		if w[0] != w[1] {
			g.stroke(thin, g.spot(b.At, w[0], 0), g.spot(b.At, w[1], 0))
		}
		g.stroke(thin, g.spot(b.At, w[1], -half/2), g.spot(b.At, w[1], half/2))
	}
	g.stroke(draw.LineStyle{Color: g.look.color, Width: 2}, g.spot(b.At, b.Median, -half), g.spot(b.At, b.Median, half))
	ring := look{color: g.look.color, marker: draw.RingGlyph{}}
	for _, v := range b.Out {
		if at := g.spot(b.At, v, 0); !isGap(at) && g.canvas.Contains(at) {
			drawMarker(&g.canvas, ring, at, 1.7)
		}
	}
}

// violins draws mirrored densities.
type violins struct{ layer }

// Plot implements plot.Plotter.
func (l violins) Plot(c draw.Canvas, p *plot.Plot) {
	g := groupsOn(l.layer, c, p)
	half := g.half(widestViolin)
	for i, v := range l.data.Violins {
		b := plots.BoxData{At: v.At, N: v.N, Median: v.Median, Q1: v.Median, Q3: v.Median}
		if i < len(l.data.Boxes) {
			b = l.data.Boxes[i]
		}
		g.titled(b, func() { g.violin(v, b, half) })
	}
}

func (g groups) violin(v plots.ViolinData, b plots.BoxData, half vg.Length) {
	thick := draw.LineStyle{Color: g.look.color, Width: 2}
	if len(v.Y) == 1 { // all values are equal
		g.stroke(thick, g.spot(v.At, v.Y[0], -half), g.spot(v.At, v.Y[0], half))
		return
	}
	var left, outline []vg.Point
	for i, y := range v.Y {
		side := half * vg.Length(v.Density[i])
		left, outline = append(left, g.spot(v.At, y, -side)), append(outline, g.spot(v.At, y, side))
	}
	for i := len(left) - 1; i >= 0; i-- {
		outline = append(outline, left[i])
	}
	g.fill(outline, areaShared)
	if g.panel.with(g.data, plots.KindBox) {
		return
	}
	dashed := draw.LineStyle{Color: g.look.color, Width: 0.9, Dashes: []vg.Length{2, 2}}
	for _, q := range []struct {
		value float64
		sty   draw.LineStyle
	}{{b.Q1, dashed}, {v.Median, thick}, {b.Q3, dashed}} {
		side := half * vg.Length(densityAt(v, q.value))
		g.stroke(q.sty, g.spot(v.At, q.value, -side), g.spot(v.At, q.value, side))
	}
}

// densityAt is the density between the two points of the violin around y.
func densityAt(v plots.ViolinData, y float64) float64 {
	i := sort.SearchFloat64s(v.Y, y)
	if i == 0 || i == len(v.Y) {
		return v.Density[min(i, len(v.Y)-1)]
	}
	part := (y - v.Y[i-1]) / (v.Y[i] - v.Y[i-1])
	return v.Density[i-1] + part*(v.Density[i]-v.Density[i-1])
}

// strip draws every value of groups.
type strip struct{ layer }

// Plot implements plot.Plotter.
func (l strip) Plot(c draw.Canvas, p *plot.Plot) {
	pts := l.points(&c, p, l.data.Y)
	svg, ok := asTitled(&c)
	n := len(pts)
	radius := vg.Length(2)
	if n > 100 {
		radius = 1.6
	}
	if n > hoverMarks {
		dots(l).Plot(c, p)
		return
	}
	dot := look{color: faint(l.look.color, 190), marker: draw.CircleGlyph{}}
	group, run := math.NaN(), 0
	for i, pt := range pts {
		run++
		at := math.Round(l.data.X[i])
		if l.data.Flat {
			at = math.Round(l.data.Y[i])
		}
		if at != group && !math.IsNaN(at) {
			group, run = at, 1
		}
		if isGap(pt) || !c.Contains(pt) {
			continue
		}
		if ok {
			svg.Begin(fmt.Sprintf("%s, value %d", l.words(i), run))
		}
		drawMarker(&c, dot, pt, radius)
		if ok {
			svg.End()
		}
	}
}
