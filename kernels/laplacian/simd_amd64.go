//go:build goexperiment.simd && amd64

package laplacian

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Grid, Field] { return vectorTable(by4, by8, by16) }

// by4 computes a row by 4 points. The first vector begins where the row does and the
// last ends where it ends; those between, four in a block, begin where no vector of
// results crosses cache lines, so that three loads in five and the stores touch one
// line each. Where vectors overlap they compute the same. Blocks are found by pointers
// that move along: of slices the compiler computes each load's address anew. Last, the upper
// parts of the registers are cleared: code without vectors would wait for them.
func by4(out, above, here, below []float64, factor float64) {
	const lanes, block = 4, 16
	if len(here) < lanes+2 || kernels.Vectors256.Missing() != "" {
		fillRow(out, above, here, below, factor)
		return
	}
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	four, f := archsimd.BroadcastFloat64x4(4), archsimd.BroadcastFloat64x4(factor)
	one4(out, above, here, below, 0, four, f)
	j, last := toAligned(unsafe.Pointer(&out[1]), 8, lanes), len(here)-lanes-2
	a, b, m, to := unsafe.Pointer(&above[j+1]), unsafe.Pointer(&below[j+1]), unsafe.Pointer(&here[j]), unsafe.Pointer(&out[j+1])
	for ; j+block+2 <= len(here); j += block {
		above, below := (*[block]float64)(a), (*[block]float64)(b)
		here, out := (*[block + 2]float64)(m), (*[block]float64)(to)
		four4(above, below, here, out, 0, four, f)
		four4(above, below, here, out, 4, four, f)
		four4(above, below, here, out, 8, four, f)
		four4(above, below, here, out, 12, four, f)
		a, b, m, to = unsafe.Add(a, block*8), unsafe.Add(b, block*8), unsafe.Add(m, block*8), unsafe.Add(to, block*8)
	}
	for ; j < last; j += lanes {
		one4(out, above, here, below, j, four, f)
	}
	one4(out, above, here, below, last, four, f)
	archsimd.ClearAVXUpperBits()
}

// toAligned is how many values of some bytes lie between p and the next place where
// vectors don't cross cache lines.
func toAligned(p unsafe.Pointer, bytes, lanes int) int {
	return int(-uintptr(p)%uintptr(bytes*lanes)) / bytes
}

// one4 computes the 4 points from j+1 on of a row.
func one4(out, above, here, below []float64, j int, four, factor archsimd.Float64x4) {
	vertical := archsimd.LoadFloat64x4((*[4]float64)(above[j+1:])).Add(archsimd.LoadFloat64x4((*[4]float64)(below[j+1:])))
	horizontal := archsimd.LoadFloat64x4((*[4]float64)(here[j:])).Add(archsimd.LoadFloat64x4((*[4]float64)(here[j+2:])))
	middle := archsimd.LoadFloat64x4((*[4]float64)(here[j+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[4]float64)(out[j+1:]))
}

// four4 computes the 4 points from k on of a block; k is a constant where it is called.
func four4(above, below *[16]float64, here *[18]float64, out *[16]float64, k int, four, factor archsimd.Float64x4) {
	vertical := archsimd.LoadFloat64x4((*[4]float64)(above[k:])).Add(archsimd.LoadFloat64x4((*[4]float64)(below[k:])))
	horizontal := archsimd.LoadFloat64x4((*[4]float64)(here[k:])).Add(archsimd.LoadFloat64x4((*[4]float64)(here[k+2:])))
	middle := archsimd.LoadFloat64x4((*[4]float64)(here[k+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[4]float64)(out[k:]))
}

// by8 is by4 with 8 points in a vector.
func by8(out, above, here, below []float64, factor float64) {
	const lanes, block = 8, 32
	if len(here) < lanes+2 || kernels.Vectors512.Missing() != "" {
		fillRow(out, above, here, below, factor)
		return
	}
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	four, f := archsimd.BroadcastFloat64x8(4), archsimd.BroadcastFloat64x8(factor)
	one8(out, above, here, below, 0, four, f)
	j, last := toAligned(unsafe.Pointer(&out[1]), 8, lanes), len(here)-lanes-2
	a, b, m, to := unsafe.Pointer(&above[j+1]), unsafe.Pointer(&below[j+1]), unsafe.Pointer(&here[j]), unsafe.Pointer(&out[j+1])
	for ; j+block+2 <= len(here); j += block {
		above, below := (*[block]float64)(a), (*[block]float64)(b)
		here, out := (*[block + 2]float64)(m), (*[block]float64)(to)
		eight8(above, below, here, out, 0, four, f)
		eight8(above, below, here, out, 8, four, f)
		eight8(above, below, here, out, 16, four, f)
		eight8(above, below, here, out, 24, four, f)
		a, b, m, to = unsafe.Add(a, block*8), unsafe.Add(b, block*8), unsafe.Add(m, block*8), unsafe.Add(to, block*8)
	}
	for ; j < last; j += lanes {
		one8(out, above, here, below, j, four, f)
	}
	one8(out, above, here, below, last, four, f)
	archsimd.ClearAVXUpperBits()
}

// one8 computes the 8 points from j+1 on of a row.
func one8(out, above, here, below []float64, j int, four, factor archsimd.Float64x8) {
	vertical := archsimd.LoadFloat64x8((*[8]float64)(above[j+1:])).Add(archsimd.LoadFloat64x8((*[8]float64)(below[j+1:])))
	horizontal := archsimd.LoadFloat64x8((*[8]float64)(here[j:])).Add(archsimd.LoadFloat64x8((*[8]float64)(here[j+2:])))
	middle := archsimd.LoadFloat64x8((*[8]float64)(here[j+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[8]float64)(out[j+1:]))
}

// eight8 computes the 8 points from k on of a block; k is a constant where it is called.
func eight8(above, below *[32]float64, here *[34]float64, out *[32]float64, k int, four, factor archsimd.Float64x8) {
	vertical := archsimd.LoadFloat64x8((*[8]float64)(above[k:])).Add(archsimd.LoadFloat64x8((*[8]float64)(below[k:])))
	horizontal := archsimd.LoadFloat64x8((*[8]float64)(here[k:])).Add(archsimd.LoadFloat64x8((*[8]float64)(here[k+2:])))
	middle := archsimd.LoadFloat64x8((*[8]float64)(here[k+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[8]float64)(out[k:]))
}

// by16 is by4 with 16 points of 32 bits in a vector, two of them in a block.
func by16(out, above, here, below []float32, factor float32) {
	const lanes, block = 16, 32
	if len(here) < lanes+2 || kernels.Vectors512.Missing() != "" {
		fillRow32(out, above, here, below, factor)
		return
	}
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	four, f := archsimd.BroadcastFloat32x16(4), archsimd.BroadcastFloat32x16(factor)
	one16(out, above, here, below, 0, four, f)
	j, last := toAligned(unsafe.Pointer(&out[1]), 4, lanes), len(here)-lanes-2
	a, b, m, to := unsafe.Pointer(&above[j+1]), unsafe.Pointer(&below[j+1]), unsafe.Pointer(&here[j]), unsafe.Pointer(&out[j+1])
	for ; j+block+2 <= len(here); j += block {
		above, below := (*[block]float32)(a), (*[block]float32)(b)
		here, out := (*[block + 2]float32)(m), (*[block]float32)(to)
		sixteen16(above, below, here, out, 0, four, f)
		sixteen16(above, below, here, out, 16, four, f)
		a, b, m, to = unsafe.Add(a, block*4), unsafe.Add(b, block*4), unsafe.Add(m, block*4), unsafe.Add(to, block*4)
	}
	for ; j < last; j += lanes {
		one16(out, above, here, below, j, four, f)
	}
	one16(out, above, here, below, last, four, f)
	archsimd.ClearAVXUpperBits()
}

// one16 computes the 16 points from j+1 on of a row.
func one16(out, above, here, below []float32, j int, four, factor archsimd.Float32x16) {
	vertical := archsimd.LoadFloat32x16((*[16]float32)(above[j+1:])).Add(archsimd.LoadFloat32x16((*[16]float32)(below[j+1:])))
	horizontal := archsimd.LoadFloat32x16((*[16]float32)(here[j:])).Add(archsimd.LoadFloat32x16((*[16]float32)(here[j+2:])))
	middle := archsimd.LoadFloat32x16((*[16]float32)(here[j+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[16]float32)(out[j+1:]))
}

// sixteen16 computes the 16 points from k on of a block; k is a constant where it is
// called.
func sixteen16(above, below *[32]float32, here *[34]float32, out *[32]float32, k int, four, factor archsimd.Float32x16) {
	vertical := archsimd.LoadFloat32x16((*[16]float32)(above[k:])).Add(archsimd.LoadFloat32x16((*[16]float32)(below[k:])))
	horizontal := archsimd.LoadFloat32x16((*[16]float32)(here[k:])).Add(archsimd.LoadFloat32x16((*[16]float32)(here[k+2:])))
	middle := archsimd.LoadFloat32x16((*[16]float32)(here[k+1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[16]float32)(out[k:]))
}
