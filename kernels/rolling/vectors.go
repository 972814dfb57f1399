package rolling

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what fills slopes by 4 and by 8 lanes.
func vectorTable(by4, by8 filler) []kernels.Variant[Table, []float64] {
	return []kernels.Variant[Table, []float64]{
		row("simd x4", "4 neighbouring windows in a vector of 256 bits, 4 vectors at a time", one(by4), kernels.Vectors256),
		row("simd x8", "8 neighbouring windows in a vector of 512 bits, 4 vectors at a time", one(by8), kernels.Vectors512),
		row("simd x4, goroutines", "a band of windows for each CPU", bands(by4), kernels.Vectors256),
		row("simd x8, goroutines", "a band of windows for each CPU", bands(by8), kernels.Vectors512),
	}
}
