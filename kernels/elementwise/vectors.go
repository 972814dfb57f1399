package elementwise

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what fills by 4 and by 8 lanes.
func vectorTable(by4, by8 func(y, x []float64)) []kernels.Variant[Vector, []float64] {
	whole := func(fill func(y, x []float64)) func(Vector) []float64 {
		return func(v Vector) []float64 {
			fill(v.out, v.X)
			return v.out
		}
	}
	return []kernels.Variant[Vector, []float64]{
		row("simd x4", "vectors of 256 bits", whole(by4), kernels.Vectors256),
		row("simd x8", "vectors of 512 bits", whole(by8), kernels.Vectors512),
		row("simd x4, goroutines", "a block for each CPU", divided(by4), kernels.Vectors256),
		row("simd x8, goroutines", "a block for each CPU", divided(by8), kernels.Vectors512),
	}
}
