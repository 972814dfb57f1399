package gonb

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/janpfeifer/gonb/gonbui/protocol"

	"hpgo/kernel/display"
)

// Target is the name under which the page's script opens its comm.
const Target = "gonb_comm"

// Addresses that the script and the kernel keep for themselves; the first three
// are those of gonb.
const (
	openedAddress = "#comm_open_ack"
	pingAddress   = "#heartbeat/ping"
	pongAddress   = "#heartbeat/pong"
	readAddress   = "#read" // asks for the value at an address
)

const (
	// pageWait is how long a program waits for the page to connect.
	pageWait = 5 * time.Second
	// pongWait is how long the page may take to answer when it was silent for
	// silentFor: it may have been loaded anew, which ends its scripts.
	pongWait  = 2 * time.Second
	silentFor = time.Second
)

// Page is the browser's end: what was shown, and the connection to the script
// that offers globalThis.gonb_comm. There is one for a session, whatever
// programs come and go.
type Page struct {
	toPage func(display.Comm) // nil: no front end takes comms
	script func() string      // HTML that opens the comm

	opens atomic.Int64 // how often the page has connected

	mu       sync.Mutex
	shown    map[string]bool // display identifiers
	programs map[*Program]bool
	comm     string        // the open comm, "" without one
	offered  string        // the comm that the page has opened but not yet spoken on
	opened   chan struct{} // closed when the comm is open
	ponged   chan struct{} // closed when the page answered a ping; nil: none was sent
	heard    time.Time     // when the page last said something
	missing  bool          // it was waited for in vain
}

// ErrNoPage says that no browser answers.
var ErrNoPage = errors.New("no browser page answers: gonb's widgets, comms and dom need a notebook that is open in a browser and runs scripts, such as JupyterLab's")

// NewPage returns a page that isn't connected. toPage sends a comm message to the
// front end; script returns HTML that opens a comm to Target.
func NewPage(toPage func(display.Comm), script func() string) *Page {
	return &Page{toPage: toPage, script: script, shown: map[string]bool{}, programs: map[*Program]bool{}, opened: make(chan struct{})}
}

// seen notes a display identifier and reports whether it was shown before.
func (p *Page) seen(id string) bool {
	if id == "" {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	before := p.shown[id]
	p.shown[id] = true
	return before
}

func (p *Page) join(prog *Program) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.programs[prog] = true
}

func (p *Page) leave(prog *Program) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.programs, prog)
}

// Start connects to the page unless that is done: it shows the script and waits
// for its comm. A page that didn't come once is not waited for again until
// somebody asks for it.
func (p *Page) Start(ctx context.Context, show func(display.Event), again bool) error {
	if p.toPage == nil {
		return ErrNoPage
	}
	if p.Alive(ctx) {
		return nil
	}
	p.mu.Lock()
	if p.missing && !again {
		p.mu.Unlock()
		return ErrNoPage
	}
	id, opened := "gonb_comm_"+rand.Text(), p.opened
	p.mu.Unlock()
	show(scriptEvent(display.OpDisplay, id, p.script()))
	defer show(scriptEvent(display.OpUpdate, id, "")) // so that it isn't saved
	timer := time.NewTimer(pageWait)
	defer timer.Stop()
	select {
	case <-opened:
		return nil
	case <-timer.C:
	case <-ctx.Done():
		return ctx.Err()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.missing = true
	return ErrNoPage
}

// Alive reports whether the page is connected and answers.
func (p *Page) Alive(ctx context.Context) bool {
	p.mu.Lock()
	comm := p.comm
	fresh := time.Since(p.heard) < silentFor
	if comm == "" || fresh {
		p.mu.Unlock()
		return comm != ""
	}
	if p.ponged == nil {
		p.ponged = make(chan struct{})
	}
	ponged := p.ponged
	p.mu.Unlock()
	p.say(comm, pingAddress, true)
	select {
	case <-ponged:
		return true
	case <-time.After(pongWait):
	case <-ctx.Done():
	}
	p.closed(comm)
	return false
}

// post sends a value to the page.
func (p *Page) post(v protocol.CommValue) {
	p.mu.Lock()
	comm := p.comm
	p.mu.Unlock()
	switch {
	case comm == "":
	case v.Request:
		p.say(comm, readAddress, v.Address)
	default:
		p.say(comm, v.Address, v.Value)
	}
}

// note is the data of a comm message.
type note struct {
	Address string `json:"address"`
	Value   any    `json:"value"`
}

// say sends a value on a comm. Values of gonbui are strings, numbers, and lists
// and maps of them, so only a number that is none in JSON can fail.
func (p *Page) say(comm, address string, value any) {
	data, err := json.Marshal(note{address, value})
	if err != nil {
		data, _ = json.Marshal(note{address, fmt.Sprint(value)})
	}
	p.toPage(display.Comm{Op: display.CommMsg, ID: comm, Data: data})
}

// Comm takes a message of the page on a comm to Target. It doesn't block.
func (p *Page) Comm(_ context.Context, c display.Comm) {
	switch c.Op {
	case display.CommOpen:
		p.open(c.ID)
	case display.CommClose:
		p.closed(c.ID)
	case display.CommMsg:
		var n note
		if json.Unmarshal(c.Data, &n) == nil { // else it is not of our script
			p.received(c.ID, n)
		}
	}
}

// open answers a comm that the page's script opens, perhaps again. The comm takes
// the place of an older one when the page speaks on it: a page whose connection
// is new may speak before it hears, and would miss what came until then.
func (p *Page) open(id string) {
	p.mu.Lock()
	if id != p.comm {
		p.offered = id
	}
	p.mu.Unlock()
	p.say(id, openedAddress, true)
}

// connected makes a comm the page's. The caller holds mu.
func (p *Page) connected(id string) {
	if id == p.offered {
		p.offered = ""
		p.opens.Add(1)
	}
	p.comm, p.missing = id, false
	select {
	case <-p.opened:
	default:
		close(p.opened)
	}
}

// closed forgets a comm.
func (p *Page) closed(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.offered == id {
		p.offered = ""
	}
	if p.comm == id {
		p.comm, p.ponged, p.opened = "", nil, make(chan struct{})
	}
}

// received takes what the page says, on whatever comm its scripts have opened: a
// notebook may be open in two windows.
func (p *Page) received(id string, n note) {
	p.mu.Lock()
	if id == p.offered || p.comm == "" { // it is new, or was slow to answer
		p.connected(id)
	}
	p.heard = time.Now()
	if p.ponged != nil {
		close(p.ponged) // whatever it says, it lives
		p.ponged = nil
	}
	programs := slices.Collect(maps.Keys(p.programs))
	p.mu.Unlock()
	switch n.Address {
	case pingAddress:
		p.say(id, pongAddress, true)
	case pongAddress, "":
	default:
		for _, prog := range programs {
			prog.deliver(n.Address, n.Value)
		}
	}
}

// start is Start for a program's message.
func (p *Page) start(prog *Program) error { return p.Start(prog.ctx, prog.kernel.Show, false) }

func scriptEvent(op display.Op, id, html string) display.Event {
	return display.Event{Op: op, ID: id, Bundle: display.Bundle{Data: map[string]any{"text/html": html}, Metadata: map[string]any{}}}
}
