//go:build !(goexperiment.simd && amd64)

package matmul

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Pair, []float64] {
	return vectorTable(scalar[float64](), scalar[float64](), scalar[float32]())
}
