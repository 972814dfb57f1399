package session

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/gonb"
	"hpgo/kernel/worker"
)

// gonbuiDesk takes what one process says by gonbui, the library of programs
// written for gonb, to the cell that runs. It is the process's gonb.Kernel.
//
// Goroutines: Ask starts one for each question, which waits for the user's answer
// and ends at the latest with the cell.
type gonbuiDesk struct {
	program *gonb.Program

	mu     sync.Mutex
	worker *worker.Worker // nil until it has started
	sink   *callSink      // of the running cell; nil between cells
	ctx    context.Context
	kept   []func(*callSink) // for the next cell
	// between receives what comes between cells; nil: it is kept.
	between *callSink
}

// maxKept is how many messages are kept for the next cell; older ones are lost.
const maxKept = 1000

// drainFor bounds the wait for messages at the end of a cell that was interrupted.
const drainFor = time.Second

// newGonbuiDesk makes the pipes for a process that is about to be started.
func (s *Session) newGonbuiDesk() (*gonbuiDesk, error) {
	d := &gonbuiDesk{}
	p, err := gonb.Open(s.mod.Dir, s.page, d)
	d.program = p
	return d, err
}

// environment adds the variables of the process's pipes to those of its start.
// The kernel's own pipes, if gonb or another hpgo runs it, are not the cells'.
func (d *gonbuiDesk) environment(env []string) []string {
	return append(withoutGonbui(env), d.program.Env()...)
}

// toGonb returns the way to the page for the comms of gonb's script; nil when
// there is no page.
func (t *comms) toGonb() func(display.Comm) {
	if t.toPage == nil {
		return nil
	}
	return func(c display.Comm) { t.fromKernel(c, nil) }
}

// withoutGonbui removes the variables of pipes that belong to others.
func withoutGonbui(env []string) []string {
	return slices.DeleteFunc(slices.Clone(env), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return slices.Contains(gonb.Variables(), name)
	})
}

// started tells which worker the process is.
func (d *gonbuiDesk) started(w *worker.Worker) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.worker = w
}

// afterCell returns where messages go when the cell that runs now has ended: to the
// session's background, or, where a page shows it, still to the cell. nil: nowhere.
func (s *Session) afterCell() *callSink {
	s.mu.Lock()
	defer s.mu.Unlock()
	after := s.opt.Background
	if after == nil && s.comms.toPage != nil {
		after = s.current.sink
	}
	if after == nil {
		return nil
	}
	return &callSink{sink: after, session: s, background: true}
}

// begin makes a cell the one that messages go to; those that come later go to
// after, if there is one.
func (d *gonbuiDesk) begin(ctx context.Context, sink, after *callSink) {
	d.program.Begin()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sink, d.ctx, d.between = sink, ctx, after
	for _, give := range d.kept {
		give(sink)
	}
	d.kept = nil
}

// end waits until everything that the cell has sent was shown.
func (d *gonbuiDesk) end(ctx context.Context) {
	if ctx.Err() != nil {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), drainFor)
		defer cancel()
	}
	d.program.Drain(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.sink, d.ctx = nil, nil
}

// close ends the connection.
func (d *gonbuiDesk) close() error {
	if d == nil {
		return nil
	}
	return d.program.Close()
}

// give hands something to the running cell, after what the process has printed.
// What comes between cells goes where afterCell said, or is kept for the next one.
func (d *gonbuiDesk) give(what func(*callSink)) {
	d.mu.Lock()
	w := d.worker
	d.mu.Unlock()
	now := func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		switch {
		case d.sink != nil:
			what(d.sink)
			return
		case d.between != nil:
			what(d.between)
			return
		}
		if len(d.kept) == maxKept {
			d.kept = slices.Delete(d.kept, 0, 1)
		}
		d.kept = append(d.kept, what)
	}
	if w == nil || !w.Do(now) {
		now()
	}
}

// Show implements gonb.Kernel.
func (d *gonbuiDesk) Show(e display.Event) { d.give(func(s *callSink) { s.Display(e) }) }

// Ask implements gonb.Kernel.
func (d *gonbuiDesk) Ask(prompt string, password bool) {
	d.mu.Lock()
	w := d.worker
	d.mu.Unlock()
	go func() {
		err := ErrNoInput
		if w != nil {
			err = w.Prompt(prompt, password)
		}
		if errors.Is(err, ErrNoInput) {
			d.Complain("gonbui.RequestInput(" + strconv.Quote(prompt) + "): " + err.Error())
		}
	}()
}

// stream shows text of the process itself, where it is no worker.
func (d *gonbuiDesk) stream(name, text string) {
	d.give(func(s *callSink) { s.Stream(name, text) })
}

// Complain implements gonb.Kernel.
func (d *gonbuiDesk) Complain(text string) {
	d.stream("stderr", text+"\n")
}

// withGonbui runs a program with pipes of its own.
func (s *Session) withGonbui(ctx context.Context, sink *callSink, opt worker.Options, run func(worker.Options) (worker.Reply, error)) (worker.Reply, error) {
	desk, err := s.newGonbuiDesk()
	if err != nil {
		return worker.Reply{}, err
	}
	if opt.Env == nil {
		opt.Env = os.Environ()
	}
	opt.Env, opt.Started = desk.environment(opt.Env), desk.started
	desk.begin(ctx, sink, nil)
	reply, err := run(opt)
	desk.end(ctx)
	return reply, errors.Join(err, desk.close())
}
