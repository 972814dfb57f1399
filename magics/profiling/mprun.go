package profiling

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// mprunRow is %mprun.
func mprunRow() magic.Magic {
	return magic.Magic{Name: "mprun", Kind: magic.Both, Usage: "%mprun [-f FUNC]... STATEMENT, %%mprun [-f FUNC]... [SETUP] and a cell", Syntax: magic.Go, RunsGo: true, Transient: true, Takes: magic.AboutGo, Holds: magic.AboutGo,
		Flags: []magic.Flag{
			{Name: "f", Arg: "FUNC", Takes: magic.AboutFunctions, Doc: "a function to look at, may be repeated: f, T.m, (*T).m, bytes.(*Buffer).grow"},
			{Name: "m", Arg: "PACKAGE", Takes: magic.AboutPackages, Doc: "all functions of a package that allocated, may be repeated"},
			{Name: "all", Doc: "all functions of the session, also those that allocated nothing"},
			{Name: "nohits", Doc: "run once: the hits come from a second run, with counters"},
			measuring.FreshFlag("; there every object since its start is recorded"),
			measuring.KeepFlag(),
			valueFlag(),
			{Name: "c", Doc: "nothing: children have no lines here"},
		},
		Doc: "what each line of functions allocates\nBytes and objects are exact: the runtime records every object with its stack, in the live session. A line's figures include what it calls. " +
			"Live after is what of it is still in use when the statement has ended. Hits come from a second run of the statement, with counters. " +
			"Without -f the functions of the session that allocated are shown, and the statement itself. `stack` marks lines whose values need no heap, other words say why they do."}
}

// mprun is one use of %mprun.
type mprun struct {
	h        magic.Host
	in       *measuring.Input
	subject  *measuring.Subject
	funcs    []magic.Function
	strip    bool // functions that allocated nothing are left out
	own      bool // the code runs in a process of its own
	waiting  *measuring.Progress
	allocs   *harness.AllocReport
	reasons  map[place]string // the compiler's, of lines
	counters []cell.Counter
	counts   harness.Counts
	restored []string
	wall     time.Duration // of the run that is recorded
}

// runMprun implements %mprun and %%mprun.
func runMprun(ctx context.Context, h magic.Host, in *measuring.Input) (magic.Result, error) {
	m := &mprun{h: h, in: in, waiting: measuring.NewProgress(h)}
	defer m.waiting.End()
	if in.Args.Has("r") {
		in.Args.Set("o")
	}
	var err error
	if m.subject, err = measuring.ReadSubject(h, in); err != nil {
		return magic.Result{}, err
	}
	if err = m.findFunctions(ctx); err != nil {
		return magic.Result{}, err
	}
	status := h.Status(ctx)
	m.own = in.Args.Has("fresh") || status.Programs || !status.KeepsState
	m.waiting.Say("recording each allocation of %s", m.subject.Text())
	fail := m.record(ctx)
	if fail == nil && !in.Args.Has("nohits") {
		m.waiting.Say("counting how often the lines run")
		fail = m.count(ctx)
	}
	if m.allocs == nil {
		measuring.NothingToShow(h, in, fail, "the process ended before the statement did, after which what was allocated is read")
		return magic.Result{}, fail
	}
	res, err := measuring.Finish(context.WithoutCancel(ctx), h, in, m.output(fail))
	if fail != nil {
		return res, fail
	}
	return res, err
}

// findFunctions reads which functions are looked at.
func (m *mprun) findFunctions(ctx context.Context) error {
	a := m.in.Args
	for _, expr := range a.All("f") {
		f, err := m.h.Function(ctx, expr)
		switch {
		case err != nil:
			return m.in.Magic.Usagef("flag -f of %s: %v", m.in.Magic.Title(), err)
		case f.NoGo != "":
			return m.in.Magic.Usagef("flag -f of %s: %s: %s", m.in.Magic.Title(), f.Name, f.NoGo)
		}
		m.add(f)
	}
	paths := a.All("m")
	whole := a.Has("all") || len(a.All("f")) == 0 && len(paths) == 0
	if whole {
		paths = append(paths, "")
	}
	m.strip = !a.Has("all") && len(a.All("f")) == 0
	for _, path := range paths {
		all, err := m.h.Functions(ctx, path)
		if err != nil {
			return m.in.Magic.Usagef("flag -m of %s: %v", m.in.Magic.Title(), err)
		}
		for _, f := range all {
			m.add(f)
		}
	}
	if whole {
		m.add(m.statement())
	}
	return nil
}

func (m *mprun) add(f magic.Function) {
	if !slices.ContainsFunc(m.funcs, func(g magic.Function) bool { return g.File == f.File && g.First == f.First }) {
		m.funcs = append(m.funcs, f)
	}
}

// statement is the measured Go as a function.
func (m *mprun) statement() magic.Function {
	text, body := m.h.CellText(), m.subject.Body
	n, _ := m.h.At()
	begin := strings.LastIndexByte(text[:body.At], '\n') + 1
	end := body.At + len(strings.TrimRight(body.Text, " \t\r\n"))
	if rest := strings.IndexByte(text[end:], '\n'); rest >= 0 {
		end += rest
	} else {
		end = len(text)
	}
	return magic.Function{Name: theCell, Cell: n, File: fmt.Sprintf("cell %d", n), First: 1 + strings.Count(text[:begin], "\n"), Lines: strings.Split(text[begin:end], "\n")}
}

// record runs the statement while each allocation is recorded.
func (m *mprun) record(ctx context.Context) error {
	params, err := json.Marshal(harness.AllocsParams{Run: time.Now().UnixNano(), RSS: 0.001})
	if err != nil {
		return fmt.Errorf("write the parameters: %w", err)
	}
	s := m.subject
	p := magic.Program{Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Records: m.hear, GCFlags: []string{"-m=2"}, Fresh: m.in.Args.Has("fresh"),
		Pieces: []magic.Piece{magic.Ours(fmt.Sprintf("hpgo__m := %s.NewAllocs(%q)", measuring.HarnessName, params)), s.Setup, magic.Ours(measuring.Uses(s.SetupInfo) + "hpgo__m.Start()"),
			s.Body, magic.Ours(measuring.Uses(s.BodyInfo) + "hpgo__m.End()")}}
	if p.Fresh {
		p.Env = []string{"GODEBUG=memprofilerate=1"}
	}
	out, names, err := measuring.Measure(ctx, m.h, s, p, m.in.Args.Has("keep"))
	m.restored, m.wall = names, out.Wall
	m.reasons = escapeReasons(out.Messages)
	return err
}

// count runs the statement once more, with counters.
func (m *mprun) count(ctx context.Context) error {
	what, in := &cell.Count{}, map[string][]string{}
	for _, f := range m.funcs {
		switch {
		case f.Name == theCell:
			what.Lines.Entry = true
		case f.Package == "":
			what.Lines.Keys = append(what.Lines.Keys, f.Key)
		case f.NoGo == "":
			in[f.Package] = append(in[f.Package], f.Key)
		}
	}
	s := m.subject
	p := magic.Program{Count: what, CountIn: in, Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath}, Records: m.hear,
		Pieces: []magic.Piece{s.Setup, magic.Ours(measuring.Uses(s.SetupInfo) + measuring.HarnessName + ".Recount()"), s.Body, magic.Ours(measuring.Uses(s.BodyInfo))}}
	out, _, err := measuring.Measure(ctx, m.h, s, p, m.in.Args.Has("keep"))
	m.counters = out.Counters
	return err
}

// counted reports whether the run with counters began.
func (m *mprun) counted() bool { return len(m.counts.Values) > 0 }

// hear takes a record.
func (m *mprun) hear(r harness.Record) {
	switch r.Kind {
	case harness.AllocsRecord:
		var all harness.AllocReport
		if json.Unmarshal(r.Data, &all) == nil {
			m.allocs = &all
		}
	case harness.CountsKind:
		_ = json.Unmarshal(r.Data, &m.counts) // no hits then
	}
}
