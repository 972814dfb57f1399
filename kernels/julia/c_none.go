//go:build !cgo

package julia

import "hpgo/kernels"

func cRows() []kernels.Variant[Points, []int32] { return nil }
