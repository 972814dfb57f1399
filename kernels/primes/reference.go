package primes

import "fmt"

// Range is Count numbers from From on.
type Range struct {
	From  uint64
	Count int
}

// Make returns so many numbers from 10¹² on.
func Make(count int) (Range, error) {
	if count < 0 || count > 1<<24 {
		return Range{}, fmt.Errorf("%d numbers: it is from 0 to %d", count, 1<<24)
	}
	return Range{From: 1000000000000, Count: count}, nil
}

// Plain is the loop that everything here equals. It returns the primes.
func Plain(r Range) []uint64 {
	primes := []uint64{}
	for n := r.From; n < r.From+uint64(r.Count); n++ {
		prime := n > 1
		for d := uint64(2); d*d <= n; d++ {
			if n%d == 0 {
				prime = false
				break
			}
		}
		if prime {
			primes = append(primes, n)
		}
	}
	return primes
}
