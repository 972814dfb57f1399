package compiler

import (
	"context"
	"encoding/json"
	"fmt"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/result"
)

// countHits runs the cell once more, unseen, with counters in it.
func (p *page) countHits(ctx context.Context, h magic.Host) error {
	n, _ := h.At()
	var counts harness.Counts
	var bad error
	stop := h.Record(measuring.Unseen{})
	out, err := h.RunCounted(ctx, &cell.Count{Lines: cell.Counted{Entry: true, Cells: []int{n}}}, func(r harness.Record) {
		if r.Kind == harness.CountsKind {
			bad = json.Unmarshal(r.Data, &counts)
		}
	})
	if stopped := stop(); err == nil {
		err = stopped
	}
	if err == nil && bad != nil {
		err = fmt.Errorf("read the counts: %w", bad)
	}
	if len(counts.Values) == 0 {
		return err
	}
	hits := map[int]uint64{}
	for _, c := range out.Counters {
		if c.Kind == cell.CountHits && c.Cell == n {
			hits[c.Line] = max(hits[c.Line], c.Value(counts.Values))
		}
	}
	p.result.Hits = true
	p.eachLine(func(l *result.AnnotatedLine) { l.Hits = hits[l.Line] })
	return err
}

// sample runs the cell once more, unseen, while it is sampled. A sample is the
// line's that was executed, or that called what was.
func (p *page) sample(ctx context.Context, h magic.Host) error {
	n, _ := h.At()
	var run sampler.Run
	var bad error
	_, err := measuring.SampleBody(ctx, h, false, func(r harness.Record) {
		var got sampler.Run
		if r.Kind != sampler.RecordKind {
			return
		}
		if bad = json.Unmarshal(r.Data, &got); bad == nil && got.Samples.Count >= run.Samples.Count {
			run = got
		}
	})
	if err == nil && bad != nil {
		err = fmt.Errorf("read the samples: %w", bad)
	}
	lines := map[int]int64{}
	s := run.Samples
	for _, stack := range s.Stacks {
		for _, i := range stack.Frames {
			if f := s.Frames[i]; s.Funcs[f.Func].File == fmt.Sprintf("cell %d", n) {
				lines[f.Line] += stack.Count
				p.result.Samples += stack.Count
				break
			}
		}
	}
	if p.result.Samples == 0 {
		p.warnings = append(p.warnings, "no sample fell into the cell: it runs too short, so lines aren't shaded by time")
		return err
	}
	p.eachLine(func(l *result.AnnotatedLine) {
		l.Samples = lines[l.Line]
		l.Share = float64(l.Samples) / float64(p.result.Samples)
	})
	if p.result.Samples < fewSamples {
		p.warnings = append(p.warnings, fmt.Sprintf("only %d samples fell into the cell: shares of the time are rough", p.result.Samples))
	}
	return err
}

// fewSamples are so few that shares have errors of several percent.
const fewSamples = 100

func (p *page) eachLine(do func(*result.AnnotatedLine)) {
	for i := range p.result.Functions {
		for k := range p.result.Functions[i].Lines {
			do(&p.result.Functions[i].Lines[k])
		}
	}
}
