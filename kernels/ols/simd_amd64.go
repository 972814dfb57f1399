//go:build goexperiment.simd && amd64

package ols

import (
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Table, []float64] { return vectorTable(by4, by8) }

// by4 takes 4 rows at a time. The last vector of a row begins 2 values early, where
// its weights are 0.
func by4(slopes, y, w []float64) {
	if len(w) != days || kernels.Vectors256.Missing() != "" {
		fixed(slopes, y, w)
		return
	}
	last := [4]float64{0, 0, w[12], w[13]}
	w0, w1 := archsimd.LoadFloat64x4((*[4]float64)(w)), archsimd.LoadFloat64x4((*[4]float64)(w[4:]))
	w2, w3 := archsimd.LoadFloat64x4((*[4]float64)(w[8:])), archsimd.LoadFloat64x4(&last)
	for len(slopes) >= 4 && len(y) >= 4*days {
		rows := (*[4 * days]float64)(y)
		a := archsimd.LoadFloat64x4((*[4]float64)(rows[0:])).Mul(w0)
		b := archsimd.LoadFloat64x4((*[4]float64)(rows[14:])).Mul(w0)
		c := archsimd.LoadFloat64x4((*[4]float64)(rows[28:])).Mul(w0)
		d := archsimd.LoadFloat64x4((*[4]float64)(rows[42:])).Mul(w0)
		a = archsimd.LoadFloat64x4((*[4]float64)(rows[4:])).MulAdd(w1, a)
		b = archsimd.LoadFloat64x4((*[4]float64)(rows[18:])).MulAdd(w1, b)
		c = archsimd.LoadFloat64x4((*[4]float64)(rows[32:])).MulAdd(w1, c)
		d = archsimd.LoadFloat64x4((*[4]float64)(rows[46:])).MulAdd(w1, d)
		a = archsimd.LoadFloat64x4((*[4]float64)(rows[8:])).MulAdd(w2, a)
		b = archsimd.LoadFloat64x4((*[4]float64)(rows[22:])).MulAdd(w2, b)
		c = archsimd.LoadFloat64x4((*[4]float64)(rows[36:])).MulAdd(w2, c)
		d = archsimd.LoadFloat64x4((*[4]float64)(rows[50:])).MulAdd(w2, d)
		a = archsimd.LoadFloat64x4((*[4]float64)(rows[10:])).MulAdd(w3, a)
		b = archsimd.LoadFloat64x4((*[4]float64)(rows[24:])).MulAdd(w3, b)
		c = archsimd.LoadFloat64x4((*[4]float64)(rows[38:])).MulAdd(w3, c)
		d = archsimd.LoadFloat64x4((*[4]float64)(rows[52:])).MulAdd(w3, d)
		storeSums((*[4]float64)(slopes), a, b, c, d)
		slopes, y = slopes[4:], y[4*days:]
	}
	fixed(slopes, y, w)
}

// storeSums writes the sum of each vector's lanes.
func storeSums(out *[4]float64, a, b, c, d archsimd.Float64x4) {
	ab, cd := a.AddPairsGrouped(b), c.AddPairsGrouped(d) // a0+a1 b0+b1 a2+a3 b2+b3
	ab.GetLo().Add(ab.GetHi()).Store((*[2]float64)(out[0:]))
	cd.GetLo().Add(cd.GetHi()).Store((*[2]float64)(out[2:]))
}

// by8 takes 4 rows at a time. The second vector of a row begins 2 values early, where
// its weights are 0.
func by8(slopes, y, w []float64) {
	if len(w) != days || kernels.Vectors512.Missing() != "" {
		fixed(slopes, y, w)
		return
	}
	last := [8]float64{0, 0, w[8], w[9], w[10], w[11], w[12], w[13]}
	w0, w1 := archsimd.LoadFloat64x8((*[8]float64)(w)), archsimd.LoadFloat64x8(&last)
	for len(slopes) >= 4 && len(y) >= 4*days {
		rows := (*[4 * days]float64)(y)
		a := archsimd.LoadFloat64x8((*[8]float64)(rows[0:])).Mul(w0)
		b := archsimd.LoadFloat64x8((*[8]float64)(rows[14:])).Mul(w0)
		c := archsimd.LoadFloat64x8((*[8]float64)(rows[28:])).Mul(w0)
		d := archsimd.LoadFloat64x8((*[8]float64)(rows[42:])).Mul(w0)
		a = archsimd.LoadFloat64x8((*[8]float64)(rows[6:])).MulAdd(w1, a)
		b = archsimd.LoadFloat64x8((*[8]float64)(rows[20:])).MulAdd(w1, b)
		c = archsimd.LoadFloat64x8((*[8]float64)(rows[34:])).MulAdd(w1, c)
		d = archsimd.LoadFloat64x8((*[8]float64)(rows[48:])).MulAdd(w1, d)
		storeSums((*[4]float64)(slopes), a.GetLo().Add(a.GetHi()), b.GetLo().Add(b.GetHi()), c.GetLo().Add(c.GetHi()), d.GetLo().Add(d.GetHi()))
		slopes, y = slopes[4:], y[4*days:]
	}
	fixed(slopes, y, w)
}
