package compiler

import (
	"context"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// annotateRows is %annotate and %%annotate.
func annotateRows() []magic.Magic {
	flags := []magic.Flag{
		{Name: "f", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a function to look at while a statement runs, may be repeated"},
		{Name: "diff", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a second function, to compare with, or a result that -name kept: the function before it was changed"},
		{Name: "hits", Doc: "shade by how often a line is executed, too: the cell runs once more, or the statement once, with counters"},
		{Name: "samples", Doc: "shade by where the time goes: the cell runs once more, or the statement for up to 5 s, while it is sampled"},
	}
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "annotate", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Takes: magic.AboutFunctions, Holds: magic.AboutGo, Flags: flags,
			Usage: "%annotate FUNC [FUNC], %annotate -hits|-samples -f FUNC STATEMENT, or %%annotate [-hits] [-samples] and a cell",
			Doc: "show source beside what the compiler made of it\nThe counterpart of cython -a: a line is the darker the more is done for it beside what it says: allocations, calls of the runtime, bounds checks, write barriers, calls through interfaces. " +
				"A click on a line opens why, and its machine code. Two functions are compared; a function with what it was by %annotate -name before f, and %annotate -diff before f when it has changed."}, runAnnotate),
	}
}

// runAnnotate implements %annotate and %%annotate.
func runAnnotate(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	if in.Form == magic.Line {
		return annotateFunctions(ctx, h, in)
	}
	switch {
	case in.Args.Rest != "":
		return magic.Result{}, in.Magic.Usagef("%%%%annotate takes a cell, not %q on its line: %%annotate does", in.Args.Rest)
	case in.Args.Has("f") || in.Args.Has("diff"):
		return magic.Result{}, in.Magic.Usagef("flags -f and -diff are for %%annotate: %%%%annotate shows all of a cell")
	}
	p, res, err := cellPage(ctx, h, in)
	if p == nil {
		return res, err
	}
	partial := "the cell didn't come to its end"
	if err == nil && in.Args.Has("hits") {
		partial = "the cell came to its end, but not when it ran once more for its hits"
		err = onceMore(ctx, p.countCell(ctx, h))
	}
	if err == nil && in.Args.Has("samples") {
		partial = "the cell came to its end, but not when it ran once more for its samples"
		err = onceMore(ctx, p.sampleCell(ctx, h))
	}
	if err != nil {
		p.partial = partial
	}
	shown, failed := measuring.Finish(context.WithoutCancel(ctx), h, in, p.output(in.Magic.Name))
	if err != nil {
		return shown, err
	}
	if shown.Show == nil {
		shown.Show = res.Show
	}
	return shown, failed
}

// onceMore is the error of a run of a cell that has run before: an interrupt while that
// was compiled didn't come before the cell ran.
func onceMore(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && !measuring.HasRun(err) {
		return ctx.Err()
	}
	return err
}

// annotateFunctions shows functions that are named; a statement runs only to count
// or to sample in them.
func annotateFunctions(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	m, runs := in.Magic, in.Args.Has("hits") || in.Args.Has("samples")
	names, statement := in.Args.All("f"), strings.TrimSpace(in.Args.Rest) != ""
	if !runs {
		more, ok := functionNames(in.Args.Rest)
		if !ok {
			return magic.Result{}, m.Usagef("%%annotate takes the names of functions, not %q; with -hits or -samples and -f FUNC it runs a statement", in.Args.Rest)
		}
		names = append(names, more...)
	}
	kept, more := keptFunctions(h, in.Args.All("diff"), func(r result.Annotate) []result.AnnotatedFunction { return r.Functions },
		func(f *result.AnnotatedFunction) *string { return &f.Name })
	names = append(names, more...)
	switch {
	case runs && (len(names) == 0 || !statement):
		return magic.Result{}, m.Usagef("flags -hits and -samples of %%annotate need a statement to run, and the functions to look at with -f; cells run with %%%%annotate")
	case len(names)+len(kept) == 1 && in.Args.Has("diff") && !runs:
		return magic.Result{}, m.Usagef("%%annotate -diff %s needs the function to compare with it: %%annotate -diff %s FUNC", in.Args.Text("diff", ""), in.Args.Text("diff", ""))
	case len(names) == 0:
		return magic.Result{}, m.Usagef("%%annotate needs the name of a function, as in %%annotate math.Hypot")
	case len(names)+len(kept) > 2 && !runs:
		return magic.Result{}, m.Usagef("%%annotate compares two functions at most, not %d", len(names)+len(kept))
	}
	p, err := functionsPage(ctx, h, m, names)
	if err != nil {
		return magic.Result{}, err
	}
	if runs {
		err = p.run(ctx, h, in, names)
		if err != nil && !p.result.Hits && p.result.Samples == 0 {
			return magic.Result{}, err
		}
	}
	p.putBefore(kept)
	if len(p.result.Functions) == 2 {
		p.compare()
	}
	shown, failed := measuring.Finish(context.WithoutCancel(ctx), h, in, p.output(m.Name))
	if err != nil {
		return shown, err
	}
	return shown, failed
}

// putBefore sets functions before those of the page. Their machine code is gone.
func (p *page) putBefore(kept []result.AnnotatedFunction) {
	p.result.Functions = append(kept, p.result.Functions...)
	p.code = append(make([]map[int][]piece, len(kept)), p.code...)
}

// run runs a statement for its hits and samples in functions.
func (p *page) run(ctx context.Context, h magic.Host, in *measuring.Input, names []string) error {
	s, err := measuring.ReadSubject(h, in)
	if err != nil {
		return err
	}
	targets, err := find(ctx, h, in.Magic, names)
	if err != nil {
		return err
	}
	if in.Args.Has("hits") {
		err = p.countStatement(ctx, h, s, targets)
	}
	if err == nil && in.Args.Has("samples") {
		err = p.sampleStatement(ctx, h, s, targets)
	}
	if err != nil {
		p.partial = "the statement didn't come to its end"
	}
	return err
}
