package main

import (
	"context"
	"errors"
	"sync"

	"hpgo/kernel/display"
	"hpgo/kernel/jupyter"
	"hpgo/kernel/session"
)

// cellSink passes a cell's output on to the front end.
type cellSink struct {
	out   jupyter.Sink
	notes *notes
}

var _ session.Sink = cellSink{}

// Stream implements session.Sink.
func (s cellSink) Stream(name, text string) {
	s.notes.outputComes()
	s.out.Stream(name, text)
}

// Display implements session.Sink.
func (s cellSink) Display(e display.Event) {
	s.notes.outputComes()
	switch e.Op {
	case display.OpClear:
		s.out.Clear(e.Wait)
	case display.OpUpdate:
		s.out.Update(mimeBundle(e.Bundle), e.ID)
	default:
		s.out.Display(mimeBundle(e.Bundle), e.ID)
	}
}

// askingSink is the cellSink of a cell whose front end takes input.
type askingSink struct{ cellSink }

var _ session.Asker = askingSink{}

// Input implements session.Asker.
func (s askingSink) Input(ctx context.Context, prompt string, password bool) (string, error) {
	s.notes.outputComes()
	line, err := s.out.Input(ctx, prompt, password)
	if errors.Is(err, jupyter.ErrNoStdin) {
		err = session.ErrNoInput
	}
	return line, err
}

// sinkFor returns the sink of a cell. Only one that may ask is an Asker.
func sinkFor(req jupyter.ExecuteRequest, s cellSink) session.Sink {
	if req.AllowStdin && !req.Silent {
		return askingSink{s}
	}
	return s
}

func mimeBundle(b display.Bundle) jupyter.MimeBundle {
	return jupyter.MimeBundle{Data: b.Data, Metadata: b.Metadata}
}

// notes shows in the waiting cell what the session is busy with before the
// cell can run, such as compiling the standard library on first use, and takes
// it away again, so that no trace of it is saved with the notebook. Its methods
// may be called from any goroutine.
type notes struct {
	mu    sync.Mutex
	text  string       // what the session does now; empty: nothing special
	out   jupyter.Sink // of the running cell; nil: none is running
	used  bool         // the cell has shown something of its own
	shown bool         // the text stands in the cell's output, alone
}

// say is told by the session; the empty text means that it is over.
func (n *notes) say(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.text = text
	if n.out == nil {
		return
	}
	n.wipe()
	n.show()
}

// begin makes out the sink of the running cell.
func (n *notes) begin(out jupyter.Sink) cellSink {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.out, n.used = out, false
	n.show()
	return cellSink{out, n}
}

// outputComes makes room for the cell's own output.
func (n *notes) outputComes() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wipe()
	n.used = true
}

// end is called when the cell has ended.
func (n *notes) end() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.wipe()
	n.out = nil
}

// show and wipe are called with the lock. Beside output of the cell nothing is
// shown: it would go with the note.
func (n *notes) show() {
	if n.text != "" && !n.used {
		n.out.Stream("stderr", n.text+"\n")
		n.shown = true
	}
}

func (n *notes) wipe() {
	if n.shown {
		n.out.Clear(false)
		n.shown = false
	}
}
