package rolling

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject. Its size is a number of users.
var Kernel = &kernels.Subject[Table, []float64]{
	Name: "rolling",
	Doc:  "the slope of a line through each window of 14 days of a series",
	Unit: "window",
	Make: Make, Valid: valid,
	Interpreted: 50_000,         // a window is some 100 operations
	Reset:       func(Table) {}, // only room for results is written to, all of it by every row
	Ops:         func(t Table) float64 { return float64(len(t.out)) },
	Bytes:       func(t Table) float64 { return 8 * float64(len(t.Y)+len(t.out)) },
	Differs:     within(1e-12),
	Sums:        figures,
	Sizes:       kernels.Sizes{Smoke: 10, Small: 1000, Book: 100_000}, // the source's 1,000,000 users would take 12 GB
	Targets: []kernels.Target{
		{By: "Python", Row: "Num", Most: 1}, // NumPy or Numba, whichever is faster
		{By: "C", Row: "gcc", Most: 1},
	},
	Variants: slices.Concat([]kernels.Variant[Table, []float64]{
		row("plain", "closed form, all its sums for every window", Plain),
		{Name: "boxed", Doc: "as plain, each value in an interface", Func: one(boxed), Largest: 10_000},
		row("weights", "the slope is a sum of y times weights: 27 operations a window", one(weighted)),
		row("weights, 4 windows", "four windows at a time, whose sums don't wait for each other", one(four)),
		row("sliding", "sums gain a value and lose one: 8 operations a window", one(sliding)),
		row("sliding, renewed", "sums are added up anew after 512 windows, so that no more is lost", one(renewed)),
		row("weights, goroutines", "a band of windows for each CPU", bands(four)),
		row("sliding, goroutines", "a band of windows for each CPU, each begins with its own sums", bands(sliding)),
		{Name: "float32", Doc: "weights and sums of half the bits", Func: one(single), Differs: within(1e-5)},
	}, vectorRows(), cRows()),
}

func row(name, doc string, f func(Table) []float64, needs ...kernels.Need) kernels.Variant[Table, []float64] {
	return kernels.Variant[Table, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a table.
func valid(t Table) error {
	if t.Window < 2 {
		return fmt.Errorf("windows of %d values: a line needs two points at least", t.Window)
	}
	if t.Length < 1 || len(t.Y)%t.Length != 0 {
		return fmt.Errorf("%d values are no whole series of %d", len(t.Y), t.Length)
	}
	if need := len(t.Y) / t.Length * t.windows(); len(t.out) != need {
		return fmt.Errorf("room for %d results, not %d: make the table with Of", len(t.out), need)
	}
	return nil
}

func figures(slopes []float64) []kernels.Sum {
	total, largest, smallest := 0.0, 0.0, 0.0
	for i, s := range slopes {
		if i == 0 {
			largest, smallest = s, s
		}
		total, largest, smallest = total+math.Abs(s), max(largest, s), min(smallest, s)
	}
	return []kernels.Sum{
		{Name: "sum of the slopes' sizes", Value: total, Tolerance: 1e-9},
		{Name: "largest", Value: largest, Tolerance: 1e-9},
		{Name: "smallest", Value: smallest, Tolerance: 1e-9},
	}
}

// within allows slopes to differ by a share of the largest finite value of their series:
// the formulas round in different places, and what a sum that slides has lost stays
// lost. In a window with a value that is no finite number, no formula's slope is one;
// whether it is NaN or infinite differs.
func within(share float64) func(t Table, want, got []float64) string {
	return func(t Table, want, got []float64) string {
		if len(want) != len(got) {
			return kernels.Same(want, got)
		}
		largest := 0.0
		for i, w := range want {
			series, s := i/t.windows(), i%t.windows()
			if y := t.Y[series*t.Length:][:t.Length]; s == 0 {
				largest = largestOf(y)
			}
			if finite := w-w == 0; finite != (got[i]-got[i] == 0) || finite && math.Abs(w-got[i]) > share*largest {
				return fmt.Sprintf("slope %d of series %d is %v, not %v", s, series, got[i], w)
			}
		}
		return ""
	}
}

func largestOf(y []float64) float64 {
	largest := 0.0
	for _, v := range y {
		if v-v == 0 {
			largest = max(largest, math.Abs(v))
		}
	}
	return largest
}
