package sampler

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// perfAttr is struct perf_event_attr of linux/perf_event.h, as far as version 5
// of it goes.
type perfAttr struct {
	kind             uint32
	size             uint32
	config           uint64
	samplePeriod     uint64
	sampleType       uint64
	readFormat       uint64
	flags            uint64
	wakeup           uint32
	bpType           uint32
	config1, config2 uint64
	branchSampleType uint64
	sampleRegsUser   uint64
	sampleStackUser  uint32
	clockID          int32
	sampleRegsIntr   uint64
	auxWatermark     uint32
	sampleMaxStack   uint16
	_                uint16
}

// Numbers of linux/perf_event.h.
const (
	typeSoftware = 1
	cpuClock     = 0

	sampleTID        = 1 << 1
	sampleCallchain  = 1 << 5
	sampleStackUser  = 1 << 13
	sampleIdentifier = 1 << 16

	flagDisabled        = 1 << 0
	flagInherit         = 1 << 1
	flagExcludeKernel   = 1 << 5
	flagExcludeHV       = 1 << 6
	flagNoKernelChain   = 1 << 21
	flagInheritByThread = 1 << 35 // not by the processes that it starts; since Linux 5.13

	recordLost     = 2
	recordThrottle = 5
	recordSample   = 9

	ioctlEnable    = 0x2400
	ioctlDisable   = 0x2401
	ioctlSetOutput = 0x2405
	ioctlID        = 0x80082407

	closeOnExec = 1 << 3
	contextMark = 1<<64 - 4095 // call chains have marks from here on
)

// topBytes is how much of the stack comes with a sample: the return address of a
// function that has no frame, or has just begun to make one.
const topBytes = 16

// attr describes the event. The clock is the time that a thread runs, in ns.
func (p *perf) attr() perfAttr {
	return perfAttr{kind: typeSoftware, size: uint32(unsafe.Sizeof(perfAttr{})), config: cpuClock,
		samplePeriod: uint64(1e9 / p.rate),
		sampleType:   sampleIdentifier | sampleTID | sampleCallchain | sampleStackUser, sampleStackUser: topBytes,
		flags: flagDisabled | flagInherit | flagInheritByThread | flagExcludeHV | flagNoKernelChain}
}

// openEvent opens the event for a thread on a CPU, without the time in the kernel
// where the kernel insists on that, and on all children where it is old. attr
// keeps what was given up.
func openEvent(attr *perfAttr, tid uint32, cpu int) (int, error) {
	for {
		fd, _, errno := syscall.Syscall6(sysPerfEventOpen, uintptr(unsafe.Pointer(attr)), uintptr(tid), uintptr(cpu), ^uintptr(0), closeOnExec, 0)
		switch {
		case errno == 0:
			return int(fd), nil
		case (errno == syscall.EACCES || errno == syscall.EPERM) && attr.flags&flagExcludeKernel == 0:
			attr.flags |= flagExcludeKernel
		case errno == syscall.EINVAL && attr.flags&flagInheritByThread != 0:
			attr.flags &^= flagInheritByThread
		default:
			return -1, errno
		}
	}
}

func ioctl(fd int, request, arg uintptr) error {
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), request, arg); errno != 0 {
		return errno
	}
	return nil
}

// explain says what an error of perf_event_open means, after so many events.
func explain(err error, events int) error {
	why := ""
	switch err {
	case syscall.EACCES:
		why = "perf_event_paranoid is " + paranoid() + "; at 2 or less a process may sample itself"
	case syscall.EPERM:
		why = "a container's seccomp profile or a security module forbids it (perf_event_paranoid is " + paranoid() + ")"
	case syscall.ENOSYS:
		why = "the kernel was built without it, or a sandbox has none"
	case syscall.ENOENT, syscall.EOPNOTSUPP, syscall.ENODEV:
		why = "this kernel can't sample cpu-clock"
	case syscall.EMFILE, syscall.ENFILE:
		why = noneLeft(events)
	case syscall.EINVAL, syscall.E2BIG:
		why = "this kernel doesn't know what is asked for"
	}
	if why == "" {
		return fmt.Errorf("perf_event_open: %w", err)
	}
	return fmt.Errorf("perf_event_open: %w: %s", err, why)
}

// noneLeft says what it means that no more files can be opened.
func noneLeft(events int) string {
	return fmt.Sprintf("no file descriptors are left after %d events, one for each thread and CPU", events)
}

// explainRead says the same of an error of reading what the kernel tells in files.
func explainRead(err error, events int) error {
	if errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) {
		return fmt.Errorf("%w: %s", err, noneLeft(events))
	}
	return err
}

func paranoid() string { return sysctl("perf_event_paranoid") }

// sysctl is a setting of the kernel, "unknown" where it can't be read.
func sysctl(name string) string {
	text, err := os.ReadFile("/proc/sys/kernel/" + name)
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}

// threadIDs lists the threads of the process.
func threadIDs() ([]uint32, error) {
	dir, err := os.ReadDir("/proc/self/task")
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

// onlineCPUs reads lists such as 0-3,8.
func onlineCPUs() ([]int, error) {
	text, err := os.ReadFile("/sys/devices/system/cpu/online")
	if err != nil {
		return nil, fmt.Errorf("list the CPUs: %w", err)
	}
	return parseCPUs(strings.TrimSpace(string(text)))
}

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

// sample is one record of the event.
type sample struct {
	id       uint64
	pid, tid uint32
	chain    []uintptr // the instruction, then return addresses
	top      []byte    // of the stack; may be short
	deep     bool      // the chain may have been cut off
}

// parseSample reads a record's body, whose layout follows from attr. It puts the
// chain into the memory of the one given.
func parseSample(b []byte, chain []uintptr) (s sample, ok bool) {
	s.chain = chain
	if len(b) < 24 {
		return s, false
	}
	s.id, s.pid, s.tid = word(b), binary.NativeEndian.Uint32(b[8:]), binary.NativeEndian.Uint32(b[12:])
	n := word(b[16:])
	b = b[24:]
	if n > uint64(len(b)/8) {
		return s, false
	}
	for i := range n {
		if pc := word(b[8*i:]); pc < contextMark {
			s.chain = append(s.chain, uintptr(pc))
		}
	}
	s.deep = len(s.chain) >= maxChain
	b = b[8*n:]
	if len(b) < 8 {
		return s, true
	}
	size := word(b)
	if b = b[8:]; size == 0 || size+8 > uint64(len(b)) {
		return s, true
	}
	s.top = b[:min(word(b[size:]), size)] // what was there to copy stands behind
	return s, true
}

// maxChain is how many frames the kernel follows by default
// (perf_event_max_stack).
const maxChain = 127

func word(b []byte) uint64 { return binary.NativeEndian.Uint64(b) }
