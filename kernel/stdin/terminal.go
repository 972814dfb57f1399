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

// Terminal is the input of one command: a pseudo terminal of which the command
// has the standard input only. It is nobody's controlling terminal, so no signal
// comes from it. It gives whole lines, as terminals do.
//
// Goroutines: NewTerminal starts one, which reads the echo of what is written
// and drops it. It blocks in read(2) and ends with End or Close.
type Terminal struct {
	feeder
	*terminal
}

var _ Input = (*Terminal)(nil)

// terminal is the kernel's side of a Terminal.
type terminal struct {
	programEnd
	link string

	mu     sync.Mutex
	master *os.File // nil when the input has ended
	slave  int      // ours, to look at; -1 once closed
}

const (
	// endOfFile is the character that ends a terminal's input, or hands over
	// what there is of a line.
	endOfFile = 4
	// mostInLine is how much of a line is written at a time: the system cuts
	// lines of more than 4095 bytes off.
	mostInLine = 4000
	// endGrace is how long a program that waits has at most to notice the end of
	// its input, before the terminal is gone: on a loaded machine it takes a while
	// until it runs.
	endGrace = 2 * time.Second
	// arrival is what the end takes to get through a terminal, if it isn't known
	// who waits.
	arrival = 30 * time.Millisecond
	// endPause is the time between two looks whether it was taken.
	endPause = 2 * time.Millisecond
)

// NewTerminal makes a Terminal. It fails where the system has none to give.
func NewTerminal() (*Terminal, error) {
	t := &terminal{slave: -1}
	tt := &Terminal{feeder: newFeeder(t), terminal: t}
	if err := t.open(); err != nil {
		tt.Close()
		return nil, fmt.Errorf("make a terminal for standard input: %w", err)
	}
	go drain(t.master)
	return tt, nil
}

func (t *terminal) open() error {
	fd, err := syscall.Open("/dev/ptmx", syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_CLOEXEC|syscall.O_NONBLOCK, 0)
	if err != nil {
		return fmt.Errorf("open /dev/ptmx: %w", err)
	}
	t.master = os.NewFile(uintptr(fd), "terminal")
	var number, unlock uint32
	if err := ioctl(fd, syscall.TIOCGPTN, unsafe.Pointer(&number)); err != nil {
		return err
	}
	if err := ioctl(fd, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock)); err != nil {
		return err
	}
	path := "/dev/pts/" + strconv.Itoa(int(number))
	t.slave, err = syscall.Open(path, syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	if err := plain(t.slave); err != nil {
		return err
	}
	theirs, err := syscall.Open(path, syscall.O_RDWR|syscall.O_NOCTTY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return fmt.Errorf("open %s: %w", path, err)
	}
	t.theirs = os.NewFile(uintptr(theirs), path)
	t.link, err = os.Readlink("/proc/self/fd/" + strconv.Itoa(theirs))
	return err
}

// plain makes a terminal give its lines as they were written: no character but
// endOfFile means anything.
func plain(fd int) error {
	var mode syscall.Termios
	if err := ioctl(fd, syscall.TCGETS, unsafe.Pointer(&mode)); err != nil {
		return err
	}
	mode.Iflag, mode.Oflag = syscall.IUTF8, 0
	mode.Lflag = syscall.ICANON | syscall.ECHO // without echo it would look like a password
	for i := range mode.Cc {
		mode.Cc[i] = 0
	}
	mode.Cc[syscall.VEOF] = endOfFile
	return ioctl(fd, syscall.TCSETS, unsafe.Pointer(&mode))
}

// drain reads what a terminal shows.
func drain(master *os.File) {
	var buf [4096]byte
	for {
		if _, err := master.Read(buf[:]); err != nil {
			return
		}
	}
}

// End implements Input.
func (t *terminal) End() {
	began := time.Now()
	t.endFor(func() bool { return time.Since(began) < arrival })
}

// endFor implements end. Who waits takes the end of the terminal for a failed read,
// so it is told first of the end of the input, and the terminal stays until it has
// taken that: woken up alone, it would find nothing.
func (t *terminal) endFor(waits func() bool) {
	t.mu.Lock()
	master := t.master
	t.master = nil
	t.mu.Unlock()
	if master == nil {
		return
	}
	until := time.Now().Add(endGrace)
	_ = master.SetWriteDeadline(until)
	_, _ = master.Write([]byte{endOfFile})
	for arrived := false; time.Now().Before(until); time.Sleep(endPause) {
		woken := !waits()
		pending := t.pending()
		if arrived = arrived || woken || pending; arrived && !pending {
			break
		}
	}
	master.Close()
}

// pending reports whether something waits to be read, be it the end of the input.
func (t *terminal) pending() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.slave < 0 {
		return false
	}
	const pollIn = 1
	var zero syscall.Timespec
	list := struct {
		fd             int32
		events, revent int16
	}{fd: int32(t.slave), events: pollIn}
	n, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&list)), 1, uintptr(unsafe.Pointer(&zero)), 0, 0, 0)
	return errno == 0 && n == 1
}

// Close implements Input.
func (t *terminal) Close() {
	t.Started()
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.master != nil {
		t.master.Close()
		t.master = nil
	}
	if t.slave >= 0 {
		syscall.Close(t.slave)
		t.slave = -1
	}
}

func (t *terminal) name() string { return t.link }

func (t *terminal) unread() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.slave < 0 {
		return 0
	}
	return readable(t.slave)
}

func (t *terminal) hidden() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	var mode syscall.Termios
	if t.slave < 0 || ioctl(t.slave, syscall.TCGETS, unsafe.Pointer(&mode)) != nil {
		return false
	}
	// A line editor turns both off, and echoes by itself.
	return mode.Lflag&(syscall.ECHO|syscall.ICANON) == syscall.ICANON
}

// write writes a line, a long one in parts: each is handed over as it is, and the
// next one follows when it was read.
func (t *terminal) write(ctx context.Context, text string) error {
	t.mu.Lock()
	master := t.master
	t.mu.Unlock()
	if master == nil {
		return os.ErrClosed
	}
	for len(text) > mostInLine {
		if err := writeUntil(ctx, master, text[:mostInLine]+string(rune(endOfFile))); err != nil {
			return err
		}
		text = text[mostInLine:]
		for t.unread() > 0 {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Millisecond):
			}
		}
	}
	return writeUntil(ctx, master, text)
}
