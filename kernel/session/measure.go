package session

import (
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// records takes what the harness reports out of a program's output.
type records struct{ hear func(harness.Record) }

// Stream implements magic.Recorder.
func (r records) Stream(string, string) bool { return true }

// Display implements magic.Recorder.
func (r records) Display(e display.Event) bool {
	rec, ok := harness.ReadRecord(e.Bundle)
	if ok && r.hear != nil {
		r.hear(rec)
	}
	return !ok
}

// Close implements magic.Recorder.
func (r records) Close() error { return nil }

// Measure implements magic.Meter.
func (d *dispatcher) Measure(ctx context.Context, p magic.Program) (magic.Outcome, error) {
	stop := d.Record(records{p.Records})
	defer stop() // records are never in the way of an error of their own
	if err := d.waitWarm(ctx); err != nil {
		return magic.Outcome{}, d.plainError(ctx, err)
	}
	flags := d.buildFlags()
	d.resetTiming()
	var got compiled
	var fail *Error
	if p.Fresh || d.asPrograms() || !d.keepsValues() {
		p.Flags, p.Values = append(slices.Clone(flags), p.Flags...), true
		got, fail = d.measureFresh(ctx, p)
	} else {
		got, fail = d.measureLive(ctx, p)
	}
	out := d.timing()
	out.Counters, out.Messages, out.Uncounted, out.CountedFrom, out.Left = got.counters, got.messages, got.uncounted, got.from, got.left
	if fail != nil {
		return out, fail
	}
	return out, nil
}

// CellText implements magic.Meter.
func (d *dispatcher) CellText() string { return d.cell.Text }

// compiled is what the compilation of a program tells about it.
type compiled struct {
	counters  []cell.Counter
	messages  string
	uncounted map[string]string // Outcome.Uncounted
	from      []string          // Outcome.CountedFrom
	left      map[string]string // Outcome.Left
}

// measureLive runs a program in the worker.
func (d *dispatcher) measureLive(ctx context.Context, p magic.Program) (compiled, *Error) {
	if err := d.ensureWorker(ctx); err != nil {
		return compiled{}, d.plainError(ctx, err)
	}
	d.setApart()
	d.mu.Lock()
	scope := d.scope
	d.mu.Unlock()
	made, fail := d.buildCounted(ctx, p, func(count *cell.Count) (*cell.Cell, *cell.Unit, cell.Errors) {
		env := d.cellEnv(ctx)
		env.Reach, env.Count, env.Regions, env.Calls = true, count, p.Regions, p.Calls
		return d.composed(scope, p, func(c *cell.Cell) (*cell.Unit, cell.Errors) { return cell.Rewrite(env, scope, d.n, c) })
	})
	if fail != nil {
		return compiled{}, fail
	}
	_, _, fail = d.callObject(ctx, d.n, made.cell, made.unit, made.object, beside{}, d.sink)
	made.counters, made.messages = made.unit.Counters, made.object.Messages
	return made.compiled, fail
}

// measureFresh runs a program in a process of its own.
func (d *dispatcher) measureFresh(ctx context.Context, p magic.Program) (compiled, *Error) {
	scope := renumberedScope(d.twinScope(ctx), setApart(d.n))
	env := d.programEnv(ctx, cell.NoPlain)
	count, why := d.countIn(ctx, p)
	env.Count, env.Regions, env.Calls = count, p.Regions, p.Calls
	if count != nil && len(count.Packages) > 0 {
		count = d.compilable(ctx, *count, why)
		env.Count = count
		dir := d.programDir()
		if !build.Keep() {
			defer os.RemoveAll(dir)
		}
		overlay, err := build.WriteOverlay(dir, count.Packages...)
		if err != nil {
			return compiled{}, d.plainError(ctx, err)
		}
		p.Flags = append(slices.Clone(p.Flags), "-overlay="+overlay)
	}
	c, u, values, fail := d.composedWithValues(ctx, scope, p, env)
	defer values.remove()
	if fail != nil {
		return compiled{}, fail
	}
	_, fail = d.runProgram(ctx, u, c, programBuild{flags: p.Flags, env: p.Env, under: p.Under}, d.sink)
	return compiled{counters: u.Counters, uncounted: why, from: []string{magic.CountedEverywhere}, left: values.left}, fail
}

// composed parses and rewrites a program. Whether an expression that stands alone
// or ends a piece is a statement only its type tells, so those that aren't are
// given to _ when the compiler asks for it.
func (d *dispatcher) composed(scope *cell.Scope, p magic.Program, rewrite func(*cell.Cell) (*cell.Unit, cell.Errors)) (*cell.Cell, *cell.Unit, cell.Errors) {
	p = p.Split()
	dropped := map[int]bool{}
	for {
		c, errs := cell.Compose(scope, d.cell.Text, patches(p, dropped))
		if len(errs) > 0 {
			return nil, nil, errs
		}
		u, errs := rewrite(c)
		if len(errs) == 0 {
			return c, u, nil
		}
		if !dropUnused(c, p, errs, dropped) {
			return nil, nil, errs
		}
	}
}

// dropUnused marks the pieces whose values must be dropped; false: there are none.
func dropUnused(c *cell.Cell, p magic.Program, errs cell.Errors, dropped map[int]bool) bool {
	found := false
	for _, e := range errs {
		if !strings.HasSuffix(e.Msg, "is not used") && !strings.Contains(e.Msg, "is not used (") {
			continue
		}
		for i, piece := range p.Pieces {
			if !piece.Expr || piece.At == cell.Generated || dropped[i] {
				continue
			}
			if covers(c, piece, e) {
				dropped[i], found = true, true
			}
		}
	}
	return found
}

// covers reports whether a message is about a piece.
func covers(c *cell.Cell, p magic.Piece, e cell.Diagnostic) bool {
	line, col := c.Original(p.At)
	last, end := c.Original(p.At + len(p.Text))
	return (line < e.Line || line == e.Line && col <= e.Col) && (e.Line < last || e.Line == last && e.Col < end)
}

// patches is the text of a program: a block, so that it declares nothing in the
// session.
func patches(p magic.Program, dropped map[int]bool) []cell.Patch {
	ours := func(text string) cell.Patch { return cell.Patch{Text: text, At: cell.Generated} }
	var out []cell.Patch
	for _, name := range slices.Sorted(maps.Keys(p.Imports)) {
		out = append(out, ours(fmt.Sprintf("import %s %q", name, p.Imports[name])))
	}
	out = append(out, ours("{"))
	for i, piece := range p.Pieces {
		if dropped[i] {
			out = append(out, ours("_ ="))
		}
		out = append(out, cell.Patch{Text: piece.Text, At: piece.At, Kept: !p.InBLoop})
	}
	return append(out, ours("}"))
}
