//go:build goexperiment.simd && amd64

package matmul

import (
	"simd/archsimd"

	"hpgo/kernels"
)

// vectorRows have the scalar tile on CPUs that lack the vectors.
func vectorRows() []kernels.Variant[Pair, []float64] {
	tile4, tile8, tile16 := scalar[float64](), scalar[float64](), scalar[float32]()
	if kernels.Vectors256.Missing() == "" {
		tile4 = tile[float64]{4, 8, by4}
	}
	if kernels.Vectors512.Missing() == "" {
		tile8, tile16 = tile[float64]{4, 16, by8}, tile[float32]{4, 32, by16}
	}
	return vectorTable(tile4, tile8, tile16)
}

// by4 keeps 4 by 2 vectors of sums. With what they are made of they fill the registers
// that the compiler uses: larger tiles, and steps of several k, are slower, because sums
// go to memory and back.
func by4(out, a, b []float64) {
	var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float64x4
	for len(a) >= 4 && len(b) >= 8 {
		left, right := (*[4]float64)(a), (*[8]float64)(b)
		b0 := archsimd.LoadFloat64x4((*[4]float64)(right[0:]))
		b1 := archsimd.LoadFloat64x4((*[4]float64)(right[4:]))
		x := archsimd.BroadcastFloat64x4(left[0])
		c00 = x.MulAdd(b0, c00)
		c01 = x.MulAdd(b1, c01)
		x = archsimd.BroadcastFloat64x4(left[1])
		c10 = x.MulAdd(b0, c10)
		c11 = x.MulAdd(b1, c11)
		x = archsimd.BroadcastFloat64x4(left[2])
		c20 = x.MulAdd(b0, c20)
		c21 = x.MulAdd(b1, c21)
		x = archsimd.BroadcastFloat64x4(left[3])
		c30 = x.MulAdd(b0, c30)
		c31 = x.MulAdd(b1, c31)
		a, b = a[4:], b[8:]
	}
	sums := (*[32]float64)(out)
	c00.Store((*[4]float64)(sums[0:]))
	c01.Store((*[4]float64)(sums[4:]))
	c10.Store((*[4]float64)(sums[8:]))
	c11.Store((*[4]float64)(sums[12:]))
	c20.Store((*[4]float64)(sums[16:]))
	c21.Store((*[4]float64)(sums[20:]))
	c30.Store((*[4]float64)(sums[24:]))
	c31.Store((*[4]float64)(sums[28:]))
}

// by8 is by4 with vectors of 512 bits.
func by8(out, a, b []float64) {
	var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float64x8
	for len(a) >= 4 && len(b) >= 16 {
		left, right := (*[4]float64)(a), (*[16]float64)(b)
		b0 := archsimd.LoadFloat64x8((*[8]float64)(right[0:]))
		b1 := archsimd.LoadFloat64x8((*[8]float64)(right[8:]))
		x := archsimd.BroadcastFloat64x8(left[0])
		c00 = x.MulAdd(b0, c00)
		c01 = x.MulAdd(b1, c01)
		x = archsimd.BroadcastFloat64x8(left[1])
		c10 = x.MulAdd(b0, c10)
		c11 = x.MulAdd(b1, c11)
		x = archsimd.BroadcastFloat64x8(left[2])
		c20 = x.MulAdd(b0, c20)
		c21 = x.MulAdd(b1, c21)
		x = archsimd.BroadcastFloat64x8(left[3])
		c30 = x.MulAdd(b0, c30)
		c31 = x.MulAdd(b1, c31)
		a, b = a[4:], b[16:]
	}
	sums := (*[64]float64)(out)
	c00.Store((*[8]float64)(sums[0:]))
	c01.Store((*[8]float64)(sums[8:]))
	c10.Store((*[8]float64)(sums[16:]))
	c11.Store((*[8]float64)(sums[24:]))
	c20.Store((*[8]float64)(sums[32:]))
	c21.Store((*[8]float64)(sums[40:]))
	c30.Store((*[8]float64)(sums[48:]))
	c31.Store((*[8]float64)(sums[56:]))
}

// by16 is by8 with 32 bits a number.
func by16(out, a, b []float32) {
	var c00, c01, c10, c11, c20, c21, c30, c31 archsimd.Float32x16
	for len(a) >= 4 && len(b) >= 32 {
		left, right := (*[4]float32)(a), (*[32]float32)(b)
		b0 := archsimd.LoadFloat32x16((*[16]float32)(right[0:]))
		b1 := archsimd.LoadFloat32x16((*[16]float32)(right[16:]))
		x := archsimd.BroadcastFloat32x16(left[0])
		c00 = x.MulAdd(b0, c00)
		c01 = x.MulAdd(b1, c01)
		x = archsimd.BroadcastFloat32x16(left[1])
		c10 = x.MulAdd(b0, c10)
		c11 = x.MulAdd(b1, c11)
		x = archsimd.BroadcastFloat32x16(left[2])
		c20 = x.MulAdd(b0, c20)
		c21 = x.MulAdd(b1, c21)
		x = archsimd.BroadcastFloat32x16(left[3])
		c30 = x.MulAdd(b0, c30)
		c31 = x.MulAdd(b1, c31)
		a, b = a[4:], b[32:]
	}
	sums := (*[128]float32)(out)
	c00.Store((*[16]float32)(sums[0:]))
	c01.Store((*[16]float32)(sums[16:]))
	c10.Store((*[16]float32)(sums[32:]))
	c11.Store((*[16]float32)(sums[48:]))
	c20.Store((*[16]float32)(sums[64:]))
	c21.Store((*[16]float32)(sums[80:]))
	c30.Store((*[16]float32)(sums[96:]))
	c31.Store((*[16]float32)(sums[112:]))
}
