//go:build cgo

package julia

// Standard C rounds products before it adds them, also where CPUs could fuse the two.

// #cgo CFLAGS: -O3 -std=c11
// #include "julia.h"
import "C"

import (
	"unsafe"

	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

func cRows() []kernels.Variant[Points, []int32] {
	return []kernels.Variant[Points, []int32]{
		row("C by cgo", "gcc -O3, one call for all points", scheduled(one, countsInC)),
		row("C by cgo, goroutines", "on all CPUs, dynamic", scheduled(schedule.Dynamic, countsInC)),
	}
}

// one is the schedule without any.
func one(n, _, _ int, body func(lo, hi int)) {
	if n > 0 {
		body(0, n)
	}
}

// countsInC fills counts. A complex128 is two float64, which is what C is given.
func countsInC(counts []int32, zs, cs []complex128, maxIter int) {
	if len(counts) == 0 {
		return
	}
	zs, cs = zs[:len(counts)], cs[:len(counts)]
	C.counts((*C.int32_t)(unsafe.Pointer(&counts[0])), (*C.double)(unsafe.Pointer(&zs[0])), (*C.double)(unsafe.Pointer(&cs[0])), C.long(len(counts)), C.int(maxIter))
}
