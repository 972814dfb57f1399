package matmul

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// boxed has every value in an interface, in rows of their own.
func boxed(p Pair) []float64 {
	n := p.N
	lists := func(values []float64) [][]any {
		rows := make([][]any, n)
		for i := range rows {
			rows[i] = make([]any, n)
			for j := range n {
				rows[i][j] = values[i*n+j]
			}
		}
		return rows
	}
	a, b, c := lists(p.A), lists(p.B), make([]float64, n*n)
	for i := range n {
		for j := range n {
			sum := 0.0
			for k := range n {
				sum += a[i][k].(float64) * b[k][j].(float64)
			}
			c[i*n+j] = sum
		}
	}
	return c
}

// byRows reads B along its rows: n times as many stores, but all of a cache line.
func byRows(p Pair) []float64 {
	n := p.N
	c := make([]float64, n*n)
	addRows(c, p.A, p.B, n, 0, n, 0, n)
	return c
}

// addRows adds to rows lo to hi of c what the values k from to to of those rows of a
// make of the rows of b.
func addRows(c, a, b []float64, n, lo, hi, from, to int) {
	for i := lo; i < hi; i++ {
		row := c[i*n:][:n]
		for k := from; k < to; k++ {
			factor, other := a[i*n+k], b[k*n:][:n]
			for j := range row {
				row[j] += factor * other[j]
			}
		}
	}
}

// transposed turns B, so that the inner loop reads both matrices along rows.
func transposed(p Pair) []float64 {
	return withTurned(p, func(a, b []float64) float64 {
		sum := 0.0
		for k := range a {
			sum += a[k] * b[k]
		}
		return sum
	})
}

// fourSums is transposed with sums that don't wait for each other.
func fourSums(p Pair) []float64 {
	return withTurned(p, func(a, b []float64) float64 {
		var s0, s1, s2, s3 float64
		for len(a) >= 4 && len(b) >= 4 {
			s0 += a[0] * b[0]
			s1 += a[1] * b[1]
			s2 += a[2] * b[2]
			s3 += a[3] * b[3]
			a, b = a[4:], b[4:]
		}
		for k := range a {
			s0 += a[k] * b[k]
		}
		return (s0 + s1) + (s2 + s3)
	})
}

// withTurned calls dot for every row of A and column of B, which have equal lengths.
func withTurned(p Pair, dot func(a, b []float64) float64) []float64 {
	n := p.N
	turned, c := make([]float64, n*n), make([]float64, n*n)
	for i := range n {
		for j := range n {
			turned[j*n+i] = p.B[i*n+j]
		}
	}
	for i := range n {
		for j := range n {
			c[i*n+j] = dot(p.A[i*n:][:n], turned[j*n:][:n])
		}
	}
	return c
}

// tileRows of B stay in the second cache while the rows of a band are done.
const tileRows = 64

func tiled(p Pair) []float64 {
	c := make([]float64, p.N*p.N)
	band(c, p, 0, p.N, addRows)
	return c
}

func tiledBands(p Pair) []float64 { return bands(p, addRows) }

// rowAdder is addRows in whichever language.
type rowAdder func(c, a, b []float64, n, lo, hi, from, to int)

// bands gives each CPU a band of rows of the result.
func bands(p Pair, add rowAdder) []float64 {
	c := make([]float64, p.N*p.N)
	schedule.Static(p.N, kernels.Workers(), 0, func(lo, hi int) { band(c, p, lo, hi, add) })
	return c
}

// band computes rows lo to hi, tile by tile.
func band(c []float64, p Pair, lo, hi int, add rowAdder) {
	for from := 0; from < p.N; from += tileRows {
		add(c, p.A, p.B, p.N, lo, hi, from, min(from+tileRows, p.N))
	}
}

// byRows32 is byRows with 32 bits a value. Loops of one number at a time have as many
// instructions for them, so it gains nothing while the caches hold the matrices.
func byRows32(p Pair) []float64 {
	n := p.N
	a, b, c := narrow(p.A), narrow(p.B), make([]float32, n*n)
	for i := range n {
		row := c[i*n:][:n]
		for k := range n {
			factor, other := a[i*n+k], b[k*n:][:n]
			for j := range row {
				row[j] += factor * other[j]
			}
		}
	}
	out := make([]float64, n*n)
	for i, v := range c {
		out[i] = float64(v)
	}
	return out
}

func narrow(values []float64) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = float32(v)
	}
	return out
}
