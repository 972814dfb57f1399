//go:build !(goexperiment.simd && amd64)

package kernels

const builtWithVectors = false

func hasAVX512() bool { return false }
func hasAVX2() bool   { return false }
