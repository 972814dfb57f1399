//go:build goexperiment.simd && amd64

package laplacian

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

// no256 and no512 tell which vectors this machine lacks.
var no256, no512 = kernels.Vectors256.Missing() != "", kernels.Vectors512.Missing() != ""

func vectorRows() []kernels.Variant[Grid, Field] { return vectorTable(by4, by8, by16) }

// by4 computes a row by 4 points. The first vector begins where the row does and the
// last ends where it ends; those between begin where no vector of results crosses cache
// lines, so that three loads in five and the stores touch one line each. Where vectors
// overlap they compute the same. A loop of one vector is faster than one of four, which
// asks for four lines of each row at a time. Last, the upper parts of the registers are
// cleared: code without vectors would wait for them.
func by4(out, above, here, below []float64, factor float64) {
	const lanes = 4
	if len(here) < lanes+2 || no256 {
		fillRow(out, above, here, below, factor)
		return
	}
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	four, f := archsimd.BroadcastFloat64x4(4), archsimd.BroadcastFloat64x4(factor)
	first, last := 1, len(here)-1-lanes
	four4(&out[first], &above[first], &here[first-1], &below[first], four, f)
	for j := first + toAligned(unsafe.Pointer(&out[first]), 8, lanes); j < last; j += lanes {
		four4(&out[j], &above[j], &here[j-1], &below[j], four, f)
	}
	four4(&out[last], &above[last], &here[last-1], &below[last], four, f)
	archsimd.ClearAVXUpperBits()
}

// four4 computes the 4 points at out; left is one before them.
func four4(out, above, left, below *float64, four, factor archsimd.Float64x4) {
	here := (*[4 + 2]float64)(unsafe.Pointer(left))
	vertical := archsimd.LoadFloat64x4((*[4]float64)(unsafe.Pointer(above))).Add(archsimd.LoadFloat64x4((*[4]float64)(unsafe.Pointer(below))))
	horizontal := archsimd.LoadFloat64x4((*[4]float64)(here[:])).Add(archsimd.LoadFloat64x4((*[4]float64)(here[2:])))
	middle := archsimd.LoadFloat64x4((*[4]float64)(here[1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[4]float64)(unsafe.Pointer(out)))
}

// toAligned is how many values of some bytes lie between p and the next place where
// vectors don't cross cache lines.
func toAligned(p unsafe.Pointer, bytes, lanes int) int {
	return int(-uintptr(p)%uintptr(bytes*lanes)) / bytes
}

// by8 is by4 with 8 points in a vector.
func by8(out, above, here, below []float64, factor float64) {
	const lanes = 8
	if len(here) < lanes+2 || no512 {
		fillRow(out, above, here, below, factor)
		return
	}
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	four, f := archsimd.BroadcastFloat64x8(4), archsimd.BroadcastFloat64x8(factor)
	first, last := 1, len(here)-1-lanes
	eight8(&out[first], &above[first], &here[first-1], &below[first], four, f)
	for j := first + toAligned(unsafe.Pointer(&out[first]), 8, lanes); j < last; j += lanes {
		eight8(&out[j], &above[j], &here[j-1], &below[j], four, f)
	}
	eight8(&out[last], &above[last], &here[last-1], &below[last], four, f)
	archsimd.ClearAVXUpperBits()
}

// eight8 computes the 8 points at out; left is one before them.
func eight8(out, above, left, below *float64, four, factor archsimd.Float64x8) {
	here := (*[8 + 2]float64)(unsafe.Pointer(left))
	vertical := archsimd.LoadFloat64x8((*[8]float64)(unsafe.Pointer(above))).Add(archsimd.LoadFloat64x8((*[8]float64)(unsafe.Pointer(below))))
	horizontal := archsimd.LoadFloat64x8((*[8]float64)(here[:])).Add(archsimd.LoadFloat64x8((*[8]float64)(here[2:])))
	middle := archsimd.LoadFloat64x8((*[8]float64)(here[1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[8]float64)(unsafe.Pointer(out)))
}

// by16 is by4 with 16 points of 32 bits in a vector.
func by16(out, above, here, below []float32, factor float32) {
	const lanes = 16
	if len(here) < lanes+2 || no512 {
		fillRow32(out, above, here, below, factor)
		return
	}
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	four, f := archsimd.BroadcastFloat32x16(4), archsimd.BroadcastFloat32x16(factor)
	first, last := 1, len(here)-1-lanes
	sixteen16(&out[first], &above[first], &here[first-1], &below[first], four, f)
	for j := first + toAligned(unsafe.Pointer(&out[first]), 4, lanes); j < last; j += lanes {
		sixteen16(&out[j], &above[j], &here[j-1], &below[j], four, f)
	}
	sixteen16(&out[last], &above[last], &here[last-1], &below[last], four, f)
	archsimd.ClearAVXUpperBits()
}

// sixteen16 computes the 16 points at out; left is one before them.
func sixteen16(out, above, left, below *float32, four, factor archsimd.Float32x16) {
	here := (*[16 + 2]float32)(unsafe.Pointer(left))
	vertical := archsimd.LoadFloat32x16((*[16]float32)(unsafe.Pointer(above))).Add(archsimd.LoadFloat32x16((*[16]float32)(unsafe.Pointer(below))))
	horizontal := archsimd.LoadFloat32x16((*[16]float32)(here[:])).Add(archsimd.LoadFloat32x16((*[16]float32)(here[2:])))
	middle := archsimd.LoadFloat32x16((*[16]float32)(here[1:])).Mul(four)
	vertical.Add(horizontal).Sub(middle).Mul(factor).Store((*[16]float32)(unsafe.Pointer(out)))
}
