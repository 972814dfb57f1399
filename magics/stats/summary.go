package stats

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"golang.org/x/perf/benchmath"
)

// Interval is a confidence interval.
type Interval struct {
	Lo, Hi     float64 // ±Inf when the sample is too small for the confidence asked for
	Confidence float64 // what the interval really has, 0 to 1; at least what was asked for
}

// Finite reports whether the sample was large enough for both bounds.
func (i Interval) Finite() bool {
	return !math.IsInf(i.Lo, 0) && !math.IsInf(i.Hi, 0) && !math.IsNaN(i.Lo) && !math.IsNaN(i.Hi)
}

// Contains reports whether x lies in the interval.
func (i Interval) Contains(x float64) bool { return i.Lo <= x && x <= i.Hi }

// Summary describes a sample.
type Summary struct {
	N        int
	Mean     float64
	SD       float64 // of the population (divided by N), as IPython prints it
	Median   float64
	CI       Interval // of the median, by order statistics: no assumption about the distribution
	Min, Max float64
	Q1, Q3   float64 // quartiles, by linear interpolation
	// Outliers are the indexes of the values outside Tukey's fences. They are
	// marked, never dropped.
	Outliers []int
	Drift    float64 // Spearman's ρ of order against value, -1 to 1
	Warnings []string
}

// driftLimit is the |ρ| from which on a sample is said to drift.
const driftLimit = 0.8

// Summarize describes a sample. The interval of the median has at least the
// given confidence; with fewer than 6 values there is none for 0.95.
func Summarize(xs []float64, confidence float64) Summary {
	if len(xs) == 0 {
		none := Interval{Lo: math.Inf(-1), Hi: math.Inf(1)}
		return Summary{CI: none, Warnings: []string{"nothing was measured"}}
	}
	sorted := slices.Sorted(slices.Values(xs))
	s := Summary{
		N: len(xs), Min: sorted[0], Max: sorted[len(sorted)-1],
		Q1: quantile(sorted, 0.25), Q3: quantile(sorted, 0.75),
		Outliers: Outliers(xs), Drift: Drift(xs),
	}
	s.Mean, s.SD = moments(xs)
	sum := benchmath.AssumeNothing.Summary(benchmath.NewSample(sorted, &benchmath.DefaultThresholds), confidence)
	s.Median = sum.Center
	s.CI = Interval{Lo: sum.Lo, Hi: sum.Hi, Confidence: sum.Confidence}
	s.Warnings = texts(sum.Warnings)
	if math.Abs(s.Drift) > driftLimit && len(xs) >= 6 {
		direction := "later runs are slower"
		if s.Drift < 0 {
			direction = "later runs are faster"
		}
		s.Warnings = append(s.Warnings, fmt.Sprintf("%s: the measurement drifts (Spearman's ρ = %+.2f)", direction, s.Drift))
	}
	return s
}

// texts returns the messages of warnings.
func texts(errs []error) []string {
	var out []string
	for _, err := range errs {
		out = append(out, err.Error())
	}
	return out
}

// moments returns mean and population standard deviation, in two passes.
func moments(xs []float64) (mean, sd float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	for _, x := range xs {
		sd += (x - mean) * (x - mean) / float64(len(xs))
	}
	return mean, math.Sqrt(sd)
}

// Quantile returns the p-quantile of a sample, 0 <= p <= 1, by linear
// interpolation between order statistics (type 7 of Hyndman and Fan, 1996, the
// default of R and NumPy). NaN for an empty sample.
func Quantile(xs []float64, p float64) float64 {
	return quantile(slices.Sorted(slices.Values(xs)), p)
}

// Median is the middle of a sample, NaN for an empty one.
func Median(xs []float64) float64 { return Quantile(xs, 0.5) }

func quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-1)
	j := min(i+1, len(sorted)-1)
	lo, hi := sorted[i], sorted[j]
	if lo == hi {
		return lo
	}
	return lo + (at-float64(i))*(hi-lo)
}

// Outliers returns the indexes of the values beyond Tukey's fences, 1.5
// interquartile ranges outside the quartiles (Tukey, Exploratory Data Analysis,
// 1977). A sample of fewer than 4 values has none.
func Outliers(xs []float64) []int {
	if len(xs) < 4 {
		return nil
	}
	q1, q3 := Quantile(xs, 0.25), Quantile(xs, 0.75)
	fence := 1.5 * (q3 - q1)
	var out []int
	for i, x := range xs {
		if x < q1-fence || x > q3+fence {
			out = append(out, i)
		}
	}
	return out
}

// Drift returns Spearman's rank correlation of a sample with the order of its
// values: 1 when each value exceeds the one before it, 0 for none and for
// samples whose values are all equal.
func Drift(xs []float64) float64 {
	order := make([]float64, len(xs))
	for i := range order {
		order[i] = float64(i)
	}
	return pearson(ranks(xs), order)
}

// ranks returns the rank of each value from 0, equal values sharing their mean rank.
func ranks(xs []float64) []float64 {
	at := make([]int, len(xs))
	for i := range at {
		at[i] = i
	}
	slices.SortStableFunc(at, func(a, b int) int { return cmp.Compare(xs[a], xs[b]) })
	out := make([]float64, len(xs))
	for i := 0; i < len(at); {
		j := i
		for j < len(at) && xs[at[j]] == xs[at[i]] {
			j++
		}
		for _, k := range at[i:j] {
			out[k] = float64(i+j-1) / 2
		}
		i = j
	}
	return out
}

// pearson is the correlation of two samples of equal size, 0 when one is constant.
func pearson(xs, ys []float64) float64 {
	mx, sx := moments(xs)
	my, sy := moments(ys)
	if len(xs) == 0 || sx == 0 || sy == 0 {
		return 0
	}
	sum := 0.0
	for i := range xs {
		sum += (xs[i] - mx) * (ys[i] - my)
	}
	return sum / float64(len(xs)) / (sx * sy)
}
