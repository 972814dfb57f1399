package primes

import (
	"math"

	"hpgo/kernels"
)

// exact is where float64 stops telling all whole numbers apart. Below it a quotient is
// rounded to a whole number only if it is one: what is left of n/d is at least 1/d,
// which is more than half of the quotient's last bit.
const exact = 1 << 53

// Floats tells whether a number is prime by quotients of float64: a divisor leaves a
// whole number. It is the scalar form of Floats2, Floats4 and Floats8, which divide by
// so many numbers at once and, where they can't, do as it does. CPUs divide vectors of
// float64, but no vectors of whole numbers. From 2^53 on it divides whole numbers.
func Floats(n uint64) bool {
	if n < 4 || n >= exact {
		return n == 2 || n == 3 || n >= exact && wheel(n)
	}
	whole := float64(n)
	for d := 2.0; d*d <= whole; d++ {
		if q := whole / d; q == math.Trunc(q) {
			return false
		}
	}
	return true
}

// fewest is the least number that vectors are used for: of smaller ones the last vector
// of divisors would hold the number itself.
const fewest = 128

// vectorTable are the rows with vectors, given what divides by 2, 4 and 8 numbers.
func vectorTable(by2, by4, by8 test) []kernels.Variant[Range, []uint64] {
	return []kernels.Variant[Range, []uint64]{
		row("float64", "quotients of float64 from 2 to the root, whole or not", each(Floats)),
		row("float64 x2", "by 2 divisors at once", each(by2), kernels.Vectors256),
		row("float64 x4", "by 4 divisors at once", each(by4), kernels.Vectors256),
		row("float64 x8", "by 8 divisors at once", each(by8), kernels.Vectors512),
	}
}
