package repl

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"hpgo/kernel/session"
)

// Run runs cells in order and writes what they show, values by themselves. It
// stops at the first that fails, unless the configuration says otherwise, and
// returns ErrFailed when one did. Cells that ask for input read c.In.
func Run(ctx context.Context, c Config, cells []string) error {
	answers := bufio.NewReader(c.In)
	return c.runAll(ctx, func() (string, error) {
		if len(cells) == 0 {
			return "", io.EOF
		}
		first := cells[0]
		cells = cells[1:]
		return first, nil
	}, answers)
}

// Script runs the cells that a text without a terminal consists of, each as
// soon as it is read; see cutter for where one ends.
func Script(ctx context.Context, c Config) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	lines := make(chan line)
	go readLines(ctx, c.In, lines)
	cut := cutter{line: func() (string, error) {
		select {
		case l := <-lines:
			return l.text, l.err
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}}
	return c.runAll(ctx, cut.next, nil)
}

// line is what a read gave.
type line struct {
	text string // with its newline, if it has one
	err  error
}

// readLines reads ahead one line, so that an interrupt needn't wait for one.
func readLines(ctx context.Context, in io.Reader, lines chan<- line) {
	for r := bufio.NewReader(in); ; {
		text, err := r.ReadString('\n')
		select {
		case lines <- line{text, err}:
		case <-ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// runAll runs cells until there are no more.
func (c *Config) runAll(ctx context.Context, next func() (string, error), answers *bufio.Reader) error {
	p := paper{out: c.Out, err: c.Err, colour: wantsColour(c.Err), together: IsTerminal(c.Out) && IsTerminal(c.Err)}
	if c.Busy != nil {
		c.Busy.watch(func(text string) {
			if text != "" {
				fmt.Fprintln(c.Err, text)
			}
		})
		defer c.Busy.watch(nil)
	}
	failed := false
	for {
		code, err := next()
		switch {
		case errors.Is(err, io.EOF) && failed:
			return ErrFailed
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		s := newSheet(p)
		var sink session.Sink = s
		if answers != nil {
			sink = &askingSheet{s, answers, IsTerminal(c.In)}
		}
		r := c.run(ctx, code, sink)
		if err := report(s, r, unnumbered); err != nil {
			return err
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case r.Err == nil:
		case !c.KeepGoing:
			return ErrFailed
		default:
			failed = true
		}
	}
}

// askingSheet answers cells with the lines of the standard input.
type askingSheet struct {
	*sheet
	in   *bufio.Reader
	seen bool // somebody sits there who has to see what they are asked
}

var _ session.Asker = (*askingSheet)(nil)

// Input implements session.Asker. The prompt may be what the cell has printed;
// without an answer it is the cell's again.
func (s *askingSheet) Input(_ context.Context, prompt string, _ bool) (string, error) {
	if s.seen {
		s.Stream("stdout", prompt)
	}
	line, err := s.in.ReadString('\n')
	if line == "" && err != nil {
		return "", session.ErrNoInput
	}
	if !s.seen {
		s.Stream("stdout", prompt)
	}
	return strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), nil
}
