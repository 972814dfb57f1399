package matmul

import "hpgo/kernels"

// vectorTable are the rows with vectors, given tiles of 4 and of 8 lanes.
func vectorTable(by4, by8 tile) []kernels.Variant[Pair, []float64] {
	return []kernels.Variant[Pair, []float64]{
		row("simd x4", "packed, a tile of vectors of 256 bits in registers, multiply-add", product(by4, 1), kernels.Vectors256),
		row("simd x8", "packed, a tile of vectors of 512 bits in registers, multiply-add", product(by8, 1), kernels.Vectors512),
		row("simd x4, goroutines", "blocks of A to whoever is free", product(by4, 0), kernels.Vectors256),
		row("simd x8, goroutines", "blocks of A to whoever is free", product(by8, 0), kernels.Vectors512),
	}
}
