package machine

import (
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/measuring"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// output is the result in all its forms.
func (s *stat) output(h magic.Host) report.Output {
	p := s.result()
	runs, budget := s.runs()
	out := report.Output{Magic: "perf-stat", Result: p, Samples: s.samples(), Warnings: slices.Concat(s.cautions(p), s.warnings),
		Params: map[string]any{"events": s.events, "runs": runs, "budget": budget, "loops": s.ops.loops, "ops": s.ops.ops, "fresh": s.in.Args.Has("fresh")}}
	var texts []string
	for _, v := range p.Variants {
		texts = append(texts, statText(v))
		out.HTML = append(out.HTML, statBlocks(v, len(p.Variants) == 1)...)
	}
	out.Text = strings.Join(texts, "\n\n")
	if f := statPicture(p); f != nil {
		out.Figure = *f
		out.HTML = append([]report.Block{report.Figure{Picture: *f}}, out.HTML...)
	}
	if len(p.Variants) == 1 && p.Variants[0].Simulated != nil {
		for i, l := range listedOf(p.Variants[0].Simulated, s.owners, cellTexts(h)) {
			if i == 0 {
				out.Figure = l.figure()
			}
			out.HTML = append(out.HTML, l.blocks()...)
		}
	}
	slices.Sort(s.restored) // each variant may have named it
	for _, note := range append(measuring.RestoredNote(slices.Compact(s.restored)), s.notes...) {
		out.Text += "\n" + note
		out.HTML = append(out.HTML, report.Note(note))
	}
	return out
}

// result is what was counted and simulated.
func (s *stat) result() result.Perf {
	var p result.Perf
	for i, c := range s.counts {
		if c.events == nil || len(c.runs) == 0 {
			continue
		}
		v := c.variant(s.variants[i].name, s.ops)
		if i < len(s.models) && s.models[i] != nil && len(s.models[i].profiles) > 0 {
			v.Simulated = s.models[i].result(s.events, s.ops, s.owners)
		}
		p.Variants = append(p.Variants, v)
	}
	return p
}

// samples are the counts of each run, by variant.
func (s *stat) samples() any {
	all := map[string]any{}
	for i, c := range s.counts {
		all[s.variants[i].name] = c.runs
	}
	return all
}
