package fibonacci

import (
	"fmt"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[int, Result]{
	Name: "fibonacci",
	Doc:  "how many of the first Fibonacci numbers 3 divides: list or generator",
	Unit: "number",
	Make: First, Valid: func(n int) error { _, err := First(n); return err },
	Ops:     func(n int) float64 { return float64(n) },
	Differs: differs,
	Sums: func(r Result) []kernels.Sum {
		return []kernels.Sum{
			{Name: "multiples of 3", Value: float64(r.Threes)},
			{Name: "bits of the last", Value: float64(r.Bits)},
			{Name: "its last 32 bits", Value: float64(uint32(r.Low))},
		}
	},
	Sizes: kernels.Sizes{Smoke: 2000, Small: 20_000, Book: 100_000},
	Targets: []kernels.Target{
		{By: "Python", Row: "generator", Most: 1},
		{By: "Go", Row: "list", Most: 1},
	},
	Variants: []kernels.Variant[int, Result]{
		row("plain", "two numbers, added in place", Plain),
		row("iter.Seq", "a generator that adds in place", inPlace),
		row("iter.Seq, fresh", "a generator whose numbers may be kept", fresh),
		row("adapters", "Len of Filter of Take of the generator", adapted),
		row("multiples kept", "the multiples in a slice, then its length", kept),
		row("list", "all numbers in a slice, then the loop", list),
		row("list, trimmed", "the same, without the room that sums have to grow", listTrimmed),
		row("channel", "a goroutine adds, another one divides", handed),
		row("sum of words", "in place; what 3 leaves, from the words' sum", byWords),
		{Name: "a sum alone", Doc: "in place, no question asked", Func: addOnly, Yardstick: true},
		{Name: "a list alone", Doc: "all numbers in a slice, no question asked", Func: listOnly, Yardstick: true},
	},
}

func row(name, doc string, f func(int) Result) kernels.Variant[int, Result] {
	return kernels.Variant[int, Result]{Name: name, Doc: doc, Func: f}
}

func differs(_ int, want, got Result) string {
	if want != got {
		return fmt.Sprintf("%+v, not %+v", got, want)
	}
	return ""
}
