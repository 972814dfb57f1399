package machine

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hpgo/magics/harness/valgrind"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
	"hpgo/magics/simulated"
)

func annotateRow() magic.Magic {
	flags := append([]magic.Flag{
		{Name: "f", Long: "function", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "show this function, of the session or a package; may be given several times (without it those of the session where most samples are)"},
		{Name: "sim", Doc: "run once more under valgrind, which counts instructions, cache misses and mispredicted jumps of each line of cells"},
	}, samplingFlags()...)
	return measuring.Row(magic.Magic{Name: "perf annotate", Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Usage: "%perf annotate [-f FUNC]... [flags] STATEMENT, %%perf annotate [flags] [SETUP] and a cell", Flags: flags,
		Doc: "show source with the part of the time that its lines and instructions take\nSampled as by %perf record. A line opens to the machine code that was made of it, wherever it was inlined; samples count for the innermost line of the function. " +
			"In %%perf annotate the line is preparation and runs once, before."}, runAnnotate)
}

// Without -f, so many functions with at least this part of the samples are shown.
const (
	annotatedFunctions = 4
	annotatedShare     = 0.02
)

// annotation is one use of %perf annotate.
type annotation struct {
	*sampling
	targets []magic.Function // without -f those that may be shown
	named   bool             // by -f
	places  []*place
	total   int64
	code    *machineCode // nil: it can't be read
	sim     *simulation  // nil: nothing was simulated
	owners  owners
	more    []string // warnings

	simNotes []string
}

// runAnnotate implements %perf annotate and %%perf annotate.
func runAnnotate(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	s, err := readSampling(h, in)
	if err != nil {
		return magic.Result{}, err
	}
	defer s.progress.End()
	a := &annotation{sampling: s}
	if err := a.find(ctx, h); err != nil {
		return magic.Result{}, err
	}
	var tool simulated.Tool
	if in.Args.Has("sim") {
		if tool, err = simulated.Find(ctx); err != nil {
			return magic.Result{}, fmt.Errorf("%s --sim: %w", in.Magic.Title(), err)
		}
	}
	fail := s.sample(ctx, h)
	if a.places, a.total = places(s.run.Samples); a.total == 0 {
		return magic.Result{}, cmp.Or(fail, s.unseen())
	}
	simFail := error(nil)
	if reading, cancel := s.readingCode(ctx, fail); reading != nil {
		a.code, err = readCode(reading, h, s.program)
		cancel()
		if err != nil {
			a.more = append(a.more, "instructions aren't shown: "+oneLine(err))
		} else {
			defer a.code.close()
			a.findAssembly()
		}
	}
	if fail == nil && in.Args.Has("sim") {
		simFail = a.simulate(ctx, h, tool)
	}
	out := a.output(h)
	switch {
	case fail != nil:
		out.Partial = s.partial()
	case simFail != nil:
		out.Partial = "sampled, but not simulated"
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, out)
	if bad := cmp.Or(fail, simFail); bad != nil {
		err = bad
	}
	return res, err
}

// find finds the functions that may be shown.
func (a *annotation) find(ctx context.Context, h magic.Host) error {
	names := a.in.Args.All("f")
	if a.named = len(names) > 0; !a.named {
		var err error
		if a.targets, err = h.Functions(ctx, ""); err != nil {
			return fmt.Errorf("list the session's functions: %w", err)
		}
		n, _ := h.At()
		a.targets = append(a.targets, magic.Function{Name: theCell, File: cellFile(n), First: 1, Lines: strings.Split(h.CellText(), "\n")})
		return nil
	}
	for _, name := range names {
		f, err := h.Function(ctx, name)
		if err != nil {
			return a.in.Magic.Usagef("flag -f of %s: %v", a.in.Magic.Title(), err)
		}
		a.targets = append(a.targets, f)
	}
	return nil
}

// simulate runs the Go once under valgrind.
func (a *annotation) simulate(ctx context.Context, h magic.Host, tool simulated.Tool) error {
	var err error
	if a.owners, err = sessionOwners(ctx, h); err != nil {
		return err
	}
	m := newModel(tool, a.progress, valgrind.Options{Runs: 1}, 1)
	sim, err := m.run(ctx, h, a.variant)
	a.simNotes = m.notes(ctx, h)
	if text := sim.leftOut(); text != "" {
		a.more = append(a.more, text)
	}
	if len(sim.profiles) > 0 {
		a.sim = sim
	}
	return err
}

// lineIn is the innermost place of a stack that stands in one of the functions, if that
// is f; false: it is none's, or another's.
func (a *annotation) lineIn(f magic.Function, stack []position) (line int, ok bool) {
	has := func(g magic.Function, at position) bool {
		return at.file == g.File && g.First <= at.line && at.line < g.First+len(g.Lines)
	}
	for _, at := range stack {
		// What the cell declares has lines of the cell, too: it stands before the cell.
		if i := slices.IndexFunc(a.targets, func(g magic.Function) bool { return has(g, at) }); i >= 0 {
			g := a.targets[i]
			return at.line, g.Name == f.Name && g.File == f.File
		}
	}
	return 0, false
}

// annotated are the functions with their samples and code, those with most samples
// first.
func (a *annotation) annotated() []result.PerfAnnotated {
	var all []result.PerfAnnotated
	for _, f := range a.targets {
		x := a.function(f)
		if a.named || x.Share >= annotatedShare {
			all = append(all, x)
		}
	}
	slices.SortStableFunc(all, func(x, y result.PerfAnnotated) int { return cmp.Compare(y.Samples, x.Samples) })
	if !a.named && len(all) > annotatedFunctions {
		all = all[:annotatedFunctions]
	}
	return all
}

// function is one function.
func (a *annotation) function(f magic.Function) result.PerfAnnotated {
	x := result.PerfAnnotated{Name: f.Name, File: f.File, First: f.First}
	for i, text := range f.Lines {
		x.Lines = append(x.Lines, result.PerfAnnotatedLine{Line: f.First + i, Text: text})
	}
	codes := map[string]bool{}
	for _, p := range a.places {
		line, ok := a.lineIn(f, p.stack)
		if !ok {
			continue
		}
		x.Lines[line-f.First].Samples += p.count
		x.Samples += p.count
		codes[p.code] = true
	}
	a.addInstructions(&x, f, codes)
	x.Share = a.share(x.Samples)
	for i := range x.Lines {
		x.Lines[i].Share = a.share(x.Lines[i].Samples)
	}
	return x
}

func (a *annotation) share(n int64) float64 { return float64(n) / float64(a.total) }

// addInstructions adds the code of a function's lines: that in the functions in which
// samples met it.
func (a *annotation) addInstructions(x *result.PerfAnnotated, f magic.Function, codes map[string]bool) {
	if a.code == nil {
		return
	}
	for _, code := range slices.Sorted(maps.Keys(codes)) {
		fn := a.code.function(code)
		if fn == nil {
			continue
		}
		counts := map[int]int64{}
		for _, p := range a.places {
			if i := fn.Index(p.offset); p.code == code && i >= 0 {
				counts[fn.Instructions[i].Offset] += p.count
			}
		}
		for i := range fn.Instructions {
			in := &fn.Instructions[i]
			var stack []position
			for _, at := range in.Stack {
				stack = append(stack, position{at.File, at.Line})
			}
			line, ok := a.lineIn(f, stack)
			if !ok {
				continue
			}
			l := &x.Lines[line-f.First]
			l.Instructions = append(l.Instructions, result.PerfInstruction{Func: shownName(code, fn.File), Offset: in.Offset, Text: in.Text, Samples: counts[in.Offset], Share: a.share(counts[in.Offset])})
		}
	}
}

// addCosts adds what was simulated to the lines of cells.
func (a *annotation) addCosts(all []result.PerfAnnotated) *result.PerfSimulatedModel {
	if a.sim == nil {
		return nil
	}
	sim := a.sim.result(nil, operations{loops: 1}, a.owners)
	for i := range all {
		for k := range all[i].Lines {
			l := &all[i].Lines[k]
			for _, c := range sim.Lines {
				if c.File == all[i].File && c.Line == l.Line {
					cost := c
					l.Cost = &cost
				}
			}
		}
	}
	return &result.PerfSimulatedModel{Tool: sim.Tool, Model: sim.Model}
}

// outside says where samples are that no shown function has.
func (a *annotation) outside(all []result.PerfAnnotated) string {
	rest := int64(0)
	places := slices.DeleteFunc(slices.Clone(a.places), func(p *place) bool {
		return slices.ContainsFunc(all, func(x result.PerfAnnotated) bool {
			_, in := a.lineIn(magic.Function{Name: x.Name, File: x.File}, p.stack)
			return in
		})
	})
	for _, p := range places {
		rest += p.count
	}
	if rest*50 < a.total {
		return ""
	}
	var names []string
	for _, s := range spotsBy(places, a.total, func(p *place) string { return shownName(p.fn, p.file) }, func(p *place, s *result.PerfSpot) { s.Func = shownName(p.fn, p.file) }) {
		if s.Share >= 0.01 && len(names) < 4 {
			names = append(names, fmt.Sprintf("%s %s", s.Func, quantity.Percent(s.Share)))
		}
	}
	where := "in many functions"
	if len(names) > 0 {
		where = strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s of the samples are elsewhere: %s (-f shows a function of a package)", quantity.Percent(a.share(rest)), where)
}
