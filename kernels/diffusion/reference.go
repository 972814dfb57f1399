package diffusion

import "fmt"

// Square is n by n cells, row by row, and how many steps they take.
type Square struct {
	N, Steps int
	U        []float64
}

const (
	dt = 0.1
	// What the block has at the beginning.
	heat = 0.005
	// updates is how many cells a run updates: 1,000 steps of the source's 512².
	updates   = 1000 * 512 * 512
	mostSteps = 1000
)

// Make returns the source's square of n by n cells.
func Make(n int) (Square, error) {
	if n < 0 || n > 1<<14 {
		return Square{}, fmt.Errorf("%d cells a side: it is from 0 to %d", n, 1<<14)
	}
	s := Square{N: n, Steps: mostSteps, U: make([]float64, n*n)}
	if n*n*mostSteps > updates {
		s.Steps = updates / (n * n)
	}
	if s.Steps < 2 {
		s.Steps = 2
	}
	for i := n * 4 / 10; i < n/2; i++ {
		for j := n * 4 / 10; j < n/2; j++ {
			s.U[i*n+j] = heat
		}
	}
	return s, nil
}

// Plain is the loop that everything here equals: rows that are slices of their own, a
// new square for each step, neighbours by remainder.
func Plain(s Square) []float64 {
	n := s.N
	u := make([][]float64, n)
	for i := range u {
		u[i] = make([]float64, n)
		copy(u[i], s.U[i*n:])
	}
	for step := 0; step < s.Steps; step++ {
		next := make([][]float64, n)
		for i := range next {
			next[i] = make([]float64, n)
		}
		for i := 0; i < n; i++ {
			for j := 0; j < n; j++ {
				xx := u[(i+1)%n][j] + u[(i-1+n)%n][j] - 2*u[i][j]
				yy := u[i][(j+1)%n] + u[i][(j-1+n)%n] - 2*u[i][j]
				next[i][j] = u[i][j] + float64((xx+yy)*dt)
			}
		}
		u = next
	}
	out := make([]float64, 0, n*n)
	for _, row := range u {
		out = append(out, row...)
	}
	return out
}
