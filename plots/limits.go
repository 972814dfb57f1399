package plots

import "math"

// limited is the range that was asked for; ok is false if none was.
func (a Axis) limited() (lo, hi float64, ok bool) {
	return math.Min(a.Limits[0], a.Limits[1]), math.Max(a.Limits[0], a.Limits[1]), a.Limits[0] != a.Limits[1]
}
