package laplacian

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what fills a row by 4 and by 8 lanes,
// and by 16 of 32 bits.
func vectorTable(by4, by8 rowFiller[float64], by16 rowFiller[float32]) []kernels.Variant[Grid, Field] {
	return []kernels.Variant[Grid, Field]{
		row("simd x4", "vectors of 256 bits along the rows", whole(by4), kernels.Vectors256),
		row("simd x8", "vectors of 512 bits along the rows", whole(by8), kernels.Vectors512),
		row("simd x8, copied", "a band at a time, which copy writes past the caches", banded(by8), kernels.Vectors512),
		row("simd x4, goroutines", "on all CPUs, one band each", divided("static", by4), kernels.Vectors256),
		row("simd x8, goroutines", "on all CPUs, one band each", divided("static", by8), kernels.Vectors512),
		row("simd x8, goroutines, dynamic", "on all CPUs, the next rows to whoever is free", divided("dynamic", by8), kernels.Vectors512),
		row("simd x8, copied, goroutines", "as copied, on all CPUs, bands to whoever is free", bandedDivided(by8), kernels.Vectors512),
		{Name: "float32, simd x16", Doc: "vectors of 512 bits", Func: single(by16), Differs: nearly, Needs: []kernels.Need{kernels.Vectors512}},
		{Name: "float32, simd x16, goroutines", Doc: "on all CPUs, one band each", Func: singleDivided("static", by16), Differs: nearly, Needs: []kernels.Need{kernels.Vectors512}},
	}
}
