package jupyter

import (
	"encoding/json"
	"errors"
	"strings"
	"sync"
)

// commParents knows which request a comm message of the kernel belongs to: the
// comm message that is being handled; else the cell that runs, which the Kernel
// knows; else the request that was last. It holds headers.
type commParents struct {
	mu       sync.Mutex
	handling json.RawMessage // nil between comm messages
	last     json.RawMessage
}

// enter makes a request the current one until leave.
func (p *commParents) enter(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handling, p.last = r.msg.RawHeader, r.msg.RawHeader
}

func (p *commParents) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.handling = nil
}

// ran remembers a cell that has ended.
func (p *commParents) ran(r *request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.last = r.msg.RawHeader
}

// current returns the header to bear, given the running cell or nil.
func (p *commParents) current(running *request) json.RawMessage {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.handling != nil:
		return p.handling
	case running != nil:
		return running.msg.RawHeader
	}
	return p.last
}

// comm takes comm_open, comm_msg and comm_close. They have no reply.
func (k *Kernel) comm(r *request) (any, error) {
	var c commContent
	if err := r.read(&c); err != nil {
		return nil, err
	}
	if c.ID == "" {
		return nil, errors.New("malformed " + r.msg.Header.Type + ": no comm_id")
	}
	k.comms.enter(r)
	defer k.comms.leave()
	k.cfg.Backend.Comm(k.ctx, Comm{
		Op: strings.TrimPrefix(r.msg.Header.Type, "comm_"), ID: c.ID, Target: c.Target,
		Data: c.Data, Metadata: r.msg.Metadata, Buffers: r.msg.Buffers,
	})
	return nil, nil
}

// page is the front end as the backend sees it.
type page struct{ k *Kernel }

// Comm publishes a comm message. It never blocks.
func (p page) Comm(c Comm) {
	k := p.k
	k.statusMu.Lock()
	running := k.running
	k.statusMu.Unlock()
	err := k.iopub.broadcast(outgoing{
		kind: "comm_" + c.Op, parent: k.comms.current(running), metadata: c.Metadata,
		content: commContent{c.ID, c.Target, orEmptyObject(c.Data)}, buffers: c.Buffers,
	})
	if err != nil {
		k.log.printf("iopub: %v", err)
	}
}

// Work publishes busy, and idle at the end, about the request that was last.
func (p page) Work() (done func()) {
	k := p.k
	parent := k.comms.current(nil)
	k.statusMu.Lock()
	defer k.statusMu.Unlock()
	k.working = append(k.working, parent)
	k.iopub.status("busy", parent)
	return func() {
		k.statusMu.Lock()
		defer k.statusMu.Unlock()
		k.working = k.working[1:]
		k.iopub.status("idle", parent)
		k.stillBusy()
	}
}

// commInfo lists the open comms, of one target if the request names one.
func (k *Kernel) commInfo(r *request) (any, error) {
	var c struct {
		Target string `json:"target_name"`
	}
	if err := r.read(&c); err != nil {
		return nil, err
	}
	reply := commInfoContent{"ok", map[string]commInfo{}}
	for id, target := range k.cfg.Backend.Comms(k.ctx, c.Target) {
		reply.Comms[id] = commInfo{target}
	}
	return reply, nil
}
