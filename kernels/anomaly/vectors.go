package anomaly

import "hpgo/kernels"

// vectorTable are the rows with vectors, given what takes the moments of a day by 8
// lanes.
func vectorTable(by8 dayMoments) []kernels.Variant[Stream, []Day] {
	return []kernels.Variant[Stream, []Day]{
		row("simd x8", "8 rows in a vector of 512 bits, 512 at a time", perDay(by8), kernels.Vectors512),
		row("simd x8, goroutines", "on all CPUs, 4 days at a time", onAll(by8), kernels.Vectors512),
	}
}
