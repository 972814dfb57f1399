package timing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/magics/stats"
)

// What %bench does without flags.
const (
	lookTime    = 300 * time.Millisecond // for what other programs take of the processors
	floorTrials = 5
	floorRounds = 10 // of a trial, as %compare has
)

// benchRows are the magics about measuring itself.
func benchRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "bench", Kind: magic.Line, Usage: "%bench env, %bench [-r TRIALS] --calibrate", Syntax: magic.Words, Max: -1,
			Flags: []magic.Flag{
				{Name: "calibrate", Doc: "time the same code against itself, as %compare does, and keep how far the medians are apart: the machine's noise floor"},
				{Name: "r", Long: "repeat", Arg: "TRIALS", Value: magic.Int, Min: 1, Bounded: true, Doc: "trials of --calibrate, 5 without it; each has 10 rounds"},
			},
			Doc: "show how far this machine's times can be trusted\n%bench env shows the machine and the settings that every measurement records, and warns of all that makes times vary or hard to compare. " +
				"%bench --calibrate measures the noise floor, about 15 s. It is %compare's least effect from then on, for this processor and version of Go: in this session, and in others if nothing disturbed it."}, runBench),
	}
}

// runBench implements %bench.
func runBench(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	calibrate := in.Args.Has("calibrate")
	for i, word := range in.Args.Words {
		switch {
		case i == 0 && word == "env":
		case i == 1 && strings.TrimLeft(word, "-") == "calibrate": // behind env it is no flag
			calibrate = true
		default:
			return magic.Result{}, in.Magic.Usagef("%s: %q is neither env nor --calibrate", in.Magic.Title(), word)
		}
	}
	switch {
	case calibrate:
		return runCalibrate(ctx, h, in)
	case in.Args.Has("r"):
		return magic.Result{}, in.Magic.Usagef("flag -r of %s goes with --calibrate", in.Magic.Title())
	}
	return showEnv(ctx, h, in)
}

// showEnv shows the record of the machine and the settings.
func showEnv(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	select { // idle, so that what is busy is others'
	case <-time.After(lookTime):
	case <-ctx.Done():
		return magic.Result{}, ctx.Err()
	}
	env := in.Env(ctx, h)
	t := envTable(env, knownFloor(h, env.CPU, env.Go))
	out := report.Output{Statement: "env", Text: t.Text(), HTML: []report.Block{t}, Result: env, Env: env, Warnings: report.Doubts(env), Untimed: true}
	return measuring.Finish(ctx, h, in, out)
}

// envTable has a row for each thing that is known.
func envTable(e result.Env, floor *result.NoiseFloor) report.Table {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "what", Align: report.Left}, {Name: "value", Align: report.Left}}}
	add := func(what, value string) {
		if value == "" {
			value = "unknown"
		}
		t.Rows = append(t.Rows, report.Cells(report.Word(what), report.Word(value)))
	}
	share := func(x *float64) string {
		if x == nil {
			return ""
		}
		return quantity.Percent(*x)
	}
	number := func(x *float64, unit string) string {
		if x == nil {
			return ""
		}
		return fmt.Sprintf("%.2f%s", *x, unit)
	}
	either := func(b *bool, yes, no string) string {
		switch {
		case b == nil:
			return ""
		case *b:
			return yes
		}
		return no
	}
	add("Go", strings.TrimSpace(fmt.Sprintf("%s %s/%s %s", e.Go, e.OS, e.Arch, e.Level)))
	add("processor", e.CPU)
	add("CPUs", fmt.Sprintf("%d, GOMAXPROCS %d", e.Cores, e.MaxProcs))
	add("virtual machine", e.Virtual)
	add("collector", "GOGC "+e.GC+", GOMEMLIMIT "+e.MemLimit)
	if e.Experiment != "" {
		add("GOEXPERIMENT", e.Experiment)
	}
	if len(e.Flags) > 0 {
		add("build flags", strings.Join(e.Flags, " "))
	}
	add("frequency governor", e.Governor)
	add("turbo", either(e.Turbo, "on", "off"))
	add("power", either(e.Battery, "battery", "mains, or no battery"))
	add("huge pages", e.HugePages)
	hz := ""
	if e.HZ > 0 {
		hz = fmt.Sprint(e.HZ)
	}
	add("kernel", e.Kernel)
	add("HZ", hz)
	add("event counters (PMU)", either(e.PMU, "there", "none"))
	add("load average", number(e.Load, ""))
	add("busy with others", number(e.Others, " CPUs"))
	add("stolen by the hypervisor", share(e.Steal))
	if floor == nil {
		add("noise floor", "unknown: %bench --calibrate measures it")
	} else {
		add("noise floor", floorText(*floor))
	}
	return t
}

// floorText is a floor with its origin.
func floorText(n result.NoiseFloor) string {
	text := fmt.Sprintf("%s, by %%bench --calibrate on %s", quantity.Percent(n.Floor), n.Time.Format(time.DateOnly))
	if n.Busy {
		text += " while the machine was busy"
	}
	return text
}

// runCalibrate measures the noise floor and keeps it.
func runCalibrate(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	trials := in.Args.Int("r", floorTrials)
	t, err := sameCodeTwice(h, trials*floorRounds, in.Seconds(compareTarget))
	if err != nil {
		return magic.Result{}, err
	}
	got, _, err := carryOut(ctx, h, t, false)
	floor := floorOf(got)
	if len(floor.Trials) == 0 {
		return magic.Result{}, noRun(in, got, err)
	}
	env := in.Env(ctx, h)
	floor.Rounds, floor.Time, floor.CPU, floor.Go, floor.Busy = floorRounds, env.Time, env.CPU, env.Go, len(report.Noise(env)) > 0
	out := report.Output{Statement: "--calibrate", Env: env, Samples: got.runs, Partial: got.partial(), Params: map[string]any{"trials": trials, "rounds": floorRounds, "target": t.plan.Target}}
	notes, bad := keepFloor(h, &floor, err == nil)
	out.Result = floor
	out.Text = strings.Join(append([]string{floor.String()}, notes...), "\n")
	out.HTML = []report.Block{report.Headline{Figure: quantity.Percent(floor.Floor), Label: strings.TrimPrefix(floor.String(), "noise floor "+quantity.Percent(floor.Floor)+": ")}}
	for _, note := range notes {
		out.HTML = append(out.HTML, report.Note(note))
	}
	res, shown := measuring.Finish(ctx, h, in, out)
	return res, errors.Join(err, bad, shown)
}

// keepFloor keeps a floor for the session, and for others where nothing disturbed
// it, and says so.
func keepFloor(h magic.Host, n *result.NoiseFloor, whole bool) ([]string, error) {
	const use = "%compare counts only differences above it; its --mde sets another least effect"
	if !whole {
		return []string{"not kept: it was cut short"}, nil
	}
	key := floorKey(n.CPU, n.Go)
	sessionFloors(h)[key] = *n
	if n.Busy {
		return []string{use, "kept for this session only: a busy machine's floor is none for others"}, nil
	}
	path, err := storeFloor(h, *n)
	if err != nil {
		return []string{use, "kept for this session only"}, err
	}
	n.Stored = path
	sessionFloors(h)[key] = *n
	return []string{use, fmt.Sprintf("kept for %s with %s in %s", n.CPU, n.Go, path)}, nil
}

// sameCodeTwice is a program of two loops with the same code, of which the first one
// runs twice in a round.
func sameCodeTwice(h magic.Host, rounds int, target float64) (*timing, error) {
	t := &timing{plan: harness.TimingPlan{Runs: rounds, Target: target, Even: true, Order: harness.OrderABBA, Points: []harness.TimingPoint{{}, {Variant: 1}, {}}}}
	for _, name := range []string{"a", "b"} {
		v := timedLoop{name: name}
		v.Setup = magic.Piece{At: cell.Generated, Text: "hpgo__xs := make([]float64, 1000)\nfor hpgo__i := range hpgo__xs {\nhpgo__xs[hpgo__i] = float64(hpgo__i)\n}"}
		v.Body = magic.Piece{At: cell.Generated, Text: "hpgo__sum := 0.0\nfor _, hpgo__x := range hpgo__xs {\nhpgo__sum += hpgo__x * hpgo__x\n}"}
		var err error
		if v.SetupInfo, err = measuring.ReadPiece(h, &v.Setup); err != nil {
			return nil, err
		}
		if v.BodyInfo, err = measuring.ReadPiece(h, &v.Body); err != nil {
			return nil, err
		}
		t.variants = append(t.variants, v)
	}
	return t, nil
}

// floorOf is the floor of the wall clock, or that of the CPU clock where it is lower:
// %compare takes that where the wall clock is too noisy.
func floorOf(t *timings) result.NoiseFloor {
	wall := result.NewNoiseFloor(trialNoise(t, false))
	wall.Clock = clockName(false)
	if !serial(t) {
		return wall
	}
	cpu := result.NewNoiseFloor(trialNoise(t, true))
	if cpu.Clock = clockName(true); cpu.Floor < wall.Floor {
		return cpu
	}
	return wall
}

// trialNoise is how far the medians of the three runs of a round are apart, in each
// whole trial.
func trialNoise(t *timings, cpu bool) []float64 {
	var out []float64
	for from := 0; ; from += floorRounds {
		var medians []float64
		for _, runs := range t.runs {
			if len(runs) < from+floorRounds {
				return out
			}
			var times []float64
			for _, run := range runs[from : from+floorRounds] {
				times = append(times, clockOf(run, cpu)/float64(run.N))
			}
			medians = append(medians, stats.Median(times))
		}
		if len(medians) == 0 {
			return out
		}
		out = append(out, slices.Max(medians)/math.Max(slices.Min(medians), 1e-12)-1)
	}
}
