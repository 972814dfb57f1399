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
	return r, nil
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
