//go:build goexperiment.simd && amd64

package diffusion

import (
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Square, []float64] { return vectorTable(by4, by8) }

func by4(next, above, here, below []float64) {
	if kernels.Vectors256.Missing() != "" {
		fillRow(next, above, here, below)
		return
	}
	two, step := archsimd.BroadcastFloat64x4(2), archsimd.BroadcastFloat64x4(dt)
	for len(here) >= 6 {
		a, b := archsimd.LoadFloat64x4((*[4]float64)(above[1:])), archsimd.LoadFloat64x4((*[4]float64)(below[1:]))
		left, mid, right := archsimd.LoadFloat64x4((*[4]float64)(here)), archsimd.LoadFloat64x4((*[4]float64)(here[1:])), archsimd.LoadFloat64x4((*[4]float64)(here[2:]))
		twice := mid.Mul(two)
		xx, yy := b.Add(a).Sub(twice), right.Add(left).Sub(twice)
		mid.Add(xx.Add(yy).Mul(step)).Store((*[4]float64)(next[1:]))
		next, above, here, below = next[4:], above[4:], here[4:], below[4:]
	}
	fillRow(next, above, here, below)
}

func by8(next, above, here, below []float64) {
	if kernels.Vectors512.Missing() != "" {
		fillRow(next, above, here, below)
		return
	}
	two, step := archsimd.BroadcastFloat64x8(2), archsimd.BroadcastFloat64x8(dt)
	for len(here) >= 10 {
		a, b := archsimd.LoadFloat64x8((*[8]float64)(above[1:])), archsimd.LoadFloat64x8((*[8]float64)(below[1:]))
		left, mid, right := archsimd.LoadFloat64x8((*[8]float64)(here)), archsimd.LoadFloat64x8((*[8]float64)(here[1:])), archsimd.LoadFloat64x8((*[8]float64)(here[2:]))
		twice := mid.Mul(two)
		xx, yy := b.Add(a).Sub(twice), right.Add(left).Sub(twice)
		mid.Add(xx.Add(yy).Mul(step)).Store((*[8]float64)(next[1:]))
		next, above, here, below = next[8:], above[8:], here[8:], below[8:]
	}
	fillRow(next, above, here, below)
}
