package fibonacci

import (
	"iter"

	"hpgo/kernels/sequence/adapter"
)

// Words yields F(1) to F(93), the Fibonacci numbers that a uint64 holds, and ends
// there.
func Words() iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		a, b := uint64(0), uint64(1)
		for b >= a { // F(94) would wrap around to less than F(93)
			if !yield(b) {
				return
			}
			a, b = b, a+b
		}
	}
}

// Odd counts the odd Fibonacci numbers below a limit, of those that a uint64 holds, in
// one loop that makes them. Below 5,000 there are 13.
func Odd(limit uint64) int {
	n := 0
	for a, b := uint64(0), uint64(1); b < limit && b >= a; a, b = b, a+b {
		if b%2 == 1 {
			n++
		}
	}
	return n
}

// OddOf is Odd with a generator and a loop that breaks.
func OddOf(limit uint64) int {
	n := 0
	for f := range Words() {
		if f >= limit {
			break
		}
		if f%2 == 1 {
			n++
		}
	}
	return n
}

// OddWhile is Odd as a chain of adapters.
func OddWhile(limit uint64) int {
	below := adapter.TakeWhile(Words(), func(f uint64) bool { return f < limit })
	return adapter.Len(adapter.Filter(below, func(f uint64) bool { return f%2 == 1 }))
}
