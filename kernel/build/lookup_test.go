package build

import (
	"slices"
	"testing"
)

func TestCandidates(t *testing.T) {
	tc, err := FindToolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	idx := NewStdIndex(tc.GOROOT)
	for name, want := range map[string][]string{
		"strings":      {"strings"},
		"rand":         {"math/rand/v2", "crypto/rand", "math/rand"},
		"kernels":      {"hpgo/kernels"},
		"julia":        {"hpgo/kernels/julia"},
		"schedule":     {"hpgo/kernels/schedule"},
		"withgonum":    {"hpgo/kernels/matmul/withgonum"},
		"kerneltest":   nil,
		"hpgo-kernels": nil,
		"peers":        nil,
		"nothing":      nil,
	} {
		if got := idx.Candidates(name, nil); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
