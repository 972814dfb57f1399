package laplacian

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// number is what grids are made of.
type number interface{ float32 | float64 }

// rowFiller computes a row without its ends from the row above, itself and the one
// below; all have the same length.
type rowFiller[T number] func(out, above, here, below []T, factor T)

// fillRow is the loop with slices whose lengths the compiler knows to be equal, so
// that it checks no index.
func fillRow(out, above, here, below []float64, factor float64) {
	if len(here) < 3 {
		return
	}
	left, mid, right := here[:len(here)-2], here[1:len(here)-1], here[2:]
	n := len(mid)
	out, above, below, left, right = out[1:][:n], above[1:][:n], below[1:][:n], left[:n], right[:n]
	for j := range mid {
		out[j] = (above[j] + below[j] + (left[j] + right[j]) - float64(4*mid[j])) * factor
	}
}

// fillRow32 is fillRow with 32 bits a number.
func fillRow32(out, above, here, below []float32, factor float32) {
	if len(here) < 3 {
		return
	}
	left, mid, right := here[:len(here)-2], here[1:len(here)-1], here[2:]
	n := len(mid)
	out, above, below, left, right = out[1:][:n], above[1:][:n], below[1:][:n], left[:n], right[:n]
	for j := range mid {
		out[j] = (above[j] + below[j] + (left[j] + right[j]) - float32(4*mid[j])) * factor
	}
}

// fillRows computes rows lo to hi of those that have rows on both sides.
func fillRows[T number](out, u []T, n, lo, hi int, factor T, fill rowFiller[T]) {
	for i := lo + 1; i < hi+1; i++ {
		fill(out[i*n:][:n:n], u[(i-1)*n:][:n:n], u[i*n:][:n:n], u[(i+1)*n:][:n:n], factor)
	}
}

// whole runs on one CPU.
func whole(fill rowFiller[float64]) func(Grid) Field {
	return func(g Grid) Field {
		fillRows(g.out, g.U, g.N, 0, g.N-2, 1/(g.H*g.H), fill)
		return Field{Values: g.out}
	}
}

// single is whole with 32 bits a number.
func single(fill rowFiller[float32]) func(Grid) Field {
	return func(g Grid) Field {
		fillRows(g.out32, g.u32, g.N, 0, g.N-2, float32(1/(g.H*g.H)), fill)
		return Field{Single: g.out32}
	}
}

// leastBand is how many cells take about as long as a goroutine takes to start.
const leastBand = 1 << 14

// divided runs on all CPUs, rows being divided by one of the four schedules.
func divided(name string, fill rowFiller[float64]) func(Grid) Field {
	return func(g Grid) Field {
		bands(name, g.N, func(lo, hi int) { fillRows(g.out, g.U, g.N, lo, hi, 1/(g.H*g.H), fill) })
		return Field{Values: g.out}
	}
}

func singleDivided(name string, fill rowFiller[float32]) func(Grid) Field {
	return func(g Grid) Field {
		bands(name, g.N, func(lo, hi int) { fillRows(g.out32, g.u32, g.N, lo, hi, float32(1/(g.H*g.H)), fill) })
		return Field{Single: g.out32}
	}
}

// bands divides the rows of a grid of n by n that have rows on both sides.
func bands(name string, n int, body func(lo, hi int)) {
	chunk := max(1, leastBand/max(n, 1))
	for _, s := range schedule.All {
		if s.Name == name {
			s.Run(n-2, min(kernels.Workers(), n*n/leastBand+1), chunk, body)
		}
	}
}

// tileWidth is how many columns a tile has: three rows of it, and that of the results,
// fit the smallest cache together.
const tileWidth = 1024

// tiles goes down a band of columns before it goes on to the next, so that the two
// rows that a row shares with the one before are still in the smallest cache.
func tiles(g Grid) Field {
	n, factor := g.N, 1/(g.H*g.H)
	for from := 0; from < n-2; from += tileWidth {
		width := min(tileWidth+2, n-from)
		for i := 1; i < n-1; i++ {
			at := i*n + from
			fillRow(g.out[at:][:width], g.U[at-n:][:width], g.U[at:][:width], g.U[at+n:][:width], factor)
		}
	}
	return Field{Values: g.out}
}

// copied moves as many bytes as the loop into a grid that is there: the yardstick. Of
// more than a megabyte Go's copy writes past the caches, so that no line is read
// before it is written.
func copied(g Grid) Field {
	copy(g.out, g.U)
	return Field{Values: g.out}
}

func copiedDivided(g Grid) Field {
	schedule.Static(len(g.U), kernels.Workers(), 0, func(lo, hi int) { copy(g.out[lo:hi], g.U[lo:hi]) })
	return Field{Values: g.out}
}
