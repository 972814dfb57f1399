package julia

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// filler computes counts of points of equal number.
type filler func(counts []int32, zs, cs []complex128, maxIter int)

// vectorTable are the rows with vectors, given what fills by 4 and by 8 lanes.
func vectorTable(by4, by8 filler) []kernels.Variant[Points, []int32] {
	whole := func(fill filler) func(Points) []int32 {
		return func(p Points) []int32 {
			counts := make([]int32, len(p.Zs))
			fill(counts, p.Zs, p.Cs, p.MaxIter)
			return counts
		}
	}
	return []kernels.Variant[Points, []int32]{
		row("simd x4", "4 points in a vector of 256 bits", whole(by4), kernels.Vectors256),
		row("simd x8", "8 points in a vector of 512 bits", whole(by8), kernels.Vectors512),
		row("simd x4, goroutines", "on all CPUs, dynamic", scheduled(schedule.Dynamic, by4), kernels.Vectors256),
		row("simd x8, goroutines", "on all CPUs, dynamic", scheduled(schedule.Dynamic, by8), kernels.Vectors512),
	}
}
