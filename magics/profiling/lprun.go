package profiling

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
)

// Defaults of %lprun.
const (
	lprunSamples = 2000 // in the named functions
	lprunBudget  = 5    // s
)

// lprunRows are the magics that profile line by line.
func lprunRows() []magic.Magic {
	flags := []magic.Flag{
		{Name: "s", Doc: "leave out functions that never ran"},
		{Name: "z", Doc: "the same as -s"},
		valueFlag(),
		{Name: "u", Arg: "SECONDS", Value: magic.Float, Doc: "unit of the times: 1e-3 for ms (1e-9)"},
		wallFlag(),
		{Name: "sort", Doc: "functions with the most time first"},
		{Name: "min", Arg: "PERCENT", Value: magic.Float, Bounded: true, Doc: "leave out lines with less of their function's time"},
		measuring.BudgetFlag(" (5s)"),
		{Name: "rate", Arg: "HZ", Value: magic.Float, Min: 1, Bounded: true, Doc: "samples per second, at most 20000 (4000 of CPU time, 1000 of wall time)"},
		{Name: "n", Arg: "RUNS", Value: magic.Int, Min: 1, Bounded: true, Doc: "run the statement so often, whatever the number of samples; every other run is without sampling"},
	}
	run := slices.Concat([]magic.Flag{
		{Name: "f", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a function to look at, may be repeated: f, T.m, (*T).m, math.Hypot, gonum/mat.(*Dense).Mul"},
		{Name: "m", Arg: "PACKAGE", Takes: magic.AboutPackages, Doc: "all functions of a package, may be repeated; those that never ran are left out"},
		{Name: "all", Doc: "all functions of the session; those that never ran are left out"},
		{Name: "alloc", Doc: "bytes and objects that each line allocates, from one more run in which every allocation is recorded"},
		measuring.FreshFlag("; there calls from packages to packages are counted, too"),
		measuring.KeepFlag(),
	}, flags)
	all := slices.Concat([]magic.Flag{
		{Name: "p", Doc: "the statements of the cell only, without its functions"},
		{Name: "t", Doc: "declare the variable _total_time_taken with the seconds that the sampled run took"},
	}, slices.DeleteFunc(slices.Clone(flags), func(f magic.Flag) bool { return f.Name == "budget" || f.Name == "n" || f.Name == "rate" }))
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "lprun", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Takes: magic.AboutGo, Holds: magic.AboutGo, Flags: run,
			Usage: "%lprun [-f FUNC]... [-m PACKAGE] STATEMENT, or %%lprun [-f FUNC]... [PREPARATION] and a cell",
			Doc: "profile functions line by line\nHits are exact: the statement runs once in a build with counters. Times are those of the plain build: " +
				"the statement is repeated, every other time while it is sampled, until 2,000 samples fall into the functions or -budget is used up; lines have their shares of what the runs without sampling take. " +
				"A line's time includes what it calls. " +
				"Without -f all functions of the session that ran are shown."}, runLprun),
		measuring.Row(magic.Magic{Name: "lprun_all", Kind: magic.Cell, Syntax: magic.Go, RunsGo: true, Holds: magic.AboutGo, Flags: all,
			Usage: "%%lprun_all [flags] and a cell",
			Doc:   "profile a cell line by line, with the functions that it declares\nThe cell runs twice: with counters, and then, without showing anything, in the plain build while it is sampled. Variables are those of the second run."}, runLprunAll),
	}
}

// The runs of the statement, as the word of how far it came names them.
const (
	countingRun = "the run that counts"
	sampledRuns = "the sampled run"
	recordedRun = "the run that records allocations"
)

// lprun is one use of %lprun.
type lprun struct {
	h     magic.Host
	in    *measuring.Input
	subj  *measuring.Subject
	funcs []magic.Function
	strip bool // functions that never ran are left out
	looks bool // %cprun samples what goroutines wait for

	counters    []cell.Counter
	uncounted   map[string]string // packages without counters -> why
	countedFrom []string          // packages whose calls are counted
	counting    time.Duration     // of the run with counters
	counts      harness.Counts
	sampled     sampler.Run
	allocs      *harness.AllocReport // with -alloc
	stage       string               // the run that goes on, or that was cut short
	caught      string
	least       int     // samples in the functions that are enough
	budget      float64 // s
	notes       []string
}

// runLprun implements %lprun and %%lprun.
func runLprun(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	l := &lprun{h: h, in: in}
	if in.Args.Has("r") {
		in.Args.Set("o")
	}
	if err := l.readFlags(); err != nil {
		return magic.Result{}, err
	}
	var err error
	if l.subj, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	if err := l.findFunctions(ctx); err != nil {
		return magic.Result{}, err
	}
	wait := measuring.NewProgress(h)
	defer wait.End()
	keep := in.Args.Has("keep")
	l.stage = countingRun
	restored, err := l.count(ctx, keep)
	if err == nil || l.caught == "Panic" && len(l.counts.Values) > 0 {
		if err == nil {
			l.stage = sampledRuns
		}
		wait.Say("sampling, for at most %s", quantity.Seconds(l.budget, 3))
		if _, failed := l.sample(ctx, keep); err == nil { // after a panic this one is the same
			err = failed
		}
	}
	if err == nil && in.Args.Has("alloc") {
		l.stage = recordedRun
		wait.Say("recording each allocation")
		err = l.recordAllocs(ctx, keep)
	}
	if err != nil && len(l.counts.Values) == 0 && l.sampled.Samples.Count == 0 {
		measuring.NothingToShow(h, in, err, "the process ended before there were counts to send")
		return magic.Result{}, err // it doesn't compile
	}
	out := l.output(restored, err)
	res, failed := measuring.Finish(context.WithoutCancel(ctx), h, in, out)
	if err != nil && failed == nil {
		return res, err
	}
	return res, errors.Join(err, failed)
}

// readFlags checks what the table can't.
func (l *lprun) readFlags() error {
	m := l.in.Magic
	if !(l.in.Args.Float("u", 1) > 0) {
		return m.Usagef("flag -u of %s: %s is not above zero", m.Title(), l.in.Args.Text("u", ""))
	}
	if l.in.Args.Float("rate", 0) > sampler.MaxRate {
		return m.Usagef("flag --rate of %s: %s is more than %d", m.Title(), l.in.Args.Text("rate", ""), sampler.MaxRate)
	}
	if l.in.Args.Float("min", 0) > 100 {
		return m.Usagef("flag --min of %s: %s is more than 100 percent", m.Title(), l.in.Args.Text("min", ""))
	}
	l.least, l.budget = lprunSamples, l.in.Args.Duration("budget", lprunBudget*time.Second).Seconds()
	if m.Flag("n") != nil && !l.in.Args.Has("n") {
		l.least = l.in.Count(lprunSamples)
		if !l.in.Args.Has("budget") {
			l.budget = l.in.Seconds(lprunBudget)
		}
	}
	return nil
}

// findFunctions reads which functions are looked at.
func (l *lprun) findFunctions(ctx context.Context) error {
	a, m := l.in.Args, l.in.Magic
	l.strip = a.Has("s") || a.Has("z")
	add := func(f magic.Function) {
		if !slices.ContainsFunc(l.funcs, func(g magic.Function) bool { return g.File == f.File && g.First == f.First }) {
			l.funcs = append(l.funcs, f)
		}
	}
	for _, expr := range a.All("f") {
		f, err := l.h.Function(ctx, expr)
		if err != nil {
			return &magic.UsageError{Problem: fmt.Sprintf("flag -f of %s: %v", m.Title(), err)}
		}
		add(f)
	}
	paths := a.All("m")
	if a.Has("all") || len(a.All("f")) == 0 && len(paths) == 0 {
		paths = append(paths, "")
	}
	for _, path := range paths {
		l.strip = true
		all, err := l.h.Functions(ctx, path)
		if err != nil {
			return &magic.UsageError{Problem: fmt.Sprintf("flag -m of %s: %v", m.Title(), err)}
		}
		for _, f := range all {
			add(f)
		}
	}
	if len(l.funcs) == 0 {
		return m.Usagef("%s: the session has no functions; name one of a package with -f", m.Title())
	}
	return nil
}

// count runs the statement once with counters, and returns the variables that it
// assigned and that have their values back.
func (l *lprun) count(ctx context.Context, keep bool) ([]string, error) {
	what := &cell.Count{}
	in := map[string][]string{}
	for _, f := range l.funcs {
		switch {
		case f.Package == "":
			what.Lines.Keys = append(what.Lines.Keys, f.Key)
		case f.NoGo == "":
			in[f.Package] = append(in[f.Package], f.Key)
		}
	}
	what.Calls = what.Lines
	p := magic.Program{Count: what, CountIn: in, Fresh: l.in.Args.Has("fresh"), Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Records: l.hear,
		Pieces: []magic.Piece{l.subj.Setup, magic.Ours(measuring.Uses(l.subj.SetupInfo) + measuring.HarnessName + ".Recount()"), l.subj.Body, magic.Ours(measuring.Uses(l.subj.BodyInfo))}}
	out, names, err := measuring.Measure(ctx, l.h, l.subj, p, keep)
	l.counters, l.uncounted, l.countedFrom, l.counting = out.Counters, out.Uncounted, out.CountedFrom, out.Wall
	l.noteEnd(ctx, err)
	return names, err
}

// sample repeats the statement in the plain build while it is sampled.
func (l *lprun) sample(ctx context.Context, keep bool) ([]string, error) {
	o := sampler.LoopOptions{Least: int64(l.least), Budget: l.budget, Runs: l.in.Args.Int("n", 0)}
	o.Wall, o.Rate = l.in.Args.Has("wall") || l.looks, l.in.Args.Float("rate", 0)
	for _, f := range l.funcs {
		o.In = append(o.In, linkName(f), linkName(f)+"[...]")
	}
	plan, err := json.Marshal(o)
	if err != nil {
		return nil, fmt.Errorf("plan the sampling: %w", err)
	}
	p := magic.Program{Imports: map[string]string{measuring.SamplerName: measuring.SamplerPath}, Records: l.hear, Fresh: l.in.Args.Has("fresh"), Pieces: []magic.Piece{
		l.subj.Setup,
		magic.Ours(fmt.Sprintf("%shpgo__l := %s.NewLoop(%s)\nfor hpgo__l.Next() {", measuring.Uses(l.subj.SetupInfo), measuring.SamplerName, strconv.Quote(string(plan)))),
		l.subj.Body,
		magic.Ours(measuring.Uses(l.subj.BodyInfo) + "}\nhpgo__l.End()"),
	}}
	_, names, err := measuring.Measure(ctx, l.h, l.subj, p, keep)
	l.noteEnd(ctx, err)
	return names, err
}

// hear takes what the harness reports.
func (l *lprun) hear(r harness.Record) {
	var err error
	switch r.Kind {
	case harness.CountsKind:
		err = json.Unmarshal(r.Data, &l.counts)
	case harness.AllocsRecord:
		l.allocs = &harness.AllocReport{}
		err = json.Unmarshal(r.Data, l.allocs)
	case sampler.RecordKind:
		var run sampler.Run
		if err = json.Unmarshal(r.Data, &run); err == nil && run.Samples.Count >= l.sampled.Samples.Count {
			l.sampled = run
		}
	}
	if err != nil {
		l.h.Stream("stderr", fmt.Sprintf("%%lprun: read a record of the worker: %v\n", err))
	}
}

// noteEnd notes how the code ended that didn't come to its end.
func (l *lprun) noteEnd(ctx context.Context, err error) {
	switch {
	case err == nil:
	case ctx.Err() != nil:
		l.caught = "KeyboardInterrupt"
	case strings.HasPrefix(err.Error(), "WorkerDied: signal"):
		l.caught = "Signal"
	case measuring.Died(err):
		l.caught = "SystemExit"
	default:
		l.caught = "Panic"
	}
}

// allocated is what the lines of a function allocated, with what they call.
type allocated struct{ bytes, objects int64 }

// recordAllocs runs the statement once while every allocation is recorded.
func (l *lprun) recordAllocs(ctx context.Context, keep bool) error {
	params, err := json.Marshal(harness.AllocsParams{Run: time.Now().UnixNano()})
	if err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	s := l.subj
	p := magic.Program{Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Records: l.hear, Fresh: l.in.Args.Has("fresh"),
		Pieces: []magic.Piece{magic.Ours(fmt.Sprintf("hpgo__m := %s.NewAllocs(%q)", measuring.HarnessName, params)), s.Setup, magic.Ours(measuring.Uses(s.SetupInfo) + "hpgo__m.Start()"),
			s.Body, magic.Ours(measuring.Uses(s.BodyInfo) + "hpgo__m.End()")}}
	if p.Fresh {
		p.Env = []string{"GODEBUG=memprofilerate=1"}
	}
	_, _, err = measuring.Measure(ctx, l.h, s, p, keep)
	l.noteEnd(ctx, err)
	return err
}

// allocsOf gives each recorded stack with a function on it to the line where the
// innermost of the function's frames is.
func (l *lprun) allocsOf(f magic.Function) map[int]allocated {
	lines := map[int]allocated{}
	if l.allocs == nil {
		return lines
	}
	for _, s := range l.allocs.Stacks {
		at := slices.IndexFunc(s.Frames, func(i int) bool { return within(l.allocs.Frames[i], f) })
		if at < 0 {
			continue
		}
		line := l.allocs.Frames[s.Frames[at]].Line
		sum := lines[line]
		lines[line] = allocated{sum.bytes + s.Bytes, sum.objects + s.Objects}
	}
	return lines
}
