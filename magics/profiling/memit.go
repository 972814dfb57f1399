package profiling

import (
	"context"
	"encoding/json"
	"fmt"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// memoryRows are the magics that measure memory.
func memoryRows() []magic.Magic {
	return []magic.Magic{
		measuring.Row(magic.Magic{Name: "memit", Kind: magic.Both, Usage: "%memit [flags] STATEMENT, %%memit [flags] [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
			Flags: []magic.Flag{
				{Name: "r", Long: "repeat", Arg: "N", Value: magic.Int, Min: 1, Bounded: true, Doc: "run N times (1)"},
				{Name: "i", Long: "interval", Arg: "SECONDS", Value: magic.Float, Min: 1e-5, Bounded: true, Doc: "time between readings of the timeline (0.001); the peak is not sampled"},
				{Name: "t", Long: "timeout", Arg: "SECONDS", Value: magic.Float, Min: 0, Bounded: true, Doc: "nothing: memory_profiler runs the statement again until it has samples enough, here one run is enough"},
				{Name: "c", Long: "children", Doc: "add the memory of programs that the statement starts, as far as it is seen between two readings"},
				measuring.FreshFlag(", without the session's heap"),
				{Name: "live", Doc: "run once more and list what that run leaves on the heap, by line"},
				{Name: "limit", Arg: "SIZE", Doc: "when the resident memory passes SIZE (200MB, 1.5GiB), take down the heap and all goroutines"},
				{Name: "sizes", Doc: "count the allocated objects by size"},
				measuring.KeepFlag(),
			},
			Doc: "peak memory of a statement, and what it allocates\nThe first line is memory_profiler's: the most resident memory of the process, and how much more that is than before. " +
				"It comes from the kernel's high-water mark, set back before each run after free memory was returned to the system, so no peak is missed. " +
				"Bytes and objects are exact counts of the runtime. In %%memit the line is preparation and runs once, before the baseline."}, runMemit),
		measuring.Row(mprofRow(), runMprof),
		measuring.Row(mprunRow(), runMprun),
		measuring.Row(cprunRow(), runCprun),
	}
}

// memit is one use of %memit: its parameters, and what was reported.
type memit struct {
	in       *measuring.Input
	subject  *measuring.Subject
	params   harness.MemitParams
	waiting  *measuring.Progress
	out      result.Memit
	cut      *harness.MemitRecord // of a run that didn't come to its end
	refused  string               // why the peak can't be measured in the worker
	restored []string
	notes    []string
}

// runMemit implements %memit and %%memit.
func runMemit(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	m := &memit{in: in, waiting: measuring.NewProgress(h)}
	defer m.waiting.End()
	var err error
	if m.params, err = memitParams(in); err != nil {
		return magic.Result{}, err
	}
	if m.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	m.out.Repeat = m.params.Repeat
	fail := m.measure(ctx, h)
	if m.refused != "" && fail == nil && !m.params.Own {
		m.notes = append(m.notes, "measured in a process of its own, since "+m.refused)
		m.params.Own, m.refused = true, ""
		fail = m.measure(ctx, h)
	}
	if m.refused != "" && fail == nil {
		fail = fmt.Errorf("%s: %s", in.Magic.Spell(in.Form), m.refused)
	}
	if len(m.out.Runs) == 0 && m.out.Limit == nil && m.cut == nil {
		measuring.NothingToShow(h, in, fail, "the process ended in the first run, whose figures are read at its end; `%mprof` shows memory up to such an end, and --limit SIZE what holds it")
		return magic.Result{}, fail
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, m.output(fail != nil))
	if fail != nil {
		return res, fail
	}
	return res, err
}

// memitParams reads the flags.
func memitParams(in *measuring.Input) (harness.MemitParams, error) {
	a := in.Args
	p := harness.MemitParams{Repeat: a.Int("r", 1), Interval: a.Float("i", 0.001), Children: a.Has("c"), Sizes: a.Has("sizes"), Live: a.Has("live"), Own: a.Has("fresh")}
	var err error
	if a.Has("limit") {
		if p.Limit, err = quantity.ParseBytes(a.Text("limit", "")); err != nil {
			return p, in.Magic.Usagef("flag --limit of %s: %v", in.Magic.Title(), err)
		}
	}
	return p, nil
}

// measure runs the program.
func (m *memit) measure(ctx context.Context, h magic.Host) error {
	params, err := json.Marshal(m.params)
	if err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	s := m.subject
	p := magic.Program{Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Records: m.hear, Fresh: m.params.Own,
		Pieces: []magic.Piece{magic.Ours(fmt.Sprintf("hpgo__m := %s.NewMemory(%q)", measuring.HarnessName, params)), s.Setup, magic.Ours(measuring.Uses(s.SetupInfo) + "for hpgo__m.Next() {"),
			s.Body, magic.Ours(measuring.Uses(s.BodyInfo) + "}\nhpgo__m.End()")}}
	m.waiting.Say("measuring the memory of %s", s.Text())
	_, names, err := measuring.Measure(ctx, h, s, p, m.in.Args.Has("keep"))
	m.restored = names
	return err
}

// hear takes a record.
func (m *memit) hear(r harness.Record) {
	switch r.Kind {
	case harness.MemitRun:
		var run harness.MemitRecord
		if json.Unmarshal(r.Data, &run) != nil {
			return // of another version
		}
		if run.Cut {
			m.cut = &run
			return
		}
		m.add(run)
		m.waiting.Say("run %d of %d is done", len(m.out.Runs), m.params.Repeat)
	case harness.MemitSurvivors:
		_ = json.Unmarshal(r.Data, &m.out.Survivors) // nothing to show then
	case harness.MemoryLimit:
		var limit result.MemoryLimit
		if json.Unmarshal(r.Data, &limit) == nil {
			m.out.Limit = &limit
		}
	case harness.MemoryRefused:
		if json.Unmarshal(r.Data, &m.refused) != nil {
			m.refused = string(r.Data)
		}
	}
}

// add enters a run.
func (m *memit) add(r harness.MemitRecord) {
	o := &m.out
	if len(o.Runs) == 0 {
		o.Baseline = r.Run.Baseline
	}
	if len(o.Runs) == 0 || r.Run.Peak > o.Peak {
		o.Peak, o.Method, o.Timeline = r.Run.Peak, r.Method, r.Timeline
	}
	if r.Sizes != nil {
		o.Sizes = r.Sizes
	}
	o.Runs = append(o.Runs, r.Run)
	o.Increment = o.Peak - o.Baseline
	o.GOGC, o.MemLimit = r.GOGC, r.MemLimit
}
