package display

import (
	"slices"
	"testing"
)

// What is to be done at the end of a cell is done once, the latest first, and not
// when it was forgotten.
func TestAtCellEnd(t *testing.T) {
	var done []string
	note := func(s string) func() { return func() { done = append(done, s) } }
	AtCellEnd(note("first"))
	forget := AtCellEnd(note("forgotten"))
	AtCellEnd(note("last"))
	forget()
	Flush()
	Flush()
	if !slices.Equal(done, []string{"last", "first"}) {
		t.Errorf("done: %q", done)
	}
	forget() // long gone
}
