package primes

import (
	"fmt"
	"math/big"
	"math/bits"
	"sync/atomic"

	"hpgo/kernels"
	"hpgo/kernels/processes"
	"hpgo/kernels/schedule"
)

// division is how work is divided: the field Run of a schedule.
type division = func(n, workers, chunk int, body func(lo, hi int))

// schedules are the rows that divide the numbers.
func schedules() []kernels.Variant[Range, []uint64] {
	var rows []kernels.Variant[Range, []uint64]
	for _, s := range schedule.All {
		rows = append(rows, row("6k±1, goroutines, "+s.Name, "on all CPUs: "+s.Doc, eachScheduled(s.Run, wheel)))
	}
	return rows
}

// test tells whether a number is prime.
type test func(n uint64) bool

// each tests one number after the other.
func each(prime test) func(Range) []uint64 {
	return func(r Range) []uint64 {
		primes := []uint64{}
		for n := r.From; n < r.From+uint64(r.Count); n++ {
			if prime(n) {
				primes = append(primes, n)
			}
		}
		return primes
	}
}

// eachDivided gives the next numbers to whoever is free.
func eachDivided(prime test) func(Range) []uint64 { return eachScheduled(schedule.Dynamic, prime) }

// eachScheduled divides the numbers among the CPUs, 8 at a time where that matters.
func eachScheduled(divide division, prime test) func(Range) []uint64 {
	return func(r Range) []uint64 {
		found := make([]bool, r.Count)
		divide(r.Count, kernels.Workers(), 8, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				found[i] = prime(r.From + uint64(i))
			}
		})
		return numbers(r, found)
	}
}

func numbers(r Range, found []bool) []uint64 {
	primes := []uint64{}
	for i, prime := range found {
		if prime {
			primes = append(primes, r.From+uint64(i))
		}
	}
	return primes
}

func odd(n uint64) bool {
	if n < 4 || n%2 == 0 {
		return n == 2 || n == 3
	}
	for d := uint64(3); d*d <= n; d += 2 {
		if n%d == 0 {
			return false
		}
	}
	return true
}

func wheel(n uint64) bool {
	if small, prime := known(n); small {
		return prime
	}
	return !divided(n, 5, 1<<32)
}

// known tells of numbers that 2 and 3 decide.
func known(n uint64) (is, prime bool) {
	if n < 5 || n%2 == 0 || n%3 == 0 {
		return true, n == 2 || n == 3
	}
	return false, false
}

// divided tells whether one of from, from+2, from+6, from+8, ... divides n, up to its
// root and below end. from is 6k-1.
func divided(n, from, end uint64) bool {
	for d := from; d < end && d*d <= n; d += 6 {
		if n%d == 0 || n%(d+2) == 0 {
			return true
		}
	}
	return false
}

const (
	// worthDividing is the number from which its divisors take longer than goroutines
	// take to start.
	worthDividing = 1 << 34
	// stride of divisors are tried between two looks at the flag.
	stride = 6000
)

// together divides the divisors of a number among the CPUs, which take the next ones in
// turn; who finds one that divides raises a flag for the others.
func together(n uint64) bool {
	if small, prime := known(n); small || n < worthDividing {
		return prime || !small && wheel(n)
	}
	if divided(n, 5, 5+stride) {
		return false // most end here: before any goroutine has started
	}
	var next atomic.Uint64
	var composite atomic.Bool
	next.Store(5 + stride)
	workers := kernels.Workers()
	schedule.Static(workers, workers, 0, func(int, int) {
		for !composite.Load() {
			from := next.Add(stride) - stride
			if from*from > n {
				return
			}
			if divided(n, from, from+stride) {
				composite.Store(true)
			}
		}
	})
	return !composite.Load()
}

// apart divides the divisors of a number into a block for each CPU. Nobody hears of
// what the others find: each goes on to the end of its block, or to a divisor in it.
func apart(n uint64) bool {
	if small, prime := known(n); small || n < worthDividing {
		return prime || !small && wheel(n)
	}
	blocks := int((root(n)-5)/6 + 1) // of the divisors 6b+5 and 6b+7
	var composite atomic.Bool
	schedule.Static(blocks, kernels.Workers(), 0, func(lo, hi int) {
		if divided(n, 6*uint64(lo)+5, 6*uint64(hi)+5) {
			composite.Store(true)
		}
	})
	return !composite.Load()
}

// root is the whole part of the square root of n, at most 2³²-1.
func root(n uint64) uint64 {
	out := uint64(0)
	for step := uint64(1) << 31; step > 0; step >>= 1 {
		if next := out + step; next*next <= n {
			out = next
		}
	}
	return out
}

// millerRabin is proof for 64 bits with the first 12 primes as bases (Sorenson and
// Webster, Strong Pseudoprimes to Twelve Prime Bases, 2017).
func millerRabin(n uint64) bool {
	bases := [12]uint64{2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}
	for _, p := range bases {
		if n%p == 0 {
			return n == p
		}
	}
	if n < 2 {
		return false
	}
	twos := bits.TrailingZeros64(n - 1)
	for _, base := range bases {
		if !strongly(n, base, twos) {
			return false
		}
	}
	return true
}

// strongly tells whether n, 1 more than a multiple of 2^twos, passes the test of a base.
func strongly(n, base uint64, twos int) bool {
	x := power(base, (n-1)>>twos, n)
	if x == 1 || x == n-1 {
		return true
	}
	for range twos - 1 {
		if x = times(x, x, n); x == n-1 {
			return true
		}
	}
	return false
}

func power(base, exponent, n uint64) uint64 {
	out := uint64(1)
	for ; exponent > 0; exponent >>= 1 {
		if exponent&1 == 1 {
			out = times(out, base, n)
		}
		base = times(base, base, n)
	}
	return out
}

// times is a product modulo n; both factors are less than n.
func times(a, b, n uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	_, rest := bits.Div64(hi, lo, n)
	return rest
}

func big64(n uint64) bool { return new(big.Int).SetUint64(n).ProbablyPrime(0) }

// sieved crosses out the multiples of all numbers up to the root of the range's end
// that aren't crossed out themselves. Roots of more than mostSieved would take more
// memory than division takes time: there it is division.
func sieved(r Range) []uint64 {
	end := r.From + uint64(r.Count)
	root := root(max(end, 1) - 1)
	if root > mostSieved {
		return each(wheel)(r)
	}
	crossed, composite := make([]bool, root+1), make([]bool, r.Count)
	for d := uint64(2); d <= root; d++ {
		if crossed[d] {
			continue
		}
		for m := d * d; m <= root; m += d {
			crossed[m] = true
		}
		for m := max(d*d, (r.From+d-1)/d*d); m < end; m += d {
			composite[m-r.From] = true
		}
	}
	prime := make([]bool, r.Count)
	for i := range prime {
		prime[i] = !composite[i] && r.From+uint64(i) > 1
	}
	return numbers(r, prime)
}

const mostSieved = 1 << 24

// own is what byProcesses needs.
var own = processes.Own

// Task tells which of 64 numbers from the first of a job on, less than its second, are
// primes: a bit for each.
var Task = processes.Task{Name: "primes", Do: func(job []uint64) uint64 {
	found := uint64(0)
	for n := job[0]; n < min(job[0]+64, job[1]); n++ {
		if wheel(n) {
			found |= 1 << (n - job[0])
		}
	}
	return found
}}

// byProcesses starts a process for each CPU; 64 numbers are a job. It panics where the
// system starts none.
func byProcesses(r Range) []uint64 {
	if own.Missing() != "" {
		return eachDivided(wheel)(r)
	}
	end := r.From + uint64(r.Count)
	var jobs [][]uint64
	for n := r.From; n < end; n += 64 {
		jobs = append(jobs, []uint64{n, end})
	}
	answers, err := processes.Run(Task, kernels.Workers(), jobs)
	if err != nil {
		panic(fmt.Errorf("primes by processes: %w", err))
	}
	found := make([]bool, r.Count)
	for i := range found {
		found[i] = answers[i/64]>>(i%64)&1 == 1
	}
	return numbers(r, found)
}
