package tracing

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"hpgo/magics/harness"
	"hpgo/magics/harness/tracer"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
	"hpgo/plots/recording"
)

// traceLimit is how large a trace may get without --limit: it is read in some three
// seconds.
const traceLimit = 64 << 20

// traceRows is how many lanes of goroutines a picture has without --rows.
const traceRows = 20

// partialReading is how long a trace is read whose statement was interrupted.
const partialReading = 5 * time.Second

// leastCall is how long a call must take to be noted without --min.
const leastCall = 10 * time.Microsecond

// traceRow is %trace.
func traceRow() magic.Magic {
	return magic.Magic{Name: "trace", Kind: magic.Both, Usage: "%trace [flags] STATEMENT, %%trace [flags] [SETUP] and a cell, %trace --flight on|off [--slow TIME]", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Flags: []magic.Flag{
			{Name: "regions", Doc: "draw tasks, regions and logs of runtime/trace and package prof in a picture of their own"},
			{Name: "calls", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "draw each call of a function of the session that is long enough; may be repeated"},
			{Name: "min", Arg: "TIME", Value: magic.Duration, Min: 1e-9, Bounded: true, Doc: "with --calls: leave out calls that take less (10us), and count them"},
			{Name: "rows", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "lanes of goroutines in the picture, at most (20)"},
			{Name: "limit", Arg: "SIZE", Doc: "end the recording when the trace is so large (64MiB); the statement goes on"},
			{Name: "chrome", Arg: "FILE", Takes: magic.AboutFiles, Doc: "write trace events in JSON, which ui.perfetto.dev and chrome://tracing open: some 18 times as large as the trace"},
			{Name: "flight", Arg: "on|off", Doc: "keep the last seconds of each cell from now on, and show them when one panics, is interrupted or is slow; without a statement"},
			{Name: "slow", Arg: "TIME", Value: magic.Duration, Min: 1e-3, Bounded: true, Doc: "with --flight on: a cell that takes longer is slow (5s)"},
			measuring.FreshFlag(""),
			measuring.KeepFlag(),
		},
		Doc: "what goroutines and processors did during a statement\nThe execution trace of runtime/trace: each moment at which a goroutine began to run, waited, was woken, with its place; processors (Ps), the collector, regions. " +
			"The picture shows what each P ran, then goroutines by the function they began with, with regions below them. Sentences say what was limiting, tables where goroutines waited and who ended that. " +
			"-D FILE writes the trace itself, for go tool trace. Recording costs some 0.2 μs for each time a goroutine waits or goes on, and nothing else. " +
			"--flight on has a flight recorder run beside all cells from now on, but not beside code that is measured; its setting outlives the worker. What it keeps is in files, so that it outlives the worker, too: " +
			"after os.Exit all of it, after a fatal error or a kill what was written until then, as a rule all but the last 0.1 s. In a session whose code calls trace.Start it keeps it in memory."}
}

// traced is one use of %trace.
type traced struct {
	in       *measuring.Input
	subject  *measuring.Subject
	limit    int64
	calls    []string // functions of the session
	dir      string   // of the trace's file
	waiting  *measuring.Progress
	recorded *tracer.Recording // nil: the process ended before it could say
	ended    time.Time         // when the statement had ended, or its process
	restored []string
}

// file is where the trace is.
func (t *traced) file() string { return filepath.Join(t.dir, "trace.out") }

// runTrace implements %trace and %%trace.
func runTrace(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	if in.Args.Has("flight") {
		return setFlight(h, in)
	}
	t := &traced{in: in, limit: traceLimit, waiting: measuring.NewProgress(h)}
	defer t.waiting.End()
	err := t.readFlags(ctx, h)
	if err != nil {
		return magic.Result{}, err
	}
	if t.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	if t.dir, err = os.MkdirTemp(h.ModuleDir(), "trace"); err != nil {
		return magic.Result{}, fmt.Errorf("%s: a place for the trace: %w", in.Magic.Title(), err)
	}
	defer os.RemoveAll(t.dir)
	fail := t.record(ctx, h)
	t.ended = time.Now()
	if r := t.recorded; fail == nil && r != nil && r.Refused != "" {
		return magic.Result{}, fmt.Errorf("%s: nothing was recorded: %s", in.Magic.Title(), r.Refused)
	}
	out, err := t.output(ctx, fail)
	if err != nil {
		if fail != nil { // before there was anything to show
			measuring.NothingToShow(h, in, fail, "the runtime writes a trace once a second, and the process ended before")
			return magic.Result{}, fail
		}
		return magic.Result{}, fmt.Errorf("%s: %w", in.Magic.Title(), err)
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, out)
	if fail = cmp.Or(fail, ctx.Err()); fail != nil {
		return res, fail
	}
	return res, errors.Join(err, t.writeChrome(ctx, h))
}

// readFlags reads the flags.
func (t *traced) readFlags(ctx context.Context, h magic.Host) error {
	a, m := t.in.Args, t.in.Magic
	for _, expr := range a.All("calls") {
		f, err := h.Function(ctx, expr)
		if err != nil {
			return m.Usagef("flag --calls of %s: %v", m.Title(), err)
		}
		if f.Package != "" {
			return m.Usagef("flag --calls of %s: %s is not of the session; put the call of it in prof.Region(%q, func() { ... })", m.Title(), f.Name, f.Name)
		}
		t.calls = append(t.calls, f.Key)
	}
	if a.Has("min") && len(t.calls) == 0 {
		return m.Usagef("flag --min of %s goes with --calls", m.Title())
	}
	if a.Has("slow") {
		return m.Usagef("flag --slow of %s goes with --flight on", m.Title())
	}
	if a.Has("limit") {
		var err error
		if t.limit, err = quantity.ParseBytes(a.Text("limit", "")); err != nil {
			return m.Usagef("flag --limit of %s: %v", m.Title(), err)
		}
	}
	if a.Has("chrome") {
		path, err := magic.Path(h, a.Text("chrome", ""))
		if err != nil {
			return m.Usagef("flag --chrome of %s: %v", m.Title(), err)
		}
		if st, err := os.Stat(filepath.Dir(path)); err != nil || !st.IsDir() {
			return m.Usagef("flag --chrome of %s: there is no directory %s", m.Title(), filepath.Dir(path))
		}
	}
	return nil
}

// least is how long a call must take to be noted.
func (t *traced) least() time.Duration { return t.in.Args.Duration("min", leastCall) }

// record runs the statement while it is traced.
func (t *traced) record(ctx context.Context, h magic.Host) error {
	n, _ := h.At()
	p := tracer.Params{File: t.file(), Limit: t.limit, Name: fmt.Sprintf("cell %d", n)}
	if len(t.calls) > 0 {
		p.Calls = t.least().Seconds()
	}
	params, err := json.Marshal(p)
	if err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	prog := program(t.subject, fmt.Sprintf("hpgo__t := %s.NewTrace(%q)", tracerName, params), "hpgo__t.Start()\n{", "}\nhpgo__t.End()")
	prog.Fresh, prog.Calls = t.in.Args.Has("fresh"), t.calls
	prog.Records = func(r harness.Record) {
		var got tracer.Recording
		if r.Kind == tracer.RecordKind && json.Unmarshal(r.Data, &got) == nil {
			t.recorded = &got
		}
	}
	_, t.restored, err = measuring.Measure(ctx, h, t.subject, prog, t.in.Args.Has("keep"))
	return err
}

// output is what %trace shows; fail is what ended the statement.
func (t *traced) output(ctx context.Context, fail error) (report.Output, error) {
	raw, err := os.ReadFile(t.file())
	if err != nil {
		return report.Output{}, err
	}
	t.waiting.Say("reading a trace of %s", quantity.Bytes(float64(len(raw))))
	if ctx.Err() != nil { // the statement was interrupted
		var done func()
		ctx, done = context.WithTimeout(context.WithoutCancel(ctx), partialReading)
		defer done()
	}
	s, err := recording.ReadStudy(ctx, bytes.NewReader(raw), t.in.Args.Int("rows", traceRows))
	if err != nil {
		return report.Output{}, err
	}
	r := resultOf(s)
	r.Bytes = int64(len(raw))
	if rec := t.recorded; rec != nil {
		r.CPU, r.Cut = rec.CPU, rec.Cut
		r.ShortCalls, r.ShortSeconds = rec.Calls.Short, rec.Calls.ShortSeconds
	}
	r.Summary = verdict(r)
	o := report.Output{Result: r, Raw: raw, Params: map[string]any{"limit": t.limit, "fresh": t.in.Args.Has("fresh"), "calls": t.calls, "min": t.least().Seconds()}}
	switch {
	case fail != nil, s.Broken == recording.ErrStopped.Error():
		o.Partial = "the first " + quantity.Seconds(r.Seconds, 3)
		if lost := t.ended.Sub(s.Wall); t.recorded == nil && !s.Wall.IsZero() && lost >= leastLost {
			o.Warnings = append(o.Warnings, fmt.Sprintf("without the last %s before the process ended, which were not yet written", quantity.Seconds(lost.Seconds(), 2)))
		}
	case r.Cut > 0:
		o.Warnings = append(o.Warnings, fmt.Sprintf("the trace reached %s after %s, where it ends: the figures are of that part; --limit allows for more", quantity.Bytes(float64(t.limit)), quantity.Seconds(r.Cut, 3)))
	}
	if rec := t.recorded; rec != nil && rec.Whole && r.Cut == 0 && !s.Over {
		o.Warnings = append(o.Warnings, fmt.Sprintf("the statement ended the recording after %s (trace.Stop) and went on until %s: the figures are of the first part", quantity.Seconds(r.Seconds, 3), quantity.Seconds(rec.Elapsed, 3)))
	} else if s.Broken != "" && (fail == nil || s.Broken == recording.ErrStopped.Error()) {
		o.Warnings = append(o.Warnings, "the trace breaks off: "+s.Broken)
	}
	show(&o, r, s.Lanes, append(t.callNotes(r), measuring.RestoredNote(t.restored)...))
	if t.in.Args.Has("regions") {
		o.HTML = append(o.HTML, regionPicture(raw))
	}
	return o, nil
}

// callNotes say what became of the calls that --calls asks for.
func (t *traced) callNotes(r result.Trace) []string {
	var notes []string
	if len(t.calls) > 0 {
		notes = append(notes, "times are those of instrumented code: each call of "+strings.Join(t.calls, ", ")+" reads the clock twice, some 0.1 μs, and one that is noted takes some 0.5 μs")
	}
	if r.ShortCalls > 0 {
		notes = append(notes, fmt.Sprintf("%s shorter than %s left out, which took %s together; --min changes that", quantity.Counted(r.ShortCalls, "call"), quantity.Seconds(t.least().Seconds(), 3), quantity.Seconds(r.ShortSeconds, 3)))
	}
	for _, f := range t.calls {
		if r.ShortCalls == 0 && !slices.ContainsFunc(r.Calls, func(c result.TraceRegion) bool { return c.Name == f }) {
			notes = append(notes, "--calls "+f+": it was not called")
		}
	}
	return notes
}

// show fills in texts and blocks of a trace.
func show(o *report.Output, r result.Trace, lanes plots.Data, notes []string) {
	text, blocks := tables(r)
	lines := append([]string{latencyLine(r.Latency), collectorLine(r.GC)}, notes...)
	for _, s := range r.Summary {
		o.Text += s + "\n"
	}
	head := fmt.Sprintf("of %s, %s", quantity.Seconds(r.Seconds, 3), quantity.Counted(r.Count, "goroutine"))
	if r.CPU > 0 {
		head += fmt.Sprintf("; CPU %s", quantity.Seconds(r.CPU, 3))
	}
	o.Text += "trace " + head + fmt.Sprintf("; %s recorded\n", quantity.Bytes(float64(r.Bytes))) + text
	o.Figure = drawn(lanes)
	o.HTML = append(o.HTML, report.Headline{Figure: quantity.Percent(r.Busy()), Label: fmt.Sprintf("of the processors' time (%s) busy, %s", processors(r.GOMAXPROCS, "", ""), head)})
	for _, s := range r.Summary {
		o.HTML = append(o.HTML, report.Note(s))
	}
	interactive := lanes
	interactive.Interactive = true
	o.HTML = append(o.HTML, report.Figure{Picture: drawn(interactive)})
	o.HTML = append(o.HTML, blocks...)
	if p := latencyPicture(r.Latency); p != nil {
		o.HTML = append(o.HTML, report.Details{Summary: latencyLine(r.Latency), Blocks: []report.Block{report.Figure{Picture: p}}})
		lines = lines[1:]
	}
	o.Text += "\n" + latencyLine(r.Latency) + "\n"
	for _, l := range lines {
		if l != latencyLine(r.Latency) {
			o.Text += l + "\n"
		}
		o.HTML = append(o.HTML, report.Note(l))
	}
}

// regionPicture draws tasks, regions and logs.
func regionPicture(raw []byte) report.Block {
	d, err := recording.Trace(raw, map[string]string{"view": "regions"})
	if err != nil {
		return report.Note(err.Error())
	}
	d.Interactive = true
	return report.Figure{Picture: drawn(d)}
}

// writeChrome writes the file of --chrome.
func (t *traced) writeChrome(ctx context.Context, h magic.Host) error {
	if !t.in.Args.Has("chrome") {
		return nil
	}
	path, err := magic.Path(h, t.in.Args.Text("chrome", ""))
	if err != nil {
		return err
	}
	in, err := os.Open(t.file())
	if err != nil {
		return fmt.Errorf("write trace events: %w", err)
	}
	defer in.Close()
	out, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write trace events: %w", err)
	}
	if err := errors.Join(recording.WriteChrome(ctx, in, out), out.Close()); err != nil {
		return err
	}
	if !t.in.Args.Has("q") {
		size := ""
		if st, err := os.Stat(path); err == nil {
			size = ", " + quantity.Bytes(float64(st.Size()))
		}
		h.Stream("stdout", "Wrote trace events to "+path+size+"\n")
	}
	return nil
}
