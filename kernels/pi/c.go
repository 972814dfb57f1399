//go:build cgo

package pi

// #cgo CFLAGS: -O3
// #include "pi.h"
import "C"

import "hpgo/kernels"

func cRows() []kernels.Variant[Darts, int] {
	inC := func(lo, hi int) int { return int(C.throw_darts(C.long(lo), C.long(hi))) }
	return []kernels.Variant[Darts, int]{
		row("C by cgo", "whole numbers, gcc -O3, one call for all darts", on(1, inC)),
		row("C by cgo, goroutines", "a part of the darts for each CPU", on(0, inC)),
	}
}
