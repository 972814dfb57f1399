package diffusion

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// Steps of one pass: while the rows of a square are read once, they take several steps.
// Row i after t steps needs rows i-1 to i+1 after t-1 steps, so of what stands between
// the first and the last step three rows each are enough, which a cache holds. Every
// value is computed as ever, from the same values.

// stepsOfPass is how many steps a pass takes: as many as what stands between them
// leaves room for in a cache of half a megabyte, which is every core's own.
func stepsOfPass(n int) int {
	const cache, most = 1 << 19, 6
	return min(max(1+cache/(3*8*max(n, 1)), 2), most)
}

// between are the rows that stand between the first and the last step of a pass.
type between struct {
	n    int
	rows []float64 // three for each step but the last
}

func newBetween(n, steps int) between {
	return between{n, make([]float64, 3*n*max(steps-1, 0))}
}

// row is where row i after step t stands; i may be negative.
func (b between) row(t, i int) []float64 {
	return b.rows[(3*(t-1)+(i%3+3)%3)*b.n:][:b.n:b.n]
}

// pass writes what rows lo to hi of u are some steps later to next. Beyond its ends the
// rows that those depend on are computed, too; a neighbour does so as well.
func (b between) pass(next, u []float64, lo, hi, steps int, fill rowFiller) {
	n := b.n
	if lo >= hi {
		return
	}
	after := func(t, i int) []float64 {
		switch t {
		case 0:
			for i < 0 { // no remainder, which is a division
				i += n
			}
			for i >= n {
				i -= n
			}
			return u[i*n:][:n:n]
		case steps:
			return next[i*n:][:n:n]
		}
		return b.row(t, i)
	}
	for front := lo - steps + 1; front < hi+steps-1; front++ {
		for t := 1; t <= steps; t++ {
			i := front - (t - 1)
			if beyond := steps - t; lo-beyond <= i && i < hi+beyond {
				fillWhole(after(t, i), after(t-1, i-1), after(t-1, i), after(t-1, i+1), fill)
			}
		}
	}
}

// passes runs on one CPU, several steps a pass.
func passes(fill rowFiller) func(Square) []float64 {
	return func(s Square) []float64 {
		most := stepsOfPass(s.N)
		turn := newTurns(s, most)
		b := newBetween(s.N, most)
		for at, left := 0, s.Steps; left > 0; at++ {
			steps := min(left, most)
			b.pass(turn.next(at), turn.from(at), 0, s.N, steps, fill)
			left -= steps
		}
		return turn.last()
	}
}

// crew gives each CPU a band of rows for all of the run. Its goroutines
// wait for each other after each pass, which takes up to most steps.
func crew(fill rowFiller, most func(n int) int) func(Square) []float64 {
	return func(s Square) []float64 {
		workers, most := max(1, min(kernels.Workers(), len(s.U)/leastBand+1, s.N)), most(s.N)
		turn, meet := newTurns(s, most), schedule.NewBarrier(workers)
		schedule.Crew(workers, func(w int) {
			defer meet.Leave()
			lo, hi := w*s.N/workers, (w+1)*s.N/workers
			b := newBetween(s.N, most)
			for at, left := 0, s.Steps; left > 0; at++ {
				steps := min(left, most)
				b.pass(turn.next(at), turn.from(at), lo, hi, steps, fill)
				left -= steps
				meet.Wait()
			}
		})
		return turn.last()
	}
}

// turns are the squares that passes go from and to. The first reads the input where it
// is; who has one pass needs one square.
type turns struct {
	input   []float64
	squares [2][]float64
	passes  int
}

func newTurns(s Square, most int) turns {
	t := turns{input: s.U, passes: (s.Steps + most - 1) / most}
	for k := range min(t.passes, 2) {
		t.squares[k] = make([]float64, len(s.U))
	}
	return t
}

// from and next are the squares of a pass; they are numbered from 0.
func (t turns) from(pass int) []float64 {
	if pass == 0 {
		return t.input
	}
	return t.squares[(pass-1)%2]
}

func (t turns) next(pass int) []float64 { return t.squares[pass%2] }

// last is the result, which is no part of the input.
func (t turns) last() []float64 {
	if t.passes == 0 {
		return append([]float64{}, t.input...)
	}
	return t.next(t.passes - 1)
}

// one is of passes of a single step.
func one(int) int { return 1 }
