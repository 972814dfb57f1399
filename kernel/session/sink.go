package session

import (
	"strings"

	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"hpgo/plots/render"
)

// callSink passes a worker's output on to the face of the session. Panics of
// goroutines arrive as text: the cell that started them may have ended long ago.
type callSink struct {
	sink    Sink
	session *Session
}

var _ worker.Sink = (*callSink)(nil)

// drawn adds pictures to values that are figures: cells hold them as plain data,
// which the kernel process draws.
func drawn(b display.Bundle) display.Bundle { return render.Bundle(b) }

// Stream implements worker.Sink.
func (c *callSink) Stream(name, text string) { c.sink.Stream(name, text) }

// Display implements worker.Sink.
func (c *callSink) Display(e display.Event) {
	e.Bundle = drawn(e.Bundle)
	c.sink.Display(e)
}

// Panic implements worker.Sink.
func (c *callSink) Panic(p *worker.Panic) {
	e := c.session.panicError(p)
	c.sink.Stream("stderr", strings.Join(e.Traceback, "\n")+"\n")
}
