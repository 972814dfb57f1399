package profiling

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// output is the table in all its forms.
func (l *lprun) output(restored []string, err error) report.Output {
	r := l.result()
	shown := l.withoutSmall(r)
	out := report.Output{Result: r, Samples: l.sampled, Text: shown.String(), Params: l.params(), Warnings: l.warnings(r)}
	if err != nil {
		out.Partial = l.partial()
	}
	if len(restored) > 0 {
		l.notes = append(l.notes, "the variables "+strings.Join(restored, ", ")+" have the values from before (`-keep` leaves the new ones)")
	}
	if note := Unscaled(l.sampled); note != "" {
		l.notes = append(l.notes, note)
	}
	if rest := 1 - r.Total/r.PlainCPU; !r.Wall && r.PlainCPU > 0 && r.Samples >= int64(l.least)/4 && rest > smallRest {
		l.notes = append(l.notes, fmt.Sprintf("a plain run takes %s of CPU time; the %s outside of these functions went to their callers, to goroutines that were started elsewhere, or to what the runtime does of its own, as collecting garbage", quantity.Seconds(r.PlainCPU, 3), quantity.Percent(rest)))
	}
	for _, note := range l.notes {
		out.Text += "\n" + strings.ReplaceAll(note, "`", "")
	}
	out.HTML = append(out.HTML, report.Note(r.How()))
	for _, f := range shown.Functions {
		out.HTML = append(out.HTML, report.Heading(fmt.Sprintf("`%s` · %s:%d · %s", f.Name, f.File, f.First, functionTime(f))), lprunTable(f))
		if below := calleesTable(f); len(below.Rows) > 0 {
			out.HTML = append(out.HTML, report.Details{Summary: "What the lines call", Blocks: []report.Block{below}})
		}
	}
	for _, note := range l.notes {
		out.HTML = append(out.HTML, report.Note(note))
	}
	if f := hottest(shown); f != nil {
		out.Figure = lprunFigure(*f, r)
	}
	return out
}

// smallRest is a part of a run's time outside of the functions that needs no word; of
// few samples a larger one may be chance.
const smallRest = 0.02

func functionTime(f result.LprunFunction) string {
	text := quantity.Seconds(f.Time, 3) + " in one run"
	if f.Unknown == "" {
		text += ", " + quantity.Counted(f.Calls, "call")
	}
	return text
}

// hottest is the function with the most time; nil if there are no figures.
func hottest(r result.Lprun) *result.LprunFunction {
	var best *result.LprunFunction
	for i := range r.Functions {
		if f := r.Functions[i]; f.Hits == 0 && f.Samples == 0 {
			continue
		}
		if best == nil || r.Functions[i].Time > best.Time {
			best = &r.Functions[i]
		}
	}
	return best
}

// withoutSmall leaves out the lines below -min.
func (l *lprun) withoutSmall(r result.Lprun) result.Lprun {
	least := l.in.Args.Float("min", 0) / 100
	if least == 0 {
		return r
	}
	r.Functions = slices.Clone(r.Functions)
	for i := range r.Functions {
		r.Functions[i].Lines = slices.DeleteFunc(slices.Clone(r.Functions[i].Lines), func(x result.LprunLine) bool { return x.Share < least })
	}
	return r
}

func (l *lprun) params() map[string]any {
	var names []string
	for _, f := range l.funcs {
		names = append(names, f.Name)
	}
	return map[string]any{"functions": names, "budget": l.budget, "wall": l.in.Args.Has("wall"), "runs": l.in.Args.Int("n", 0)}
}

// partial says how far it came.
func (l *lprun) partial() string {
	n, text := l.sampled.Runs(), l.stage+" was cut short"
	if len(l.counts.Values) == 0 {
		text += ", nothing was counted"
	}
	switch {
	case l.sampled.Samples.Count == 0:
		return text + ", times were not sampled"
	case n == 0:
		return text + ", samples are of a part of a run"
	case l.stage == sampledRuns:
		return quantity.Counted(n, "run") + " sampled"
	}
	return text + ", " + quantity.Counted(n, "run") + " sampled"
}

// lprunTable is a function's source with its figures.
func lprunTable(f result.LprunFunction) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "Line"}, {Name: "Hits", Title: "executions, counted in one run"}, {Name: "Time", Look: report.Bar, Title: "of one run, with what the line calls"},
		{Name: "Per hit"}, {Name: "% time", Look: report.Heat, Title: "of the function"}, {Name: "±", Title: "standard error of % time"}, {Name: "Source", Align: report.Code, Look: report.Heat}}}
	source := len(t.Columns) - 1
	allocs := len(f.Lines) > 0 && f.Lines[0].Alloc != nil
	if allocs {
		t.Columns = slices.Insert(t.Columns, source, report.Column{Name: "Alloc", Title: "of one run, with what the line calls"}, report.Column{Name: "Objects"})
	}
	for _, l := range f.Lines {
		row := report.Row{Cold: l.Samples == 0, Cells: []report.Cell{{Text: fmt.Sprint(l.Line), Order: float64(l.Line)}, {Order: math.NaN()}, {Order: math.NaN()}, {Order: math.NaN()}, {Order: math.NaN()}, {Order: math.NaN()},
			report.Word(strings.ReplaceAll(l.Text, "\t", "  ")).Titled(calleesText(l)).Shared(l.Share)}}
		if l.Hits > 0 {
			row.Cells[1] = report.Count(l.Hits)
		}
		if l.Samples > 0 {
			row.Cells[2] = report.Seconds(l.Time).Shared(l.Share)
			row.Cells[4] = report.Percent(l.Share)
			row.Cells[5] = report.Cell{Text: fmt.Sprintf("%.1f", 100*l.Error), Order: l.Error}
			if l.Hits > 0 {
				row.Cells[3] = report.Seconds(l.PerHit())
			}
		}
		if allocs {
			cells := []report.Cell{{Order: math.NaN()}, {Order: math.NaN()}}
			if l.Alloc.Objects > 0 {
				cells = []report.Cell{report.Bytes(float64(l.Alloc.Bytes)), report.Count(l.Alloc.Objects)}
				row.Cold = false
			}
			row.Cells = slices.Insert(row.Cells, source, cells...)
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// calleesTable tells where the time of the lines went below them.
func calleesTable(f result.LprunFunction) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "Line"}, {Name: "Calls", Align: report.Left}, {Name: "Time", Title: "of one run"}, {Name: "% of the line", Look: report.Bar}, {Name: "Code", Align: report.Left}}}
	for _, l := range f.Lines {
		for _, c := range l.Calls {
			if c.Share < 0.005 {
				continue
			}
			code := "called"
			if c.Inlined {
				code = "inlined"
			}
			t.Rows = append(t.Rows, report.Cells(report.Cell{Text: fmt.Sprint(l.Line), Order: float64(l.Line)}, report.Word(c.Name), report.Seconds(c.Share*l.Time), report.Percent(c.Share), report.Word(code)))
		}
	}
	return t
}

// calleesText says where the time of a line went.
func calleesText(l result.LprunLine) string {
	own := 1.0
	var parts []string
	for _, c := range l.Calls {
		own -= c.Share
		if len(parts) == 6 || c.Share < 0.005 {
			continue
		}
		part := quantity.Percent(c.Share) + " in " + c.Name
		if c.Inlined {
			part += " (inlined)"
		}
		parts = append(parts, part)
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(append(parts, quantity.Percent(max(own, 0))+" in the line itself"), "\n")
}

// lprunFigure is the picture of one function.
func lprunFigure(f result.LprunFunction, r result.Lprun) plots.Picture {
	hits, times := map[int]float64{}, map[int]float64{}
	details := map[int]string{}
	var code strings.Builder
	for i, l := range f.Lines {
		if i > 0 && f.Lines[i-1].Line != l.Line-1 {
			code.WriteString(strings.Repeat("\n", l.Line-f.Lines[i-1].Line-1)) // left out by -min
		}
		code.WriteString(l.Text + "\n")
		if l.Hits > 0 {
			hits[l.Line] = float64(l.Hits)
		}
		if l.Samples > 0 {
			times[l.Line] = l.Time
		}
		if text := calleesText(l); text != "" {
			details[l.Line] = text
		}
	}
	first := f.First
	if len(f.Lines) > 0 {
		first = f.Lines[0].Line
	}
	var columns []plots.Column
	if len(hits) > 0 {
		columns = append(columns, plots.Column{Label: "Hits", Values: hits})
	}
	heat := "Hits"
	if len(times) > 0 {
		columns = append(columns, plots.Column{Label: "Time", Unit: "s", Values: times, Share: true})
		heat = "Time"
	}
	return plots.Source{Code: strings.TrimSuffix(code.String(), "\n"), First: first, Columns: columns, Heat: heat, Details: details,
		Title: fmt.Sprintf("%s (%s)", f.Name, f.File), Notes: []string{r.How()}}
}
