package anomaly

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

// made are n made up values, as given ones, the first of which are others.
func made(start int64, n int, first ...float64) Stream {
	values := make([]float64, n)
	Stream{}.fill(values, 0)
	copy(values, first)
	return Stream{start, n, values}
}

func TestAnomaly(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	constant := slices.Repeat([]float64{0.1}, 3000)
	var special []kerneltest.Case[Stream]
	for name, s := range map[string]Stream{
		"one row":                     made(0, 1),
		"seven rows":                  made(0, 7),
		"eight rows":                  made(0, 8),
		"a block and one":             made(0, blockLength+1),
		"blocks and seven":            made(0, 3*blockLength+7),
		"two short days":              made(secondsADay-9, 30),
		"a day of one row":            made(-1, 1000),
		"before 1970":                 made(-3*secondsADay+77, 2000),
		"no number":                   made(0, 700, nan),
		"no number, then a good day":  made(secondsADay-20, 700, 1, nan),
		"an infinity":                 made(0, 700, 1, inf, 2),
		"infinities of both signs":    made(0, 700, inf, -inf),
		"all the same":                {0, len(constant), constant},
		"all the same but one":        {0, len(constant), append(slices.Clone(constant[1:]), 5)},
		"large numbers":               made(0, 900, 1e200, -1e200),
		"zeros":                       {0, 20, make([]float64, 20)},
		"made up, from within a day":  {Start: 5*secondsADay - 1234, Rows: 5000},
		"made up, a day and a second": {Start: 0, Rows: secondsADay + 1},
	} {
		special = append(special, kerneltest.Case[Stream]{Name: name, In: func() Stream {
			s := s
			s.Given = slices.Clone(s.Given)
			return s
		}})
	}
	kerneltest.Run(t, kerneltest.Suite[Stream, []Day]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 3},
		Special: special,
		Bad: []kerneltest.Case[Stream]{
			{Name: "fewer values than rows", In: func() Stream { return Stream{0, 3, make([]float64, 2)} }},
			{Name: "fewer rows than none", In: func() Stream { return Stream{Rows: -1} }},
			{Name: "a start beyond all calendars", In: func() Stream { return Stream{Start: math.MaxInt64, Rows: 5} }},
		},
		BadSizes: []int{-1, 1<<20 + 1},
		Known: map[int][]kernels.Sum{1: {
			{Name: "days", Value: 1}, {Name: "sum of K²", Value: 1.8494015749786472, Tolerance: tolerance}, {Name: "anomalous days"},
			{Value: -1}, {Value: -1}, {Value: -1}, {Value: -1}, {Value: -1},
		}},
	})
}

// scipy.stats.normaltest(x).statistic of SciPy 1.17.1 with NumPy 2.4.6.
func TestK2(t *testing.T) {
	squares, offset, ours := make([]float64, 20), make([]float64, 12), make([]float64, 1000)
	for k := range squares {
		squares[k] = float64(k * k)
	}
	for k := range offset {
		offset[k] = 1e6 + float64(k*k)
	}
	Stream{}.fill(ours, 0)
	for _, c := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"one large", []float64{1, 2, 3, 4, 5, 6, 7, 8000}, 22.957410548037785},
		{"digits of pi", []float64{3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3}, 2.1416655668302087},
		{"squares", squares, 2.5965136546761878},
		{"one outlier", []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, 28.555863174463397},
		{"far from 0", offset, 1.6880451087948016},
		{"made up", ours, 1.2039874380615407},
	} {
		var o Online
		for _, x := range c.values {
			o.Add(x)
		}
		for how, got := range map[string]float64{"K2": K2(c.values), "Online": o.K2()} {
			if !kernels.Close(c.want, got, 1e-9) {
				t.Errorf("%s: %s is %v, SciPy's is %v", c.name, how, got, c.want)
			}
		}
	}
	// A skewness of exactly 0 adds nothing: the test is that of kurtosis, whose z
	// SciPy gives as -1.7058104152122062. Its normaltest is 3.9921 there, because
	// its skewtest takes a statistic of 0 for 1.
	symmetric := make([]float64, 20)
	for k := range symmetric {
		symmetric[k] = float64(k)
	}
	if got, want := K2(symmetric), 1.7058104152122062*1.7058104152122062; !kernels.Close(want, got, 1e-12) {
		t.Errorf("0 to 19: %v, not %v", got, want)
	}
}

// The values are those that a few lines of Python give, and normal enough.
func TestValue(t *testing.T) {
	for i, want := range []float64{-0.11108298359367753, -0.5533249091464623, -0.2562611087303553, -0.7917276298430289} {
		if got := Value(i); got != want {
			t.Errorf("row %d is %v, not %v", i, got, want)
		}
	}
	var o Online
	var rare []int
	for i := range 2_000_000 {
		if x := Value(i); x == outlier {
			rare = append(rare, i)
		} else {
			o.Add(x)
		}
	}
	if want := []int{143387, 601857, 1843380}; !slices.Equal(rare, want) {
		t.Errorf("outliers in rows %v, not %v", rare, want)
	}
	if m, d := o.Mean(), o.Deviation(); math.Abs(m) > 3e-3 || math.Abs(d-1) > 3e-3 || math.Exp(-o.K2()/2) < 1e-3 {
		t.Errorf("%v ± %v, K² %v: that isn't N(0, 1)", m, d, o.K2())
	}
}

func TestOnline(t *testing.T) {
	var none Online
	if !math.IsNaN(none.Mean()) || !math.IsNaN(none.Deviation()) || !math.IsNaN(none.K2()) {
		t.Errorf("nothing given: %v, %v, %v", none.Mean(), none.Deviation(), none.K2())
	}
	for _, split := range []int{0, 1, 500, 999, 1000} {
		var whole, a, b Online
		for i := range 1000 {
			whole.Add(1e4 + Value(i))
			if i < split {
				a.Add(1e4 + Value(i))
			} else {
				b.Add(1e4 + Value(i))
			}
		}
		if a.Merge(b); a.Rows() != 1000 || !kernels.Close(whole.K2(), a.K2(), 1e-6) || !kernels.Close(whole.Mean(), a.Mean(), 1e-12) {
			t.Errorf("%d and %d values put together: %v, at once: %v", split, 1000-split, a, whole)
		}
	}
}

// A chain that has found enough asks for no more rows than it needs to see that the
// last day is over.
func TestFirst(t *testing.T) {
	s, _ := Days(40)
	days, rows := First(s, 2)
	if len(days) != 2 || rows != int(days[1].Number+1)*secondsADay+1 {
		t.Errorf("%d rows were made to find %v", rows, days)
	}
	var want []Day
	for _, d := range Plain(s) {
		if d.Anomalous() && len(want) < 2 {
			want = append(want, d)
		}
	}
	if !slices.Equal(days, want) {
		t.Errorf("%v, not %v", days, want)
	}
	if days, rows := First(s, 0); len(days) != 0 || rows != 0 {
		t.Errorf("nothing wanted: %v, %d rows", days, rows)
	}
}

// The figures of the package's comment, for as many days as a test may take.
func TestFirstFive(t *testing.T) {
	s, _ := Days(36)
	var found []int64
	for _, d := range onAll(inBlocks)(s) {
		if d.Anomalous() {
			found = append(found, d.Number)
		}
	}
	if want := []int64{1, 6, 21, 30, 35}; !slices.Equal(found, want) {
		t.Errorf("%v, not %v", found, want)
	}
}

// Rows may have gaps, and a source that isn't ours.
func TestDaily(t *testing.T) {
	rows := []Row{{10, 1}, {secondsADay - 1, 2}, {secondsADay, 3}, {9 * secondsADay, 4}, {9*secondsADay + 5, 5}}
	var got []string
	for d := range Daily(slices.Values(rows)) {
		got = append(got, fmt.Sprint(d.Number, d.Rows, d.Anomalous()))
	}
	if want := []string{"0 2 false", "1 1 false", "9 2 false"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

func BenchmarkAnomaly(b *testing.B) { kerneltest.Bench(b, Kernel, 20) }
