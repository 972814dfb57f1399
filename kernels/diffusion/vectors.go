package diffusion

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what fills a row by 4 and by 8 lanes,
// and by 16 of 32 bits.
func vectorTable(by4, by8 rowFiller, by16 func(next, above, here, below []float32)) []kernels.Variant[Square, []float64] {
	return []kernels.Variant[Square, []float64]{
		row("simd x4", "vectors of 256 bits along the rows", byRows(by4), kernels.Vectors256),
		row("simd x8", "vectors of 512 bits along the rows", byRows(by8), kernels.Vectors512),
		row("simd x4, goroutines", "a band for each CPU", bands(by4), kernels.Vectors256),
		row("simd x8, goroutines", "a band for each CPU", bands(by8), kernels.Vectors512),
		row("simd x8, crew", "goroutines that are started once", crew(by8, one), kernels.Vectors512),
		row("simd x4, passes", "several steps while a row is in the cache", passes(by4), kernels.Vectors256),
		row("simd x8, passes", "several steps while a row is in the cache", passes(by8), kernels.Vectors512),
		row("simd x4, passes, crew", "both", crew(by4, stepsOfPass), kernels.Vectors256),
		row("simd x8, passes, crew", "both", crew(by8, stepsOfPass), kernels.Vectors512),
		{Name: "float32, simd x16", Doc: "vectors of 512 bits", Func: single(by16), Differs: within(1e-3), Needs: []kernels.Need{kernels.Vectors512}},
	}
}
