package render

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"hpgo/plots"
)

// TestTickLabelsTellTheirPlace reads the labels of axes back as numbers.
func TestTickLabelsTellTheirPlace(t *testing.T) {
	prefixes := map[string]float64{"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "m": 1e-3, "µ": 1e-6, "n": 1e-9}
	for _, c := range []struct {
		lo, hi float64
		unit   string
	}{
		{0, 1, ""}, {0, 3000, ""}, {0, 1e-5, ""}, {-1.3, 0.1, ""}, {1000001, 1000009, ""}, {1763699200, 1763700200, ""},
		{1e9, 1e9 + 5e3, "B"}, {1.5e-3, 1.5004e-3, "s"}, {1000000, 1000000.1, ""}, {-5e6, -5e6 + 20, ""}, {0, 1e15, ""}, {99.5, 100.5, "%"}, {1e15, 1e15 + 4, ""}, {-1e15, -1e15 + 4, "s"}, {1, 1 + 1e-14, ""},
	} {
		axis := newTicks(plots.AxisData{Unit: c.unit, Min: c.lo, Max: c.hi}, 7)
		seen := map[string]bool{}
		for _, tick := range axis.Ticks(c.lo, c.hi) {
			number, factor := tick.Label, axis.factor
			if c.unit == "" {
				number = strings.TrimRight(number, "kMGTP")
				factor = prefixes[tick.Label[len(number):]]
			}
			v, err := strconv.ParseFloat(number, 64)
			if err != nil {
				t.Errorf("%v to %v: label %q: %v", c.lo, c.hi, tick.Label, err)
				continue
			}
			if math.Abs(v*factor-tick.Value) > (c.hi-c.lo)/1000 {
				t.Errorf("%v to %v: label %q at %v", c.lo, c.hi, tick.Label, tick.Value)
			}
			if seen[tick.Label] {
				t.Errorf("%v to %v: label %q twice", c.lo, c.hi, tick.Label)
			}
			seen[tick.Label] = true
		}
		if len(seen) < 3 {
			t.Errorf("%v to %v: labels %v", c.lo, c.hi, seen)
		}
	}
}

func TestLogTicks(t *testing.T) {
	for _, c := range []struct {
		lo, hi float64
		unit   string
		most   int
		want   string
	}{
		{1e-12, 1, "", 5, "1e-12 1e-9 1e-6 0.001 1"},
		{1, 1e9, "s", 4, "1 s,1000 s,1e6 s,1e9 s"},
		{2.1, 8, "", 9, "3 4 5 6 7 8"},
		{1.5, 4.8, "s", 4, "2 s,3 s,4 s"},
		{4, 28, "", 3, "5 10 20"},
		{1, 10, "", 9, "1 2 5 10"},
		{3e-6, 2e-5, "s", 8, "5 µs,10 µs,20 µs"},
	} {
		var labels []string
		for _, tick := range newTicks(plots.AxisData{Unit: c.unit, Min: c.lo, Max: c.hi, Log: true}, c.most).Ticks(c.lo, c.hi) {
			if tick.Label != "" {
				labels = append(labels, tick.Label)
			}
		}
		between := " "
		if c.unit != "" {
			between = ","
		}
		if got := strings.Join(labels, between); got != c.want {
			t.Errorf("%v to %v %s: %s, want %s", c.lo, c.hi, c.unit, got, c.want)
		}
	}
}
