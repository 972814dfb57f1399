// Package entropy measures how evenly hash functions spread keys over the buckets of a
// table, and what they cost.
//
//	for _, word := range keys.Words {
//		counts[fnv1a(word)&mask]++
//	}
//	for _, count := range counts {
//		if p := float64(count) / float64(len(keys.Words)); p > 0 {
//			entropy -= p * math.Log(p)
//		}
//	}
//
// The measure is that of High Performance Python, chapter 4, and of the notes on it: four
// equal buckets have 1.3862943611198906 (natural logarithm), ones with 1, 3, 5 and 1 of
// ten keys 1.1682824501765625. The keys are the 676 words of two letters, for which a
// constant hash has 0 bits, the first letter 4.70, a number for each word 9.40; in a
// table of 1,024 buckets the last collides nowhere. Book is all words of three letters.
//
// Each row has a hash function of its own, so that results differ; what must hold for
// all is checked: no key is lost, the entropy is that of the counts, and at most that of
// as many buckets as the function can reach.
package entropy
