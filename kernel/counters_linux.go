package main

import (
	"encoding/binary"
	"fmt"
	"syscall"
	"unsafe"
)

// countersFinding opens a hardware counter for this process, as the profiling
// magics would. The call is made by hand: the attribute is all that is needed
// of perf_event_open(2).
func countersFinding() finding {
	f := finding{what: "counters"}
	// struct perf_event_attr, PERF_ATTR_SIZE_VER0: type 0 is hardware, config 1
	// instructions; bit 0 of the flags leaves it disabled, 5 and 6 leave the
	// kernel and the hypervisor out.
	attr := make([]byte, 64)
	binary.NativeEndian.PutUint32(attr[4:], uint32(len(attr)))
	binary.NativeEndian.PutUint64(attr[8:], 1)
	binary.NativeEndian.PutUint64(attr[40:], 1|1<<5|1<<6)
	fd, _, errno := syscall.Syscall6(syscall.SYS_PERF_EVENT_OPEN, uintptr(unsafe.Pointer(&attr[0])), 0, ^uintptr(0), ^uintptr(0), 0, 0)
	const cost = "%perf stat simulates counts of instructions and caches (with valgrind) or leaves them out"
	switch errno {
	case 0:
		syscall.Close(int(fd))
		f.ok, f.detail = true, "hardware counters can be read"
	case syscall.EACCES, syscall.EPERM:
		f.detail = cost + "; the system forbids counters: sysctl kernel.perf_event_paranoid=1"
	case syscall.ENOENT, syscall.EOPNOTSUPP, syscall.ENODEV:
		f.detail = cost + "; this machine, probably a virtual one, has no hardware counters"
	default:
		f.detail = fmt.Sprintf("%s; perf_event_open: %v", cost, errno)
	}
	return f
}
