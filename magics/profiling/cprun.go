package profiling

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// cprunRow is %cprun.
func cprunRow() magic.Magic {
	return magic.Magic{Name: "cprun", Aliases: []string{"scalene"}, Kind: magic.Both, Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Usage: "%cprun [-f FUNC]... [-m PACKAGE] STATEMENT, or %%cprun [-f FUNC]... [PREPARATION] and a cell",
		Flags: []magic.Flag{
			{Name: "f", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a function to look at, may be repeated: f, T.m, (*T).m, math.Hypot"},
			{Name: "m", Arg: "PACKAGE", Takes: magic.AboutPackages, Doc: "all functions of a package, may be repeated; those that never ran are left out"},
			{Name: "all", Doc: "all functions of the session that ran, as without -f"},
			{Name: "nowait", Doc: "don't sample what goroutines wait for: a run less"},
			{Name: "nomem", Doc: "don't record memory: two runs less"},
			{Name: "n", Arg: "RUNS", Value: magic.Int, Min: 1, Bounded: true, Doc: "run the statement so often while it is sampled, whatever the number of samples"},
			{Name: "rate", Arg: "HZ", Value: magic.Float, Min: 1, Bounded: true, Doc: "samples per second, at most 20000"},
			measuring.BudgetFlag(" (5s), of each kind of sampling"),
			measuring.FreshFlag(""),
			measuring.KeepFlag(),
		},
		Doc: "profile time and memory line by line, in the manner of scalene\nTime is split into that of Go, the runtime (malloc, GC, maps, copying and clearing), of that copying (runtime.memmove), C, system calls and waiting; memory is what each line allocates and what of it is still in use at the end. " +
			"The table is merged from separate runs of the statement, and says which: times are those of the plain build. A line's figures include what it calls; percentages are of the time in all functions shown."}
}

// cprun is one use of %cprun.
type cprun struct {
	lprun
	waiting sampler.Run // of goroutines
	memory  *mprof
}

// runCprun implements %cprun and %%cprun.
func runCprun(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	c := &cprun{lprun: lprun{h: h, in: in}}
	if err := c.readFlags(); err != nil {
		return magic.Result{}, err
	}
	var err error
	if c.subj, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	if err := c.findFunctions(ctx); err != nil {
		return magic.Result{}, err
	}
	restored, err := c.measure(ctx)
	if nothing := (*magic.UsageError)(nil); errors.As(err, &nothing) {
		return magic.Result{}, err
	}
	if err != nil && c.sampled.Samples.Count == 0 && len(c.counts.Values) == 0 {
		measuring.NothingToShow(h, in, err, "the process ended before there were counts to send")
		return magic.Result{}, err
	}
	res, failed := measuring.Finish(context.WithoutCancel(ctx), h, in, c.output(restored, err))
	if err != nil && failed == nil {
		return res, err
	}
	return res, errors.Join(err, failed)
}

// measure does the runs, each after the other until one doesn't come to its end.
func (c *cprun) measure(ctx context.Context) (restored []string, err error) {
	wait := measuring.NewProgress(c.h)
	defer wait.End()
	keep := c.in.Args.Has("keep")
	c.stage = countingRun
	if restored, err = c.count(ctx, keep); err != nil {
		return restored, err
	}
	if c.noneRan() {
		return restored, c.in.Magic.Usagef("%s: no function of the session ran: -f FUNC and -m PACKAGE look at those of packages", c.in.Magic.Title())
	}
	c.stage = sampledRuns
	wait.Say("sampling, for at most %s", quantity.Seconds(c.budget, 3))
	if _, err = c.sample(ctx, keep); err != nil {
		return restored, err
	}
	if !c.in.Args.Has("nowait") {
		wait.Say("sampling what goroutines wait for, for at most %s", quantity.Seconds(c.budget, 3))
		looked := c.lprun
		looked.looks, looked.sampled = true, sampler.Run{}
		_, err = looked.sample(ctx, keep)
		c.waiting, c.caught = looked.sampled, looked.caught
		if err != nil {
			return restored, err
		}
	}
	if c.in.Args.Has("nomem") {
		return restored, nil
	}
	c.stage = recordedRun
	wait.Say("recording each allocation")
	if err = c.recordAllocs(ctx, keep); err != nil {
		return restored, err
	}
	c.memory = &mprof{in: c.in, subject: c.subj, waiting: wait, interval: 1e-3}
	err = c.memory.measure(ctx, c.h)
	c.noteEnd(ctx, err)
	return restored, err
}

// noneRan reports whether only functions that ran are shown, and none did.
func (c *cprun) noneRan() bool {
	return c.strip && !slices.ContainsFunc(c.funcs, func(f magic.Function) bool {
		counted := c.function(f, 1)
		return counted.Unknown != "" || counted.Hits > 0 || counted.Calls > 0
	})
}

// result merges the runs.
func (c *cprun) result() result.Cprun {
	lines := c.lprun.result()
	runs, looks := float64(max(c.sampled.Runs(), 1)), float64(max(c.waiting.Runs(), 1))
	s := c.sampled.Samples
	r := result.Cprun{Elapsed: lines.Elapsed, Samples: lines.Samples, Source: lines.Source, Caught: c.caught, KernelSeen: !s.UserOnly, Runs: c.runs(lines)}
	if cpu := s.User + s.Sys; cpu > 0 {
		r.SysShare = s.Sys / cpu
	}
	for _, f := range lines.Functions {
		at := slices.IndexFunc(c.funcs, func(g magic.Function) bool { return g.Name == f.Name && g.First == f.First })
		r.Functions = append(r.Functions, c.functionOf(c.funcs[at], f, runs, looks))
	}
	for _, t := range together(timesBy(s, c.isShown), timesBy(c.waiting.Samples, c.isShown), runs, looks) {
		r.Whole.Add(t)
	}
	r.Foreign = foreignTime(s) / runs
	r.Outside = max(0, s.Total()/runs-(r.Whole.Total()-r.Whole.Wait))
	if c.memory != nil && c.memory.out != nil {
		r.Peak, r.RSS = c.memory.out.Peak, timeline(c.memory.out.MemoryTimeline)
	}
	return r
}

// isShown reports whether a frame is of a function that is looked at.
func (c *cprun) isShown(fn sampler.Func, line int) bool {
	return slices.ContainsFunc(c.funcs, func(f magic.Function) bool { return isIn(fn, line, f) })
}

// functionOf is the figures of one function.
func (c *cprun) functionOf(f magic.Function, lines result.LprunFunction, runs, looks float64) result.CprunFunction {
	out := result.CprunFunction{Name: lines.Name, File: lines.File, First: lines.First}
	times := together(lineTimes(c.sampled.Samples, f), lineTimes(c.waiting.Samples, f), runs, looks)
	live := c.liveOf(f)
	for _, l := range lines.Lines {
		x := result.CprunLine{Line: l.Line, Text: l.Text, Hits: l.Hits, Time: times[l.Line], Live: live[l.Line]}
		if l.Alloc != nil {
			x.Bytes, x.Objects = l.Alloc.Bytes, l.Alloc.Objects
		}
		out.Time.Add(x.Time)
		out.Lines = append(out.Lines, x)
	}
	return out
}

// liveOf is what of a line's allocations is in use after a collection, in B.
func (c *cprun) liveOf(f magic.Function) map[int]int64 {
	live := map[int]int64{}
	if c.allocs == nil {
		return live
	}
	for _, s := range c.allocs.Stacks {
		if at := slices.IndexFunc(s.Frames, func(i int) bool { return within(c.allocs.Frames[i], f) }); at >= 0 {
			live[c.allocs.Frames[s.Frames[at]].Line] += s.Live
		}
	}
	return live
}

// scaled is a time multiplied.
func scaled(t result.CprunTime, by float64) result.CprunTime {
	for _, p := range []*float64{&t.Go, &t.Malloc, &t.GC, &t.Map, &t.Copy, &t.Clear, &t.Runtime, &t.Cgo, &t.Kernel, &t.Wait} {
		*p *= by
	}
	return t
}

// sparkPoints is how many values a sparkline has at most.
const sparkPoints = 24

// timeline is resident memory at even distances: the largest of each stretch.
func timeline(m result.MemoryTimeline) []float64 {
	n := min(sparkPoints, len(m.Samples))
	values := make([]float64, n)
	for i := range n {
		for _, s := range m.Samples[i*len(m.Samples)/n : (i+1)*len(m.Samples)/n] {
			values[i] = max(values[i], float64(s.RSS))
		}
	}
	return values
}

// runs says what each figure is from.
func (c *cprun) runs(lines result.Lprun) []string {
	text := []string{"merged from separate runs of the statement:", "  hits: counted in a run of its own"}
	times := "  Go, runtime, copy, cgo, kernel: not sampled"
	if lines.Source != "" {
		times = fmt.Sprintf("  Go, runtime, copy, cgo, kernel: CPU time, %s at %s (%s) %s, by the innermost function below the line", quantity.Counted(lines.Samples, "sample"), quantity.Frequency(lines.Rate, 2), lines.Source, lines.Sampling.Over(lines.Runs))
	}
	text = append(text, times)
	if s := c.waiting.Samples; s.Count > 0 {
		text = append(text, fmt.Sprintf("  wait: goroutines looked at %s over %s", quantity.Frequency(s.Rate, 2), quantity.Counted(c.waiting.Runs(), "run")))
	}
	if c.allocs != nil {
		text = append(text, "  Alloc, Live: every object of a run recorded, with its stack")
	}
	if c.memory != nil && c.memory.out != nil {
		text = append(text, fmt.Sprintf("  memory: resident, read over a run of %s", quantity.Seconds(c.memory.out.Seconds, 3)))
	}
	return text
}

// cprunWarnings are those of the samples, each once.
func (c *cprun) cprunWarnings(r result.Cprun) []string {
	seen := map[string]bool{}
	for _, w := range slices.Concat(c.lprun.warnings(c.lprun.result()), c.waiting.Samples.Warnings) {
		seen[w] = true
	}
	all := slices.Sorted(maps.Keys(seen))
	if r.SysShare >= 0.05 {
		where := "that of page faults counts for the code that touched the memory, mostly copying, clearing and malloc"
		if !r.KernelSeen {
			where = "nothing was sampled there, so the column kernel shows less"
		}
		all = append(all, fmt.Sprintf("%s of the CPU time is the kernel's by getrusage: %s", quantity.Percent(r.SysShare), where))
	}
	return all
}

// remarks stand below the table.
func (c *cprun) remarks(r result.Cprun, restored []string) []string {
	var notes []string
	if split := r.Whole.Split(r.Whole.Total()); split != "" {
		notes = append(notes, "runtime: "+split)
	}
	if r.Outside > smallRest*r.Whole.Total() && r.Samples > 0 {
		notes = append(notes, fmt.Sprintf("outside of these functions: %s of CPU time, what the collector's workers do included", quantity.Seconds(r.Outside, 3)))
	}
	if r.Foreign > smallRest*(r.Whole.Total()+r.Foreign) {
		notes = append(notes, fmt.Sprintf("%s of CPU time is C, or other code that isn't Go, without frame pointers: who called it is not seen, so no line has it", quantity.Seconds(r.Foreign, 3)))
	}
	if len(restored) > 0 {
		notes = append(notes, "the variables "+strings.Join(restored, ", ")+" have the values from before (--keep leaves the new ones)")
	}
	return notes
}
