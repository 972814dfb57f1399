//go:build cgo

package diffusion

// Standard C rounds products before it adds them, also where CPUs could fuse the two.

// #cgo CFLAGS: -O3 -std=c11
// #include "diffusion.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Square, []float64] {
	return []kernels.Variant[Square, []float64]{
		row("C by cgo", "gcc -O3, one call a step", inC),
		row("C by cgo, call a row", "gcc -O3, one call for each row of each step", byRows(rowInC)),
	}
}

func inC(s Square) []float64 {
	return stepped(s, func(next, u []float64, n int) {
		if n > 0 {
			C.step_rows(pointer(next), pointer(u), C.long(n), 0, C.long(n))
		}
	})
}

func rowInC(next, above, here, below []float64) {
	C.step_row(pointer(next), pointer(above), pointer(here), pointer(below), C.long(len(here)))
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
