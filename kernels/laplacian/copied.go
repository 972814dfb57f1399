package laplacian

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// bandBytes is how much of the results is computed before it is copied: from a megabyte
// on Go's copy writes past the caches.
const bandBytes = 1 << 20

// rowsOfBand is how many rows make such a band.
func rowsOfBand(n int) int { return (bandBytes/8 + n - 1) / max(n, 1) }

// banded computes a band into memory that stays in the caches and copies it to where it
// belongs. A store to memory reads the line first, a copy of that size doesn't: that
// saves a third of the traffic of grids that no cache holds, and costs where one does.
func banded(fill rowFiller[float64]) func(Grid) Field {
	return func(g Grid) Field {
		step := rowsOfBand(g.N)
		scratch := make([]float64, step*g.N)
		for lo := 0; lo < g.N-2; lo += step {
			fillBand(g, scratch, lo, min(lo+step, g.N-2), fill)
		}
		return Field{Values: g.out}
	}
}

func bandedDivided(fill rowFiller[float64]) func(Grid) Field {
	return func(g Grid) Field {
		step := rowsOfBand(g.N)
		spare := make(chan []float64, kernels.Workers()) // bands of memory that nobody uses
		for range cap(spare) {
			spare <- make([]float64, step*g.N)
		}
		schedule.Dynamic(g.N-2, cap(spare), step, func(lo, hi int) {
			scratch := <-spare
			fillBand(g, scratch, lo, hi, fill)
			spare <- scratch
		})
		return Field{Values: g.out}
	}
}

// fillBand computes rows lo to hi of those that have rows on both sides, by way of
// scratch, whose ends of rows are 0 as the border is.
func fillBand(g Grid, scratch []float64, lo, hi int, fill rowFiller[float64]) {
	n := g.N
	for i := lo; i < hi; i++ {
		fill(scratch[(i-lo)*n:][:n:n], g.U[i*n:][:n:n], g.U[(i+1)*n:][:n:n], g.U[(i+2)*n:][:n:n], 1/(g.H*g.H))
	}
	copy(g.out[(lo+1)*n:(hi+1)*n], scratch)
}
