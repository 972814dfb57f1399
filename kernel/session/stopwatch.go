package session

import (
	"time"

	"hpgo/kernel/worker"
	"hpgo/magics"
)

// stopwatch adds up the times of calls to the worker.
type stopwatch struct {
	sum    magics.Outcome
	since  time.Time // of reset or the end of the last call: what follows is building
	pid    int
	before cpuTimes
}

// cpuTimes is the CPU time that a process has used.
type cpuTimes struct {
	total     time.Duration // exact
	user, sys int64         // in clock ticks, for their proportion
}

func (w *stopwatch) reset() { w.sum, w.since = magics.Outcome{}, time.Now() }

func (w *stopwatch) begin(pid int) {
	w.sum.Build += time.Since(w.since)
	w.pid = pid
	w.before, _ = readCPU(pid)
}

// end takes the times of a call. The CPU times are those of the whole call: the
// part that loading the code took can't be told from here, so Load says how
// long that was.
func (w *stopwatch) end(reply worker.Reply) {
	w.since = time.Now()
	w.sum.Wall += reply.RunTime
	w.sum.Load += reply.LoadTime
	after, ok := readCPU(w.pid)
	if !ok || w.before.total == 0 {
		return // the worker has ended, or the system doesn't tell
	}
	total := after.total - w.before.total
	user, sys := after.user-w.before.user, after.sys-w.before.sys
	share := 0.0
	if user+sys > 0 {
		share = float64(sys) / float64(user+sys)
	}
	s := time.Duration(share * float64(total))
	w.sum.Sys += s
	w.sum.User += total - s
}
