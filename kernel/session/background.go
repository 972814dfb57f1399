package session

import "hpgo/kernel/display"

// background returns the sink of what goroutines put out between two cells; nil:
// it is kept for the next one.
func (s *Session) background() Sink {
	switch {
	case s.opt.Background != nil:
		return s.opt.Background
	case s.comms.toPage != nil:
		return lastCell{s}
	}
	return nil
}

// lastCell is the sink of the cell that was last, which stays usable: a page shows
// what a goroutine prints at once, not when another cell is run.
type lastCell struct{ session *Session }

// sink takes no lock of the session, which a worker's start holds.
func (l lastCell) sink() Sink {
	if o := l.session.last.Load(); o != nil {
		return o.sink
	}
	return discard{}
}

// Stream implements Sink.
func (l lastCell) Stream(name, text string) { l.sink().Stream(name, text) }

// Display implements Sink.
func (l lastCell) Display(e display.Event) { l.sink().Display(e) }
