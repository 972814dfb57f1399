package plots

import (
	"math"
	"strings"
	"testing"
	"time"
)

// sizes are n from 100 on, doubled each time.
func sizes(count int) []float64 {
	out := make([]float64, count)
	for i := range out {
		out[i] = 100 * math.Pow(2, float64(i))
	}
	return out
}

// times are f(n) with a relative error.
func times(n []float64, noise float64, f func(n float64) float64) []float64 {
	var gen lcg = 5
	out := make([]float64, len(n))
	for i := range n {
		out[i] = f(n[i]) * math.Exp(noise*gen.normal())
	}
	return out
}

func TestFitGrowthFindsTheCurve(t *testing.T) {
	power := func(e float64) func(float64) float64 {
		return func(n float64) float64 { return 3e-9 * math.Pow(n, e) }
	}
	nLogN := func(n float64) float64 { return 2e-9 * n * math.Log2(n) }
	for _, c := range []struct {
		name     string
		n        []float64
		noise    float64
		f        func(float64) float64
		exponent float64
		best     string
		why      string // what it is unsure for
	}{
		{"exact O(1)", sizes(8), 0, power(0), 0, "O(1)", ""},
		{"exact O(n)", sizes(8), 0, power(1), 1, "O(n)", ""},
		{"exact O(n²)", sizes(6), 0, power(2), 2, "O(n²)", ""},
		{"exact O(n³)", sizes(8), 0, power(3), 3, "O(n³)", ""},
		{"O(log n)", sizes(10), 0.01, func(n float64) float64 { return 1e-8 * math.Log2(n) }, 0.137, "O(log n)", ""},
		{"O(n log n)", sizes(10), 0.02, nLogN, 1.138, "O(n log n)", ""},
		{"O(n), some noise", sizes(10), 0.03, power(1), 1, "O(n)", ""},
		{"O(n) or O(n log n)", sizes(8), 0.2, power(1.05), 1.05, "", "fit alike (AICc differs by "},
		{"much noise", sizes(8), 0.9, power(1.08), 1.1, "", "the times scatter too much: n^1.26 ± 0.41; more sizes would tell"},
		{"four sizes between the curves", sizes(4), 0.02, power(1.5), 1.5, "", "4 sizes above 1 are too few"},
		{"a start-up time", sizes(8), 0.02, func(n float64) float64 { return 1e-6 * (n + 1000) }, 0.527, "", "none of the curves fits: the times "},
		{"a bend within the exponents", sizes(8), 0.01, func(n float64) float64 { return 1e-9 * n * (1 + 0.1*math.Pow(math.Log(n/1131), 2)) }, 1, "", "none of the curves fits: the times bend away from O(n) (F test, p = "},
		{"three sizes", sizes(3), 0, power(2), 2, "O(n²)", "3 sizes above 1 are too few to tell curves apart, it takes 6"},
		{"between the curves", sizes(10), 0.02, power(1.5), 1.5, "", "none of the curves fits: the times grow like n^1.503 ± 0.006, and O(n log n) like n^1.09 to n^1.22 between these sizes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := FitGrowth(c.n, times(c.n, c.noise, c.f))
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(g.Exponent-c.exponent) > 0.02+c.noise/2 || g.Interval[0] > g.Exponent || g.Interval[1] < g.Exponent {
				t.Errorf("exponent %v in %v, want %v", g.Exponent, g.Interval, c.exponent)
			}
			if c.best != "" && g.Best != c.best || g.Best != g.Curves[0].Name || g.RunnerUp != g.Curves[1].Name || len(g.Curves) != 6 {
				t.Errorf("best %s, then %s of %v, want %s", g.Best, g.RunnerUp, g.Curves, c.best)
			}
			if g.Sure != (c.why == "") || !strings.Contains(g.Why, c.why) {
				t.Errorf("sure %v, %q, want %q", g.Sure, g.Why, c.why)
			}
		})
	}
}

func TestFitGrowthInterval(t *testing.T) {
	// scipy.stats.linregress of the decimal logarithms, t.ppf(0.975, 4)*stderr.
	g, err := FitGrowth([]int{10, 20, 40, 80, 160, 320}, []float64{12, 22, 47, 83, 171, 350})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want float64
	}{{"exponent", g.Exponent, 0.972198752113456}, {"factor", g.Factor, 1.2429570477655598}, {"half of the interval", g.Interval[1] - g.Exponent, 0.04569218858687981}, {"R²", g.R2, 0.9988551248899034}} {
		if !near(c.got, c.want, 1e-9) {
			t.Errorf("%s is %.16g, want %.16g", c.what, c.got, c.want)
		}
	}
}

func TestFitGrowthInputs(t *testing.T) {
	want := "n^1.00; perhaps O(n) or O(n log n) (2 sizes above 1 are too few to tell curves apart, it takes 6)"
	for name, in := range map[string][2]any{
		"durations": {[]int{10, 100}, []time.Duration{10, 100}},
		"repeated":  {[]int{10, 100}, [][]time.Duration{{5, 20}, {100}}},
		"one size":  {[]int{10, 1, 100}, []int{10, 1, 100}},
		"map":       {nil, map[int]float64{100: 100, 10: 10}},
		"map, rows": {nil, map[int][]time.Duration{10: {5, 20}, 100: {100}}},
		"arrays":    {[]int{10, 100}, [][2]float64{{5, 20}, {50, 200}}},
		"zero, NaN": {[]int{10, 100, 7, 8}, []float64{10, 100, 0, math.NaN()}},
	} {
		g, err := FitGrowth(in[0], in[1])
		if err != nil {
			t.Fatal(err)
		}
		if s := g.String(); s != want {
			t.Errorf("%s: %s, want %s", name, s, want)
		}
	}
	for want, in := range map[string][2]any{
		"growth: n is int, not a slice of numbers":              {3, []int{1}},
		"growth: t is nil, not a slice of numbers":              {[]int{1}, nil},
		"growth: n has 2 values and t has 1":                    {[]int{1, 2}, []int{1}},
		"growth: n holds names":                                 {[]string{"a"}, []int{1}},
		"growth: no exponent can be fitted: it takes two sizes": {[]int{1}, []int{1}},
		"growth: N has 1 value and T has 2":                     {[]int{1}, [][]int{{1}, {2}}},
		"growth: t holds []int, which is no number":             {[]int{1}, [][][]int{{{1}}}},
		"growth: N is nil, not a slice of numbers":              {nil, [][]int{{1}}},
	} {
		if _, err := FitGrowth(in[0], in[1]); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: %v, want %s", in, err, want)
		}
	}
}

func TestCandidateNames(t *testing.T) {
	for name, want := range map[string]string{"O(n²)": "O(n²)", "n^2": "O(n²)", "n2": "O(n²)", "nlogn": "O(n log n)", "n·log n": "O(n log n)", "O(N*log(N))": "O(n log n)",
		"1": "O(1)", "o(1)": "O(1)", "log(n)": "O(log n)", "n³": "O(n³)", "linear": ""} {
		if c, ok := curveNamed(name); c.name != want || ok != (want != "") {
			t.Errorf("%q is %q", name, c.name)
		}
	}
}

func TestGrowthOfAMapOfRepeatedTimes(t *testing.T) {
	d, err := Figure{Layers: Layers{Growth{T: map[int][]time.Duration{10: {5, 20}, 100: {100}}}}}.Encode()
	if err != nil || len(d.Layers[0].X) != 3 {
		t.Error(d.Layers, err)
	}
}

// Bytes that an append or make allocates are rounded up to size classes: exact
// figures that no curve fits, and O(n) all the same.
func TestFitGrowthRounded(t *testing.T) {
	n := []float64{100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6}
	bytes := []float64{896, 1792, 4096, 8192, 16384, 40960, 81920, 163840, 401408, 802816, 1605632, 4005888, 8003584}
	if g, err := FitGrowth(n, bytes); err != nil || g.Best != "O(n)" || !g.Sure {
		t.Errorf("got %s, sure %v: %s, %v", g.Best, g.Sure, g.Why, err)
	}
	for i, v := range n {
		bytes[i] = math.Pow(v, 1.1)
	}
	if g, err := FitGrowth(n, bytes); err != nil || g.Sure {
		t.Errorf("n^1.1 is %s for sure, %v", g.Best, err)
	}
}

// Precise times show what caches and rounding do. As long as no size is farther than
// a tenth from a curve, and the exponent is the curve's but for a little, it grows
// like the curve; beyond that it doesn't.
func TestFitGrowthClose(t *testing.T) {
	n := []float64{1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5, 1e6}
	bump := func(v float64) float64 { return 3e-9 * v * (1 + 0.03*math.Sin(3*math.Log(v))) }
	late := func(v float64) float64 { // a cache that is full
		if v > 3e5 {
			return 1.12e-9 * v
		}
		return 1e-9 * v
	}
	for _, c := range []struct {
		name  string
		f     func(float64) float64
		close bool
		text  string
	}{
		{"a little steeper", func(v float64) float64 { return math.Pow(v, 1.02) }, true, "k^1.02; O(k), within 7 % at every size, then O(k log k)"},
		{"bumps", bump, true, "O(k), within 3 % at every size, then O(k log k)"},
		{"a cache", late, true, "O(k), within 9 % at every size"},
		{"exact", func(v float64) float64 { return v * v }, true, "k^2.00; O(k²), within 0.1 % at every size"},
		{"a tenth steeper", func(v float64) float64 { return math.Pow(v, 1.06) }, false, "k^1.06; nearest O(k log k), then O(k) (none of the curves fits: the times grow like k^1.06, and O(k log k) like k^1.07 to k^1.14"},
		{"a start-up time", func(v float64) float64 { return v + 500 }, false, "nearest O(k), then"},
	} {
		rows := make([][]float64, len(n))
		for i, v := range n {
			x := c.f(v)
			rows[i] = []float64{x, x * 1.001, 3 * x, x * 0.999, x * 1.0005} // one run disturbed
			if c.name == "exact" || strings.Contains(c.name, "steeper") {
				rows[i] = []float64{x, 2 * x, x}
			}
		}
		g, err := FitGrowth(n, rows)
		if err != nil {
			t.Fatal(err)
		}
		g = g.In("k")
		if g.Close != c.close || g.Sure != c.close || !strings.Contains(g.String(), c.text) {
			t.Errorf("%s: close %v, sure %v, within %.3f: %s; want %s", c.name, g.Close, g.Sure, g.Within, g, c.text)
		}
	}
}
