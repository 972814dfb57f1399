package profiling

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/plots"
	"hpgo/plots/recording/profiles"
)

// enoughSamples is how many samples %prun repeats a statement for: a share of one
// half is then known to 1.1 points.
const enoughSamples = 2000

// prunBudget is the time in s after which no further run begins.
const prunBudget = 5

// prunRows are the magics that profile by function.
func prunRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "prun", Aliases: []string{"flame"}, Kind: magic.Both, Usage: "%prun [flags] STATEMENT, %%prun [flags] [SETUP] and a cell, %prun peek|list|callers|callees F, %prun tree|traces", Syntax: magic.Go, RunsGo: true, Transient: true,
			Takes: magic.AboutGo, Holds: magic.AboutGo,
			Flags: append([]magic.Flag{
				valueFlag(),
				{Name: "cpu", Doc: "CPU time, as without it"},
				wallFlag(),
				{Name: "mem", Doc: "bytes allocated, every object counted"},
				{Name: "block", Doc: "time that goroutines wait for channels, locks and conditions"},
				{Name: "mutex", Doc: "time that holders of locks make others wait, at their Unlock"},
				{Name: "goroutine", Doc: "goroutines there are at the end"},
				{Name: "leak", Doc: "goroutines that the statement started and left behind"},
				measuring.BudgetFlag(" (5s)"),
				{Name: "n", Long: "runs", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "run exactly N times, every other time without sampling; without it until there are 2,000 samples"},
				{Name: "rate", Arg: "HZ", Value: magic.Float, Min: 1, Bounded: true, Doc: "samples per second, at most 20,000 (4,000 of CPU time, 1,000 with --wall)"},
				measuring.FreshFlag(""),
				{Name: "plain", Doc: "only sample: no runs of their own for calls and bytes"},
				measuring.KeepFlag(),
			}, ViewFlags()...),
			Doc: "profile Go by function\nThe table has cProfile's columns. tottime and cumtime come from samples of the code as it is built for every cell, repeated until there are enough, for one run; every other run isn't sampled, and its time is what the functions share; " +
				"ncalls are counted in another run with counters in it, bytes in a third. Callees that the compiler inlined have rows of their own. The flame graph shows who called whom. " +
				"In %%prun the line is preparation and runs once, before. " +
				"Without a statement the last profile is looked at: %prun peek F (callers, F, callees), list F (its lines), callers F, callees F, tree, traces."}, runPrun),
	}
}

// prun is one use of %prun.
type prun struct {
	in      *measuring.Input
	kind    string
	subject *measuring.Subject
	order   rowOrder
	limits  []Limit
	form    plots.Form
	base    *profiles.Profile
	baseRaw []byte

	least    int     // samples that are enough
	budget   float64 // s, after which no further run begins
	waiting  *measuring.Progress
	measured measuredRuns
	fail     error
	restored []string
	notes    []string
}

// runPrun implements %prun and %%prun.
func runPrun(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	p := &prun{in: in, waiting: measuring.NewProgress(h)}
	defer p.waiting.End()
	if err := p.readFlags(h); err != nil {
		return magic.Result{}, err
	}
	if err := p.viewOfStatement(h); err != nil {
		return magic.Result{}, err
	}
	if view, of, ok := p.view(h); ok {
		return p.showView(ctx, h, view, of)
	}
	p.readLengths()
	var err error
	if p.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	p.fail = p.measure(ctx, h)
	if !p.measured.any() {
		measuring.NothingToShow(h, in, p.fail, "the process ended before there were samples to send")
		if p.fail == nil {
			p.fail = errors.New(in.Magic.Spell(in.Form) + ": nothing was sampled")
		}
		return magic.Result{}, p.fail
	}
	out, err := p.output(h)
	if err != nil {
		return magic.Result{}, errors.Join(p.fail, err)
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, out)
	if p.fail != nil {
		err = p.fail
	}
	return res, err
}

// kinds of profiles, each a flag.
var prunKinds = []string{"cpu", "wall", "mem", "block", "mutex", "goroutine", "leak"}

// readFlags reads the flags.
func (p *prun) readFlags(h magic.Host) error {
	a, title := p.in.Args, p.in.Magic.Title()
	p.kind = cmp.Or(p.kind, "cpu")
	var kinds []string
	for _, k := range prunKinds {
		if a.Has(k) {
			kinds = append(kinds, "--"+k)
			p.kind = k
		}
	}
	if len(kinds) > 1 {
		return p.in.Magic.Usagef("%s of %s: take one of them", strings.Join(kinds, " and "), title)
	}
	switch icicle, sunburst := a.Has("icicle"), a.Has("sunburst"); {
	case icicle && sunburst:
		return p.in.Magic.Usagef("--icicle and --sunburst of %s: take one of them", title)
	case icicle:
		p.form = plots.Icicle
	case sunburst:
		p.form = plots.Sunburst
	}
	if a.Float("rate", 0) > sampler.MaxRate {
		return p.in.Magic.Usagef("flag --rate of %s: %s is more than %d", title, a.Text("rate", ""), sampler.MaxRate)
	}
	if a.Has("rate") && p.kind != "cpu" && p.kind != "wall" {
		return p.in.Magic.Usagef("flag --rate of %s: --%s counts every event", title, p.kind)
	}
	var err error
	if p.order, err = readOrder(a.Text("s", usualOrder(p.kind))); err != nil {
		return p.in.Magic.Usagef("flag -s of %s: %v", title, err)
	}
	for _, text := range a.All("l") {
		l, err := ReadLimit(text)
		if err != nil {
			return p.in.Magic.Usagef("flag -l of %s: %v", title, err)
		}
		p.limits = append(p.limits, l)
	}
	if a.Has("r") {
		p.in.Args.Set("o")
	}
	if p.in.Line.Name == "flame" {
		p.in.Args.Set("flame")
	}
	return p.readBase(h)
}

// readLengths reads how long the statement is repeated.
func (p *prun) readLengths() {
	a := p.in.Args
	p.least, p.budget = enoughSamples, a.Duration("budget", prunBudget*time.Second).Seconds()
	if repeats := p.kind == "cpu" || p.kind == "wall"; repeats && !a.Has("n") {
		p.least = p.in.Count(enoughSamples)
		if !a.Has("budget") {
			p.budget = p.in.Seconds(prunBudget)
		}
	}
}

// usualOrder is the order of a kind's functions without -s. Goroutines all stand in
// the same few functions of the runtime, which says nothing.
func usualOrder(kind string) string {
	if kind == "goroutine" || kind == "leak" {
		return "cumulative"
	}
	return "time"
}

// readBase finds the profile of --base.
func (p *prun) readBase(h magic.Host) error {
	if !p.in.Args.Has("base") {
		return nil
	}
	name := p.in.Args.Text("base", "")
	raw, err := storedProfile(h, name)
	if err == nil {
		var b profiles.Profile
		b, err = profiles.Decode(raw)
		p.base, p.baseRaw = &b, raw
	}
	if err != nil {
		return p.in.Magic.Usagef("flag --base of %s: %v", p.in.Magic.Title(), err)
	}
	return nil
}

// params are the choices for the data.
func (p *prun) params() map[string]any {
	a := p.in.Args
	m := map[string]any{"kind": p.kind, "sort": p.order.name, "budget": p.budget, "fresh": a.Has("fresh")}
	if a.Has("n") {
		m["runs"] = a.Int("n", 0)
	}
	if a.Has("base") {
		m["base"] = a.Text("base", "")
	}
	if len(a.All("l")) > 0 {
		m["limits"] = a.All("l")
	}
	return m
}

// interrupted says how far the runs came; "" for to the end.
func (p *prun) interrupted() string {
	switch {
	case p.fail == nil:
		return ""
	case p.measured.run.Finished:
		return "the sampled runs are complete, one for counting isn't"
	}
	return fmt.Sprintf("stopped in run %d", p.measured.run.Whole+1)
}
