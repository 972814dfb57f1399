//go:build !cgo

package convolution

import "hpgo/kernels"

func cRows() []kernels.Variant[Image, []float64] { return nil }
