package session

import (
	"time"

	"hpgo/kernel/worker"
	"hpgo/magics/magic"
)

// stopwatch adds up the times of calls to the worker.
type stopwatch struct {
	sum    magic.Outcome
	since  time.Time // of reset or the end of the last call: what follows is building
	asked  bool      // reset was called: somebody reads the sum
	pid    int
	before cpuTimes
}

// cpuTimes is the CPU time that a process has used.
type cpuTimes struct {
	total     time.Duration // exact
	user, sys int64         // in clock ticks, for their proportion
}

func (w *stopwatch) reset() { w.sum, w.since, w.asked = magic.Outcome{}, time.Now(), true }

func (w *stopwatch) begin(pid int) {
	w.sum.Build += time.Since(w.since)
	w.pid = pid
	w.before, _ = readCPU(pid)
}

// end takes the times of a call. Where the worker didn't tell what it cost, the CPU
// times are those of the whole call: the part that loading the code took can't be
// told from here, so Load says how long that was.
func (w *stopwatch) end(reply worker.Reply) {
	w.since = time.Now()
	w.sum.Wall += reply.RunTime
	w.sum.Load += reply.LoadTime
	if reply.Cost != nil {
		if w.sum.Cost == nil {
			w.sum.Cost = &worker.Cost{}
		}
		w.sum.Cost.Add(*reply.Cost)
		w.sum.User, w.sum.Sys = w.sum.Cost.User, w.sum.Cost.Sys
		return
	}
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
