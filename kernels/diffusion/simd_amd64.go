//go:build goexperiment.simd && amd64

package diffusion

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Square, []float64] { return vectorTable(by4, by8, by16) }

// toAligned is how many values of some bytes lie between p and the next place where
// vectors don't cross cache lines.
func toAligned(p unsafe.Pointer, bytes, lanes int) int {
	return int(-uintptr(p)%uintptr(bytes*lanes)) / bytes
}

// by4 computes a row without its ends by 4 cells. The first vector begins where the row
// does and the last ends where it ends; those between, four in a block, begin where no
// vector of results crosses cache lines. Where vectors overlap they compute the same.
// Blocks are found by pointers that move along: of slices the compiler computes each
// load's address anew. Last, the upper parts of the registers are cleared: code without
// vectors, as between rows, would wait for them.
func by4(next, above, here, below []float64) {
	const lanes, block = 4, 16
	if len(here) < lanes+2 || kernels.Vectors256.Missing() != "" {
		fillRow(next, above, here, below)
		return
	}
	next, above, below = next[:len(here)], above[:len(here)], below[:len(here)]
	two, step := archsimd.BroadcastFloat64x4(2), archsimd.BroadcastFloat64x4(dt)
	cells4(next, above, here, below, 0, two, step)
	j, last := toAligned(unsafe.Pointer(&next[1]), 8, lanes), len(here)-lanes-2
	a, b, m, to := unsafe.Pointer(&above[j+1]), unsafe.Pointer(&below[j+1]), unsafe.Pointer(&here[j]), unsafe.Pointer(&next[j+1])
	for ; j+block+2 <= len(here); j += block {
		above, below := (*[block]float64)(a), (*[block]float64)(b)
		here, next := (*[block + 2]float64)(m), (*[block]float64)(to)
		fourCells(above, below, here, next, 0, two, step)
		fourCells(above, below, here, next, 4, two, step)
		fourCells(above, below, here, next, 8, two, step)
		fourCells(above, below, here, next, 12, two, step)
		a, b, m, to = unsafe.Add(a, block*8), unsafe.Add(b, block*8), unsafe.Add(m, block*8), unsafe.Add(to, block*8)
	}
	for ; j < last; j += lanes {
		cells4(next, above, here, below, j, two, step)
	}
	cells4(next, above, here, below, last, two, step)
	archsimd.ClearAVXUpperBits()
}

// cells4 computes the 4 cells from j+1 on of a row.
func cells4(next, above, here, below []float64, j int, two, step archsimd.Float64x4) {
	left, mid, right := archsimd.LoadFloat64x4((*[4]float64)(here[j:])), archsimd.LoadFloat64x4((*[4]float64)(here[j+1:])), archsimd.LoadFloat64x4((*[4]float64)(here[j+2:]))
	xx := archsimd.LoadFloat64x4((*[4]float64)(below[j+1:])).Add(archsimd.LoadFloat64x4((*[4]float64)(above[j+1:]))).Sub(mid.Mul(two))
	yy := right.Add(left).Sub(mid.Mul(two))
	mid.Add(xx.Add(yy).Mul(step)).Store((*[4]float64)(next[j+1:]))
}

// fourCells computes the 4 cells from k on of a block; k is a constant where it is called.
func fourCells(above, below *[16]float64, here *[18]float64, next *[16]float64, k int, two, step archsimd.Float64x4) {
	mid := archsimd.LoadFloat64x4((*[4]float64)(here[k+1:]))
	twice := mid.Mul(two)
	xx := archsimd.LoadFloat64x4((*[4]float64)(below[k:])).Add(archsimd.LoadFloat64x4((*[4]float64)(above[k:]))).Sub(twice)
	yy := archsimd.LoadFloat64x4((*[4]float64)(here[k+2:])).Add(archsimd.LoadFloat64x4((*[4]float64)(here[k:]))).Sub(twice)
	mid.Add(xx.Add(yy).Mul(step)).Store((*[4]float64)(next[k:]))
}

// by8 is by4 with 8 cells in a vector.
func by8(next, above, here, below []float64) {
	const lanes, block = 8, 32
	if len(here) < lanes+2 || kernels.Vectors512.Missing() != "" {
		fillRow(next, above, here, below)
		return
	}
	next, above, below = next[:len(here)], above[:len(here)], below[:len(here)]
	two, step := archsimd.BroadcastFloat64x8(2), archsimd.BroadcastFloat64x8(dt)
	cells8(next, above, here, below, 0, two, step)
	j, last := toAligned(unsafe.Pointer(&next[1]), 8, lanes), len(here)-lanes-2
	a, b, m, to := unsafe.Pointer(&above[j+1]), unsafe.Pointer(&below[j+1]), unsafe.Pointer(&here[j]), unsafe.Pointer(&next[j+1])
	for ; j+block+2 <= len(here); j += block {
		above, below := (*[block]float64)(a), (*[block]float64)(b)
		here, next := (*[block + 2]float64)(m), (*[block]float64)(to)
		eightCells(above, below, here, next, 0, two, step)
		eightCells(above, below, here, next, 8, two, step)
		eightCells(above, below, here, next, 16, two, step)
		eightCells(above, below, here, next, 24, two, step)
		a, b, m, to = unsafe.Add(a, block*8), unsafe.Add(b, block*8), unsafe.Add(m, block*8), unsafe.Add(to, block*8)
	}
	for ; j < last; j += lanes {
		cells8(next, above, here, below, j, two, step)
	}
	cells8(next, above, here, below, last, two, step)
	archsimd.ClearAVXUpperBits()
}

// cells8 computes the 8 cells from j+1 on of a row.
func cells8(next, above, here, below []float64, j int, two, step archsimd.Float64x8) {
	left, mid, right := archsimd.LoadFloat64x8((*[8]float64)(here[j:])), archsimd.LoadFloat64x8((*[8]float64)(here[j+1:])), archsimd.LoadFloat64x8((*[8]float64)(here[j+2:]))
	xx := archsimd.LoadFloat64x8((*[8]float64)(below[j+1:])).Add(archsimd.LoadFloat64x8((*[8]float64)(above[j+1:]))).Sub(mid.Mul(two))
	yy := right.Add(left).Sub(mid.Mul(two))
	mid.Add(xx.Add(yy).Mul(step)).Store((*[8]float64)(next[j+1:]))
}

// eightCells computes the 8 cells from k on of a block; k is a constant where it is called.
func eightCells(above, below *[32]float64, here *[34]float64, next *[32]float64, k int, two, step archsimd.Float64x8) {
	mid := archsimd.LoadFloat64x8((*[8]float64)(here[k+1:]))
	twice := mid.Mul(two)
	xx := archsimd.LoadFloat64x8((*[8]float64)(below[k:])).Add(archsimd.LoadFloat64x8((*[8]float64)(above[k:]))).Sub(twice)
	yy := archsimd.LoadFloat64x8((*[8]float64)(here[k+2:])).Add(archsimd.LoadFloat64x8((*[8]float64)(here[k:]))).Sub(twice)
	mid.Add(xx.Add(yy).Mul(step)).Store((*[8]float64)(next[k:]))
}

// by16 is by4 with 16 cells in a vector of 32 bits a cell.
func by16(next, above, here, below []float32) {
	const lanes, block = 16, 64
	if len(here) < lanes+2 || kernels.Vectors512.Missing() != "" {
		fillRow32(next, above, here, below)
		return
	}
	next, above, below = next[:len(here)], above[:len(here)], below[:len(here)]
	two, step := archsimd.BroadcastFloat32x16(2), archsimd.BroadcastFloat32x16(dt)
	cells16(next, above, here, below, 0, two, step)
	j, last := toAligned(unsafe.Pointer(&next[1]), 4, lanes), len(here)-lanes-2
	a, b, m, to := unsafe.Pointer(&above[j+1]), unsafe.Pointer(&below[j+1]), unsafe.Pointer(&here[j]), unsafe.Pointer(&next[j+1])
	for ; j+block+2 <= len(here); j += block {
		above, below := (*[block]float32)(a), (*[block]float32)(b)
		here, next := (*[block + 2]float32)(m), (*[block]float32)(to)
		sixteenCells(above, below, here, next, 0, two, step)
		sixteenCells(above, below, here, next, 16, two, step)
		sixteenCells(above, below, here, next, 32, two, step)
		sixteenCells(above, below, here, next, 48, two, step)
		a, b, m, to = unsafe.Add(a, block*4), unsafe.Add(b, block*4), unsafe.Add(m, block*4), unsafe.Add(to, block*4)
	}
	for ; j < last; j += lanes {
		cells16(next, above, here, below, j, two, step)
	}
	cells16(next, above, here, below, last, two, step)
	archsimd.ClearAVXUpperBits()
}

// cells16 computes the 16 cells from j+1 on of a row.
func cells16(next, above, here, below []float32, j int, two, step archsimd.Float32x16) {
	left, mid, right := archsimd.LoadFloat32x16((*[16]float32)(here[j:])), archsimd.LoadFloat32x16((*[16]float32)(here[j+1:])), archsimd.LoadFloat32x16((*[16]float32)(here[j+2:]))
	xx := archsimd.LoadFloat32x16((*[16]float32)(below[j+1:])).Add(archsimd.LoadFloat32x16((*[16]float32)(above[j+1:]))).Sub(mid.Mul(two))
	yy := right.Add(left).Sub(mid.Mul(two))
	mid.Add(xx.Add(yy).Mul(step)).Store((*[16]float32)(next[j+1:]))
}

// sixteenCells computes the 16 cells from k on of a block; k is a constant where it is called.
func sixteenCells(above, below *[64]float32, here *[66]float32, next *[64]float32, k int, two, step archsimd.Float32x16) {
	mid := archsimd.LoadFloat32x16((*[16]float32)(here[k+1:]))
	twice := mid.Mul(two)
	xx := archsimd.LoadFloat32x16((*[16]float32)(below[k:])).Add(archsimd.LoadFloat32x16((*[16]float32)(above[k:]))).Sub(twice)
	yy := archsimd.LoadFloat32x16((*[16]float32)(here[k+2:])).Add(archsimd.LoadFloat32x16((*[16]float32)(here[k:]))).Sub(twice)
	mid.Add(xx.Add(yy).Mul(step)).Store((*[16]float32)(next[k:]))
}
