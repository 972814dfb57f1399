package diffusion

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Square, []float64]{
	Name: "diffusion",
	Doc:  "heat spreading over a square whose edges meet",
	Unit: "cell",
	Make: Make, Valid: valid,
	Ops:     func(s Square) float64 { return float64(s.Steps) * float64(len(s.U)) },
	Bytes:   func(s Square) float64 { return 16 * float64(s.Steps) * float64(len(s.U)) },
	Differs: exactly,
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 32, Small: 256, Book: 512},
	Targets: []kernels.Target{
		{By: "Python", Row: "Num", Most: 1}, // NumPy or Numba, whichever is faster
		{By: "Python", Row: "NumPy", Most: 0.5},
		{By: "Python", Row: "numexpr", Most: 0.5},
	},
	Variants: slices.Concat([]kernels.Variant[Square, []float64]{
		row("plain", "rows of their own, new in each step, neighbours by remainder", Plain),
		row("boxed", "every value in an interface, as in Python", boxed),
		row("pointers", "a pointer to each value, as Python's lists of floats", pointers),
		{Name: "map", Doc: "each value under its row and column", Func: mapped, Largest: 64},
		row("nested", "as plain, two squares that change places", nested),
		row("reused", "two flat squares that change places", reused),
		row("compare", "as reused, with comparisons for the remainder", wrapped),
		{Name: "rolled", Doc: "whole squares for every operation, as numpy.roll", Func: rolled, Differs: within(1e-12)},
		row("rows", "slices of rows, no bounds checked, ends apart", byRows(fillRow)),
		row("halo", "a border with the values of the other side", halo),
		row("rows, goroutines", "a band for each CPU", bands(fillRow)),
		row("rows, crew", "as goroutines, which are started once and wait for each other", crew(fillRow, one)),
		row("rows, passes", "several steps while a row is in the cache", passes(fillRow)),
		row("rows, passes, crew", "both", crew(fillRow, stepsOfPass)),
		{Name: "float32", Doc: "half the bytes; the sum of all drifts", Func: single(fillRow32), Differs: within(1e-3)},
	}, vectorRows(), cRows()),
}

func row(name, doc string, f func(Square) []float64, needs ...kernels.Need) kernels.Variant[Square, []float64] {
	return kernels.Variant[Square, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a square.
func valid(s Square) error {
	if s.N < 0 || s.Steps < 0 || len(s.U) != s.N*s.N {
		return fmt.Errorf("%d cells for %d by %d, %d steps: a square has n·n cells and takes no negative number of steps", len(s.U), s.N, s.N, s.Steps)
	}
	return nil
}

// sums are what is there in all, which doesn't change; how far it has spread; and a
// cell in the middle of the block.
func sums(u []float64) []kernels.Sum {
	mass, squares := 0.0, 0.0
	for _, v := range u {
		mass, squares = mass+v, squares+v*v
	}
	n, middle := int(math.Sqrt(float64(len(u)))), 0.0
	if n > 0 {
		at := n * 45 / 100
		middle = u[at*n+at]
	}
	return []kernels.Sum{
		{Name: "sum of all cells", Value: mass, Tolerance: 1e-9},
		{Name: "sum of squares", Value: squares, Tolerance: 1e-9},
		{Name: "the middle of the block", Value: middle, Tolerance: 1e-9},
	}
}

// exactly allows no difference, and no loss.
func exactly(s Square, want, got []float64) string {
	if how := kernels.Same(want, got); how != "" {
		return how
	}
	return lost(s, got, 1e-9)
}

// lost tells whether what is there in all has changed by more than a share of all
// magnitudes: nothing leaves a square whose edges meet, so that doesn't take the
// reference's word.
func lost(s Square, u []float64, share float64) string {
	before, after, magnitudes := 0.0, 0.0, 0.0
	for _, v := range s.U {
		before, magnitudes = before+v, magnitudes+math.Abs(v)
	}
	for _, v := range u {
		after += v
	}
	if math.Abs(after-before) > share*magnitudes { // not where there are infinities and no numbers
		return fmt.Sprintf("all cells add up to %v, and did to %v before: nothing should be lost", after, before)
	}
	return ""
}

// within allows differences by a share of the largest value: sums in another order,
// or of fewer bits.
func within(share float64) func(s Square, want, got []float64) string {
	return func(s Square, want, got []float64) string {
		if len(want) != len(got) {
			return kernels.Same(want, got)
		}
		largest := 0.0
		for _, v := range want {
			if !math.IsInf(v, 0) && !math.IsNaN(v) {
				largest = max(largest, math.Abs(v))
			}
		}
		for i := range want {
			if !(math.Abs(want[i]-got[i]) <= share*largest) && !kernels.Close(want[i], got[i], share) {
				return fmt.Sprintf("cell %d is %v, not %v", i, got[i], want[i])
			}
		}
		return lost(s, got, share)
	}
}
