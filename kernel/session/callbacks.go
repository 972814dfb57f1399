package session

import (
	"context"
	"strings"
	"sync"

	"hpgo/kernel/worker"
)

// callbacks has the worker run the callbacks of widgets, one widget at a time and
// only while no cell runs.
//
// Goroutine: want starts one when there is something to call; it blocks on the
// session's run lock and in the worker, and ends when nothing waits any more, or
// with close.
type callbacks struct {
	mu      sync.Mutex
	waiting []string // ids of widgets
	working bool     // the goroutine is there
	stop    context.CancelCauseFunc
	closed  bool
}

// want queues a call; the worker asks for no second one until this one has begun.
func (s *Session) want(id string) {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	if s.calls.closed {
		return
	}
	s.calls.waiting = append(s.calls.waiting, id)
	if !s.calls.working {
		s.calls.working = true
		go s.runCallbacks()
	}
}

// next takes a widget from the queue; false ends the goroutine.
func (c *callbacks) next() (id string, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 || c.closed {
		c.working = false
		return "", false
	}
	id = c.waiting[0]
	c.waiting = c.waiting[1:]
	return id, true
}

// begin makes a callback's context, which close ends.
func (c *callbacks) begin() (context.Context, context.CancelCauseFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stop = cancel
	if c.closed {
		cancel(nil)
	}
	return ctx, cancel
}

func (c *callbacks) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if c.stop != nil {
		c.stop(nil)
	}
}

func (s *Session) runCallbacks() {
	for {
		id, ok := s.calls.next()
		if !ok {
			return
		}
		s.run.Lock()
		s.callBack(id)
		s.run.Unlock()
	}
}

// callBack runs the callbacks of a widget. What they print and show goes where
// the widget's cell did; the caller holds run.
func (s *Session) callBack(id string) {
	s.mu.Lock()
	w := s.worker
	from := s.origins[id]
	s.mu.Unlock()
	if w == nil || !s.widgets.IsOpen(id) {
		return
	}
	if from.sink == nil {
		from.sink = discard{}
	}
	defer s.opt.Callback()()
	ctx, cancel := s.calls.begin()
	defer cancel(nil)
	ctx, end := s.attend(ctx) // Interrupt stops a callback as it does a cell
	defer end()
	defer s.setCurrent(from)()
	sink := &callSink{sink: unasked{from.sink}, session: s}
	reply, err := s.callCell(ctx, worker.Call{Cell: from.cell, Callback: id}, sink)
	sink.finish()
	if reply.Dir != "" {
		s.mu.Lock()
		s.dir = reply.Dir
		s.mu.Unlock()
	}
	var fail *Error
	switch {
	case err != nil:
		fail = s.callError(ctx, nil, err)
	case reply.Interrupted != nil:
		fail = s.stoppedError(ctx, 0, from.cell, reply.Interrupted, nil)
	case reply.Panic != nil:
		fail = s.panicError(reply.Panic)
	default:
		return
	}
	if s.widgets.IsArea(id) {
		s.toPage(s.widgets.Fail(id, fail.Name, fail.Value, fail.Traceback))
		return
	}
	from.sink.Stream("stderr", strings.Join(fail.Traceback, "\n")+"\n")
}

// setCurrent makes a cell, or the cell of a callback, the one that widgets made
// now come from, until the returned function is called.
func (s *Session) setCurrent(o origin) (undo func()) {
	s.last.Store(&o)
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.current
	s.current = o
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.current = before
	}
}
