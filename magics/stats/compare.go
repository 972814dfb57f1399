package stats

import (
	"cmp"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// Test is the outcome of a test of two samples.
type Test struct {
	P        float64 // two-sided; 1 when nothing can be said
	N1, N2   int
	Warnings []string
}

// UTest is the Mann-Whitney U test of two samples (benchmath.AssumeNothing):
// exact up to 50 values a side, else by the normal approximation. It needs 4
// values a side for P < 0.05. Samples whose values are all equal have P = 1.
//
// Where values occur more than once the exact P is computed here: that of
// benchmath, whose distribution with ties comes from go-moremath, is then often
// too small, as counting all divisions of a few values shows.
func UTest(a, b []float64, alpha float64) Test {
	t := benchmath.Thresholds{CompareAlpha: alpha}
	c := benchmath.AssumeNothing.Compare(benchmath.NewSample(slices.Clone(a), &t), benchmath.NewSample(slices.Clone(b), &t))
	out := Test{P: min(c.P, 1), N1: c.N1, N2: c.N2, Warnings: texts(c.Warnings)}
	switch {
	case len(a) == 0 || len(b) == 0:
	case constant(slices.Concat(a, b)):
		out.Warnings = nil // equal is no failure of the test
	case len(a) <= exactLimit && len(b) <= exactLimit && tied(a, b):
		out.P = exactTied(a, b)
	}
	return out
}

// exactLimit is up to how many values a side the test is exact.
const exactLimit = 50

// tied reports whether a value occurs more than once.
func tied(a, b []float64) bool {
	all := slices.Sorted(slices.Values(slices.Concat(a, b)))
	for i := range len(all) - 1 {
		if all[i] == all[i+1] {
			return true
		}
	}
	return false
}

// exactTied is the two-sided P of the rank sum of a: twice the share of those
// divisions of all values into samples of these sizes whose rank sum is as far on
// the same side of the middle, or farther. Ranks are means over equal values,
// doubled to be whole; the divisions are counted value by value.
func exactTied(a, b []float64) float64 {
	all := slices.Concat(a, b)
	doubled := make([]int, len(all))
	sum, most := 0, 0
	for i, r := range ranks(all) {
		doubled[i] = int(math.Round(2 * r))
		if i < len(a) {
			sum += doubled[i]
		}
		most += doubled[i]
	}
	// ways[k][s] is the number of choices of k values whose doubled ranks add to s.
	ways := make([][]float64, len(a)+1)
	for k := range ways {
		ways[k] = make([]float64, most+1)
	}
	ways[0][0] = 1
	for _, r := range doubled {
		for k := len(a); k > 0; k-- {
			for s := most; s >= r; s-- {
				ways[k][s] += ways[k-1][s-r]
			}
		}
	}
	low, high, total := 0.0, 0.0, 0.0
	for s, n := range ways[len(a)] {
		total += n
		if s <= sum {
			low += n
		}
		if s >= sum {
			high += n
		}
	}
	return min(1, 2*min(low, high)/total)
}

func constant(xs []float64) bool {
	for _, x := range xs {
		if x != xs[0] {
			return false
		}
	}
	return true
}

// Exact returns the value that a sample agrees on (benchmath.AssumeExact): its
// mode, with a warning when not all values are equal. Counts such as allocations
// per operation are such values.
func Exact(xs []float64) (value float64, warnings []string) {
	if len(xs) == 0 {
		return math.NaN(), []string{"nothing was measured"}
	}
	s := benchmath.AssumeExact.Summary(benchmath.NewSample(slices.Clone(xs), &benchmath.DefaultThresholds), 1)
	return s.Center, texts(s.Warnings)
}

// Holm adjusts the p values of several tests so that the chance of one false
// alarm among them stays below alpha (Holm, 1979): the i-th smallest of m is
// multiplied by m-i, and none is smaller than those before it.
func Holm(ps []float64) []float64 {
	at := make([]int, len(ps))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(ps[a], ps[b]) })
	out := make([]float64, len(ps))
	floor := 0.0
	for i, k := range at {
		floor = max(floor, min(1, float64(len(ps)-i)*ps[k]))
		out[k] = floor
	}
	return out
}

// Noise is the difference between two samples of the same code, as a fraction:
// |median(b)/median(a) - 1|. It is the floor below which a difference between
// two codes measured alongside means nothing (A/A test). 0 when a sample is
// empty or the medians are equal; +Inf when only the first is 0.
func Noise(a, b []float64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	ma, mb := Median(a), Median(b)
	if ma == mb {
		return 0
	}
	return math.Abs(mb/ma - 1)
}

// Verdict is what a comparison comes to.
type Verdict string

// The verdicts.
const (
	Faster        Verdict = "faster"
	Slower        Verdict = "slower"
	NoDifference  Verdict = "no difference"
	NotComparable Verdict = "not comparable"
)

// Rule says when a difference counts.
type Rule struct {
	Alpha float64 // p must be below it
	MDE   float64 // minimum effect: |ratio - 1| must exceed it, a fraction
	Noise float64 // and this, from an A/A test
}

// Floor is the |ratio - 1| that a difference must exceed.
func (r Rule) Floor() float64 { return max(r.MDE, r.Noise) }

// Decide judges a ratio of times to the base's, given the adjusted p of its test
// and the ratio's interval, if there are samples enough for one: a difference whose
// direction the interval leaves open is none. A ratio that is no positive number
// can't be judged.
func (r Rule) Decide(ratio, p float64, ci Interval) Verdict {
	switch {
	case math.IsNaN(ratio) || math.IsInf(ratio, 0) || ratio <= 0 || math.IsNaN(p):
		return NotComparable
	case !(p < r.Alpha) || math.Abs(ratio-1) <= r.Floor() || ci.Finite() && ci.Contains(1):
		return NoDifference
	case ratio < 1:
		return Faster
	}
	return Slower
}
