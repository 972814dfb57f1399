package harness

import (
	"testing"
	"time"
)

func outermost(depth int) (all []bool) {
	all = append(all, Outermost())
	if depth > 0 {
		all = append(all, outermost(depth-1)...)
	}
	return all
}

// A function is outermost in its first call only, however deep it is, and again on
// a goroutine of its own.
func TestOutermost(t *testing.T) {
	for i, first := range outermost(100) {
		if first != (i == 0) {
			t.Errorf("depth %d: %v", i, first)
		}
	}
	done := make(chan bool)
	go func() { done <- outermost(0)[0] }()
	if !<-done {
		t.Error("not outermost on its own goroutine")
	}
}

// Counts are reported while the code adds to them, which is nothing for the race
// detector to tell the user of.
func TestCountingWhileTheCodeRuns(t *testing.T) {
	counts := make([]uint64, 2)
	done := Counting(counts)
	n := uint64(0)
	for end := time.Now().Add(3 * firstReport); time.Now().Before(end); n++ {
		counts[0]++
		counts[1] += 2
	}
	done()
	if counts[0] != n || counts[1] != 2*n {
		t.Errorf("%v after %d rounds", counts, n)
	}
}
