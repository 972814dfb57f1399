//go:build cgo

package primes

// #cgo CFLAGS: -O3
// #include "primes.h"
import "C"

import "hpgo/kernels"

func cRows() []kernels.Variant[Range, []uint64] {
	inC := func(n uint64) bool { return C.prime(C.uint64_t(n)) != 0 }
	return []kernels.Variant[Range, []uint64]{
		row("C by cgo", "6k±1, gcc -O3, a call for each number", each(inC)),
		row("C by cgo, goroutines", "the next number to whoever is free", eachDivided(inC)),
	}
}
