package timing

import (
	"fmt"
	"slices"

	"hpgo/magics/harness"
	"hpgo/magics/result"
	"hpgo/magics/stats"
)

// confidence is that of intervals, as benchstat's.
const confidence = 0.95

// enoughRuns is how many runs it takes to say anything about their order, and for
// an interval of the median.
const enoughRuns = 6

// clockOf is the time of a run by the clock that was asked for, in seconds.
func clockOf(run harness.TimingRun, cpu bool) float64 {
	if cpu {
		return run.CPU
	}
	return run.Wall
}

// timeitOf is what the runs of a point come to, of which there is one at least.
func timeitOf(t *timings, point int, cpu bool, digits int) (result.Timeit, stats.Summary) {
	runs := t.runs[point]
	r := result.Timeit{Repeat: len(runs), CompileTime: t.out.Build.Seconds(), Clock: "wall", GCOff: t.plan.GCOff, Digits: digits}
	if cpu {
		r.Clock = "cpu"
	}
	var perLoop, bytes, allocs []float64
	var gc, avail float64
	for _, run := range runs {
		total := clockOf(run, cpu)
		r.Loops = run.N
		r.AllRuns = append(r.AllRuns, total)
		perLoop = append(perLoop, total/float64(run.N))
		bytes, allocs = append(bytes, float64(run.Bytes)/float64(run.N)), append(allocs, float64(run.Allocs)/float64(run.N))
		r.GCs += int(run.GCs)
		gc, avail = gc+run.GC, avail+run.Avail
		r.Loop = max(r.Loop, run.Loop)
	}
	s := stats.Summarize(perLoop, confidence)
	r.Best, r.Worst, r.Average, r.Stdev, r.Median = s.Min, s.Max, s.Mean, s.SD, s.Median
	r.Outliers = s.Outliers
	if s.N >= enoughRuns {
		r.Drift = &s.Drift
	}
	if s.CI.Finite() {
		r.CI = &result.Interval{Low: s.CI.Lo, High: s.CI.Hi, Confidence: s.CI.Confidence}
	}
	// Now and then something else in the process allocates during a run.
	r.BytesPerOp, r.AllocsPerOp = stats.Median(bytes), stats.Median(allocs)
	if avail > 0 {
		r.GCShare = gc / avail
	}
	if trials := t.trials[point]; t.plan.Cold && len(trials) > 0 && trials[0].N == 1 {
		cold := clockOf(trials[0], cpu)
		r.Cold = &cold
	}
	r.Singly = latency(runs)
	return r, s
}

// latency joins the distributions of runs; nil where operations weren't timed one
// by one.
func latency(runs []harness.TimingRun) *result.Latency {
	l := &result.Latency{}
	for _, run := range runs {
		if run.Singly == nil || len(run.Singly.Sample) == 0 {
			return nil
		}
		l.N += run.N
		l.Clock = max(l.Clock, run.Singly.Clock)
		// All runs have as many operations, so their samples count alike.
		l.Sample = append(l.Sample, run.Singly.Sample...)
	}
	slices.Sort(l.Sample)
	if k := len(l.Sample); k > mostOperations {
		thin := make([]float64, mostOperations)
		for i := range thin {
			thin[i] = l.Sample[i*(k-1)/(mostOperations-1)]
		}
		l.Sample = thin
	}
	// Of what is kept, so that they are those of the picture.
	q := func(p float64) float64 { return stats.Quantile(l.Sample, p) }
	l.P50, l.P90, l.P99, l.Min, l.Max = q(0.5), q(0.9), q(0.99), q(0), q(1)
	return l
}

// mostOperations is how many single operations a result keeps.
const mostOperations = 1000

// The limits from which on a reader is warned.
const (
	loopMatters  = 0.02   // share of the loop, or of the clock, in the time
	noisySpread  = 0.05   // the quartiles' distance by the median
	shortestRun  = 100e-6 // s: a clock that steps by 20 ns is then off by 0.02 %
	stealMatters = 0.01   // share of the machine's time
)

// cautions are what a reader must know of a point before believing it.
func cautions(t *timings, point int, r result.Timeit, s stats.Summary) []string {
	var out []string
	warn := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	switch share := r.Loop / r.Median; {
	case r.Loop == 0 || share <= loopMatters || r.Singly != nil:
	case share >= 1:
		warn("an empty loop takes %s, no less: this time is the loop's", seconds(r.Loop, 3))
	default:
		warn("the loop itself takes %s of that, %s; it isn't subtracted", seconds(r.Loop, 3), percent(share))
	}
	if l := r.Singly; l != nil && l.Clock > loopMatters*l.P50 {
		warn("reading the clock takes %s of each operation's time, %s of the median; it isn't subtracted%s", seconds(l.Clock, 3), percent(l.Clock/l.P50), wayOut(t))
	}
	if shortest := slices.Min(r.AllRuns); shortest < shortestRun && r.Singly == nil {
		way := "give a larger -n, or none"
		if t.runs[point][0].Batched {
			way = "there is no room for the inputs of more operations"
		}
		warn("a run takes only %s, which is short for the clock: %s", seconds(max(shortest, 0), 3), way)
	}
	if spread := (s.Q3 - s.Q1) / s.Median; s.N >= 4 && spread > noisySpread {
		warn("noisy: the middle half of the runs differs by %s", percent(spread))
	}
	if k := len(r.Outliers); k > 0 {
		warn("%s of %d outside of Tukey's fences, counted all the same", countedRuns(k), s.N)
	}
	if s.N >= enoughRuns { // with fewer there is no interval, which the text says
		out = append(out, s.Warnings...)
	}
	if r.GCOff && r.GCs > 0 {
		warn("the collector ran %d times although it was off: the program reached the guard of %s", r.GCs, bytesText(float64(t.start.GCGuard)))
	}
	return out
}

// wayOut says how to time operations that are too short to be timed one by one.
func wayOut(t *timings) string {
	switch {
	case t.plan.Batch:
		return "" // it was long enough for the harness
	case t.each:
		return ". Where --each declares a variable, as d := slices.Clone(xs) does, and assigns no other, inputs are prepared for many operations at once"
	}
	return ". Without --hist many operations are timed at once"
}
