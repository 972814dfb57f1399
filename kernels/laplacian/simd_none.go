//go:build !(goexperiment.simd && amd64)

package laplacian

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Grid, Field] { return vectorTable(fillRow, fillRow, fillRow32) }
