package perfevent

import (
	"slices"
	"testing"
)

func TestCPUs(t *testing.T) {
	for text, want := range map[string][]int{"0": {0}, "0-2,5": {0, 1, 2, 5}, "x": nil, "3-1": nil, "": nil, "0-99999999": nil} {
		if got, err := parseCPUs(text); !slices.Equal(got, want) || (err == nil) != (want != nil) {
			t.Errorf("%q: %v, %v", text, got, err)
		}
	}
}
