package child

import (
	"fmt"
	"os"
	"sync"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
)

// conn is the pair of pipes to the kernel.
type conn struct {
	in  *os.File
	out *os.File

	writing sync.Mutex // held while one frame is written

	turn  sync.Mutex // held from an exchange's frame to its ack
	seq   uint64
	acked chan uint64
}

// send writes one frame. A kernel that is gone is noticed by the reader, which
// ends the process, so a failed write is no news.
func (c *conn) send(kind frame.Kind, message any) error {
	data, err := frame.Encode(kind, message)
	if err != nil {
		return err
	}
	return c.write(data)
}

func (c *conn) write(data []byte) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if _, err := c.out.Write(data); err != nil {
		return fmt.Errorf("write to the kernel: %w", err)
	}
	return nil
}

// exchange sends a message that carries a sequence number and waits until the
// kernel has delivered it.
func (c *conn) exchange(kind frame.Kind, message func(seq uint64) any) error {
	c.turn.Lock()
	defer c.turn.Unlock()
	c.seq++
	data, err := frame.Encode(kind, message(c.seq))
	if err != nil {
		return err
	}
	if err := c.write(data); err != nil {
		return err
	}
	for seq := range c.acked {
		if seq == c.seq {
			break
		}
	}
	return nil
}

// display is the transport of package display.
func (c *conn) display(e display.Event) error {
	return c.exchange(frame.KindDisplay, func(seq uint64) any { return frame.Display{Seq: seq, Event: e} })
}

// exactLines is how many lines of the default logger per cell take the exact
// but slower way through the kernel. A program that logs more wants speed.
const exactLines = 1000

// logText is the default logger's output. The logger's lock serialises Write.
type logText struct {
	conn *conn
	mu   sync.Mutex
	left int
}

// Write delivers a line in its exact place while the cell's allowance lasts,
// then straight to stderr, which is still in order with itself.
func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	exact := l.left > 0
	if exact {
		l.left--
	}
	l.mu.Unlock()
	if !exact {
		return os.Stderr.Write(p)
	}
	err := l.conn.exchange(frame.KindText, func(seq uint64) any {
		return frame.Text{Seq: seq, Name: "stderr", Data: p}
	})
	if err != nil {
		return os.Stderr.Write(p)
	}
	return len(p), nil
}

// renew gives a new cell its allowance.
func (l *logText) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.left = exactLines
}
