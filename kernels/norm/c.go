//go:build cgo

package norm

// #cgo CFLAGS: -O3
// #include "norm.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Vector, float64] {
	return []kernels.Variant[Vector, float64]{row("C by cgo", "gcc -O3, one call", inC)}
}

func inC(v Vector) float64 {
	if len(v.Floats) == 0 {
		return 0
	}
	return float64(C.sum_of_squares((*C.double)(unsafe.Pointer(&v.Floats[0])), C.long(len(v.Floats))))
}
