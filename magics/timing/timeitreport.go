package timing

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/magics/stats"
	"hpgo/plots"
)

// manyRuns is from how many on a histogram shows more than each run by itself.
const manyRuns = 30

// output is what %timeit shows of one point.
func (o *timeitOptions) output(t *timings, notes []string, onStack bool) report.Output {
	r, s := timeitOf(t, 0, o.cpu, o.digits)
	out := report.Output{Params: o.params(), Result: r, Samples: t.runs[0], Partial: t.partial(), Figure: timeitFigure(r)}
	out.Warnings = append(o.codeCautions(onStack), cautions(t, 0, r, s)...)
	out.Text = slowestText(r) + r.String() + "\n" + secondLine(r, onStack)
	for _, note := range notes {
		out.Text += "\n" + note
	}
	out.HTML = []report.Block{report.Headline{Figure: r.Figure(), Label: r.Label()}, timeitTable(r, onStack)}
	if slow := strings.TrimSpace(slowestText(r)); slow != "" {
		out.HTML = append(out.HTML, report.Note(slow))
	}
	for _, note := range notes {
		out.HTML = append(out.HTML, report.Note(note))
	}
	out.HTML = append(out.HTML, report.Figure{Picture: out.Figure}, report.Details{Summary: "Runs", Blocks: []report.Block{runsTable(t.runs[0], r)}})
	return out
}

// params are the choices that were made, for the data.
func (o *timeitOptions) params() map[string]any {
	p := map[string]any{"runs": o.plan.Runs, "gc": !o.plan.GCOff, "clock": "wall"}
	if o.cpu {
		p["clock"] = "cpu"
	}
	for name, on := range map[string]bool{"escape": o.escape, "opaque": o.opaque, "fresh": o.fresh, "cold": o.plan.Cold, "hist": o.hist} {
		if on {
			p[name] = true
		}
	}
	if o.plan.Loops > 0 {
		p["loops"] = o.plan.Loops
	}
	if o.plan.Budget > 0 {
		p["budget"] = o.plan.Budget
	}
	if o.procs > 0 {
		p["procs"] = o.procs
	}
	if o.variants[0].each.Text != "" {
		p["each"] = o.variants[0].each.Text
	}
	return p
}

// timeitTable is the figures in one row.
func timeitTable(r result.Timeit, onStack bool) report.Table {
	t := report.Table{Unsorted: true}
	var row []report.Cell
	add := func(name, title string, c report.Cell) {
		t.Columns = append(t.Columns, report.Column{Name: name, Title: title})
		row = append(row, c)
	}
	add("median", "of the runs", report.Word(seconds(r.Median, 4)))
	if r.CI != nil {
		add(fmt.Sprintf("%.0f %% CI", 100*r.CI.Confidence), "confidence interval of the median, by order statistics", report.Word(seconds(r.CI.Low, 4)+" – "+seconds(r.CI.High, 4)))
	}
	add("best", "the fastest run", report.Word(seconds(r.Best, 4)))
	add("worst", "the slowest run", report.Word(seconds(r.Worst, 4)))
	if l := r.Singly; l != nil {
		add("p50", "of operations timed one by one", report.Seconds(l.P50))
		add("p90", "", report.Seconds(l.P90))
		add("p99", "", report.Seconds(l.P99))
		add("max", "", report.Seconds(l.Max))
	}
	add("B/op", "bytes allocated by an operation", report.Word(bytesText(r.BytesPerOp)))
	allocs := quantity.PerOp(r.AllocsPerOp)
	if r.AllocsPerOp == 0 {
		allocs = strings.TrimPrefix(allocText(r, onStack), "0 allocs ")
		allocs = "0" + strings.TrimPrefix(" "+allocs, " 0 allocs")
	}
	add("allocs/op", "objects allocated by an operation", report.Word(allocs))
	add("GC", "cycles of the collector in a run, and its share of all processors' time", report.Word(strings.TrimPrefix(gcText(r), "GC ")))
	if r.Loop > 0 {
		add("loop", "an empty operation, contained in the time", report.Word(seconds(r.Loop, 3)))
	}
	if r.Cold != nil {
		add("first", "the very first operation", report.Seconds(*r.Cold))
	}
	add("build", "from source to object", report.Word(fmt.Sprintf("%.2f s", r.CompileTime)))
	t.Rows = []report.Row{report.Cells(row...)}
	return t
}

// runsTable has a row for each run.
func runsTable(runs []harness.TimingRun, r result.Timeit) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "run"}, {Name: "loops"}, {Name: "per loop", Look: report.Bar}, {Name: "CPU", Title: "of all threads, per loop"}, {Name: "B/op"}, {Name: "allocs/op"}, {Name: "GC"}, {Name: "", Align: report.Left}}}
	timings := r.Timings()
	for i, run := range runs {
		n := float64(run.N)
		mark := ""
		if slices.Contains(r.Outliers, i) {
			mark = "outlier"
		}
		cpu := report.Word("?")
		if run.CPU >= 0 {
			cpu = report.Seconds(run.CPU / n)
		}
		t.Rows = append(t.Rows, report.Cells(report.Count(i+1), report.Count(run.N), report.Seconds(timings[i]).Shared(timings[i]/r.Worst), cpu,
			report.Bytes(float64(run.Bytes)/n), report.Word(quantity.PerOp(float64(run.Allocs)/n)), report.Count(int(run.GCs)), report.Word(mark)))
	}
	return t
}

// timeitFigure shows the runs in their order with a box, or how many runs or
// operations there are.
func timeitFigure(r result.Timeit) plots.Picture {
	values, what := r.Timings(), "runs"
	if r.Singly != nil {
		values, what = r.Singly.Sample, "operations"
		if len(values) < r.Singly.N {
			what = fmt.Sprintf("operations, sample of %s", quantity.Count(int64(len(values))))
		}
	}
	label := "time of an operation"
	if r.Clock == "cpu" {
		label = "CPU time of an operation"
	}
	if len(values) >= manyRuns && slices.Min(values) > 0 {
		return plots.Figure{Height: 2.8, X: plots.Axis{Label: label, Unit: "s", Log: true}, Y: plots.Axis{Label: what},
			Layers: plots.Layers{plots.Hist{Values: values, Percentiles: []float64{50, 90, 99}}}}
	}
	groups := map[string][]float64{what + ", first to last": values}
	return plots.Figure{Width: 5, Height: 2.5, Y: plots.Axis{Label: label, Unit: "s"},
		Layers: plots.Layers{plots.Box{Values: groups}, plots.Strip{Values: groups}}}
}

// benchmarkText is the runs in Go's benchmark format, for benchstat: those of each
// point under the name of its point.
func benchmarkText(t *timings, name func(point int) string) ([]byte, error) {
	f := stats.File{Config: []stats.Setting{{Key: "goos", Value: runtime.GOOS}, {Key: "goarch", Value: runtime.GOARCH}}}
	for i, runs := range t.runs {
		procs := t.plan.Points[i].Procs
		if procs == 0 {
			procs = t.start.GOMAXPROCS
		}
		for _, run := range runs {
			n := float64(run.N)
			line := stats.Run{Name: name(i), N: run.N, Values: []stats.Value{{Unit: "sec/op", X: quantity.Round(run.Wall/n, 12)}, {Unit: "B/op", X: math.Round(float64(run.Bytes) / n)}, {Unit: "allocs/op", X: math.Round(float64(run.Allocs) / n)}}}
			if procs > 1 {
				line.Name += fmt.Sprintf("-%d", procs)
			}
			f.Runs = append(f.Runs, line)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		return nil, fmt.Errorf("write the runs: %w", err)
	}
	return b.Bytes(), nil
}
