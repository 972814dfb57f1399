//go:build !(goexperiment.simd && amd64)

package convolution

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Image, []float64] { return vectorTable(unrolled, unrolled) }
