package compiler

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"hpgo/magics/assembly"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// levels are the values of GOAMD64.
var levels = []string{"v1", "v2", "v3", "v4"}

// disasmRows is %disasm.
func disasmRows() []magic.Magic {
	flags := []magic.Flag{
		{Name: "gnu", Doc: "in the syntax of GNU binutils"},
		{Name: "diff", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a second function beside it, or a result that -name kept: the function before it was changed"},
		measuring.FreshFlag(""),
	}
	for _, level := range levels {
		flags = append(flags, magic.Flag{Name: level, Doc: "as an ordinary program with GOAMD64=" + level + "; two of these stand side by side"})
	}
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "disasm", Aliases: []string{"asm"}, Kind: magic.Line, Syntax: magic.Words, RunsGo: true, Takes: magic.AboutFunctions, Flags: flags, Min: 1, Max: 2, Wants: "the name of a function, as in %disasm math.Hypot",
			Usage: "%disasm [-gnu] [-v1|-v2|-v3|-v4] [-diff FUNC] FUNC",
			Doc: "show a function's machine code, line by line\nThe code is that which runs in live cells, of functions of the session and of packages: f, T.m, (*T).m, math.Hypot, Map[int]. " +
				"In the text >> marks what something jumps to; jumps have offsets from the function's start."}, runDisasm),
	}
}

// view is one function in one build.
type view struct {
	target target
	level  string   // of GOAMD64; "": that of the session
	fresh  bool     // a program of the go command
	flags  []string // of go build
	alone  bool     // cells are programs of their own
}

// build names the build.
func (v view) build() string {
	switch {
	case v.fresh:
		text := strings.Join(append([]string{"go build"}, v.flags...), " ")
		if v.level != "" {
			text += " GOAMD64=" + v.level
		}
		return text
	case v.alone:
		return "fresh process"
	}
	return "live"
}

// runDisasm implements %disasm.
func runDisasm(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	kept, more := keptFunctions(h, in.Args.All("diff"), func(r result.Disasm) []result.DisasmFunction { return r.Functions }, func(f *result.DisasmFunction) *string { return &f.Name })
	views, err := readViews(ctx, h, in, slices.Concat(joined(in.Args.Words), more), len(kept))
	if err != nil {
		return magic.Result{}, err
	}
	wait := measuring.NewProgress(h)
	defer wait.End()
	r := result.Disasm{Functions: kept}
	begin := make([]int, len(kept)) // of what is asked for in the functions, which have their literals behind them
	for i := range kept {
		begin[i] = i
	}
	for _, v := range views {
		begin = append(begin, len(r.Functions))
		wait.Say("building %s (%s)", v.target.Name, v.build())
		fs, err := disassemble(ctx, h, v, in.Args.Has("gnu"))
		if err != nil {
			return magic.Result{}, err
		}
		r.Functions = append(r.Functions, fs...)
	}
	return measuring.Finish(ctx, h, in, disasmOutput(r, begin))
}

// readViews reads which functions are to be shown in which builds, beside others.
func readViews(ctx context.Context, h magic.Host, in *measuring.Input, names []string, others int) ([]view, error) {
	m := in.Magic
	targets, err := find(ctx, h, m, names)
	if err != nil {
		return nil, err
	}
	var chosen []string
	for _, level := range levels {
		if in.Args.Has(level) {
			chosen = append(chosen, level)
		}
	}
	switch {
	case len(chosen) > 0 && runtime.GOARCH != "amd64":
		return nil, m.Usagef("flag -%s of %s is a level of amd64: this machine is %s", chosen[0], m.Title(), runtime.GOARCH)
	case others+len(targets)*max(1, len(chosen)) > 2:
		return nil, m.Usagef("%s compares two at most: two functions, or one in two builds", m.Title())
	case len(chosen) == 0:
		chosen = []string{""}
	}
	for i := range targets {
		if targets[i], err = oneInstance(ctx, h, m, targets[i]); err != nil {
			return nil, err
		}
	}
	s := h.Status(ctx)
	goflags, alone, programs := s.Flags, !s.KeepsState, s.Programs
	var views []view
	for _, t := range targets {
		for _, level := range chosen {
			views = append(views, view{target: t, level: level, flags: goflags, alone: alone, fresh: in.Args.Has("fresh") || level != "" || programs})
		}
	}
	return views, nil
}

// disassemble decodes a function and its parts. What live code doesn't have, because
// it is inlined everywhere in the packages that are loaded, a program is built for.
func disassemble(ctx context.Context, h magic.Host, v view, gnu bool) ([]result.DisasmFunction, error) {
	t := v.target
	build := func() (*explained, error) {
		if !v.fresh {
			return explain(ctx, h, []target{t})
		}
		var env []string
		if v.level != "" {
			env = []string{"GOAMD64=" + v.level}
		}
		return program(ctx, h, []target{t}, env)
	}
	e, err := build()
	if err != nil {
		return nil, err
	}
	defer e.close()
	own, parts, err := e.objects.function(t)
	if errors.Is(err, errNoCode) && len(parts) == 0 && !v.fresh {
		v.fresh = true
		return disassemble(ctx, h, v, gnu)
	}
	if err != nil && len(parts) == 0 {
		return nil, noCode(t)
	}
	var all []result.DisasmFunction
	for _, f := range slices.Concat(own, parts) {
		d := disasmFunction(f, t, gnu)
		d.Build = v.build()
		d.Note = codeNote(t, f.Name == t.symbol(), e.remarks)
		all = append(all, d)
	}
	return all, nil
}

// noCode says why there is no machine code of a function.
func noCode(t target) error {
	switch {
	case t.generic():
		return fmt.Errorf("%s has no machine code of its own: this instance of it is inlined wherever it is called", t.expr)
	case !t.reachable():
		return fmt.Errorf("%s has no machine code of its own in what is loaded: it is inlined wherever it is called, or nothing calls it; cells can't refer to it, so it can't be compiled for a look", t.Name)
	}
	return fmt.Errorf("%s has no machine code of its own", t.Name)
}

// codeNote is what one should know before reading the code.
func codeNote(t target, own bool, remarks []result.Remark) string {
	if !own {
		return ""
	}
	if strings.Contains(t.NoGo, "instruction") {
		return t.NoGo + ": this code runs only where the function is used as a value"
	}
	for _, r := range remarks {
		if r.Kind == result.RemarkCanInline && r.File == t.File && r.Line == t.First {
			return "calls of it are inlined where they stand (cost " + fmt.Sprint(r.Cost) + "): this code runs only where the function is used as a value"
		}
	}
	return ""
}

// disasmFunction is the result of a function.
func disasmFunction(f *assembly.Function, t target, gnu bool) result.DisasmFunction {
	d := result.DisasmFunction{Name: f.Name, File: t.File, First: f.Line, Arch: f.Arch, Code: code(f.Totals()), Source: map[int]string{}}
	for i, text := range t.Lines {
		d.Source[t.First+i] = text
	}
	marked := f.Targets()
	for i := range f.Instructions {
		in := &f.Instructions[i]
		at := outermost(in.Stack)
		x := result.DisasmInstruction{Offset: in.Offset, Size: in.Size, Text: in.Text, Call: in.Call, Via: string(in.Via), Marked: marked[in.Offset]}
		if gnu {
			x.Text = in.GNU
		}
		if in.Target >= 0 {
			to := in.Target
			x.Target = &to
		}
		if at >= 0 {
			x.Line = in.Stack[at].Line
		}
		if at > 0 && withoutInstances(in.Stack[0].Func) != withoutInstances(f.Name) {
			x.From = fmt.Sprintf("%s:%d", in.Stack[0].Func, in.Stack[0].Line)
		}
		d.Instructions = append(d.Instructions, x)
	}
	return d
}
