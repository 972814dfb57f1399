//go:build !(goexperiment.simd && amd64)

package pi

import "hpgo/kernels"

// In builds without vectors these rows are the scalar ones.
func vectorRows() []kernels.Variant[Darts, int] { return vectorTable(count) }
