package child

import (
	"fmt"
	"os"
	"sync"
	"syscall"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
)

// conn is the connection to the kernel.
type conn struct {
	in  *os.File
	out *os.File

	// Copies of stdout and stderr, which still mean the kernel's pipes when
	// user code has put others in their place.
	stdout, stderr int
	progress       *frame.Progress

	writing sync.Mutex // held while one frame gets its position and is written
}

// open takes over the inherited descriptors.
func open() (*conn, error) {
	c := &conn{
		in:  os.NewFile(frame.RequestFD, "hpgo-request"),
		out: os.NewFile(frame.EventFD, "hpgo-event"),
	}
	syscall.CloseOnExec(frame.RequestFD)
	syscall.CloseOnExec(frame.EventFD)
	page, err := syscall.Mmap(frame.ProgressFD, 0, frame.ProgressSize, syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map the kernel's page: %w", err)
	}
	syscall.Close(frame.ProgressFD)
	c.progress = frame.NewProgress(page)
	for _, fd := range []struct {
		from int
		to   *int
	}{{1, &c.stdout}, {2, &c.stderr}} {
		if *fd.to, err = syscall.Dup(fd.from); err != nil {
			return nil, fmt.Errorf("copy descriptor %d: %w", fd.from, err)
		}
		syscall.CloseOnExec(*fd.to)
	}
	return c, nil
}

// send writes one frame, marked with its place among the text. A kernel that
// is gone is noticed by the reader, which ends the process, so a failed write
// is no news.
func (c *conn) send(kind frame.Kind, message any) error {
	data, err := frame.Encode(kind, message)
	if err != nil {
		return err
	}
	c.writing.Lock()
	defer c.writing.Unlock()
	frame.Place(data, c.progress.Position(c.stdout, c.stderr))
	if _, err := c.out.Write(data); err != nil {
		return fmt.Errorf("write to the kernel: %w", err)
	}
	return nil
}

// display is the transport of package display. What can't be sent, for its size
// or for a value that is no JSON, is said in its place.
func (c *conn) display(e display.Event) error {
	err := c.send(frame.KindDisplay, e)
	if err != nil {
		text := fmt.Sprintf("[hpgo: an output could not be shown: %v]\n", err)
		_ = c.send(frame.KindText, frame.Text{Name: "stderr", Data: []byte(text)})
	}
	return err
}

// comm is the way of comm messages to the page.
func (c *conn) comm(m display.Comm) error { return c.send(frame.KindCommOut, m) }

// want asks for a call of a widget's callbacks. It is called by who reads the
// requests and must not wait for the kernel, which may be writing one.
func (c *conn) want(id string) {
	go func() { _ = c.send(frame.KindWant, frame.Want{Callback: id}) }()
}

// logText is the default logger's output. Its lines go as frames, so that they
// stand in their exact place among stdout and the displays, where user code
// mixes them most.
type logText struct{ conn *conn }

// Write sends a line.
func (l logText) Write(p []byte) (int, error) {
	if err := l.conn.send(frame.KindText, frame.Text{Name: "stderr", Data: p}); err != nil {
		return os.Stderr.Write(p)
	}
	return len(p), nil
}
