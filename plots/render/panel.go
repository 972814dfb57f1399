package render

import (
	"math"

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
}

// draw places legend, axes and colour bar.
func (s *panel) draw(area draw.Canvas) error {
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
	pennants, more := s.pennants(inner)
	area.Max.Y -= pennantRoom(pennants, more)
	inner = s.plot.DataCanvas(area)
	if !(inner.Max.X-inner.Min.X > 20 && inner.Max.Y-inner.Min.Y > 20) {
		return s.tooSmall()
	}
	s.live = s.livePanel(inner)
	s.drawLegend(legend, inner.Min.X, area.Max.Y+pennantRoom(pennants, more)+vg.Length(len(legend))*legendSize*1.5+gap)
	s.region(`data-part="axes"`)
	s.plot.Draw(area)
	s.region(`data-part="above"`)
	s.drawPennants(inner, pennants, more)
	s.region(layerAttribute(len(s.data.Layers)))
	s.drawLabels(inner)
	s.region("")
	if heat != nil {
		s.drawBar(heat.Heat, bar, inner)
	}
	return nil
}

// setUp makes the gonum plot with our axes.
func (s *panel) setUp(area draw.Canvas) {
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
	p.Add(bookmark{s, `data-part="grid"`}, gridLines{s})
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
