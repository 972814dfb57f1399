package compiler

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/assembly"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// page collects what is known of functions, line by line.
type page struct {
	result   result.Annotate
	code     []map[int][]piece          // by function and line
	compared bool                       // two functions with each other
	summary  []result.AnnotatedFunction // of the functions of a cell
	warnings []string
	notes    []string
	partial  string
}

// piece is the instructions of a line in one function.
type piece struct {
	fn           string
	instructions []assembly.Instruction
}

// add adds a function with its remarks, and its machine code where there is some.
func (p *page) add(t target, remarks []result.Remark, codes []*assembly.Function, why string) {
	name := t.Name
	if strings.Contains(t.expr, "[") {
		name = t.named(t.args)
	}
	p.addLines(result.AnnotatedFunction{Name: name, Package: t.Package, File: t.File, First: t.First, Inline: inlining(t, remarks), NoCode: why}, t.Lines, 0, remarks, codes)
}

// addLines adds lines of source as one function. before is how many bytes stand
// before them on their first line.
func (p *page) addLines(f result.AnnotatedFunction, lines []string, before int, remarks []result.Remark, codes []*assembly.Function) {
	byLine := map[int][]result.Remark{}
	for _, r := range remarks {
		if r.File == f.File {
			byLine[r.Line] = append(byLine[r.Line], r)
		}
	}
	pieces := map[int][]piece{}
	totals := map[int]assembly.Totals{}
	for _, c := range codes {
		f.Code = sum(f.Code, code(c.Count(func(in *assembly.Instruction) bool { return lineIn(in, f.File) > 0 })))
		for line, pc := range split(c, f.File) {
			pieces[line] = append(pieces[line], pc)
			t := c.Count(func(in *assembly.Instruction) bool { return lineIn(in, f.File) == line })
			totals[line] = add(totals[line], t)
		}
	}
	for i, text := range lines {
		whole := text
		if i == 0 {
			whole = strings.Repeat(" ", before) + text
		}
		own := nameLiterals(byLine[f.First+i], whole)
		nameIndexed(own, whole)
		l := result.AnnotatedLine{Line: f.First + i, Text: strings.TrimRight(text, "\r"), Remarks: own, Code: code(totals[f.First+i])}
		l.Score = score(l)
		f.Lines = append(f.Lines, l)
	}
	if f.Code.Instructions > 0 {
		f.NoCode = ""
	}
	p.result.Functions = append(p.result.Functions, f)
	p.code = append(p.code, pieces)
}

// split sorts a function's instructions by the line of the source.
func split(f *assembly.Function, file string) map[int]piece {
	lines := map[int]piece{}
	for i := range f.Instructions {
		line := lineIn(&f.Instructions[i], file)
		if line == 0 {
			continue
		}
		pc := lines[line]
		pc.fn = f.Name
		pc.instructions = append(pc.instructions, f.Instructions[i])
		lines[line] = pc
	}
	return lines
}

// lineIn is the line of a file that an instruction belongs to; 0: none. It is that of
// the function itself, or that of what was inlined into generated code.
func lineIn(in *assembly.Instruction, file string) int {
	for i := outermost(in.Stack); i >= 0; i-- {
		if in.Stack[i].File == file {
			return in.Stack[i].Line
		}
	}
	return 0
}

// outermost is the index of the place in the function itself; -1: it isn't known.
// The compiler makes an instance of a generic function out of what all types of a
// shape have in common, which is inlined into a function with nothing else in it.
func outermost(stack []assembly.Position) int {
	i := len(stack) - 1
	if i > 0 && isShape(stack[i-1].Func) && !isShape(stack[i].Func) && withoutInstances(stack[i-1].Func) == withoutInstances(stack[i].Func) {
		return i - 1
	}
	return i
}

func isShape(name string) bool { return strings.Contains(name, "go.shape.") }

// score counts what is done for a line beside what it says itself.
func score(l result.AnnotatedLine) int {
	bounds := l.Count(result.RemarkBounds, result.RemarkSliceBounds)
	return l.Count(result.RemarkEscape, result.RemarkMoved) + max(bounds, l.Code.Bounds) + l.Code.RuntimeCalls() + max(l.Code.Barriers, l.Count(result.RemarkBarrier)) + l.Code.Dynamic
}

// inlining says whether calls of a function are inlined.
func inlining(t target, remarks []result.Remark) string {
	for _, r := range remarks {
		if r.File != t.File || r.Line < t.First || r.Line >= t.First+len(t.Lines) || withoutInstances(r.Func) != t.own() {
			continue
		}
		switch {
		case r.Kind == result.RemarkCanInline:
			return fmt.Sprintf("can be inlined, cost %d", r.Cost)
		case r.Kind == result.RemarkCannotInline:
			return "can't be inlined: " + r.Why
		}
	}
	return ""
}

// add and sum add counts.
func add(a, b assembly.Totals) assembly.Totals {
	c := assembly.Totals{Instructions: a.Instructions + b.Instructions, Bytes: a.Bytes + b.Bytes, Calls: a.Calls + b.Calls, Indirect: a.Indirect + b.Indirect,
		Interface: a.Interface + b.Interface, Closure: a.Closure + b.Closure, Bounds: a.Bounds + b.Bounds, WriteBarrier: a.WriteBarrier + b.WriteBarrier,
		Vector: max(a.Vector, b.Vector), Packed: a.Packed + b.Packed, Called: map[string]int{}}
	for _, calls := range []map[string]int{a.Called, b.Called} {
		for name, n := range calls {
			c.Called[name] += n
		}
	}
	return c
}

func sum(a, b result.Code) result.Code {
	c := result.Code{Instructions: a.Instructions + b.Instructions, Bytes: a.Bytes + b.Bytes, Interface: a.Interface + b.Interface, Closure: a.Closure + b.Closure, Dynamic: a.Dynamic + b.Dynamic,
		Bounds: a.Bounds + b.Bounds, Barriers: a.Barriers + b.Barriers, Packed: a.Packed + b.Packed, Vector: max(a.Vector, b.Vector)}
	for _, calls := range []map[string]int{a.Calls, b.Calls} {
		for name, n := range calls {
			if c.Calls == nil {
				c.Calls = map[string]int{}
			}
			c.Calls[name] += n
		}
	}
	return c
}

// only leaves the remarks of some kinds, and no machine code.
func (p *page) only(kinds []string) {
	p.result.About = kinds
	strip := func(f *result.AnnotatedFunction) {
		f.Code, f.NoCode = result.Code{}, ""
		if !slices.Contains(kinds, result.RemarkCanInline) {
			f.Inline = ""
		}
		for i := range f.Lines {
			l := &f.Lines[i]
			l.Remarks = slices.DeleteFunc(slices.Clone(l.Remarks), func(r result.Remark) bool { return !slices.Contains(kinds, r.Kind) })
			l.Code = result.Code{}
			l.Score = l.Count(result.RemarkEscape, result.RemarkMoved, result.RemarkBounds, result.RemarkSliceBounds, result.RemarkCannotInline, result.RemarkNotInlined, result.RemarkBarrier, result.RemarkNilCheck)
		}
	}
	for i := range p.result.Functions {
		strip(&p.result.Functions[i])
		p.code[i] = nil
	}
	for i := range p.summary {
		strip(&p.summary[i])
	}
}

// functionsPage is about functions that are named, or all of the session's.
func functionsPage(ctx context.Context, h magic.Host, m *magic.Magic, exprs []string) (*page, error) {
	targets, err := find(ctx, h, m, exprs)
	if err != nil {
		return nil, err
	}
	if len(exprs) == 0 {
		all, err := h.Functions(ctx, "")
		if err != nil {
			return nil, err
		}
		for _, f := range all {
			targets = append(targets, target{Function: f, expr: f.Name, decl: declaration(f)})
		}
		if len(targets) == 0 {
			return nil, m.Usagef("%s: the session has no functions; name one of a package, such as math.Hypot", m.Title())
		}
	}
	for _, t := range targets {
		if t.NoGo != "" && t.decl != nil && t.decl.Body == nil {
			return nil, &magic.UsageError{Problem: fmt.Sprintf("%s: the compiler has nothing to say of %s: %s; %%disasm shows its machine code", m.Title(), t.Name, t.NoGo)}
		}
	}
	e, notes, err := explainInstances(ctx, h, targets)
	if err != nil {
		return nil, err
	}
	defer e.close()
	if err := e.addPackages(ctx, h, targets); err != nil {
		return nil, err
	}
	p := &page{notes: notes}
	if h.Status(ctx).Programs {
		p.warnings = append(p.warnings, "this is how live cells are compiled: the settings for which cells are programs of their own aren't in it")
	}
	for _, t := range targets {
		codes, why, err := e.codes(t)
		if err != nil {
			return nil, err
		}
		p.add(t, e.remarks, codes, why)
		if last := p.result.Functions[len(p.result.Functions)-1]; t.generic() && !remarked(last) {
			p.notes = append(p.notes, "nothing is known of "+t.Name+": it is generic, and the compiler speaks of instances only; name one, such as "+t.named(t.example()))
		}
	}
	return p, nil
}

func remarked(f result.AnnotatedFunction) bool {
	return slices.ContainsFunc(f.Lines, func(l result.AnnotatedLine) bool { return len(l.Remarks) > 0 })
}

// codes is the machine code of a function and its parts, or why there is none.
func (e *explained) codes(t target) ([]*assembly.Function, string, error) {
	own, parts, err := e.objects.function(t)
	switch {
	case err == nil || len(parts) > 0:
		return slices.Concat(own, parts), "", nil
	case !errors.Is(err, errNoCode):
		return nil, "", err
	case t.generic():
		return nil, "it is generic, and no instance of it has code of its own here", nil
	}
	return nil, "it is inlined wherever it is called, or nothing calls it", nil
}

// statementPage is about a statement, which isn't run, and the functions of the
// session that it names.
func statementPage(ctx context.Context, h magic.Host, in *measuring.Input, text string, at int) (*page, error) {
	piece := magic.Piece{Text: text, At: in.Line.ArgsAt + at}
	body, err := measuring.ReadPiece(h, &piece)
	if err != nil {
		return nil, err
	}
	targets, err := find(ctx, h, in.Magic, in.Args.All("f"))
	if err != nil {
		return nil, err
	}
	called, err := calledFunctions(ctx, h, text)
	if err != nil {
		return nil, err
	}
	targets = append(targets, called...)
	prog := keeping(targets)
	prog.InBLoop = true // what keeps values alive would have remarks of its own
	prog.Pieces = append(prog.Pieces, piece, magic.Ours(measuring.Uses(body)))
	got, err := h.Explain(ctx, prog)
	if err != nil {
		return nil, err
	}
	defer got.Close()
	o, err := openObjects(got, slices.ContainsFunc(targets, func(t target) bool { return t.Package != "" }))
	if err != nil {
		return nil, err
	}
	defer o.close()
	e := &explained{remarks: got.Remarks, objects: o}
	if err := e.addPackages(ctx, h, targets); err != nil {
		return nil, err
	}
	p := &page{}
	n, _ := h.At()
	first := 1 + strings.Count(h.CellText()[:piece.At], "\n")
	p.addLines(result.AnnotatedFunction{Name: cellName, File: fmt.Sprintf("cell %d", n), First: first}, strings.Split(strings.TrimRight(text, "\n"), "\n"), piece.At-1-strings.LastIndexByte(h.CellText()[:piece.At], '\n'), e.remarks, o.entry())
	for _, t := range targets {
		codes, why, err := e.codes(t)
		if err != nil {
			return nil, err
		}
		p.add(t, e.remarks, codes, why)
	}
	return p, nil
}

// cellPage runs the cell and is about all of it. With an error of the run it still
// has what was compiled; a nil page: it doesn't compile.
func cellPage(ctx context.Context, h magic.Host, in *measuring.Input) (*page, magic.Result, error) {
	if strings.TrimSpace(in.Body) == "" {
		return nil, magic.Result{}, in.Magic.Usagef("%s needs Go below its line", in.Magic.Spell(in.Form))
	}
	if s := h.Status(ctx); s.Programs {
		return nil, magic.Result{}, onlyLive(in, s.Flags)
	}
	out, got, err := h.RunExplained(ctx)
	defer got.Close()
	var faults cell.Errors
	if err != nil && (errors.As(err, &faults) || len(got.Remarks) == 0) {
		return nil, magic.Result{}, err
	}
	p, failed := readCell(ctx, h, in, got)
	if err == nil && failed != nil && ctx.Err() != nil {
		failed = ctx.Err() // not that the cell didn't run
	}
	if failed != nil {
		return nil, magic.Result{}, errors.Join(err, failed)
	}
	return p, show(out.Value), err
}

// onlyLive says why a cell that is a program of its own isn't explained, and the way out.
func onlyLive(in *measuring.Input, flags []string) error {
	if len(flags) > 0 {
		return fmt.Errorf(`%s explains live cells, and with the flags %s of go build each cell is a program of its own: %%goflags "" goes back to live cells, %%disasm shows the machine code of programs`,
			in.Magic.Spell(in.Form), strings.Join(flags, " "))
	}
	return fmt.Errorf("%s explains live cells, which aren't linked anew for one magic: %%flags with the same settings is for the session", in.Magic.Spell(in.Form))
}

func show(b *display.Bundle) magic.Result { return magic.Result{Show: b} }

// readCell makes the page of a cell that has run: all of its lines, and its
// functions one by one for the table.
func readCell(ctx context.Context, h magic.Host, in *measuring.Input, got magic.Explained) (*page, error) {
	n, line := h.At()
	if ctx.Err() != nil { // the run was interrupted: what was compiled is shown all the same
		ctx = context.WithoutCancel(ctx)
	}
	targets, err := cellFunctions(ctx, h, n)
	if err != nil {
		return nil, err
	}
	ran, err := openObjects(got, false)
	if err != nil {
		return nil, err
	}
	defer ran.close()
	e := &explained{remarks: shownValues(got.Remarks), objects: ran}
	p := &page{notes: firstInstances(targets, got.Remarks)}
	kept := &explained{objects: &objects{}, close: func() {}}
	if len(targets) > 0 { // what the statements don't call isn't in what ran
		if kept, err = explain(ctx, h, targets); err != nil {
			return nil, err
		}
	}
	defer kept.close()
	var all []*assembly.Function
	for _, t := range targets {
		codes, why, err := e.codes(t)
		if len(codes) == 0 && err == nil {
			codes, why, err = kept.codes(t)
		}
		if err != nil {
			return nil, err
		}
		one := &page{}
		one.add(t, e.remarks, codes, why)
		p.summary = append(p.summary, one.result.Functions...)
		all = append(all, codes...)
	}
	all = append(all, ran.entry()...)
	p.addLines(result.AnnotatedFunction{Name: cellName, File: fmt.Sprintf("cell %d", n), First: line}, strings.Split(strings.TrimRight(in.Body, "\n"), "\n"), 0, e.remarks, all)
	return p, nil
}

// shownValues says of the value of a cell, which its last expression is, why it is on
// the heap: not for the user's own doing.
func shownValues(remarks []result.Remark) []result.Remark {
	for i := range remarks {
		if r := &remarks[i]; len(r.Flow) > 0 && strings.HasPrefix(r.Flow[len(r.Flow)-1].What, "display.Result(") {
			r.Why = "it is the cell's value"
			if r.Kind == result.RemarkEscape {
				r.Kind = result.RemarkShown
			}
		}
	}
	return remarks
}

// cellFunctions are the functions that a cell declares.
func cellFunctions(ctx context.Context, h magic.Host, n int) ([]target, error) {
	all, err := h.Functions(ctx, "")
	if err != nil {
		return nil, err
	}
	var targets []target
	for _, f := range all {
		if f.Cell == n {
			targets = append(targets, target{Function: f, expr: f.Name, decl: declaration(f)})
		}
	}
	return targets, nil
}
