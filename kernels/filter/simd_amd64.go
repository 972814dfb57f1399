//go:build goexperiment.simd && amd64

package filter

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Image, []float64] { return vectorTable(add4, sum4, add8, sum8) }

// add4 adds a row and takes another off by 4 columns, and tells whether all sums are
// sure to be finite.
func add4(sums, add, off []float64) (finite bool) {
	if add == nil || off == nil || kernels.Vectors256.Missing() != "" {
		return addRows(sums, add, off)
	}
	const block = 8
	add, off = add[:len(sums)], off[:len(sums)]
	var zeros archsimd.Float64x4 // as long as all sums are finite
	for len(sums) >= block {
		to, a, o := (*[block]float64)(sums), (*[block]float64)(add), (*[block]float64)(off)
		first := archsimd.LoadFloat64x4((*[4]float64)(a[0:])).Sub(archsimd.LoadFloat64x4((*[4]float64)(o[0:])))
		second := archsimd.LoadFloat64x4((*[4]float64)(a[4:])).Sub(archsimd.LoadFloat64x4((*[4]float64)(o[4:])))
		first = archsimd.LoadFloat64x4((*[4]float64)(to[0:])).Add(first)
		second = archsimd.LoadFloat64x4((*[4]float64)(to[4:])).Add(second)
		first.Store((*[4]float64)(to[0:]))
		second.Store((*[4]float64)(to[4:]))
		zeros = zeros.Add(first.Sub(first)).Add(second.Sub(second))
		sums, add, off = sums[block:], add[block:], off[block:]
	}
	var lanes [4]float64
	zeros.Store(&lanes)
	archsimd.ClearAVXUpperBits() // else the loop without vectors waits for their upper parts
	addRows(sums, add, off)
	rest := total(lanes[:]) + total(sums) // lanes are 0 or no numbers
	return rest-rest == 0
}

// sum4 adds up the k neighbours of 16 pixels at a time: four vectors, whose additions
// don't wait for each other. A pointer moves along the neighbours, which are there.
func sum4(out, wide []float64, k int, factor float64) {
	const block = 16
	if kernels.Vectors256.Missing() != "" {
		runAlong(out, wide, k, factor)
		return
	}
	factors := archsimd.BroadcastFloat64x4(factor)
	for len(out) >= block {
		var a, b, c, d archsimd.Float64x4
		from := unsafe.Pointer(&wide[:k-1+block][0])
		for at := 0; at < k; at++ {
			values := (*[block]float64)(unsafe.Add(from, 8*at))
			a = a.Add(archsimd.LoadFloat64x4((*[4]float64)(values[0:])))
			b = b.Add(archsimd.LoadFloat64x4((*[4]float64)(values[4:])))
			c = c.Add(archsimd.LoadFloat64x4((*[4]float64)(values[8:])))
			d = d.Add(archsimd.LoadFloat64x4((*[4]float64)(values[12:])))
		}
		to := (*[block]float64)(out)
		a.Mul(factors).Store((*[4]float64)(to[0:]))
		b.Mul(factors).Store((*[4]float64)(to[4:]))
		c.Mul(factors).Store((*[4]float64)(to[8:]))
		d.Mul(factors).Store((*[4]float64)(to[12:]))
		out, wide = out[block:], wide[block:]
	}
	archsimd.ClearAVXUpperBits()
	runAlong(out, wide, k, factor)
}

// add8 adds a row and takes another off by 8 columns, and tells whether all sums are
// sure to be finite.
func add8(sums, add, off []float64) (finite bool) {
	if add == nil || off == nil || kernels.Vectors512.Missing() != "" {
		return addRows(sums, add, off)
	}
	const block = 16
	add, off = add[:len(sums)], off[:len(sums)]
	var zeros archsimd.Float64x8 // as long as all sums are finite
	for len(sums) >= block {
		to, a, o := (*[block]float64)(sums), (*[block]float64)(add), (*[block]float64)(off)
		first := archsimd.LoadFloat64x8((*[8]float64)(a[0:])).Sub(archsimd.LoadFloat64x8((*[8]float64)(o[0:])))
		second := archsimd.LoadFloat64x8((*[8]float64)(a[8:])).Sub(archsimd.LoadFloat64x8((*[8]float64)(o[8:])))
		first = archsimd.LoadFloat64x8((*[8]float64)(to[0:])).Add(first)
		second = archsimd.LoadFloat64x8((*[8]float64)(to[8:])).Add(second)
		first.Store((*[8]float64)(to[0:]))
		second.Store((*[8]float64)(to[8:]))
		zeros = zeros.Add(first.Sub(first)).Add(second.Sub(second))
		sums, add, off = sums[block:], add[block:], off[block:]
	}
	var lanes [8]float64
	zeros.Store(&lanes)
	archsimd.ClearAVXUpperBits() // else the loop without vectors waits for their upper parts
	addRows(sums, add, off)
	rest := total(lanes[:]) + total(sums) // lanes are 0 or no numbers
	return rest-rest == 0
}

// sum8 adds up the k neighbours of 32 pixels at a time: four vectors, whose additions
// don't wait for each other. A pointer moves along the neighbours, which are there.
func sum8(out, wide []float64, k int, factor float64) {
	const block = 32
	if kernels.Vectors512.Missing() != "" {
		runAlong(out, wide, k, factor)
		return
	}
	factors := archsimd.BroadcastFloat64x8(factor)
	for len(out) >= block {
		var a, b, c, d archsimd.Float64x8
		from := unsafe.Pointer(&wide[:k-1+block][0])
		for at := 0; at < k; at++ {
			values := (*[block]float64)(unsafe.Add(from, 8*at))
			a = a.Add(archsimd.LoadFloat64x8((*[8]float64)(values[0:])))
			b = b.Add(archsimd.LoadFloat64x8((*[8]float64)(values[8:])))
			c = c.Add(archsimd.LoadFloat64x8((*[8]float64)(values[16:])))
			d = d.Add(archsimd.LoadFloat64x8((*[8]float64)(values[24:])))
		}
		to := (*[block]float64)(out)
		a.Mul(factors).Store((*[8]float64)(to[0:]))
		b.Mul(factors).Store((*[8]float64)(to[8:]))
		c.Mul(factors).Store((*[8]float64)(to[16:]))
		d.Mul(factors).Store((*[8]float64)(to[24:]))
		out, wide = out[block:], wide[block:]
	}
	archsimd.ClearAVXUpperBits()
	runAlong(out, wide, k, factor)
}
