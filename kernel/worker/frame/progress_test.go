package frame

import (
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
)

// TestPosition has one side write to a pipe and ask for its position, while the
// other reads as fast as it can: the answer must be exact each time.
func TestPosition(t *testing.T) {
	memory := make([]byte, ProgressSize)
	kernel, worker := NewProgress(memory), NewProgress(memory)
	var fds [2]int
	if err := syscall.Pipe2(fds[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	defer syscall.Close(fds[0])
	defer syscall.Close(fds[1])

	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Go(func() {
		buf := make([]byte, 100)
		for !stop.Load() {
			kernel.Reading(0, func() int {
				n, _ := syscall.Read(fds[0], buf)
				return max(n, 0)
			})
		}
	})
	written := int64(0)
	for range 5000 {
		n, err := syscall.Write(fds[1], []byte("1234567"))
		if err != nil && err != syscall.EAGAIN {
			t.Fatal(err)
		}
		written += int64(max(n, 0))
		if at := worker.Position(fds[1], -1); at.Out != written || at.Err != 0 {
			t.Fatalf("after %d bytes: %+v", written, at)
		}
	}
	stop.Store(true)
	wg.Wait()
}
