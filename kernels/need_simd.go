//go:build goexperiment.simd && amd64

package kernels

import "simd/archsimd"

const builtWithVectors = true

func hasAVX512() bool { return archsimd.X86.AVX512() }
func hasAVX2() bool   { return archsimd.X86.AVX2() && archsimd.X86.FMA() }
