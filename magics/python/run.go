package python

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"hpgo/kernel/display"
)

const (
	// noteAfter is how long an interrupted cell may go on before the user is
	// told why it does: Python takes an interrupt when C code returns.
	noteAfter = time.Second
	// killAfter is when such a Python is killed.
	killAfter = 15 * time.Second
	// repeatAfter is when an interrupt is repeated: Python misses one that comes
	// when it is about to sleep. It takes only one for each cell.
	repeatAfter = 200 * time.Millisecond
	// outputLimit bounds the text of one cell: more stops front ends.
	outputLimit = 16 << 20
)

// Face is who sees a cell run, and may be asked.
type Face interface {
	Stream(name, text string)
	Display(display.Event)
	// CanAsk reports whether Ask has anybody to ask.
	CanAsk() bool
	Ask(ctx context.Context, prompt string, password bool) (string, error)
}

// Cell is what Python is to do.
type Cell struct {
	Number int    // of the cell
	Line   int    // on which Code begins
	Code   string // statements; the value of a last expression is the result
	Dir    string // working directory
	Env    []string
	Load   string          // a file with the values of variables, "" for none
	Frames bool            // of which lists of records become DataFrames
	Out    [][2]string     // names and expressions of what is to be handed over
	Value  []string        // names under which the result is handed over instead of shown
	Time   bool            // say how long it took
	Insist <-chan struct{} // its end kills a Python that doesn't take an interrupt; nil
}

// Done is what a cell gave.
type Done struct {
	Value *display.Bundle // of its last expression; nil
	File  string          // with what is handed over
	Types []string        // Go types of that
}

// Exception is an exception that a cell raised.
type Exception struct {
	Name      string   `json:"name"`
	Value     string   `json:"value"`     // with the name before it
	Traceback []string `json:"traceback"` // in cell lines
}

// Error returns the name and the text of the exception.
func (e *Exception) Error() string { return e.Value }

// Died is the end of the process during a cell.
type Died struct {
	Reason string
}

// Error says what was lost.
func (e *Died) Error() string {
	return fmt.Sprintf("Python ended (%s) and its variables are lost; the next %%%%python cell starts a new one", e.Reason)
}

// order is a Cell for cells.py.
type order struct {
	Op      string            `json:"op"`
	Code    string            `json:"code"`
	Cell    int               `json:"cell,omitempty"`
	Line    int               `json:"line,omitempty"`
	Dir     string            `json:"dir,omitempty"`
	Env     map[string]string `json:"env,omitempty"`
	Ask     bool              `json:"ask,omitempty"`
	Load    string            `json:"load,omitempty"`
	Frames  bool              `json:"frames,omitempty"`
	Out     [][2]string       `json:"out,omitempty"`
	Value   []string          `json:"value,omitempty"`
	Files   []string          `json:"files,omitempty"`
	Time    bool              `json:"time,omitempty"`
	Modules []string          `json:"modules,omitempty"`
	Text    string            `json:"text"`
	Error   string            `json:"error,omitempty"`
}

// InFiles are the files in which values come to Python: the second is for what
// doesn't fit where the first lies.
func (p *Process) InFiles() (file, spare string) { return p.file + "-in", p.spare + "-in" }

// Run runs one cell. Its exception comes back as *Exception, the end of the
// process as *Died. When ctx ends Python is interrupted, and what comes back is
// the KeyboardInterrupt; a Python that doesn't take it is killed.
func (p *Process) Run(ctx context.Context, c Cell, face Face) (Done, error) {
	o := order{Op: "run", Code: c.Code, Cell: c.Number, Line: c.Line, Ask: face.CanAsk(), Load: c.Load, Frames: c.Frames,
		Out: c.Out, Value: c.Value, Time: c.Time, Files: []string{p.file + "-out", p.spare + "-out"}}
	o.Env, o.Dir = p.changes(c)
	last, err := p.follow(ctx, o, face, c.Insist)
	done := Done{File: last.File, Types: last.Types}
	if len(last.Data) > 0 {
		done.Value = &display.Bundle{Data: last.Data, Metadata: last.Metadata}
	}
	if err == nil && last.Error != nil {
		err = last.Error
	}
	return done, err
}

// changes are the environment and the directory as far as Python doesn't have
// them yet. What a cell's Python itself changed stays.
func (p *Process) changes(c Cell) (env map[string]string, dir string) {
	env = map[string]string{}
	for _, kv := range c.Env {
		if k, v, ok := strings.Cut(kv, "="); ok && p.sentEnv[k] != v {
			env[k], p.sentEnv[k] = v, v
		}
	}
	if c.Dir != p.sentDir {
		p.sentDir, dir = c.Dir, c.Dir
	}
	return env, dir
}

// Missing returns those of some modules that Python can't import.
func (p *Process) Missing(ctx context.Context, modules []string) ([]string, error) {
	last, err := p.follow(ctx, order{Op: "check", Modules: modules}, deaf{}, nil)
	return last.Missing, err
}

// deaf is a Face that shows nothing.
type deaf struct{}

func (deaf) Stream(string, string) {}
func (deaf) Display(display.Event) {}
func (deaf) CanAsk() bool          { return false }
func (deaf) Ask(context.Context, string, bool) (string, error) {
	return "", context.Canceled
}

// follow gives an order and passes on what comes until it is done. It returns
// the last event.
func (p *Process) follow(ctx context.Context, o order, face Face, insist <-chan struct{}) (event, error) {
	if err := p.order(o); err != nil {
		return event{}, fmt.Errorf("talk to Python: %w", err)
	}
	out := &output{face: face, left: outputLimit}
	defer out.end()
	interrupt := ctx.Done()
	var patience, repeat <-chan time.Time
	noted := false
	for {
		if last := p.passOn(ctx, face, out); last != nil {
			return *last, nil
		}
		select {
		case <-p.merge.news:
		case <-interrupt:
			interrupt = nil
			_ = p.group.Interrupt() // a process that is gone needs none
			patience, repeat = time.After(noteAfter), time.After(repeatAfter)
		case <-repeat:
			_ = p.cmd.Process.Signal(os.Interrupt) // as above
			repeat = time.After(repeatAfter)
		case <-insist:
			insist = nil
			p.group.Kill()
		case <-patience:
			if noted {
				p.group.Kill()
				patience = nil
				continue
			}
			noted = true
			patience = time.After(killAfter)
			hint := ""
			if insist != nil {
				hint = "; another interrupt ends it at once"
			}
			face.Stream("stderr", fmt.Sprintf("Python doesn't take the interrupt, as while it runs C code; it is ended if it goes on for %s%s\n", killAfter, hint))
		case <-p.ended:
			if last, ok := p.leftover(out); ok {
				return last, nil
			}
			return event{}, &Died{p.Reason()}
		}
	}
}

// passOn passes on what is there. It returns the event that the order is done,
// nil when it isn't yet.
func (p *Process) passOn(ctx context.Context, face Face, out *output) *event {
	for {
		piece, ok := p.merge.next()
		switch {
		case !ok:
			return nil
		case piece.event == nil:
			out.show(piece.stream, piece.text)
			continue
		}
		switch e := piece.event; e.Op {
		case "done":
			return e
		case "display":
			face.Display(display.Event{Op: display.OpDisplay, Bundle: display.Bundle{Data: e.Data, Metadata: e.Metadata}})
		case "clear":
			face.Display(display.Event{Op: display.OpClear, Wait: e.Wait})
		case "ask":
			p.answer(ctx, e, face)
		}
	}
}

// leftover passes on what an ended process had to say; ok: the cell was done.
func (p *Process) leftover(out *output) (last event, ok bool) {
	for {
		piece, more := p.merge.next()
		switch {
		case !more:
			return last, ok
		case piece.event == nil:
			out.show(piece.stream, piece.text)
		case piece.event.Op == "done":
			last, ok = *piece.event, true
		}
	}
}

// answer asks the user what Python wants to know.
func (p *Process) answer(ctx context.Context, e *event, face Face) {
	o := order{Op: "answer"}
	text, err := face.Ask(ctx, e.Text, e.Password)
	switch {
	case ctx.Err() != nil:
		return // the interrupt ends the wait
	case err != nil:
		o.Error = err.Error()
	default:
		o.Text = strings.TrimSuffix(text, "\n")
	}
	_ = p.order(o) // a process that is gone needs none
}

// output passes text on within the limit.
type output struct {
	face    Face
	left    int
	dropped int
}

func (o *output) show(stream int, text string) {
	if len(text) > o.left {
		o.dropped += len(text) - o.left
		text = strings.ToValidUTF8(text[:o.left], "")
		o.left = 0
	} else {
		o.left -= len(text)
	}
	if text != "" {
		o.face.Stream(streamNames[stream], text)
	}
}

func (o *output) end() {
	if o.dropped > 0 {
		o.face.Stream("stderr", fmt.Sprintf("\n[hpgo: the output limit of %d MiB was reached; %d more bytes were dropped]\n", outputLimit>>20, o.dropped))
	}
}
