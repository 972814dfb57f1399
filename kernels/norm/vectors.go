package norm

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what adds up by 4 and by 8 lanes.
func vectorTable(by4, by8 func([]float64) float64) []kernels.Variant[Vector, float64] {
	whole := func(add func([]float64) float64) func(Vector) float64 {
		return func(v Vector) float64 { return add(v.Floats) }
	}
	return []kernels.Variant[Vector, float64]{
		row("simd x4", "4 vectors of 256 bits, multiply-add", whole(by4), kernels.Vectors256),
		row("simd x8", "4 vectors of 512 bits, multiply-add", whole(by8), kernels.Vectors512),
		row("simd x4, goroutines", "a block for each CPU", divided(by4), kernels.Vectors256),
		row("simd x8, goroutines", "a block for each CPU", divided(by8), kernels.Vectors512),
	}
}
