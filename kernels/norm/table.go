package norm

import (
	"fmt"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Vector, float64]{
	Name: "norm",
	Doc:  "the sum of the squares of a vector",
	Unit: "element",
	Make: Make, Valid: valid,
	Reset: func(Vector) {}, // only scratch is written to
	Ops:   func(v Vector) float64 { return float64(len(v.Floats)) },
	Bytes: func(v Vector) float64 { return 8 * float64(len(v.Floats)) },
	Differs: func(_ Vector, want, got float64) string {
		if !kernels.Close(want, got, tolerance) {
			return fmt.Sprintf("the sum is %v, not %v", got, want)
		}
		return ""
	},
	Sums: func(sum float64) []kernels.Sum {
		return []kernels.Sum{{Name: "sum of squares", Value: sum, Tolerance: tolerance}}
	},
	// The source's length fits a cache; the largest is for memory.
	Sizes:   kernels.Sizes{Smoke: 10_000, Small: 1_000_000, Book: 1 << 24},
	Targets: []kernels.Target{{By: "Go", Row: "copy of as many bytes", Most: 1.2}},
	Variants: slices.Concat([]kernels.Variant[Vector, float64]{
		row("plain", "a loop over []float64", Plain),
		row("boxed", "a loop over []any, each a float64 of its own", boxed),
		row("pointers", "a loop over []*float64", pointers),
		row("two passes", "all squares first, as numpy.sum(v*v)", twoPasses),
		row("4 accumulators", "additions don't wait for each other", accumulators),
		row("4 accumulators, goroutines", "a block for each CPU", divided(fourSums)),
		{Name: "int64", Doc: "whole numbers, wrapping at 2^63", Func: ints, Differs: whole},
	}, vectorRows(), cRows(), []kernels.Variant[Vector, float64]{
		{Name: "copy of as many bytes", Doc: "what memory can do", Func: copied, Yardstick: true},
		{Name: "copy of as many bytes, goroutines", Doc: "what memory can do for all CPUs", Func: copiedDivided, Yardstick: true},
	}),
}

// tolerance is of sums in another order.
const tolerance = 1e-9

func row(name, doc string, f func(Vector) float64, needs ...kernels.Need) kernels.Variant[Vector, float64] {
	return kernels.Variant[Vector, float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a vector.
func valid(v Vector) error {
	if len(v.Ints) != len(v.Floats) || len(v.scratch) != len(v.Floats) {
		return fmt.Errorf("%d Floats, %d Ints, %d of scratch: make the vector with Of", len(v.Floats), len(v.Ints), len(v.scratch))
	}
	if v.Boxed != nil && len(v.Boxed) != len(v.Floats) || v.Pointers != nil && len(v.Pointers) != len(v.Floats) {
		return fmt.Errorf("%d Floats, %d Boxed, %d Pointers: make the vector with Of", len(v.Floats), len(v.Boxed), len(v.Pointers))
	}
	return nil
}

// whole compares the sum of the whole parts where values have no fractions and the
// sum fits; elsewhere it is another sum.
func whole(v Vector, want, got float64) string {
	for i, f := range v.Floats {
		if float64(v.Ints[i]) != f {
			return ""
		}
	}
	if want >= 1<<63 || kernels.Close(want, got, tolerance) {
		return ""
	}
	return fmt.Sprintf("the sum is %v, not %v", got, want)
}
