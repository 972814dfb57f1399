package profiling

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/plots/recording/profiles"
)

// measuredRuns is what the runs of a %prun told.
type measuredRuns struct {
	run      sampler.Run // the sampled ones
	counters []cell.Counter
	counts   []uint64 // nil: not counted
	allocs   *harness.AllocReport
	events   bool // there was a run at all
}

func (m *measuredRuns) any() bool { return m.events }

// measure runs the statement: sampled, then with counters, then with every object
// recorded. Only the first decides whether there is a result.
func (p *prun) measure(ctx context.Context, h magic.Host) error {
	var err error
	switch p.kind {
	case "cpu", "wall":
		err = p.sample(ctx, h)
	case "mem":
		err = p.recordAllocs(ctx, h)
	default:
		err = p.recordEvents(ctx, h)
	}
	if err != nil {
		return err
	}
	if p.kind != "cpu" && p.kind != "wall" || p.in.Args.Has("plain") {
		return nil
	}
	once := p.measured.run.Elapsed()
	if once > longRun {
		p.notes = append(p.notes, fmt.Sprintf("bytes not measured: that run would take up to %.0f times as long as the %s of a plain one; `%%prun -mem` does it", allocSlowdown, quantity.Seconds(once, 2)))
	} else if err := p.recordAllocs(ctx, h); err != nil {
		return fmt.Errorf("run in which bytes are counted: %w", err)
	}
	return p.count(ctx, h)
}

// A run in which every object is recorded takes up to so many times as long
// (measured on code that does nothing but allocate), so a longer one isn't made
// without being asked for.
const (
	allocSlowdown = 18.0
	longRun       = 0.5 // s
)

// sample repeats the statement while the process is sampled.
func (p *prun) sample(ctx context.Context, h magic.Host) error {
	a := p.in.Args
	options, err := json.Marshal(sampler.LoopOptions{
		Options: sampler.Options{Rate: a.Float("rate", 0), Wall: p.kind == "wall"},
		Least:   int64(p.least), Budget: p.budget, Runs: a.Int("n", 0)})
	if err != nil {
		return fmt.Errorf("options of the sampling: %w", err)
	}
	prog := p.program(fmt.Sprintf("hpgo__l := %s.NewLoop(%q)", measuring.SamplerName, options), "for hpgo__l.Next() {", "}\nhpgo__l.End()")
	prog.Imports = map[string]string{measuring.SamplerName: measuring.SamplerPath}
	prog.Records = p.hearRun
	return p.kept(ctx, h, prog)
}

// hearRun takes a record of the sampler.
func (p *prun) hearRun(r harness.Record) {
	var run sampler.Run
	if r.Kind != sampler.RecordKind || json.Unmarshal(r.Data, &run) != nil {
		return
	}
	p.measured.run, p.measured.events = run, true
	if !run.Finished {
		p.waiting.Say("%s, %s of %s", quantity.Counted(run.Whole, "run"), quantity.Count(run.Samples.Count), quantity.Counted(p.least, "sample"))
	}
}

// recordEvents runs the statement once while the runtime notes events.
func (p *prun) recordEvents(ctx context.Context, h magic.Host) error {
	prog := p.program(fmt.Sprintf("hpgo__e := %s.NewEvents(%q)", measuring.SamplerName, p.kind), "hpgo__e.Start()\n{", "}\nhpgo__e.End()")
	prog.Imports = map[string]string{measuring.SamplerName: measuring.SamplerPath}
	prog.Records = p.hearRun
	return p.kept(ctx, h, prog)
}

// count runs the statement once with counters in all functions of the session, and
// in those of packages that it calls.
func (p *prun) count(ctx context.Context, h magic.Host) error {
	p.waiting.Say("counting calls")
	in := calledPackages(p.sampled())
	err := p.countIn(ctx, h, in)
	if err != nil && len(in) > 0 && p.measured.counters == nil && ctx.Err() == nil {
		// It didn't come to run: a package may not compile with counters.
		err = p.countIn(ctx, h, nil)
	}
	if err != nil {
		p.measured.counts = nil
		return fmt.Errorf("run in which calls are counted: %w", err)
	}
	return nil
}

func (p *prun) countIn(ctx context.Context, h magic.Host, in map[string][]string) error {
	prog := p.program("", measuring.HarnessName+".Recount()\n{", "}")
	prog.Imports = map[string]string{measuring.HarnessName: measuring.HarnessPath}
	prog.Count, prog.CountIn = &cell.Count{Calls: cell.Counted{All: true, Entry: true}}, in
	prog.Records = func(r harness.Record) {
		var c harness.Counts
		if r.Kind == harness.CountsKind && json.Unmarshal(r.Data, &c) == nil && c.Final {
			p.measured.counts = c.Values
		}
	}
	out, names, err := measuring.Measure(ctx, h, p.subject, prog, p.in.Args.Has("keep"))
	p.restored, p.measured.counters = names, out.Counters
	for _, path := range slices.Sorted(maps.Keys(out.Uncounted)) {
		p.notes = append(p.notes, "calls of "+path+" not counted: "+out.Uncounted[path])
	}
	return err
}

// Functions of packages are counted when they take so much of the time, and no more
// packages than this: each is compiled with counters.
const (
	countedShare    = 0.005
	countedPackages = 5
)

// calledPackages are the functions of packages that only the session's own code
// calls, as far as was seen: those calls can be counted where they are made.
func calledPackages(st *storedPrun) map[string][]string {
	in := map[string][]string{}
	functions := st.data.Functions(st.value)
	total := st.data.Sum(st.value)
	slices.SortStableFunc(functions, func(a, b profiles.Function) int { return cmp.Compare(b.Total, a.Total) })
	all := st.data.Functions(st.value)
	for _, f := range functions {
		path, key := packageOf(f.Func), ""
		if path != "" {
			key = callKey(strings.TrimPrefix(f.Func, path+"."))
		}
		if f.Total < countedShare*total || inCellFile.MatchString(f.File) || f.File == wrapperFile || path == "runtime" || strings.HasPrefix(path, "internal/") || strings.HasSuffix(f.File, ".s") ||
			key == "" || strings.ContainsAny(key, "[") || strings.Contains(key, ".func") || !calledByCells(f, all) {
			continue
		}
		if len(in[path]) > 0 || len(in) < countedPackages {
			in[path] = append(in[path], key)
		}
	}
	return in
}

// calledByCells reports whether all callers that were seen are in cells.
func calledByCells(f profiles.Function, all []profiles.Function) bool {
	for i := range f.Callers {
		if i < 0 || !inCellFile.MatchString(all[i].File) {
			return false
		}
	}
	return len(f.Callers) > 0
}

// recordAllocs runs the statement once while every object is recorded.
func (p *prun) recordAllocs(ctx context.Context, h magic.Host) error {
	p.waiting.Say("counting bytes")
	params, err := json.Marshal(harness.AllocsParams{Run: nextRun(h)})
	if err != nil {
		return fmt.Errorf("parameters: %w", err)
	}
	prog := p.program(fmt.Sprintf("hpgo__a := %s.NewAllocs(%q)", measuring.HarnessName, params), "hpgo__a.Start()\n{", "}\nhpgo__a.End()")
	prog.Imports = map[string]string{measuring.HarnessName: measuring.HarnessPath}
	prog.Records = func(r harness.Record) {
		var got harness.AllocReport
		if r.Kind == harness.AllocsRecord && json.Unmarshal(r.Data, &got) == nil {
			p.measured.allocs, p.measured.events = &got, true
		}
	}
	return p.kept(ctx, h, prog)
}

// nextRun numbers the runs of a session.
func nextRun(h magic.Host) int64 {
	n := h.Keep("profiled runs", func() any { return new(int64) }).(*int64)
	*n++
	return *n
}

// program is the statement between generated lines.
func (p *prun) program(before, open, shut string) magic.Program {
	s := p.subject
	prog := magic.Program{Fresh: p.in.Args.Has("fresh"), Pieces: []magic.Piece{magic.Ours(before)}}
	if !s.SetupInfo.Empty {
		prog.Pieces = append(prog.Pieces, s.Setup, magic.Ours(measuring.Uses(s.SetupInfo)))
	}
	prog.Pieces = append(prog.Pieces, magic.Ours(open), s.Body, magic.Ours(measuring.Uses(s.BodyInfo)+shut))
	return prog
}

// kept runs a program after which the session's variables have their values back.
func (p *prun) kept(ctx context.Context, h magic.Host, prog magic.Program) error {
	_, names, err := measuring.Measure(ctx, h, p.subject, prog, p.in.Args.Has("keep"))
	p.restored = names
	return err
}
