//go:build cgo

package convolution

// #cgo CFLAGS: -O3
// #include "convolution.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Image, []float64] {
	return []kernels.Variant[Image, []float64]{row("C by cgo", "gcc -O3, one call", inC)}
}

func inC(m Image) []float64 {
	if len(m.Pixels) > 0 {
		C.convolve_rows(pointer(m.out), pointer(m.Pixels), pointer(m.Weights[:]), C.long(m.Width), C.long(m.Height), 0, C.long(m.Height))
	}
	return m.out
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
