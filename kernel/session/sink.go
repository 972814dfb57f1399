package session

import (
	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"strings"
)

// callSink passes a worker's output on to the face of the session. Panics of
// goroutines arrive as text: the cell that started them may have ended long ago.
type callSink struct {
	sink    Sink
	session *Session
}

var _ worker.Sink = (*callSink)(nil)

// Stream implements worker.Sink.
func (c *callSink) Stream(name, text string) { c.sink.Stream(name, text) }

// Display implements worker.Sink.
func (c *callSink) Display(e display.Event) { c.sink.Display(e) }

// Panic implements worker.Sink.
func (c *callSink) Panic(p *worker.Panic) {
	e := c.session.panicError(p)
	c.sink.Stream("stderr", strings.Join(e.Traceback, "\n")+"\n")
}
