package laplacian

import "fmt"

// Grid is n by n values of a function, row by row, at points H apart, with room for
// results: out and its float32 stay 0 at the border.
type Grid struct {
	N     int
	H     float64
	U     []float64
	out   []float64
	u32   []float32 // U, rounded
	out32 []float32
}

// Field is a result: Values, or Single of rows with 32 bits a number.
type Field struct {
	Values []float64
	Single []float32
}

// Make returns x(1-x)·y² on [0,1]² at n by n points, y growing from row to row.
func Make(n int) (Grid, error) {
	if n < 0 || n > 1<<14 {
		return Grid{}, fmt.Errorf("%d points a side: it is from 0 to %d", n, 1<<14)
	}
	h := 1.0
	if n > 1 {
		h = 1 / float64(n-1)
	}
	u := make([]float64, n*n)
	for i := 0; i < n; i++ {
		y := float64(i) * h
		for j := 0; j < n; j++ {
			x := float64(j) * h
			u[i*n+j] = float64(x*(1-x)) * float64(y*y)
		}
	}
	return Of(n, h, u), nil
}

// Of returns the grid of n by n values at points h apart.
func Of(n int, h float64, u []float64) Grid {
	g := Grid{N: n, H: h, U: u, out: make([]float64, len(u)), u32: make([]float32, len(u)), out32: make([]float32, len(u))}
	for k, v := range u {
		g.u32[k] = float32(v)
	}
	return g
}

// Plain is the loop that everything here equals.
func Plain(g Grid) Field {
	u, out := rowsOf(g.U, g.N), rowsOf(g.out, g.N)
	for i := 1; i < g.N-1; i++ {
		for j := 1; j < g.N-1; j++ {
			out[i][j] = (u[i-1][j] + u[i+1][j] + (u[i][j-1] + u[i][j+1]) - float64(4*u[i][j])) / (g.H * g.H)
		}
	}
	return Field{Values: g.out}
}

// rowsOf returns the rows of n values, of which there are n.
func rowsOf(values []float64, n int) [][]float64 {
	rows := make([][]float64, n)
	for i := range rows {
		rows[i] = values[i*n : (i+1)*n]
	}
	return rows
}
