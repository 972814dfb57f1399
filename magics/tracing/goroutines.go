package tracing

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/harness/tracer"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// goroutinesRow is %goroutines.
func goroutinesRow() magic.Magic {
	return magic.Magic{Name: "goroutines", Kind: magic.Both, Usage: "%goroutines [flags] [STATEMENT], %%goroutines [flags] [SETUP] and a cell, %goroutines --watch on|off", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Flags: []magic.Flag{
			{Name: "prove", Doc: "run the statement in a program of its own whose collector finds the goroutines that can never go on; the first time takes half a minute or more, to compile the standard library for it"},
			{Name: "all", Doc: "list those of the runtime and of what runs cells, too"},
			{Name: "watch", Arg: "on|off", Doc: "warn after each cell from now on that leaves goroutines behind which may wait for ever; without a statement"},
			measuring.KeepFlag(),
		},
		Doc: "goroutines there are, by stack; those a statement leaves behind\nWithout a statement: all that cells have started and that are still there, where they wait, for how long and which line started them. " +
			"With one: those that it started and left, after 0.2 s at most to end. Whether one waits for ever isn't known in the live session, except where nothing can come (a nil channel); --prove finds out. " +
			"--watch on counts goroutines around each cell; only when there are more, it waits 0.1 s for them to end, and looks at their stacks. " +
			"The runtime tells how long a goroutine has waited in whole minutes."}
}

// leakExperiment is the GOEXPERIMENT whose collector finds goroutines that can never
// go on.
const leakExperiment = "goroutineleakprofile"

// listing is one use of %goroutines.
type listing struct {
	in       *measuring.Input
	subject  *measuring.Subject // nil: no statement
	dir      string
	dump     *tracer.Dump
	restored []string
}

// runGoroutines implements %goroutines and %%goroutines.
func runGoroutines(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	if in.Args.Has("watch") {
		return setWatch(h, in)
	}
	l := &listing{in: in}
	var err error
	if in.Form == magic.Cell || strings.TrimSpace(in.Args.Rest) != "" {
		if l.subject, err = measuring.ReadSubject(h, in); err != nil {
			return magic.Result{}, err
		}
	} else if in.Args.Has("prove") {
		return magic.Result{}, in.Magic.Usagef("flag --prove of %s needs a statement: what runs in the session can't be asked", in.Magic.Title())
	}
	if l.dir, err = os.MkdirTemp(h.ModuleDir(), "trace"); err != nil {
		return magic.Result{}, fmt.Errorf("%s: a place for the goroutines: %w", in.Magic.Title(), err)
	}
	defer os.RemoveAll(l.dir)
	fail := l.run(ctx, h)
	if l.dump == nil {
		if fail == nil {
			fail = errors.New(in.Magic.Title() + ": the process didn't tell of its goroutines")
		}
		measuring.NothingToShow(h, in, fail, "the goroutines were gone with the process")
		return magic.Result{}, fail
	}
	r, err := l.read()
	if err != nil {
		return magic.Result{}, errors.Join(fail, fmt.Errorf("%s: %w", in.Magic.Title(), err))
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, l.output(r, fail))
	if fail != nil {
		return res, fail
	}
	return res, err
}

// run has the goroutines listed, before and after the statement if there is one.
func (l *listing) run(ctx context.Context, h magic.Host) error {
	params, err := json.Marshal(tracer.DumpParams{Before: filepath.Join(l.dir, "before"), After: filepath.Join(l.dir, "after")})
	if err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	subject := l.subject
	if subject == nil {
		subject = measuring.NoSubject()
	}
	p := program(subject, fmt.Sprintf("hpgo__g := %s.NewGoroutines(%q)", tracerName, params), "hpgo__g.Start()\n{", "}\nhpgo__g.End()")
	p.Records = func(r harness.Record) {
		var got tracer.Dump
		if r.Kind == tracer.GoroutinesKind && json.Unmarshal(r.Data, &got) == nil {
			l.dump = &got
		}
	}
	if l.in.Args.Has("prove") {
		p.Fresh, p.Env = true, []string{"GOEXPERIMENT=" + withExperiment(h.Status(ctx).Experiment)}
		h.Busy("building a program with GOEXPERIMENT=" + leakExperiment)
		defer h.Busy("")
	}
	_, l.restored, err = measuring.Measure(ctx, h, subject, p, l.in.Args.Has("keep"))
	return err
}

// withExperiment is a GOEXPERIMENT with the one that finds leaks.
func withExperiment(others string) string {
	if others == "" {
		return leakExperiment
	}
	return others + "," + leakExperiment
}

// read makes a result of what was listed.
func (l *listing) read() (result.Goroutines, error) {
	r := result.Goroutines{Left: l.subject != nil, Proven: l.dump.Proven, Groups: []result.GoroutineGroup{}}
	if l.subject != nil {
		r.Seconds = l.dump.Elapsed
	}
	if l.dump.Failed != "" {
		return r, errors.New(l.dump.Failed)
	}
	if l.in.Args.Has("prove") && !r.Proven {
		return r, errors.New("the program has no profile of goroutines that can never go on, for which GOEXPERIMENT=" + leakExperiment + " was to build it")
	}
	after, err := os.ReadFile(filepath.Join(l.dir, "after"))
	if err != nil {
		return r, err
	}
	own, others := ofProgram(readTracebacks(string(after)))
	r.System = len(others)
	if l.in.Args.Has("all") {
		own, r.System = slices.Concat(own, others), 0
	}
	if l.subject != nil {
		before, err := os.ReadFile(filepath.Join(l.dir, "before"))
		if err != nil {
			return r, err
		}
		known := map[uint64]bool{}
		for _, g := range readTracebacks(string(before)) {
			known[g.id] = true
		}
		own = slices.DeleteFunc(own, func(g goroutine) bool { return known[g.id] })
	}
	r.Count = len(own)
	r.Groups = groupsOf(own)
	for _, g := range r.Groups {
		if g.Verdict == "leaked" || g.Verdict == "waits for ever" {
			r.Leaked += g.Count
		}
	}
	return r, nil
}

// keptIDs is how many numbers of goroutines a group names.
const keptIDs = 10

// groupsOf puts goroutines with equal stacks and states together.
func groupsOf(all []goroutine) []result.GoroutineGroup {
	index := map[string]int{}
	groups := []result.GoroutineGroup{}
	for _, g := range all {
		key := fmt.Sprint(g.state, g.leaked, g.frames, g.starter)
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			group := result.GoroutineGroup{State: g.state, Verdict: g.verdict(), Started: g.starter.place(), Frames: []result.TracePlace{}}
			for _, c := range g.frames {
				if c.file != generatedFile {
					group.Frames = append(group.Frames, c.place())
				}
			}
			group.At = innermost(g)
			groups = append(groups, group)
		}
		group := &groups[i]
		group.Count++
		group.Minutes = max(group.Minutes, g.minutes)
		if len(group.IDs) < keptIDs {
			group.IDs = append(group.IDs, g.id)
		}
	}
	slices.SortStableFunc(groups, func(a, b result.GoroutineGroup) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(b.Minutes, a.Minutes), cmp.Compare(a.At.Where, b.At.Where))
	})
	return groups
}

// innermost is the innermost line of a cell; without one, of a package that isn't of
// the runtime.
func innermost(g goroutine) result.TracePlace {
	var first call
	for _, c := range g.frames {
		if c.inCell() {
			return c.place()
		}
		if first.fn == "" && !strings.HasPrefix(c.fn, "runtime.") && !strings.HasPrefix(c.fn, "internal/") && !strings.HasPrefix(c.fn, "sync.") && !strings.HasPrefix(c.fn, "time.") {
			first = c
		}
	}
	if first.fn == "" && len(g.frames) > 0 {
		first = g.frames[len(g.frames)-1]
	}
	return first.place()
}

// output is what %goroutines shows.
func (l *listing) output(r result.Goroutines, fail error) report.Output {
	o := report.Output{Result: r, Untimed: true, Params: map[string]any{"prove": l.in.Args.Has("prove"), "all": l.in.Args.Has("all")}}
	if fail != nil {
		o.Partial = "goroutines after what ran"
	}
	table := goroutineTable(r)
	notes := measuring.RestoredNote(l.restored)
	if r.System > 0 {
		notes = append(notes, quantity.Counted(r.System, "goroutine")+" of the runtime and of what runs cells not listed")
	}
	if doubt := slices.ContainsFunc(r.Groups, func(g result.GoroutineGroup) bool { return g.Verdict == "may wait for ever" }); doubt && !r.Proven {
		notes = append(notes, "whether those that may wait for ever do isn't known here: `%goroutines --prove STATEMENT` runs the statement in a program whose collector finds out")
	}
	o.Text = r.String() + "\n"
	o.HTML = append(o.HTML, report.Headline{Figure: quantity.Counted(r.Count, "goroutine"), Label: strings.TrimLeft(strings.TrimPrefix(r.String(), quantity.Counted(r.Count, "goroutine")), " ")})
	if r.Count == 0 {
		o.HTML = []report.Block{report.Headline{Figure: r.String()}}
	}
	if len(table.Rows) > 0 {
		o.Text += "\n" + table.Text() + "\n"
		o.HTML = append(o.HTML, table)
		o.HTML = append(o.HTML, stacks(r))
	}
	for _, n := range notes {
		o.Text += strings.ReplaceAll(n, "`", "") + "\n"
		o.HTML = append(o.HTML, report.Note(n))
	}
	return o
}

// shownGroups is how many groups of goroutines are shown.
const shownGroups = 30

// goroutineTable is the groups.
func goroutineTable(r result.Goroutines) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "goroutines"}, {Name: "state", Align: report.Left}, {Name: "for", Title: "whole minutes that the first has waited"}, {Name: "at", Align: report.Left}, {Name: "started at", Align: report.Left}, {Name: "goes on?", Align: report.Left}}}
	for _, g := range r.Groups[:min(len(r.Groups), shownGroups)] {
		waited := ""
		if g.Minutes > 0 {
			waited = fmt.Sprintf("%d min", g.Minutes)
		}
		t.Rows = append(t.Rows, report.Cells(report.Count(g.Count), report.Word(g.State), report.Cell{Text: waited, Order: float64(g.Minutes)}, report.Word(at(g.At)), report.Word(at(g.Started)), report.Word(g.Verdict)))
	}
	return t
}

// stacks are the stacks of the groups, folded.
func stacks(r result.Goroutines) report.Block {
	var b strings.Builder
	for _, g := range r.Groups[:min(len(r.Groups), shownGroups)] {
		fmt.Fprintf(&b, "%s [%s]\n", quantity.Counted(g.Count, "goroutine"), g.State)
		for _, f := range g.Frames {
			fmt.Fprintf(&b, "    %s  %s\n", f.Function, f.Where)
		}
		if g.Started.Function != "" {
			fmt.Fprintf(&b, "    started by %s\n", at(g.Started))
		}
		b.WriteString("\n")
	}
	return report.Details{Summary: "stacks", Blocks: []report.Block{report.Text(strings.TrimRight(b.String(), "\n"))}}
}
