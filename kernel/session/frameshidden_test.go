package session

import (
	"testing"

	"hpgo/kernel/worker"
)

// TestHiddenFrames: what measures is not the user's concern, also where it was
// inlined into the cell's function.
func TestHiddenFrames(t *testing.T) {
	for _, c := range []struct {
		fn, file string
		hidden   bool
	}{
		{"hpgo/c0.hpgo__entry", "cell 3", false},
		{"hpgo/c0.hpgo__entry", "/usr/local/go/src/testing/benchmark.go", true},
		{"testing.(*B).Loop", "/usr/local/go/src/testing/benchmark.go", true},
		{"testing.AllocsPerRun", "/usr/local/go/src/testing/allocs.go", false},
		{"hpgo/magics/harness.(*Timing).Begin", "/x/source-0a1b/magics/harness/timing.go", true},
		{"hpgo/c0.hpgo__entry", "/x/source-0a1b/magics/harness/timing.go", true},
		{"hpgo/magics/prof.Region", "/x/source-0a1b/magics/prof/prof.go", false},
		{"sort.Ints", "/usr/local/go/src/sort/sort.go", false},
		{"runtime.goexit", "/usr/local/go/src/runtime/asm_amd64.s", true},
	} {
		if got := hiddenFrame(worker.Frame{Func: c.fn, File: c.file, Line: 1}); got != c.hidden {
			t.Errorf("%s in %s: hidden %v", c.fn, c.file, got)
		}
	}
}
