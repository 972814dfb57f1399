package kernels

// Need is something that a row must find in the build or in the machine.
type Need struct {
	Name    string        // as it is shown: AVX-512
	Missing func() string // why it isn't there, with the way out; "" if it is
}

// missing is what the first need that isn't met says.
func missing(needs []Need) string {
	for _, n := range needs {
		if why := n.Missing(); why != "" {
			return why
		}
	}
	return ""
}

// Vectors512 is what rows with vectors of 512 bits need.
var Vectors512 = Need{"AVX-512", func() string { return lacks("AVX-512", hasAVX512) }}

// Vectors256 is what rows with vectors of 256 bits and fused multiply-add need.
var Vectors256 = Need{"AVX2 and FMA", func() string { return lacks("AVX2 and FMA", hasAVX2) }}

func lacks(feature string, has func() bool) string {
	if !builtWithVectors {
		return "built without GOEXPERIMENT=simd (in a notebook: %flags GOEXPERIMENT=simd)"
	}
	if !has() {
		return "this CPU has no " + feature
	}
	return ""
}
