package stats

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
)

// resamples is how often the bootstrap draws. One less than a round number, so
// that the bounds of the usual confidences are order statistics.
const resamples = 9999

// Ratio is the quotient of two medians.
type Ratio struct {
	Value    float64 // median of the candidate / median of the base
	CI       Interval
	Warnings []string
}

// PairedRatio returns the ratio of the medians of a candidate and a base that
// were measured alternately. Element i of both holds the runs of round i: rounds
// are drawn together, so what slows a whole round cancels. The interval is the
// bootstrap's by percentiles (Efron and Tibshirani, 1993, chapter 13), the same
// for the same samples and seed. Rounds that one side lacks are left out; with
// fewer than 6 rounds the interval is infinite, as that of the median.
func PairedRatio(base, candidate [][]float64, confidence float64, seed uint64) Ratio {
	var b, c [][]float64
	for i := range min(len(base), len(candidate)) {
		if len(base[i]) > 0 && len(candidate[i]) > 0 {
			b, c = append(b, base[i]), append(c, candidate[i])
		}
	}
	return bootstrap(slices.Concat(b...), slices.Concat(c...), len(b), confidence, seed, func(rng *rand.Rand, x, y []float64) ([]float64, []float64) {
		for range b {
			i := rng.IntN(len(b))
			x, y = append(x, b[i]...), append(y, c[i]...)
		}
		return x, y
	})
}

// SeparateRatio is the ratio of the medians of two samples that were measured
// apart: each is drawn by itself, and the interval knows nothing of what changed
// between them.
func SeparateRatio(base, candidate []float64, confidence float64, seed uint64) Ratio {
	return bootstrap(base, candidate, min(len(base), len(candidate)), confidence, seed, func(rng *rand.Rand, x, y []float64) ([]float64, []float64) {
		return draw(rng, x, base), draw(rng, y, candidate)
	})
}

// draw appends as many random elements of from as it has.
func draw(rng *rand.Rand, to, from []float64) []float64 {
	for range from {
		to = append(to, from[rng.IntN(len(from))])
	}
	return to
}

// bootstrap computes the ratio and its interval from n independent draws.
func bootstrap(base, candidate []float64, n int, confidence float64, seed uint64, resample func(rng *rand.Rand, x, y []float64) ([]float64, []float64)) Ratio {
	r := Ratio{Value: Median(candidate) / Median(base), CI: Interval{Lo: math.Inf(-1), Hi: math.Inf(1), Confidence: 1}}
	if need := fewest(confidence); n < need {
		r.Warnings = append(r.Warnings, tooFew(need, confidence))
		return r
	}
	rng := rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))
	ratios := make([]float64, resamples)
	x, y := make([]float64, 0, len(base)), make([]float64, 0, len(candidate))
	for i := range ratios {
		x, y = resample(rng, x[:0], y[:0])
		ratios[i] = middle(y) / middle(x)
	}
	slices.Sort(ratios)
	tail := (1 - confidence) / 2
	k := max(1, int(math.Round(tail*(resamples+1)))) // the k-th smallest and largest
	r.CI = Interval{Lo: ratios[k-1], Hi: ratios[resamples-k], Confidence: confidence}
	return r
}

// middle is the median of xs, which it sorts.
func middle(xs []float64) float64 {
	slices.Sort(xs)
	n := len(xs)
	if n%2 == 1 {
		return xs[n/2]
	}
	return (xs[n/2-1] + xs[n/2]) / 2
}

// fewest is the number of values from which on the median of a sample has a
// finite interval: that from the smallest to the largest holds it with
// probability 1 - 2^(1-n). At least 2; 6 for a confidence of 0.95.
func fewest(confidence float64) int {
	n := 2
	for ; n < 64 && 1-math.Exp2(float64(1-n)) < confidence; n++ {
	}
	return n
}

func tooFew(need int, confidence float64) string {
	return fmt.Sprintf("need >= %d rounds for an interval of %g %% confidence", need, 100*confidence)
}
