package pi

import (
	"fmt"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Darts, int]{
	Name: "pi",
	Doc:  "darts at a square, and how many hit the quarter of a circle",
	Unit: "dart",
	Make: Make, Valid: valid,
	Ops: func(d Darts) float64 { return float64(d) },
	Differs: func(_ Darts, want, got int) string {
		if want != got {
			return fmt.Sprintf("%d hits, not %d", got, want)
		}
		return ""
	},
	Sums:  func(hits int) []kernels.Sum { return []kernels.Sum{{Name: "hits", Value: float64(hits)}} },
	Sizes: kernels.Sizes{Smoke: 100_000, Small: 2_000_000, Book: 400_000_000},
	Targets: []kernels.Target{
		{By: "Python", Row: "Num", Most: 1}, // NumPy or Numba, whichever is faster
	},
	Variants: slices.Concat([]kernels.Variant[Darts, int]{
		row("plain", "coordinates as float64, a branch for each dart", Plain),
		row("arrays", "all x, all y, then all comparisons, as with NumPy", arrays),
		row("arrays in blocks", "as arrays, 1024 darts at a time, which stay in the cache", blocks),
		row("whole numbers", "no float64, no branch: a hit is a sign bit", on(1, count)),
		row("goroutines", "whole numbers, a part of the darts for each CPU", on(0, count)),
		row("goroutines, one counter", "each dart is numbered by a counter that all share", oneCounter),
		row("processes", "as goroutines, in processes that are started for the run", byProcesses, own),
	}, vectorRows(), cRows()),
}

func row(name, doc string, f func(Darts) int, needs ...kernels.Need) kernels.Variant[Darts, int] {
	return kernels.Variant[Darts, int]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a number of darts.
func valid(d Darts) error {
	if d < 0 {
		return fmt.Errorf("%d darts: nobody can take them back", d)
	}
	return nil
}

// Estimate is π by a number of hits; NaN of no darts.
func Estimate(d Darts, hits int) float64 { return 4 * float64(hits) / float64(d) }
