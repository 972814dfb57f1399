package tracing

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// readCPU looks at the CPU time of a process and of the machine's cores.
func readCPU(pid int) (cpuReading, error) {
	r := cpuReading{at: time.Now()}
	var ts syscall.Timespec
	if _, _, e := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, processClock(pid), uintptr(unsafe.Pointer(&ts)), 0); e != 0 {
		return r, fmt.Errorf("the CPU time of process %d: %w", pid, e)
	}
	r.process = time.Duration(ts.Nano())
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return r, err
	}
	r.cores = readCores(string(text))
	r.threads = readThreads(pid)
	return r, nil
}

// mostThreads is how many threads are looked at: each takes some 20 μs.
const mostThreads = 64

// readThreads reads how long each thread has run, in ns, and its last core (the first
// number of schedstat, and field 39 of stat, proc_pid_stat(5)); nil: it isn't known.
func readThreads(pid int) map[int]threadTime {
	dir := fmt.Sprintf("/proc/%d/task/", pid)
	names, err := os.ReadDir(dir)
	if err != nil || len(names) > mostThreads {
		return nil
	}
	all := map[int]threadTime{}
	for _, name := range names {
		id, err := strconv.Atoi(name.Name())
		if err != nil {
			continue
		}
		ran, err := os.ReadFile(dir + name.Name() + "/schedstat")
		if err != nil {
			continue // it has ended, or the kernel doesn't count
		}
		stat, err := os.ReadFile(dir + name.Name() + "/stat")
		if err != nil {
			continue
		}
		if t, ok := readThread(string(ran), string(stat)); ok {
			all[id] = t
		}
	}
	return all
}

// readThread reads the two files of a thread.
func readThread(ran, stat string) (t threadTime, ok bool) {
	const core = 39 - 3 // of the fields behind the name, which may hold whatever
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	first, _, _ := strings.Cut(ran, " ")
	ns, err := strconv.ParseInt(first, 10, 64)
	if err != nil || len(fields) <= core {
		return t, false
	}
	t.ran = time.Duration(ns)
	t.core, err = strconv.Atoi(fields[core])
	return t, err == nil
}

// processClock is the clock of a process's CPU time, that of threads that have ended
// included (MAKE_PROCESS_CPUCLOCK of the kernel's posix-timers, with CPUCLOCK_SCHED).
func processClock(pid int) uintptr {
	const sched = 2
	return uintptr(uint32(^int32(pid)<<3 | sched))
}

// readCores reads the lines cpu0, cpu1, ... of /proc/stat: user, nice, system, idle,
// iowait, irq, softirq and steal in ticks (proc_stat(5)). User holds guests already.
func readCores(text string) []coreTicks {
	var all []coreTicks
	for line := range strings.Lines(text) {
		fields := strings.Fields(line)
		if len(fields) < 9 || !strings.HasPrefix(fields[0], "cpu") || fields[0] == "cpu" {
			continue
		}
		var c coreTicks
		for i, f := range fields[1:9] {
			n, err := strconv.ParseInt(f, 10, 64)
			if err != nil {
				return nil
			}
			c.all += n
			switch i {
			case 3, 4:
				c.idle += n
			case 7:
				c.stolen = n
			}
		}
		all = append(all, c)
	}
	return all
}
