package pi

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what counts by 8 lanes. Vectors of 256
// bits have no product of whole numbers of 64 bits, which the generator needs.
func vectorTable(by8 counter) []kernels.Variant[Darts, int] {
	return []kernels.Variant[Darts, int]{
		row("simd x8", "8 darts at a time, whole numbers of 512 bits", on(1, by8), kernels.Vectors512),
		row("simd x8, goroutines", "a part of the darts for each CPU", on(0, by8), kernels.Vectors512),
	}
}
