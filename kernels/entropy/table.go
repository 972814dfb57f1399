package entropy

import (
	"fmt"

	"hpgo/kernels"
	"hpgo/kernels/hashes"
)

// tolerance is what the order of additions may change.
const tolerance = 1e-9

// Kernel is the subject.
var Kernel = &kernels.Subject[Keys, Spread]{
	Name: "entropy",
	Doc:  "keys spread over buckets by hash functions, and how evenly",
	Unit: "key",
	Make: Make, Valid: valid,
	Ops: func(k Keys) float64 { return float64(len(k.Words)) },
	Differs: func(_ Keys, want, got Spread) string {
		if how := kernels.Same(want.Counts, got.Counts); how != "" {
			return how
		}
		return kernels.Near([]float64{want.Entropy}, []float64{got.Entropy}, tolerance)
	},
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 100, Small: 676, Book: 17_576},
	Targets: []kernels.Target{{By: "Python", Row: "Num", Most: 1}}, // NumPy or Numba, whichever is faster
	Variants: []kernels.Variant[Keys, Spread]{
		{Name: "FNV-1a", Doc: "byte by byte", Func: Plain},
		{Name: "FNV-1a, hash/fnv", Doc: "the standard library's, behind an interface", Func: standard},
		{Name: "FNV-1a, goroutines", Doc: "words in parts, counts added up", Func: goroutines},
		row("constant", "42 for all words", words(always(hashes.Constant)), one),
		row("first letter", "its code", words(always(hashes.FirstLetter)), firstLetters),
		row("sum", "of the letters", words(always(hashes.Sum)), allSums),
		row("perfect", "the word as a number", words(always(hashes.Letters)), all),
		row("mixed", "the word as a number, multiplied", words(always(hashes.Mixed)), all),
		row("SipHash-1-3", "as CPython's texts", words(func() func(string) uint64 { return hashes.SipHash13(1, 2) }), all),
		row("maphash", "as Go's maps", words(hashes.Maphash), all),
		row("numbers, identity", "multiples of 1,024 as they are, as CPython", numbers(always(hashes.Identity)), lowBits),
		row("numbers, multiplied", "mixed by a product of 128 bits", numbers(always(hashes.Multiplied)), all),
		row("numbers, maphash", "maphash.Comparable", numbers(hashes.MaphashInt), all),
	},
}

// row is a row with a hash function of its own. reach is how many buckets the function
// can reach.
func row(name, doc string, f func(Keys) Spread, reach func(Keys) int) kernels.Variant[Keys, Spread] {
	return kernels.Variant[Keys, Spread]{Name: name, Doc: doc, Func: f, Differs: func(k Keys, _, got Spread) string {
		return unlawful(k, got, reach(k))
	}}
}

func one(Keys) int            { return 1 }
func all(k Keys) int          { return k.Buckets }
func firstLetters(k Keys) int { return different(k.Words, k.Buckets, hashes.FirstLetter) }
func allSums(k Keys) int      { return different(k.Words, k.Buckets, hashes.Sum) }
func lowBits(k Keys) int      { return different(k.Numbers, k.Buckets, hashes.Identity) }

// different is how many buckets the keys' hashes ask for.
func different[K any](keys []K, buckets int, hash func(K) uint64) int {
	seen := map[uint64]bool{}
	for _, k := range keys {
		seen[hash(k)%uint64(buckets)] = true
	}
	return max(len(seen), 1)
}

// unlawful tells what can't be, whatever the hash function: lost keys, an entropy that
// isn't that of the counts, more of it than as many buckets as are reached can have.
func unlawful(k Keys, s Spread, reach int) string {
	if len(s.Counts) != k.Buckets {
		return fmt.Sprintf("%d buckets, not %d", len(s.Counts), k.Buckets)
	}
	sum := 0
	for i, c := range s.Counts {
		if sum += c; c < 0 {
			return fmt.Sprintf("%d keys in bucket %d", c, i)
		}
	}
	if sum != len(k.Words) {
		return fmt.Sprintf("%d keys in the buckets, not %d", sum, len(k.Words))
	}
	if of := OfCounts(s.Counts); !kernels.Close(of, s.Entropy, tolerance) {
		return fmt.Sprintf("entropy %v, but the counts have %v", s.Entropy, of)
	}
	if most := Most(len(k.Words), min(reach, k.Buckets)); !(s.Entropy >= 0 && s.Entropy <= most+tolerance) {
		return fmt.Sprintf("entropy %v: it is from 0 to %v", s.Entropy, most)
	}
	return ""
}

// valid tells what is wrong with keys.
func valid(k Keys) error {
	if len(k.Words) != len(k.Numbers) {
		return fmt.Errorf("%d words, %d numbers: there are as many of both", len(k.Words), len(k.Numbers))
	}
	if k.Buckets <= 0 || k.Buckets&(k.Buckets-1) != 0 {
		return fmt.Errorf("%d buckets: their number is a power of two", k.Buckets)
	}
	return nil
}

// sums are the keys, the fullest bucket, keys that collide, and the entropy.
func sums(s Spread) []kernels.Sum {
	keys, fullest := 0, 0
	for _, c := range s.Counts {
		keys, fullest = keys+c, max(fullest, c)
	}
	return []kernels.Sum{
		{Name: "keys", Value: float64(keys)},
		{Name: "keys in the fullest bucket", Value: float64(fullest)},
		{Name: "collisions", Value: float64(hashes.Collisions(s.Counts))},
		{Name: "entropy", Value: s.Entropy, Tolerance: tolerance},
	}
}
