//go:build goexperiment.simd && amd64

package elementwise

import (
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Vector, []float64] { return vectorTable(by4, by8) }

func by4(y, x []float64) {
	if kernels.Vectors256.Missing() != "" {
		fill(y, x)
		return
	}
	x = x[:len(y)]
	five, four := archsimd.BroadcastFloat64x4(5), archsimd.BroadcastFloat64x4(4)
	for len(y) >= 8 {
		from, to := (*[8]float64)(x), (*[8]float64)(y)
		a, b := archsimd.LoadFloat64x4((*[4]float64)(from[:])), archsimd.LoadFloat64x4((*[4]float64)(from[4:]))
		a.Add(a.Mul(five)).Add(four).Store((*[4]float64)(to[:]))
		b.Add(b.Mul(five)).Add(four).Store((*[4]float64)(to[4:]))
		x, y = x[8:], y[8:]
	}
	archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	fill(y, x)
}

func by8(y, x []float64) {
	if kernels.Vectors512.Missing() != "" {
		fill(y, x)
		return
	}
	x = x[:len(y)]
	five, four := archsimd.BroadcastFloat64x8(5), archsimd.BroadcastFloat64x8(4)
	for len(y) >= 16 {
		from, to := (*[16]float64)(x), (*[16]float64)(y)
		a, b := archsimd.LoadFloat64x8((*[8]float64)(from[:])), archsimd.LoadFloat64x8((*[8]float64)(from[8:]))
		a.Add(a.Mul(five)).Add(four).Store((*[8]float64)(to[:]))
		b.Add(b.Mul(five)).Add(four).Store((*[8]float64)(to[8:]))
		x, y = x[16:], y[16:]
	}
	archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	fill(y, x)
}
