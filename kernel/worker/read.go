package worker

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

// mendFor is how long the rest of a rune may take when a cell ends in the
// middle of one: another goroutine's write that the pipe cut in two.
const mendFor = 20 * time.Millisecond

// read reads once from a stream, at most max bytes, without blocking, and
// returns how many it got.
func (p *pump) read(stream, max int) int {
	fd := &p.proc.out
	if stream == stderr {
		fd = &p.proc.err
	}
	if *fd < 0 {
		return 0
	}
	n, err := unix.Read(*fd, p.buf[:min(max, len(p.buf))])
	if n > 0 {
		p.take(stream, p.buf[:n])
		return n
	}
	if err == unix.EAGAIN || err == unix.EINTR {
		return 0
	}
	// All writers closed it, or it failed: there is no more to come.
	unix.Close(*fd)
	*fd = -1
	return 0
}

// take accepts bytes of a stream, however they came.
func (p *pump) take(stream int, data []byte) {
	if stream == stderr {
		p.words.write(data)
	}
	p.text.write(stream, data)
}

// drain reads what both pipes hold at this moment, and no more: a goroutine
// that prints for ever must not keep us here.
func (p *pump) drain() {
	for stream, fd := range []int{stdout: p.proc.out, stderr: p.proc.err} {
		if fd < 0 {
			continue
		}
		held, err := unix.IoctlGetInt(fd, unix.TIOCINQ)
		if err != nil {
			continue
		}
		for held > 0 {
			n := p.read(stream, held)
			if n == 0 {
				break
			}
			held -= n
		}
	}
}

// mend waits a little for the rest of an incomplete rune.
func (p *pump) mend(stream int) {
	deadline := time.Now().Add(mendFor)
	for p.text.broken(stream) && p.status == nil {
		fd := p.proc.out
		if stream == stderr {
			fd = p.proc.err
		}
		left := time.Until(deadline)
		if fd < 0 || left <= 0 {
			return
		}
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if n, err := unix.Poll(fds, int(left/time.Millisecond)+1); err != nil && err != unix.EINTR || n == 0 {
			return
		}
		p.read(stream, 1) // one byte: the next text is not this cell's
	}
}

// readEvents reads once from the event pipe and handles the frames that are
// complete. It returns false when there is nothing more at the moment.
func (p *pump) readEvents() bool {
	n, err := unix.Read(p.proc.event, p.buf)
	if err == unix.EINTR {
		return true
	}
	if err == unix.EAGAIN {
		return false
	}
	if n <= 0 {
		p.eventsEnded()
		return false
	}
	p.dec.Feed(p.buf[:n])
	for {
		kind, payload, ok, err := p.dec.Next()
		if err == nil && !ok {
			return true
		}
		if err == nil {
			err = p.event(kind, payload)
		}
		if err != nil {
			p.fault(fmt.Errorf("event from the worker: %w", err))
			return false
		}
	}
}

// eventsEnded handles the end of the event pipe. It comes with the end of the
// process; a process that lives on without it was replaced or tampered with,
// and can't answer any more.
func (p *pump) eventsEnded() {
	unix.Close(p.proc.event)
	p.proc.event = -1
	if p.status != nil {
		return
	}
	const grace = 2 * time.Second
	w := p.w
	p.grace = time.AfterFunc(grace, func() {
		if w.Alive() {
			w.end(&Died{Reason: Protocol, Message: "it closed its connection to the kernel"})
		}
	})
}

// event handles one frame.
func (p *pump) event(kind frame.Kind, payload []byte) error {
	switch kind {
	case frame.KindHello:
		var h frame.Hello
		if err := frame.Unmarshal(payload, &h); err != nil {
			return err
		}
		select {
		case p.w.hello <- h:
		default:
			return fmt.Errorf("a second hello")
		}
	case frame.KindDisplay:
		var d frame.Display
		if err := frame.Unmarshal(payload, &d); err != nil {
			return err
		}
		p.display(d)
	case frame.KindText:
		var t frame.Text
		if err := frame.Unmarshal(payload, &t); err != nil {
			return err
		}
		p.drain()
		stream := stdout
		if t.Name == streamNames[stderr] {
			stream = stderr
		}
		p.take(stream, t.Data)
		_ = p.send(frame.KindAck, frame.Ack{Seq: t.Seq})
	case frame.KindPanic:
		var g guard.Panic
		if err := frame.Unmarshal(payload, &g); err != nil {
			return err
		}
		p.drain()
		p.text.flush()
		p.sink().Panic(&g)
	case frame.KindDone:
		return p.done(payload)
	case frame.KindStatus:
		return p.told(payload)
	default:
		return fmt.Errorf("unknown kind %d", kind)
	}
	return nil
}

// display delivers a display event after the text that was written before it.
func (p *pump) display(d frame.Display) {
	p.drain()
	p.text.flush()
	if d.Event.Op == display.OpResult && p.call != nil {
		p.call.reply.Value = &d.Event.Bundle
	} else {
		p.sink().Display(d.Event)
	}
	// Fails when the process is gone, which exited will say.
	_ = p.send(frame.KindAck, frame.Ack{Seq: d.Seq})
}

// done ends the call in progress.
func (p *pump) done(payload []byte) error {
	var d frame.Done
	if err := frame.Unmarshal(payload, &d); err != nil {
		return err
	}
	if p.call == nil || p.call.Cell != d.Cell {
		return fmt.Errorf("done with cell %d, which is not running", d.Cell)
	}
	p.drain()
	p.complete(&d, nil)
	return nil
}
