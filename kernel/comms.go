package main

import (
	"context"

	"hpgo/kernel/display"
	"hpgo/kernel/jupyter"
)

// Connect implements jupyter.Backend.
func (b *backend) Connect(send func(jupyter.Comm)) { b.page.Store(&send) }

// toPage passes a comm message of the session on. No cell runs before the front
// end is connected, so nothing is lost.
func (b *backend) toPage(c display.Comm) {
	if send := b.page.Load(); send != nil {
		(*send)(jupyter.Comm(c))
	}
}

// Comm implements jupyter.Backend.
func (b *backend) Comm(ctx context.Context, c jupyter.Comm) {
	if b.session != nil {
		b.session.Comm(ctx, display.Comm(c))
		return
	}
	if c.Op != "close" {
		b.toPage(display.Comm{Op: display.CommClose, ID: c.ID})
	}
}

// Comms implements jupyter.Backend.
func (b *backend) Comms(_ context.Context, target string) map[string]string {
	if b.session == nil {
		return nil
	}
	return b.session.Comms(target)
}
