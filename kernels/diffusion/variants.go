package diffusion

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// boxed has every value in an interface, in rows of their own, as lists of Python.
func boxed(s Square) []float64 {
	n := s.N
	grid := func() [][]any {
		rows := make([][]any, n)
		for i := range rows {
			rows[i] = make([]any, n)
		}
		return rows
	}
	u := grid()
	for i := range u {
		for j := range u[i] {
			u[i][j] = s.U[i*n+j]
		}
	}
	for range s.Steps {
		next := grid()
		for i := range n {
			for j := range n {
				here := u[i][j].(float64)
				xx := u[(i+1)%n][j].(float64) + u[(i-1+n)%n][j].(float64) - 2*here
				yy := u[i][(j+1)%n].(float64) + u[i][(j-1+n)%n].(float64) - 2*here
				next[i][j] = here + float64((xx+yy)*dt)
			}
		}
		u = next
	}
	out := make([]float64, n*n)
	for i := range out {
		out[i] = u[i/n][i%n].(float64)
	}
	return out
}

// reused has two squares that change places, and nothing else that is new.
func reused(s Square) []float64 {
	return stepped(s, func(next, u []float64, n int) {
		for i := range n {
			for j := range n {
				xx := u[(i+1)%n*n+j] + u[(i-1+n)%n*n+j] - 2*u[i*n+j]
				yy := u[i*n+(j+1)%n] + u[i*n+(j-1+n)%n] - 2*u[i*n+j]
				next[i*n+j] = u[i*n+j] + float64((xx+yy)*dt)
			}
		}
	})
}

// wrapped has comparisons in place of the remainder, which is a division.
func wrapped(s Square) []float64 {
	return stepped(s, func(next, u []float64, n int) {
		for i := range n {
			above, below := i-1, i+1
			if above < 0 {
				above = n - 1
			}
			if below == n {
				below = 0
			}
			for j := range n {
				left, right := j-1, j+1
				if left < 0 {
					left = n - 1
				}
				if right == n {
					right = 0
				}
				xx := u[below*n+j] + u[above*n+j] - 2*u[i*n+j]
				yy := u[i*n+right] + u[i*n+left] - 2*u[i*n+j]
				next[i*n+j] = u[i*n+j] + float64((xx+yy)*dt)
			}
		}
	})
}

// rolled goes over the whole square for every operation, with squares in between, as
// numpy.roll and + do.
func rolled(s Square) []float64 {
	n := s.N
	return stepped(s, func(next, u []float64, _ int) {
		sum := roll(u, n, 1, 0)
		for _, by := range [][2]int{{-1, 0}, {0, 1}, {0, -1}} {
			shifted := roll(u, n, by[0], by[1])
			for k := range sum {
				sum[k] += shifted[k]
			}
		}
		for k := range sum {
			sum[k] -= 4 * u[k]
		}
		for k := range sum {
			sum[k] *= dt
		}
		for k := range next {
			next[k] = u[k] + sum[k]
		}
	})
}

// roll returns a new square that is shifted by rows and columns.
func roll(u []float64, n, rows, columns int) []float64 {
	out := make([]float64, len(u))
	for i := range n {
		from := u[(i-rows+n)%n*n:][:n]
		to := out[i*n:][:n]
		shift := (columns + n) % n
		copy(to[shift:], from)
		copy(to[:shift], from[n-shift:])
	}
	return out
}

// stepped runs a step over and over, first from the input, where it is, and then from one
// of two squares to the other.
func stepped(s Square, step func(next, u []float64, n int)) []float64 {
	turn := newTurns(s, 1)
	for at := range s.Steps {
		step(turn.next(at), turn.from(at), s.N)
	}
	return turn.last()
}

// rowFiller computes a row without its ends from the row above, itself and the one
// below; all have the same length, of 2 at least.
type rowFiller func(next, above, here, below []float64)

// fillRow is the loop with slices whose lengths the compiler knows to be equal, so
// that it checks no index.
func fillRow(next, above, here, below []float64) {
	left, mid, right := here[:len(here)-2], here[1:len(here)-1], here[2:]
	n := len(mid)
	next, above, below = next[1:][:n], above[1:][:n], below[1:][:n]
	left, right = left[:n], right[:n]
	for j := range mid {
		xx := below[j] + above[j] - 2*mid[j]
		yy := right[j] + left[j] - 2*mid[j]
		next[j] = mid[j] + float64((xx+yy)*dt)
	}
}

// fillWhole computes a row with its ends, which meet.
func fillWhole[T float32 | float64](next, above, here, below []T, fill func(next, above, here, below []T)) {
	n := len(here)
	end := func(j, left, right int) {
		xx := below[j] + above[j] - 2*here[j]
		yy := here[right] + here[left] - 2*here[j]
		next[j] = here[j] + T((xx+yy)*dt)
	}
	end(0, n-1, min(1, n-1))
	if n > 1 {
		end(n-1, n-2, 0)
		fill(next, above, here, below)
	}
}

// fillRows computes rows lo to hi of a square.
func fillRows(next, u []float64, n, lo, hi int, fill rowFiller) {
	row := func(i int) []float64 { return u[i*n:][:n:n] }
	for i := lo; i < hi; i++ {
		fillWhole(next[i*n:][:n:n], row((i-1+n)%n), row(i), row((i+1)%n), fill)
	}
}

// byRows runs on one CPU.
func byRows(fill rowFiller) func(Square) []float64 {
	return func(s Square) []float64 {
		return stepped(s, func(next, u []float64, n int) { fillRows(next, u, n, 0, n, fill) })
	}
}

// bands gives each CPU a band of rows in every step, if the bands are worth starting
// a goroutine.
func bands(fill rowFiller) func(Square) []float64 {
	return func(s Square) []float64 {
		workers := min(kernels.Workers(), len(s.U)/leastBand+1)
		return stepped(s, func(next, u []float64, n int) {
			schedule.Static(n, workers, 0, func(lo, hi int) { fillRows(next, u, n, lo, hi, fill) })
		})
	}
}

// leastBand is how many cells take about as long as a goroutine takes to start.
const leastBand = 1 << 14
