//go:build !(goexperiment.simd && amd64)

package elementwise

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Vector, []float64] { return vectorTable(fill, fill) }
