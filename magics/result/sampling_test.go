package result

import (
	"strings"
	"testing"
)

func TestSampling(t *testing.T) {
	for _, tt := range []struct {
		s    Sampling
		how  string
		warn bool
	}{
		{Sampling{}, "", false},
		{Sampling{Plain: 1}, ", scaled to 1 plain run", false},
		{Sampling{Plain: 3912, Overhead: 1.07}, ", scaled to 3,912 plain runs", false},
		{Sampling{Plain: 2, Overhead: 1.2}, ", scaled to 2 plain runs", true},
	} {
		if got := tt.s.ScaledTo(); got != tt.how {
			t.Errorf("%q, want %q", got, tt.how)
		}
		if got := tt.s.Warning(); strings.Contains(got, "took 1.20 times") != tt.warn {
			t.Errorf("%+v: %q", tt.s, got)
		}
	}
}
