package tracing

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/harness/tracer"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// cpuplotRow is %cpuplot.
func cpuplotRow() magic.Magic {
	return magic.Magic{Name: "cpuplot", Kind: magic.Both, Usage: "%cpuplot [flags] STATEMENT, %%cpuplot [flags] [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Flags: []magic.Flag{measuring.FreshFlag(""), measuring.KeepFlag()},
		Doc: "how many cores a statement uses over time\nThe kernel process looks at the worker from outside, every 20 ms: the CPU time of all its threads, exact, on which core each of them ran last, and how busy each core of the machine was with all programs, in ticks of 10 ms. " +
			"The line is the cores that the statement used, the dashed one GOMAXPROCS; %trace shows why fewer were used."}
}

// cpuplot is one use of %cpuplot.
type cpuplot struct {
	in       *measuring.Input
	subject  *measuring.Subject
	watch    *cpuWatch   // nil: the statement hasn't begun
	span     tracer.Span // of its end, or its beginning
	restored []string
}

// runCPUPlot implements %cpuplot and %%cpuplot.
func runCPUPlot(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	c := &cpuplot{in: in}
	var err error
	if c.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	p := program(c.subject, "", fmt.Sprintf("hpgo__s := %s.BeginSpan()\n{", tracerName), "}\nhpgo__s.End()")
	p.Fresh, p.Records = in.Args.Has("fresh"), c.hear
	_, restored, fail := measuring.Measure(ctx, h, c.subject, p, in.Args.Has("keep"))
	c.restored = restored
	if c.watch == nil {
		return magic.Result{}, fail
	}
	seen, err := c.watch.stop()
	if err != nil {
		return magic.Result{}, errors.Join(fail, fmt.Errorf("%s: %w", in.Magic.Title(), err))
	}
	r := cpuPlotOf(seen)
	if r.GOMAXPROCS = c.span.GOMAXPROCS; c.span.Ends {
		r.Seconds, r.CPU = c.span.Elapsed, c.span.CPU // the first look came a moment after the beginning
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, c.output(r, fail))
	if fail != nil {
		return res, fail
	}
	return res, err
}

// hear begins to watch when the statement does, and ends with it.
func (c *cpuplot) hear(r harness.Record) {
	var s tracer.Span
	if r.Kind != tracer.SpanKind || json.Unmarshal(r.Data, &s) != nil {
		return
	}
	switch c.span = s; {
	case s.Ends && c.watch != nil:
		_, _ = c.watch.stop() // read by runCPUPlot
	case !s.Ends:
		c.watch = watchCPU(s.PID)
	}
}

// output is what %cpuplot shows.
func (c *cpuplot) output(r result.CPUPlot, fail error) report.Output {
	o := report.Output{Result: r, Params: map[string]any{"fresh": c.in.Args.Has("fresh")}}
	if fail != nil {
		o.Partial = "the first " + quantity.Seconds(r.Seconds, 3)
	}
	line := fmt.Sprintf("GOMAXPROCS %d", r.GOMAXPROCS) + coresRanOn(r)
	if len(r.Samples) > 0 {
		line += fmt.Sprintf(" · other processes used %s of the cores' time", quantity.Percent(share(r.Others, float64(r.Cores))))
	}
	if r.Stolen > 0.01 {
		line += fmt.Sprintf(" · the hypervisor took %s", quantity.Percent(share(r.Stolen, float64(r.Cores))))
	}
	o.Text = r.String() + "\n" + line + "\n"
	o.HTML = []report.Block{report.Headline{Figure: quantity.Number(quantity.Round(r.Used(), 3)) + " cores", Label: fmt.Sprintf("used on average of %d: %s of CPU time in %s", r.Cores, quantity.Seconds(r.CPU, 3), quantity.Seconds(r.Seconds, 3))}}
	if len(r.Samples) > 0 {
		picture := cpuPicture(r)
		o.Figure = picture
		o.HTML = append(o.HTML, report.Figure{Picture: picture})
	} else {
		o.Warnings = append(o.Warnings, fmt.Sprintf("there is no picture of less than %s: the kernel counts the time of cores in ticks of 10 ms", quantity.Seconds(leastStretch.Seconds(), 3)))
	}
	for _, n := range append([]string{line}, measuring.RestoredNote(c.restored)...) {
		o.HTML = append(o.HTML, report.Note(n))
	}
	for _, n := range measuring.RestoredNote(c.restored) {
		o.Text += n + "\n"
	}
	return o
}

// namedCores is how many cores a line names.
const namedCores = 8

// coresRanOn names the cores that the program used.
func coresRanOn(r result.CPUPlot) string {
	var all []int
	for i, s := range r.Own {
		if s >= 0.001 {
			all = append(all, i)
		}
	}
	if len(all) == 0 {
		return ""
	}
	slices.SortStableFunc(all, func(a, b int) int { return cmp.Compare(r.Own[b], r.Own[a]) })
	var parts []string
	for _, i := range all[:min(len(all), namedCores)] {
		parts = append(parts, fmt.Sprintf("cpu%d %s", i, quantity.Percent(r.Own[i])))
	}
	if more := len(all) - len(parts); more > 0 {
		parts = append(parts, fmt.Sprintf("%d more", more))
	}
	return " · ran on " + strings.Join(parts, ", ")
}

// cpuPicture draws the process's use above its use of each core, and above that of all
// programs.
func cpuPicture(r result.CPUPlot) plots.Picture {
	var xs, used []float64
	edges := []float64{0}
	busy, own := make([][]float64, r.Cores), make([][]float64, r.Cores)
	at := func(shares []float64, i int) float64 {
		if i < len(shares) {
			return 100 * shares[i]
		}
		return 0
	}
	before := 0.0
	for _, s := range r.Samples {
		// A step for each stretch: its mean is all that is known of it.
		xs, used = append(xs, before, s.To), append(used, s.Process, s.Process)
		before = s.To
		edges = append(edges, s.To)
		for i := range busy {
			busy[i], own[i] = append(busy[i], at(s.Busy, i)), append(own[i], at(s.Own, i))
		}
	}
	top := float64(max(r.GOMAXPROCS, r.Cores))
	line := plots.Figure{Title: "cores that the statement used", X: plots.Axis{Label: "time", Unit: "s"}, Y: plots.Axis{Label: "cores", Limits: [2]float64{0, top * 1.08}},
		Layers: plots.Layers{plots.Line{Name: "used", X: xs, Y: used}, plots.Rule{Label: "GOMAXPROCS", Y: float64(r.GOMAXPROCS)}}}
	cores := plots.Cores{Title: "how busy each core was, with all programs", Use: busy, T: edges}.Figure()
	panels := []plots.Figure{line, cores}
	if len(r.Own) > 0 {
		panels = slices.Insert(panels, 1, plots.Cores{Title: "of that, on each core", Use: own, T: edges}.Figure())
	}
	return plots.Grid{Columns: 1, ShareX: true, Panels: panels, Height: 2.2 * float64(len(panels))}
}
