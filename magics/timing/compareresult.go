package timing

import (
	"cmp"
	"fmt"
	"go/ast"
	"math"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/harness"
	"hpgo/magics/result"
	"hpgo/magics/stats"
)

// bootstrapSeed makes intervals of ratios the same whenever they are computed
// from the same times.
const bootstrapSeed = 1

// series are the times of a variant's operations, by rounds.
type series struct {
	variant  result.Variant // name, code, loops, memory
	times    []float64
	again    []float64 // of the base
	excluded string    // why it has no times
	same     bool      // it has the base's instructions
	// incomparable says that it was measured on another machine or by another
	// compiler than the base.
	incomparable bool
}

// seriesOf gives the runs of a timing to the variants: the last point is the
// base's second.
func (c *comparison) seriesOf(got *timings) []series {
	out := make([]series, len(c.variants))
	for i := range c.variants {
		v := &c.variants[i]
		out[i] = series{variant: result.Variant{Name: v.name, Code: v.Text()}, excluded: c.differs(i)}
		if out[i].excluded != "" {
			out[i].variant.Verdict = result.VerdictDiffers
		}
	}
	fillSeries(out, got)
	return out
}

// fillSeries gives the runs of a timing to its variants.
func fillSeries(out []series, got *timings) {
	for p, point := range got.plan.Points {
		s := &out[point.Variant]
		var list []float64
		var ops, bytes, allocs float64
		for _, run := range got.runs[p] {
			list = append(list, clockOf(run, got.cpu)/float64(run.N))
			s.variant.Loops = run.N
			ops, bytes, allocs = ops+float64(run.N), bytes+float64(run.Bytes), allocs+float64(run.Allocs)
		}
		if p > 0 && p == len(got.plan.Points)-1 {
			s.again = list
			continue
		}
		if s.times = list; ops > 0 {
			s.variant.BytesPerOp, s.variant.AllocsPerOp = bytes/ops, allocs/ops
		}
	}
}

// evaluate makes a result of a timing, with what a reader must know of it.
func (c *comparison) evaluate(got *timings) (result.Compare, []string) {
	res, warnings := c.judgeClocks(got, c.seriesOf)
	for _, v := range res.Variants {
		if shortest := float64(v.Loops) * v.Median; v.Measured() && shortest < shortestRun {
			warnings = append(warnings, fmt.Sprintf("runs of %s take only %s, which is short for the clock: give a larger -n, or none", v.Name, seconds(shortest, 3)))
		}
	}
	warnings = append(warnings, loopShare(res, got)...)
	warnings = append(warnings, c.codeCautions()...)
	if got.end != nil && got.end.Stopped == harness.StoppedBudget {
		warnings = append(warnings, overBudget(got))
	}
	return res, warnings
}

// loopShare tells where the loop itself is a part of the times that matters.
func loopShare(res result.Compare, got *timings) []string {
	loop := 0.0
	for _, runs := range got.runs {
		for _, run := range runs {
			loop = max(loop, run.Loop)
		}
	}
	var short []string
	for _, v := range res.Variants {
		if v.Measured() && loop > loopMatters*v.Median {
			short = append(short, v.Name)
		}
	}
	if len(short) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("the loop itself takes %s of each operation of %s; it isn't subtracted, so ratios are nearer to 1 than those of the code alone", seconds(loop, 2), strings.Join(short, ", "))}
}

// judgeClocks judges by the clock that was asked for. Without a wish that is the
// wall clock, but where other programs disturb it so much that it tells no
// difference at all, the CPU clock may still: it is then taken for all, and that is
// said. It isn't taken for code that uses several processors.
func (c *comparison) judgeClocks(got *timings, seriesOf func(*timings) []series) (result.Compare, []string) {
	got.cpu = c.cpu
	res, warnings := judge(c.rules, seriesOf(got))
	res.Clock = clockName(got.cpu)
	if got.cpu || c.in.Args.Has("t") || c.in.Args.Has("kernel") || c.in.Args.Has("save") || !serial(got) {
		return res, warnings
	}
	if c.processes && waited(got) > waitMatters {
		got.cpu = true
		cpu, more := judge(c.rules, seriesOf(got))
		cpu.Clock = clockName(true)
		return cpu, append(more, fmt.Sprintf("programs waited for %s of the time of their runs, which hits some harder than others: these are times of the CPU clock; -t keeps the wall clock", percent(waited(got))))
	}
	if res.Noise <= res.MinEffect {
		return res, warnings
	}
	for _, v := range res.Variants[1:] {
		if v.Measured() && v.Verdict != string(stats.NoDifference) {
			return res, warnings
		}
	}
	got.cpu = true
	cpu, more := judge(c.rules, seriesOf(got))
	if got.cpu = cpu.Noise < res.Noise; !got.cpu {
		return res, warnings
	}
	cpu.Clock = clockName(true)
	return cpu, append(more, fmt.Sprintf("the wall clock is too noisy to tell a difference (A/A %s): these are times of the CPU clock, which other programs disturb less and which doesn't see waiting; -t keeps the wall clock", percent(res.Noise)))
}

// waitMatters is the share of waiting from which on processes that take turns are
// judged by the CPU clock: one that runs twice in a row waits less for a processor
// than those that must be woken.
const waitMatters = 0.05

// waited is the share of the runs' time in which their processes had no processor.
func waited(got *timings) float64 {
	var wall, cpu float64
	for _, runs := range got.runs {
		for _, run := range runs {
			wall, cpu = wall+run.Wall, cpu+run.CPU
		}
	}
	return max(0, 1-cpu/wall)
}

// serial reports whether the CPU time of all runs is known and, in the median of
// each point's, no more than one processor's: the collector may add to some.
func serial(got *timings) bool {
	for _, runs := range got.runs {
		var shares []float64
		for _, run := range runs {
			if run.CPU <= 0 {
				return false
			}
			shares = append(shares, run.CPU/run.Wall)
		}
		if stats.Median(shares) > 1.1 {
			return false
		}
	}
	return true
}

// codeCautions are warnings about the Go itself.
func (c *comparison) codeCautions() []string {
	var out, loops []string
	for i := range c.variants {
		v := &c.variants[i]
		if v.constant && len(out) == 0 {
			out = append(out, fmt.Sprintf("all arguments of %s are constants, so the compiler may compute it once and for all: put them into variables", v.name))
		}
		if loopAssigns(v.Body.Text) {
			loops = append(loops, v.name)
		}
	}
	if len(loops) > 0 {
		out = append(out, strings.Join(loops, ", ")+": "+loopStores)
	}
	return out
}

// loopAssigns reports whether a loop in a text assigns to variables, outside of
// function literals.
func loopAssigns(text string) bool {
	list, _, err := cell.Statements(text)
	if err != nil {
		return false
	}
	found := false
	inLoop := func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				_, name := x.(*ast.Ident)
				found = found || name
			}
		case *ast.IncDecStmt:
			_, name := n.X.(*ast.Ident)
			found = found || name
		}
		return !found
	}
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt:
				ast.Inspect(n.Body, inLoop)
			case *ast.RangeStmt:
				ast.Inspect(n.Body, inLoop)
			}
			return !found
		})
	}
	return found
}

// judge compares the series, of which the first is the base, by the rules.
func judge(rules result.Compare, all []series) (result.Compare, []string) {
	res := rules
	var warnings []string
	base := all[0]
	res.Noise = max(rules.Noise, stats.Noise(base.times, base.again))
	pooled := slices.Concat(base.times, base.again)
	var ps []float64
	var tested []int
	var intervals []stats.Interval
	for i, s := range all {
		v := describe(s, rules.Confidence)
		switch {
		case i == 0:
			v.Verdict = result.VerdictBase
			if len(s.again) > 0 && v.Measured() {
				v.Ratio = stats.Median(s.again) / stats.Median(s.times)
			}
		case v.Measured() && base.excluded == "" && len(pooled) > 0:
			t := stats.UTest(pooled, s.times, rules.Alpha)
			ratio := ratioOf(rules, base, s)
			ps, tested, intervals = append(ps, t.P), append(tested, i), append(intervals, ratio.CI)
			v.N = [2]int{t.N1, t.N2}
			warnings = append(warnings, t.Warnings...)
			v.Ratio = ratio.Value
			if v.SameCode = s.same; s.same {
				res.Layout = max(res.Layout, math.Abs(v.Ratio-1))
			}
			if ratio.CI.Finite() {
				v.RatioCI = &result.Interval{Low: ratio.CI.Lo, High: ratio.CI.Hi, Confidence: ratio.CI.Confidence}
			}
			warnings = append(warnings, ratio.Warnings...)
		}
		res.Variants = append(res.Variants, v)
	}
	rule := stats.Rule{Alpha: rules.Alpha, MDE: rules.MinEffect, Noise: max(res.Noise, res.Layout)}
	for k, p := range stats.Holm(ps) {
		v := &res.Variants[tested[k]]
		v.P = &p
		switch {
		case all[tested[k]].incomparable:
			v.Verdict = string(stats.NotComparable)
		case v.SameCode:
			v.Verdict = string(stats.NoDifference)
		default:
			v.Verdict = string(rule.Decide(v.Ratio, p, intervals[k]))
		}
	}
	return res, append(withoutRepeats(warnings), disturbances(res, all)...)
}

// describe summarizes a series.
func describe(s series, confidence float64) result.Variant {
	v := s.variant
	if s.excluded != "" || len(s.times) == 0 {
		v.Verdict, v.Why = cmp.Or(v.Verdict, result.VerdictMissing), cmp.Or(s.excluded, "it wasn't run")
		return v
	}
	v.Times, v.Again = s.times, s.again
	sum := stats.Summarize(slices.Concat(s.times, s.again), confidence)
	v.Median = sum.Median
	if sum.CI.Finite() {
		v.CI = &result.Interval{Low: sum.CI.Lo, High: sum.CI.Hi, Confidence: sum.CI.Confidence}
	}
	return v
}

// ratioOf is the ratio of a variant to the base, by rounds if they have some in
// common.
func ratioOf(rules result.Compare, base, s series) stats.Ratio {
	if !rules.Interleaved {
		return stats.SeparateRatio(slices.Concat(base.times, base.again), s.times, rules.Confidence, bootstrapSeed)
	}
	rounds := func(s series) [][]float64 {
		out := make([][]float64, len(s.times))
		for i := range out {
			if out[i] = []float64{s.times[i]}; i < len(s.again) {
				out[i] = append(out[i], s.again[i])
			}
		}
		return out
	}
	return stats.PairedRatio(rounds(base), rounds(s), rules.Confidence, bootstrapSeed)
}

// disturbances tell what kept differences from being seen.
func disturbances(res result.Compare, all []series) []string {
	var out []string
	if res.Noise > res.MinEffect {
		out = append(out, fmt.Sprintf("the base's two runs of a round differ by %s in the median: smaller differences mean nothing here", percent(res.Noise)))
	}
	if res.Layout > max(res.MinEffect, res.Noise) {
		out = append(out, fmt.Sprintf("programs with the same instructions differ by up to %s, from where these lie in memory or from noise: smaller differences mean nothing here", percent(res.Layout)))
	}
	var drifting []string
	for i, s := range all {
		if v := res.Variants[i]; v.Measured() && len(s.times) >= 6 {
			if rho := stats.Drift(s.times); math.Abs(rho) > 0.8 {
				drifting = append(drifting, fmt.Sprintf("%s %+.2f", v.Name, rho))
			}
		}
	}
	if len(drifting) > 0 {
		out = append(out, "times drift from round to round (Spearman's ρ: "+strings.Join(drifting, ", ")+"); what drifts alike cancels in the ratios")
	}
	return out
}

// withoutRepeats drops repeated texts.
func withoutRepeats(texts []string) []string {
	var out []string
	for _, t := range texts {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	return out
}

// compareSample is one run, as the data have it.
type compareSample struct {
	Variant int     `json:"variant"`
	Second  bool    `json:"second,omitempty"` // of the base in its round
	Round   int     `json:"round"`            // from 0
	At      int     `json:"position"`         // among all runs, from 0
	Loops   int     `json:"loops"`
	Wall    float64 `json:"wall"` // s, of the run
	CPU     float64 `json:"cpu"`  // s, of all threads; -1: unknown
	Bytes   uint64  `json:"bytes"`
	Allocs  uint64  `json:"allocs"`
	GCs     uint32  `json:"gcs"`
}

// compareSamples are all runs of a timing in their order.
func compareSamples(got *timings) []compareSample {
	var out []compareSample
	seen := make([]int, len(got.runs))
	for _, point := range got.order {
		run := got.runs[point][seen[point]]
		seen[point]++
		out = append(out, compareSample{Variant: got.plan.Points[point].Variant, Second: point > 0 && point == len(got.plan.Points)-1, Round: run.Round,
			At: len(out), Loops: run.N, Wall: run.Wall, CPU: run.CPU, Bytes: run.Bytes, Allocs: run.Allocs, GCs: run.GCs})
	}
	return out
}
