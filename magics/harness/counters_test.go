package harness

import "testing"

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
