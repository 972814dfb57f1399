//go:build !cgo

package filter

import "hpgo/kernels"

func cRows() []kernels.Variant[Image, []float64] { return nil }
