//go:build goexperiment.simd && amd64

package rolling

import (
	"simd/archsimd"
	"unsafe"

	"hpgo/kernels"
)

func vectorRows() []kernels.Variant[Table, []float64] { return vectorTable(by4, by8) }

// by4 has 4 neighbouring windows in each of 4 vectors: weight after weight is
// multiplied with the values from it on, and pointers move along both, which are there.
// The last block begins early, where the one before it has been.
func by4(slopes, y, w []float64) {
	const lanes, block = 4, 16
	if len(slopes) < block || kernels.Vectors256.Missing() != "" {
		four(slopes, y, w)
		return
	}
	for s := 0; s < len(slopes); s += block {
		s = min(s, len(slopes)-block)
		var a, b, c, d archsimd.Float64x4
		from, weight := unsafe.Pointer(&y[s:][:len(w)-1+block][0]), unsafe.Pointer(&w[0])
		for range w {
			values, f := (*[block]float64)(from), archsimd.BroadcastFloat64x4(*(*float64)(weight))
			a = archsimd.LoadFloat64x4((*[lanes]float64)(values[0:])).MulAdd(f, a)
			b = archsimd.LoadFloat64x4((*[lanes]float64)(values[4:])).MulAdd(f, b)
			c = archsimd.LoadFloat64x4((*[lanes]float64)(values[8:])).MulAdd(f, c)
			d = archsimd.LoadFloat64x4((*[lanes]float64)(values[12:])).MulAdd(f, d)
			from, weight = unsafe.Add(from, 8), unsafe.Add(weight, 8)
		}
		to := (*[block]float64)(slopes[s:])
		a.Store((*[lanes]float64)(to[0:]))
		b.Store((*[lanes]float64)(to[4:]))
		c.Store((*[lanes]float64)(to[8:]))
		d.Store((*[lanes]float64)(to[12:]))
	}
	archsimd.ClearAVXUpperBits() // else code without vectors waits for their upper parts
}

// by8 is by4 with 8 windows in a vector.
func by8(slopes, y, w []float64) {
	const lanes, block = 8, 32
	if len(slopes) < block || kernels.Vectors512.Missing() != "" {
		four(slopes, y, w)
		return
	}
	for s := 0; s < len(slopes); s += block {
		s = min(s, len(slopes)-block)
		var a, b, c, d archsimd.Float64x8
		from, weight := unsafe.Pointer(&y[s:][:len(w)-1+block][0]), unsafe.Pointer(&w[0])
		for range w {
			values, f := (*[block]float64)(from), archsimd.BroadcastFloat64x8(*(*float64)(weight))
			a = archsimd.LoadFloat64x8((*[lanes]float64)(values[0:])).MulAdd(f, a)
			b = archsimd.LoadFloat64x8((*[lanes]float64)(values[8:])).MulAdd(f, b)
			c = archsimd.LoadFloat64x8((*[lanes]float64)(values[16:])).MulAdd(f, c)
			d = archsimd.LoadFloat64x8((*[lanes]float64)(values[24:])).MulAdd(f, d)
			from, weight = unsafe.Add(from, 8), unsafe.Add(weight, 8)
		}
		to := (*[block]float64)(slopes[s:])
		a.Store((*[lanes]float64)(to[0:]))
		b.Store((*[lanes]float64)(to[8:]))
		c.Store((*[lanes]float64)(to[16:]))
		d.Store((*[lanes]float64)(to[24:]))
	}
	archsimd.ClearAVXUpperBits()
}
