package sampler

import (
	"runtime"
	"syscall"
	"time"
)

// Whose CPU time getrusage tells (sys/resource.h).
const (
	processUsage = syscall.RUSAGE_SELF
	threadUsage  = 1 // RUSAGE_THREAD
)

// usedBy is the CPU time so far. The kernel knows the sum to the nanosecond and
// splits it by what ran at its ticks.
func usedBy(who int) used {
	var r syscall.Rusage
	if syscall.Getrusage(who, &r) != nil {
		return used{}
	}
	return used{time.Duration(r.Utime.Nano()), time.Duration(r.Stime.Nano())}
}

// ownThread gives the calling goroutine a thread of its own, whose CPU time can be
// told from that of the rest, and which ends with the goroutine. It goes before
// other threads where the process may say so: it runs for microseconds, and a look
// that comes late because the machine is busy tends to see the others where they
// wait.
func ownThread() {
	runtime.LockOSThread()
	const ahead = -10
	_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), ahead) // not allowed to most
}
