package display

import "testing"

func TestCallAgain(t *testing.T) {
	if CalledAgain() {
		t.Error("asked for by nobody")
	}
	CallAgain()
	if !CalledAgain() || CalledAgain() {
		t.Error("asked for once")
	}
}
