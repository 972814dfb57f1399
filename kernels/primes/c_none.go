//go:build !cgo

package primes

import "hpgo/kernels"

func cRows() []kernels.Variant[Range, []uint64] { return nil }
