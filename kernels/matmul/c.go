//go:build cgo

package matmul

// #cgo CFLAGS: -O3
// #include "matmul.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Pair, []float64] {
	return []kernels.Variant[Pair, []float64]{
		row("C by cgo", "tiled, gcc -O3", func(p Pair) []float64 {
			c := make([]float64, p.N*p.N)
			band(c, p, 0, p.N, addRowsInC)
			return c
		}),
		row("C by cgo, goroutines", "a band of rows for each CPU", func(p Pair) []float64 { return bands(p, addRowsInC) }),
	}
}

func addRowsInC(c, a, b []float64, n, lo, hi, from, to int) {
	if n > 0 {
		C.add_rows(pointer(c), pointer(a), pointer(b), C.long(n), C.long(lo), C.long(hi), C.long(from), C.long(to))
	}
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
