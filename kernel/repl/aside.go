package repl

import (
	"bytes"
	"io"
	"sync"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// Aside takes what goroutines of earlier cells write between two cells, until
// the console shows it above the input. Its methods may be called from any
// goroutine.
type Aside struct {
	mu      sync.Mutex
	waiting []func(session.Sink)
	more    func() // called with the lock when something comes; nil: nobody looks
}

var _ session.Sink = (*Aside)(nil)

// maxWaiting bounds what waits; then the oldest is given up.
const maxWaiting = 10_000

// Stream implements session.Sink.
func (a *Aside) Stream(name, text string) { a.put(func(s session.Sink) { s.Stream(name, text) }) }

// Display implements session.Sink.
func (a *Aside) Display(e display.Event) { a.put(func(s session.Sink) { s.Display(e) }) }

func (a *Aside) put(give func(session.Sink)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.waiting) >= maxWaiting {
		a.waiting = a.waiting[1:]
	}
	a.waiting = append(a.waiting, give)
	if a.more != nil {
		a.more()
	}
}

// watch calls more when something comes, or waits already; with nil nobody is
// called any more.
func (a *Aside) watch(more func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.more = more
	if more != nil && len(a.waiting) > 0 {
		more()
	}
}

// take returns what waits.
func (a *Aside) take() []func(session.Sink) {
	a.mu.Lock()
	defer a.mu.Unlock()
	waiting := a.waiting
	a.waiting = nil
	return waiting
}

// above writes what waits on a sheet whose end is where the input begins; clear
// takes the input away.
func (a *Aside) above(s *sheet, clear func()) {
	waiting := a.take()
	if len(waiting) == 0 {
		return
	}
	clear()
	s.resume()
	for _, give := range waiting {
		give(s)
	}
	s.finish()
	s.interrupt()
}

// rawWriter writes to a terminal that is raw: there a newline only goes down.
type rawWriter struct{ w io.Writer }

// Write implements io.Writer.
func (r rawWriter) Write(b []byte) (int, error) {
	if _, err := r.w.Write(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))); err != nil {
		return 0, err
	}
	return len(b), nil
}

// asRaw is the paper of a raw terminal.
func (p paper) asRaw() paper {
	p.out = rawWriter{p.out}
	if p.together {
		p.err = rawWriter{p.err}
	}
	return p
}
