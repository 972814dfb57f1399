package display

import (
	"os/exec"
	"testing"
)

// TestOrdinaryProgram runs a program whose types are in package main, as a
// notebook's are: the test's own package can't show how those are spelled.
func TestOrdinaryProgram(t *testing.T) {
	out, err := exec.Command("go", "run", "./testdata/ordinary").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	golden(t, "ordinary.txt", string(out))
}
