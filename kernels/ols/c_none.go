//go:build !cgo

package ols

import "hpgo/kernels"

func cRows() []kernels.Variant[Table, []float64] { return nil }
