package render

import (
	"bytes"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"

	"hpgo/plots"
)

// SVG draws a figure as an SVG document.
func SVG(d plots.Data) (out []byte, err error) {
	defer recovered(&err)
	if err := check(d); err != nil {
		return nil, err
	}
	t := adaptive()
	c := newSVGCanvas(vg.Length(d.Width)*vg.Inch, vg.Length(d.Height)*vg.Inch, t)
	if err := (&sheet{data: d, theme: t, canvas: draw.New(c)}).draw(); err != nil {
		return nil, err
	}
	return c.document(d.Title, d.Alt), nil
}

// DPI is the resolution of PNGs: twice that of a plain screen.
const DPI = 192

// PNG draws a figure as a PNG picture on white.
func PNG(d plots.Data) (out []byte, err error) {
	defer recovered(&err)
	if err := check(d); err != nil {
		return nil, err
	}
	t := onWhite()
	dpi := min(DPI, int(8000/math.Max(d.Width, d.Height)))
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(d.Width)*vg.Inch, vg.Length(d.Height)*vg.Inch),
		vgimg.UseDPI(dpi), vgimg.UseBackgroundColor(t.background))
	if err := (&sheet{data: d, theme: t, canvas: draw.New(c)}).draw(); err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if _, err := (vgimg.PngCanvas{Canvas: c}).WriteTo(&buf); err != nil {
		return nil, fmt.Errorf("draw figure: %w", err)
	}
	return buf.Bytes(), nil
}

// recovered turns a panic of the drawing library into an error: figures may
// come from a notebook that someone else wrote.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("draw figure: panic: %v", p)
	}
}

// sheet is a figure being drawn.
type sheet struct {
	data   plots.Data
	theme  *theme
	canvas draw.Canvas
	plot   *plot.Plot
	bars   int // bar layers, which share a category's width
	bar    int // bar layers drawn so far
}

// Distances in points.
const (
	margin    = 6
	gap       = 5
	barWidth  = 10 // of a colour bar
	tickMark  = 3
	noteLines = 6
)

// draw places title, legend, axes and notes from the top to the bottom.
func (s *sheet) draw() error {
	area := draw.Crop(s.canvas, margin, -margin, margin, -margin)
	area = s.title(area)
	area = s.notes(area)
	heat := s.heatLayer()
	var bar axisTicks
	barSpace := vg.Length(0)
	if heat != nil {
		bar = barTicks(heat.Heat, area.Max.Y-area.Min.Y)
		barSpace = s.barSpace(bar)
		area.Max.X -= barSpace
	}
	s.setUp(area)
	if err := s.addLayers(); err != nil {
		return err
	}
	entries := s.entries()
	area.Min.X += s.overhang(area)
	inner := s.plot.DataCanvas(area)
	legend := s.legendLines(entries, inner.Max.X-inner.Min.X)
	area.Max.Y -= vg.Length(len(legend)) * legendSize * 1.5
	if len(legend) > 0 {
		area.Max.Y -= gap
	}
	inner = s.plot.DataCanvas(area)
	if !(inner.Max.X-inner.Min.X > 20 && inner.Max.Y-inner.Min.Y > 20) {
		return fmt.Errorf("draw figure: %.3g x %.3g inches are too small for its labels", s.data.Width, s.data.Height)
	}
	s.drawLegend(legend, inner.Min.X, area.Max.Y+vg.Length(len(legend))*legendSize*1.5+gap)
	s.plot.Draw(area)
	if heat != nil {
		s.drawBar(heat.Heat, bar, inner)
	}
	return nil
}

func (s *sheet) title(area draw.Canvas) draw.Canvas {
	if s.data.Title == "" {
		return area
	}
	sty := bold(textStyle(titleSize, s.theme.ink))
	for _, line := range wrapped(s.data.Title, func(t string) bool { return sty.Width(t) <= area.Max.X-area.Min.X }) {
		area.FillText(sty, vg.Point{X: area.Min.X, Y: area.Max.Y}, line)
		area.Max.Y -= titleSize * 1.3
	}
	area.Max.Y -= gap
	return area
}

// notes stand below the axes; what doesn't fit is in the alternative text.
func (s *sheet) notes(area draw.Canvas) draw.Canvas {
	sty := textStyle(noteSize, s.theme.ink)
	var lines []string
	for _, n := range s.data.Notes {
		lines = append(lines, wrapped("note: "+n, func(t string) bool { return sty.Width(t) <= area.Max.X-area.Min.X })...)
	}
	if len(lines) > noteLines {
		lines = append(lines[:noteLines-1], fmt.Sprintf("… %d more lines of notes", len(lines)-noteLines+1))
	}
	for i := len(lines) - 1; i >= 0; i-- {
		area.Min.Y += noteSize * 1.3
		area.FillText(sty, vg.Point{X: area.Min.X, Y: area.Min.Y}, lines[i])
	}
	if len(lines) > 0 {
		area.Min.Y += gap
	}
	return area
}

// wrapped breaks text between words so that each line fits.
func wrapped(text string, fits func(string) bool) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		switch {
		case line == "":
			line = word
		case fits(line + " " + word):
			line += " " + word
		default:
			lines = append(lines, line)
			line = word
		}
	}
	return append(lines, line)
}

// setUp makes the gonum plot with our axes.
func (s *sheet) setUp(area draw.Canvas) {
	p := plot.New()
	p.BackgroundColor = nil
	p.TextHandler = textStyle(1, nil).Handler
	width, height := area.Max.X-area.Min.X, area.Max.Y-area.Min.Y
	s.axis(&p.X, s.data.X, newTicks(s.data.X, int(width/52)))
	s.axis(&p.Y, s.data.Y, newTicks(s.data.Y, int(height/32)))
	if s.data.Y.Categories != nil {
		s.axis(&p.Y, s.data.Y, newTicks(s.data.Y, int(height/11)))
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
	s.plot = p
	p.Add(gridLines{s})
}

func (s *sheet) axis(a *plot.Axis, d plots.AxisData, ticks axisTicks) {
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
func (s *sheet) nameTicks(p *plot.Plot, width vg.Length) {
	sty := p.X.Tick.Label
	widest := vg.Length(0)
	for _, name := range s.data.X.Categories {
		widest = max(widest, sty.Width(shortened(name, 28)))
	}
	slot := (width - 40) / vg.Length(len(s.data.X.Categories))
	if widest+4 <= slot {
		p.X.Tick.Marker = newTicks(s.data.X, len(s.data.X.Categories))
		return
	}
	p.X.Tick.Label.Rotation = math.Pi / 5
	ticks := newTicks(s.data.X, int((width-40)/13))
	ticks.turned = true
	p.X.Tick.Marker = ticks
}

// overhang is how far turned names reach out of the area on the left: gonum
// makes room for the upright ones only.
func (s *sheet) overhang(area draw.Canvas) vg.Length {
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

// The ends of log axes. Package plots keeps data within 1e-300 to 1e300.
const (
	smallestLog = 1e-307
	largestLog  = 1e307
)

// tooClose is the relative distance below which the two ends of an axis are
// taken for one number: ticks between them could not be told apart.
const tooClose = 1e-12

// padded leaves some room between the data and the ends of an axis whose
// range wasn't given; an axis that starts at zero keeps to it.
func padded(a plots.AxisData) (lo, hi float64) {
	lo, hi = a.Min, a.Max
	if a.Log {
		if math.Log10(hi)-math.Log10(lo) < tooClose {
			return lo / 2, hi * 2
		}
		if a.Fixed {
			return lo, hi
		}
		f := math.Pow(10, (math.Log10(hi)-math.Log10(lo))*0.04)
		return math.Max(lo/f, smallestLog), math.Min(hi*f, largestLog)
	}
	if hi-lo <= tooClose*math.Max(math.Abs(lo), math.Abs(hi)) {
		d := math.Max(math.Abs(lo)*0.1, 0.5)
		if math.Abs(lo) > 0 && math.Abs(lo) < 0.5 {
			d = math.Abs(lo) * 0.5
		}
		return lo - d, hi + d
	}
	if a.Fixed {
		return lo, hi
	}
	m := (hi - lo) * 0.04
	if lo != 0 {
		lo -= m
	}
	if hi != 0 {
		hi += m
	}
	return lo, hi
}

// gridLines draws a faint line at each label.
type gridLines struct{ s *sheet }

// Plot implements plot.Plotter.
func (g gridLines) Plot(c draw.Canvas, p *plot.Plot) {
	x, y := p.Transforms(&c)
	sty := draw.LineStyle{Color: g.s.theme.grid, Width: 0.5}
	if g.s.data.Y.Categories == nil {
		for _, t := range p.Y.Tick.Marker.Ticks(p.Y.Min, p.Y.Max) {
			if !t.IsMinor() {
				c.StrokeLine2(sty, c.Min.X, y(t.Value), c.Max.X, y(t.Value))
			}
		}
	}
	if g.s.data.X.Categories == nil {
		for _, t := range p.X.Tick.Marker.Ticks(p.X.Min, p.X.Max) {
			if !t.IsMinor() {
				c.StrokeLine2(sty, x(t.Value), c.Min.Y, x(t.Value), c.Max.Y)
			}
		}
	}
}
