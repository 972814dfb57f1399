package profiling

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/result"
)

// mprofRow is %mprof.
func mprofRow() magic.Magic {
	return magic.Magic{Name: "mprof", Kind: magic.Both, Usage: "%mprof [flags] STATEMENT, %%mprof [flags] [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Flags: []magic.Flag{
			{Name: "T", Arg: "INTERVAL", Value: magic.Duration, Min: 1e-5, Bounded: true, Doc: "time between readings (1ms); a plain number is seconds"},
			{Name: "f", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "shade each call of a function of the session; may be repeated"},
			{Name: "base", Arg: "LABEL", Doc: "draw an earlier result, kept with --name LABEL, beside this one; may be repeated"},
			{Name: "t", Arg: "TITLE", Doc: "the title of the picture"},
			measuring.FreshFlag(", without the session's heap"),
			measuring.KeepFlag(),
		},
		Doc: "memory over the time of a statement\nResident memory, heap and the collector's goal are read every millisecond by a goroutine of the process itself; the peak is the kernel's high-water mark, which no reading can miss. " +
			"prof.Region(\"name\", func() { ... }) and defer prof.Start(\"name\").End() name parts of the run, and -f names functions without a change of their source. " +
			"-D FILE writes the curve and the regions in the form that memory_profiler's mprof plot reads. " +
			"In %%mprof the line is preparation and runs before."}
}

// mprof is one use of %mprof.
type mprof struct {
	in       *measuring.Input
	subject  *measuring.Subject
	interval float64
	regions  []string // functions of the session
	bases    []string
	stored   []result.Mprof // by bases
	waiting  *measuring.Progress
	out      *result.Mprof
	restored []string
}

// runMprof implements %mprof and %%mprof.
func runMprof(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	m := &mprof{in: in, waiting: measuring.NewProgress(h), interval: in.Args.Duration("T", 1e6).Seconds()}
	defer m.waiting.End()
	var err error
	if err = m.readBases(h); err != nil {
		return magic.Result{}, err
	}
	if m.regions, err = sessionFunctions(ctx, h, in); err != nil {
		return magic.Result{}, err
	}
	if m.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	fail := m.measure(ctx, h)
	if m.out == nil {
		measuring.NothingToShow(h, in, fail, "the process ended in the first tenth of a second, before the first readings were sent")
		return magic.Result{}, fail
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, m.output(fail != nil))
	if fail != nil {
		return res, fail
	}
	return res, err
}

// readBases finds the results to draw beside.
func (m *mprof) readBases(h magic.Host) error {
	kept := measuring.NamedResults(h)
	for _, label := range m.in.Args.All("base") {
		r, ok := kept[label].Result.(result.Mprof)
		if !ok {
			var have []string
			for name := range maps.Keys(kept) {
				if _, ok := kept[name].Result.(result.Mprof); ok {
					have = append(have, name)
				}
			}
			slices.Sort(have)
			hint := "keep one with --name LABEL first"
			if len(have) > 0 {
				hint = "there are " + strings.Join(have, ", ")
			}
			return m.in.Magic.Usagef("flag --base of %s: no result of it is kept under %q; %s", m.in.Magic.Title(), label, hint)
		}
		m.bases, m.stored = append(m.bases, label), append(m.stored, r)
	}
	return nil
}

// measure runs the program.
func (m *mprof) measure(ctx context.Context, h magic.Host) error {
	params, err := json.Marshal(harness.MprofParams{Interval: m.interval})
	if err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	s := m.subject
	p := magic.Program{Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Records: m.hear, Regions: m.regions, Fresh: m.in.Args.Has("fresh"),
		Pieces: []magic.Piece{magic.Ours(fmt.Sprintf("hpgo__m := %s.NewRecorder(%q)", measuring.HarnessName, params)), s.Setup, magic.Ours(measuring.Uses(s.SetupInfo) + "hpgo__m.Start()"),
			s.Body, magic.Ours(measuring.Uses(s.BodyInfo) + "hpgo__m.End()")}}
	_, m.restored, err = measuring.Measure(ctx, h, s, p, m.in.Args.Has("keep"))
	return err
}

// hear takes a record.
func (m *mprof) hear(r harness.Record) {
	switch r.Kind {
	case harness.MprofRecord:
		var whole result.Mprof
		if json.Unmarshal(r.Data, &whole) == nil {
			m.out = &whole
		}
	case harness.MprofPart:
		var part harness.MprofBatch
		if json.Unmarshal(r.Data, &part) == nil && len(part.Samples) > 0 {
			m.add(part)
			m.waiting.Say("recording for %s, %s resident", quantity.Seconds(m.out.Seconds, 2), quantity.MiB(float64(part.Samples[len(part.Samples)-1].RSS)))
		}
	}
}

// add enters what was read in a part of the run, which is all there is when the
// process doesn't live to send the whole.
func (m *mprof) add(part harness.MprofBatch) {
	if m.out == nil {
		m.out = &result.Mprof{Method: "sampled", Baseline: part.Baseline, Peak: part.Baseline, Start: part.Start, MemoryTimeline: result.MemoryTimeline{Interval: m.interval, Stretch: part.Stretch}}
	}
	o := m.out
	cycles := o.Cycles
	for _, s := range part.Samples {
		if s.Cycles > cycles {
			cycles = s.Cycles
			o.GCs = append(o.GCs, s.Time)
		}
		o.Peak, o.Seconds = max(o.Peak, s.RSS), s.Time
	}
	o.Cycles, o.Regions = cycles, part.Regions
	o.Samples = append(o.Samples, part.Samples...)
	o.Readings = len(o.Samples) * part.Stretch
}

// sessionFunctions are the functions that -f names, as package cell knows them.
func sessionFunctions(ctx context.Context, h magic.Host, in *measuring.Input) ([]string, error) {
	var keys []string
	for _, expr := range in.Args.All("f") {
		f, err := h.Function(ctx, expr)
		if err != nil {
			return nil, in.Magic.Usagef("flag -f of %s: %v", in.Magic.Title(), err)
		}
		if f.Package != "" {
			return nil, in.Magic.Usagef("flag -f of %s: %s is not of the session; put the call of it in prof.Region(%q, func() { ... })", in.Magic.Title(), f.Name, f.Name)
		}
		keys = append(keys, f.Key)
	}
	return keys, nil
}
