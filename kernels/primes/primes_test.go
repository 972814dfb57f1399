package primes

import (
	"os"
	"testing"

	"hpgo/kernels/kerneltest"
	"hpgo/kernels/processes"
)

func TestMain(m *testing.M) {
	os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")) // workers that the race detector watches would take a second to end
	processes.Serve(Task)
	os.Exit(m.Run())
}

func TestPrimes(t *testing.T) {
	of := func(from uint64, count int) func() Range {
		return func() Range { return Range{from, count} }
	}
	kerneltest.Run(t, kerneltest.Suite[Range, []uint64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 7},
		Special: []kerneltest.Case[Range]{
			{Name: "from 0", In: of(0, 200)},
			{Name: "from 1", In: of(1, 1)},
			{Name: "from 2", In: of(2, 4)},
			{Name: "squares of primes, and of twins", In: of(24, 2000)},
			{Name: "around 2^32", In: of(1<<32-30, 65)},
			{Name: "around where divisors are divided", In: of(worthDividing-40, 80)},
			{Name: "5 · 109 · 206004651551", In: of(112272535095295, 1)},
			{Name: "around where vectors begin", In: of(fewest-100, 300)},
			{Name: "the largest", In: of(most-3, 2)}, // both have small divisors
		},
		Bad: []kerneltest.Case[Range]{
			{Name: "negative", In: of(10, -1)},
			{Name: "too large", In: of(most-3, 4)},
			{Name: "far too large", In: of(1<<64-1, 1)},
		},
		BadSizes: []int{-1, 1 << 30},
	})
}

// TestFloats: quotients of float64 on what is hardest for them, squares of primes and
// their neighbours, and a prime of 53 bits.
func TestFloats(t *testing.T) {
	tests := map[string]test{"Floats": Floats, "Floats2": Floats2, "Floats4": Floats4, "Floats8": Floats8}
	numbers := []uint64{10_000_000, 10_000_019, 1<<53 - 111, 1<<53 + 5}
	for _, p := range []uint64{11, 13, 65_537, 1_000_003, 94_906_249} { // the last is the largest whose square is below 2^53
		numbers = append(numbers, p*p-2, p*p-1, p*p, p*p+1, p*p+2)
	}
	for name, prime := range tests {
		for _, n := range numbers {
			if got, want := prime(n), millerRabin(n); got != want {
				t.Errorf("%s: %d is prime: %t", name, n, got)
			}
		}
	}
}

// TestSieve: how many primes there are, by the sieve and by tests of each.
func TestSieve(t *testing.T) {
	for _, c := range []struct {
		Range
		want int
	}{
		{Range{0, 100}, 25},
		{Range{0, 100_000}, 9592}, // π(10⁵), known since Legendre
		{Range{1_000_000_000_000, 2000}, 0},
	} {
		want := len(sieved(c.Range))
		if c.want != 0 && want != c.want {
			t.Errorf("%v has %d primes by the sieve, not %d", c.Range, want, c.want)
		}
		for name, prime := range map[string]test{"Miller and Rabin": millerRabin, "math/big": big64} {
			if got := len(each(prime)(c.Range)); got != want {
				t.Errorf("%v has %d primes by %s, %d by the sieve", c.Range, got, name, want)
			}
		}
	}
}

// TestKnown are the numbers of the source. Division needs seconds for those that have
// no small divisor: one of each kind.
func TestKnown(t *testing.T) {
	quick := map[string]test{"Miller and Rabin": millerRabin, "math/big": big64}
	for _, c := range []struct {
		n    uint64
		want bool
	}{
		{112272535095295, false},
		{100109100129100369, false},
		{100109100129101027, false},
		{100109100129100151, true},
		{100109100129162907, true},
	} {
		for name, prime := range quick {
			if got := prime(c.n); got != c.want {
				t.Errorf("%s: %d is prime: %t", name, c.n, got)
			}
		}
	}
	if testing.Short() {
		return
	}
	for n, want := range map[uint64]bool{100109100129100369: false, 100109100129100151: true} {
		for name, prime := range map[string]test{"a flag": together, "no flag": apart} {
			if got := prime(n); got != want {
				t.Errorf("goroutines on a number, %s: %d is prime: %t", name, n, got)
			}
		}
	}
}

// TestRoot: the whole part of square roots, around squares and at the ends.
func TestRoot(t *testing.T) {
	for _, c := range []struct{ n, want uint64 }{
		{0, 0}, {1, 1}, {3, 1}, {4, 2}, {24, 4}, {25, 5}, {1<<32 - 1, 1<<16 - 1}, {1 << 32, 1 << 16},
		{1<<62 - 1, 1<<31 - 1}, {1 << 62, 1 << 31}, {1<<64 - 1, 1<<32 - 1},
	} {
		if got := root(c.n); got != c.want {
			t.Errorf("of %d: %d, not %d", c.n, got, c.want)
		}
	}
}

// TestLastDivisor: squares of primes, whose one divisor is the last that is tried, and
// products of twins around where divisors are divided.
func TestLastDivisor(t *testing.T) {
	composite := []uint64{131071 * 131071, 131101 * 131101, 1000003 * 1000003, 999959 * 999961}
	first := uint64(7 + 30*stride) // that is second in a stride: the first of each is a multiple of 5
	for !wheel(first) {
		first += stride
	}
	composite = append(composite, first*first)
	for name, prime := range map[string]test{"odd": odd, "6k±1": wheel, "a flag": together, "no flag": apart} {
		for _, n := range composite {
			if prime(n) {
				t.Errorf("%s: %d is called prime", name, n)
			}
		}
	}
}

// TestFallsBack: where the program can't be its own worker, goroutines do.
func TestFallsBack(t *testing.T) {
	t.Setenv("HPGO_KERNELS_SERVES", "")
	if got, want := byProcesses(Range{0, 300}), Plain(Range{0, 300}); len(got) != len(want) {
		t.Errorf("%d primes, not %d", len(got), len(want))
	}
}

func BenchmarkPrimes(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
