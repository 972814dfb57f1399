//go:build cgo

package rolling

// #cgo CFLAGS: -O3
// #include "rolling.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
)

func cRows() []kernels.Variant[Table, []float64] {
	return []kernels.Variant[Table, []float64]{
		row("C by cgo", "weights, gcc -O3, a call for each series", one(inC)),
		row("C by cgo, goroutines", "a band of windows for each CPU", bands(inC)),
	}
}

func inC(slopes, y, w []float64) {
	if len(slopes) > 0 {
		C.rolling_slopes(pointer(slopes), pointer(y), pointer(w), C.long(len(slopes)), C.long(len(w)))
	}
}

func pointer(v []float64) *C.double { return (*C.double)(unsafe.Pointer(&v[0])) }
