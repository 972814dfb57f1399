package ols

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what fills slopes by 4 and by 8 lanes.
func vectorTable(by4, by8 filler) []kernels.Variant[Table, []float64] {
	return []kernels.Variant[Table, []float64]{
		row("simd x4", "vectors of 256 bits along 4 rows, their sums turned in registers", one(by4), kernels.Vectors256),
		row("simd x8", "vectors of 512 bits along 4 rows, their sums turned in registers", one(by8), kernels.Vectors512),
		row("simd x4, goroutines", "a band of rows for each CPU", bands(by4), kernels.Vectors256),
		row("simd x8, goroutines", "a band of rows for each CPU", bands(by8), kernels.Vectors512),
	}
}
