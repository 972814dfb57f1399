package laplacian

import (
	"math"
	"testing"

	"hpgo/kernels/kerneltest"
)

func TestLaplacian(t *testing.T) {
	with := func(n int, h float64, values ...float64) func() Grid {
		return func() Grid {
			u := make([]float64, n*n)
			for k := range u {
				u[k] = float64(k*k%17)/16 - 0.3
			}
			for k, v := range values {
				u[(k*7+n+1)%len(u)] = v
			}
			return Of(n, h, u)
		}
	}
	kerneltest.Run(t, kerneltest.Suite[Grid, Field]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 4, 5, 17, 18, 34, 35, 66, 67, 133, 300, 364, 600}, // from 363 on more than one band; 364's last has one row
		Special: []kerneltest.Case[Grid]{
			{Name: "a function of no shape, 51 by 51", In: with(51, 0.25)},
			{Name: "a step that is no power of 2", In: with(70, 0.3)},
			{Name: "not a number", In: with(40, 1, math.NaN(), 2, math.NaN())},
			{Name: "infinities, which make no number where they meet", In: with(40, 1, math.Inf(1), 1, 2, math.Inf(-1), 3, 4, math.Inf(1))},
			{Name: "the large and the smallest", In: with(40, 1, 1e300, 5e-324, -1e300, math.MaxFloat64)},
		},
		Bad: []kerneltest.Case[Grid]{
			{Name: "too few values", In: func() Grid { return Of(3, 1, make([]float64, 8)) }},
			{Name: "no room for results", In: func() Grid { return Grid{N: 3, H: 1, U: make([]float64, 9)} }},
			{Name: "a negative side", In: func() Grid { return Of(-2, 1, make([]float64, 4)) }},
			{Name: "no step", In: func() Grid { return Of(2, 0, make([]float64, 4)) }},
			{Name: "a step that is no number", In: func() Grid { return Of(2, math.NaN(), make([]float64, 4)) }},
		},
		BadSizes: []int{-1, 1 << 20},
	})
}

// TestTruth: of a polynomial of degree 2 in each direction the differences are the
// derivatives, up to rounding.
func TestTruth(t *testing.T) {
	const n = 65
	g, err := Make(n)
	if err != nil {
		t.Fatal(err)
	}
	out := Plain(g).Values
	for i := range n {
		for j := range n {
			want := 0.0 // at the border
			if i > 0 && i < n-1 && j > 0 && j < n-1 {
				x, y := float64(j)*g.H, float64(i)*g.H
				want = 2*x*(1-x) - 2*y*y
			}
			if math.Abs(out[i*n+j]-want) > 1e-11 {
				t.Fatalf("row %d, column %d: %v, not %v", i, j, out[i*n+j], want)
			}
		}
	}
}

func BenchmarkLaplacian(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
