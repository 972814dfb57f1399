package render

import (
	"image"
	"image/color"
	"math"
	"testing"

	"golang.org/x/image/vector"
	"gonum.org/v1/plot/vg"
)

// covered is the cover of each pixel that the shapes have.
func covered(a *areas) []uint8 {
	out := make([]uint8, a.w*a.h)
	a.each(make([]uint8, a.w+2), func(y, from int, mask []uint8) { copy(out[y*a.w+from:], mask) })
	return out
}

// TestAreas compares random polygons, many of them partly outside, with those
// of another rasterizer.
func TestAreas(t *testing.T) {
	var gen noise = 11
	const w, h = 520, 40 // so wide that the other one uses floats
	a := newAreas(w, h)
	for k := range 400 {
		z := vector.NewRasterizer(w, h)
		n, size := 3+k%5, float32(20+20*(k%9))
		for i := range n {
			p := pixel{30 + float32(gen.next())*size, 20 + float32(gen.next())*size}
			if k%3 == 0 { // corners on corners of pixels
				p = pixel{float32(math.Round(float64(p.x))), float32(math.Round(float64(p.y)))}
			}
			if i == 0 {
				a.move(p)
				z.MoveTo(p.x, p.y)
			} else {
				a.line(p)
				z.LineTo(p.x, p.y)
			}
		}
		a.close()
		z.ClosePath()
		want := image.NewAlpha(image.Rect(0, 0, w, h))
		z.Draw(want, want.Rect, image.Opaque, image.Point{})
		for i, c := range covered(a) {
			if math.Abs(float64(c)-float64(want.Pix[i])) > 2 {
				t.Fatalf("polygon %d: pixel %d, %d is covered %d, want %d", k, i%w, i/w, c, want.Pix[i])
			}
		}
	}
	for i, c := range covered(a) {
		if c != 0 {
			t.Fatalf("pixel %d stays covered %d", i, c)
		}
	}
}

func TestPNGStrokes(t *testing.T) {
	draw := func(width vg.Length, dash []vg.Length, pts ...vg.Point) *pngCanvas {
		c := newPNGCanvas(100, 100, 72, color.White)
		c.SetColor(color.Black)
		c.SetLineWidth(width)
		c.SetLineDash(dash, 0)
		var p vg.Path
		for i, pt := range pts {
			if i == 0 {
				p.Move(pt)
			} else {
				p.Line(pt)
			}
		}
		c.Stroke(p)
		return c
	}
	ink := func(c *pngCanvas) float64 {
		sum := 0.0
		for i := 0; i < len(c.img.Pix); i += 4 {
			sum += 1 - float64(c.img.Pix[i])/255
		}
		return sum
	}
	for _, tt := range []struct {
		name string
		c    *pngCanvas
		want float64 // area of ink
	}{
		{"level", draw(4, nil, vg.Point{X: 10, Y: 50}, vg.Point{X: 60, Y: 50}), 200},
		{"slanting", draw(4, nil, vg.Point{X: 10, Y: 10}, vg.Point{X: 40, Y: 50}), 200},
		{"there and back", draw(4, nil, vg.Point{X: 10, Y: 50}, vg.Point{X: 60, Y: 50}, vg.Point{X: 10, Y: 50}), 200 + 2*math.Pi},
		{"corner", draw(4, nil, vg.Point{X: 10, Y: 10}, vg.Point{X: 60, Y: 10}, vg.Point{X: 60, Y: 60}), 400 - 4 + math.Pi},
		{"dashes", draw(4, []vg.Length{5, 5}, vg.Point{X: 10, Y: 50}, vg.Point{X: 60, Y: 50}), 100},
		{"dashes around a corner", draw(2, []vg.Length{6, 4}, vg.Point{X: 10, Y: 50}, vg.Point{X: 33, Y: 50}, vg.Point{X: 33, Y: 77}), 60 + math.Pi/4 - 1},
		{"no length", draw(4, nil, vg.Point{X: 10, Y: 50}, vg.Point{X: 10, Y: 50}), 0},
		{"no width", draw(0, nil, vg.Point{X: 10, Y: 50}, vg.Point{X: 60, Y: 50}), 0},
		{"dashes of nothing", draw(4, []vg.Length{0, 0}, vg.Point{X: 10, Y: 50}, vg.Point{X: 60, Y: 50}), 200},
		{"odd dashes", draw(4, []vg.Length{5}, vg.Point{X: 10, Y: 50}, vg.Point{X: 60, Y: 50}), 100},
		{"far away", draw(4, nil, vg.Point{X: -1e12, Y: 50}, vg.Point{X: 1e12, Y: 50}), 400},
		{"nowhere", draw(4, nil, vg.Point{X: vg.Length(math.NaN()), Y: 50}, vg.Point{X: vg.Length(math.Inf(1)), Y: 1e300}), math.NaN()},
	} {
		if got := ink(tt.c); math.Abs(got-tt.want) > 0.02*tt.want+0.3 {
			t.Errorf("%s: %.2f pixels of ink, want %.2f", tt.name, got, tt.want)
		}
	}
}

func TestPalettes(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 256, 256))
	var gen noise = 5
	fill := func(c func(x, y int) color.RGBA) {
		for y := range 256 {
			for x := range 256 {
				img.SetRGBA(x, y, c(x, y))
			}
		}
	}
	fill(func(x, y int) color.RGBA { return color.RGBA{uint8(x), uint8(x), uint8(x), 255} })
	if p := withPalette(img, true); p == nil || len(p.Palette) != 256 {
		t.Error("256 greys don't fit")
	} else {
		for i := range p.Pix {
			if p.Palette[p.Pix[i]] != img.RGBAAt(i%256, i/256) {
				t.Fatalf("pixel %d is %v", i, p.Palette[p.Pix[i]])
			}
		}
	}
	// Few colours and a thousand blends between them, as edges have.
	fill(func(x, y int) color.RGBA {
		if x%8 > 0 {
			return color.RGBA{255, 255, 255, 255}
		}
		return color.RGBA{uint8(255 - y), uint8(x), 120, 255}
	})
	if p := withPalette(img, false); p == nil {
		t.Error("blends don't fit")
	} else {
		for i := range p.Pix {
			a, b := p.Palette[p.Pix[i]].(color.RGBA), img.RGBAAt(i%256, i/256)
			if d := difference(uint32(a.R)<<16|uint32(a.G)<<8|uint32(a.B), uint32(b.R)<<16|uint32(b.G)<<8|uint32(b.B)); d > edgeError {
				t.Fatalf("pixel %d is %v, want %v", i, a, b)
			}
		}
	}
	fill(func(x, y int) color.RGBA {
		return color.RGBA{uint8(gen.next() * 255), uint8(gen.next() * 255), uint8(gen.next() * 255), 255}
	})
	if withPalette(img, true) != nil {
		t.Error("a photograph got a palette")
	}
}
