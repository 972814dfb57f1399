package result

import (
	"encoding/json"
	"reflect"
	"testing"
)

// IPython's line with its singular forms, and its repr.
func TestTimeitText(t *testing.T) {
	tests := []struct {
		t    Timeit
		want string
	}{
		{Timeit{Loops: 100, Repeat: 3, Average: 2.45e-3, Stdev: 51.4e-6}, "2.45 ms ± 51.4 μs per loop (mean ± std. dev. of 3 runs, 100 loops each)"},
		{Timeit{Loops: 1, Repeat: 1, Average: 61.5}, "1min 1s ± 0 ns per loop (mean ± std. dev. of 1 run, 1 loop each)"},
		{Timeit{Loops: 10_000_000, Repeat: 7, Average: 999.96e-9, Stdev: 1e-10}, "1 μs ± 0.1 ns per loop (mean ± std. dev. of 7 runs, 10,000,000 loops each)"},
		{Timeit{Loops: 10, Repeat: 7, Average: 1.23456e-6, Stdev: 1e-9, Digits: 5}, "1.2346 μs ± 1 ns per loop (mean ± std. dev. of 7 runs, 10 loops each)"},
	}
	for _, tt := range tests {
		if got := tt.t.String(); got != tt.want {
			t.Errorf("got  %s\nwant %s", got, tt.want)
		}
		if got := tt.t.MIMEBundle()["text/plain"]; got != "<TimeitResult : "+tt.want+">" {
			t.Errorf("shown as %v", got)
		}
	}
}

// What travels as JSON comes back as it was.
func TestTimingsTravel(t *testing.T) {
	rho := 0.5
	one := Timeit{Loops: 2, Repeat: 2, AllRuns: []float64{4, 6}, CI: &Interval{1, 2, 0.98}, Drift: &rho, Singly: &Latency{N: 4, Sample: []float64{1, 2}}}
	if got := one.Timings(); !reflect.DeepEqual(got, []float64{2, 3}) {
		t.Errorf("timings %v", got)
	}
	low := 0.9
	for _, v := range []any{one, Time{User: 1, Usage: &TimeUsage{GCs: 2}},
		Sweep{Param: "n", Series: []SweepSeries{{Name: "f", Points: []SweepPoint{{Value: 10, Timeit: one}}, Time: &Growth{Exponent: 1, Low: &low, High: &low, Best: "O(n)"}}}}} {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		var back any
		switch v.(type) {
		case Timeit:
			back = Read[Timeit](string(data))
		case Time:
			back = Read[Time](string(data))
		case Sweep:
			back = Read[Sweep](string(data))
		}
		if !reflect.DeepEqual(back, v) {
			t.Errorf("%T: %+v came back as %+v", v, v, back)
		}
	}
}
