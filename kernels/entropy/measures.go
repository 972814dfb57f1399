package entropy

import "math"

// OfShares is the entropy of shares, which add up to 1, in nats: -Σ p ln p, where a
// share of 0 adds nothing.
func OfShares(shares []float64) float64 {
	entropy := 0.0
	for _, p := range shares {
		if p != 0 {
			entropy -= p * math.Log(p)
		}
	}
	return entropy
}

// Bits are nats in bits.
func Bits(nats float64) float64 { return nats / math.Ln2 }

// Most is the entropy, in nats, of keys that are spread as evenly as they can be: of as
// many buckets as there are, or of as many keys if these are fewer, or a little less
// where the keys can't be divided evenly.
func Most(keys, buckets int) float64 {
	if keys <= 0 || buckets <= 0 {
		return 0
	}
	fewer, more := buckets-keys%buckets, keys%buckets
	part := func(count int) float64 {
		if count == 0 {
			return 0
		}
		p := float64(count) / float64(keys)
		return -p * math.Log(p)
	}
	return float64(fewer)*part(keys/buckets) + float64(more)*part(keys/buckets+1)
}

// ByChance is the entropy, in nats, that a hash function has on average whose values
// are as good as drawn: a bucket has each number of keys with the probability of the
// binomial distribution. What is less is worse than chance, what is more is luck or
// made for its keys.
func ByChance(keys, buckets int) float64 {
	if keys <= 0 || buckets <= 1 {
		return 0
	}
	n, m := float64(keys), float64(buckets)
	gamma := func(x float64) float64 { g, _ := math.Lgamma(x + 1); return g }
	logAll, entropy := gamma(n), 0.0
	for k := 1.0; k < n; k++ { // a bucket with all keys adds ln 1
		probability := math.Exp(logAll - gamma(k) - gamma(n-k) - k*math.Log(m) + (n-k)*math.Log1p(-1/m))
		term := -m * probability * (k / n) * math.Log(k/n)
		entropy += term
		if k > n/m && term < 1e-18 {
			break
		}
	}
	return entropy
}
