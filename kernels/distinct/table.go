package distinct

import (
	"fmt"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[[]string, int]{
	Name: "distinct",
	Doc:  "how many different first names: lists, sets, sorting",
	Unit: "name",
	Make: Make,
	Ops:  func(names []string) float64 { return float64(len(names)) },
	Differs: func(_ []string, want, got int) string {
		if want != got {
			return fmt.Sprintf("%d first names, not %d", got, want)
		}
		return ""
	},
	Sums:    func(n int) []kernels.Sum { return []kernels.Sum{{Name: "first names", Value: float64(n)}} },
	Sizes:   kernels.Sizes{Smoke: 300, Small: 10_000, Book: 100_000},
	Targets: []kernels.Target{{By: "Python", Row: "set", Most: 1}},
	Variants: []kernels.Variant[[]string, int]{
		row("set", "map[string]struct{}, which grows", Plain),
		upTo(100_000, row("list", "a loop through the names seen so far", list)),
		upTo(20_000, row("list, slices.Contains", "as list, by the standard library", contains)),
		upTo(20_000, row("list, boxed", "as list, names in interfaces, as in Python", boxed)),
		upTo(200_000, row("sorted list, slices.Insert", "binary search; new names move the later ones", insertion)),
		row("sort, compact", "equal names side by side", sorted),
		row("set, size hint", "needn't grow", hinted),
		row("map[string]bool", "asked before it is written to", asked),
		row("own hash table", "maphash, linear probing, at most half full", table),
		row("set, goroutines", "a set for each CPU, names divided by hash", goroutines),
	},
}

func row(name, doc string, f func([]string) int) kernels.Variant[[]string, int] {
	return kernels.Variant[[]string, int]{Name: name, Doc: doc, Func: f}
}

// upTo is a row whose time grows with the square of the number of names.
func upTo(largest int, v kernels.Variant[[]string, int]) kernels.Variant[[]string, int] {
	v.Largest = largest
	return v
}
