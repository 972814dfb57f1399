package matmul

import (
	"math"
	"testing"

	"hpgo/kernels/kerneltest"
)

func TestMatmul(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	with := func(n int, values ...float64) func() Pair {
		return func() Pair {
			p, err := Make(n)
			if err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				p.A[(i*7+3)%len(p.A)] = v
				p.B[(i*11+5)%len(p.B)] = v
			}
			return p
		}
	}
	kerneltest.Run(t, kerneltest.Suite[Pair, []float64]{
		Subject: Kernel,
		// Around the tiles' sides, and the blocks'.
		Sizes: []int{0, 1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 15, 16, 17, 31, 33, 65, 97},
		Special: []kerneltest.Case[Pair]{
			{Name: "deeper than a block", In: with(depth + 3)},
			{Name: "not a number", In: with(19, nan)},
			{Name: "infinities", In: with(19, inf, 1, -inf)},
			{Name: "zero times infinity", In: with(1, 0, inf)},
			{Name: "zeros and infinities", In: with(9, 0, inf, 0, 0, -inf, 0, nan)},
			{Name: "the large and the small", In: with(17, 1e18, -1e18, 1e-200, 5e-324, math.Copysign(0, -1))},
		},
		Bad: []kerneltest.Case[Pair]{
			{Name: "too few values of A", In: func() Pair { return Pair{N: 3, A: make([]float64, 8), B: make([]float64, 9)} }},
			{Name: "too many values of B", In: func() Pair { return Pair{N: 3, A: make([]float64, 9), B: make([]float64, 10)} }},
			{Name: "a negative side", In: func() Pair { return Pair{N: -2, A: make([]float64, 4), B: make([]float64, 4)} }},
		},
		BadSizes: []int{-1, 1 << 20},
	})
}

// TestDiffers: what reordered additions can't explain is seen.
func TestDiffers(t *testing.T) {
	p, err := Make(20)
	if err != nil {
		t.Fatal(err)
	}
	want := Plain(p)
	for _, wrong := range []float64{want[33] * (1 + 1e-12), math.NaN(), math.Inf(1), 0} {
		got := append([]float64(nil), want...)
		got[33] = wrong
		if Kernel.Differs(p, want, got) == "" {
			t.Errorf("%v for %v isn't seen", wrong, want[33])
		}
	}
	if Kernel.Differs(p, want, want[1:]) == "" {
		t.Error("a value that isn't there isn't seen")
	}
}

func BenchmarkMatmul(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
