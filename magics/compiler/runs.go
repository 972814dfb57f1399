package compiler

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strconv"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// Bounds of the sampling of a statement.
const (
	enoughSamples = 2000 // in the functions
	fewSamples    = 100  // shares of the time are rough below
	sampleBudget  = 5    // s in which runs of the statement begin
)

// spot is a line of the source.
type spot struct {
	file string
	line int
}

// hearing takes what the harness reports of a run.
type hearing struct {
	counts harness.Counts
	run    sampler.Run
	bad    error
}

func (r *hearing) hear(record harness.Record) {
	switch record.Kind {
	case harness.CountsKind:
		r.bad = errors.Join(r.bad, json.Unmarshal(record.Data, &r.counts))
	case sampler.RecordKind:
		var run sampler.Run
		err := json.Unmarshal(record.Data, &run)
		if r.bad = errors.Join(r.bad, err); err == nil && run.Samples.Count >= r.run.Samples.Count {
			r.run = run
		}
	}
}

// end is how a run ended whose records were heard.
func (r *hearing) end(err error) error {
	if err == nil && r.bad != nil {
		return fmt.Errorf("read the records of the worker: %w", r.bad)
	}
	return err
}

// countCell runs the cell once more, unseen, with counters in it.
func (p *page) countCell(ctx context.Context, h magic.Host) error {
	n, _ := h.At()
	var r hearing
	stop := h.Record(measuring.Unseen{})
	out, err := h.RunCounted(ctx, &cell.Count{Lines: cell.Counted{Entry: true, Cells: []int{n}}}, r.hear)
	if stopped := stop(); err == nil {
		err = stopped
	}
	p.hits(r.counts, out.Counters)
	return r.end(err)
}

// sampleCell runs the cell once more, unseen, while it is sampled.
func (p *page) sampleCell(ctx context.Context, h magic.Host) error {
	var r hearing
	_, err := measuring.SampleBody(ctx, h, false, r.hear)
	p.samples(r.run.Samples)
	return r.end(err)
}

// countStatement runs a statement once, with counters in functions.
func (p *page) countStatement(ctx context.Context, h magic.Host, s *measuring.Subject, targets []target) error {
	count, in := &cell.Count{}, map[string][]string{}
	for _, t := range targets {
		if t.Package == "" {
			count.Lines.Keys = append(count.Lines.Keys, t.Key)
		} else {
			in[t.Package] = append(in[t.Package], t.Key)
		}
	}
	var r hearing
	out, _, err := measuring.Measure(ctx, h, s, magic.Program{Count: count, CountIn: in, Records: r.hear, Imports: map[string]string{measuring.HarnessName: measuring.HarnessPath},
		Pieces: []magic.Piece{magic.Ours(measuring.HarnessName + ".Recount()"), s.Body, magic.Ours(measuring.Uses(s.BodyInfo))}}, false)
	for path, why := range out.Uncounted {
		p.warnings = append(p.warnings, fmt.Sprintf("nothing was counted in %s: %s", path, why))
	}
	p.hits(r.counts, out.Counters)
	return r.end(err)
}

// sampleStatement repeats a statement in the plain build while it is sampled.
func (p *page) sampleStatement(ctx context.Context, h magic.Host, s *measuring.Subject, targets []target) error {
	o := sampler.LoopOptions{Least: enoughSamples, Budget: sampleBudget}
	for _, t := range targets {
		name := cell.PackagePath + "." + t.own()
		if t.Package != "" {
			name = t.symbol()
		}
		o.In = append(o.In, name, name+"[...]")
	}
	plan, err := json.Marshal(o)
	if err != nil {
		return fmt.Errorf("plan the sampling: %w", err)
	}
	var r hearing
	_, _, err = measuring.Measure(ctx, h, s, magic.Program{Records: r.hear, Imports: map[string]string{measuring.SamplerName: measuring.SamplerPath},
		Pieces: []magic.Piece{magic.Ours(fmt.Sprintf("hpgo__l := %s.NewLoop(%s)\nfor hpgo__l.Next() {", measuring.SamplerName, strconv.Quote(string(plan)))), s.Body, magic.Ours(measuring.Uses(s.BodyInfo) + "}\nhpgo__l.End()")}}, false)
	p.samples(r.run.Samples)
	return r.end(err)
}

// hits gives the lines their executions.
func (p *page) hits(counts harness.Counts, counters []cell.Counter) {
	if len(counts.Values) == 0 {
		return
	}
	hits := map[spot]uint64{}
	for _, c := range counters {
		if c.Kind != cell.CountHits {
			continue
		}
		at := spot{c.File, c.Line}
		if c.File == "" {
			at.file = fmt.Sprintf("cell %d", c.Cell)
		}
		hits[at] = max(hits[at], c.Value(counts.Values))
	}
	p.result.Hits = true
	p.eachLine(func(f result.AnnotatedFunction, l *result.AnnotatedLine) { l.Hits = hits[spot{f.File, l.Line}] })
}

// samples gives the lines their samples: one is the line's that was executed, or
// that called what was.
func (p *page) samples(s sampler.Samples) {
	shown := map[spot]bool{}
	p.eachLine(func(f result.AnnotatedFunction, l *result.AnnotatedLine) {
		shown[spot{baseFile(f.Package, f.File), l.Line}] = true
	})
	lines := map[spot]int64{}
	for _, stack := range s.Stacks {
		for _, i := range stack.Frames {
			f := s.Frames[i]
			file := s.Funcs[f.Func].File
			at := spot{file, f.Line}
			if !shown[at] { // packages: files of the standard library may be named otherwise there
				at.file = filepath.Base(file)
			}
			if shown[at] {
				lines[at] += stack.Count
				p.result.Samples += stack.Count
				break
			}
		}
	}
	switch {
	case p.result.Samples == 0:
		p.warnings = append(p.warnings, "no sample fell into these lines: they run too short to be shaded by time")
		return
	case p.result.Samples < fewSamples:
		p.warnings = append(p.warnings, fmt.Sprintf("only %d samples fell into these lines: shares of the time are rough", p.result.Samples))
	}
	p.notes = append(p.notes, "a sample names the line of the instruction that the CPU had come to when it was stopped: often the one behind that which took the time (skid)")
	p.eachLine(func(f result.AnnotatedFunction, l *result.AnnotatedLine) {
		l.Samples = lines[spot{baseFile(f.Package, f.File), l.Line}]
		l.Share = float64(l.Samples) / float64(p.result.Samples)
	})
}

// baseFile is a file as samples are compared by it.
func baseFile(pkg, file string) string {
	if pkg == "" {
		return file
	}
	return filepath.Base(file)
}

func (p *page) eachLine(do func(result.AnnotatedFunction, *result.AnnotatedLine)) {
	for i := range p.result.Functions {
		for k := range p.result.Functions[i].Lines {
			do(p.result.Functions[i], &p.result.Functions[i].Lines[k])
		}
	}
}
