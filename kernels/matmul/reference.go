package matmul

import "fmt"

// Pair is two matrices of n by n values, row by row.
type Pair struct {
	N    int
	A, B []float64
}

// Make returns two matrices of n by n values in [0, 1).
func Make(n int) (Pair, error) {
	if n < 0 || n > 1<<13 {
		return Pair{}, fmt.Errorf("%d values a side: it is from 0 to %d", n, 1<<13)
	}
	return Pair{N: n, A: random(n*n, 1), B: random(n*n, 2)}, nil
}

// random returns count values in [0, 1) of splitmix64 (Steele, Lea and Flood, 2014),
// which every language can have, and of which value i needs none before it.
func random(count int, seed uint64) []float64 {
	const golden = 0x9e3779b97f4a7c15
	out := make([]float64, count)
	for i := range out {
		z := seed*golden<<32 + uint64(i+1)*golden
		z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
		z = (z ^ z>>27) * 0x94d049bb133111eb
		z ^= z >> 31
		out[i] = float64(z>>11) / (1 << 53)
	}
	return out
}

// Plain is the loop that everything here equals, up to the order of additions.
func Plain(p Pair) []float64 {
	n := p.N
	c := make([]float64, n*n)
	for i := 0; i < n; i++ {
		for j := 0; j < n; j++ {
			sum := 0.0
			for k := 0; k < n; k++ {
				sum += p.A[i*n+k] * p.B[k*n+j]
			}
			c[i*n+j] = sum
		}
	}
	return c
}
