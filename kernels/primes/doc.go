// Package primes finds the primes of a range by division: work whose pieces take very
// different times, and of which most ends early.
//
//	for n := from; n < from+count; n++ {
//		prime := n > 1
//		for d := 2; d*d <= n; d++ {
//			if n%d == 0 {
//				prime = false
//				break
//			}
//		}
//	}
//
// High Performance Python, chapter 10, tests numbers of 18 digits, each on all CPUs,
// which tell each other of a divisor by a flag: 112272535095295, 100109100129100369
// and 100109100129101027 aren't primes, 100109100129100151 and 100109100129162907 are.
// The sizes here are lengths of a range from 10¹² on, where divisors go up to a
// million.
package primes
