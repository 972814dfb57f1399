package session

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/kernel/worker"
	"hpgo/magics/magic"
)

// insistWithin is how soon a second interrupt must follow the first to end the
// worker.
const insistWithin = 5 * time.Second

// attention is the state of interrupts; the session's mu guards it.
type attention struct {
	cancel context.CancelCauseFunc // of the running cell; nil between cells
	first  time.Time               // when the running cell was interrupted; zero: it wasn't
	again  chan struct{}           // closed by the second interrupt of a cell; nil once it is
	noTrap string                  // why interrupts end the worker; "" when they don't
}

// Interrupt stops the running cell; its Execute returns an *Error that is named
// Interrupted. Between two cells it does nothing.
//
// What the kernel does for the cell (compiling, linking, magics, shell commands)
// ends at once. A cell's Go is stopped in the worker, which keeps the variables.
// If that doesn't work, for it is in a system call or in C code, a second
// interrupt within five seconds ends the worker; what a magic runs ends with the
// second one, whenever it comes.
func (s *Session) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := &s.attention
	if a.cancel == nil {
		return
	}
	now := time.Now()
	again := now.Sub(a.first)
	if a.first.IsZero() {
		a.first = now
		a.cancel(worker.ErrInterrupt)
		return
	}
	a.first = now
	if a.again != nil {
		close(a.again)
		a.again = nil
	}
	if s.worker == nil {
		return
	}
	if again <= insistWithin {
		s.worker.Insist()
	} else {
		s.worker.Interrupt()
	}
}

// attend lets Interrupt reach the cell that begins; end is called behind it.
func (s *Session) attend(ctx context.Context) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	again := make(chan struct{})
	ctx = magic.WithInsist(ctx, again)
	s.mu.Lock()
	s.attention.cancel, s.attention.first, s.attention.again = cancel, time.Time{}, again
	s.mu.Unlock()
	return ctx, func() {
		s.mu.Lock()
		s.attention.cancel = nil
		s.mu.Unlock()
		cancel(nil)
	}
}

// isTimeout reports whether a context ended by its deadline.
func isTimeout(ctx context.Context) bool {
	return errors.Is(context.Cause(ctx), context.DeadlineExceeded)
}

// stoppedError shows where an interrupt stopped cell n, whose code was built for
// the cell built. held are the variables that a loop had not stored yet.
func (s *Session) stoppedError(ctx context.Context, built, n int, st *worker.Stopped, held []string) *Error {
	name, value := "Interrupted", "interrupted"
	if isTimeout(ctx) {
		name, value = "Timeout", "the cell took longer than its timeout"
	}
	if st.Waiting != "" {
		value += fmt.Sprintf(" while it waited (%s)", st.Waiting)
	}
	if st.Panic != "" {
		value += ": " + st.Panic
	}
	trace := []string{colorError(name) + ": " + value, ""}
	at := renumbered(&worker.Panic{Frames: st.Frames}, built, n)
	if lines := s.showFrames(at.Frames); len(lines) > 0 {
		trace = append(append(trace, lines...), "")
	}
	return &Error{Name: name, Value: value, Traceback: append(trace, stoppedNotes(st, held)...)}
}

// heldAt returns the variables that the loop in which a cell was stopped stores
// at its end only.
func heldAt(u *cell.Unit, frames []worker.Frame) []string {
	line, ok := entryLine(frames)
	var names []string
	for _, h := range u.Held {
		if ok && h.First <= line && line <= h.Last && !slices.Contains(names, h.Name) {
			names = append(names, h.Name)
		}
	}
	return names
}

// stoppedNotes says what became of what the cell had.
func stoppedNotes(st *worker.Stopped, held []string) []string {
	notes := []string{"the variables are kept"}
	if len(held) > 0 {
		notes[0] += ", " + strings.Join(held, " and ") + " as before the loop"
	}
	if st.Recovered {
		notes = append(notes, "the cell recovered from the panic that stopped it, and ended by itself")
	}
	if st.Finished {
		notes = append(notes, "the cell came to its end all the same")
	}
	switch {
	case st.Goroutines == 1:
		notes = append(notes, "a goroutine that it had started was stopped with it")
	case st.Goroutines > 1:
		notes = append(notes, fmt.Sprintf("%d goroutines that it had started were stopped with it", st.Goroutines))
	}
	if st.Waiting != "" {
		notes = append(notes, "its goroutine is left behind: it ends when what it waits for comes, or with %restart")
	}
	return []string{ansiDim + strings.Join(notes, "; ") + ansiReset}
}
