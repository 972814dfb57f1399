package child

import (
	"fmt"
	"os"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

// begin records a call, unless one is in progress.
func (w *worker) begin(c frame.Call) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.running != nil {
		return false
	}
	w.running = &running{cell: c.Cell, since: time.Now()}
	return true
}

// run executes one call on the current goroutine and answers it, however the
// cell ends.
func (w *worker) run(c frame.Call) {
	done := frame.Done{Cell: c.Cell}
	var loaded, finished bool
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
		}
		w.finish(done)
	}()
	entry, err := w.entry(c)
	if err != nil {
		done.LoadError = err.Error()
		finished = true
		return
	}
	done.LoadTime = time.Since(start)
	loaded, start = true, time.Now()
	entry()
	finished = true
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
			return nil, fmt.Errorf("working directory: %w", err)
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

// finish answers the call, after what the cell held back; a one-shot process
// ends here.
func (w *worker) finish(done frame.Done) {
	display.Flush()
	w.loader.Flush()
	if dir, err := os.Getwd(); err == nil {
		done.Dir = dir
	}
	w.mu.Lock()
	w.running = nil
	w.mu.Unlock()
	w.conn.send(frame.KindDone, done)
	if w.static {
		code := 0
		if done.Panic != nil {
			code = 2 // as Go ends a program that panicked
		}
		os.Exit(code)
	}
}
