package timing

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/magics/stats"
)

// compareAgainst compares one statement with a stored baseline: with its runs, or
// with --rerun by running its source anew, in turns with today's.
func (c *comparison) compareAgainst(ctx context.Context, h magic.Host) (magic.Result, error) {
	name := c.in.Args.Text("base", "")
	if len(c.variants) != 1 {
		return magic.Result{}, c.in.Magic.Usagef("flag --base of %s: it compares one statement with a stored one, not %d", c.in.Magic.Title(), len(c.variants))
	}
	b, err := readBaseline(h, name)
	if err != nil {
		return magic.Result{}, c.in.Magic.Usagef("flag --base of %s: %v", c.in.Magic.Title(), err)
	}
	old, err := b.variant(c.variants[0].name)
	if err != nil {
		return magic.Result{}, c.in.Magic.Usagef("flag --base of %s: %s: %v", c.in.Magic.Title(), name, err)
	}
	a := &against{comparison: c, name: name, base: b, old: old}
	measure := a.measureNow
	if c.in.Args.Has("rerun") {
		if err := a.prepareRerun(ctx, h); err != nil {
			return magic.Result{}, err
		}
		defer a.contest.wait.End()
		defer a.contest.close()
		measure = a.measureBoth
	}
	out, err := measure(ctx, h)
	if err != nil && out.Result == nil {
		return magic.Result{}, err
	}
	var again *result.Variant
	if err == nil && a.regressed(out) {
		var confirmed report.Output
		if confirmed, err = measure(ctx, h); err == nil {
			again = &confirmed.Result.(result.Compare).Variants[1]
			out.HTML = append(out.HTML, report.Note(fmt.Sprintf("measured once more to confirm: %s", again.Words())))
			out.Text += fmt.Sprintf("\nmeasured once more to confirm: %s", again.Words())
			if !a.regressed(confirmed) {
				again = nil
			}
		}
	}
	env := c.in.Env(ctx, h)
	out.Env = env
	if err == nil && c.in.Args.Has("save") {
		err = c.save(ctx, h, a.alone(out), a.got, env)
	}
	shown, bad := measuring.Finish(ctx, h, c.in, out)
	switch {
	case err != nil:
		return shown, err
	case bad == nil && again != nil:
		v := out.Result.(result.Compare).Variants[1]
		return shown, fmt.Errorf("%%compare: %s is %s, and %s when measured once more: --fail allows %s", v.Name, v.Against(name), again.Words(), percent(c.fail))
	}
	return shown, bad
}

// against is a comparison with a baseline.
type against struct {
	*comparison
	name    string
	base    *baseline
	old     *result.Variant
	contest *contest // with --rerun
	got     *timings // the last measurement
}

// regressed reports whether today's statement is slower than --fail allows.
func (a *against) regressed(out report.Output) bool {
	if !a.in.Args.Has("fail") {
		return false
	}
	v := out.Result.(result.Compare).Variants[1]
	return v.Verdict == string(stats.Slower) && v.Ratio > 1+a.fail
}

// alone is the part of a result that is today's.
func (a *against) alone(out report.Output) result.Compare {
	res := out.Result.(result.Compare)
	now := res.Variants[1]
	now.Verdict, now.Ratio, now.RatioCI, now.P = result.VerdictBase, 0, nil, nil
	res.Variants = []result.Variant{now}
	return res
}

// measureNow measures today's statement and sets it beside the stored runs.
func (a *against) measureNow(ctx context.Context, h magic.Host) (report.Output, error) {
	a.points()
	got, names, err := a.carryOut(ctx, h)
	if got.made() == 0 {
		if err == nil {
			err = errors.New("%compare: no run was made")
		}
		return report.Output{}, err
	}
	got.cpu, a.got = a.base.Result.Clock == clockName(true), got // as the stored ones
	now := a.seriesOf(got)[0]
	rules := a.rules
	rules.Interleaved, rules.Order, rules.Noise = false, "", stats.Noise(now.times, now.again)
	now.times, now.again = slices.Concat(now.times, now.again), nil
	warnings := []string{"not measured alternately: what changed on the machine since " + a.name + " was saved is in the difference; --rerun runs its source in turns with today's"}
	if d := otherPlace(a.base.Env, a.in.Env(ctx, h)); d != "" {
		now.incomparable = true
		warnings = []string{fmt.Sprintf("%s and now are not comparable: %s", a.name, d)}
	}
	old := *a.old
	old.Name = a.name
	res, more := judge(rules, []series{{variant: old, times: old.Times, again: old.Again}, now})
	res.Clock = clockName(got.cpu)
	out := a.output(res, append(warnings, more...), measuring.RestoredNote(names))
	out.Samples, out.Partial = compareSamples(got), got.partial()
	return out, err
}

// prepareRerun builds the stored program and today's.
func (a *against) prepareRerun(ctx context.Context, h magic.Host) error {
	usage := func(format string, args ...any) error {
		return a.in.Magic.Usagef("flag --rerun of %s: %s", a.in.Magic.Title(), fmt.Sprintf(format, args...))
	}
	if len(a.base.Programs) == 0 {
		return usage("%s has no source to run: %s", a.name, a.base.Missing)
	}
	old := a.base.Programs[0]
	for _, p := range a.base.Programs {
		if p.Variant == a.old.Name {
			old = p
		}
	}
	files, checked, err := a.plainDriven(ctx, h, &a.variants[0], false)
	if err != nil {
		return err
	}
	k := &contest{plan: a.plan, checked: checked && old.Checked, tol: a.tol, wait: measuring.NewProgress(h)}
	a.contest = k
	for _, w := range []struct {
		name string
		work magic.Work
	}{{a.name, magic.Work{Files: old.Files}}, {a.variants[0].name, magic.Work{Files: files}}} {
		k.wait.Say("building %s", w.name)
		exe, release, err := h.Build(ctx, w.work)
		if err != nil {
			k.close()
			k.wait.End()
			if w.name == a.name && ctx.Err() == nil {
				return fmt.Errorf("%%compare: the source of %s can't be built any more: %w", a.name, err)
			}
			return err
		}
		k.list = append(k.list, &contender{name: w.name, argv: []string{exe}, release: release})
	}
	if err := k.start(ctx, h); err != nil {
		k.close()
		k.wait.End()
		return err
	}
	return nil
}

// measureBoth runs the stored program and today's in turns.
func (a *against) measureBoth(ctx context.Context, h magic.Host) (report.Output, error) {
	var notes []string
	if a.contest.checked && a.contest.list[1].differs != "" {
		return report.Output{}, fmt.Errorf("%%compare: %s gives another result than %s: %s; code or the values of declarations have changed since it was saved", a.contest.list[1].name, a.name, a.contest.list[1].differs)
	}
	if !a.contest.checked {
		notes = append(notes, "results were not compared: the code's last statement is no expression with a value")
	}
	notes = append(notes, fmt.Sprintf("%s is the source that was saved, built again; both are ordinary programs that take turns", a.name))
	out, err := a.contestOutput(ctx, a.contest, notes, a.liveDifference(ctx, h, a.contest.list[1].result, a.name+" and today's"))
	return out, err
}
