//go:build cgo

package laplacian

// Standard C rounds products before it adds them, also where CPUs could fuse the two.

// #cgo CFLAGS: -O3 -std=c11
// #include "laplacian.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Grid, Field] {
	return []kernels.Variant[Grid, Field]{
		row("C by cgo", "gcc -O3, one call", func(g Grid) Field {
			rowsInC(g, 0, g.N-2)
			return Field{Values: g.out}
		}),
		row("C by cgo, goroutines", "a call for each CPU", func(g Grid) Field {
			bands("static", g.N, func(lo, hi int) { rowsInC(g, lo, hi) })
			return Field{Values: g.out}
		}),
		row("C by cgo, past the caches, goroutines", "stores that read no line first", func(g Grid) Field {
			bands("static", g.N, func(lo, hi int) { rowsPastInC(g, lo, hi) })
			return Field{Values: g.out}
		}),
	}
}

func rowsInC(g Grid, lo, hi int) {
	if lo < hi {
		C.laplacian_rows(pointer(g.out), pointer(g.U), C.long(g.N), C.long(lo+1), C.long(hi+1), C.double(1/(g.H*g.H)))
	}
}

func rowsPastInC(g Grid, lo, hi int) {
	if lo < hi {
		C.laplacian_rows_past(pointer(g.out), pointer(g.U), C.long(g.N), C.long(lo+1), C.long(hi+1), C.double(1/(g.H*g.H)))
	}
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
