package elementwise

import (
	"math"
	"testing"

	"hpgo/kernels/kerneltest"
)

func TestElementwise(t *testing.T) {
	kerneltest.Run(t, kerneltest.Suite[Vector, []float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 1000, 4095, 4096, 4097, 40_001},
		Special: []kerneltest.Case[Vector]{
			{Name: "no numbers, infinities, zeros, the largest and the smallest", In: func() Vector {
				x := []float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), math.MaxFloat64, 5e-324, -4.0 / 6}
				return Of(append(append(x, x...), x...)[:19])
			}},
		},
		Bad: []kerneltest.Case[Vector]{
			{Name: "no room for results", In: func() Vector { return Vector{X: make([]float64, 3)} }},
			{Name: "room for fewer results", In: func() Vector { v := Of(make([]float64, 3)); v.out = v.out[:2]; return v }},
		},
		BadSizes: []int{-1, 1 << 30},
	})
}

func BenchmarkElementwise(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
