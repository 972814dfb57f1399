package ols

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Table, []float64]{
	Name: "ols",
	Doc:  "the slope of a line through each row of a table",
	Unit: "row",
	Make: Make, Valid: valid,
	Ops:     func(t Table) float64 { return float64(len(t.Y) / t.Columns) },
	Bytes:   func(t Table) float64 { return 8 * float64(len(t.Y)+len(t.Y)/t.Columns) },
	Differs: within(1e-12),
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 1000, Small: 100_000, Book: 100_000},
	Targets: []kernels.Target{
		{By: "Python", Row: "Num", Most: 1}, // NumPy or Numba, whichever is faster
	},
	Variants: slices.Concat([]kernels.Variant[Table, []float64]{
		row("plain", "closed form, all its sums for every row", Plain),
		row("QR", "a general solver: Householder's, with matrices of its own for each row", byQR),
		row("normal equations", "a general solver of p equations, new for each row", byNormalEquations),
		row("map rows", "each row copied into a map[string]any first", mapRows),
		row("boxed rows", "each row copied into a []any first", boxedRows),
		row("iterator of copies", "iter.Seq2 of rows that are new", copiedRows),
		row("iterator", "iter.Seq2 of rows in place", iteratedRows),
		row("callback with copies", "a function is given each row, which is new", appliedCopies),
		row("callback", "a function is given each row in place", appliedRows),
		row("hoisted", "what only depends on x computed once", hoisted),
		row("weights", "the slope is a sum of y times weights, computed once", one(weighted)),
		row("weights, fixed length", "14 columns known to the compiler, 2 sums", one(fixed)),
		row("weights, goroutines", "a band of rows for each CPU", bands(fixed)),
		{Name: "float32", Doc: "weights and sums of half the bits", Func: one(single), Differs: within(1e-5)},
	}, vectorRows(), cRows()),
}

func row(name, doc string, f func(Table) []float64, needs ...kernels.Need) kernels.Variant[Table, []float64] {
	return kernels.Variant[Table, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a table.
func valid(t Table) error {
	if t.Columns < 2 {
		return fmt.Errorf("%d columns: a line needs two points at least", t.Columns)
	}
	if len(t.Y)%t.Columns != 0 {
		return fmt.Errorf("%d values in rows of %d: the last row isn't whole", len(t.Y), t.Columns)
	}
	return nil
}

func sums(slopes []float64) []kernels.Sum {
	total, largest, smallest := 0.0, 0.0, 0.0
	for i, s := range slopes {
		if i == 0 {
			largest, smallest = s, s
		}
		total, largest, smallest = total+s, max(largest, s), min(smallest, s)
	}
	return []kernels.Sum{
		{Name: "sum of slopes", Value: total, Tolerance: 1e-9},
		{Name: "largest", Value: largest, Tolerance: 1e-9},
		{Name: "smallest", Value: smallest, Tolerance: 1e-9},
	}
}

// within allows slopes to differ by a share of the row's largest value: the formulas
// round in different places. In a row with a value that is no finite number, no
// formula's slope is one; whether it is NaN or infinite differs.
func within(share float64) func(t Table, want, got []float64) string {
	return func(t Table, want, got []float64) string {
		if len(want) != len(got) {
			return kernels.Same(want, got)
		}
		for i, w := range want {
			largest := 0.0
			for _, v := range t.Y[i*t.Columns:][:t.Columns] {
				largest = max(largest, math.Abs(v)) // NaN stays
			}
			if finite := largest-largest == 0; finite != (got[i]-got[i] == 0) || finite && math.Abs(w-got[i]) > share*largest {
				return fmt.Sprintf("slope %d is %v, not %v", i, got[i], w)
			}
		}
		return ""
	}
}
