package worker

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"hpgo/kernel/worker/frame"
)

// call is a call in progress.
type call struct {
	Call
	sink   Sink
	reply  Reply
	result chan result // buffered; gets exactly one
}

// result is what a call returns.
type result struct {
	reply Reply
	err   error
}

// pump reads everything a worker writes and delivers it in order. All its
// methods run on one goroutine.
type pump struct {
	w         *Worker
	proc      *process
	dec       frame.Decoder
	text      output
	words     lastWords
	buf       []byte
	taken     [len(streamNames)]int64 // bytes read of each stream
	call      *call                   // nil between calls
	between   background
	greeted   bool // the hello came
	oomBefore int64
	asked     []chan frame.Status
	comms     []string    // ids of the open comms of the worker, in their order
	blind     bool        // the user knows that standard input can't be fed
	grace     *time.Timer // runs when the worker closed its event pipe

	status *syscall.WaitStatus // set when the process has ended
	over   bool                // died is set, everything was delivered
}

func newPump(w *Worker, oomBefore int64) *pump {
	p := &pump{w: w, proc: w.proc, buf: make([]byte, 256<<10), oomBefore: oomBefore}
	p.between.sinkOrNil = w.opts.Background
	p.text.emit = func(name, text string) {
		p.sink().Stream(name, text)
		if !strings.HasSuffix(text, "\n") {
			p.proc.stdin.Hint()
		}
	}
	p.text.limit = p.between.limit(w.opts.OutputLimit)
	return p
}

// loop runs until the process has ended.
func (p *pump) loop() {
	for p.status == nil {
		p.poll()
	}
	p.finish()
}

// poll waits for something to read and reads it.
func (p *pump) poll() {
	fds := []unix.PollFd{
		{Fd: int32(p.w.wake), Events: unix.POLLIN},
		{Fd: int32(p.proc.event), Events: unix.POLLIN},
		{Fd: int32(p.proc.out), Events: unix.POLLIN},
		{Fd: int32(p.proc.err), Events: unix.POLLIN},
	}
	timeout := -1
	now := time.Now()
	for _, due := range []time.Duration{p.text.due(now), p.words.due(now)} {
		if ms := int((due + time.Millisecond - 1) / time.Millisecond); due >= 0 && (timeout < 0 || ms < timeout) {
			timeout = ms
		}
	}
	n, err := unix.Poll(fds, timeout)
	if err != nil && err != unix.EINTR {
		p.fault(fmt.Errorf("poll: %w", err))
		return
	}
	if n > 0 {
		p.settle()
		if fds[0].Revents != 0 {
			p.work()
		}
		p.closeEnded(fds)
	}
	now = time.Now()
	if p.words.due(now) == 0 {
		p.text.write(stderr, p.words.release())
	}
	if p.text.due(now) == 0 {
		p.text.flush()
	}
}

// work does what other goroutines posted.
func (p *pump) work() {
	var count [8]byte
	_, _ = unix.Read(p.w.wake, count[:]) // resets the counter
	p.w.mu.Lock()
	posted := p.w.posted
	p.w.posted = nil
	p.w.mu.Unlock()
	for _, do := range posted {
		do(p)
	}
}

// begin starts a call.
func (p *pump) begin(c *call) {
	if p.over {
		c.result <- result{err: p.w.died}
		return
	}
	p.settle() // belongs to what ran before
	p.text.write(stderr, p.words.release())
	p.text.end()
	p.words.forget()
	p.call = c
	p.text.limit = p.w.opts.OutputLimit
	p.between.deliver(c.sink)
	if err := p.send(frame.KindCall, c.Call); err != nil {
		if errors.Is(err, frame.ErrTooLong) {
			p.complete(nil, fmt.Errorf("call cell %d: %w", c.Cell, err))
		}
		// Otherwise the process is gone, and exited comes next.
	}
}

// complete ends the call in progress; everything before was drained.
func (p *pump) complete(done *frame.Done, err error) {
	c := p.call
	p.text.write(stderr, p.words.release())
	for stream := range streamNames {
		p.mend(stream)
	}
	c.reply.Dropped = p.text.end()
	c.reply.Truncated = c.reply.Dropped > 0
	p.call = nil
	p.text.limit = p.between.limit(p.w.opts.OutputLimit)
	if done != nil {
		c.reply.Panic, c.reply.Interrupted, c.reply.Goexit, c.reply.Dir = done.Panic, done.Interrupted, done.Goexit, done.Dir
		c.reply.LoadTime, c.reply.RunTime = done.LoadTime, done.RunTime
		c.reply.Cost, c.reply.Flight, c.reply.Left = done.Cost, done.Flight, done.Left
		if done.LoadError != "" {
			err = &LoadError{Object: c.Object, Message: done.LoadError}
		}
	}
	c.result <- result{reply: c.reply, err: err}
}

// sink returns where output goes now.
func (p *pump) sink() Sink {
	if p.call != nil {
		return p.call.sink
	}
	return &p.between
}

// send writes a frame to the worker.
func (p *pump) send(kind frame.Kind, message any) error {
	data, err := frame.Encode(kind, message)
	if err != nil {
		return err
	}
	if _, err := p.proc.request.Write(data); err != nil {
		return fmt.Errorf("write to the worker: %w", err)
	}
	return nil
}

// fault ends a worker that sent what we don't understand.
func (p *pump) fault(err error) {
	p.w.end(&Died{Reason: Protocol, Message: err.Error(), cause: err})
	if p.proc.event >= 0 {
		unix.Close(p.proc.event)
		p.proc.event = -1
	}
}

// exited takes the status of the ended process; the loop then finishes.
func (p *pump) exited(status syscall.WaitStatus) { p.status = &status }

// finish delivers what an ended process left in its pipes, and says to all who
// wait that it is gone.
func (p *pump) finish() {
	p.settle()
	p.proc.closePipes()
	if p.grace != nil {
		p.grace.Stop()
	}
	w := p.w
	w.mu.Lock()
	cause := w.cause
	w.stopped = true
	posted := w.posted
	w.posted = nil
	unix.Close(w.wake)
	w.mu.Unlock()

	e := ending{status: *p.status, cause: cause, words: &p.words}
	e.oom = e.status.Signaled() && oomKills() > p.oomBefore
	w.died = e.died()
	p.over = true
	if w.died.Withheld {
		p.words.release()
	}
	p.text.write(stderr, p.words.release())
	w.opts.Log.Debug("worker died", "pid", w.PID(), "reason", w.died.Reason, "message", w.died.Message)
	if p.call != nil {
		p.complete(nil, w.died)
	} else {
		p.text.end()
	}
	p.closeComms()
	for _, do := range posted {
		do(p)
	}
	for _, ask := range p.asked {
		close(ask)
	}
}
