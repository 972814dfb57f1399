//go:build goexperiment.simd && amd64

package primes

import (
	"math"
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Range, []uint64] { return vectorTable(Floats2, Floats4, Floats8) }

// first are the divisors of the first vector.
var first = [8]float64{2, 3, 4, 5, 6, 7, 8, 9}

// vectorsTo is how many vectors hold the divisors from 2 to the root of a number. Loops
// count them by whole numbers: scalar float64 between vectors would wait for these.
func vectorsTo(n uint64, lanes int) int {
	return (int(math.Sqrt(float64(n))) - 2 + lanes) / lanes
}

// Floats2 is Floats with vectors of two numbers.
func Floats2(n uint64) bool {
	if n < fewest || n >= exact || kernels.Vectors256.Missing() != "" {
		return Floats(n)
	}
	ns, ds := archsimd.BroadcastFloat64x2(float64(n)), archsimd.LoadFloat64x2((*[2]float64)(first[:]))
	step := archsimd.BroadcastFloat64x2(2)
	for range vectorsTo(n, 2) {
		q := ns.Div(ds)
		if q.Equal(q.Trunc()).ToBits() != 0 {
			return false
		}
		ds = ds.Add(step)
	}
	return true
}

// Floats4 is Floats with vectors of four numbers.
func Floats4(n uint64) bool {
	if n < fewest || n >= exact || kernels.Vectors256.Missing() != "" {
		return Floats(n)
	}
	prime := by4(float64(n), vectorsTo(n, 4))
	archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	return prime
}

func by4(n float64, vectors int) bool {
	ns, ds := archsimd.BroadcastFloat64x4(n), archsimd.LoadFloat64x4((*[4]float64)(first[:]))
	step := archsimd.BroadcastFloat64x4(4)
	for range vectors {
		q := ns.Div(ds)
		if q.Equal(q.Trunc()).ToBits() != 0 {
			return false
		}
		ds = ds.Add(step)
	}
	return true
}

// Floats8 is Floats with vectors of eight numbers.
func Floats8(n uint64) bool {
	if n < fewest || n >= exact || kernels.Vectors512.Missing() != "" {
		return Floats(n)
	}
	prime := by8(float64(n), vectorsTo(n, 8))
	archsimd.ClearAVXUpperBits()
	return prime
}

func by8(n float64, vectors int) bool {
	ns, ds := archsimd.BroadcastFloat64x8(n), archsimd.LoadFloat64x8(&first)
	step := archsimd.BroadcastFloat64x8(8)
	for range vectors {
		q := ns.Div(ds)
		if q.Equal(q.TruncScaled(0)).ToBits() != 0 {
			return false
		}
		ds = ds.Add(step)
	}
	return true
}
