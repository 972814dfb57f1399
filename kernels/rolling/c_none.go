//go:build !cgo

package rolling

import "hpgo/kernels"

func cRows() []kernels.Variant[Table, []float64] { return nil }
