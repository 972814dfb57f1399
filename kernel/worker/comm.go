package worker

import (
	"slices"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
)

// Comm hands a comm message of the page to the worker; false: it is gone. The
// worker takes it also while a cell runs.
func (w *Worker) Comm(c display.Comm) bool {
	return w.post(func(p *pump) {
		if p.over {
			return
		}
		p.noteComm(c)
		if err := p.send(frame.KindCommIn, c); err != nil {
			w.opts.Log.Warn("comm message not delivered", "comm", c.ID, "err", err)
		}
	})
}

// commOut delivers a comm message of the worker.
func (p *pump) commOut(payload []byte) error {
	var c display.Comm
	if err := frame.Unmarshal(payload, &c); err != nil {
		return err
	}
	p.noteComm(c)
	p.w.opts.Comm(c)
	return nil
}

// noteComm keeps the list of open comms, whoever opens and closes them.
func (p *pump) noteComm(c display.Comm) {
	at := slices.Index(p.comms, c.ID)
	switch {
	case c.Op == display.CommOpen && at < 0:
		p.comms = append(p.comms, c.ID)
	case c.Op == display.CommClose && at >= 0:
		p.comms = slices.Delete(p.comms, at, at+1)
	}
}

// closeComms tells the page which comms ended with the worker.
func (p *pump) closeComms() {
	for _, id := range p.comms {
		p.w.opts.Comm(display.Comm{Op: display.CommClose, ID: id})
	}
	p.comms = nil
}
