//go:build !cgo

package laplacian

import "hpgo/kernels"

func cRows() []kernels.Variant[Grid, Field] { return nil }
