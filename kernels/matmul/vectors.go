package matmul

import "hpgo/kernels"

// vectorTable are the rows with vectors, given tiles of 4 and of 8 lanes,
// and of 16 of 32 bits.
func vectorTable(by4, by8 tile[float64], by16 tile[float32]) []kernels.Variant[Pair, []float64] {
	return []kernels.Variant[Pair, []float64]{
		row("simd x4", "packed, a tile of vectors of 256 bits in registers, multiply-add", product(by4, 1), kernels.Vectors256),
		row("simd x8", "packed, a tile of vectors of 512 bits in registers, multiply-add", product(by8, 1), kernels.Vectors512),
		row("simd x4, goroutines", "blocks of A to whoever is free", product(by4, 0), kernels.Vectors256),
		row("simd x8, goroutines", "blocks of A to whoever is free", product(by8, 0), kernels.Vectors512),
		single("float32, simd x16", "as simd x8 with twice the numbers in a vector", product(by16, 1), kernels.Vectors512),
		single("float32, simd x16, goroutines", "blocks of A to whoever is free", product(by16, 0), kernels.Vectors512),
	}
}
