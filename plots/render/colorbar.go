package render

import (
	"math"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// heatLayer is the heat map that the colour bar explains: the last one.
func (s *panel) heatLayer() *plots.LayerData {
	for i := len(s.data.Layers) - 1; i >= 0; i-- {
		if s.data.Layers[i].Kind == plots.KindHeat {
			return &s.data.Layers[i]
		}
	}
	return nil
}

// barTicks are the ticks of the colour bar, an axis like the others.
func barTicks(h *plots.HeatData, height vg.Length) axisTicks {
	a := plots.AxisData{Label: h.Label, Unit: h.Unit, Log: h.Log, Min: h.Min, Max: h.Max, Fixed: true}
	a.Min, a.Max = padded(a) // a range of one number is widened
	return newTicks(shortLabel(a, height), int(height/32))
}

// barSpace is the width of bar, ticks, numbers and label.
func (s *panel) barSpace(t axisTicks) vg.Length {
	sty := textStyle(tickSize, s.theme.ink)
	widest := vg.Length(0)
	for _, tick := range t.Ticks(t.data.Min, t.data.Max) {
		widest = max(widest, sty.Width(tick.Label))
	}
	space := 2*gap + barWidth + tickMark + 2 + widest
	if t.label() != "" {
		space += labelSize + gap
	}
	return space
}

// drawBar draws the colour bar right of the data, at its height.
func (s *panel) drawBar(h *plots.HeatData, t axisTicks, data draw.Canvas) {
	c := &s.canvas
	left := data.Max.X + 2*gap
	box := vg.Rectangle{Min: vg.Point{X: left, Y: data.Min.Y}, Max: vg.Point{X: left + barWidth, Y: data.Max.Y}}
	c.DrawImage(box, barImage(h))
	sty := textStyle(tickSize, s.theme.ink)
	sty.YAlign = draw.YCenter
	widest := vg.Length(0)
	for _, tick := range t.Ticks(t.data.Min, t.data.Max) {
		at := (tick.Value - t.data.Min) / (t.data.Max - t.data.Min)
		if h.Log {
			at = (math.Log(tick.Value) - math.Log(t.data.Min)) / (math.Log(t.data.Max) - math.Log(t.data.Min))
		}
		y := box.Min.Y + vg.Length(at)*(box.Max.Y-box.Min.Y)
		long := vg.Length(tickMark)
		if tick.IsMinor() {
			long /= 2
		}
		c.StrokeLine2(draw.LineStyle{Color: s.theme.ink, Width: 0.6}, box.Max.X, y, box.Max.X+long, y)
		c.FillText(sty, vg.Point{X: box.Max.X + tickMark + 2, Y: y}, tick.Label)
		widest = max(widest, sty.Width(tick.Label))
	}
	if label := t.label(); label != "" {
		sty := textStyle(labelSize, s.theme.ink)
		sty.XAlign, sty.YAlign = draw.XCenter, draw.YTop
		sty.Rotation = math.Pi / 2
		c.FillText(sty, vg.Point{X: box.Max.X + tickMark + 2 + widest + gap, Y: (box.Min.Y + box.Max.Y) / 2}, label)
	}
}
