package valgrind

import (
	"os"
	"syscall"
	"time"
	"unsafe"
)

// restTime is what the runtime's monitor takes at most to see that nothing is to be
// done: it looks every 10 ms. Simulated it is slower.
const restTime = 50 * time.Millisecond

// rest waits until the runtime's monitor sleeps. That thread has goroutines give way
// to others every 10 ms, by the clock: some instructions each time, at random. It goes
// to sleep for a minute when no goroutine runs and no timer of the runtime's is set,
// and a system call or a collection wakes it. So this waits for a timer of the
// kernel's, and makes no system call after that. The file is to be closed when what is
// counted is over; nil: there is no such timer.
func rest() *os.File {
	fd, _, errno := syscall.Syscall(syscall.SYS_TIMERFD_CREATE, clockMonotonic, syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	if errno != 0 {
		return nil
	}
	timer := os.NewFile(fd, "timer")
	raw, err := timer.SyscallConn()
	if err != nil {
		timer.Close()
		return nil
	}
	spec := struct{ interval, value syscall.Timespec }{value: syscall.NsecToTimespec(restTime.Nanoseconds())}
	if _, _, errno := syscall.Syscall6(syscall.SYS_TIMERFD_SETTIME, fd, 0, uintptr(unsafe.Pointer(&spec)), 0, 0, 0); errno != 0 {
		timer.Close()
		return nil
	}
	over := false
	err = raw.Read(func(uintptr) bool {
		now := over
		over = true // when it is called again, the timer has gone off
		return now
	})
	if err != nil {
		timer.Close()
		return nil
	}
	return timer
}

const clockMonotonic = 1 // CLOCK_MONOTONIC of include/uapi/linux/time.h
