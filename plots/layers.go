package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"slices"
)

// Line joins points in their order; NaN breaks it.
type Line struct {
	Name      string
	Data      any // a slice of structs: X, Y, Low and High are then field names
	X         any // numbers, durations, times, or names; 0, 1, 2, ... if nil
	Y         any
	Low, High any  // a shaded band, of confidence or range
	Step      bool // hold each value until the next
	Fill      bool // the area down to zero, or to the bottom of a log axis
	Stacked   bool // Fill, on the Stacked lines before, which have the same X
	Markers   bool // mark the points
	Hollow    bool // a recorded figure and not one measured here: dashed
}

// Scatter marks points.
type Scatter struct {
	Name string
	Data any // a slice of structs: X and Y are then field names
	X    any // 0, 1, 2, ... if nil
	Y    any
	// Fit draws the line of least squares with the 95 % confidence band of the
	// mean, and writes its equation and R². It is straight on the axes: on
	// logarithmic ones a power law, on one of them an exponential or logarithm.
	Fit    bool
	Hollow bool
}

// Image shows a picture with axes, its top row at the top.
type Image struct {
	Name  string
	Image image.Image
	X, Y  [2]float64 // what it covers; pixels if both ends are equal
}

// MIMEBundle shows the layer as a figure of its own.
func (l Line) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

// MIMEBundle shows the layer as a figure of its own.
func (l Scatter) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

// MIMEBundle shows the layer as a figure of its own.
func (l Image) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

func (l Line) encode(e *encoder) ([]LayerData, error) {
	who := layerName("line", l.Name)
	xy, err := e.points(who, l.Data, l.X, l.Y, l.Low, l.High)
	if err != nil {
		return nil, err
	}
	out := LayerData{Kind: KindLine, Name: l.Name, Step: l.Step, Markers: l.Markers, Hollow: l.Hollow,
		X: xy.x, Y: xy.y, Low: xy.low, High: xy.high}
	e.besideBand(who, xy.y, xy.low, xy.high)
	if l.Stacked {
		if err := e.stackLine(who, &out); err != nil {
			return nil, err
		}
	}
	if l.Fill || l.Stacked {
		out.Fill, e.y.zero = true, true
	}
	if len(xy.y) == 1 {
		out.Markers = true // a line of one point would not be seen
	}
	return []LayerData{out}, nil
}

func (l Scatter) encode(e *encoder) ([]LayerData, error) {
	who := layerName("scatter", l.Name)
	xy, err := e.points(who, l.Data, l.X, l.Y, nil, nil)
	if err != nil {
		return nil, err
	}
	out := []LayerData{{Kind: KindScatter, Name: l.Name, Hollow: l.Hollow, X: xy.x, Y: xy.y}}
	if l.Fit {
		out = append(out, e.fitted(who, xy)...)
	}
	return out, nil
}

// maxImageSide limits an image; a larger one is thinned.
const maxImageSide = 2000

func (l Image) encode(e *encoder) ([]LayerData, error) {
	who := layerName("image", l.Name)
	if l.Image == nil {
		return nil, fmt.Errorf("%s: Image is nil", who)
	}
	size := l.Image.Bounds().Size()
	if size.X <= 0 || size.Y <= 0 || size.X > 1<<16 || size.Y > 1<<16 {
		return nil, fmt.Errorf("%s: %d x %d pixels can't be shown", who, size.X, size.Y)
	}
	extent := cover(l.X, l.Y, size.X, size.Y)
	if err := e.coverArea(who, extent); err != nil {
		return nil, err
	}
	img := l.Image
	if by := (max(size.X, size.Y) + maxImageSide - 1) / maxImageSide; by > 1 {
		img = everyNthOf(img, by)
		e.note("%s: %d x %d pixels, every %dth one drawn", who, size.X, size.Y, by)
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	return []LayerData{LayerData{Kind: KindImage, Name: l.Name, PNG: buf.Bytes(), Extent: extent}}, nil
}

// everyNthOf thins an image by a whole factor, common kinds in the time of a
// copy.
func everyNthOf(img image.Image, n int) image.Image {
	lazy := everyNth{img, n}
	b := lazy.Bounds()
	switch from := img.(type) {
	case *image.NRGBA:
		to := image.NewNRGBA(b)
		everyNthPixel(to.Pix, to.Stride, from.Pix, from.Stride, b.Size(), n, 4)
		return to
	case *image.RGBA:
		to := image.NewRGBA(b)
		everyNthPixel(to.Pix, to.Stride, from.Pix, from.Stride, b.Size(), n, 4)
		return to
	case *image.Gray:
		to := image.NewGray(b)
		everyNthPixel(to.Pix, to.Stride, from.Pix, from.Stride, b.Size(), n, 1)
		return to
	}
	return lazy
}

func everyNthPixel(to []uint8, toStride int, from []uint8, fromStride int, size image.Point, n, bytes int) {
	for y := range size.Y {
		out, in := to[y*toStride:], from[y*n*fromStride:]
		for x := range size.X {
			copy(out[x*bytes:(x+1)*bytes], in[x*n*bytes:])
		}
	}
}

// everyNth is an image thinned by a whole factor.
type everyNth struct {
	image.Image
	n int
}

func (t everyNth) Bounds() image.Rectangle {
	s := t.Image.Bounds().Size()
	return image.Rect(0, 0, (s.X+t.n-1)/t.n, (s.Y+t.n-1)/t.n)
}

func (t everyNth) At(x, y int) color.Color {
	b := t.Image.Bounds()
	return t.Image.At(b.Min.X+x*t.n, b.Min.Y+y*t.n)
}

// cover is the area of a field: what was asked for, or its cells.
func cover(x, y [2]float64, cols, rows int) Extent {
	c := Extent{x[0], x[1], y[0], y[1]}
	if c.X0 == c.X1 {
		c.X0, c.X1 = 0, float64(cols)
	}
	if c.Y0 == c.Y1 {
		c.Y0, c.Y1 = 0, float64(rows)
	}
	return c
}

// coverArea makes the axes end where the field does.
func (e *encoder) coverArea(who string, c Extent) error {
	corners := []float64{c.X0, c.X1, c.Y0, c.Y1}
	if slices.ContainsFunc(corners, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) }) || c.X0 > c.X1 || c.Y0 > c.Y1 {
		return fmt.Errorf("%s: it can't cover %v to %v by %v to %v", who, c.X0, c.X1, c.Y0, c.Y1)
	}
	if e.fig.X.Log || e.fig.Y.Log {
		return fmt.Errorf("%s: its axes can't be logarithmic", who)
	}
	e.x.add(c.X0, c.X1)
	e.y.add(c.Y0, c.Y1)
	e.x.exact, e.y.exact = true, true
	return nil
}

func layerName(kind, name string) string {
	if name == "" {
		return kind
	}
	return fmt.Sprintf("%s %q", kind, name)
}
