package render

import (
	"fmt"
	"image"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// hoverMarks is the number of marks up to which each gets a hover title.
const hoverMarks = 250

// addLayers adds all layers to the plot, fields below lines.
func (s *panel) addLayers() error {
	s.barSlots()
	s.findMarks()
	if !s.overPicture() {
		s.addMarks(true)
	}
	for i, l := range s.data.Layers {
		if l.Kind == plots.KindMark {
			continue
		}
		at := layer{s, l, lookOfLayer(l)}
		s.plot.Add(s.layerPart(i))
		switch l.Kind {
		case plots.KindLine:
			s.plot.Add(line{at})
		case plots.KindScatter:
			s.plot.Add(dots{at})
		case plots.KindRug:
			s.plot.Add(rug{at})
		case plots.KindBars:
			b := bars{at, s.slots[i]}
			b.reach(s.plot)
			s.plot.Add(b)
		case plots.KindBins:
			s.plot.Add(bins{at})
		case plots.KindBox:
			s.plot.Add(boxes{at})
		case plots.KindViolin:
			s.plot.Add(violins{at})
		case plots.KindStrip:
			s.plot.Add(strip{at})
		case plots.KindHeat, plots.KindImage:
			img, err := picture(l)
			if err != nil {
				return fmt.Errorf("draw layer %d: %w", i+1, err)
			}
			s.plot.Add(raster{at, img}, heatCells{at})
		}
	}
	if s.overPicture() {
		s.addMarks(true)
	}
	s.addMarks(false)
	return nil
}

func picture(l plots.LayerData) (image.Image, error) {
	if l.Kind == plots.KindImage {
		img, err := decodePNG(l.PNG)
		return pngFile{img, l.PNG}, err
	}
	return heatImage(l.Heat)
}

// layer is what all plotters share.
type layer struct {
	panel *panel
	data  plots.LayerData
	look  look
}

// points are the layer's marks on the canvas; gaps are NaN.
func (l layer) points(c *draw.Canvas, p *plot.Plot, ys plots.Numbers) []vg.Point {
	x, y := p.Transforms(c)
	out := make([]vg.Point, len(l.data.X))
	for i := range out {
		out[i] = vg.Point{X: x(l.data.X[i]), Y: y(ys[i])}
	}
	return out
}

func isGap(p vg.Point) bool { return math.IsNaN(float64(p.X)) || math.IsNaN(float64(p.Y)) }

// runs cuts a line at its gaps.
func runs(pts []vg.Point) [][]vg.Point {
	var out [][]vg.Point
	start := -1
	for i, p := range pts {
		switch {
		case isGap(p) && start >= 0:
			out = append(out, pts[start:i])
			start = -1
		case !isGap(p) && start < 0:
			start = i
		}
	}
	if start >= 0 {
		out = append(out, pts[start:])
	}
	return out
}

// line draws a line with its band and markers.
type line struct{ layer }

// Plot implements plot.Plotter.
func (l line) Plot(c draw.Canvas, p *plot.Plot) {
	if l.data.Low != nil {
		l.band(c, p)
	}
	pts := l.points(&c, p, l.data.Y)
	switch {
	case l.data.Base != nil:
		l.stackedArea(c, p, pts)
	case l.data.Fill:
		l.area(c, p, pts)
	}
	for _, run := range runs(pts) {
		if l.data.Step {
			run = stepped(run)
		}
		c.StrokeLines(draw.LineStyle{Color: l.look.color, Width: l.look.width, Dashes: l.look.dash}, c.ClipLinesXY(run)...)
		if len(run) == 1 && !l.data.Markers && c.Contains(run[0]) {
			drawMarker(&c, l.look, run[0], 1.5) // a point between two gaps
		}
	}
	if l.data.Markers {
		l.marks(&c, pts, 2.4)
	}
}

func (l line) band(c draw.Canvas, p *plot.Plot) {
	low, high := l.points(&c, p, l.data.Low), l.points(&c, p, l.data.High)
	for i := range low {
		if isGap(low[i]) || isGap(high[i]) {
			low[i].X, high[i].X = vg.Length(math.NaN()), vg.Length(math.NaN())
		}
	}
	lows, highs := runs(low), runs(high)
	for i := range lows {
		outline := append([]vg.Point{}, lows[i]...)
		for j := len(highs[i]) - 1; j >= 0; j-- {
			outline = append(outline, highs[i][j])
		}
		if outline = c.ClipPolygonXY(outline); len(outline) > 2 {
			c.FillPolygon(faint(l.look.color, 56), outline)
		}
	}
}

// stepped holds each value until the next point.
func stepped(pts []vg.Point) []vg.Point {
	var out []vg.Point
	for i, p := range pts {
		if i > 0 {
			out = append(out, vg.Point{X: p.X, Y: pts[i-1].Y})
		}
		out = append(out, p)
	}
	return out
}

// titled is what the SVG canvas can do beyond vg.Canvas.
type titled interface {
	Begin(title string)
	End()
	Dots(pts []vg.Point, radius vg.Length)
}

// asTitled finds the SVG canvas below the layers of draw.Canvas that gonum puts
// around it.
func asTitled(c *draw.Canvas) (titled, bool) {
	t, ok := lowest(c).(titled)
	return t, ok
}

// lowest is the canvas itself, below the layers that gonum puts around it.
func lowest(c *draw.Canvas) vg.Canvas {
	inner := c.Canvas
	for {
		d, ok := inner.(draw.Canvas)
		if !ok {
			return inner
		}
		inner = d.Canvas
	}
}

// dotted is a canvas that draws many equal dots at once; what several cover is
// no darker.
type dotted interface {
	Dots(pts []vg.Point, radius vg.Length)
}

// marks draws the markers inside the axes; a few get hover titles, many are
// dots.
func (l layer) marks(c *draw.Canvas, pts []vg.Point, radius vg.Length) {
	var in []vg.Point
	svg, hover := asTitled(c)
	many, ok := lowest(c).(dotted)
	ok = ok && len(pts) > hoverMarks
	for i, p := range pts {
		switch {
		case isGap(p) || !c.Contains(p):
		case ok:
			in = append(in, p)
		case hover:
			svg.Begin(l.words(i))
			drawMarker(c, l.look, p, radius)
			svg.End()
		default:
			drawMarker(c, l.look, p, radius)
		}
	}
	switch {
	case len(in) == 0:
	case l.data.Kind == plots.KindLine: // on the line itself
		c.SetColor(l.look.color)
		many.Dots(in, dotRadius+0.5)
	default:
		c.SetColor(faint(l.look.color, 200))
		many.Dots(in, dotRadius)
	}
}

// dotRadius is that of dots that are too many for markers.
const dotRadius = 1.3

// words describes the ith mark.
func (l layer) words(i int) string {
	s := coordinate(l.panel.data.X, l.data.X[i]) + ", " + coordinate(l.panel.data.Y, l.data.Y[i])
	if l.data.Name != "" {
		return l.data.Name + ": " + s
	}
	return s
}

func coordinate(a plots.AxisData, v float64) string {
	if i := int(math.Round(v)); a.Categories != nil && i >= 0 && i < len(a.Categories) {
		return a.Categories[i]
	}
	return a.Say(v)
}

// dots draws a scatter.
type dots struct{ layer }

// Plot implements plot.Plotter.
func (l dots) Plot(c draw.Canvas, p *plot.Plot) { l.marks(&c, l.points(&c, p, l.data.Y), 2.4) }
