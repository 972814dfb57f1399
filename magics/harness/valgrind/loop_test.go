package valgrind

import "testing"

// Without valgrind the code runs as often as it shall all the same.
func TestLoop(t *testing.T) {
	if Running() {
		t.Error("valgrind runs the test")
	}
	l := NewLoop(`{"runs":3}`)
	n := 0
	for l.Next() {
		n++
	}
	l.End()
	if n != 3 || l.made != 3 || l.running {
		t.Errorf("%d runs, %+v", n, l)
	}
	l = NewLoop(`{"runs":100,"budget":1e-9}`)
	for l.Next() {
	}
	if l.End(); l.made != 1 {
		t.Errorf("%d runs in no time", l.made)
	}
}
