package anomaly

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject. Its size is a number of days.
var Kernel = &kernels.Subject[Stream, []Day]{
	Name: "anomaly",
	Doc:  "days of a stream, a value a second, that aren't normally distributed",
	Unit: "row",
	Make: Days, Valid: valid,
	Ops:         func(s Stream) float64 { return float64(s.Rows) },
	Interpreted: 300_000, // a row is some 100 operations
	Differs:     differs,
	Sums:        sums,
	Sizes:       kernels.Sizes{Smoke: 3, Small: 60, Book: 7305},
	Targets: []kernels.Target{
		{By: "Python", Row: "NumPy, SciPy", Most: 0.1},
		{By: "Python", Row: "Numba parallel", Most: 1},
		{By: "C", Row: "gcc, OpenMP", Most: 1},
	},
	Variants: slices.Concat([]kernels.Variant[Stream, []Day]{
		row("plain", "a new slice for each day", Plain),
		upTo(400, row("everything first", "all rows in one slice, then the days", everything)),
		row("one buffer", "each day in the same memory", perDay(wholeDay)),
		row("iter.Seq, GroupBy", "rows, groups by day and tests in a chain", pipelined),
		row("iter.Seq, online", "rows in a chain, no day in memory", pipelinedOnline),
		upTo(1000, row("iter.Pull", "row after row from a coroutine", pulled)),
		row("online", "one pass, moments brought up to date with each row", perDay(online)),
		row("blocks", "512 rows at a time, moments put together", perDay(inBlocks)),
		row("goroutines", "on all CPUs, 4 days at a time, each in a buffer", onAll(wholeDay)),
		row("blocks, goroutines", "on all CPUs, 512 rows at a time", onAll(inBlocks)),
	}, vectorRows()),
}

func row(name, doc string, f func(Stream) []Day, needs ...kernels.Need) kernels.Variant[Stream, []Day] {
	return kernels.Variant[Stream, []Day]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// upTo is a row that would need too much beyond so many days.
func upTo(days int, v kernels.Variant[Stream, []Day]) kernels.Variant[Stream, []Day] {
	v.Largest = days
	return v
}

// tolerance is how much K² may differ where moments are added up in another order.
const tolerance = 1e-7

func differs(_ Stream, want, got []Day) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d days, not %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		same := math.Abs(g.K2-w.K2) <= tolerance*(1+w.K2) || math.IsNaN(w.K2) && math.IsNaN(g.K2)
		if g.Number != w.Number || g.Rows != w.Rows || !same {
			return fmt.Sprintf("day %d is %+v, not %+v", i, g, w)
		}
	}
	return ""
}

// sums leaves days out of the sum of K² that can't be tested; -1 stands for a day that
// there isn't.
func sums(days []Day) []kernels.Sum {
	k2, found, first := 0.0, 0, [5]float64{-1, -1, -1, -1, -1}
	for _, d := range days {
		if !math.IsNaN(d.K2) {
			k2 += d.K2
		}
		if d.Anomalous() {
			if found < len(first) {
				first[found] = float64(d.Number)
			}
			found++
		}
	}
	out := []kernels.Sum{{Name: "days", Value: float64(len(days))}, {Name: "sum of K²", Value: k2, Tolerance: tolerance}, {Name: "anomalous days", Value: float64(found)}}
	for i, number := range first {
		out = append(out, kernels.Sum{Name: fmt.Sprintf("anomalous day %d", i+1), Value: number})
	}
	return out
}

// valid tells what is wrong with a stream.
func valid(s Stream) error {
	if s.Rows < 0 || s.Given != nil && len(s.Given) != s.Rows {
		return fmt.Errorf("%d rows, %d values given: each row has one", s.Rows, len(s.Given))
	}
	if s.Start < -1<<40 || s.Start > 1<<40 || s.Rows > 1<<40 {
		return fmt.Errorf("%d rows from second %d on: both are at most 2^40", s.Rows, s.Start)
	}
	return nil
}
