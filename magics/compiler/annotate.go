package compiler

import (
	"context"
	"fmt"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// annotateRows is %annotate and %%annotate.
func annotateRows() []magic.Magic {
	flags := []magic.Flag{
		{Name: "hits", Doc: "shade by how often a line is executed, too; the cell then runs once more, with counters, showing nothing"},
		{Name: "samples", Doc: "shade by where the time goes; the cell then runs once more, while it is sampled, showing nothing"},
	}
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "annotate", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Takes: magic.AboutFunctions, Holds: magic.AboutGo, Flags: flags,
			Usage: "%annotate FUNC [FUNC], or %%annotate [-hits] [-samples] and a cell",
			Doc: "show source beside what the compiler made of it\nThe counterpart of cython -a: a line is the darker the more is done for it beside what it says: allocations, calls of the runtime, bounds checks, write barriers, calls through interfaces. " +
				"A click on a line opens why, and its machine code. Two functions are compared."}, runAnnotate),
	}
}

// runAnnotate implements %annotate and %%annotate.
func runAnnotate(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	if in.Form == magic.Line {
		return annotateFunctions(ctx, h, in)
	}
	if in.Args.Rest != "" {
		return magic.Result{}, in.Magic.Usagef("%%%%annotate takes a cell, not %q on its line: %%annotate does", in.Args.Rest)
	}
	p, res, err := cellPage(ctx, h, in)
	if p == nil {
		return res, err
	}
	if err == nil && in.Args.Has("hits") {
		err = p.countHits(ctx, h)
	}
	if err == nil && in.Args.Has("samples") {
		err = p.sample(ctx, h)
	}
	if err != nil {
		p.partial = "the cell didn't come to its end"
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

// annotateFunctions shows functions that are named; nothing is run.
func annotateFunctions(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	names, ok := functionNames(in.Args.Rest)
	switch {
	case !ok || len(names) == 0:
		return magic.Result{}, in.Magic.Usagef("%%annotate takes the names of functions, not %q; %%%%annotate takes a cell", in.Args.Rest)
	case in.Args.Has("hits") || in.Args.Has("samples"):
		return magic.Result{}, in.Magic.Usagef("flags -hits and -samples of %%annotate are for cells, which run: %%%%annotate")
	case len(names) > 2:
		return magic.Result{}, in.Magic.Usagef("%%annotate compares two functions at most, not %s", fmt.Sprint(len(names)))
	}
	p, err := functionsPage(ctx, h, in.Magic, names)
	if err != nil {
		return magic.Result{}, err
	}
	if len(names) == 2 {
		p.compare()
	}
	return measuring.Finish(ctx, h, in, p.output(in.Magic.Name))
}
