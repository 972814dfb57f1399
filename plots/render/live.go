package render

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// live is what a drawing for an interactive page records beside the SVG: what
// the page's script needs to draw the axes of a closer view. The SVG gets
// groups that say which parts belong to which panel and layer, and where marks
// of a fixed size stand. A canvas without it draws the plain picture.
type live struct {
	panels []*livePanel
	flames []*liveFlame
	gantts []*liveGantt
	single bool // a flame graph or a timeline and not a grid of them
	open   bool // a region's group is open
	pins   bool // and it isn't the axes
	// redrawn is set in a region that the script draws anew: its words are in
	// the data, so there are no titles.
	redrawn bool
}

// livePanel is a pair of axes as the script knows it. Coordinates are those of
// the page's viewBox, y downwards.
type livePanel struct {
	Box    [4]float64  `json:"box"` // left, top, right, bottom of the data area
	X      liveAxis    `json:"x"`
	Y      liveAxis    `json:"y"`
	Layers []liveLayer `json:"layers"`
	// Link names the panels whose axes move together, in each direction.
	Link [2]string `json:"link,omitzero"`

	index int
	rec   *live
}

// liveAxis is a drawn axis: its ends after padding, and the inputs of axisTicks.
type liveAxis struct {
	Label string   `json:"label,omitempty"`
	Unit  string   `json:"unit,omitempty"`
	Log   bool     `json:"log,omitempty"`
	Flip  bool     `json:"flip,omitempty"`  // the least value is at the top
	Whole bool     `json:"whole,omitempty"` // counts: no ticks between whole numbers
	Min   float64  `json:"min"`
	Max   float64  `json:"max"`
	Names []string `json:"names,omitempty"`
	Most  int      `json:"most"`
	Fixed bool     `json:"fixed,omitempty"` // it doesn't zoom
}

// liveLayer is what the script tells about a layer on hovering.
type liveLayer struct {
	Kind   plots.Kind      `json:"kind"`
	Name   string          `json:"name,omitempty"`
	Series int             `json:"series"`
	X      liveNumbers     `json:"x,omitempty"`
	Y      liveNumbers     `json:"y,omitempty"`
	Right  liveNumbers     `json:"right,omitempty"`
	Heat   *plots.HeatData `json:"heat,omitempty"`
	Extent plots.Extent    `json:"extent,omitzero"`
}

// liveNumbers travel with the six digits that hovering shows; gaps are null.
type liveNumbers []float64

// MarshalJSON writes NaN and infinities as null.
func (n liveNumbers) MarshalJSON() ([]byte, error) {
	out := append(make([]byte, 0, 2+8*len(n)), '[')
	for i, v := range n {
		if i > 0 {
			out = append(out, ',')
		}
		if !finite(v) {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendFloat(out, v, 'g', 6, 64)
	}
	return append(out, ']'), nil
}

// asLive finds the SVG canvas of an interactive page below the layers that
// gonum puts around it; nil for any other canvas.
func asLive(c vg.Canvas) *svgCanvas {
	for {
		switch inner := c.(type) {
		case *draw.Canvas:
			c = inner.Canvas
		case draw.Canvas:
			c = inner.Canvas
		case *svgCanvas:
			if inner.live == nil {
				return nil
			}
			return inner
		default:
			return nil
		}
	}
}

// coord writes a coordinate; of a picture that will be enlarged, finer.
func (c *svgCanvas) coord(v float64) string {
	if c.live == nil {
		return num(v)
	}
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0"), ".")
}

// pinned draws a mark of a fixed size at a point of the data area, such as a
// marker or a number beside a bar: a closer view moves it without enlarging
// it. A coordinate that is unmoved stays where it is.
func pinned(c *draw.Canvas, at vg.Point, mark func()) {
	svg := asLive(c)
	if svg == nil || !svg.live.pins {
		mark()
		return
	}
	pin := func(at vg.Length, page float64) string {
		if math.IsNaN(float64(at)) {
			return "-"
		}
		return svg.coord(page)
	}
	place := at
	if math.IsNaN(float64(at.X)) {
		place.X = 0
	}
	if math.IsNaN(float64(at.Y)) {
		place.Y = 0
	}
	x, y := svg.page(place.X.Points(), place.Y.Points())
	svg.buf.WriteString(`<g data-at="` + pin(at.X, x) + " " + pin(at.Y, y) + `">`)
	mark()
	svg.End()
}

// unmoved is the coordinate of a mark that a closer view doesn't move in that
// direction.
func unmoved() vg.Length { return vg.Length(math.NaN()) }

// textHandler sets plain text; inside the data area it is pinned where it is
// aligned to.
type textHandler struct{ text.Plain }

// Draw implements text.Handler.
func (h textHandler) Draw(c vg.Canvas, txt string, sty text.Style, at vg.Point) {
	if dc, ok := c.(*draw.Canvas); ok {
		pinned(dc, at, func() { h.Plain.Draw(c, txt, sty, at) })
		return
	}
	h.Plain.Draw(c, txt, sty, at)
}

// livePanel adds the panel to those of the interactive page, if the canvas is
// for one. It is called when the axes are set up.
func (s *panel) livePanel(inner draw.Canvas) *livePanel {
	svg := asLive(&s.canvas)
	if svg == nil {
		return nil
	}
	p := &livePanel{Box: svg.pageBox(inner.Rectangle), X: liveAxisOf(&s.plot.X, s.xTicks), Y: liveAxisOf(&s.plot.Y, s.yTicks),
		index: len(svg.live.panels), rec: svg.live}
	p.X.Fixed = s.table != nil && s.table.aligned // its columns stand under the axis
	for _, l := range s.data.Layers {
		p.Layers = append(p.Layers, liveLayerOf(l))
	}
	svg.live.panels = append(svg.live.panels, p)
	return p
}

func liveAxisOf(a *plot.Axis, t axisTicks) liveAxis {
	d := t.data
	out := liveAxis{Label: d.Label, Unit: d.Unit, Log: d.Log, Whole: d.Whole, Min: a.Min, Max: a.Max, Names: d.Categories, Most: t.most}
	_, out.Flip = a.Scale.(plot.InvertedScale)
	return out
}

// liveLayerOf keeps the values of layers whose marks may have no hover titles.
func liveLayerOf(l plots.LayerData) liveLayer {
	out := liveLayer{Kind: l.Kind, Name: l.Name, Series: l.Series}
	switch l.Kind {
	case plots.KindLine, plots.KindScatter, plots.KindBars, plots.KindBins:
		out.X, out.Y, out.Right = liveNumbers(l.X), liveNumbers(l.Y), liveNumbers(l.Right)
	case plots.KindHeat:
		out.Heat, out.Extent = l.Heat, l.Extent
	}
	return out
}

// region begins the next part of a panel's drawing and ends the one before:
// axes, grid, or a layer by its number; "" only ends.
func (s *panel) region(attributes string) {
	svg := asLive(&s.canvas)
	if svg == nil || s.live == nil {
		return
	}
	if attributes != "" {
		attributes = `data-panel="` + strconv.Itoa(s.live.index) + `" ` + attributes
	}
	svg.region(attributes)
}

// region does so in a picture with other bodies.
func (c *svgCanvas) region(attributes string) {
	if c.live.open {
		c.End()
	}
	c.live.open = attributes != ""
	c.live.redrawn = strings.HasSuffix(attributes, `"redrawn"`)
	c.live.pins = c.live.open && !c.live.redrawn && !strings.HasSuffix(attributes, `"axes"`)
	if c.live.open {
		c.buf.WriteString("<g " + attributes + ">\n")
	}
}

// pageBox is a rectangle as left, top, right, bottom on the page.
func (c *svgCanvas) pageBox(r vg.Rectangle) [4]float64 {
	left, bottom := c.page(r.Min.X.Points(), r.Min.Y.Points())
	right, top := c.page(r.Max.X.Points(), r.Max.Y.Points())
	return [4]float64{left, top, right, bottom}
}

// hex is a colour as CSS has it.
func hex(c color.Color) string {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return fmt.Sprintf("#%02x%02x%02x", n.R, n.G, n.B)
}

// bookmark is a plotter that draws nothing: a region begins at its place among
// the plotters, which gonum draws in order, after the axes.
type bookmark struct {
	panel      *panel
	attributes string
}

// Plot implements plot.Plotter.
func (b bookmark) Plot(draw.Canvas, *plot.Plot) { b.panel.region(b.attributes) }

// legendEntry makes an entry of the legend a button of the interactive page. The
// legend of a grid is drawn before its panels and is for all of them.
func (s *panel) legendEntry(e entry, draw func()) {
	svg := asLive(&s.canvas)
	if svg == nil {
		draw()
		return
	}
	panel := "all"
	if s.live != nil {
		panel = strconv.Itoa(s.live.index)
	}
	fmt.Fprintf(&svg.buf, `<g data-panel="%s" data-entry="%d" data-name="%s">`, panel, e.layer.Series, escape(e.layer.Name))
	draw()
	svg.End()
}
