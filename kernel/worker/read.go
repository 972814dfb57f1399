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

// descriptor returns the pipe of a stream; negative once it is closed.
func (p *pump) descriptor(stream int) int {
	if stream == stderr {
		return p.proc.err
	}
	return p.proc.out
}

// settle reads and delivers what the pipes hold at this moment, text and events
// in their order. It takes no more than that: a goroutine that prints for ever
// must not keep us here.
//
// How far the text goes is found out before the events are read. So a frame
// that its goroutine sent before text up to there is among those events.
func (p *pump) settle() {
	var until [len(streamNames)]int64
	for stream := range until {
		until[stream] = p.taken[stream] + int64(held(p.descriptor(stream)))
	}
	p.readEvents()
	for stream := range until {
		p.advance(stream, until[stream])
	}
}

// held returns how many bytes a pipe holds.
func held(fd int) int {
	if fd < 0 {
		return 0
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCINQ)
	if err != nil {
		return 0
	}
	return n
}

// advance delivers a stream's text up to a position. A worker says only
// positions that it has reached; for others this ends where the pipe does.
func (p *pump) advance(stream int, position int64) {
	for p.taken[stream] < position {
		fd := p.descriptor(stream)
		if fd < 0 {
			return
		}
		n := 0
		p.proc.progress.Reading(stream, func() int {
			size := min(position-p.taken[stream], int64(len(p.buf)))
			n, _ = unix.Read(fd, p.buf[:size]) // an error is for closeEnded
			n = max(n, 0)
			return n
		})
		if n == 0 {
			return
		}
		p.taken[stream] += int64(n)
		p.take(stream, p.buf[:n])
	}
}

// take accepts bytes of a stream, however they came.
func (p *pump) take(stream int, data []byte) {
	if stream == stderr {
		data = p.words.write(data)
	}
	p.text.write(stream, data)
}

// closeEnded closes the pipes that have no writer any more and are empty.
func (p *pump) closeEnded(fds []unix.PollFd) {
	const ended = unix.POLLHUP | unix.POLLERR | unix.POLLNVAL
	for i, fd := range []*int{1: &p.proc.event, 2: &p.proc.out, 3: &p.proc.err} {
		if i == 0 || *fd < 0 || fds[i].Revents&ended == 0 || held(*fd) > 0 {
			continue
		}
		if i == 1 {
			p.eventsEnded()
			continue
		}
		unix.Close(*fd)
		*fd = -1
	}
}

// mend waits a little for the rest of an incomplete rune.
func (p *pump) mend(stream int) {
	deadline := time.Now().Add(mendFor)
	for p.text.broken(stream) && p.status == nil {
		fd := p.descriptor(stream)
		left := time.Until(deadline)
		if fd < 0 || left <= 0 {
			return
		}
		fds := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		if n, err := unix.Poll(fds, int(left/time.Millisecond)+1); err != nil && err != unix.EINTR || n == 0 {
			return
		}
		p.advance(stream, p.taken[stream]+1) // no more: the next text is not this cell's
	}
}

// readEvents handles the frames that the event pipe holds at this moment.
func (p *pump) readEvents() {
	for left := held(p.proc.event); left > 0; {
		n, err := unix.Read(p.proc.event, p.buf[:min(left, len(p.buf))])
		if err == unix.EINTR {
			continue
		}
		if n <= 0 {
			return
		}
		left -= n
		p.dec.Feed(p.buf[:n])
		for {
			f, ok, err := p.dec.Next()
			if err == nil && !ok {
				break
			}
			if err == nil {
				err = p.event(f)
			}
			if err != nil {
				p.fault(fmt.Errorf("event from the worker: %w", err))
				return
			}
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

// event handles one frame, after the text that stands before it.
func (p *pump) event(f frame.Frame) error {
	p.advance(stdout, f.At.Out)
	p.advance(stderr, f.At.Err)
	switch f.Kind {
	case frame.KindHello:
		return p.hello(f.Payload)
	case frame.KindDisplay:
		return p.display(f.Payload)
	case frame.KindText:
		var t frame.Text
		if err := frame.Unmarshal(f.Payload, &t); err != nil {
			return err
		}
		stream := stdout
		if t.Name == streamNames[stderr] {
			stream = stderr
		}
		p.take(stream, t.Data)
		return nil
	case frame.KindPanic:
		var g guard.Panic
		if err := frame.Unmarshal(f.Payload, &g); err != nil {
			return err
		}
		p.text.flush()
		p.sink().Panic(&g)
		return nil
	case frame.KindDone:
		return p.done(f.Payload)
	case frame.KindStatus:
		return p.told(f.Payload)
	case frame.KindQuestion:
		return p.question(f.Payload)
	case frame.KindCommOut:
		return p.commOut(f.Payload)
	case frame.KindWant:
		var m frame.Want
		if err := frame.Unmarshal(f.Payload, &m); err != nil {
			return err
		}
		p.w.opts.Want(m.Callback)
		return nil
	}
	return fmt.Errorf("unknown kind %d", f.Kind)
}

// hello takes the worker's first message.
func (p *pump) hello(payload []byte) error {
	var h frame.Hello
	if err := frame.Unmarshal(payload, &h); err != nil {
		return err
	}
	if p.greeted {
		return fmt.Errorf("a second hello")
	}
	p.greeted = true
	p.w.hello <- h
	return nil
}

// display delivers a display event; the cell's result goes into its reply.
func (p *pump) display(payload []byte) error {
	var e display.Event
	if err := frame.Unmarshal(payload, &e); err != nil {
		return err
	}
	p.text.flush()
	if e.Op == display.OpResult && p.call != nil {
		p.call.reply.Value = &e.Bundle
		return nil
	}
	p.sink().Display(e)
	return nil
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
	p.complete(&d, nil)
	return nil
}
