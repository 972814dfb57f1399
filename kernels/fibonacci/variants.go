package fibonacci

import (
	"iter"
	"math/big"
	"sync"

	"hpgo/kernels/sequence/adapter"
)

// Numbers yields F(1), F(2), ... without end and has two of them in memory. What it
// yields is changed by what comes after: who keeps a number must keep a copy,
//
//	kept = append(kept, new(big.Int).Set(f))
//
// for all of a slice of the numbers themselves are the last two in the end.
func Numbers() iter.Seq[*big.Int] {
	return func(yield func(*big.Int) bool) {
		a, b := big.NewInt(0), big.NewInt(1)
		for yield(b) {
			a.Add(a, b)
			a, b = b, a
		}
	}
}

// Fresh yields F(1), F(2), ... without end, each in memory of its own.
func Fresh() iter.Seq[*big.Int] {
	return func(yield func(*big.Int) bool) {
		a, b := big.NewInt(0), big.NewInt(1)
		for yield(b) {
			a, b = b, new(big.Int).Add(a, b)
		}
	}
}

// divider tells which numbers 3 divides, in memory that it has once.
type divider struct{ three, quotient, rest big.Int }

func newDivider() *divider {
	var d divider
	d.three.SetInt64(3)
	return &d
}

func (d *divider) divides(f *big.Int) bool {
	d.quotient.QuoRem(f, &d.three, &d.rest)
	return d.rest.Sign() == 0
}

// count goes through the first numbers of a generator.
func count(numbers iter.Seq[*big.Int], n int) Result {
	threes, last, d := 0, new(big.Int), newDivider()
	for f := range adapter.Take(numbers, n) {
		if d.divides(f) {
			threes++
		}
		last = f
	}
	return about(last, threes)
}

func inPlace(n int) Result { return count(Numbers(), n) }

func fresh(n int) Result { return count(Fresh(), n) }

// list has all numbers in a slice before the first is looked at. Sums have room for
// four words more than they need, which math/big leaves them to grow.
func list(n int) Result {
	numbers := make([]*big.Int, 0, n)
	a, b := big.NewInt(0), big.NewInt(1)
	for range n {
		numbers = append(numbers, b)
		a, b = b, new(big.Int).Add(a, b)
	}
	return countList(numbers)
}

// listTrimmed is the list of copies that have no room to grow.
func listTrimmed(n int) Result {
	numbers := make([]*big.Int, 0, n)
	for f := range adapter.Take(Numbers(), n) {
		words := append(make([]big.Word, 0, len(f.Bits())), f.Bits()...)
		numbers = append(numbers, new(big.Int).SetBits(words))
	}
	return countList(numbers)
}

func countList(numbers []*big.Int) Result {
	threes, last, d := 0, new(big.Int), newDivider()
	for _, f := range numbers {
		if d.divides(f) {
			threes++
		}
		last = f
	}
	return about(last, threes)
}

// kept puts the multiples of 3 into a slice, to ask for its length: chapter 5's
// len([n for n in ... if n % 3 == 0]).
func kept(n int) Result {
	last, d := new(big.Int), newDivider()
	var multiples []*big.Int
	for f := range adapter.Take(Numbers(), n) {
		if d.divides(f) {
			multiples = append(multiples, new(big.Int).Set(f))
		}
		last = f
	}
	return about(last, len(multiples))
}

// adapted asks for the length of a chain of adapters.
func adapted(n int) Result {
	last, d := new(big.Int), newDivider()
	threes := adapter.Len(adapter.Filter(adapter.Take(Numbers(), n), func(f *big.Int) bool {
		last = f
		return d.divides(f)
	}))
	return about(last, threes)
}

// handed has a goroutine of its own add, while the caller divides: numbers that are
// handed over must be fresh.
func handed(n int) Result {
	numbers := make(chan *big.Int, 64)
	var adding sync.WaitGroup
	adding.Go(func() {
		defer close(numbers)
		for f := range adapter.Take(Fresh(), n) {
			numbers <- f
		}
	})
	r := count(func(yield func(*big.Int) bool) {
		for f := range numbers {
			if !yield(f) {
				return
			}
		}
	}, n)
	adding.Wait()
	return r
}

// byWords adds in place, and finds what 3 leaves of a number from the sum of its
// words: 2^64 leaves 1, as 10 does of 9, so a number and the sum of its words leave
// the same.
func byWords(n int) Result {
	threes, last := 0, new(big.Int)
	for f := range adapter.Take(Numbers(), n) {
		if wordSum(f.Bits())%3 == 0 {
			threes++
		}
		last = f
	}
	return about(last, threes)
}

// wordSum is the sum of words, each of which leaves of 3 what it left before: the
// halves are added apart, so that no sum overflows (2^32 leaves 1 too).
func wordSum(words []big.Word) uint64 {
	var sum uint64
	for _, w := range words {
		sum += uint64(w)>>32 + uint64(w)&(1<<32-1)
	}
	return sum
}

// addOnly is the work without the question: what adding in place takes.
func addOnly(n int) Result {
	last := new(big.Int)
	for f := range adapter.Take(Numbers(), n) {
		last = f
	}
	return about(last, 0)
}

// listOnly makes the list and asks nothing: what chapter 5 times.
func listOnly(n int) Result {
	numbers := make([]*big.Int, 0, n)
	a, b := big.NewInt(0), big.NewInt(1)
	for range n {
		numbers = append(numbers, b)
		a, b = b, new(big.Int).Add(a, b)
	}
	last := new(big.Int)
	for _, f := range numbers {
		last = f
	}
	return about(last, 0)
}
