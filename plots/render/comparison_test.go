package render

import (
	"math"
	"strings"
	"testing"

	"hpgo/plots"
)

// contest is a comparison of candidates that take times of a base, in rounds
// that share a disturbance.
type contest struct {
	noise  noise
	common []float64
	base   float64
}

func newContest(rounds int, base float64) *contest {
	c := &contest{noise: 11, base: base}
	for range rounds {
		c.common = append(c.common, 1+0.02*c.noise.next())
	}
	return c
}

func (c *contest) times(factor, spread float64) []float64 {
	var out []float64
	for _, common := range c.common {
		out = append(out, c.base*factor*common*(1+spread*c.noise.next()))
	}
	return out
}

// candidate takes a factor of the base's time. Its intervals are about what they
// would be.
func (c *contest) candidate(name string, factor, spread float64, e plots.Effect, verdict string) plots.Candidate {
	return plots.Candidate{Name: name, Rounds: c.times(factor, spread), Interval: [2]float64{c.base * factor * (1 - spread/2), c.base * factor * (1 + spread/2)},
		Ratio: factor, RatioInterval: [2]float64{factor * (1 - spread/2), factor * (1 + spread/2)}, Effect: e, Verdict: verdict,
		Detail: "p<0.001", Bytes: math.NaN(), Objects: math.NaN()}
}

func (c *contest) first(name string, spread float64) plots.Candidate {
	out := c.candidate(name, 1, spread, plots.EffectNone, "base")
	out.Again, out.Detail = c.times(1.004, spread), "A/A 1.004×"
	out.Ratio, out.RatioInterval = 1.004, [2]float64{math.NaN(), math.NaN()}
	return out
}

func allocating(c plots.Candidate, bytes, objects float64) plots.Candidate {
	c.Bytes, c.Objects = bytes, objects
	return c
}

// contests are comparisons, and their hard cases.
func contests() map[string]plots.Picture {
	two := newContest(10, 1.718e-6)
	memory := newContest(10, 41.2e-6)
	same := newContest(10, 2.4e-3)
	engines := newContest(8, 95e-3)
	hard := newContest(10, 3.1e-9)
	outliers := hard.candidate("a candidate whose name is far too long to stand above its runs, hash(data[:n]) + hash(data[n:])", 1.3, 0.02, plots.EffectWorse, "30 % slower")
	outliers.Rounds[3], outliers.Rounds[7] = 9.8e-9, math.NaN()
	long := newContest(60, 8e-3)
	apart := newContest(10, 12e-6)
	alone := apart.candidate("sorted, cell 4", 0.7, 0.04, plots.EffectBetter, "30 % faster")
	alone.Rounds = alone.Rounds[:7]
	few := newContest(3, 1)
	short := few.candidate("g()", 0.9, 0.01, plots.EffectSame, "no difference")
	short.Interval, short.RatioInterval, short.Detail = [2]float64{math.NaN(), math.NaN()}, [2]float64{math.NaN(), math.NaN()}, "p=0.100"
	return map[string]plots.Picture{
		"comparison": plots.Comparison{Title: "unrolled is 17.2 % faster than plain", Noise: 0.004, Least: 0.02, Candidates: []plots.Candidate{
			two.first("plain", 0.02), two.candidate("unrolled", 0.828, 0.02, plots.EffectBetter, "17.2 % faster")}},
		"comparison-same": plots.Comparison{Title: "no difference between f(xs) and g(xs)", Noise: 0.012, Least: 0.02, Candidates: []plots.Candidate{
			same.first("f(xs)", 0.05), same.candidate("g(xs)", 0.994, 0.05, plots.EffectSame, "no difference")}},
		"comparison-memory": plots.Comparison{Title: "builder is fastest: 3.1 times as fast as concat", Noise: 0.006, Least: 0.02, Candidates: []plots.Candidate{
			allocating(memory.first("concat", 0.06), 53_016, 99), allocating(memory.candidate("builder", 0.32, 0.05, plots.EffectBetter, "3.1 times as fast"), 2016, 7),
			allocating(memory.candidate("bytes.Buffer", 0.55, 0.05, plots.EffectBetter, "45 % faster"), 3120, 6.33), allocating(memory.candidate("fmt", 1.62, 0.05, plots.EffectWorse, "62 % slower"), 54_600, 298)}},
		"comparison-engines": plots.Comparison{Title: "One loop under eight builds", Noise: 0.003, Least: 0.02, Candidates: []plots.Candidate{
			engines.first("gc", 0.01), engines.candidate("-N -l", 3.4, 0.01, plots.EffectWorse, "3.4 times as slow"), engines.candidate("-B", 0.97, 0.01, plots.EffectBetter, "3 % faster"),
			engines.candidate("PGO", 0.995, 0.01, plots.EffectSame, "no difference"), engines.candidate("GOAMD64=v3", 0.88, 0.01, plots.EffectBetter, "12 % faster"),
			{Name: "GOAMD64=v4", Verdict: "not built", Missing: "this CPU lacks AVX-512", Ratio: math.NaN()},
			engines.candidate("yaegi", 88, 0.03, plots.EffectWorse, "88 times as slow")}},
		"comparison-hard": plots.Comparison{Noise: 0.03, Least: 0.02, Candidates: []plots.Candidate{
			hard.first("x^y", 0.02), outliers, {Name: "wrong", Verdict: "differs from the base", Missing: "result 3 is 17, that of the base 18: no time is shown", Ratio: math.NaN()}}},
		"comparison-rounds": plots.Comparison{Title: "Sixty rounds", Noise: 0.001, Least: 0.01, Candidates: []plots.Candidate{
			long.first("before", 0.05), long.candidate("after", 1.05, 0.05, plots.EffectWorse, "5 % slower")}},
		"comparison-apart": plots.Comparison{Title: "Stored results", Apart: true, Least: 0.02, Notes: []string{"not measured alternately"}, Candidates: []plots.Candidate{
			apart.candidate("plain, cell 3", 1, 0.04, plots.EffectNone, "base"), alone}},
		"comparison-few": plots.Comparison{Candidates: []plots.Candidate{few.first("f()", 0.01), short}},
	}
}

// TestComparisonWords: text and alternative text say all that the picture shows.
func TestComparisonWords(t *testing.T) {
	d := encode(t, contests()["comparison-memory"])
	for _, want := range []string{"concat (base): 41.1 µs [40.0, 42.4]", "builder: 13.1 µs", "3.1 times as fast, 0.320× [0.312, 0.328]", "2.02 kB in 7 allocs", "A/A difference 0.6 %", "least effect 2 %"} {
		if !strings.Contains(d.Alt, want) {
			t.Errorf("the alternative text lacks %q: %s", want, d.Alt)
		}
	}
	if text := d.Summary(); strings.Count(text, "\n") != 5 || !strings.Contains(text, "fmt           66.4 µs") {
		t.Errorf("text:\n%s", text)
	}
	hard := encode(t, contests()["comparison-hard"])
	if !strings.Contains(hard.Alt, "no time is shown") || len(hard.Notes) != 1 || !strings.Contains(hard.Notes[0], "1 run beyond the axis, up to 9.8 ns") {
		t.Errorf("%q, notes %q", hard.Alt, hard.Notes)
	}
	if svg, err := SVG(hard); err != nil || strings.Count(string(svg), "<title>") != 3 {
		t.Errorf("rows with words of their own: %d, %v", strings.Count(string(svg), "<title>"), err)
	}
}

// TestComparisonRefuses: what can't be drawn is an error that says what it is.
func TestComparisonRefuses(t *testing.T) {
	good := plots.Candidate{Name: "a", Rounds: []float64{1, 2}}
	for want, c := range map[string]plots.Comparison{
		"it has 1 candidate; it takes a base": {Candidates: []plots.Candidate{good}},
		"values must be above 0":              {Candidates: []plots.Candidate{good, {Name: "b", Rounds: []float64{0}}}},
		"must be fractions":                   {Noise: math.NaN(), Candidates: []plots.Candidate{good, good}},
		"no candidate has values":             {Candidates: []plots.Candidate{{}, {Rounds: []float64{math.NaN()}}}},
		"1 rounds and 2 second values":        {Candidates: []plots.Candidate{{Rounds: []float64{1}, Again: []float64{1, 2}}, good}},
		"can't be drawn on one axis":          {Candidates: []plots.Candidate{good, {Rounds: []float64{1e305}}}},
	} {
		if _, err := c.Encode(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	for _, spoil := range []func(*plots.ComparisonData){
		func(d *plots.ComparisonData) { d.Rows = nil },
		func(d *plots.ComparisonData) { d.Axis.Min = 0 },
		func(d *plots.ComparisonData) { d.Ratios.Max = d.Ratios.Min },
		func(d *plots.ComparisonData) { d.Rows[1].Median = nil },
		func(d *plots.ComparisonData) { d.Rows[1].Ratio = plots.Numbers{1} },
		func(d *plots.ComparisonData) { d.Rows[1].Memory = plots.Numbers{-1, 1} },
		func(d *plots.ComparisonData) { d.Noise = math.Inf(1) },
	} {
		d := encode(t, contests()["comparison"])
		spoil(d.Comparison)
		if _, err := SVG(d); err == nil || strings.Contains(err.Error(), "panic") {
			t.Errorf("drawn all the same, or by accident: %v", err)
		}
	}
}

// TestComparisonSizes: any number of candidates and rounds has a picture.
func TestComparisonSizes(t *testing.T) {
	for _, n := range []int{2, 12, 40} {
		for _, rounds := range []int{1, 5, 300} {
			c := newContest(rounds, 1e-3)
			p := plots.Comparison{Least: 0.02, Candidates: []plots.Candidate{c.first("base", 0.01)}}
			for i := 1; i < n; i++ {
				p.Candidates = append(p.Candidates, c.candidate("candidate", math.Pow(1.3, float64(i)), 0.01, plots.EffectWorse, "slower"))
			}
			svg, err := SVG(encode(t, p))
			if err != nil {
				t.Errorf("%d candidates, %d rounds: %v", n, rounds, err)
				continue
			}
			wellFormed(t, svg)
		}
	}
}
