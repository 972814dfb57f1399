package perfevent

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Why says what an error of Open means; "" for one that says it itself, or whose
// meaning depends on the event.
func Why(err error) string {
	switch err {
	case syscall.EACCES:
		return "perf_event_paranoid is " + Paranoid()
	case syscall.EPERM:
		return "a container's seccomp profile or a security module forbids it (perf_event_paranoid is " + Paranoid() + ")"
	case syscall.ENOSYS:
		return "the kernel was built without it, or a sandbox has none"
	case syscall.EINVAL, syscall.E2BIG:
		return "this kernel doesn't know what is asked for"
	}
	return ""
}

// Paranoid is the setting that says what users may count: 2 without the kernel, 3 and
// more, in some distributions, nothing; -1 all.
func Paranoid() string { return Sysctl("perf_event_paranoid") }

// Sysctl is a setting of the kernel, "unknown" where it can't be read.
func Sysctl(name string) string {
	text, err := os.ReadFile("/proc/sys/kernel/" + name)
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}

// Threads lists the threads of the process.
func Threads() ([]uint32, error) { return ThreadsOf(os.Getpid()) }

// ThreadsOf lists the threads of a process.
func ThreadsOf(pid int) ([]uint32, error) {
	dir, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return nil, fmt.Errorf("list the threads: %w", err)
	}
	var ids []uint32
	for _, e := range dir {
		if n, err := strconv.ParseUint(e.Name(), 10, 32); err == nil {
			ids = append(ids, uint32(n))
		}
	}
	return ids, nil
}

// OnlineCPUs lists the CPUs that run.
func OnlineCPUs() ([]int, error) {
	text, err := os.ReadFile("/sys/devices/system/cpu/online")
	if err != nil {
		return nil, fmt.Errorf("list the CPUs: %w", err)
	}
	return parseCPUs(strings.TrimSpace(string(text)))
}

// parseCPUs reads lists such as 0-3,8.
func parseCPUs(list string) ([]int, error) {
	var cpus []int
	for part := range strings.SplitSeq(list, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		from, err1 := strconv.Atoi(first)
		to, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || from < 0 || to < from || to > 1<<16 {
			return nil, fmt.Errorf("list the CPUs: can't read %q", list)
		}
		for c := from; c <= to; c++ {
			cpus = append(cpus, c)
		}
	}
	return cpus, nil
}
