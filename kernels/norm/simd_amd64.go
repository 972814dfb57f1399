//go:build goexperiment.simd && amd64

package norm

import (
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Vector, float64] { return vectorTable(by4, by8) }

// by4 has four vectors of sums, so that a multiply-add needn't wait for the one before.
func by4(values []float64) float64 {
	if kernels.Vectors256.Missing() != "" {
		return fourSums(values)
	}
	var a, b, c, d archsimd.Float64x4
	for len(values) >= 16 {
		block := (*[16]float64)(values)
		xa := archsimd.LoadFloat64x4((*[4]float64)(block[0:]))
		xb := archsimd.LoadFloat64x4((*[4]float64)(block[4:]))
		xc := archsimd.LoadFloat64x4((*[4]float64)(block[8:]))
		xd := archsimd.LoadFloat64x4((*[4]float64)(block[12:]))
		a = xa.MulAdd(xa, a)
		b = xb.MulAdd(xb, b)
		c = xc.MulAdd(xc, c)
		d = xd.MulAdd(xd, d)
		values = values[16:]
	}
	var lanes [4]float64
	a.Add(b).Add(c.Add(d)).Store(&lanes)
	archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	sum := fourSums(values)
	for _, lane := range lanes {
		sum += lane
	}
	return sum
}

// by8 has four vectors of sums, so that a multiply-add needn't wait for the one before.
func by8(values []float64) float64 {
	if kernels.Vectors512.Missing() != "" {
		return fourSums(values)
	}
	var a, b, c, d archsimd.Float64x8
	for len(values) >= 32 {
		block := (*[32]float64)(values)
		xa := archsimd.LoadFloat64x8((*[8]float64)(block[0:]))
		xb := archsimd.LoadFloat64x8((*[8]float64)(block[8:]))
		xc := archsimd.LoadFloat64x8((*[8]float64)(block[16:]))
		xd := archsimd.LoadFloat64x8((*[8]float64)(block[24:]))
		a = xa.MulAdd(xa, a)
		b = xb.MulAdd(xb, b)
		c = xc.MulAdd(xc, c)
		d = xd.MulAdd(xd, d)
		values = values[32:]
	}
	var lanes [8]float64
	a.Add(b).Add(c.Add(d)).Store(&lanes)
	archsimd.ClearAVXUpperBits() // what comes next is scalar, and would wait for vectors
	sum := fourSums(values)
	for _, lane := range lanes {
		sum += lane
	}
	return sum
}
