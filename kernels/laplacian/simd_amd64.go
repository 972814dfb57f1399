//go:build goexperiment.simd && amd64

package laplacian

import (
	"simd/archsimd"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Grid, Field] { return vectorTable(by4, by8, by16) }

// by4 computes 16 points at a time, in 4 vectors: the bounds of a block are checked
// once.
func by4(out, above, here, below []float64, factor float64) {
	if kernels.Vectors256.Missing() != "" {
		fillRow(out, above, here, below, factor)
		return
	}
	const block = 16
	four, f := archsimd.BroadcastFloat64x4(4), archsimd.BroadcastFloat64x4(factor)
	j := 0
	for ; j+block+2 <= len(here); j += block {
		a, b := (*[block]float64)(above[j+1:]), (*[block]float64)(below[j+1:])
		m, to := (*[block + 2]float64)(here[j:]), (*[block]float64)(out[j+1:])
		four4(a, b, m, to, 0, four, f)
		four4(a, b, m, to, 4, four, f)
		four4(a, b, m, to, 8, four, f)
		four4(a, b, m, to, 12, four, f)
	}
	fillRow(out[j:], above[j:], here[j:], below[j:], factor)
}

// four4 computes the 4 points from k on of a block; k is a constant where it is called.
func four4(above, below *[16]float64, here *[18]float64, out *[16]float64, k int, four, factor archsimd.Float64x4) {
	vertical := archsimd.LoadFloat64x4((*[4]float64)(above[k:])).Add(archsimd.LoadFloat64x4((*[4]float64)(below[k:])))
	horizontal := archsimd.LoadFloat64x4((*[4]float64)(here[k:])).Add(archsimd.LoadFloat64x4((*[4]float64)(here[k+2:])))
	middle := archsimd.LoadFloat64x4((*[4]float64)(here[k+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[4]float64)(out[k:]))
}

// by8 computes 32 points at a time, in 4 vectors.
func by8(out, above, here, below []float64, factor float64) {
	if kernels.Vectors512.Missing() != "" {
		fillRow(out, above, here, below, factor)
		return
	}
	const block = 32
	four, f := archsimd.BroadcastFloat64x8(4), archsimd.BroadcastFloat64x8(factor)
	j := 0
	for ; j+block+2 <= len(here); j += block {
		a, b := (*[block]float64)(above[j+1:]), (*[block]float64)(below[j+1:])
		m, to := (*[block + 2]float64)(here[j:]), (*[block]float64)(out[j+1:])
		eight8(a, b, m, to, 0, four, f)
		eight8(a, b, m, to, 8, four, f)
		eight8(a, b, m, to, 16, four, f)
		eight8(a, b, m, to, 24, four, f)
	}
	fillRow(out[j:], above[j:], here[j:], below[j:], factor)
}

// eight8 computes the 8 points from k on of a block; k is a constant where it is called.
func eight8(above, below *[32]float64, here *[34]float64, out *[32]float64, k int, four, factor archsimd.Float64x8) {
	vertical := archsimd.LoadFloat64x8((*[8]float64)(above[k:])).Add(archsimd.LoadFloat64x8((*[8]float64)(below[k:])))
	horizontal := archsimd.LoadFloat64x8((*[8]float64)(here[k:])).Add(archsimd.LoadFloat64x8((*[8]float64)(here[k+2:])))
	middle := archsimd.LoadFloat64x8((*[8]float64)(here[k+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[8]float64)(out[k:]))
}

// by16 computes 32 points at a time, in 2 vectors of float32.
func by16(out, above, here, below []float32, factor float32) {
	if kernels.Vectors512.Missing() != "" {
		fillRow32(out, above, here, below, factor)
		return
	}
	const block = 32
	four, f := archsimd.BroadcastFloat32x16(4), archsimd.BroadcastFloat32x16(factor)
	j := 0
	for ; j+block+2 <= len(here); j += block {
		a, b := (*[block]float32)(above[j+1:]), (*[block]float32)(below[j+1:])
		m, to := (*[block + 2]float32)(here[j:]), (*[block]float32)(out[j+1:])
		sixteen16(a, b, m, to, 0, four, f)
		sixteen16(a, b, m, to, 16, four, f)
	}
	fillRow32(out[j:], above[j:], here[j:], below[j:], factor)
}

// sixteen16 computes the 16 points from k on of a block; k is a constant where it is
// called.
func sixteen16(above, below *[32]float32, here *[34]float32, out *[32]float32, k int, four, factor archsimd.Float32x16) {
	vertical := archsimd.LoadFloat32x16((*[16]float32)(above[k:])).Add(archsimd.LoadFloat32x16((*[16]float32)(below[k:])))
	horizontal := archsimd.LoadFloat32x16((*[16]float32)(here[k:])).Add(archsimd.LoadFloat32x16((*[16]float32)(here[k+2:])))
	middle := archsimd.LoadFloat32x16((*[16]float32)(here[k+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[16]float32)(out[k:]))
}
