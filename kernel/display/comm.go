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

// comms are the open comms of this process and the way to the page.
type comms struct {
	mu   sync.Mutex
	send func(Comm) error // nil: there is no page
	open map[string]func(Comm)
}

var processComms comms

// SetComms directs comm messages to send; without it there are no comms. The
// worker calls it before user code runs.
func SetComms(send func(Comm) error) {
	processComms.mu.Lock()
	defer processComms.mu.Unlock()
	processComms.send, processComms.open = send, map[string]func(Comm){}
}

// Receive takes a comm message of the page. The worker calls it, one message at
// a time, also while a cell runs.
func Receive(c Comm) {
	processComms.mu.Lock()
	receive := processComms.open[c.ID]
	if c.Op == CommClose {
		delete(processComms.open, c.ID)
	}
	processComms.mu.Unlock()
	if receive != nil {
		receive(c)
	}
}

// errNoPage says that comms lead nowhere.
var errNoPage = errors.New("no page is connected")

// emit sends a message and remembers who receives on a comm that it opens.
func (p *comms) emit(c Comm, receive func(Comm)) error {
	p.mu.Lock()
	send := p.send
	switch {
	case send == nil:
	case c.Op == CommOpen:
		p.open[c.ID] = receive
	case c.Op == CommClose:
		delete(p.open, c.ID)
	}
	p.mu.Unlock()
	if send == nil {
		return errNoPage
	}
	return send(c)
}
