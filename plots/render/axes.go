package render

import (
	"math"

	"hpgo/plots"
)

// The ends of log axes. Package plots keeps data within 1e-300 to 1e300.
const (
	smallestLog = 1e-307
	largestLog  = 1e307
)

// tooClose is the relative distance below which the two ends of an axis are
// taken for one number: a float64 has hardly any between them for ticks.
const tooClose = 3e-15

// padded leaves some room between the data and the ends of an axis whose
// range wasn't given; an axis that starts at zero keeps to it.
func padded(a plots.AxisData) (lo, hi float64) {
	lo, hi = a.Min, a.Max
	if a.Log {
		if math.Log10(hi)-math.Log10(lo) < tooClose {
			return lo / 2, hi * 2
		}
		if a.Fixed {
			return lo, hi
		}
		f := math.Pow(10, (math.Log10(hi)-math.Log10(lo))*0.04)
		return math.Max(lo/f, smallestLog), math.Min(hi*f, largestLog)
	}
	if hi-lo <= tooClose*math.Max(math.Abs(lo), math.Abs(hi)) {
		d := math.Max(math.Abs(lo)*0.1, 0.5)
		if math.Abs(lo) > 0 && math.Abs(lo) < 0.5 {
			d = math.Abs(lo) * 0.5
		}
		return lo - d, hi + d
	}
	if a.Fixed {
		return lo, hi
	}
	m := (hi - lo) * 0.04
	if lo != 0 {
		lo -= m
	}
	if hi != 0 {
		hi += m
	}
	return lo, hi
}
