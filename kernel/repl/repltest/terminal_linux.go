package repltest

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// Terminal is a program in a terminal.
//
// Goroutine: Start starts one, which reads what the program writes and ends with
// the test.
type Terminal struct {
	Cmd *exec.Cmd

	t      *testing.T
	master *os.File
	mu     sync.Mutex
	screen *Screen
}

// ioctl is for the few things that package os doesn't do to terminals.
func ioctl(t *testing.T, f *os.File, request uintptr, arg unsafe.Pointer) {
	t.Helper()
	conn, err := f.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var errno syscall.Errno
	if err := conn.Control(func(fd uintptr) { _, _, errno = syscall.Syscall(syscall.SYS_IOCTL, fd, request, uintptr(arg)) }); err != nil || errno != 0 {
		t.Fatal("ioctl:", err, errno)
	}
}

// Start runs a program in a terminal of its own, until the end of the test.
func Start(t *testing.T, cmd *exec.Cmd, width, height int) *Terminal {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	var unlock, number int32
	ioctl(t, master, syscall.TIOCSPTLCK, unsafe.Pointer(&unlock))
	ioctl(t, master, syscall.TIOCGPTN, unsafe.Pointer(&number))
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer slave.Close()
	p := &Terminal{Cmd: cmd, t: t, master: master, screen: NewScreen(width, height)}
	p.Resize(width, height)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(p.read)
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		master.Close()
		reading.Wait()
	})
	return p
}

// read puts what the program writes on the screen, until it has ended.
func (p *Terminal) read() {
	var chunk [4096]byte
	for {
		n, err := p.master.Read(chunk[:])
		p.mu.Lock()
		_, _ = p.screen.Write(chunk[:n])
		p.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// Resize gives the terminal another size, of which the program is told.
func (p *Terminal) Resize(width, height int) {
	p.t.Helper()
	p.mu.Lock()
	if width != p.screen.Width {
		p.screen.Resize(width)
	}
	p.mu.Unlock()
	size := [4]uint16{uint16(height), uint16(width)}
	ioctl(p.t, p.master, syscall.TIOCSWINSZ, unsafe.Pointer(&size))
}

// Press presses keys.
func (p *Terminal) Press(keys string) {
	p.t.Helper()
	if _, err := p.master.WriteString(keys); err != nil {
		p.t.Fatal(err)
	}
}

// See waits until the end of all that was on the screen is a text.
func (p *Terminal) See(want string) {
	p.t.Helper()
	got := ""
	for range 12000 {
		p.mu.Lock()
		got = p.screen.Text()
		p.mu.Unlock()
		if strings.HasSuffix(got, want) {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	p.t.Fatalf("the screen is\n%s\nit should end in\n%s", got, want)
}

// Unknown lists the sequences that the screen didn't understand.
func (p *Terminal) Unknown() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.screen.Unknown
}

// Hangup closes the terminal under the program.
func (p *Terminal) Hangup() { p.master.Close() }
