package primes

import (
	"fmt"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Range, []uint64]{
	Name: "primes",
	Doc:  "the primes of a range, by division",
	Unit: "number",
	Make: Make, Valid: valid,
	Ops:     func(r Range) float64 { return float64(r.Count) },
	Differs: func(_ Range, want, got []uint64) string { return kernels.Same(want, got) },
	Sums: func(primes []uint64) []kernels.Sum {
		sum := 0.0
		for _, p := range primes {
			sum += float64(p % 1_000_003) // small enough for sums to be exact
		}
		return []kernels.Sum{{Name: "primes", Value: float64(len(primes))}, {Name: "sum of their remainders by 1,000,003", Value: sum}}
	},
	Sizes: kernels.Sizes{Smoke: 50, Small: 1000, Book: 20_000},
	Variants: slices.Concat([]kernels.Variant[Range, []uint64]{
		row("plain", "all divisors from 2 to the root", Plain),
		row("odd divisors", "2, and odd ones", each(odd)),
		row("6k±1", "2, 3, and what neither divides", each(wheel)),
		row("6k±1, goroutines on a number", "the divisors divided, a flag that ends the others", each(together)),
		row("6k±1, goroutines on a number, no flag", "a block of divisors each, to its end or to one that divides", each(apart)),
		row("6k±1, processes", "as goroutines, in processes that are started for the run", byProcesses, own),
		row("Miller and Rabin", "12 bases prove it for 64 bits", each(millerRabin)),
		row("math/big", "ProbablyPrime(0): Baillie, Pomerance, Selfridge, Wagstaff, which is proof for 64 bits", each(big64)),
		row("sieve", "multiples crossed out, for all numbers at once", sieved),
	}, schedules(), vectorRows(), cRows()),
}

func row(name, doc string, f func(Range) []uint64, needs ...kernels.Need) kernels.Variant[Range, []uint64] {
	return kernels.Variant[Range, []uint64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// most is from where on squares of divisors could leave 64 bits.
const most = 1 << 63

// valid tells what is wrong with a range.
func valid(r Range) error {
	if r.Count < 0 || r.From > most || uint64(r.Count) > most-r.From {
		return fmt.Errorf("%d numbers from %d: ranges have no negative number of them and end at %d", r.Count, r.From, uint64(most))
	}
	return nil
}
