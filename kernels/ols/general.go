package ols

import "math"

// byQR has each row solved as if nothing was known of it: a matrix with a column of
// ones and one of x, its QR decomposition by Householder's reflections (Golub and Van
// Loan, Matrix Computations, 5.2), and back substitution.
func byQR(t Table) []float64 {
	return t.apply(func(y []float64) float64 { return leastSquares(design(len(y)), append([]float64(nil), y...))[1] })
}

// design is the matrix of a line's problem: row j is 1, j.
func design(rows int) [][]float64 {
	x := make([][]float64, rows)
	for j := range x {
		x[j] = []float64{1, float64(j)}
	}
	return x
}

// leastSquares returns the coefficients that bring x times them nearest to y. It
// writes over both; x has as many rows as y, at least as many as columns, and full
// rank.
func leastSquares(x [][]float64, y []float64) []float64 {
	columns := len(x[0])
	for c := range columns {
		norm := 0.0
		for r := c; r < len(x); r++ {
			norm = math.Hypot(norm, x[r][c])
		}
		if x[c][c] > 0 {
			norm = -norm // away from what is subtracted
		}
		reflector := make([]float64, len(x)-c)
		for r := range reflector {
			reflector[r] = x[c+r][c]
		}
		reflector[0] -= norm
		reflect(reflector, c, x, y)
	}
	out := make([]float64, columns)
	for c := columns - 1; c >= 0; c-- {
		sum := y[c]
		for k := c + 1; k < columns; k++ {
			sum -= x[c][k] * out[k]
		}
		out[c] = sum / x[c][c]
	}
	return out
}

// reflect applies I - 2vvᵀ/vᵀv to y and the columns of x, from row and column c on.
func reflect(v []float64, c int, x [][]float64, y []float64) {
	squares := 0.0
	for _, value := range v {
		squares += value * value
	}
	if squares == 0 {
		return
	}
	for k := c; k < len(x[0]); k++ {
		dot := 0.0
		for r, value := range v {
			dot += value * x[c+r][k]
		}
		for r, value := range v {
			x[c+r][k] -= 2 * dot / squares * value
		}
	}
	dot := 0.0
	for r, value := range v {
		dot += value * y[c+r]
	}
	for r, value := range v {
		y[c+r] -= 2 * dot / squares * value
	}
}

// byNormalEquations solves XᵀX b = Xᵀy for each row by elimination.
func byNormalEquations(t Table) []float64 {
	return t.apply(func(y []float64) float64 {
		x := design(len(y))
		columns := len(x[0])
		m := make([][]float64, columns) // XᵀX, and Xᵀy as its last column
		for i := range m {
			m[i] = make([]float64, columns+1)
			for j, row := range x {
				for k, v := range row {
					m[i][k] += row[i] * v
				}
				m[i][columns] += row[i] * y[j]
			}
		}
		return eliminate(m)[1]
	})
}

// eliminate solves n equations, rows of n factors and the right side, by Gauss's
// elimination with the largest factor of a column first. It writes over m.
func eliminate(m [][]float64) []float64 {
	n := len(m)
	for c := range n {
		pivot := c
		for r := c + 1; r < n; r++ {
			if math.Abs(m[r][c]) > math.Abs(m[pivot][c]) {
				pivot = r
			}
		}
		m[c], m[pivot] = m[pivot], m[c]
		for r := c + 1; r < n; r++ {
			factor := m[r][c] / m[c][c]
			for k := c; k <= n; k++ {
				m[r][k] -= factor * m[c][k]
			}
		}
	}
	out := make([]float64, n)
	for r := n - 1; r >= 0; r-- {
		sum := m[r][n]
		for k := r + 1; k < n; k++ {
			sum -= m[r][k] * out[k]
		}
		out[r] = sum / m[r][r]
	}
	return out
}
