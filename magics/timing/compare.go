package timing

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// compareTarget is how many seconds a run takes about.
const compareTarget = 0.1

// compareRows are the magics that compare.
func compareRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "compare", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
			Usage: "%compare [-r R] [flags] STATEMENT ; STATEMENT ..., %compare --kernel PROBLEM, %compare LABEL LABEL ..., %%compare [flags] [SETUP] and a cell of blocks that begin with --- NAME",
			Flags: []magic.Flag{
				{Name: "r", Long: "rounds", Arg: "R", Value: magic.Int, Min: 1, Bounded: true, Doc: "rounds, 10 without it; in each every variant runs once and the base, which is the first, twice"},
				{Name: "n", Long: "loops", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "operations in a run; without it each variant has as many as take 0.1 s"},
				{Name: "order", Arg: "abba|random", Doc: "abba: every second round runs backwards, as without it; random: each is shuffled"},
				{Name: "seed", Arg: "N", Value: magic.Int, Min: 0, Bounded: true, Doc: "of the random order, 1 without it"},
				{Name: "alpha", Arg: "P", Value: magic.Float, Doc: "p below which a difference counts, 0.05 without it"},
				{Name: "mde", Arg: "PERCENT", Doc: "smallest difference that counts; without it the machine's noise floor if %bench --calibrate has measured it, else 2%"},
				{Name: "t", Doc: "time by the wall clock, also where it is too noisy to tell a difference that the CPU clock tells"},
				cpuFlag(),
				{Name: "check", Doc: "compare the results with the base's first; a variant that differs gets no time"},
				{Name: "tol", Arg: "T", Value: magic.Float, Min: 0, Bounded: true, Doc: "--check, where floating-point numbers may differ by T times the larger of 1 and the base's"},
				{Name: "engines", Arg: "[LIST]", Optional: engineList, Doc: "run one statement under several builds: some of gc,-N -l,-B,pgo,v1,v2,v3,v4,simd,yaegi; all that there are without a list; it is told which have the same machine code"},
				{Name: "kernel", Doc: "compare the rows of a kernel: the ways to compute a problem that hpgo/kernels or the session has, as %compare --kernel julia.Kernel.At(500); each result is compared with the first one's"},
				procsFlag(),
				measuring.FreshFlag(""),
				measuring.BudgetFlag(", and make runs so short that all take about that"),
				{Name: "ir", Doc: "compare the instructions that each executes, simulated by valgrind in runs of its own (-r, 3): exact, where times are noise"},
				{Name: "save", Arg: "NAME", Takes: magic.AboutFiles, Doc: "write the runs to NAME.txt, which benchstat reads, and all with the source to NAME.json"},
				{Name: "base", Long: "against", Arg: "NAME", Takes: magic.AboutFiles, Doc: "compare one statement with what --save has written, or with a file NAME.txt of go test -bench"},
				{Name: "rerun", Doc: "with --base: build the saved source again and run it in turns with today's"},
				{Name: "fail", Arg: "PERCENT", Doc: "with --base: an error when the statement is slower by more, and again when measured once more; with --ir: when a variant executes more than the first by more"},
				measuring.KeepFlag(),
			},
			Doc: "compare Go by running it alternately\nThe variants stand in one program and take turns, the first one twice in a round. A variant is faster or slower when the exact Mann-Whitney U test says so (after Holm where there are several) " +
				"and the medians differ by more than the least effect and by more than the two runs of the base among themselves, in a direction that the interval leaves no doubt about. " +
				"The session's own variables have their values back afterwards. With labels of results that --name has kept, those are compared, which were not measured alternately."}, runCompare),
	}
}

// comparison is one use of the magic.
type comparison struct {
	timing
	in    *measuring.Input
	rules result.Compare // alpha, least effect, confidence, order, seed
	check bool
	tol   float64
	procs int
	cpu   bool // the CPU clock
	// processes says that variants are processes of their own.
	processes bool
	floor     *result.NoiseFloor // of the machine, where it is the least effect
	fail      float64            // share by which one may be slower than the baseline
	differ    []string           // how a variant's result differs from the base's; "" where it doesn't
	values    bool               // programs get the values that the session's variables have
}

// runCompare implements %compare and %%compare.
func runCompare(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	c := &comparison{in: in}
	if err := c.readFlags(); err != nil {
		return magic.Result{}, err
	}
	c.useFloor(ctx, h)
	if err := c.checkModes(); err != nil {
		return magic.Result{}, err
	}
	if err := c.checkBaseline(h); err != nil {
		return magic.Result{}, err
	}
	if labels, err := c.labels(h); labels != nil || err != nil {
		if err != nil {
			return magic.Result{}, err
		}
		return c.compareStored(ctx, h, labels)
	}
	if in.Args.Has("kernel") {
		if err := c.readKernel(ctx, h); err != nil {
			return magic.Result{}, err
		}
		return c.measure(ctx, h)
	}
	if err := c.readVariants(h); err != nil {
		return magic.Result{}, err
	}
	switch {
	case in.Args.Has("ir"):
		return c.compareInstructions(ctx, h)
	case in.Args.Has("base"):
		return c.compareAgainst(ctx, h)
	case in.Args.Has("engines"):
		return c.compareEngines(ctx, h)
	}
	if c.check {
		if err := c.checkResults(ctx, h); err != nil {
			return magic.Result{}, err
		}
	}
	return c.measure(ctx, h)
}

// readFlags reads the flags.
func (c *comparison) readFlags() error {
	a, m := c.in.Args, c.in.Magic
	c.plan = harness.TimingPlan{Loops: a.Int("n", 0), Runs: a.Int("r", 10), Target: compareTarget, Even: true, Budget: a.Duration("budget", 0).Seconds(), Order: a.Text("order", harness.OrderABBA), Seed: uint64(a.Int("seed", 1))}
	shorten(c.in, &c.plan)
	if c.plan.Order != harness.OrderABBA && c.plan.Order != harness.OrderRandom {
		return m.Usagef("flag --order of %s: %q is neither abba nor random", m.Title(), c.plan.Order)
	}
	c.rules = result.Compare{Alpha: a.Float("alpha", 0.05), MinEffect: 0.02, Confidence: confidence, Order: c.plan.Order, Rounds: c.plan.Runs, Interleaved: true}
	if c.plan.Order == harness.OrderRandom {
		c.rules.Seed = c.plan.Seed
	}
	if !(c.rules.Alpha > 0 && c.rules.Alpha < 1) {
		return m.Usagef("flag --alpha of %s: %q is no probability between 0 and 1", m.Title(), a.Text("alpha", ""))
	}
	if a.Has("mde") {
		least, err := readShare(a.Text("mde", ""))
		if err != nil {
			return m.Usagef("flag --mde of %s: %v", m.Title(), err)
		}
		c.rules.MinEffect = least
	}
	c.check, c.tol = a.Has("check") || a.Has("tol"), a.Float("tol", 0)
	c.procs, c.fresh, c.cpu = a.Int("procs", 0), a.Has("procs") || a.Has("fresh"), a.Has("c")
	return nil
}

// useFloor makes the machine's noise floor the least effect, where it is known and no
// flag says otherwise.
func (c *comparison) useFloor(ctx context.Context, h magic.Host) {
	if c.in.Args.Has("mde") {
		return
	}
	env := c.in.Env(ctx, h)
	if c.floor = knownFloor(h, env.CPU, env.Go); c.floor != nil {
		c.rules.MinEffect = c.floor.Floor
	}
}

// readShare reads 2% or 0.02.
func readShare(text string) (float64, error) {
	number, isPercent := strings.CutSuffix(strings.TrimSpace(text), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
	if isPercent {
		x /= 100
	}
	if err != nil || !(x >= 0 && x < 1) {
		return 0, fmt.Errorf("%q is no share such as 2%% or 0.02", text)
	}
	return x, nil
}

// measure times the variants and shows what comes of it.
func (c *comparison) measure(ctx context.Context, h magic.Host) (magic.Result, error) {
	c.points()
	got, names, err := c.carryOut(ctx, h)
	if got.made() == 0 {
		if err == nil {
			err = errors.New("%compare: no run was made")
		}
		return magic.Result{}, err
	}
	var bad error
	res, warnings := c.evaluate(got)
	out := c.output(res, warnings, measuring.RestoredNote(names))
	out.Samples, out.Partial, out.Env = compareSamples(got), got.partial(), c.in.Env(ctx, h)
	if c.in.Args.Has("D") {
		if out.Raw, bad = benchmarkLines(res, out.Env); bad != nil {
			return magic.Result{}, errors.Join(err, bad)
		}
	}
	if err == nil && c.in.Args.Has("save") {
		err = c.save(ctx, h, res, got, out.Env)
	}
	shown, bad := measuring.Finish(ctx, h, c.in, out)
	return shown, cmp.Or(err, bad)
}

// points makes the plan: the base, the others, the base again. Variants whose
// results differ are left out.
func (c *comparison) points() {
	c.plan.Points = nil
	for i := range c.variants {
		if c.differs(i) == "" {
			c.plan.Points = append(c.plan.Points, harness.TimingPoint{Variant: i})
		}
	}
	c.plan.Points = append(c.plan.Points, harness.TimingPoint{})
}

func (c *comparison) differs(variant int) string {
	if variant < len(c.differ) {
		return c.differ[variant]
	}
	return ""
}

// carryOut times in the session's worker, or in each of the fresh processes.
func (c *comparison) carryOut(ctx context.Context, h magic.Host) (*timings, []string, error) {
	keep := c.in.Args.Has("keep")
	if c.procs == 0 {
		return carryOut(ctx, h, &c.timing, keep)
	}
	all := newTimings(c.plan)
	var err error
	for i := range c.procs {
		one, _, fail := carryOut(ctx, h, &c.timing, keep)
		all.join(one)
		if fail != nil {
			err = fmt.Errorf("process %d of %d: %w", i+1, c.procs, fail)
			break
		}
	}
	all.plan.Runs = c.procs * c.plan.Runs
	c.rules.Rounds = all.plan.Runs
	return all, nil, err
}
