package machine

import (
	"context"
	"errors"
	"fmt"
	"math"

	"hpgo/magics/harness/valgrind"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/magics/simulated"
)

// Instructions simulates pieces of Go with the preparation that all have, and compares
// what an operation of each executes: for %compare --ir. Its limit is by how much one
// may execute more than the first, as a part of that; +Inf: by anything.
type Instructions struct {
	In    *measuring.Input
	Setup magic.Piece
	Parts []measuring.Block
	Loops int // operations in a run
	Runs  int // of each
	Limit float64
}

// Compare shows the comparison.
func (c Instructions) Compare(ctx context.Context, h magic.Host) (magic.Result, error) {
	variants, err := variantsOf(h, c.Setup, c.Parts)
	if err != nil {
		return magic.Result{}, err
	}
	tool, err := simulated.Find(ctx)
	if err != nil {
		return magic.Result{}, fmt.Errorf("%s --ir: %w", c.In.Magic.Title(), err)
	}
	progress := measuring.NewProgress(h)
	defer progress.End()
	m := newModel(tool, progress, valgrind.Options{Runs: c.Runs}, c.Loops)
	var sims []*simulation
	var fail error
	for _, v := range variants {
		var sim *simulation
		sim, fail = m.run(ctx, h, v)
		if sims = append(sims, sim); fail != nil {
			break
		}
	}
	res := c.judged(variants, sims, m)
	if res.Variants[0].Runs == 0 {
		return magic.Result{}, fail
	}
	out := c.output(res, m.notes(ctx, h), sims)
	if fail != nil {
		last := len(sims) - 1
		out.Partial = fmt.Sprintf("%d of %s of %s", res.Variants[last].Runs, quantity.Counted(c.Runs, "run"), variants[last].name)
	}
	shown, err := measuring.Finish(context.WithoutCancel(ctx), h, c.In, out)
	if fail == nil && err == nil {
		fail = c.exceeded(res)
	}
	return shown, errors.Join(fail, err)
}

// judged is the result; what wasn't simulated has no figures.
func (c Instructions) judged(variants []variant, sims []*simulation, m *model) result.Instructions {
	res := result.Instructions{Tool: "valgrind " + m.tool.Version, Model: m.geometry.String(), Loops: c.Loops}
	for i, v := range variants {
		x := result.Instructed{Name: v.name, Verdict: result.VerdictBase}
		if i < len(sims) {
			sims[i].fill(&x, float64(c.Loops))
		}
		if i > 0 {
			x.Against(res.Variants[0])
		}
		res.Variants = append(res.Variants, x)
	}
	return res
}

// fill fills in what an operation of the complete runs executed.
func (s *simulation) fill(x *result.Instructed, loops float64) {
	profiles, broken := s.complete()
	if broken || len(profiles) == 0 {
		return
	}
	x.Runs, x.Least, x.Most = len(profiles), math.Inf(1), 0
	for _, p := range profiles {
		total := p.Total()
		n := float64(total.Instructions())
		x.Least, x.Most = min(x.Least, n/loops), max(x.Most, n/loops)
		for _, f := range []struct {
			to    *float64
			count uint64
		}{{&x.Instructions, total.Instructions()}, {&x.Branches, total.Branches()}, {&x.D1Misses, total.D1Misses()}, {&x.LLMisses, total.Misses()}} {
			*f.to += float64(f.count)
		}
	}
	for _, sum := range []*float64{&x.Instructions, &x.Branches, &x.D1Misses, &x.LLMisses} {
		*sum /= loops * float64(x.Runs)
	}
}

// exceeded is an error where a variant executes more than may be.
func (c Instructions) exceeded(res result.Instructions) error {
	for _, v := range res.Variants[1:] {
		if v.Verdict == result.VerdictMore && v.Ratio > 1+c.Limit {
			return fmt.Errorf("%s executes %s more instructions than %s, allowed is %s", v.Name, quantity.Percent(v.Ratio-1), res.Variants[0].Name, quantity.Percent(c.Limit))
		}
	}
	return nil
}

// output is the comparison in all its forms.
func (c Instructions) output(res result.Instructions, notes []string, sims []*simulation) report.Output {
	title := fmt.Sprintf("instructions of an operation, simulated by %s%s: a model, not this CPU", res.Tool, runsText(c.Runs))
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "variant", Align: report.Left}, {Name: "instructions", Look: report.Bar}, {Name: "by the first"}, {Name: "verdict", Align: report.Left},
		{Name: "branches"}, {Name: "D1 misses"}, {Name: "LL misses"}, {Name: "in the runs", Align: report.Left}}}
	most := 0.0
	for _, v := range res.Variants {
		most = max(most, v.Instructions)
	}
	out := report.Output{Magic: "compare-ir", Result: res, Untimed: true, Params: map[string]any{"loops": c.Loops, "runs": c.Runs}}
	count := func(x float64) report.Cell { return report.Cell{Text: quantity.PerOp(x), Order: x} }
	for i, v := range res.Variants {
		if v.Runs == 0 {
			t.Rows = append(t.Rows, report.Cells(report.Word(v.Name), report.Word(""), report.Word(""), report.Word(v.Verdict), report.Word(""), report.Word(""), report.Word(""), report.Word("not simulated")))
			continue
		}
		ratio, spread := report.Word(""), "the same"
		if i > 0 {
			ratio = report.Cell{Text: fmt.Sprintf("%.4g", v.Ratio), Order: v.Ratio}
		}
		if !v.Exact() {
			spread = quantity.PerOp(v.Least) + " to " + quantity.PerOp(v.Most)
			out.Warnings = append(out.Warnings, v.Name+" doesn't execute the same in each run: what the runtime does for it, such as collecting garbage or finding a place in a map, varies")
		}
		t.Rows = append(t.Rows, report.Cells(report.Word(v.Name), count(v.Instructions).Shared(v.Instructions/most), ratio, report.Word(v.Verdict), count(v.Branches), count(v.D1Misses), count(v.LLMisses), report.Word(spread)))
	}
	for i, sim := range sims {
		if text := sim.leftOut(); text != "" {
			out.Warnings = append(out.Warnings, res.Variants[i].Name+": "+text)
		}
	}
	out.Text = title + "\n\n" + t.Text()
	out.HTML = []report.Block{report.Heading(capital(title)), t}
	for _, note := range append([]string{modelText(res.Model)}, notes...) {
		out.Text += "\n" + note
		out.HTML = append(out.HTML, report.Note(note))
	}
	return out
}
