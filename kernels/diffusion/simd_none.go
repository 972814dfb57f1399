//go:build !(goexperiment.simd && amd64)

package diffusion

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Square, []float64] {
	return vectorTable(fillRow, fillRow, fillRow32)
}
