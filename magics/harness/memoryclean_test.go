package harness

import (
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
)

// TestCleanLeavesNothing: whatever ran before, free memory goes back to the system.
func TestCleanLeavesNothing(t *testing.T) {
	s := newMemorySampler(1e6)
	defer s.close()
	var words []string
	for i := range 12 {
		touch()
		words = words[:0]
		for range 20_000 {
			words = append(words, strings.Repeat("x", i+20))
		}
		runtime.KeepAlive(words)
		words = nil
		s.clean()
		if free := s.resident(); free > 4*littleFree {
			t.Errorf("after round %d %d B stay", i, free)
		}
	}
	s.free = []metrics.Sample{{Name: "/no/such:bytes"}}
	s.clean()
}
