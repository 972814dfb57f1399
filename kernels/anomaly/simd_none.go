//go:build !(goexperiment.simd && amd64)

package anomaly

import "hpgo/kernels"

// In builds without vectors these rows are the plain one in blocks.
func vectorRows() []kernels.Variant[Stream, []Day] { return vectorTable(inBlocks) }
