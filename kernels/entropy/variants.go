package entropy

import (
	"hash/fnv"
	"io"

	"hpgo/kernels"
	"hpgo/kernels/hashes"
	"hpgo/kernels/schedule"
)

// words spreads the words by a hash function, which may have a seed of each run.
func words(hash func() func(string) uint64) func(Keys) Spread {
	return func(k Keys) Spread {
		counts := hashes.Counts(hash(), k.Words, k.Buckets)
		return Spread{counts, OfCounts(counts)}
	}
}

// numbers spreads the numbers.
func numbers(hash func() func(uint64) uint64) func(Keys) Spread {
	return func(k Keys) Spread {
		counts := hashes.Counts(hash(), k.Numbers, k.Buckets)
		return Spread{counts, OfCounts(counts)}
	}
}

// always is a hash function without a seed.
func always[K any](hash func(K) uint64) func() func(K) uint64 {
	return func() func(K) uint64 { return hash }
}

// standard is Plain with the standard library's FNV-1a, which is behind an interface.
func standard(k Keys) Spread {
	counts, mask, h := make([]int, k.Buckets), uint64(k.Buckets-1), fnv.New64a()
	for _, word := range k.Words {
		h.Reset()
		io.WriteString(h, word)
		counts[h.Sum64()&mask]++
	}
	return Spread{counts, OfCounts(counts)}
}

// goroutines have the words in parts and counts of their own, which are added up.
func goroutines(k Keys) Spread {
	workers := kernels.Workers()
	parts := make([][]int, workers)
	schedule.Static(workers, workers, 1, func(lo, hi int) {
		for w := lo; w < hi; w++ {
			from, to := w*len(k.Words)/workers, (w+1)*len(k.Words)/workers
			parts[w] = hashes.Counts(hashes.FNV1a, k.Words[from:to], k.Buckets)
		}
	})
	counts := parts[0]
	for _, p := range parts[1:] {
		for i, c := range p {
			counts[i] += c
		}
	}
	return Spread{counts, OfCounts(counts)}
}
