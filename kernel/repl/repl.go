package repl

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"hpgo/kernel/history"
	"hpgo/kernel/session"
)

// Session is what runs the cells: a session.Session.
type Session interface {
	Execute(ctx context.Context, code string, sink session.Sink) session.Result
	// Interrupt stops the running cell; soon after that, by force.
	Interrupt()
}

// Config is what a conversation needs.
type Config struct {
	In       *os.File
	Out, Err io.Writer
	Session  Session
	History  *history.Log  // of Interactive; what others run isn't remembered
	Banner   string        // of Interactive
	Timeout  time.Duration // of each cell; 0: none
	// KeepGoing goes on after a cell that failed; Interactive always does.
	KeepGoing bool
	// Busy tells what the session is busy with; it may be nil.
	Busy *Busy
	// Aside is what the session was given as its background; it may be nil.
	Aside *Aside
}

// ErrFailed says that a cell failed. Its error has been written.
var ErrFailed = errors.New("a cell failed")

// ErrClosed says that nobody reads the output any more.
var ErrClosed = errors.New("the output is closed")

// IsTerminal reports whether somebody sits at the other end of a stream.
func IsTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// isDumb reports whether a terminal can't move its cursor.
func isDumb() bool { return os.Getenv("TERM") == "dumb" || os.Getenv("TERM") == "" }

// wantsColour follows the convention of NO_COLOR.
func wantsColour(w io.Writer) bool { return IsTerminal(w) && !isDumb() && os.Getenv("NO_COLOR") == "" }

// run runs one cell.
func (c *Config) run(ctx context.Context, code string, sink session.Sink) session.Result {
	if c.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.Timeout)
		defer cancel()
	}
	return c.Session.Execute(ctx, code, sink)
}

// report writes what a cell came to. The error says that it can't be written.
func report(s *sheet, r session.Result, number func(int) int) error {
	s.finish()
	if r.Page != nil {
		s.value(0, r.Page)
	}
	if r.Value != nil {
		s.value(number(r.Count), r.Value)
	}
	if r.Err != nil {
		s.failure(r.Err)
	}
	s.freshLine()
	switch {
	case errors.Is(s.fault, syscall.EPIPE):
		return ErrClosed
	case s.fault != nil:
		return fmt.Errorf("write the output: %w", s.fault)
	}
	return nil
}

// unnumbered is for values that stand alone.
func unnumbered(int) int { return 0 }

// numbered is for Out[n].
func numbered(n int) int { return n }

// leaves reports whether a cell is one of the words that end a conversation.
func leaves(code string) bool {
	switch strings.TrimSpace(code) {
	case "exit", "quit", "exit()", "quit()":
		return true
	}
	return false
}
