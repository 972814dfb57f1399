//go:build !(goexperiment.simd && amd64)

package julia

import "hpgo/kernels"

// In builds without vectors these rows are the plain ones below them.
func vectorRows() []kernels.Variant[Points, []int32] { return vectorTable(partsInto, partsInto) }
