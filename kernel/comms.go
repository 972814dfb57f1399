package main

import (
	"context"

	"hpgo/kernel/display"
	"hpgo/kernel/jupyter"
)

// Connect implements jupyter.Backend.
func (b *backend) Connect(p jupyter.Page) { b.page.Store(&p) }

// toPage passes a comm message of the session on. No cell runs before the front
// end is connected, so nothing is lost.
func (b *backend) toPage(c display.Comm) {
	if p := b.page.Load(); p != nil {
		(*p).Comm(jupyter.Comm(c))
	}
}

// callback shows the kernel as busy while a callback runs.
func (b *backend) callback() (done func()) {
	if p := b.page.Load(); p != nil {
		return (*p).Work()
	}
	return func() {}
}

// Comm implements jupyter.Backend.
func (b *backend) Comm(ctx context.Context, c jupyter.Comm) {
	if live := b.live.Load(); live != nil {
		live.Comm(ctx, display.Comm(c))
		return
	}
	if c.Op != "close" {
		b.toPage(display.Comm{Op: display.CommClose, ID: c.ID})
	}
}

// Comms implements jupyter.Backend.
func (b *backend) Comms(_ context.Context, target string) map[string]string {
	live := b.live.Load()
	if live == nil {
		return nil
	}
	return live.Comms(target)
}
