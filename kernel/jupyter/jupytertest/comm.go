package jupytertest

import (
	"context"
	"encoding/json"
	"maps"
	"strings"

	"hpgo/kernel/jupyter"
)

// EchoTarget is the target that the fake backend knows: a comm that the page
// opens under it gets back what it sends, buffers included.
const EchoTarget = "echo"

// Connect implements jupyter.Backend.
func (b *Backend) Connect(p jupyter.Page) { b.page, b.comms = p, map[string]string{} }

// Work shows the kernel as busy until the returned function is called.
func (b *Backend) Work() (done func()) { return b.page.Work() }

// Comm implements jupyter.Backend: an echo.
func (b *Backend) Comm(_ context.Context, c jupyter.Comm) {
	b.mu.Lock()
	switch {
	case c.Op == "close":
		delete(b.comms, c.ID)
	case c.Op == "open" && c.Target == EchoTarget:
		b.comms[c.ID] = c.Target
	}
	_, open := b.comms[c.ID]
	b.mu.Unlock()
	switch {
	case c.Op == "close":
	case !open:
		b.page.Comm(jupyter.Comm{Op: "close", ID: c.ID})
	default:
		b.page.Comm(jupyter.Comm{Op: "msg", ID: c.ID, Data: c.Data, Metadata: c.Metadata, Buffers: c.Buffers})
	}
}

// Comms implements jupyter.Backend.
func (b *Backend) Comms(_ context.Context, target string) map[string]string {
	b.mu.Lock()
	defer b.mu.Unlock()
	open := maps.Clone(b.comms)
	maps.DeleteFunc(open, func(_, t string) bool { return target != "" && t != target })
	return open
}

// Tell sends a text on a comm, as the command does.
func (b *Backend) Tell(id, text string) { b.runComm("tell", id+" "+text) }

// runComm is one of the commands about comms.
func (b *Backend) runComm(command, rest string) {
	id, text, _ := strings.Cut(rest, " ")
	c := jupyter.Comm{ID: id}
	b.mu.Lock()
	switch command {
	case "comm":
		c.Op, c.Metadata = "open", json.RawMessage(`{"version":"1"}`)
		c.Target, text, _ = strings.Cut(text, " ")
		b.comms[id] = c.Target
	case "tell":
		c.Op, c.Buffers = "msg", [][]byte{[]byte(text)}
	default:
		c.Op = "close"
		delete(b.comms, id)
	}
	b.mu.Unlock()
	c.Data, _ = json.Marshal(map[string]string{"text": text}) // of strings: can't fail
	b.page.Comm(c)
}
