package filter

import (
	"fmt"
	"math"
	"testing"

	"hpgo/kernels/kerneltest"
)

// noisy is an image without a shape, whose values at places are put in.
func noisy(width, height, k int, beyond string, values ...float64) Image {
	pixels := make([]float64, width*height)
	for i := range pixels {
		pixels[i] = float64(i*i%37)/16 - 1
	}
	for i, v := range values {
		pixels[(i*131+5)%len(pixels)] = v
	}
	return Of(width, height, k, beyond, pixels)
}

func TestFilter(t *testing.T) {
	var special []kerneltest.Case[Image]
	for _, beyond := range []string{Wrap, Zero, Reflect} {
		for _, c := range []struct {
			what             string
			width, height, k int
			values           []float64
		}{
			{"a box of one pixel", 13, 5, 1, nil},
			{"wide", 70, 6, 3, nil},
			{"high", 5, 40, 5, nil},
			{"a box larger than the image", 4, 3, 11, nil},
			{"a box larger than several images", 2, 3, 21, nil},
			{"one row", 50, 1, 7, nil},
			{"one column", 1, 50, 7, nil},
			{"no row", 7, 0, 3, nil},
			{"rows of nothing", 0, 7, 3, nil},
			{"large enough for bands", 130, 140, 3, nil},
			{"not a number", 60, 41, 5, []float64{math.NaN(), 3, math.NaN()}},
			{"infinities", 60, 41, 5, []float64{math.Inf(1), 3, math.Inf(-1), 4, math.Inf(1)}},
			{"infinities that meet", 20, 20, 9, []float64{math.Inf(1), math.Inf(-1), 4, math.Inf(1)}},
		} {
			special = append(special, kerneltest.Case[Image]{Name: c.what + ", " + beyond, In: func() Image {
				return noisy(c.width, c.height, c.k, beyond, c.values...)
			}})
		}
	}
	bad := func(name string, change func(*Image)) kerneltest.Case[Image] {
		return kerneltest.Case[Image]{Name: name, In: func() Image {
			m := noisy(4, 3, 3, Zero)
			change(&m)
			return m
		}}
	}
	kerneltest.Run(t, kerneltest.Suite[Image, []float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 5, 16, 17, 33, 65},
		Special: special,
		Bad: []kerneltest.Case[Image]{
			bad("more pixels than the sides say", func(m *Image) { m.Width = 3 }),
			bad("a negative side", func(m *Image) { m.Width, m.Height = -4, -3 }),
			bad("no room for results", func(m *Image) { m.out = nil }),
			bad("a box with an even side", func(m *Image) { m.K = 2 }),
			bad("no box", func(m *Image) { m.K = 0 }),
			bad("an unknown border", func(m *Image) { m.Beyond = "mirror" }),
		},
		BadSizes: []int{-1, 1 << 20},
	})
}

// TestLocal: a value that is no number makes those pixels none whose box has it, and no
// others, with every row.
func TestLocal(t *testing.T) {
	const width, height, k, row, column = 40, 30, 5, 12, 17
	for _, v := range Kernel.Variants {
		if v.Name == "uint8" {
			continue // bytes are all numbers
		}
		m := noisy(width, height, k, Zero)
		m.Pixels[row*width+column] = math.NaN()
		m = Of(width, height, k, Zero, m.Pixels)
		for i, p := range v.Func(m) {
			y, x := i/width, i%width
			has := max(y-row, row-y) <= k/2 && max(x-column, column-x) <= k/2
			if math.IsNaN(p) != has {
				t.Errorf("%s, row %d, column %d: %v", v.Name, y, x, p)
			}
		}
	}
}

// TestPlace: what stands beyond a border, near and far.
func TestPlace(t *testing.T) {
	for _, c := range []struct{ beyond, want string }{
		{Wrap, "[0 1 2 0 1 2 0 1 2 0 1]"},
		{Reflect, "[0 1 2 2 1 0 0 1 2 2 1]"},
		{Zero, "[-1 -1 -1 -1 -1 -1 0 1 2 -1 -1]"},
	} {
		var got []int
		for i := -6; i < 5; i++ {
			got = append(got, place(i, 3, c.beyond))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s: %v, not %s", c.beyond, got, c.want)
		}
	}
}

// TestSign: steps of diffusion by convolution keep what is there in all and stay between
// its least and its most; with the source's signs they leave that range.
func TestSign(t *testing.T) {
	after := func(sign float64) (mass, least, most float64) {
		m := noisy(16, 16, 3, Wrap)
		out := make([]float64, len(m.Pixels))
		for range 20 {
			Convolve(out, m.Width, m.Height, &m, LaplacianWeights[:], 3)
			for i, v := range out {
				m.Pixels[i] += sign * 0.1 * v
			}
		}
		least, most = math.Inf(1), math.Inf(-1)
		for _, p := range m.Pixels {
			mass, least, most = mass+p, min(least, p), max(most, p)
		}
		return mass, least, most
	}
	before := total(noisy(16, 16, 3, Wrap).Pixels)
	mass, least, most := after(1)
	if math.Abs(mass-before) > 1e-9 || least < -1 || most > 37.0/16 {
		t.Errorf("mass %v, before %v; between %v and %v", mass, before, least, most)
	}
	if _, least, most = after(-1); least > -100 || most < 100 {
		t.Errorf("with the wrong sign: between %v and %v", least, most)
	}
}

func BenchmarkFilter(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
