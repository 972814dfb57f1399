package entropy

import (
	"fmt"
	"math"
)

// Keys are what is hashed. Words are different from each other, and Numbers, as many,
// are multiples of 1,024, as addresses of pages are: hash functions of numbers have
// these.
type Keys struct {
	Words   []string
	Numbers []uint64
	Buckets int // a power of two
}

// Spread is what became of keys.
type Spread struct {
	Counts  []int   // keys in each bucket
	Entropy float64 // of their shares, in nats: divide by ln 2 for bits
}

// Make returns n keys, the first words of aa, ab, ... zz, with more letters where n is
// more than 676; and the smallest power of two of buckets that is at most 2/3 full.
func Make(n int) (Keys, error) {
	if n < 0 || n > 1<<22 {
		return Keys{}, fmt.Errorf("%d keys: it is from 0 to %d", n, 1<<22)
	}
	letters, all := 2, 676
	for all < n {
		letters, all = letters+1, all*26
	}
	k := Keys{Buckets: 8}
	for 2*k.Buckets < 3*n {
		k.Buckets *= 2
	}
	for i := 0; i < n; i++ {
		word, rest := make([]byte, letters), i
		for at := letters - 1; at >= 0; at-- {
			word[at] = byte('a' + rest%26)
			rest /= 26
		}
		k.Words = append(k.Words, string(word))
		k.Numbers = append(k.Numbers, uint64(i)*1024)
	}
	return k, nil
}

// Plain is the loop that everything here equals: FNV-1a of the words.
func Plain(k Keys) Spread {
	counts, mask := make([]int, k.Buckets), uint64(k.Buckets-1)
	for _, word := range k.Words {
		hash := uint64(14695981039346656037)
		for i := 0; i < len(word); i++ {
			hash = (hash ^ uint64(word[i])) * 1099511628211
		}
		counts[hash&mask]++
	}
	return Spread{counts, OfCounts(counts)}
}

// OfCounts is the entropy of the shares that counts are of their sum, in nats; 0 if they
// are all 0.
func OfCounts(counts []int) float64 {
	sum, entropy := 0, 0.0
	for _, c := range counts {
		sum += c
	}
	for _, c := range counts {
		if c > 0 {
			p := float64(c) / float64(sum)
			entropy -= p * math.Log(p)
		}
	}
	return entropy
}
