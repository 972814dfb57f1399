package session

import (
	"context"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/worker"
)

// Sink receives what a running cell produces, in order. Every face of the
// kernel (Jupyter, the headless runner, the REPL, the tests) implements it.
// Calls for one cell never overlap.
type Sink interface {
	// Stream carries text written to "stdout" or "stderr", cut on rune boundaries.
	Stream(name, text string)
	// Display carries rich output: display, update, clear. The value of the
	// last expression is not sent here; it stands in Result.Value.
	Display(display.Event)
}

// Asker is a Sink whose user can be asked for input. A cell that runs with any
// other sink finds the end of the file where it reads.
type Asker interface {
	Sink
	// Input shows the prompt and returns the line that the user typed, without
	// its end; a password is not to be seen. The sink has been given all output
	// that came before. Input must return, with an error, when ctx ends; it
	// returns ErrNoInput when nobody is there to answer after all. It is called
	// once at a time, from any goroutine, and output may come meanwhile.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// ErrNoInput is the error of asking where nobody answers.
var ErrNoInput = worker.ErrNoInput

// Result is the outcome of one cell.
type Result struct {
	Count   int             // execution count: the n of In[n] and Out[n]
	Value   *display.Bundle // value of the last expression; nil when there is nothing to show
	Page    *display.Bundle // for the pager: documentation that the cell asked for; nil for none
	Err     *Error          // nil when the cell succeeded
	Elapsed time.Duration
}

// Error is a failed cell as the user sees it.
type Error struct {
	Name      string   // the kind: CompileError, BuildError, Panic, Interrupted, WorkerDied, Timeout, ShellError, UsageError
	Value     string   // the message, one or more lines
	Traceback []string // lines, coloured with ANSI sequences; complete without Name and Value
}

// Error makes *Error an error: "Name: Value".
func (e *Error) Error() string { return e.Name + ": " + e.Value }
