//go:build cgo

package ols

// #cgo CFLAGS: -O3
// #include "ols.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Table, []float64] {
	return []kernels.Variant[Table, []float64]{
		row("C by cgo", "weights, gcc -O3, one call for all rows", one(slopesInC)),
		row("C by cgo, call a row", "weights, gcc -O3, one call for each row", one(func(slopes, y, w []float64) {
			for i := range slopes {
				slopesInC(slopes[i:i+1], y[i*len(w):], w)
			}
		})),
		row("C by cgo, goroutines", "a band of rows for each CPU", bands(slopesInC)),
	}
}

func slopesInC(slopes, y, w []float64) {
	if len(slopes) > 0 {
		C.slopes(pointer(slopes), pointer(y), pointer(w), C.long(len(slopes)), C.long(len(w)))
	}
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
