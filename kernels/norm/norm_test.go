package norm

import (
	"math"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

func TestNorm(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	of := func(values ...float64) func() Vector {
		return func() Vector {
			floats := make([]float64, 67) // blocks of vectors, and a rest
			copy(floats, values)
			floats[66] = 3
			return Of(floats)
		}
	}
	kerneltest.Run(t, kerneltest.Suite[Vector, float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33, 63, 64, 65, 1000, 10_001},
		Special: []kerneltest.Case[Vector]{
			{Name: "not a number", In: of(1, nan, 2)},
			{Name: "infinity", In: of(1, -inf, 2)},
			{Name: "infinity and not a number", In: of(inf, nan)},
			{Name: "squares that overflow", In: of(1e200, 1)},
			{Name: "denormal", In: of(1e-170, 5e-324, 1e-320)},
			{Name: "fractions, and zeros of both signs", In: of(0.5, math.Copysign(0, -1), -1.25)},
		},
		Bad: []kerneltest.Case[Vector]{
			{Name: "no scratch", In: func() Vector { return Vector{Floats: make([]float64, 3), Ints: make([]int64, 3)} }},
			{Name: "fewer ints", In: func() Vector { v := Of(make([]float64, 3)); v.Ints = v.Ints[:2]; return v }},
			{Name: "fewer boxed", In: func() Vector { v := Of(make([]float64, 3)); v.Boxed = v.Boxed[:2]; return v }},
		},
		BadSizes: []int{-1, 1 << 30},
		Known:    map[int][]kernels.Sum{1_000_000: {{Name: "sum of squares", Value: 333_332_833_333_500_000, Tolerance: tolerance}}},
	})
}

func BenchmarkNorm(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
