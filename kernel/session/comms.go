package session

import (
	"context"
	"sync"

	"hpgo/kernel/display"
)

// commEnd is what in the kernel is at the other end of a comm. It must not
// block.
type commEnd func(context.Context, display.Comm)

// comms is the table of a session's open comms. Comms that the worker opens are
// the worker's; targets says who gets those that the page opens.
type comms struct {
	toPage  func(display.Comm) // nil: nobody listens
	targets map[string]commEnd

	mu   sync.Mutex
	open map[string]openComm // by id
	hush bool                // the session ends: the page knows
}

// openComm is one entry.
type openComm struct {
	target string
	end    commEnd
	ours   bool // opened by the kernel's side
}

// fromKernel sends a message of this side to the page; end gets what the page
// sends on a comm that the message opens.
func (t *comms) fromKernel(c display.Comm, end commEnd) {
	t.mu.Lock()
	_, open := t.open[c.ID]
	switch c.Op {
	case display.CommOpen:
		t.open[c.ID], open = openComm{c.Target, end, true}, true
	case display.CommClose:
		delete(t.open, c.ID)
	}
	silent := !open || t.hush || t.toPage == nil
	t.mu.Unlock()
	if !silent {
		t.toPage(c)
	}
}

// fromPage takes a message of the page. One to nobody is answered by a close.
//
// A comm that this side opened is not the page's to close: a front end that
// can't show widgets answers their opening so, and another one may show them.
func (t *comms) fromPage(ctx context.Context, c display.Comm) {
	t.mu.Lock()
	o, known := t.open[c.ID]
	switch {
	case c.Op == display.CommOpen:
		if o.end = t.targets[c.Target]; o.end != nil {
			t.open[c.ID] = openComm{c.Target, o.end, false}
		}
	case c.Op == display.CommClose && o.ours:
		o.end, known = nil, true
	case c.Op == display.CommClose:
		delete(t.open, c.ID)
	}
	t.mu.Unlock()
	switch {
	case o.end != nil:
		o.end(ctx, c)
	case c.Op == display.CommClose || known:
	case t.toPage != nil:
		t.toPage(display.Comm{Op: display.CommClose, ID: c.ID})
	}
}

// close keeps what the session's end closes from the page.
func (t *comms) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.hush = true
}

// Comm takes a comm message of the front end, also while a cell runs. Messages
// that belong together come one after the other.
func (s *Session) Comm(ctx context.Context, c display.Comm) { s.comms.fromPage(ctx, c) }

// Comms lists the open comms, the target by the comm's id: those of one target,
// or all if it is empty.
func (s *Session) Comms(target string) map[string]string {
	s.comms.mu.Lock()
	defer s.comms.mu.Unlock()
	found := map[string]string{}
	for id, o := range s.comms.open {
		if target == "" || o.target == target {
			found[id] = o.target
		}
	}
	return found
}
