package machine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"hpgo/magics/harness/counters"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// What %perf stat does without being told: runs of each variant, the time after which
// no further one begins, and how long a simulation may be expected to take.
const (
	usualRuns       = 5
	usualBudget     = 10 * time.Second
	longSimulation  = 60.0 // s
	simulatedSlower = 60   // simulated code takes about so many times as long
)

func statRow() magic.Magic {
	return measuring.Row(magic.Magic{Name: "perf stat", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Usage: "%perf stat [-r R] [-e EVENTS] [flags] STATEMENT, %%perf stat [flags] [SETUP] and a cell, or blocks that begin with --- NAME",
		Flags: []magic.Flag{
			{Name: "r", Long: "repeat", Arg: "R", Value: magic.Int, Min: 1, Bounded: true, Doc: "runs (5, or as many as begin in 10 s)"},
			{Name: "e", Long: "event", Arg: "EVENTS", Doc: "count these, with commas between; %perf list names them"},
			{Name: "n", Long: "loops", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "execute the statement N times in a run, and give figures per operation"},
			{Name: "per-op", Arg: "N", Value: magic.Float, Min: 1e-9, Bounded: true, Doc: "the statement does N operations: give figures for one"},
			{Name: "sim", Doc: "simulate as well, whatever the CPU counts and however long it takes"},
			{Name: "no-sim", Doc: "simulate nothing"},
			{Name: "x", Long: "field-separator", Arg: "SEP", Doc: "perf's form for machines, with SEP between the fields: it is shown, or with -D written"},
			{Name: "j", Long: "json-output", Doc: "perf's form with a JSON object on each line: it is shown, or with -D written"},
			measuring.FreshFlag(""),
			measuring.BudgetFlag(" (10s without -r)"),
			measuring.KeepFlag(),
		},
		Doc: "count events of the CPU and the kernel while Go runs\nCounted by the kernel's performance events, on all threads of the process and only while the Go runs; the perf program isn't needed. " +
			"What the CPU or the system doesn't count is `<not supported>`. Where there are no counters at all, valgrind simulates instructions, cache and branch misses in a program of its own, if it is installed: a model's figures, which repeat exactly and say nothing of time. " +
			"In %%perf stat the line is preparation and runs once, before."}, runStat)
}

// stat is one use of %perf stat.
type stat struct {
	in       *measuring.Input
	events   []string
	ops      operations
	variants []variant
	progress *measuring.Progress

	separator string // of -x

	counts   []*counting   // of the variants, as far as it came
	models   []*simulation // nil: not simulated
	owners   owners
	warnings []string
	notes    []string
	restored []string
}

// runStat implements %perf stat and %%perf stat.
func runStat(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	s := &stat{in: in, progress: measuring.NewProgress(h)}
	defer s.progress.End()
	if err := s.readFlags(); err != nil {
		return magic.Result{}, err
	}
	var err error
	if s.variants, err = readVariants(h, in); err != nil {
		return magic.Result{}, err
	}
	fail := s.measure(ctx, h)
	if len(s.counts) == 0 || len(s.counts[0].runs) == 0 {
		return magic.Result{}, cmp.Or(fail, errors.New(in.Magic.Spell(in.Form)+": nothing was counted"))
	}
	out := s.output(h)
	if fail != nil {
		out.Partial = cmp.Or(s.partial(), "it was cut short")
	}
	res, err := s.finish(context.WithoutCancel(ctx), h, out)
	if fail != nil {
		err = fail
	}
	return res, err
}

// readFlags reads and checks the flags.
func (s *stat) readFlags() error {
	a, m := s.in.Args, s.in.Magic
	for _, list := range a.All("e") {
		for name := range strings.SplitSeq(list, ",") {
			name = strings.TrimSpace(name)
			if _, err := counters.Canonical(name); err != nil {
				return m.Usagef("flag -e of %s: %v%s", m.Title(), err, nearEvent(name))
			}
			if !slices.Contains(s.events, name) {
				s.events = append(s.events, name)
			}
		}
	}
	if len(s.events) == 0 {
		s.events = counters.Default()
	}
	if a.Has("sim") && a.Has("no-sim") {
		return m.Usagef("--sim and --no-sim of %s: take one of them", m.Title())
	}
	if a.Has("x") && a.Has("j") {
		return m.Usagef("-x and -j of %s: take one of them", m.Title())
	}
	if a.Has("x") {
		var err error
		if s.separator, err = s.readSeparator(); err != nil {
			return err
		}
	}
	s.ops.loops = a.Int("n", 1)
	if a.Has("n") || a.Has("per-op") {
		s.ops.ops = float64(s.ops.loops) * a.Float("per-op", 1)
	}
	return nil
}

// nearEvent is the event that a misspelt name may mean.
func nearEvent(name string) string {
	var names []string
	for _, e := range counters.List() {
		names = append(append(names, strings.ToLower(e.Name)), e.Aliases...)
	}
	near := magic.Nearest(name, names)
	if near == "" {
		return "; %perf list names them all"
	}
	if i := slices.IndexFunc(counters.List(), func(e counters.Listed) bool { return strings.ToLower(e.Name) == near }); i >= 0 {
		near = counters.List()[i].Name
	}
	return ", did you mean " + near + "?"
}

// runs is how often a variant runs, and after what time in s no further run begins;
// 0: that doesn't matter.
func (s *stat) runs() (runs int, budget float64) {
	a := s.in.Args
	budget = a.Duration("budget", usualBudget).Seconds()
	if a.Has("r") && !a.Has("budget") {
		budget = 0
	}
	return a.Int("r", usualRuns), budget
}

// finish shows the result, in a form for machines where one was asked for.
func (s *stat) finish(ctx context.Context, h magic.Host, out report.Output) (magic.Result, error) {
	a := s.in.Args
	if !a.Has("x") && !a.Has("j") {
		return measuring.Finish(ctx, h, s.in, out)
	}
	raw := separated(out.Result.(result.Perf), s.separator)
	if a.Has("j") {
		var err error
		if raw, err = jsonLines(out.Result.(result.Perf)); err != nil {
			return magic.Result{}, err
		}
	}
	if out.Raw = raw; a.Has("D") {
		return measuring.Finish(ctx, h, s.in, out)
	}
	if !a.Has("q") {
		h.Stream("stdout", string(raw))
		for _, w := range out.Warnings {
			h.Stream("stderr", "warning: "+w+"\n")
		}
		if out.Partial != "" {
			h.Stream("stderr", "partial: "+out.Partial+"\n")
		}
		s.in.Args.Set("q")
	}
	return measuring.Finish(ctx, h, s.in, out)
}

// partial says how far it came; "": to the end.
func (s *stat) partial() string {
	wanted, _ := s.runs()
	for i := range s.variants {
		of := ""
		if len(s.variants) > 1 {
			of = " of " + s.variants[i].name
		}
		if i >= len(s.counts) || s.counts[i].end == nil || !s.counts[i].end.Finished {
			done := 0
			if i < len(s.counts) {
				if runs, broken := s.counts[i].complete(); !broken {
					done = len(runs)
				}
			}
			return fmt.Sprintf("%d of %s%s", done, quantity.Counted(wanted, "run"), of)
		}
		if i < len(s.models) && s.models[i] != nil && !s.models[i].finished {
			return fmt.Sprintf("%s simulated%s", quantity.Counted(len(s.models[i].profiles), "run"), of)
		}
	}
	return ""
}

func decimal(n int) string { return strconv.Itoa(n) }
