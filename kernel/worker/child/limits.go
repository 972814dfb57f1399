package child

import (
	"os"
	"runtime/debug"

	"hpgo/kernel/worker/frame"
)

// oomScore makes the system choose the worker before the kernel and the front
// end when memory runs out; 1000 is the most.
const oomScore = "600"

// applyLimits makes the runtime stay below the kernel's memory limit where it
// can: by collecting earlier, and by calling an endless recursion a stack
// overflow before its stack has filled the memory.
func (w *worker) applyLimits(c frame.Config) {
	// Raising one's own score needs no privilege; where /proc is missing or
	// read-only nothing is lost.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte(oomScore), 0)
	if c.MemoryLimit <= 0 {
		return
	}
	w.limit = c.MemoryLimit / 10 * 9
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(w.limit)
	}
	const goDefault = 1_000_000_000
	// The runtime doubles stacks by copying: old and new are there at once.
	if quarter := c.MemoryLimit / 4; quarter < goDefault {
		debug.SetMaxStack(int(quarter))
	}
}
