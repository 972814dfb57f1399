//go:build cgo

package filter

// #cgo CFLAGS: -O3
// #include "filter.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Image, []float64] {
	return []kernels.Variant[Image, []float64]{variant("C by cgo", "gcc -O3, running down, one call", inC)}
}

func inC(m Image) []float64 {
	if len(m.Pixels) == 0 {
		return m.out
	}
	beyond := map[string]C.int{Wrap: C.WRAP, Zero: C.ZERO, Reflect: C.REFLECT}[m.Beyond]
	scratch := make([]float64, m.Width+m.K-1)
	C.box_rows(pointer(m.out), pointer(m.Pixels), pointer(scratch), C.long(m.Width), C.long(m.Height), C.long(m.K), beyond, 0, C.long(m.Height))
	return m.out
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
