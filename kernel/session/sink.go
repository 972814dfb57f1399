package session

import (
	"context"
	"slices"

	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"hpgo/plots"
	"hpgo/plots/render"
)

// callSink passes a worker's output on to the face of the session. Panics of
// goroutines arrive as text: the cell that started them may have ended long ago.
//
// An update that is a figure is drawn in two steps, since more may come many
// times a second: a draft at once, and the last one in full at the end of the
// cell.
type callSink struct {
	sink    Sink
	session *Session
	drafts  []display.Event  // the newest update of each ID that was shown as a draft
	into    []string         // widgets' areas that outputs go to, the innermost last
	pages   []display.Bundle // for the pager
	panics  []panicPlace     // of goroutines
	// background: it serves what runs between the cells, and is never finished.
	background bool
}

var _ worker.Sink = (*callSink)(nil)

// askerOf finds who can be asked behind a sink; nil is nobody. What a recorder
// takes down is not shown, but its user still sits there.
func askerOf(s Sink) Asker {
	switch s := s.(type) {
	case *recorded:
		return askerOf(s.outer)
	case Asker:
		return s
	}
	return nil
}

// unasked is a sink whose user is not asked: a front end shows no question of a
// cell that has ended.
type unasked struct{ Sink }

// canAsk reports whether the user can be asked.
func (c *callSink) canAsk() bool { return askerOf(c.sink) != nil }

// ask asks the user for a line.
func (c *callSink) ask(ctx context.Context, prompt string, password bool) (string, error) {
	asker := askerOf(c.sink)
	if asker == nil {
		return "", ErrNoInput
	}
	return asker.Input(ctx, prompt, password)
}

// askingSink is the callSink of a cell whose user can be asked.
type askingSink struct{ *callSink }

var _ worker.Asker = askingSink{}

// Input implements worker.Asker.
func (a askingSink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	return a.ask(ctx, prompt, password)
}

// forWorker is what the worker gets as the sink of a call.
func (c *callSink) forWorker() worker.Sink {
	if c.canAsk() {
		return askingSink{c}
	}
	return c
}

// drawn adds pictures to values that are figures: cells hold them as plain data,
// which the kernel process draws.
func drawn(b display.Bundle) display.Bundle { return render.Bundle(b) }

// complete adds to a value what the kernel process makes: pictures of figures,
// the forms of widgets for pages that don't know them.
func (s *Session) complete(b display.Bundle) display.Bundle { return s.widgets.Complete(drawn(b)) }

// Stream implements worker.Sink.
func (c *callSink) Stream(name, text string) {
	if area := c.area(); area != "" {
		c.session.toPage(c.session.widgets.Stream(area, name, text))
		return
	}
	c.sink.Stream(name, text)
}

// area is where outputs go now; empty: to the cell.
func (c *callSink) area() string {
	if n := len(c.into); n > 0 {
		return c.into[n-1]
	}
	return ""
}

// direct changes where outputs go.
func (c *callSink) direct(e display.Event) {
	if e.Op == display.OpInto {
		c.into = append(c.into, e.ID)
		c.session.widgets.Begin(e.ID)
		return
	}
	for i := len(c.into) - 1; i >= 0; i-- {
		if c.into[i] == e.ID {
			c.into = slices.Delete(c.into, i, i+1)
			break
		}
	}
	c.session.toPage(c.session.widgets.End(e.ID))
}

// displayInArea shows an event in the area that outputs go to, and updates
// outputs in any; false: it is not about an area.
func (c *callSink) displayInArea(e display.Event) bool {
	area := c.area()
	if area == "" && (e.Op != display.OpUpdate || !c.session.widgets.HasOutput(e.ID)) {
		return false
	}
	e.Bundle = c.session.complete(e.Bundle)
	if e.Op == display.OpUpdate {
		changed, found := c.session.widgets.Update(e)
		c.session.toPage(changed)
		return found
	}
	c.session.toPage(c.session.widgets.Display(area, e))
	return true
}

// Display implements worker.Sink.
func (c *callSink) Display(e display.Event) {
	if e.Op == display.OpInto || e.Op == display.OpBack {
		c.direct(e)
		return
	}
	if c.displayInArea(e) {
		return
	}
	if i := slices.IndexFunc(c.drafts, func(d display.Event) bool { return d.ID == e.ID }); i >= 0 {
		before := c.drafts[i]
		c.drafts = slices.Delete(c.drafts, i, i+1)
		if e.Op != display.OpUpdate {
			c.show(before) // of an output that e doesn't change
		}
	}
	if _, figure := e.Bundle.Data[plots.MIME]; figure && e.Op == display.OpUpdate {
		c.drafts = append(c.drafts, e)
		e.Bundle = render.Draft(e.Bundle)
	}
	c.show(e)
}

func (c *callSink) show(e display.Event) {
	e.Bundle = c.session.complete(e.Bundle)
	c.sink.Display(e)
}

// finish draws what was shown as drafts in full, and tells of panics that weren't
// shown.
func (c *callSink) finish() {
	for i := range c.panics {
		c.tellMore(&c.panics[i])
	}
	for _, e := range c.drafts {
		c.show(e)
	}
	c.drafts = nil
}
