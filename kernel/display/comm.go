package display

import (
	"encoding/json"
	"errors"
	"sync"
)

// Comm is one message of a comm, a channel between an object here and one in
// the page. Either side may open one.
type Comm struct {
	Op       string          `json:"op"` // CommOpen, CommMsg or CommClose
	ID       string          `json:"id"`
	Target   string          `json:"target,omitempty"` // of CommOpen: what the other side is to make
	Data     json.RawMessage `json:"data,omitempty"`   // an object
	Metadata json.RawMessage `json:"metadata,omitempty"`
	Buffers  [][]byte        `json:"buffers,omitempty"` // binary data that belongs to Data
}

// What a Comm does.
const (
	CommOpen  = "open"
	CommMsg   = "msg"
	CommClose = "close"
)

// comms are the open comms of this process, which are all of widgets, and the
// way to the page.
type comms struct {
	mu   sync.Mutex
	send func(Comm) error // nil: there is no page
	call func(id string)
	open map[string]*widget
}

var processComms comms

// SetComms directs comm messages to send; without it there are no comms. call
// has the callbacks of a widget called: RunCallbacks with its id, when nothing
// else runs. It must not block. The worker calls SetComms before user code runs.
func SetComms(send func(Comm) error, call func(id string)) {
	processComms.mu.Lock()
	defer processComms.mu.Unlock()
	processComms.send, processComms.call, processComms.open = send, call, map[string]*widget{}
}

// Receive takes a comm message of the page. The worker calls it, one message at
// a time, also while a cell runs. It doesn't block.
func Receive(c Comm) {
	if w := processComms.widget(c.ID); w != nil {
		w.receive(c)
	}
}

// RunCallbacks calls what waits for a change of a widget, with its newest value.
// The worker calls it when no cell runs.
func RunCallbacks(id string) {
	if w := processComms.widget(id); w != nil {
		w.runCallbacks()
	}
}

func (p *comms) widget(id string) *widget {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open[id]
}

func (p *comms) connected() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.send != nil
}

// errNoPage says that comms lead nowhere.
var errNoPage = errors.New("no page is connected")

// emit sends a message of a widget.
func (p *comms) emit(c Comm, w *widget) error {
	p.mu.Lock()
	send := p.send
	switch {
	case send == nil:
	case c.Op == CommOpen:
		p.open[c.ID] = w
	case c.Op == CommClose:
		delete(p.open, c.ID)
	}
	p.mu.Unlock()
	if send == nil {
		return errNoPage
	}
	return send(c)
}

// want asks for a call of RunCallbacks.
func (p *comms) want(id string) {
	p.mu.Lock()
	call := p.call
	p.mu.Unlock()
	if call != nil {
		call(id)
	}
}

// flush sends the changes that widgets hold back.
func (p *comms) flush() {
	p.mu.Lock()
	open := make([]*widget, 0, len(p.open))
	for _, w := range p.open {
		open = append(open, w)
	}
	p.mu.Unlock()
	for _, w := range open {
		w.flush()
	}
}
