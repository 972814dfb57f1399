package gonb

import (
	"context"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// source reads a named pipe and knows when there is nothing more to read for
// the moment. It implements io.ByteReader, so that gob reads through no buffer
// of its own and everything that was read but not handled is known here.
type source struct {
	file *os.File
	raw  syscall.RawConn

	mu     sync.Mutex
	idle   bool // all that was read is handled, or a part of a message; the reader waits
	inside bool // the reader is in the middle of a message

	buf     []byte // of the reader's goroutine
	at, end int
}

// newSource opens a named pipe. Open for both directions it neither blocks until
// somebody writes nor ends when nobody does.
func newSource(path string) (*source, error) {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("open the pipe for gonbui: %w", err)
	}
	raw, err := file.SyscallConn()
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("open the pipe for gonbui: %w", err)
	}
	return &source{file: file, raw: raw, buf: make([]byte, 64<<10)}, nil
}

// boundary says that the message read last was handled.
func (s *source) boundary() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside = s.at < s.end
}

// ReadByte implements io.ByteReader.
func (s *source) ReadByte() (byte, error) {
	var b [1]byte
	if _, err := s.Read(b[:]); err != nil {
		return 0, err
	}
	return b[0], nil
}

// Read implements io.Reader.
func (s *source) Read(p []byte) (int, error) {
	if s.at == s.end {
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, s.buf[s.at:s.end])
	s.at += n
	return n, nil
}

// fill reads what is there, waiting for it. The state changes under the lock in
// which the bytes are taken, so that drain never takes the time between the
// reading of a message and its handling for idleness.
func (s *source) fill() error {
	var n int
	var failed error
	err := s.raw.Read(func(fd uintptr) bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		for {
			n, failed = syscall.Read(int(fd), s.buf)
			if failed != syscall.EINTR {
				break
			}
		}
		if s.idle = failed == syscall.EAGAIN; !s.idle {
			s.inside = true
		}
		return !s.idle
	})
	if err == nil {
		err = failed
	}
	if err == nil && n <= 0 {
		err = os.ErrClosed
	}
	s.at, s.end = 0, max(n, 0)
	return err
}

// partFor is how long drain waits for the rest of a message that somebody has
// begun to write: a program that died or was stopped never sends it.
const partFor = time.Second

// drain waits until everything that was written is handled.
func (s *source) drain(ctx context.Context) {
	pause, waited := 20*time.Microsecond, time.Duration(0)
	for {
		s.mu.Lock()
		waits, part := s.idle && s.held() == 0, s.inside
		s.mu.Unlock()
		if waits && (!part || waited > partFor) {
			return
		}
		if !waits {
			waited = 0
		}
		select {
		case <-time.After(pause):
			waited += pause
			pause = min(2*pause, 2*time.Millisecond)
		case <-ctx.Done():
			return
		}
	}
}

// held returns the number of bytes in the pipe; 0 when it is closed.
func (s *source) held() int {
	var n int32
	_ = s.raw.Control(func(fd uintptr) {
		if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, fd, syscall.TIOCINQ, uintptr(unsafe.Pointer(&n))); errno != 0 {
			n = 0
		}
	})
	return int(n)
}

func (s *source) close() error { return s.file.Close() }
