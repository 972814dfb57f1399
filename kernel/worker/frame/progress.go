package frame

import (
	"runtime"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// ProgressSize is the size of the shared page.
const ProgressSize = 4096

// Progress is a page of memory in which the kernel counts what it has read of
// the worker's stdout and stderr. With it the worker can tell how many bytes
// were written to a pipe so far, whoever wrote them: those that were read plus
// those that the pipe holds. A frame that carries this count stands at its
// exact place among the text, so that a worker that shows ten thousand things
// needs not wait ten thousand times.
//
// The kernel is the only writer. It makes the sequence odd while it reads a
// pipe, so that the worker never adds up figures from before and after.
type Progress struct {
	seq  *atomic.Uint64
	read [2]*atomic.Int64
}

// NewProgress lays a Progress over shared memory of ProgressSize bytes.
func NewProgress(memory []byte) *Progress {
	_ = memory[ProgressSize-1]
	return &Progress{
		seq: (*atomic.Uint64)(unsafe.Pointer(&memory[0])),
		read: [2]*atomic.Int64{
			(*atomic.Int64)(unsafe.Pointer(&memory[8])),
			(*atomic.Int64)(unsafe.Pointer(&memory[16])),
		},
	}
}

// Reading brackets one read of the kernel from stdout (0) or stderr (1): do
// returns the number of bytes it got.
func (p *Progress) Reading(stream int, do func() int) {
	p.seq.Add(1)
	p.read[stream].Add(int64(do()))
	p.seq.Add(1)
}

// Position returns how much was written so far to the pipes with the
// descriptors out and err. It is called in the worker.
func (p *Progress) Position(out, err int) Position {
	for try := 0; ; try++ {
		before := p.seq.Load()
		if before%2 == 0 {
			at := Position{
				Out: p.read[0].Load() + held(out),
				Err: p.read[1].Load() + held(err),
			}
			if p.seq.Load() == before {
				return at
			}
		}
		// The kernel is reading, which takes microseconds unless it was
		// stopped; then there is nothing better to do than to wait.
		if try < 100 {
			runtime.Gosched()
		} else {
			time.Sleep(20 * time.Microsecond)
		}
	}
}

// held returns the number of bytes in a pipe.
func held(fd int) int64 {
	var n int32
	_, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TIOCINQ, uintptr(unsafe.Pointer(&n)))
	if errno != 0 {
		return 0
	}
	return int64(n)
}
