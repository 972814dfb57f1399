package sampler

import (
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
