package perfevent

import (
	"syscall"
	"unsafe"
)

// Attr is struct perf_event_attr of linux/perf_event.h, as far as version 5 of it
// goes. Open fills in the size.
type Attr struct {
	Kind             uint32 // Hardware, Software, ..., or the number of a PMU
	size             uint32
	Config           uint64
	SamplePeriod     uint64
	SampleType       uint64
	ReadFormat       uint64
	Flags            uint64
	Wakeup           uint32
	bpType           uint32
	config1, config2 uint64
	branchSampleType uint64
	sampleRegsUser   uint64
	SampleStackUser  uint32
	clockID          int32
	sampleRegsIntr   uint64
	auxWatermark     uint32
	sampleMaxStack   uint16
	_                uint16
}

// Kinds of events (perf_type_id).
const (
	Hardware = 0
	Software = 1
	Cache    = 3
	Raw      = 4
)

// Cycles is the hardware event of that name (perf_hw_id).
const Cycles = 0

// Software events (perf_sw_ids).
const (
	CPUClock        = 0
	TaskClock       = 1
	PageFaults      = 2
	ContextSwitches = 3
	CPUMigrations   = 4
	MinorFaults     = 5
	MajorFaults     = 6
	AlignmentFaults = 7
	EmulationFaults = 8
	CgroupSwitches  = 11
)

// Flags of an Attr.
const (
	Disabled        = 1 << 0
	Inherit         = 1 << 1
	ExcludeUser     = 1 << 4
	ExcludeKernel   = 1 << 5
	ExcludeHV       = 1 << 6
	Frequency       = 1 << 10 // Attr.SamplePeriod is samples per second
	NoKernelChain   = 1 << 21
	InheritByThread = 1 << 35 // not by the processes that it starts; since Linux 5.13
)

// What Attr.ReadFormat asks for.
const (
	TotalTimeEnabled = 1 << 0
	TotalTimeRunning = 1 << 1
)

// Requests for Control.
const (
	Enable    = 0x2400
	Disable   = 0x2401
	SetOutput = 0x2405
	ID        = 0x80082407
)

const closeOnExec = 1 << 3

// AnyCPU has Open make an event that counts wherever the thread runs, NoGroup one that
// counts without regard to others.
const (
	AnyCPU  = -1
	NoGroup = -1
)

// Open opens an event for a thread of the process on a CPU, in the group that another
// event leads: it counts while that does. Where the kernel is too
// old to have threads alone inherit it, processes do, too, which attr shows then. The
// error is a syscall.Errno.
func Open(attr *Attr, tid uint32, cpu, group int) (int, error) {
	attr.size = uint32(unsafe.Sizeof(*attr))
	for {
		fd, _, errno := syscall.Syscall6(syscall.SYS_PERF_EVENT_OPEN, uintptr(unsafe.Pointer(attr)), uintptr(tid), uintptr(cpu), uintptr(group), closeOnExec, 0)
		switch {
		case errno == 0:
			return int(fd), nil
		case errno == syscall.EINVAL && attr.Flags&InheritByThread != 0:
			attr.Flags &^= InheritByThread
		default:
			return -1, errno
		}
	}
}

// Refused reports whether an error of Open says that the user may not: perhaps
// without the kernel (ExcludeKernel).
func Refused(err error) bool { return err == syscall.EACCES || err == syscall.EPERM }

// Control is ioctl(2) on an event.
func Control(fd int, request, arg uintptr) error {
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), request, arg); errno != 0 {
		return errno
	}
	return nil
}
