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
		{1e9, 1e9 + 5e3, "B"}, {1.5e-3, 1.5004e-3, "s"}, {1000000, 1000000.1, ""}, {-5e6, -5e6 + 20, ""}, {0, 1e15, ""}, {99.5, 100.5, "%"},
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
