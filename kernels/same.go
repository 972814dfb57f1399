package kernels

import (
	"fmt"
	"math"
)

// Number is what results are made of.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// Same tells the first place where two results differ; "" if there is none. NaN is
// the same as NaN.
func Same[T Number](want, got []T) string { return Near(want, got, 0) }

// Near is Same for results whose rounding may be in another order: values may
// differ by the tolerance times the larger of the two, or of 1e-300.
func Near[T Number](want, got []T, tolerance float64) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d values, not %d", len(got), len(want))
	}
	for i := range want {
		if !Close(float64(want[i]), float64(got[i]), tolerance) {
			return fmt.Sprintf("value %d is %v, not %v", i, got[i], want[i])
		}
	}
	return ""
}

// Close tells whether two numbers are equal up to a relative tolerance. NaN is close
// to NaN, an infinity to itself.
func Close(want, got, tolerance float64) bool {
	if want == got || math.IsNaN(want) && math.IsNaN(got) {
		return true
	}
	if math.IsInf(want, 0) || math.IsInf(got, 0) {
		return false
	}
	return math.Abs(want-got) <= tolerance*max(math.Abs(want), math.Abs(got), 1e-300)
}

// SameSums tells the first figure of a peer's result that isn't ours; "" if all are.
func SameSums(want, got []Sum) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d figures, not %d", len(got), len(want))
	}
	for i, w := range want {
		if !Close(w.Value, got[i].Value, w.Tolerance) {
			return fmt.Sprintf("%s is %v, not %v", w.Name, got[i].Value, w.Value)
		}
	}
	return ""
}
