package render

import (
	"image"
	"image/color"
	imgdraw "image/draw"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// raster draws a heat map or image, as much of it as the axes show.
type raster struct {
	layer
	img image.Image
}

// Plot implements plot.Plotter.
func (r raster) Plot(c draw.Canvas, p *plot.Plot) {
	e := r.data.Extent
	x0, x1 := math.Max(e.X0, p.X.Min), math.Min(e.X1, p.X.Max)
	y0, y1 := math.Max(e.Y0, p.Y.Min), math.Min(e.Y1, p.Y.Max)
	if !(x0 < x1 && y0 < y1) {
		return
	}
	img := r.img
	if x0 > e.X0 || x1 < e.X1 || y0 > e.Y0 || y1 < e.Y1 {
		if file, ok := img.(pngFile); ok {
			img = file.Image
		}
		img = cut(img, (x0-e.X0)/(e.X1-e.X0), (x1-e.X0)/(e.X1-e.X0), (e.Y1-y1)/(e.Y1-e.Y0), (e.Y1-y0)/(e.Y1-e.Y0))
	}
	if _, ok := p.Y.Scale.(plot.InvertedScale); ok {
		img = upsideDown{img}
	}
	if _, ok := asTitled(&c); ok {
		img = enlarged(img, 400)
	}
	x, y := p.Transforms(&c)
	low, high := min(y(y0), y(y1)), max(y(y0), y(y1))
	c.DrawImage(vg.Rectangle{Min: vg.Point{X: x(x0), Y: low}, Max: vg.Point{X: x(x1), Y: high}}, img)
}

// cut is the part of a picture between the given shares of its width and
// height. The edges of the part may lie within pixels, so those are made small
// before.
func cut(img image.Image, left, right, top, bottom float64) image.Image {
	const fine = 800
	img = enlarged(img, fine)
	b := img.Bounds()
	w, h := float64(b.Dx()), float64(b.Dy())
	part := image.Rect(int(math.Round(left*w)), int(math.Round(top*h)), int(math.Round(right*w)), int(math.Round(bottom*h))).Add(b.Min)
	part.Max.X, part.Max.Y = max(part.Max.X, part.Min.X+1), max(part.Max.Y, part.Min.Y+1)
	if part = part.Intersect(b); part.Empty() {
		return img
	}
	out := image.NewNRGBA(image.Rect(0, 0, part.Dx(), part.Dy())) // from 0, 0
	imgdraw.Draw(out, out.Bounds(), img, part.Min, imgdraw.Src)
	return out
}

// upsideDown is a picture for an axis that goes down.
type upsideDown struct{ image.Image }

func (u upsideDown) At(x, y int) color.Color {
	b := u.Bounds()
	return u.Image.At(x, b.Max.Y-1-(y-b.Min.Y))
}

// heatCells writes the numbers of a small field and gives them hover titles.
type heatCells struct{ layer }

// Plot implements plot.Plotter.
func (d heatCells) Plot(c draw.Canvas, p *plot.Plot) {
	h := d.data.Heat
	if h == nil || len(h.Values) != h.Rows*h.Cols {
		return
	}
	_, hover := asTitled(&c)
	hover = hover && len(h.Values) <= hoverMarks
	texts, size := d.texts(&c, p)
	if texts == nil && !hover {
		return
	}
	for i, v := range h.Values {
		box, ok := d.box(&c, p, i)
		if !ok {
			continue
		}
		background, ink := color.NRGBA{}, d.panel.theme.ink
		if !math.IsNaN(v) {
			background = colors(h)(d.share(v))
			ink = readableOn(background)
		}
		write := func() {
			if texts == nil {
				return
			}
			sty := textStyle(size, ink)
			sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
			at := box.Min.Add(box.Size().Scale(0.5))
			pinned(&c, at, func() { c.FillText(sty, at, texts[i]) })
		}
		if !hover {
			write()
			continue
		}
		d.panel.titled(&c, d.words(i), func() {
			c.FillPolygon(faint(background, 0), corners(box))
			write()
		})
	}
}

// share is the place of a value in the range of the colours, from 0 to 1.
func (d heatCells) share(v float64) float64 {
	lo, hi := d.data.Heat.Min, d.data.Heat.Max
	if d.data.Heat.Log {
		v, lo, hi = math.Log(v), math.Log(lo), math.Log(hi)
	}
	if !(hi > lo) {
		return 0.5
	}
	return (v/2 - lo/2) / (hi/2 - lo/2)
}

// box is the ith cell as far as it lies within the axes.
func (d heatCells) box(c *draw.Canvas, p *plot.Plot, i int) (vg.Rectangle, bool) {
	e, h := d.data.Extent, d.data.Heat
	row, col := i/h.Cols, i%h.Cols
	wide, high := (e.X1-e.X0)/float64(h.Cols), (e.Y1-e.Y0)/float64(h.Rows)
	x0, x1, inX := axisSpan(c, p.X, e.X0+wide*float64(col), e.X0+wide*float64(col+1), true)
	y0, y1, inY := axisSpan(c, p.Y, e.Y0+high*float64(row), e.Y0+high*float64(row+1), false)
	return vg.Rectangle{Min: vg.Point{X: x0, Y: y0}, Max: vg.Point{X: x1, Y: y1}}, inX && inY && x1 > x0 && y1 > y0
}

// Sizes of numbers in cells, in points.
const (
	largestNumber  = tickSize
	smallestNumber = 5.5
)

// texts are the numbers as they are written, in the size at which all fit into
// their cells; nil if they fit in none.
func (d heatCells) texts(c *draw.Canvas, p *plot.Plot) (texts []string, size vg.Length) {
	h := d.data.Heat
	if !d.data.Values {
		return nil, 0
	}
	ticks, digits := barTicks(h, 100), digitsFor(h)
	wide, high := vg.Length(math.Inf(1)), vg.Length(math.Inf(1))
	sty := textStyle(largestNumber, nil)
	longest := vg.Length(0)
	for i, v := range h.Values {
		text := plots.SI(v, h.Unit)
		switch {
		case math.IsNaN(v):
			text = "–"
		case !h.Log && (h.Unit != "" || digits > 3): // the unit stands at the colour bar
			text = figuresOf(v/ticks.factor, digits)
		}
		texts = append(texts, text)
		if box, ok := d.box(c, p, i); ok && !math.IsNaN(v) {
			wide, high = min(wide, box.Size().X), min(high, box.Size().Y)
			longest = max(longest, sty.Width(text))
		}
	}
	size = min(largestNumber, high-1.5, largestNumber*(wide-2)/longest)
	if !(size >= smallestNumber) {
		return nil, 0
	}
	return texts, size
}

// digitsFor is the number of significant figures that tell the numbers of a
// field apart: three, and more if they only differ behind those.
func digitsFor(h *plots.HeatData) int {
	far := math.Max(math.Abs(h.Min), math.Abs(h.Max))
	if !(h.Max > h.Min) || h.Log {
		return 3
	}
	return 3 + int(min(max(math.Log10(far/(h.Max-h.Min)), 0), 6))
}

// figuresOf writes a number with so many significant figures.
func figuresOf(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'g', digits, 64)
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) >= 1e7 || f != 0 && math.Abs(f) < 1e-3 {
		return s
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// words describes the ith cell.
func (d heatCells) words(i int) string {
	e, h := d.data.Extent, d.data.Heat
	x := e.X0 + (e.X1-e.X0)*(float64(i%h.Cols)+0.5)/float64(h.Cols)
	y := e.Y0 + (e.Y1-e.Y0)*(float64(i/h.Cols)+0.5)/float64(h.Rows)
	value := "no value"
	if !math.IsNaN(h.Values[i]) {
		value = barTicks(h, 0).data.Say(h.Values[i])
	}
	s := coordinate(d.panel.data.X, x) + ", " + coordinate(d.panel.data.Y, y) + ": " + value
	if d.data.Name != "" {
		return d.data.Name + ", " + s
	}
	return s
}
