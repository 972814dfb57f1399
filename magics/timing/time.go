package timing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// timeRows are the magics that time once.
func timeRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "time", Kind: magic.Both, Usage: "%time [-v] [flags] STATEMENT, %%time [flags] and a cell", Syntax: magic.Go, RunsGo: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
			Flags: []magic.Flag{
				{Name: "v", Doc: "tell all that /usr/bin/time -v tells"},
				{Name: "no-raise-error", Doc: "don't let an error end the cell; it is told on stderr"},
			},
			Doc: "run Go once and show CPU and wall time\nVariables last and the value of the last expression is shown, as without %time. " +
				"All figures are those of the worker process by its own account, from the first statement to the last: its goroutines and the garbage collector count, build and load don't. " +
				"They are shown also when the Go fails."}, runTime),
	}
}

// runTime implements %time and %%time. As in IPython the times are shown also
// when the Go fails.
func runTime(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	var out magic.Outcome
	var err error
	switch {
	case in.Form == magic.Cell && in.Args.Rest != "":
		return magic.Result{}, in.Magic.Usagef("%%%%time takes a cell, not the statement %q on its line", in.Args.Rest)
	case in.Form == magic.Cell:
		out, err = h.RunBody(ctx)
	case in.Args.Rest == "":
		return magic.Result{}, in.Magic.Usagef("%%time needs a statement")
	default:
		out, err = h.RunArgs(ctx, in.Args.RestAt)
	}
	res := magic.Result{Show: out.Value}
	if out.Wall > 0 {
		shown, bad := showTime(ctx, h, in, out, err != nil)
		if shown.Show != nil {
			res.Show = shown.Show
		}
		res.Assigned = shown.Assigned
		if bad != nil {
			return res, errors.Join(err, bad)
		}
		if err != nil && in.Args.Has("no-raise-error") && ctx.Err() == nil {
			h.Stream("stderr", err.Error()+"\n")
			return magic.Result{}, nil
		}
	}
	return res, err
}

// showTime shows the times: as text among the output of the Go, as IPython does,
// unless a flag wants more.
func showTime(ctx context.Context, h magic.Host, in *measuring.Input, out magic.Outcome, failed bool) (magic.Result, error) {
	t := timeOf(out)
	text := timeText(t)
	if in.Args.Has("v") {
		text += verboseText(t, strings.TrimSpace(in.Args.Rest+in.Body), failed)
	}
	if in.Line.Assign == "" && !in.Args.Has("o") && !in.Args.Has("json") && !in.Args.Has("name") && !in.Args.Has("T") && !in.Args.Has("D") {
		if !in.Args.Has("q") {
			if lent := in.LentText(); lent != "" {
				text += lent + "\n"
			}
			h.Stream("stdout", text)
		}
		return magic.Result{}, nil
	}
	o := report.Output{Text: text, Result: t, Params: map[string]any{"verbose": in.Args.Has("v")}}
	if failed {
		o.Partial = "the Go failed"
	}
	return measuring.Finish(ctx, h, in, o)
}

// timeOf is an outcome as a result.
func timeOf(o magic.Outcome) result.Time {
	t := result.Time{User: o.User.Seconds(), Sys: o.Sys.Seconds(), Wall: o.Wall.Seconds(), Build: o.Build.Seconds(), Load: o.Load.Seconds()}
	if c := o.Cost; c != nil {
		t.Usage = &result.TimeUsage{Allocs: int64(c.Allocs), Bytes: int64(c.Bytes), GCs: int(c.GCs), Pause: c.Pause.Seconds(), Collector: c.Collector.Seconds(),
			Peak: c.Peak, PeakOfAll: c.PeakOfAll, MajorFaults: c.MajorFaults, MinorFaults: c.MinorFaults,
			Voluntary: c.Voluntary, Involuntary: c.Involuntary, Inputs: c.Inputs, Outputs: c.Outputs}
	}
	return t
}

// timeText is IPython's text and what Go can add.
func timeText(t result.Time) string {
	text := t.String() + "\n"
	u := t.Usage
	if u == nil {
		if cpu := t.User + t.Sys; t.Load > cpu/20 && cpu > 0 {
			text += "(CPU times include loading the code, which took " + seconds(t.Load, 3) + ")\n"
		}
		return text + fmt.Sprintf("build %.2f s\n", t.Build)
	}
	gc := "GC: 0 cycles"
	if u.GCs > 0 {
		gc = fmt.Sprintf("GC: %s, %s pause", quantity.Counted(u.GCs, "cycle"), seconds(u.Pause, 3))
	}
	text += fmt.Sprintf("%s · allocated %s in %s · build %.2f s\n", gc, bytesText(float64(u.Bytes)), quantity.Counted(u.Allocs, "object"), t.Build)
	return text + manyCPUs(t)
}

// manyCPUs explains CPU time beyond wall time.
func manyCPUs(t result.Time) string {
	cpu := t.User + t.Sys
	// Short runs: the two clocks are read one after the other.
	if cpu < 1.05*t.Wall || cpu-t.Wall < 1e-3 {
		return ""
	}
	text := fmt.Sprintf("CPU time exceeds wall time: %.2g CPUs were busy on average", cpu/t.Wall)
	if g := t.Usage.Collector; g > 0.01*cpu {
		return text + fmt.Sprintf(", the collector's workers for %s of it\n", seconds(min(g, cpu), 3))
	}
	return text + " with goroutines\n"
}

// verboseText is the list of GNU time's -v, field by field. Those that Linux keeps
// no count of are 0 there, too.
func verboseText(t result.Time, command string, failed bool) string {
	var u result.TimeUsage
	if t.Usage != nil {
		u = *t.Usage
	}
	status := 0
	if failed {
		status = 1
	}
	peak := fmt.Sprint(u.Peak >> 10)
	switch {
	case u.Peak == 0:
		peak = "unknown"
	case u.PeakOfAll:
		peak += " (of the worker's whole life)"
	}
	var b strings.Builder
	add := func(name string, value any) { fmt.Fprintf(&b, "\t%s: %v\n", name, value) }
	add("Command being timed", fmt.Sprintf("%q", strings.Join(strings.Fields(command), " ")))
	add("User time (seconds)", fmt.Sprintf("%.2f", t.User))
	add("System time (seconds)", fmt.Sprintf("%.2f", t.Sys))
	add("Percent of CPU this job got", percentOfCPU(t))
	add("Elapsed (wall clock) time (h:mm:ss or m:ss)", clockText(t.Wall))
	add("Average shared text size (kbytes)", 0)
	add("Average unshared data size (kbytes)", 0)
	add("Average stack size (kbytes)", 0)
	add("Average total size (kbytes)", 0)
	add("Maximum resident set size (kbytes)", peak)
	add("Average resident set size (kbytes)", 0)
	add("Major (requiring I/O) page faults", u.MajorFaults)
	add("Minor (reclaiming a frame) page faults", u.MinorFaults)
	add("Voluntary context switches", u.Voluntary)
	add("Involuntary context switches", u.Involuntary)
	add("Swaps", 0)
	add("File system inputs", u.Inputs)
	add("File system outputs", u.Outputs)
	add("Socket messages sent", 0)
	add("Socket messages received", 0)
	add("Signals delivered", 0)
	add("Page size (bytes)", os.Getpagesize())
	add("Exit status", status)
	return b.String()
}

func percentOfCPU(t result.Time) string {
	if t.Wall <= 0 {
		return "?%"
	}
	return fmt.Sprintf("%.0f%%", math.Floor(100*(t.User+t.Sys)/t.Wall))
}

// clockText is a time as GNU time writes it: 1:02:03, or 2:03.45 below an hour.
func clockText(s float64) string {
	if s >= 3600 {
		whole := int(s)
		return fmt.Sprintf("%d:%02d:%02d", whole/3600, whole/60%60, whole%60)
	}
	hundredths := int(math.Floor(s * 100))
	return fmt.Sprintf("%d:%02d.%02d", hundredths/6000, hundredths/100%60, hundredths%100)
}
