package timing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"regexp"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
)

// What a sweep does without flags.
const (
	sweepRuns   = 5
	sweepTarget = 0.02 // s that a run takes at least
	sweepBudget = 10   // s for everything
	sweepPer    = 3    // values in each factor of ten
)

// sweepRows are the magics that time against a parameter.
func sweepRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "sweep", Kind: magic.Both, Usage: "%sweep [flags] n=1e3..1e6 STATEMENT [; STATEMENT], %%sweep [flags] n=1e3..1e6 [SETUP] and a cell, or blocks of it that begin with --- NAME", Syntax: magic.Go, RunsGo: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
			Flags: []magic.Flag{
				{Name: "per", Arg: "K", Value: magic.Int, Min: 1, Bounded: true, Doc: "values in each factor of ten of a range, 3 without it"},
				{Name: "r", Long: "repeat", Arg: "R", Value: magic.Int, Min: 1, Bounded: true, Doc: "runs for each value, 5 without it"},
				{Name: "n", Long: "loops", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "operations in a run; without it as many as take 20 ms"},
				measuring.BudgetFlag(", nor one that would end after it (10s)"),
				gcFlag(),
				measuring.FreshFlag(""),
				measuring.KeepFlag(),
			},
			Elsewhere: baselineElsewhere,
			Doc: "time Go for many values of a parameter and tell how the time grows\nThe parameter is an int variable, or a float64 where a value isn't whole; its values are ranges such as 1e3..1e6, or lists such as 100,200,1_000. " +
				"Time and bytes are shown against it on logarithmic axes, with the power law and the curves from O(1) to O(n³) that fit best. What %%sweep has on its line prepares each run, untimed, and sees the parameter. " +
				"The budget is divided among the values; those that would exceed it are left out, which is said."}, runSweep),
	}
}

// runSweep implements %sweep and %%sweep.
func runSweep(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	o, err := readSweep(h, in)
	if err != nil {
		return magic.Result{}, err
	}
	got, names, err := carryOut(ctx, h, &o.timing, in.Args.Has("keep"))
	if got.made() == 0 {
		return magic.Result{}, noRun(in, got, err)
	}
	out, bad := o.seriesOutput(got, measuring.RestoredNote(names))
	if bad == nil && in.Args.Has("D") {
		out.Raw, bad = benchmarkText(got, o.benchmarkNames(h, in))
	}
	if bad != nil {
		return magic.Result{}, errors.Join(err, bad)
	}
	res, bad := measuring.Finish(ctx, h, in, out)
	if err == nil {
		err = bad
	}
	return res, err
}

// readSweep reads flags, parameter and Go of a use of the magic.
func readSweep(h magic.Host, in *measuring.Input) (*timeitOptions, error) {
	a := in.Args
	o := &timeitOptions{digits: 3}
	o.fresh = a.Has("fresh")
	o.plan = harness.TimingPlan{Loops: a.Int("n", 0), Runs: a.Int("r", sweepRuns), Target: sweepTarget}
	if a.Has("budget") {
		o.plan.Budget = a.Duration("budget", 0).Seconds()
	} else {
		o.plan.Budget = in.Seconds(sweepBudget)
	}
	shorten(in, &o.plan)
	if err := o.readGC(in); err != nil {
		return nil, err
	}
	word, end, err := magic.NextWord(a.Rest, 0)
	if err != nil || word == "" {
		return nil, in.Magic.Usagef("%s needs a parameter such as n=1e3..1e6, and Go that uses it", in.Magic.Spell(in.Form))
	}
	name, values, err := readParameter(word, a.Int("per", sweepPer))
	if err != nil {
		return nil, in.Magic.Usagef("%s: %v", in.Magic.Spell(in.Form), err)
	}
	if name == "GOMAXPROCS" {
		return nil, in.Magic.Usagef("%s declares a variable for its parameter, which doesn't set GOMAXPROCS: %%timeit --cpu 1,2,4,8 does", in.Magic.Spell(in.Form))
	}
	if len(values) < 2 {
		return nil, in.Magic.Usagef("%s: %s has one value; a sweep takes two at least, six to tell curves apart", in.Magic.Spell(in.Form), name)
	}
	end += magic.LeadingSpace(a.Rest[end:])
	line := magic.Piece{Text: a.Rest[end:], At: in.Line.ArgsAt + a.RestAt + end}
	if o.variants, err = readLoops(h, in, line); err != nil {
		return nil, err
	}
	o.series = name
	o.parameter(name, values)
	// Variant after variant for each value: what changes with time hits all alike.
	points := o.plan.Points
	o.plan.Points = nil
	for _, p := range points {
		for v := range o.variants {
			p.Variant = v
			o.plan.Points = append(o.plan.Points, p)
		}
	}
	return o, nil
}

// readLoops reads the statements: the line's, or the cell's with the line as
// preparation of all.
func readLoops(h magic.Host, in *measuring.Input, line magic.Piece) ([]timedLoop, error) {
	parts, setup := statements(line), magic.Piece{At: cell.Generated}
	if in.Form == magic.Cell {
		parts, setup = []measuring.Block{{Piece: magic.Piece{Text: in.Body, At: in.Line.BodyAt}}}, line
		if hasBlocks.MatchString(in.Body) {
			var err error
			if parts, err = measuring.Blocks(parts[0].Piece); err != nil {
				return nil, in.Magic.Usagef("%s: %v", in.Magic.Spell(in.Form), err)
			}
		}
	}
	if len(parts) == 0 {
		return nil, in.Magic.Usagef("%s needs a statement to measure", in.Magic.Spell(in.Form))
	}
	var loops []timedLoop
	for _, p := range parts {
		v := timedLoop{name: p.Name}
		v.Setup, v.Body = setup, p.Piece
		var err error
		if v.SetupInfo, err = measuring.ReadPiece(h, &v.Setup); err != nil {
			return nil, err
		}
		if v.BodyInfo, err = measuring.ReadPiece(h, &v.Body); err != nil {
			return nil, err
		}
		switch {
		case v.BodyInfo.Empty && len(parts) == 1:
			return nil, in.Magic.Usagef("%s needs a statement to measure", in.Magic.Spell(in.Form))
		case v.BodyInfo.Empty:
			return nil, in.Magic.Usagef("%s: the block %q is empty", in.Magic.Spell(in.Form), p.Name)
		case v.name == "":
			v.name = nameOfStatement(v.Text())
		}
		loops = append(loops, v)
	}
	return loops, nil
}

// hasBlocks finds a line that begins a block.
var hasBlocks = regexp.MustCompile(`(?m)^---`)

// decades are values from one to another with per of them in each factor of ten:
// 1, 2, 5 for three of them. The ends are always among them.
func decades(from, to float64, per int) ([]float64, error) {
	if from <= 0 || to <= from {
		return nil, fmt.Errorf("a range goes from a number above 0 to a larger one")
	}
	whole := from == math.Trunc(from) && to == math.Trunc(to)
	var out []float64
	for i := 0; ; i++ {
		x := from * math.Pow(10, float64(i)/float64(per))
		if per == 3 {
			x = from * math.Pow(10, float64(i/3)) * []float64{1, 2, 5}[i%3]
		} else if i%per != 0 {
			x = quantity.Round(x, 2)
		}
		if whole {
			x = math.Round(x)
		}
		if x = quantity.Round(x, 15); x >= to*(1-1e-9) || i > maxPoints {
			return append(out, to), nil
		}
		out = append(out, x)
	}
}
