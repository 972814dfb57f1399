package session

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"syscall"
	"time"
	"unsafe"
)

// cpuClockSched asks for the exact CPU time in a clock id made from a process
// id (include/linux/posix-timers.h: MAKE_PROCESS_CPUCLOCK, CPUCLOCK_SCHED).
const cpuClockSched = 2

// readCPU returns the CPU time of a process so far: the sum to the nanosecond,
// its parts in ticks. Of process 0 it is the time of all ended children.
func readCPU(pid int) (cpuTimes, bool) {
	if pid == 0 {
		return childrenCPU()
	}
	var ts syscall.Timespec
	clock := int32(^pid<<3 | cpuClockSched)
	if _, _, e := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, uintptr(clock), uintptr(unsafe.Pointer(&ts)), 0); e != 0 {
		return cpuTimes{}, false
	}
	t := cpuTimes{total: time.Duration(ts.Nano())}
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return t, true
	}
	// The second field is the program's name in parentheses, which may hold
	// anything; user and system time are the 14th and 15th.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) > 12 {
		t.user, _ = strconv.ParseInt(string(fields[11]), 10, 64)
		t.sys, _ = strconv.ParseInt(string(fields[12]), 10, 64)
	}
	return t, true
}

// childrenCPU returns the CPU time of the children that were waited for.
func childrenCPU() (cpuTimes, bool) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_CHILDREN, &u); err != nil {
		return cpuTimes{}, false
	}
	return cpuTimes{total: time.Duration(u.Utime.Nano() + u.Stime.Nano()), user: u.Utime.Nano(), sys: u.Stime.Nano()}, true
}
