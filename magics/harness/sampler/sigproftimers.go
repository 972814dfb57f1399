package sampler

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// sigprofTimers are the clocks with which the runtime makes SIGPROF: one of the CPU
// time of each thread, and one of the process for threads that aren't Go's. Held,
// they keep what was left until the next signal, so that the phase of what they see
// isn't that of the pauses.
type sigprofTimers struct {
	held    map[int]timerSetting
	process [2]syscall.Timeval // interval, left
}

// timerSetting is struct itimerspec.
type timerSetting struct{ interval, left syscall.Timespec }

// processTimer is ITIMER_PROF.
const processTimer = 2

// hold stops the timers; false: the kernel doesn't list them (proc(5), timers).
func (t *sigprofTimers) hold() bool {
	list, err := os.ReadFile("/proc/self/timers")
	if err != nil {
		return false
	}
	ids := profilingTimers(string(list))
	if len(ids) == 0 {
		return false
	}
	t.held = map[int]timerSetting{}
	for _, id := range ids {
		var was timerSetting
		if setTimer(id, timerSetting{}, &was) && was.left != (syscall.Timespec{}) {
			t.held[id] = was
		}
	}
	t.process = setProcessTimer([2]syscall.Timeval{})
	return true
}

// release lets them go on. Those of threads that have ended are gone.
func (t *sigprofTimers) release() {
	for id, was := range t.held {
		setTimer(id, was, &timerSetting{})
	}
	setProcessTimer(t.process)
	t.held = nil
}

// profilingTimers reads the numbers of timers that send SIGPROF.
func profilingTimers(list string) []int {
	var ids []int
	id := -1
	for line := range strings.Lines(list) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		switch key {
		case "ID":
			n, err := strconv.Atoi(value)
			if id = n; err != nil {
				id = -1
			}
		case "signal":
			number, _, _ := strings.Cut(value, "/")
			if id >= 0 && number == strconv.Itoa(int(syscall.SIGPROF)) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// setTimer sets a timer and tells its setting of before; false: there is none.
func setTimer(id int, to timerSetting, was *timerSetting) bool {
	_, _, errno := syscall.RawSyscall6(syscall.SYS_TIMER_SETTIME, uintptr(id), 0, uintptr(unsafe.Pointer(&to)), uintptr(unsafe.Pointer(was)), 0, 0)
	return errno == 0
}

// setProcessTimer sets the timer of the process and returns its setting of before.
func setProcessTimer(to [2]syscall.Timeval) (was [2]syscall.Timeval) {
	// It fails for bad values only, which these aren't.
	_, _, _ = syscall.RawSyscall(syscall.SYS_SETITIMER, processTimer, uintptr(unsafe.Pointer(&to)), uintptr(unsafe.Pointer(&was)))
	return was
}

// cpuSince is CPU time from one moment to another.
func (u used) cpuSince(begin used) time.Duration {
	spent := u.minus(begin)
	return spent.user + spent.sys
}
