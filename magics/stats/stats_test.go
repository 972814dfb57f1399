package stats

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// near compares with a relative tolerance of 1e-9.
func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if got != want && !(math.Abs(got-want) <= 1e-9*math.Abs(want)) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

// TestSummarize: figures of NumPy 2.4 (mean, std, median, percentile) and SciPy
// 1.17 (spearmanr).
func TestSummarize(t *testing.T) {
	for _, c := range []struct {
		name                          string
		xs                            []float64
		mean, sd, median, q1, q3, rho float64
		outliers                      []int
	}{
		{"one outlier", []float64{10.2, 10.5, 9.9, 11.0, 10.1, 10.7, 30.0}, 13.200000000000001, 6.867313885355758, 10.5, 10.15, 10.85, 0.5357142857142858, []int{6}},
		{"low outlier", []float64{12.0, 11.8, 12.5, 11.2, 12.1, 11.9, 12.2}, 11.957142857142857, 0.37361990944634355, 12.0, 11.85, 12.15, 0.21428571428571433, []int{3}},
		{"ties", []float64{1, 2, 2, 3, 3, 3, 4, 10}, 3.5, 2.598076211353316, 3, 2, 3.25, 0.9697815168769669, []int{7}},
		{"one", []float64{4}, 4, 0, 4, 4, 4, 0, nil},
		{"equal", []float64{2, 2, 2, 2}, 2, 0, 2, 2, 2, 0, nil},
	} {
		s := Summarize(c.xs, 0.95)
		near(t, c.name+" mean", s.Mean, c.mean)
		near(t, c.name+" sd", s.SD, c.sd)
		near(t, c.name+" median", s.Median, c.median)
		near(t, c.name+" q1", s.Q1, c.q1)
		near(t, c.name+" q3", s.Q3, c.q3)
		near(t, c.name+" drift", s.Drift, c.rho)
		if !slices.Equal(s.Outliers, c.outliers) {
			t.Errorf("%s outliers: got %v, want %v", c.name, s.Outliers, c.outliers)
		}
		if s.N != len(c.xs) || s.Min != slices.Min(c.xs) || s.Max != slices.Max(c.xs) {
			t.Errorf("%s: n %d, min %v, max %v", c.name, s.N, s.Min, s.Max)
		}
	}
	near(t, "10th percentile", Quantile([]float64{10.2, 10.5, 9.9, 11.0, 10.1, 10.7, 30.0}, 0.10), 10.02)
	near(t, "99th percentile", Quantile([]float64{1, 2, 2, 3, 3, 3, 4, 10}, 0.99), 9.58)
}

// TestMedianInterval: which order statistics bound the median and with what
// confidence, by the binomial distribution (SciPy's binom.pmf).
func TestMedianInterval(t *testing.T) {
	for _, c := range []struct {
		n, lo, hi  int
		confidence float64
	}{
		{6, 1, 6, 0.96875}, {7, 1, 7, 0.984375}, {10, 2, 9, 0.978515625},
		{12, 3, 10, 0.96142578125}, {20, 6, 15, 0.9586105346679688},
	} {
		var xs []float64
		for i := range c.n {
			xs = append(xs, float64((i*7)%c.n+1)) // 1..n in some order; 7 and n have no common factor but for 7
		}
		if c.n == 7 {
			xs = []float64{3, 1, 7, 2, 6, 4, 5}
		}
		s := Summarize(xs, 0.95)
		near(t, "lo", s.CI.Lo, float64(c.lo))
		near(t, "hi", s.CI.Hi, float64(c.hi))
		near(t, "confidence", s.CI.Confidence, c.confidence)
		if !s.CI.Finite() {
			t.Errorf("n=%d: no interval", c.n)
		}
	}
	s := Summarize([]float64{1, 2, 3, 4, 5}, 0.95)
	if s.CI.Finite() || len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0], "need >= 6 samples") {
		t.Errorf("n=5: %+v", s)
	}
	if s := Summarize(nil, 0.95); s.N != 0 || s.CI.Finite() || len(s.Warnings) != 1 {
		t.Errorf("n=0: %+v", s)
	}
	if s := Summarize([]float64{1, 2, 3, 4, 5, 6, 7}, 0.95); len(s.Warnings) != 1 || !strings.HasPrefix(s.Warnings[0], "later runs are slower") {
		t.Errorf("drift: %q", s.Warnings)
	}
}

// TestUTest: SciPy's mannwhitneyu; with ties the share of all divisions of the
// values into two samples whose U is as far from the middle or farther.
func TestUTest(t *testing.T) {
	count := func(from, n int) (xs []float64) {
		for i := range n {
			xs = append(xs, float64(from+i))
		}
		return xs
	}
	shifted := count(0, 60)
	for i := range shifted {
		shifted[i] += 20.5
	}
	for _, c := range []struct {
		name string
		a, b []float64
		p    float64
	}{
		{"7 of 7 with an outlier", []float64{10.2, 10.5, 9.9, 11.0, 10.1, 10.7, 30.0}, []float64{12.0, 11.8, 12.5, 11.2, 12.1, 11.9, 12.2}, 0.026223776223776224},
		{"4 apart", count(0, 4), count(10, 4), 0.02857142857142857},
		{"7 apart", count(0, 7), count(10, 7), 0.0005827505827505828},
		{"10 apart", count(0, 10), count(10, 10), 1.082508822446903e-05},
		{"alternating", []float64{1, 3, 5, 7, 9, 11, 13, 15, 17, 19}, []float64{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, 0.7393643508194593},
		{"overlapping", []float64{1, 2, 3, 4, 5, 9, 10, 11}, []float64{6, 7, 8, 12, 13, 14, 15, 16}, 0.014763014763014764},
		{"all pairs tied", []float64{1, 1, 2, 2}, []float64{3, 3, 4, 4}, 0.02857142857142857},
		{"some tied", []float64{1, 2, 2, 3, 3}, []float64{3, 4, 4, 5, 2}, 1.0 / 9},
		{"by the normal distribution", count(0, 60), shifted, 8.747567722893498e-08},
		{"equal", []float64{1, 1, 1, 1}, []float64{1, 1, 1, 1}, 1},
	} {
		got := UTest(c.a, c.b, 0.05)
		near(t, c.name, got.P, c.p)
		near(t, c.name+" swapped", UTest(c.b, c.a, 0.05).P, c.p)
		if len(got.Warnings) > 0 {
			t.Errorf("%s: %q", c.name, got.Warnings)
		}
	}
	if got := UTest(count(0, 3), count(10, 3), 0.05); len(got.Warnings) != 1 || !strings.Contains(got.Warnings[0], ">= 4") {
		t.Errorf("3 a side: %+v", got)
	}
	if got := UTest(nil, count(0, 3), 0.05); got.P != 1 || len(got.Warnings) == 0 {
		t.Errorf("empty: %+v", got)
	}
}

// TestUTestCounted compares with the count of all divisions of small samples, with
// and without equal values.
func TestUTestCounted(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		a, b, kinds := make([]float64, 1+rng.IntN(5)), make([]float64, 1+rng.IntN(5)), 1+rng.IntN(12)
		for _, xs := range [][]float64{a, b} {
			for i := range xs {
				xs[i] = float64(rng.IntN(kinds))
			}
		}
		want := countedP(a, b)
		if got := UTest(a, b, 0.05); math.Abs(got.P-want) > 1e-9 {
			t.Errorf("%v, %v: P = %v, want %v", a, b, got.P, want)
		}
	}
}

// countedP goes through all divisions. U is symmetric about its middle only
// without equal values, so the tail on the side of the samples' own U counts.
func countedP(a, b []float64) float64 {
	all := slices.Concat(a, b)
	u := func(mask int) (u float64) {
		for i := range all {
			for j := range all {
				switch {
				case mask>>i&1 == 0 || mask>>j&1 == 1:
				case all[i] > all[j]:
					u++
				case all[i] == all[j]:
					u += 0.5
				}
			}
		}
		return u
	}
	own, low, high, total := u(1<<len(a)-1), 0.0, 0.0, 0.0
	for mask := range 1 << len(all) {
		if bits.OnesCount(uint(mask)) != len(a) {
			continue
		}
		total++
		if v := u(mask); v <= own {
			low++
			if v == own {
				high++
			}
		} else {
			high++
		}
	}
	return min(1, 2*min(low, high)/total)
}

// TestHolm: the second row is the example of R's documentation of p.adjust's
// method worked by hand: 0.01·4, 0.02·3, 0.03·2, 0.04·1, made to rise.
func TestHolm(t *testing.T) {
	for _, c := range []struct{ ps, want []float64 }{
		{[]float64{0.02}, []float64{0.02}},
		{[]float64{0.03, 0.01, 0.04, 0.02}, []float64{0.06, 0.04, 0.06, 0.06}},
		{[]float64{0.6, 0.01, 0.6}, []float64{1, 0.03, 1}},
		{nil, nil},
	} {
		got := Holm(c.ps)
		for i := range c.want {
			near(t, "p", got[i], c.want[i])
		}
		if len(got) != len(c.want) {
			t.Errorf("%v: got %v", c.ps, got)
		}
	}
}

// TestRatio: intervals of scipy.stats.bootstrap (percentile, 99,999 draws). Medians
// of few values fall on few places, so that both agree to the last digit or by a step.
func TestRatio(t *testing.T) {
	base := []float64{10.2, 10.5, 9.9, 11.0, 10.1, 10.7, 10.3, 10.4, 10.0, 10.6}
	cand := []float64{9.1, 9.6, 8.8, 9.9, 9.0, 9.7, 9.3, 9.2, 9.0, 9.5}
	paired := PairedRatio(singles(base), singles(cand), 0.95, 1)
	near(t, "ratio", paired.Value, 0.893719806763285)
	within(t, "paired", paired.CI, 0.8846153846153845, 0.9103773584905659)
	within(t, "apart", SeparateRatio(base, cand, 0.95, 1).CI, 0.861244019138756, 0.936893203883495)
	again := PairedRatio(singles(base), singles(cand), 0.95, 1)
	if again.CI != paired.CI {
		t.Errorf("not the same twice: %v, %v", paired.CI, again.CI)
	}
	few := PairedRatio(singles(base[:5]), singles(cand[:5]), 0.95, 1)
	if few.CI.Finite() || len(few.Warnings) != 1 || !strings.Contains(few.Warnings[0], ">= 6 rounds") {
		t.Errorf("5 rounds: %+v", few)
	}
	holes := PairedRatio(append(singles(base), nil), append(singles(cand), []float64{100}), 0.95, 1)
	if holes.CI != paired.CI || holes.Value != paired.Value {
		t.Errorf("a round that one side lacks counts: %+v", holes)
	}
}

func singles(xs []float64) [][]float64 {
	var out [][]float64
	for _, x := range xs {
		out = append(out, []float64{x})
	}
	return out
}

func within(t *testing.T, what string, got Interval, lo, hi float64) {
	t.Helper()
	if math.Abs(got.Lo-lo) > 0.004 || math.Abs(got.Hi-hi) > 0.004 {
		t.Errorf("%s: got [%v, %v], want [%v, %v]", what, got.Lo, got.Hi, lo, hi)
	}
}

// TestRatioProperties: whole rounds that are slower by any factor change neither
// ratio nor interval; the candidate's own factor moves both alike.
func TestRatioProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		var base, cand, scaled [][]float64
		for range 6 + rng.IntN(8) {
			b, c := 1+0.05*rng.Float64(), 1.2+0.05*rng.Float64()
			base, cand, scaled = append(base, []float64{b, b}), append(cand, []float64{c}), append(scaled, []float64{2 * c})
		}
		r, twice := PairedRatio(base, cand, 0.95, 7), PairedRatio(base, scaled, 0.95, 7)
		if !r.CI.Contains(r.Value) || r.CI.Lo > r.CI.Hi {
			t.Fatalf("the interval %v lacks its own ratio %v", r.CI, r.Value)
		}
		near(t, "ratio", twice.Value, 2*r.Value)
		near(t, "lo", twice.CI.Lo, 2*r.CI.Lo)
		near(t, "hi", twice.CI.Hi, 2*r.CI.Hi)
		if same := PairedRatio(base, base, 0.95, 7); same.Value != 1 || same.CI.Lo != 1 || same.CI.Hi != 1 {
			t.Fatalf("a sample against itself: %+v", same)
		}
	}
}

// TestCoverage draws many comparisons of known ratio. The interval must hold it
// about as often as it says: a bootstrap of 12 rounds falls a little short.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	hits, alarms := 0, 0
	const trials = 100
	for range trials {
		var base, cand [][]float64
		for range 12 {
			round := 1 + 0.2*rng.Float64() // what slows a whole round
			base = append(base, []float64{round + 0.02*rng.NormFloat64(), round + 0.02*rng.NormFloat64()})
			cand = append(cand, []float64{round + 0.02*rng.NormFloat64()})
		}
		if PairedRatio(base, cand, 0.95, 1).CI.Contains(1) {
			hits++
		}
		if UTest(slices.Concat(base...), slices.Concat(cand...), 0.05).P < 0.05 {
			alarms++
		}
	}
	if hits < 88 || alarms > 10 {
		t.Errorf("of %d comparisons of equals the interval holds 1 in %d, the test sees a difference in %d", trials, hits, alarms)
	}
}

func TestDecide(t *testing.T) {
	rule := Rule{Alpha: 0.05, MDE: 0.02, Noise: 0.03}
	none := Interval{Lo: math.Inf(-1), Hi: math.Inf(1)} // of too few samples
	for _, c := range []struct {
		ratio, p float64
		ci       Interval
		want     Verdict
	}{
		{0.8, 0.001, none, Faster}, {1.2, 0.001, none, Slower}, {0.8, 0.05, none, NoDifference},
		{0.975, 0.001, none, NoDifference}, {1.029, 0.001, none, NoDifference}, {1.031, 0.001, none, Slower},
		{0.7, 0.045, Interval{Lo: 0.57, Hi: 1.05, Confidence: 0.95}, NoDifference}, {0.7, 0.01, Interval{Lo: 0.57, Hi: 0.95, Confidence: 0.95}, Faster},
		{math.NaN(), 0.001, none, NotComparable}, {math.Inf(1), 0, none, NotComparable}, {0, 0, none, NotComparable}, {1, math.NaN(), none, NotComparable},
	} {
		if got := rule.Decide(c.ratio, c.p, c.ci); got != c.want {
			t.Errorf("%v: got %q, want %q", c, got, c.want)
		}
	}
	near(t, "A/A", Noise([]float64{1, 2, 3}, []float64{2.1, 1, 5}), 0.05)
	near(t, "A/A of nothing", Noise(nil, nil), 0)
	near(t, "A/A of zeros", Noise([]float64{0}, []float64{0}), 0)
	if v, w := Exact([]float64{48, 48, 64}); v != 48 || len(w) != 1 {
		t.Errorf("exact: %v %q", v, w)
	}
}

// TestUnchanged: functions leave their samples in the order of measurement.
func TestUnchanged(t *testing.T) {
	xs, ys := []float64{3, 1, 2, 5, 4, 9}, []float64{6, 5, 4, 3, 2, 1}
	Summarize(xs, 0.95)
	UTest(xs, ys, 0.05)
	Exact(xs)
	Noise(xs, ys)
	PairedRatio(singles(xs), singles(ys), 0.95, 1)
	SeparateRatio(xs, ys, 0.95, 1)
	if !slices.Equal(xs, []float64{3, 1, 2, 5, 4, 9}) || !slices.Equal(ys, []float64{6, 5, 4, 3, 2, 1}) {
		t.Errorf("changed: %v %v", xs, ys)
	}
}
