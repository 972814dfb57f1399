package convolution

import (
	"math"
	"testing"

	"hpgo/kernels/filter"
	"hpgo/kernels/kerneltest"
)

// uneven are weights of which no two are the same: a mirrored or turned image shows.
var uneven = [9]float64{1, -2, 3.5, 0.25, -5, 7, 11, -13, 0}

// noisy is an image without a shape, whose values at places are put in.
func noisy(width, height int, values ...float64) Image {
	pixels := make([]float64, width*height)
	for i := range pixels {
		pixels[i] = float64(i*i%37)/16 - 1
	}
	for i, v := range values {
		pixels[(i*131+5)%len(pixels)] = v
	}
	return Of(width, height, uneven, pixels)
}

func TestConvolution(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	var special []kerneltest.Case[Image]
	for _, c := range []struct {
		what          string
		width, height int
		values        []float64
	}{
		{"no row", 7, 0, nil},
		{"rows of nothing", 0, 7, nil},
		{"one pixel", 1, 1, nil},
		{"one row", 50, 1, nil},
		{"one column", 1, 50, nil},
		{"two rows of two", 2, 2, nil},
		{"three columns", 3, 9, nil},
		{"one less than a vector x4", 5, 4, nil},
		{"a vector x4", 6, 4, nil},
		{"a vector x4 and one", 7, 4, nil},
		{"one less than a vector x8", 9, 4, nil},
		{"a vector x8", 10, 4, nil},
		{"a vector x8 and one", 11, 4, nil},
		{"vectors x8", 26, 5, nil},
		{"vectors x8 and one", 27, 5, nil},
		{"high", 13, 90, nil},
		{"large enough for bands", 130, 140, nil},
		{"not a number", 60, 41, []float64{nan, 3, nan}},
		{"infinities", 60, 41, []float64{inf, 3, -inf, 4, inf}},
		{"the large and the small", 20, 20, []float64{1e30, 5e-324, math.Copysign(0, -1), -1e30}},
	} {
		special = append(special, kerneltest.Case[Image]{Name: c.what, In: func() Image { return noisy(c.width, c.height, c.values...) }})
	}
	bad := func(name string, change func(*Image)) kerneltest.Case[Image] {
		return kerneltest.Case[Image]{Name: name, In: func() Image {
			m := noisy(4, 3)
			change(&m)
			return m
		}}
	}
	kerneltest.Run(t, kerneltest.Suite[Image, []float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 5, 16, 17, 33, 65},
		Special: special,
		Bad: []kerneltest.Case[Image]{
			bad("more pixels than the sides say", func(m *Image) { m.Width = 3 }),
			bad("negative sides", func(m *Image) { m.Width, m.Height = -4, -3 }),
			bad("no room for results", func(m *Image) { m.out = nil }),
		},
		BadSizes: []int{-1, 1 << 20},
	})
}

// TestOne: a pixel of 1 among zeros gives each neighbour the weight that looks at it.
func TestOne(t *testing.T) {
	const width, height, row, column = 40, 9, 0, 39 // in a corner
	for _, v := range Kernel.Variants {
		m := noisy(width, height)
		clear(m.Pixels)
		m.Pixels[row*width+column] = 1
		want := make([]float64, width*height)
		for y := range 3 {
			for x := range 3 {
				want[(row-y+1+height)%height*width+(column-x+1)%width] = uneven[3*y+x]
			}
		}
		for i, got := range v.Func(m) {
			if got != want[i] {
				t.Errorf("%s, row %d, column %d: %v, not %v", v.Name, i/width, i%width, got, want[i])
			}
		}
	}
}

// TestLocal: a value that is no number makes its neighbours none, also by a weight of
// 0, and no others.
func TestLocal(t *testing.T) {
	const width, height, row, column = 40, 30, 12, 17
	for _, v := range Kernel.Variants {
		m := noisy(width, height)
		m.Pixels[row*width+column] = math.NaN()
		for i, got := range v.Func(m) {
			y, x := i/width, i%width
			near := max(y-row, row-y) <= 1 && max(x-column, column-x) <= 1
			if math.IsNaN(got) != near {
				t.Errorf("%s, row %d, column %d: %v", v.Name, y, x, got)
			}
		}
	}
}

// TestBox: weights of a ninth are the box filter of 3 by 3.
func TestBox(t *testing.T) {
	in := noisy(37, 21)
	for k := range in.Weights {
		in.Weights[k] = 1.0 / 9
	}
	want := filter.Plain(filter.Of(in.Width, in.Height, 3, filter.Wrap, in.Pixels))
	for _, v := range Kernel.Variants {
		for i, got := range v.Func(in) {
			if math.Abs(got-want[i]) > 1e-6 {
				t.Errorf("%s: pixel %d is %v, not %v", v.Name, i, got, want[i])
			}
		}
	}
}

func BenchmarkConvolution(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
