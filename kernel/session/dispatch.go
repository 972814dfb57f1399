package session

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics"
	"hpgo/magics/magic"
)

// dispatcher runs the magics of one cell. It is the magics' Host (host.go).
//
// Line magics run in order before the cell's Go, as in gonb; what stands above
// a magic that itself runs Go (%time) runs before it. All lines are checked
// before the first runs, so that a misspelt flag costs nothing.
type dispatcher struct {
	*Session
	n    int
	cell *cell.Cell
	sink *callSink

	counting *counting    // in the cell's Go; nil: not asked for
	line     *magic.Input // the magic that runs now
	done     int          // the cell's Go before this offset has run
	value    *display.Bundle
	later    []laterCall
	tests    []testRun
	wasm     bool // the cell's Go is for the page
	recs     []*recorded
	atEnd    []func()        // removes what programs of the cell's magics needed
	toldLeft map[string]bool // variables of which carry has told
}

var _ magic.Host = (*dispatcher)(nil)

// finish removes what the programs of the cell's magics needed.
func (d *dispatcher) finish() {
	for _, end := range d.atEnd {
		end()
	}
}

// laterCall is a function to call after the cell's Go.
type laterCall struct {
	in       *magic.Input
	fn, args string
}

// runMagics runs a cell that has magics, with its Go, in which count counts.
func (s *Session) runMagics(ctx context.Context, n int, c *cell.Cell, count *counting, sink *callSink) (_ *display.Bundle, fail *Error) {
	d := &dispatcher{Session: s, n: n, cell: c, counting: count, sink: sink}
	s.mu.Lock()
	args := s.args
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.args = args // %args holds for one cell
		s.mu.Unlock()
		d.rejoin()
		d.finish()
		if err := d.stopRecording(0); err != nil && fail == nil {
			fail = s.magicError(ctx, n, nil, err)
		}
	}()
	lines := c.Magics
	if c.CellMagic != nil {
		lines = []cell.Magic{*c.CellMagic}
	}
	inputs, fail := d.resolve(ctx, lines)
	if fail != nil {
		return nil, fail
	}
	for _, in := range inputs {
		if s.magic.replaying && in.Magic.Transient {
			continue
		}
		if fail := d.runMagic(ctx, in); fail != nil {
			return nil, fail
		}
	}
	if c.CellMagic == nil {
		if fail := d.goUpTo(ctx, len(c.Text)); fail != nil {
			return nil, fail
		}
	}
	for _, l := range d.later {
		if fail := d.call(ctx, l); fail != nil {
			return nil, fail
		}
	}
	for _, t := range d.tests {
		if err := d.runTests(ctx, t); err != nil {
			return nil, d.magicError(ctx, n, &t.in.Line, err)
		}
	}
	return d.value, nil
}

// resolve checks all lines of the cell.
func (d *dispatcher) resolve(ctx context.Context, lines []cell.Magic) ([]*magic.Input, *Error) {
	table := magics.Table()
	inputs := make([]*magic.Input, 0, len(lines))
	for _, l := range lines {
		in, err := table.Resolve(l)
		if err != nil {
			return nil, d.magicError(ctx, d.n, &l, err)
		}
		inputs = append(inputs, in)
	}
	return inputs, nil
}

// runMagic runs one magic.
func (d *dispatcher) runMagic(ctx context.Context, in *magic.Input) *Error {
	if in.Magic.RunsGo && in.Form == magic.Line {
		if fail := d.goUpTo(ctx, in.Line.Start); fail != nil {
			return fail
		}
	}
	d.line = in
	if in.Line.Kind == cell.MagicShellTmp {
		if err := d.writeProgram(ctx); err != nil {
			return d.magicError(ctx, d.n, &in.Line, err)
		}
	}
	res, err := magic.Run(ctx, d, in)
	if err != nil {
		return d.magicError(ctx, d.n, &in.Line, err)
	}
	d.value = res.Show
	return nil
}

// goUpTo runs the cell's Go from where the last run ended to an offset.
func (d *dispatcher) goUpTo(ctx context.Context, end int) *Error {
	from := d.done
	if from == 0 && end == len(d.cell.Text) {
		if len(d.cell.Items) == 0 && !d.cell.Main {
			return nil
		}
		d.setApart()
		if d.wasm {
			return d.runWasm(ctx)
		}
		value, fail := d.runGo(ctx, d.n, d.cell, d.counting, d.sink)
		d.value = value
		return fail
	}
	d.done = end
	if strings.TrimSpace(d.cell.Go[from:end]) == "" {
		return nil
	}
	d.value = nil
	out, err := d.runText(ctx, blank(d.cell.Go[:from])+d.cell.Go[from:end], d.cell.Main, d.cell.MainArgs, d.counting)
	if err != nil {
		return d.magicError(ctx, d.n, nil, err)
	}
	d.value = out.Value
	return nil
}

// call does what %exec asked for.
func (d *dispatcher) call(ctx context.Context, l laterCall) *Error {
	// The semicolon hides a result, as a call in func main would.
	_, err := d.runText(ctx, blank(d.cell.Text[:l.in.Line.ArgsAt])+l.fn+"();", true, l.args, d.counting)
	if err != nil {
		return d.magicError(ctx, d.n, &l.in.Line, err)
	}
	return nil
}

// runText runs text as Go of this cell: what it says keeps the place that it
// has in the text. main says that flag.Parse is to be called, with args; count counts
// in it.
func (d *dispatcher) runText(ctx context.Context, text string, main bool, args string, count *counting) (magic.Outcome, error) {
	d.mu.Lock()
	scope := d.scope
	d.mu.Unlock()
	c, errs := cell.ParseIn(scope, text)
	if len(errs) > 0 {
		return magic.Outcome{}, d.rewriteError(ctx, errs, d.n)
	}
	if main {
		c.Main, c.MainArgs = true, args
	}
	d.setApart()
	d.resetTiming()
	var value *display.Bundle
	var fail *Error
	switch {
	case c.CellMagic != nil || len(c.Magics) > 0:
		value, fail = d.runMagics(ctx, d.n, c, count, d.sink)
	case len(c.Items) > 0 || c.Main:
		value, fail = d.runGo(ctx, d.n, c, count, d.sink)
	}
	out := d.timing()
	out.Value = value
	if fail != nil {
		return out, fail
	}
	return out, nil
}

// apart is added to the cell number of declarations while another part of their
// cell runs: cell.Rewrite takes what bears the number it is given for the text
// that it rewrites.
const apart = 1 << 30

// setApart makes what earlier parts of the cell declared look like declarations
// of another cell. Positions don't change: they hang on the text.
func (d *dispatcher) setApart() {
	d.renumber(setApart(d.n))
}

// setApart is the numbering that sets a cell apart.
func setApart(cell int) func(int) int {
	return func(n int) int {
		if n == cell {
			return n + apart
		}
		return n
	}
}

// rejoin undoes setApart.
func (d *dispatcher) rejoin() { d.renumber(func(n int) int { return n % apart }) }

// renumber changes the cell numbers of declarations in a copy of the scope.
func (d *dispatcher) renumber(number func(int) int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.scope = renumberedScope(d.scope, number)
}

// renumberedScope returns a scope with other cell numbers: a copy, if it differs.
func renumberedScope(scope *cell.Scope, number func(int) int) *cell.Scope {
	var next *cell.Scope
	for i, decl := range scope.Decls() {
		if number(decl.Cell) == decl.Cell {
			continue
		}
		if next == nil {
			next, _ = scope.Remove() // of nothing: a copy
		}
		c := next.Decls()[i]
		c.Cell = number(c.Cell)
	}
	if next == nil {
		return scope
	}
	return next
}

// blank replaces everything but newlines by spaces.
func blank(text string) string {
	b := []byte(text)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// magicError shows the error of a magic. Errors of Go that a magic ran are
// shown as those of any cell.
func (s *Session) magicError(ctx context.Context, n int, line *cell.Magic, err error) *Error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	var faults cell.Errors
	if errors.As(err, &faults) {
		return s.compileError(numbered(faults, n))
	}
	var py *magics.PythonError
	errors.As(err, &py)
	if ctx.Err() != nil {
		e := interruptedError(ctx)
		if py != nil {
			e.Traceback = append(e.Traceback, py.Traceback...)
		}
		return e
	}
	if py != nil {
		e := &Error{Name: "PythonError", Value: py.Value}
		e.Traceback = []string{colorError(e.Name) + ": " + e.Value}
		if len(py.Traceback) > 1 { // more than that line
			e.Traceback = append(e.Traceback, py.Traceback...)
		}
		return e
	}
	var usage *magic.UsageError
	var shell *magics.ShellError
	e := &Error{Name: "MagicError", Value: strings.TrimSpace(err.Error())}
	switch {
	case errors.As(err, &usage):
		e.Name = "UsageError"
	case errors.As(err, &shell):
		e.Name = "ShellError"
	}
	if line != nil {
		if src, ok := s.sourceLine(n, line.Line); ok {
			e.Traceback = append(e.Traceback, fmt.Sprintf("%scell %d:%d%s: %s", ansiCyan, n, line.Line, ansiReset, src))
		}
	}
	e.Traceback = append(e.Traceback, strings.Split(colorError(e.Name)+": "+e.Value, "\n")...)
	return e
}

// interruptedError says that a magic was stopped.
func interruptedError(ctx context.Context) *Error {
	name, value := "Interrupted", "interrupted"
	if errors.Is(context.Cause(ctx), context.DeadlineExceeded) {
		name, value = "Timeout", "the cell took longer than its timeout"
	}
	return &Error{Name: name, Value: value, Traceback: []string{colorError(name) + ": " + value}}
}
