package profiling

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// cellName is how line_profiler's tables call the code of a cell outside of its
// functions.
const cellName = "<cell>"

// runLprunAll implements %%lprun_all: the cell runs with counters, as it would
// without the magic, and then once more in the plain build while it is sampled.
func runLprunAll(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	l := &lprun{h: h, in: in, strip: in.Args.Has("s") || in.Args.Has("z")}
	if err := l.readFlags(); err != nil {
		return magic.Result{}, err
	}
	if in.Args.Rest != "" {
		return magic.Result{}, in.Magic.Usagef("%%%%lprun_all takes a cell, not the statement %q on its line: %%lprun does", in.Args.Rest)
	}
	if strings.TrimSpace(in.Body) == "" {
		return magic.Result{}, in.Magic.Usagef("%%%%lprun_all needs Go below its line")
	}
	if s := h.Status(ctx); !s.KeepsState || s.Programs {
		return magic.Result{}, fmt.Errorf("%s runs cells in the live worker only: not with %%goflags or for another GOAMD64 or GOEXPERIMENT, and not in fresh-process mode", in.Magic.Spell(in.Form))
	}
	value, err := l.runCell(ctx)
	if err != nil && len(l.counts.Values) == 0 {
		measuring.NothingToShow(h, in, err, "the process ended before there were counts to send")
		return magic.Result{}, err // it doesn't compile
	}
	res, failed := measuring.Finish(context.WithoutCancel(ctx), h, in, l.output(nil, err))
	if err != nil {
		return res, err
	}
	if res.Show == nil {
		res.Show = value
	}
	if in.Args.Has("t") && failed == nil {
		failed = h.Define(ctx, "_total_time_taken", strconv.FormatFloat(l.sampled.Sampled.Wall, 'g', -1, 64), nil)
	}
	return res, failed
}

// runCell runs the cell twice, and returns the value of its last expression.
func (l *lprun) runCell(ctx context.Context) (*display.Bundle, error) {
	n, line := l.h.At()
	l.stage = countingRun
	what := cell.Counted{Entry: true}
	if !l.in.Args.Has("p") {
		what.Cells = []int{n}
	}
	out, err := l.h.RunCounted(ctx, &cell.Count{Lines: what, Calls: what}, l.hear)
	l.counters = out.Counters
	l.noteEnd(ctx, err)
	l.funcs = []magic.Function{{Name: cellName, Cell: n, File: fmt.Sprintf("cell %d", n), First: line, Lines: strings.Split(strings.TrimRight(l.in.Body, "\n"), "\n")}}
	if !l.in.Args.Has("p") {
		all, ferr := l.h.Functions(ctx, "")
		if ferr != nil {
			return out.Value, errors.Join(err, ferr)
		}
		for _, f := range all {
			if f.Cell == n {
				l.funcs = append(l.funcs, f)
			}
		}
	}
	if err != nil {
		return out.Value, err
	}
	l.stage = sampledRuns
	return out.Value, l.sampleCell(ctx)
}

// sampleCell runs the cell, unseen, while the worker is sampled.
func (l *lprun) sampleCell(ctx context.Context) error {
	out, err := measuring.SampleBody(ctx, l.h, l.in.Args.Has("wall"), l.hear)
	l.noteEnd(ctx, err)
	if err == nil {
		l.sampled.Finished, l.sampled.Whole, l.sampled.Seen, l.sampled.Sampled = true, 1, 1, sampler.Laps{Runs: 1, User: l.sampled.Samples.User, Sys: l.sampled.Samples.Sys, Wall: out.Wall.Seconds()}
	}
	return err
}
