//go:build !(goexperiment.simd && amd64)

package primes

import "hpgo/kernels"

// In builds without vectors these are the scalar one.

// Floats2 is Floats.
func Floats2(n uint64) bool { return Floats(n) }

// Floats4 is Floats.
func Floats4(n uint64) bool { return Floats(n) }

// Floats8 is Floats.
func Floats8(n uint64) bool { return Floats(n) }

func vectorRows() []kernels.Variant[Range, []uint64] { return vectorTable(Floats2, Floats4, Floats8) }
