package filter

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what adds rows and what sums along them by
// 4 and by 8 lanes.
func vectorTable(add4 adder, sum4 along, add8 adder, sum8 along) []kernels.Variant[Image, []float64] {
	return []kernels.Variant[Image, []float64]{
		variant("simd x4", "running down, 9 vectors added along the row", running(add4, sum4), kernels.Vectors256),
		variant("simd x8", "running down, 9 vectors added along the row", running(add8, sum8), kernels.Vectors512),
		variant("simd x8, running", "both sums run, that along the row without vectors", running(add8, runAlong), kernels.Vectors512),
		variant("simd x4, goroutines", "a band for each CPU", bands(add4, sum4), kernels.Vectors256),
		variant("simd x8, goroutines", "a band for each CPU", bands(add8, sum8), kernels.Vectors512),
		variant("simd x8, running, goroutines", "a band for each CPU", bands(add8, runAlong), kernels.Vectors512),
	}
}
