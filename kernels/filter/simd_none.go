//go:build !(goexperiment.simd && amd64)

package filter

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Image, []float64] {
	return vectorTable(addRows, runAlong, addRows, runAlong)
}
