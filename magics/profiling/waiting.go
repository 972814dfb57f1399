package profiling

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
	"hpgo/plots/recording"
	"hpgo/plots/recording/profiles"
)

// waitingRows are %block and %mutex: what %prun does with the flags of those names,
// by line.
func waitingRows() []magic.Magic {
	row := func(name, doc string) magic.Magic {
		return measuring.Row(magic.Magic{Name: name, Kind: magic.Both, Usage: "%" + name + " [flags] STATEMENT, %%" + name + " [flags] [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Transient: true,
			Takes: magic.AboutGo, Holds: magic.AboutGo, Flags: []magic.Flag{measuring.FreshFlag(""), measuring.KeepFlag()}, Doc: doc}, runWaiting)
	}
	return []magic.Magic{
		row("block", "where goroutines wait for channels, locks and conditions\nEach wait that ends counts, with how long it took, at the line that waits; goroutines wait at the same time, so the sum may be more than the statement took. Sleeping and input are no such waits: %trace shows all. "+
			"The flame graph shows who called whom."),
		row("mutex", "which lines make others wait for a lock\nThe wait for a sync.Mutex or RWMutex counts at the Unlock that ends it: that is the end of the code to make shorter. %block shows those who wait."),
	}
}

// runWaiting implements %block and %mutex.
func runWaiting(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	p := &prun{in: in, kind: in.Magic.Name, waiting: measuring.NewProgress(h)}
	defer p.waiting.End()
	var err error
	if p.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	p.fail = p.measure(ctx, h)
	if !p.measured.any() {
		measuring.NothingToShow(h, in, p.fail, "the process ended before the statement did, after which its waits are read; `%trace` shows those until the last second before such an end")
		return magic.Result{}, cmp.Or(p.fail, errors.New(in.Magic.Spell(in.Form)+": the runtime told nothing"))
	}
	out, err := p.waitingOutput()
	if err != nil {
		return magic.Result{}, errors.Join(p.fail, err)
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, out)
	if p.fail != nil {
		err = p.fail
	}
	return res, err
}

// Limits of what is shown and kept.
const (
	waitLines     = 15
	waitFunctions = 100
)

// waitingOutput is what %block and %mutex show.
func (p *prun) waitingOutput() (report.Output, error) {
	st := p.sampled()
	raw, err := st.data.Encode()
	if err != nil {
		return report.Output{}, err
	}
	r := waitingOf(p.kind, st.data, st.result.Elapsed)
	o := report.Output{Result: r, Raw: raw, Params: map[string]any{"fresh": p.in.Args.Has("fresh")}, Warnings: slices.Clone(p.measured.run.Samples.Warnings)}
	if p.fail != nil {
		o.Partial = "waits until it was stopped"
	}
	notes := measuring.RestoredNote(p.restored)
	if p.kind == "block" {
		notes = append(notes, "what has not ended when the statement does isn't counted; nor are sleep, input and output")
	}
	o.Text = r.String() + "\n"
	o.HTML = []report.Block{report.Headline{Figure: quantity.Seconds(r.Seconds, 3), Label: strings.TrimPrefix(waitingLabel(r), " ")}}
	if r.Count > 0 {
		lines, functions := waitTable("line", r.Lines, r.Seconds), waitTable("function", r.Functions, r.Seconds)
		functions.Columns[2].Title = "with all that it calls"
		o.Text += "\n" + lines.Text() + "\n\n" + functions.Text() + "\n"
		flame := plots.Flame{Profile: raw, Value: st.data.Types[st.value].Name}
		o.Figure = flame
		flame.Interactive = true
		o.HTML = append(o.HTML, lines, report.Figure{Picture: flame}, report.Details{Summary: "by function", Blocks: []report.Block{functions}})
	}
	for _, n := range notes {
		o.Text += n + "\n"
		o.HTML = append(o.HTML, report.Note(n))
	}
	return o, nil
}

func waitingLabel(r result.Waiting) string {
	what := "of waiting"
	if r.Kind == "mutex" {
		what = "that locks made goroutines wait"
	}
	return what + ", " + quantity.Counted(r.Count, "time") + ", in a statement of " + quantity.Seconds(r.Elapsed, 3)
}

// waitingOf adds up a profile of waits by line and by function.
func waitingOf(kind string, data profiles.Profile, elapsed float64) result.Waiting {
	r := result.Waiting{Kind: kind, Elapsed: elapsed, Lines: []result.WaitLine{}, Functions: []result.WaitLine{}}
	lines, functions := map[result.WaitLine]*result.WaitLine{}, map[result.WaitLine]*result.WaitLine{}
	add := func(to map[result.WaitLine]*result.WaitLine, key result.WaitLine, count int64, s float64) {
		if to[key] == nil {
			sum := key
			to[key] = &sum
		}
		to[key].Count += count
		to[key].Seconds += s
	}
	for _, stack := range data.Stacks {
		count, s := stack.Values[0], float64(stack.Values[1])/1e9
		r.Count += count
		r.Seconds += s
		add(lines, waitLine(stack.Frames), count, s)
		seen := map[string]bool{}
		for _, f := range stack.Frames {
			if name := recording.PlaceOf(f.Func, f.File, 0).Function; !seen[name] && !strings.HasPrefix(name, "runtime.") {
				seen[name] = true
				add(functions, result.WaitLine{TracePlace: result.TracePlace{Function: name}}, count, s)
			}
		}
	}
	sorted := func(of map[result.WaitLine]*result.WaitLine) (out []result.WaitLine) {
		for _, l := range of {
			out = append(out, *l)
		}
		slices.SortFunc(out, func(a, b result.WaitLine) int {
			return cmp.Or(cmp.Compare(b.Seconds, a.Seconds), cmp.Compare(a.Where, b.Where), cmp.Compare(a.Function, b.Function))
		})
		return out[:min(len(out), waitFunctions)]
	}
	r.Lines, r.Functions = sorted(lines), sorted(functions)
	return r
}

// waitLine is the innermost line of a cell in a stack, with what it calls; without one,
// the innermost that isn't of the runtime or of package sync.
func waitLine(frames []profiles.Frame) result.WaitLine {
	at := -1
	for i, f := range frames {
		if inCellFile.MatchString(f.File) {
			at = i
			break
		}
		if at < 0 && !strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.Func, "sync.") && !strings.HasPrefix(f.Func, "internal/") {
			at = i
		}
	}
	if at < 0 {
		if len(frames) == 0 {
			return result.WaitLine{}
		}
		at = len(frames) - 1
	}
	p := recording.PlaceOf(frames[at].Func, frames[at].File, frames[at].Line)
	l := result.WaitLine{TracePlace: result.TracePlace{Function: p.Function, Where: strings.TrimSuffix(p.Where, " (inlined)")}}
	if at > 0 {
		l.Call = strings.TrimPrefix(recording.PlaceOf(frames[at-1].Func, frames[at-1].File, 0).Function, "internal/")
	}
	return l
}

// waitTable is waits by line or function.
func waitTable(by string, rows []result.WaitLine, all float64) report.Table {
	t := report.Table{Columns: []report.Column{{Name: by, Align: report.Left}, {Name: "times"}, {Name: "waited", Title: "all together", Look: report.Bar}, {Name: "mean"}, {Name: "%"}}}
	calls := slices.ContainsFunc(rows, func(l result.WaitLine) bool { return l.Call != "" })
	if calls {
		t.Columns = append(t.Columns, report.Column{Name: "in", Align: report.Left, Title: "the call that waits, or that ends the wait"})
	}
	for _, l := range rows[:min(len(rows), waitLines)] {
		name := l.Function
		if l.Where != "" && !strings.HasPrefix(l.Where, l.Function+":") {
			name += " (" + l.Where + ")"
		} else if l.Where != "" {
			name = l.Where
		}
		part := 0.0
		if all > 0 {
			part = l.Seconds / all
		}
		cells := []report.Cell{report.Word(name), report.Count(l.Count), report.Seconds(l.Seconds).Shared(part), report.Seconds(l.Seconds / math.Max(1, float64(l.Count))), report.Percent(part)}
		if calls {
			cells = append(cells, report.Word(l.Call))
		}
		t.Rows = append(t.Rows, report.Cells(cells...))
	}
	return t
}
