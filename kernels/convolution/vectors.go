package convolution

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what fills a row by 4 and by 8 lanes.
func vectorTable(by4, by8 filler) []kernels.Variant[Image, []float64] {
	return []kernels.Variant[Image, []float64]{
		row("simd x4", "vectors of 256 bits, nine fused multiplications and additions each", one(by4), kernels.Vectors256),
		row("simd x8", "vectors of 512 bits", one(by8), kernels.Vectors512),
		row("simd x4, goroutines", "a band of rows for each CPU", bands(by4), kernels.Vectors256),
		row("simd x8, goroutines", "a band of rows for each CPU", bands(by8), kernels.Vectors512),
	}
}
