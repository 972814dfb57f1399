package sequence

import (
	"fmt"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Items, Result]{
	Name: "sequence",
	Doc:  "the sum of the items of a sequence, in every form of generator",
	Unit: "item",
	Make: Make, Valid: valid,
	Ops:     func(in Items) float64 { return float64(min(in.N, in.Stop)) },
	Differs: ahead(0),
	Sums: func(r Result) []kernels.Sum {
		return []kernels.Sum{{Name: "sum", Value: float64(r.Sum)}, {Name: "items made", Value: float64(r.Made)}}
	},
	Sizes: kernels.Sizes{Smoke: 10_000, Small: 1_000_000, Book: 100_000_000},
	Targets: []kernels.Target{
		{By: "Python", Row: "generator", Most: 0.1},
		{By: "Python", Row: "sum of a range", Most: 1},
	},
	Variants: slices.Concat([]kernels.Variant[Items, Result]{
		row("plain", "a counting loop", Plain),
		row("range over int", "for v := range n", overInt),
		all("slice first", "all items in a slice of the right length", sized),
		all("slice first, appended", "all items in a slice that grows", appended),
		row("iter.Seq", "an iterator function that the compiler sees into", pushed),
		row("iter.Seq, noinline", "an iterator function that it doesn't see into", pushedApart),
		row("callback", "a function that calls back with each item", callback),
		row("closure", "a function that returns the next item", closure),
		row("struct", "Next and Value of a struct", structure),
		row("struct, interface", "Next and Value behind an interface", interfaced),
		row("iter.Pull", "a coroutine, an item at a time", pulled),
	}, chainRows(), []kernels.Variant[Items, Result]{
		row("adapters, 3, one expression", "push, Take, Filter, Map, seen as a whole", seen),
		row("adapters, Zip", "items and zeros in turn, by iter.Pull", zipped),
		early("channel", "another goroutine, each item handed over", 0, channelled(0)),
		early("channel of 64", "another goroutine, up to 64 items ahead", 64, channelled(64)),
		early("channel of 1024", "another goroutine, up to 1024 items ahead", 1024, channelled(1024)),
		early("channel of pieces", "another goroutine, 1024 items handed over at a time", 2*piece-2, inPieces),
	}),
}

func row(name, doc string, f func(Items) Result) kernels.Variant[Items, Result] {
	return kernels.Variant[Items, Result]{Name: name, Doc: doc, Func: f}
}

// all is a row that makes all items before the first is taken.
func all(name, doc string, f func(Items) Result) kernels.Variant[Items, Result] {
	v := row(name, doc, f)
	v.Differs = func(in Items, want, got Result) string {
		return differ(want, got, in.N, in.N)
	}
	return v
}

// early is a row whose producer may be so many items ahead, and has one in its hand.
func early(name, doc string, buffer int, f func(Items) Result) kernels.Variant[Items, Result] {
	v := row(name, doc, f)
	v.Differs = ahead(buffer + 1)
	return v
}

// ahead compares results, of which the second may have made so many items more than
// were taken.
func ahead(most int) func(in Items, want, got Result) string {
	return func(in Items, want, got Result) string {
		return differ(want, got, want.Made, min(want.Made+most, in.N))
	}
}

func differ(want, got Result, least, most int) string {
	if got.Sum != want.Sum {
		return fmt.Sprintf("the sum is %d, not %d", got.Sum, want.Sum)
	}
	if got.Made < least || got.Made > most {
		return fmt.Sprintf("%d items were made, not %d to %d", got.Made, least, most)
	}
	return ""
}

// valid tells what is wrong with a sequence.
func valid(in Items) error {
	if in.N < 0 || in.Stop < 0 {
		return fmt.Errorf("%d items, stop at %d: neither is negative", in.N, in.Stop)
	}
	return nil
}
