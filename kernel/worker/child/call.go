package child

import (
	"fmt"
	"os"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

// begin records a call; nil when one is in progress.
func (w *worker) begin(c frame.Call) *running {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running != nil {
		return nil
	}
	w.running = &running{cell: c.Cell, since: time.Now(), done: make(chan struct{}), ending: make(chan struct{}), cancel: display.NewContext(), flight: c.Flight, watch: c.Watch}
	return w.running
}

// run executes one call on the current goroutine and answers it, however the
// cell ends.
func (w *worker) run(r *running, c frame.Call) {
	defer close(r.done)
	if w.trap != nil {
		self := w.trap.Self()
		w.mu.Lock()
		r.self = self
		w.mu.Unlock()
	}
	done := frame.Done{Cell: c.Cell}
	var loaded, finished bool
	var cost *costClock
	start := time.Now()
	defer func() {
		if v := recover(); v != nil {
			done.Panic = guard.Describe(v)
			done.Panic.Loading = !loaded
		} else if !finished {
			done.Goexit = true
		}
		if loaded {
			done.RunTime = time.Since(start)
			if cost != nil {
				done.Cost = cost.cost()
			}
		}
		w.finish(r, done)
	}()
	entry, err := w.entry(c)
	if err != nil {
		done.LoadError = err.Error()
		finished = true
		return
	}
	done.LoadTime = time.Since(start)
	if c.Callback == "" {
		w.flight.ready(c.Flight, c.Cell)
		w.left.ready(c.Watch)
	}
	if c.Cost {
		cost = startCost()
	}
	loaded, start = true, time.Now()
	callWhile(entry)
	finished = true
}

// callWhile calls a cell's code as often as it asks for.
func callWhile(entry func()) {
	display.CalledAgain() // what a panic left
	entry()
	for display.CalledAgain() {
		entry()
	}
}

// entry is what a call runs.
func (w *worker) entry(c frame.Call) (func(), error) {
	if c.Callback != "" {
		return func() { display.RunCallbacks(c.Callback) }, nil
	}
	return w.prepare(c)
}

// prepare makes the process look as a fresh one would to the cell, and loads
// the cell.
func (w *worker) prepare(c frame.Call) (func(), error) {
	for _, name := range c.Unset {
		if err := os.Unsetenv(name); err != nil {
			return nil, fmt.Errorf("unset environment variable: %w", err)
		}
	}
	for name, value := range c.Env {
		if err := os.Setenv(name, value); err != nil {
			return nil, fmt.Errorf("set environment variable %q: %w", name, err)
		}
	}
	if c.Dir != "" {
		if err := os.Chdir(c.Dir); err != nil {
			return nil, fmt.Errorf("the cells' directory: %w; %%cd DIR goes to another", err)
		}
	}
	if len(c.Args) > 0 {
		os.Args = c.Args
	}
	if !w.static {
		// A one-shot process is fresh, and its flags were defined before main.
		w.flags.reset(os.Args, c.OwnFlags)
	}
	return w.loader.Load(c.Object, c.Symbol)
}

// finish answers the call, unless that was done while the cell was waiting; a
// one-shot process ends here.
func (w *worker) finish(r *running, done frame.Done) {
	close(r.ending)
	if !w.claim(r) {
		return
	}
	w.hunting.Lock() // a hunt may have hit and not said so yet
	n := w.hitsOf(r)
	if r.unstay() {
		n++
	}
	w.hunting.Unlock()
	if done.LoadError == "" && w.isChased(r) {
		// Whatever end this is, it is what became of the interrupt.
		done.Interrupted = &frame.Stopped{Recovered: n > 0 && done.Panic == nil, Finished: n == 0 && done.Panic == nil}
		if done.Panic != nil {
			done.Interrupted.Frames = done.Panic.Frames
			if n == 0 {
				done.Interrupted.Panic = done.Panic.Value
			}
			done.Panic = nil
		}
	}
	w.answer(r, done)
	if w.static {
		code := 0
		if done.Panic != nil {
			code = 2 // as Go ends a program that panicked
		}
		os.Exit(code)
	}
}

// isChased reports whether an interrupt was under way when the cell ended: it may
// have cancelled the cell's context, stopped its programs or ended its input.
func (w *worker) isChased(r *running) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return r.chased
}

// claim gives the caller the right to answer a call, once.
func (w *worker) claim(r *running) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	mine := !r.over
	r.over = true
	return mine
}

// answer answers a call, after what the cell held back.
func (w *worker) answer(r *running, done frame.Done) {
	if done.Interrupted != nil {
		w.endFamily(r)
		done.Interrupted.Goroutines = w.othersOf(r)
	}
	w.flight.land(r.flight, w.panickedElsewhere(r), &done)
	if done.Interrupted == nil { // which has ended them
		done.Left = w.left.look(r.watch)
	}
	w.flush(done.Interrupted != nil && done.Interrupted.Waiting != "")
	if dir, err := os.Getwd(); err == nil {
		done.Dir = dir
	}
	w.mu.Lock()
	w.running = nil
	w.mu.Unlock()
	w.conn.send(frame.KindDone, done)
}

func (w *worker) panickedElsewhere(r *running) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return r.elsewhere
}

func (w *worker) othersOf(r *running) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return r.others
}

// flush shows what the cell held back. A cell that was left behind may have
// locked something of it, which is then given up.
func (w *worker) flush(leftBehind bool) {
	defer w.loader.Flush()
	if !leftBehind {
		display.Flush()
		return
	}
	flushed := make(chan struct{})
	go func() {
		display.Flush()
		close(flushed)
	}()
	select {
	case <-flushed:
	case <-time.After(flushPatience):
	}
}

// flushPatience is more than a few frames need.
const flushPatience = 500 * time.Millisecond
