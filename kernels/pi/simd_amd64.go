//go:build goexperiment.simd && amd64

package pi

import (
	"math/bits"
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Darts, int] { return vectorTable(by8) }

// by8 throws 8 darts at a time. Their coordinates are made float64, whose squares and
// sums are exact, because products of float64 take less time than those of uint64.
func by8(lo, hi int) int {
	if kernels.Vectors512.Missing() != "" {
		return count(lo, hi)
	}
	const golden = 0x9e3779b97f4a7c15
	var seeds [8]uint64
	for lane := range seeds {
		seeds[lane] = uint64(lo+lane+1) * golden
	}
	seed, step := archsimd.LoadUint64x8(&seeds), archsimd.BroadcastUint64x8(golden<<3&(1<<64-1))
	first, second := archsimd.BroadcastUint64x8(0xbf58476d1ce4e5b9), archsimd.BroadcastUint64x8(0x94d049bb133111eb)
	coordinate, radius := archsimd.BroadcastUint64x8(side-1), archsimd.BroadcastFloat64x8(side*side)
	hits := 0
	for ; lo+8 <= hi; lo += 8 {
		z := seed
		seed = seed.Add(step)
		z = z.Xor(z.ShiftAllRight(30)).Mul(first)
		z = z.Xor(z.ShiftAllRight(27)).Mul(second)
		z = z.Xor(z.ShiftAllRight(31))
		x, y := z.ShiftAllRight(38).ConvertToFloat64(), z.ShiftAllRight(12).And(coordinate).ConvertToFloat64()
		hits += bits.OnesCount8(x.MulAdd(x, y.Mul(y)).Less(radius).ToBits())
	}
	return hits + count(lo, hi)
}
