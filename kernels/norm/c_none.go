//go:build !cgo

package norm

import "hpgo/kernels"

func cRows() []kernels.Variant[Vector, float64] { return nil }
