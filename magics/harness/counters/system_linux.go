package counters

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"hpgo/magics/harness/perfevent"
)

// system is what counting needs of the machine. Tests have one with counters.
type system interface {
	threads() ([]uint32, error)
	self() uint32 // the calling thread
	// open makes an event for a thread, wherever that runs, in the group that another
	// leads, or perfevent.NoGroup.
	open(attr *perfevent.Attr, tid uint32, group int) (int, error)
	enable(fd int, yes bool) error
	read(fd int) (reading, error)
	close(fd int)
	// coreTypes are the kinds of cores of a CPU that has several.
	coreTypes() []coreType
	// account is what the kernel tells of the process without events.
	account() account
	// migrations is how often its threads have come to other CPUs, as far as they are
	// still there; -1: the kernel doesn't tell. It takes a while.
	migrations() int64
}

// coreType is a kind of core with counters of its own.
type coreType struct {
	name   string // "cpu_core"
	number uint64 // PMUs are told apart by it
}

// reading is what an event has counted so far, with what inherited it.
type reading struct{ count, enabled, running uint64 } // times in ns

func (r reading) minus(s reading) reading {
	return reading{r.count - s.count, r.enabled - s.enabled, r.running - s.running}
}

func (r reading) plus(s reading) reading {
	return reading{r.count + s.count, r.enabled + s.enabled, r.running + s.running}
}

// account are counts of the process so far.
type account struct {
	user, sys   time.Duration
	cpu         time.Duration // the sum, to the nanosecond
	minorFaults int64
	majorFaults int64
	switches    int64
}

// linux is the system.
type linux struct{}

func (linux) threads() ([]uint32, error) { return perfevent.Threads() }
func (linux) self() uint32               { return uint32(syscall.Gettid()) }
func (linux) close(fd int)               { syscall.Close(fd) }

func (linux) open(attr *perfevent.Attr, tid uint32, group int) (int, error) {
	return perfevent.Open(attr, tid, perfevent.AnyCPU, group)
}

func (linux) enable(fd int, yes bool) error {
	if yes {
		return perfevent.Control(fd, perfevent.Enable, 0)
	}
	return perfevent.Control(fd, perfevent.Disable, 0)
}

func (linux) read(fd int) (reading, error) {
	var b [24]byte // as readFormat asks for
	n, err := syscall.Read(fd, b[:])
	if err != nil {
		return reading{}, fmt.Errorf("read a counter: %w", err)
	}
	if n < len(b) {
		return reading{}, fmt.Errorf("read a counter: %d bytes came", n)
	}
	word := func(i int) uint64 { return binary.NativeEndian.Uint64(b[8*i:]) }
	return reading{word(0), word(1), word(2)}, nil
}

// coreTypes finds the PMUs of Intel's hybrid CPUs, which have these names.
func (linux) coreTypes() []coreType {
	var found []coreType
	for _, name := range []string{"cpu_core", "cpu_atom", "cpu_lowpower"} {
		text, err := os.ReadFile("/sys/bus/event_source/devices/" + name + "/type")
		if err != nil {
			continue
		}
		if n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 32); err == nil {
			found = append(found, coreType{name, n})
		}
	}
	return found
}

// clockProcessCPU is CLOCK_PROCESS_CPUTIME_ID of include/uapi/linux/time.h.
const clockProcessCPU = 2

func (linux) account() account {
	var a account
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) == nil {
		a.user, a.sys = time.Duration(r.Utime.Nano()), time.Duration(r.Stime.Nano())
		a.minorFaults, a.majorFaults, a.switches = r.Minflt, r.Majflt, r.Nvcsw+r.Nivcsw
	}
	var ts syscall.Timespec
	if _, _, e := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockProcessCPU, uintptr(unsafe.Pointer(&ts)), 0); e == 0 {
		a.cpu = time.Duration(ts.Nano())
	}
	return a
}

func (linux) migrations() int64 {
	files, err := filepath.Glob("/proc/self/task/*/sched")
	if err != nil {
		return -1
	}
	sum := int64(-1)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has just ended
		}
		if n, ok := readMigrations(string(text)); ok {
			sum = max(sum, 0) + n
		}
	}
	return sum
}

// readMigrations finds the count in a thread's sched file.
func readMigrations(text string) (int64, bool) {
	for line := range strings.Lines(text) {
		name, value, ok := strings.Cut(line, ":")
		if ok && strings.TrimSpace(name) == "se.nr_migrations" {
			n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
