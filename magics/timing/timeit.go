package timing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/stats"
)

// runTarget is how many seconds a run takes at least, as IPython's.
const runTarget = 0.2

// timeitRows are the magics that time many runs.
func timeitRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "timeit", Kind: magic.Both, Usage: "%timeit [-n N] [-r R] [flags] STATEMENT, %%timeit [flags] [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
			Flags: []magic.Flag{
				{Name: "n", Long: "loops", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "operations in a run; without it as many as take 0.2 s"},
				{Name: "r", Long: "repeat", Arg: "R", Value: magic.Int, Min: 1, Bounded: true, Doc: "runs, 7 without it"},
				{Name: "p", Long: "precision", Arg: "P", Value: magic.Int, Min: 1, Bounded: true, Doc: "significant digits of the first line, 3 without it"},
				{Name: "t", Doc: "time by the wall clock, as without it"},
				cpuFlag(),
				measuring.BudgetFlag(", and make runs short enough for it"),
				gcFlag(),
				{Name: "cpu", Arg: "LIST", Doc: "time with GOMAXPROCS of each of the numbers, as 1,2,4"},
				procsFlag(),
				measuring.FreshFlag(""),
				{Name: "each", Arg: "STATEMENT", Takes: magic.AboutGo, Doc: "run this before each operation, untimed"},
				{Name: "escape", Doc: "keep what the results refer to on the heap, as a program that stores them does"},
				{Name: "opaque", Doc: "hide literal arguments from the compiler, which may otherwise compute the call once and for all"},
				{Name: "cold", Doc: "report the very first operation, too"},
				{Name: "hist", Doc: "time operations one by one and show how they are distributed"},
				{Name: "param", Arg: "NAME=LIST", Doc: "time for each value of a variable, as n=1e3,1e4,1e5 or n=1e3..1e6"},
				measuring.KeepFlag(),
			},
			Elsewhere: baselineElsewhere,
			Doc: "time Go by running it many times\nThe statement, or the cell, is the body of a loop over testing.B.Loop in a function that sees all of the session; what stands behind %%timeit prepares each run, untimed. " +
				"The first line is IPython's: mean and standard deviation over the runs. The second has the median with its confidence interval, the best run, bytes and objects allocated and the garbage collector's part. " +
				"What it declares is gone afterwards, and variables of the session that it assigns have their values back."}, runTimeit),
	}
}

// timeitOptions are the flags of %timeit that aren't in the plan.
type timeitOptions struct {
	timing
	digits int
	cpu    bool // the CPU clock
	procs  int  // fresh processes; 0: the session's
	hist   bool
	series string // what the points differ in: "GOMAXPROCS", the parameter's name, or ""
	opaque bool
}

// runTimeit implements %timeit and %%timeit.
func runTimeit(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	o, err := readTimeit(h, in)
	if err != nil {
		return magic.Result{}, err
	}
	if o.opaque && hideLiterals(ctx, h, &o.variants[0]) == 0 {
		return magic.Result{}, in.Magic.Usagef("flag --opaque of %s: no call has a literal argument of a basic type", in.Magic.Title())
	}
	got, notes, err := carryOutAll(ctx, h, o, in.Args.Has("keep"))
	if got.made() == 0 {
		return magic.Result{}, noRun(in, got, err)
	}
	out, bad := o.shown(ctx, h, in, got, notes)
	if bad != nil {
		return magic.Result{}, errors.Join(err, bad)
	}
	res, bad := measuring.Finish(ctx, h, in, out)
	if err == nil {
		err = bad
	}
	return res, err
}

// noRun says why there is nothing to show.
func noRun(in *measuring.Input, got *timings, err error) error {
	switch {
	case err != nil:
		return err
	case got.end != nil && got.end.Stopped != "":
		return fmt.Errorf("%s: no run was made: %s", in.Magic.Spell(in.Form), got.end.Stopped)
	}
	return fmt.Errorf("%s: no run was made", in.Magic.Spell(in.Form))
}

// shown is what is shown of the runs, with the data of -D.
func (o *timeitOptions) shown(ctx context.Context, h magic.Host, in *measuring.Input, got *timings, notes []string) (report.Output, error) {
	if got.end != nil && got.end.Stopped == harness.StoppedBudget {
		notes = append(notes, overBudget(got))
	}
	if o.isLive(ctx, h) && mostlyAllocates(got, o) {
		notes = append(notes, "allocating takes longer in a live cell than in an ordinary program, whose collector has no session to look at; --fresh times one")
	}
	var out report.Output
	var err error
	if o.series != "" {
		out, err = o.seriesOutput(got, notes)
	} else {
		onStack := false
		if r, _ := timeitOf(got, 0, o.cpu, o.digits); r.AllocsPerOp == 0 {
			onStack = o.staysOnStack(ctx, h, got.out.Messages)
		}
		out = o.output(got, notes, onStack)
	}
	if err == nil && in.Args.Has("D") {
		out.Raw, err = benchmarkText(got, o.benchmarkNames(h, in))
	}
	return out, err
}

// benchmarkNames name the points as benchmarks: by the label or the cell.
func (o *timeitOptions) benchmarkNames(h magic.Host, in *measuring.Input) func(point int) string {
	n, _ := h.At()
	name := stats.BenchName(in.Args.Text("name", fmt.Sprintf("In%d", n)))
	return func(point int) string {
		p := o.plan.Points[point]
		text := name
		if len(o.variants) > 1 {
			text += "/" + stats.BenchName(strings.ReplaceAll(o.variants[p.Variant].name, "/", "_"))
		}
		if o.param != "" {
			text += fmt.Sprintf("/%s=%v", o.param, p.Value)
		}
		return text
	}
}

// carryOutAll carries out the timing, in each of the fresh processes where there
// are some, and notes what is to be told of that.
func carryOutAll(ctx context.Context, h magic.Host, o *timeitOptions, keep bool) (*timings, []string, error) {
	if o.procs == 0 {
		got, names, err := carryOut(ctx, h, &o.timing, keep)
		return got, measuring.RestoredNote(names), err
	}
	var medians []float64
	all := newTimings(o.plan)
	all.plan.Runs = 0
	for i := range o.procs {
		one, _, err := carryOut(ctx, h, &o.timing, keep)
		all.plan.Runs += o.plan.Runs
		all.join(one)
		if len(one.runs[0]) > 0 {
			r, _ := timeitOf(one, 0, o.cpu, o.digits)
			medians = append(medians, r.Median)
		}
		if err != nil {
			all.plan.Runs = o.procs * o.plan.Runs
			return all, nil, fmt.Errorf("process %d of %d: %w", i+1, o.procs, err)
		}
	}
	return all, processNotes(medians), nil
}

// processNotes say how far the medians of processes are apart.
func processNotes(medians []float64) []string {
	if len(medians) < 2 {
		return nil
	}
	low, high := slices.Min(medians), slices.Max(medians)
	return []string{fmt.Sprintf("%d processes: their medians are from %s to %s, %s apart", len(medians), seconds(low, 4), seconds(high, 4), percent(high/low-1))}
}

// join adds the runs of another process.
func (t *timings) join(o *timings) {
	for i := range t.runs {
		t.runs[i] = append(t.runs[i], o.runs[i]...)
		t.trials[i] = append(t.trials[i], o.trials[i]...)
	}
	t.order = append(t.order, o.order...)
	t.start, t.end = o.start, o.end
	t.out.Build += o.out.Build
}

// readTimeit reads flags and Go of a use of the magic.
func readTimeit(h magic.Host, in *measuring.Input) (*timeitOptions, error) {
	a := in.Args
	o := &timeitOptions{digits: a.Int("p", 3), cpu: a.Has("c"), procs: a.Int("procs", 0), hist: a.Has("hist"), opaque: a.Has("opaque")}
	o.plan = harness.TimingPlan{Loops: a.Int("n", 0), Runs: a.Int("r", 7), Target: runTarget, Budget: a.Duration("budget", 0).Seconds(), Cold: a.Has("cold"), Singly: o.hist}
	shorten(in, &o.plan)
	o.escape, o.fresh = a.Has("escape"), a.Has("fresh") || o.procs > 0
	for _, check := range []func(*measuring.Input) error{o.readGC, o.readPoints, o.checkClocks} {
		if err := check(in); err != nil {
			return nil, err
		}
	}
	s, err := measuring.ReadSubject(h, in)
	if err != nil {
		return nil, err
	}
	v := timedLoop{Subject: *s}
	v.constant = onlyConstants(v.Text(), h.Variables())
	if a.Has("each") {
		if err := o.readEach(h, in, &v); err != nil {
			return nil, err
		}
	}
	o.variants = []timedLoop{v}
	if !o.fresh {
		o.flags = []string{"-m"} // to be told what stays on the stack
	}
	return o, nil
}

func (o *timeitOptions) readGC(in *measuring.Input) error {
	switch v := in.Args.Text("gc", "on"); v {
	case "on":
	case "off":
		o.plan.GCOff = true
	default:
		return in.Magic.Usagef("flag --gc of %s: %q is neither on nor off", in.Magic.Title(), v)
	}
	return nil
}

// readPoints reads -cpu and -param.
func (o *timeitOptions) readPoints(in *measuring.Input) error {
	o.plan.Points = []harness.TimingPoint{{}}
	cpu, param := in.Args.Has("cpu"), in.Args.Has("param")
	switch {
	case cpu && param:
		return in.Magic.Usagef("flags --cpu and --param of %s: take one of them", in.Magic.Title())
	case cpu:
		o.series, o.plan.Points = "GOMAXPROCS", nil
		for _, word := range strings.Split(in.Args.Text("cpu", ""), ",") {
			n, err := strconv.Atoi(strings.TrimSpace(word))
			if err != nil || n < 1 || n > maxProcs {
				return in.Magic.Usagef("flag --cpu of %s: %q is no number of processors such as 1,2,4", in.Magic.Title(), word)
			}
			o.plan.Points = append(o.plan.Points, harness.TimingPoint{Procs: n, Value: float64(n)})
		}
	case param:
		name, values, err := readParameter(in.Args.Text("param", ""), 1)
		if err != nil {
			return in.Magic.Usagef("flag --param of %s: %v", in.Magic.Title(), err)
		}
		o.series = name
		o.parameter(name, values)
	}
	return nil
}

// maxProcs is more than a machine has: GOMAXPROCS costs memory for each.
const maxProcs = 4096

// checkClocks refuses what can't be timed together.
func (o *timeitOptions) checkClocks(in *measuring.Input) error {
	title := in.Magic.Title()
	switch {
	case o.digits > 15:
		return in.Magic.Usagef("flag -p of %s: %q is more digits than a number has, 15 at most", title, in.Args.Text("p", ""))
	case o.cpu && (o.hist || in.Args.Has("each")):
		return in.Magic.Usagef("flag -c of %s: single operations are too short for the CPU clock; leave out -c, or --hist and --each", title)
	case o.series != "" && o.hist:
		return in.Magic.Usagef("flag --hist of %s: it shows one distribution, not one for each %s", title, o.series)
	}
	return nil
}

// readEach reads the preparation of each operation.
func (o *timeitOptions) readEach(h magic.Host, in *measuring.Input, v *timedLoop) error {
	text := in.Args.Text("each", "")
	v.each = magic.Piece{Text: text, At: cell.Generated}
	if at := strings.Index(in.Line.Args[:min(in.Args.RestAt, len(in.Line.Args))], text); at >= 0 {
		v.each.At = in.Line.ArgsAt + at
	}
	var err error
	if v.eachInfo, err = measuring.ReadPiece(h, &v.each); err != nil {
		return err
	}
	if v.eachInfo.Empty {
		return in.Magic.Usagef("flag --each of %s: there is no statement", in.Magic.Title())
	}
	o.plan.Singly = true
	// Inputs can be prepared beforehand where they are variables of their own.
	o.plan.Batch = !o.hist && len(v.eachInfo.Declares) > 0 && len(v.eachInfo.Assigns)+len(v.eachInfo.Parts) == 0
	return nil
}

// parameter makes a point of each value.
func (t *timing) parameter(name string, values []float64) {
	t.param, t.plan.Points = name, nil
	for _, x := range values {
		t.plan.Points = append(t.plan.Points, harness.TimingPoint{Value: x})
		t.float = t.float || x != float64(int(x))
	}
}

// readParameter reads NAME=LIST, where the list is of numbers and ranges such as
// 1e3..1e6, which has perDecade values in each factor of ten.
func readParameter(text string, perDecade int) (name string, values []float64, err error) {
	name, list, ok := strings.Cut(text, "=")
	if name = strings.TrimSpace(name); !ok || !magic.IsVariable(name) {
		return "", nil, fmt.Errorf("%q is not of the form n=1e3,1e4 or n=1e3..1e6", text)
	}
	for _, word := range strings.Split(list, ",") {
		word = strings.TrimSpace(word)
		low, high, isRange := strings.Cut(word, "..")
		from, err := readNumber(low)
		if err != nil {
			return "", nil, err
		}
		if !isRange {
			values = append(values, from)
			continue
		}
		to, err := readNumber(high)
		if err != nil {
			return "", nil, err
		}
		some, err := decades(from, to, perDecade)
		if err != nil {
			return "", nil, fmt.Errorf("%q: %w", word, err)
		}
		values = append(values, some...)
	}
	slices.Sort(values)
	values = slices.Compact(values)
	if len(values) > maxPoints {
		return "", nil, fmt.Errorf("%d values are more than %d", len(values), maxPoints)
	}
	return name, values, nil
}

// maxPoints is how many values of a parameter are timed at most.
const maxPoints = 1000

func readNumber(text string) (float64, error) {
	x, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(text), "_", ""), 64)
	if err != nil || x != x || x > 1e18 || x < -1e18 {
		return 0, fmt.Errorf("%q is not a number", strings.TrimSpace(text))
	}
	return x, nil
}
