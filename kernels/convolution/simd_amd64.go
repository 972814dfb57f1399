//go:build goexperiment.simd && amd64

package convolution

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

// no256 and no512 tell which vectors this machine lacks.
var no256, no512 = kernels.Vectors256.Missing() != "", kernels.Vectors512.Missing() != ""

func vectorRows() []kernels.Variant[Image, []float64] { return vectorTable(by4, by8) }

// by4 computes a row by 4 pixels: a, h and b are the pixels above, beside and below them,
// from one on the left to one on the right. Three sums don't wait for each other. The
// last vector ends where pixels have a neighbour on their right; where it overlaps the
// one before it they compute the same.
func by4(out, above, here, below []float64, w *[9]float64) {
	const lanes = 4
	if len(here) < lanes+2 || no256 {
		unrolled(out, above, here, below, w)
		return
	}
	w0, w1, w2 := archsimd.BroadcastFloat64x4(w[0]), archsimd.BroadcastFloat64x4(w[1]), archsimd.BroadcastFloat64x4(w[2])
	w3, w4, w5 := archsimd.BroadcastFloat64x4(w[3]), archsimd.BroadcastFloat64x4(w[4]), archsimd.BroadcastFloat64x4(w[5])
	w6, w7, w8 := archsimd.BroadcastFloat64x4(w[6]), archsimd.BroadcastFloat64x4(w[7]), archsimd.BroadcastFloat64x4(w[8])
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	last := len(here) - 1 - lanes
	for j := 1; ; j = min(j+lanes, last) {
		a, h, b := (*[lanes + 2]float64)(unsafe.Pointer(&above[j-1])), (*[lanes + 2]float64)(unsafe.Pointer(&here[j-1])), (*[lanes + 2]float64)(unsafe.Pointer(&below[j-1]))
		first := archsimd.LoadFloat64x4((*[4]float64)(a[0:])).Mul(w0)
		first = archsimd.LoadFloat64x4((*[4]float64)(a[1:])).MulAdd(w1, first)
		first = archsimd.LoadFloat64x4((*[4]float64)(a[2:])).MulAdd(w2, first)
		second := archsimd.LoadFloat64x4((*[4]float64)(h[0:])).Mul(w3)
		second = archsimd.LoadFloat64x4((*[4]float64)(h[1:])).MulAdd(w4, second)
		second = archsimd.LoadFloat64x4((*[4]float64)(h[2:])).MulAdd(w5, second)
		third := archsimd.LoadFloat64x4((*[4]float64)(b[0:])).Mul(w6)
		third = archsimd.LoadFloat64x4((*[4]float64)(b[1:])).MulAdd(w7, third)
		third = archsimd.LoadFloat64x4((*[4]float64)(b[2:])).MulAdd(w8, third)
		first.Add(second).Add(third).Store((*[lanes]float64)(unsafe.Pointer(&out[j])))
		if j == last {
			break
		}
	}
	archsimd.ClearAVXUpperBits() // else code without vectors waits for their upper parts
	ends(out, above, here, below, w)
}

// by8 is by4 with 8 pixels in a vector.
func by8(out, above, here, below []float64, w *[9]float64) {
	const lanes = 8
	if len(here) < lanes+2 || no512 {
		unrolled(out, above, here, below, w)
		return
	}
	w0, w1, w2 := archsimd.BroadcastFloat64x8(w[0]), archsimd.BroadcastFloat64x8(w[1]), archsimd.BroadcastFloat64x8(w[2])
	w3, w4, w5 := archsimd.BroadcastFloat64x8(w[3]), archsimd.BroadcastFloat64x8(w[4]), archsimd.BroadcastFloat64x8(w[5])
	w6, w7, w8 := archsimd.BroadcastFloat64x8(w[6]), archsimd.BroadcastFloat64x8(w[7]), archsimd.BroadcastFloat64x8(w[8])
	out, above, below = out[:len(here)], above[:len(here)], below[:len(here)]
	last := len(here) - 1 - lanes
	for j := 1; ; j = min(j+lanes, last) {
		a, h, b := (*[lanes + 2]float64)(unsafe.Pointer(&above[j-1])), (*[lanes + 2]float64)(unsafe.Pointer(&here[j-1])), (*[lanes + 2]float64)(unsafe.Pointer(&below[j-1]))
		first := archsimd.LoadFloat64x8((*[8]float64)(a[0:])).Mul(w0)
		first = archsimd.LoadFloat64x8((*[8]float64)(a[1:])).MulAdd(w1, first)
		first = archsimd.LoadFloat64x8((*[8]float64)(a[2:])).MulAdd(w2, first)
		second := archsimd.LoadFloat64x8((*[8]float64)(h[0:])).Mul(w3)
		second = archsimd.LoadFloat64x8((*[8]float64)(h[1:])).MulAdd(w4, second)
		second = archsimd.LoadFloat64x8((*[8]float64)(h[2:])).MulAdd(w5, second)
		third := archsimd.LoadFloat64x8((*[8]float64)(b[0:])).Mul(w6)
		third = archsimd.LoadFloat64x8((*[8]float64)(b[1:])).MulAdd(w7, third)
		third = archsimd.LoadFloat64x8((*[8]float64)(b[2:])).MulAdd(w8, third)
		first.Add(second).Add(third).Store((*[lanes]float64)(unsafe.Pointer(&out[j])))
		if j == last {
			break
		}
	}
	archsimd.ClearAVXUpperBits() // else code without vectors waits for their upper parts
	ends(out, above, here, below, w)
}
