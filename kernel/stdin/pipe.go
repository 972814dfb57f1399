package stdin

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// Pipe is an input that can end and be opened again. Its methods may be called
// from any goroutine.
type Pipe struct {
	feeder
	*pipe
}

var _ Input = (*Pipe)(nil)

// pipe is the kernel's end of a Pipe. It keeps a read end of its own: while that
// is open the pipe lives on, whoever closes his.
type pipe struct {
	programEnd
	link string

	mu   sync.Mutex
	read int      // ours, never read but to discard; -1 once closed
	out  *os.File // nil when the input has ended
}

// NewPipe makes a Pipe that is open.
func NewPipe() (*Pipe, error) {
	var fds [2]int
	// The program's end must block: what reads it may be a shell.
	if err := syscall.Pipe2(fds[:], syscall.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("make a pipe for standard input: %w", err)
	}
	p := &pipe{read: -1}
	p.theirs = os.NewFile(uintptr(fds[0]), "stdin")
	out := fds[1]
	err := p.reopen(&p.read, fds[0], syscall.O_RDONLY)
	if err == nil {
		err = syscall.SetNonblock(out, true)
	}
	if err == nil {
		p.link, err = os.Readlink("/proc/self/fd/" + strconv.Itoa(fds[0]))
	}
	p.out = os.NewFile(uintptr(out), "stdin")
	pp := &Pipe{feeder: newFeeder(p), pipe: p}
	if err != nil {
		pp.Close()
		return nil, fmt.Errorf("make a pipe for standard input: %w", err)
	}
	return pp, nil
}

// reopen opens the pipe behind a descriptor once more: another open file, whose
// mode is its own.
func (p *pipe) reopen(fd *int, of, mode int) (err error) {
	*fd, err = syscall.Open("/proc/self/fd/"+strconv.Itoa(of), mode|syscall.O_NONBLOCK|syscall.O_CLOEXEC, 0)
	return err
}

// Open makes an input that has ended wait again.
func (p *pipe) Open() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil || p.read < 0 {
		return nil
	}
	var fd int
	if err := p.reopen(&fd, p.read, syscall.O_WRONLY); err != nil {
		return fmt.Errorf("open standard input again: %w", err)
	}
	p.out = os.NewFile(uintptr(fd), "stdin")
	return nil
}

// End implements Input.
func (p *pipe) End() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.out != nil {
		p.out.Close()
		p.out = nil
	}
}

// endFor implements end: who waits finds the end of a pipe when it is one.
func (p *pipe) endFor(func() bool) { p.End() }

// Discard throws away what was written and not read.
func (p *pipe) Discard() {
	p.mu.Lock()
	defer p.mu.Unlock()
	var buf [4096]byte
	for p.read >= 0 {
		if n, err := syscall.Read(p.read, buf[:]); n <= 0 && err != syscall.EINTR {
			return
		}
	}
}

// Close implements Input.
func (p *pipe) Close() {
	p.Started()
	p.End()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.read >= 0 {
		syscall.Close(p.read)
		p.read = -1
	}
}

func (p *pipe) name() string { return p.link }

func (p *pipe) hidden() bool { return false }

func (p *pipe) unread() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.read < 0 {
		return 0
	}
	return readable(p.read)
}

func (p *pipe) write(ctx context.Context, text string) error {
	p.mu.Lock()
	out := p.out
	p.mu.Unlock()
	if out == nil {
		return os.ErrClosed
	}
	return writeUntil(ctx, out, text)
}

// writeUntil writes a text unless ctx ends before somebody has read enough of it.
func writeUntil(ctx context.Context, out *os.File, text string) error {
	stopped := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(stopped)
		_ = out.SetWriteDeadline(time.Unix(1, 0))
	})
	_, err := out.WriteString(text)
	if !stop() {
		<-stopped
		_ = out.SetWriteDeadline(time.Time{})
	}
	if err != nil {
		return fmt.Errorf("write to standard input: %w", err)
	}
	return nil
}

// readable counts the bytes that a descriptor holds.
func readable(fd int) int {
	var n int32
	if err := ioctl(fd, syscall.TIOCINQ, unsafe.Pointer(&n)); err != nil {
		return 0
	}
	return int(n)
}

// ioctl calls ioctl(2) with a pointer.
func ioctl(fd int, request uintptr, arg unsafe.Pointer) error {
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), request, uintptr(arg)); errno != 0 {
		return errno
	}
	return nil
}
