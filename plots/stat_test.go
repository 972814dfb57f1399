package plots

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// The expected numbers below are those of numpy 2.4.6 and scipy 1.17.1.

// michelson is the speed of light in the first experiment of Michelson, 1879,
// in km/s above 299,000: the data set morley of R.
var michelson = []float64{850, 740, 900, 1070, 930, 850, 950, 980, 980, 880, 1000, 980, 930, 650, 760, 810, 1000, 1000, 960, 960}

// anscombe is the first of Anscombe's quartet.
var anscombe = struct{ x, y []float64 }{
	[]float64{10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5},
	[]float64{8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68},
}

// lcg is a small deterministic generator.
type lcg uint64

func (g *lcg) next() float64 {
	*g = *g*6364136223846793005 + 1442695040888963407
	return float64(*g>>33) / float64(1<<31)
}

// normal is roughly normal: the sum of twelve uniform numbers less their mean.
func (g *lcg) normal() float64 {
	sum := -6.0
	for range 12 {
		sum += g.next()
	}
	return sum
}

func near(got, want, relative float64) bool {
	return math.Abs(got-want) <= relative*math.Max(math.Abs(want), 1e-300)
}

func TestStudentQuantile(t *testing.T) {
	// scipy.stats.t.ppf(0.975, df)
	for df, want := range map[int]float64{1: 12.706204736174694, 2: 4.302652729749462, 3: 3.1824463052837078, 5: 2.5705818356363146,
		10: 2.228138851986274, 30: 2.0422724563012378, 100: 1.9839715185235518, 1000: 1.9623390808264083, 1000000: 1.959966356814107} {
		if got := studentQuantile(0.95, df); !near(got, want, 1e-9) {
			t.Errorf("95%%, %d degrees of freedom: %.15g, want %.15g", df, got, want)
		}
	}
	for df, want := range map[int]float64{1: 63.656741162871526, 4: 4.604094871349992, 60: 2.6602830288550368} {
		if got := studentQuantile(0.99, df); !near(got, want, 1e-9) {
			t.Errorf("99%%, %d degrees of freedom: %.15g, want %.15g", df, got, want)
		}
	}
	if got := studentQuantile(0.95, 0); !math.IsNaN(got) {
		t.Errorf("no degrees of freedom: %v", got)
	}
}

func TestQuantile(t *testing.T) {
	v := []float64{1, 2, 2, 3.5, 4, 7, 8, 9, 30}
	// numpy.quantile(v, p)
	for p, want := range map[float64]float64{0: 1, 0.1: 1.8, 0.25: 2, 0.5: 4, 0.75: 8, 0.9: 13.2, 0.99: 28.32, 1: 30} {
		if got := quantile(v, p); !near(got, want, 1e-12) {
			t.Errorf("quantile %v is %v, want %v", p, got, want)
		}
	}
	if got := quantile([]float64{0.1, 0.1, 0.1}, 0.7); got != 0.1 {
		t.Errorf("quantile of equal values is %v", got)
	}
}

func TestBoxIsTukeys(t *testing.T) {
	sorted := slices.Sorted(slices.Values(michelson))
	// numpy.percentile; whiskers and outliers by 1.5 IQR, as matplotlib draws it.
	want := BoxData{N: 20, Low: 740, Q1: 850, Median: 940, Q3: 980, High: 1070}
	got := box(sorted)
	if !slices.Equal(got.Out, Numbers{650}) {
		t.Errorf("outliers %v", got.Out)
	}
	got.Out = nil
	if got.N != want.N || got.Low != want.Low || got.Q1 != want.Q1 || got.Median != want.Median || got.Q3 != want.Q3 || got.High != want.High {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for _, v := range [][]float64{{3}, {3, 3, 3}} {
		if b := box(v); b.Low != 3 || b.Q1 != 3 || b.Median != 3 || b.Q3 != 3 || b.High != 3 || len(b.Out) > 0 {
			t.Errorf("box of %v is %+v", v, b)
		}
	}
}

func TestFitLine(t *testing.T) {
	f, err := fitLine(anscombe.x, anscombe.y)
	if err != nil {
		t.Fatal(err)
	}
	// scipy.stats.linregress, and the band from its standard error.
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"slope", f.slope, 0.5000909090909091},
		{"intercept", f.at, 3.0000909090909103},
		{"R²", f.r2, 0.666542459508775},
		{"noise", f.noise, 1.236603322726321},
		{"slope's interval", f.slopeHalf(), 0.26672077270572164},
		{"band at 4", f.half(4), 1.5779413711370276},
		{"band at 9", f.half(9), 0.8434451410301516},
	} {
		if !near(c.got, c.want, 1e-9) {
			t.Errorf("%s is %.16g, want %.16g", c.what, c.got, c.want)
		}
	}
	nan := math.NaN()
	for want, xy := range map[string][2][]float64{
		"there are no points":          {{nan}, {1}},
		"there is one point":           {{1, nan}, {1, 2}},
		"all points have the same x":   {{2, 2, 2}, {1, 2, 3}},
		"the numbers are too large or": {{-1e200, 1e200, 0}, {1, 2, 3}},
	} {
		if _, err := fitLine(xy[0], xy[1]); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v: %v, want %s", xy, err, want)
		}
	}
}

func TestSilverman(t *testing.T) {
	sorted := slices.Sorted(slices.Values(michelson))
	// 0.9 * min(std(ddof=1), IQR/1.34) * n**-0.2
	if h := silverman(sorted); !near(h, 47.959546107020806, 1e-12) {
		t.Errorf("bandwidth %v", h)
	}
	if h := silverman([]float64{4, 4, 4}); h != 0 {
		t.Errorf("bandwidth of equal values %v", h)
	}
	if h := silverman([]float64{1, 2, 2, 2, 2, 2, 3}); !(h > 0) {
		t.Errorf("bandwidth where the quartiles are equal: %v", h)
	}
}

func TestDensityIsThatOfScipy(t *testing.T) {
	sorted := slices.Sorted(slices.Values(michelson))
	k, ok := smooth(sorted, 0, false)
	if !ok {
		t.Fatal("no density")
	}
	// scipy.stats.gaussian_kde(michelson, bw_method=h/std)
	for x, want := range map[float64]float64{650: 0.0005191222391334221, 850: 0.0021658896825557713, 960: 0.004334608962139865, 1070: 0.0011512987009686514} {
		at := (x - k.from) / k.step
		i := int(at)
		got := k.y[i] + (at-float64(i))*(k.y[i+1]-k.y[i])
		if !near(got, want, 2e-3) { // the grid's error
			t.Errorf("density at %v is %v, want %v", x, got, want)
		}
	}
}

// TestDensitiesHaveAreaOne also holds where a density is folded back at zero,
// and per factor of ten on a log axis.
func TestDensitiesHaveAreaOne(t *testing.T) {
	var gen lcg = 1
	var exponential []float64
	for range 3000 {
		exponential = append(exponential, -math.Log(1-gen.next()))
	}
	slices.Sort(exponential)
	for name, log := range map[string]bool{"linear": false, "log": true} {
		k, ok := smooth(exponential, 0, log)
		if !ok {
			t.Fatal("no density")
		}
		area := 0.0
		for i := range len(k.y) - 1 {
			area += (k.y[i] + k.y[i+1]) / 2 * k.step
		}
		if !near(area, 1, 0.005) {
			t.Errorf("%s: area %v", name, area)
		}
		if !log && (k.from != 0 || !near(k.y[0], 1, 0.15)) {
			t.Errorf("density at %v is %v, that of an exponential distribution is 1", k.from, k.y[0])
		}
	}
}

func TestBins(t *testing.T) {
	lat := make([]float64, 100)
	for i := range lat {
		lat[i] = math.Exp(3 * float64(i) / 99)
	}
	mostlyOne := append(slices.Repeat([]float64{1}, 60), 2, 2, 2, 10)
	for _, c := range []struct {
		name string
		v    []float64
		log  bool
		want int
	}{
		{"michelson", michelson, false, 5},                          // numpy: 'fd'
		{"exponential", lat, false, 7},                              // numpy: 'fd'
		{"exponential, log", lat, true, 5},                          // numpy: 'fd' of log10
		{"quartiles equal", mostlyOne, false, 7},                    // numpy: 'sturges'
		{"one far off", append([]float64{1e9}, lat...), false, 100}, // bounded
		{"one value", []float64{5}, false, 1},
	} {
		v := slices.Clone(c.v)
		for i := range v {
			if !c.log {
				v[i] += 0.5 // whole numbers have bins of their own kind
			}
		}
		d, err := Figure{X: Axis{Log: c.log}, Layers: Layers{Hist{Values: v}}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if got := len(d.Layers[0].X); got != c.want {
			t.Errorf("%s: %d bins, want %d", c.name, got, c.want)
		}
	}
	b := newBinning(650, 1070, 5, false)
	counts, outside := b.count(michelson)
	if !slices.Equal(counts, []float64{1, 3, 4, 8, 4}) || outside != 0 { // numpy.histogram(michelson, 'fd')
		t.Errorf("counts %v, %d outside", counts, outside)
	}
	if counts, outside := newBinning(1, 1000, 3, true).count([]float64{0.5, 1, 9.99, 10, 99, 100, 1000, 1001}); !slices.Equal(counts, []float64{2, 2, 2}) || outside != 2 {
		t.Errorf("log bins hold %v, %d outside", counts, outside)
	}
}

func TestHistogramsShareBins(t *testing.T) {
	d, err := Figure{Layers: Layers{
		Hist{Name: "a", Values: []float64{1, 2.5, 3, 4}}, &Hist{Name: "b", Values: []float64{3, 8, 9.5}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	a, b := d.Layers[0], d.Layers[1]
	if !slices.Equal(a.X, b.X) || !slices.Equal(a.Right, b.Right) || a.X[0] != 1 || a.Right[len(a.Right)-1] != 9.5 {
		t.Errorf("bins %v to %v and %v to %v", a.X, a.Right, b.X, b.Right)
	}
	sumA, sumB := 0.0, 0.0
	for i := range a.Y {
		sumA += a.Y[i]
		sumB += b.Y[i]
	}
	if sumA != 4 || sumB != 3 {
		t.Errorf("%v and %v values", sumA, sumB)
	}
	if a.Series == b.Series {
		t.Error("both have the same look")
	}
}

// TestDensityUnits draws durations of milliseconds as a histogram and as a
// curve: both have area 1 on an axis of milliseconds.
func TestDensityUnits(t *testing.T) {
	v := []time.Duration{1e6, 2e6, 2e6, 3e6, 5e6, 6e6, 9e6}
	for _, log := range []bool{false, true} {
		d, err := Figure{X: Axis{Log: log}, Layers: Layers{Hist{Values: v, Density: true}, Density{Values: v}}}.Encode()
		if err != nil {
			t.Fatal(err)
		}
		coordinate, label := func(v float64) float64 { return v * 1e3 }, "density per ms"
		if log {
			coordinate, label = math.Log10, "density per decade"
		}
		bins, curve := d.Layers[0], d.Layers[1]
		area, under := 0.0, 0.0
		for i := range bins.Y {
			area += bins.Y[i] * (coordinate(bins.Right[i]) - coordinate(bins.X[i]))
		}
		for i := range len(curve.X) - 1 {
			under += (curve.Y[i] + curve.Y[i+1]) / 2 * (coordinate(curve.X[i+1]) - coordinate(curve.X[i]))
		}
		if d.Y.Label != label || !near(area, 1, 1e-9) || !near(under, 1, 0.01) {
			t.Errorf("%s: areas %v and %v", d.Y.Label, area, under)
		}
	}
}

func TestWholeNumbersGetEqualBins(t *testing.T) {
	var v []int
	for i := range 1000 {
		v = append(v, i%37)
	}
	d, err := Figure{Layers: Layers{Hist{Values: v}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	l := d.Layers[0]
	for i := range l.X {
		if w := l.Right[i] - l.X[i]; w != math.Trunc(w) || l.X[i] != math.Trunc(l.X[i])+0.5 && l.X[i] != math.Trunc(l.X[i])-0.5 {
			t.Fatalf("bin %v to %v", l.X[i], l.Right[i])
		}
	}
}

func TestLooksAndSlots(t *testing.T) {
	m := map[string][]float64{"x": {1, 2, 3}, "y": {2, 3, 4}}
	d, err := Figure{Layers: Layers{
		Box{Name: "a", Values: m}, Box{Name: "b", Values: m}, Strip{Name: "b", Values: m}, Strip{Name: "a", Values: m}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	a, b, sb, sa := d.Layers[0], d.Layers[1], d.Layers[2], d.Layers[3]
	if a.Series != sa.Series || b.Series != sb.Series || a.Series == b.Series {
		t.Errorf("series %d %d %d %d", a.Series, b.Series, sb.Series, sa.Series)
	}
	if a.Boxes[1].At != 0.8 || b.Boxes[1].At != 1.2 || sa.Boxes[1].At != 0.8 || a.Width != b.Width {
		t.Errorf("places %v %v, widths %v %v", a.Boxes[1].At, b.Boxes[1].At, a.Width, b.Width)
	}
	if x := sa.X[:3]; !slices.IsSorted(x) || x[0] <= -0.4 || x[2] >= 0 {
		t.Errorf("a strip's run lies at %v", x)
	}
	d, err = Figure{Layers: Layers{Box{Name: "a", Values: []int{1, 2}}, Box{Name: "b", Values: []int{2, 3}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if d.Layers[0].Boxes[0].At != 0 || d.Layers[1].Boxes[0].At != 1 || d.Layers[0].Name != "" || !slices.Equal(d.X.Categories, []string{"a", "b"}) {
		t.Errorf("layers of one group each: %+v, %+v, %q", d.Layers[0].Boxes, d.Layers[1].Boxes, d.X.Categories)
	}
	d, err = Figure{Layers: Layers{Hist{Values: []int{1, 2}}, Hist{Values: []int{2, 3}}, Density{Values: []int{2, 3}}}}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if d.Layers[0].Series == d.Layers[1].Series || d.Layers[0].Series != d.Layers[2].Series {
		t.Errorf("series %d, %d and %d", d.Layers[0].Series, d.Layers[1].Series, d.Layers[2].Series)
	}
}

type measured struct {
	Kind string
	Took time.Duration
	Size int
	Runs []time.Duration
}

func TestGroupInputs(t *testing.T) {
	rows := []measured{{"b", 1e6, 10, []time.Duration{1, 2}}, {"a", 2e6, 10, []time.Duration{3}}, {"b", 3e6, 5, nil}}
	for _, c := range []struct {
		name  string
		layer Box
		names []string
		n     []int
		unit  string
	}{
		{"map", Box{Values: map[string][]int{"z": {1}, "a": {1, 2}}}, []string{"a", "z"}, []int{2, 1}, ""},
		{"map of sizes", Box{Values: map[int][]float64{1000: {1}, 20: {1, 2}}}, []string{"20", "1000"}, []int{2, 1}, ""},
		{"map of arrays", Box{Values: map[string][2]int{"a": {1, 2}}}, []string{"a"}, []int{2}, ""},
		{"slices", Box{Values: [][]time.Duration{{1, 2}, {3}}}, []string{"1", "2"}, []int{2, 1}, "s"},
		{"labels", Box{Values: [][]int{{1, 2}, {3}}, Labels: []string{"p", "q"}}, []string{"p", "q"}, []int{2, 1}, ""},
		{"number labels", Box{Values: [][]int{{1, 2}, {3}}, Labels: []int{1000000, 2}}, []string{"1000000", "2"}, []int{2, 1}, ""},
		{"one slice", Box{Name: "runs", Values: []int{1, 2}}, []string{"runs"}, []int{2}, ""},
		{"one nameless", Box{Values: []int{1, 2}}, []string{""}, []int{2}, ""},
		{"field", Box{Data: rows, Values: "Took"}, []string{"Took"}, []int{3}, "s"},
		{"field by group", Box{Data: rows, Values: "Took", Group: "Kind"}, []string{"b", "a"}, []int{2, 1}, "s"},
		{"field by size", Box{Data: rows, Values: "Took", Group: "Size"}, []string{"10", "5"}, []int{2, 1}, "s"},
		{"pointers to rows", Box{Data: []*measured{&rows[0], nil, &rows[1]}, Values: "Runs"}, []string{"1", "2", "3"}, []int{2, 1}, "s"},
		{"rows of runs", Box{Data: rows[:2], Values: "Runs", Group: "Kind"}, []string{"b", "a"}, []int{2, 1}, "s"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, l := range []Layer{c.layer, Strip(c.layer), Violin(c.layer)} {
				d, err := Figure{Layers: Layers{l}}.Encode()
				if err != nil {
					t.Fatal(err)
				}
				var n []int
				for _, b := range d.Layers[0].Boxes {
					n = append(n, b.N)
				}
				if !slices.Equal(d.X.Categories, c.names) || !slices.Equal(n, c.n) || d.Y.Unit != c.unit {
					t.Errorf("%T: %q, %v values, unit %q", l, d.X.Categories, n, d.Y.Unit)
				}
			}
		})
	}
}
