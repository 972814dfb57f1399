//go:build !(goexperiment.simd && amd64)

package rolling

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Table, []float64] { return vectorTable(four, four) }
