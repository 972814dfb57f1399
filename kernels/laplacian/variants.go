package laplacian

import (
	"iter"
)

// boxed has every value in an interface, as Python has every value in an object. It
// boxes a row when its turn comes: all of a large grid would fill the memory.
func boxed(g Grid) Field {
	box := func(i int) []any {
		row := make([]any, g.N)
		for j := range row {
			row[j] = g.U[i*g.N+j]
		}
		return row
	}
	if g.N < 3 {
		return Field{Values: g.out}
	}
	above, here := box(0), box(1)
	for i := 1; i < g.N-1; i++ {
		below, results := box(i+1), make([]any, g.N)
		for j := 1; j < g.N-1; j++ {
			sum := add(add(above[j], below[j]), add(here[j-1], here[j+1]))
			results[j] = divide(subtract(sum, multiply(4.0, here[j])), multiply(g.H, g.H))
		}
		for j := 1; j < g.N-1; j++ {
			g.out[i*g.N+j] = results[j].(float64)
		}
		above, here = here, below
	}
	return Field{Values: g.out}
}

//go:noinline
func add(a, b any) any { return a.(float64) + b.(float64) }

//go:noinline
func subtract(a, b any) any { return a.(float64) - b.(float64) }

//go:noinline
func multiply(a, b any) any { return a.(float64) * b.(float64) }

//go:noinline
func divide(a, b any) any { return a.(float64) / b.(float64) }

// hoisted multiplies by 1/h², which is computed once: the compiler moves no division
// out of a loop.
func hoisted(g Grid) Field {
	u, out, factor := rowsOf(g.U, g.N), rowsOf(g.out, g.N), 1/(g.H*g.H)
	for i := 1; i < g.N-1; i++ {
		for j := 1; j < g.N-1; j++ {
			out[i][j] = (u[i-1][j] + u[i+1][j] + (u[i][j-1] + u[i][j+1]) - float64(4*u[i][j])) * factor
		}
	}
	return Field{Values: g.out}
}

// appended appends each result, as the slides' loop does to lists.
func appended(g Grid) Field {
	u := rowsOf(g.U, g.N)
	for i := 1; i < g.N-1; i++ {
		results := g.out[i*g.N:][:0:g.N]
		results = append(results, 0)
		for j := 1; j < g.N-1; j++ {
			results = append(results, (u[i-1][j]+u[i+1][j]+(u[i][j-1]+u[i][j+1])-float64(4*u[i][j]))/(g.H*g.H))
		}
	}
	return Field{Values: g.out}
}

// cross is a point and its neighbours.
type cross struct{ above, left, here, right, below float64 }

// crosses gives the points of a row that have neighbours, as zip of shifted iterators.
func crosses(above, here, below []float64) iter.Seq2[int, cross] {
	return func(yield func(int, cross) bool) {
		above, below = above[:len(here)], below[:len(here)]
		for j := 1; j < len(here)-1; j++ {
			if !yield(j, cross{above[j], here[j-1], here[j], here[j+1], below[j]}) {
				return
			}
		}
	}
}

// iterators takes the neighbours of each point from an iterator, which the compiler
// turns into the loop again.
func iterators(g Grid) Field {
	u, out, factor := rowsOf(g.U, g.N), rowsOf(g.out, g.N), 1/(g.H*g.H)
	for i := 1; i < g.N-1; i++ {
		to := out[i]
		for j, c := range crosses(u[i-1], u[i], u[i+1]) {
			to[j] = (c.above + c.below + (c.left + c.right) - float64(4*c.here)) * factor
		}
	}
	return Field{Values: g.out}
}

// columns goes down the columns: every step is in another row, so in other memory.
func columns(g Grid) Field {
	u, out, factor := rowsOf(g.U, g.N), rowsOf(g.out, g.N), 1/(g.H*g.H)
	for j := 1; j < g.N-1; j++ {
		for i := 1; i < g.N-1; i++ {
			out[i][j] = (u[i-1][j] + u[i+1][j] + (u[i][j-1] + u[i][j+1]) - float64(4*u[i][j])) * factor
		}
	}
	return Field{Values: g.out}
}

// flat computes where a point is in the one slice.
func flat(g Grid) Field {
	u, out, n, factor := g.U, g.out, g.N, 1/(g.H*g.H)
	for i := 1; i < n-1; i++ {
		for j := 1; j < n-1; j++ {
			k := i*n + j
			out[k] = (u[k-n] + u[k+n] + (u[k-1] + u[k+1]) - float64(4*u[k])) * factor
		}
	}
	return Field{Values: g.out}
}

// wholeArrays goes over the whole grid for every operation, as array libraries do; what
// stands between is in out, so that nothing is allocated.
func wholeArrays(g Grid) Field {
	factor := 1 / (g.H * g.H)
	interior := func(do func(out, above, here, below []float64)) {
		for i := 1; i < g.N-1; i++ {
			do(g.out[i*g.N:][:g.N], g.U[(i-1)*g.N:][:g.N], g.U[i*g.N:][:g.N], g.U[(i+1)*g.N:][:g.N])
		}
	}
	sides := make([]float64, g.N)
	interior(func(out, above, _, below []float64) {
		for j := 1; j < len(out)-1; j++ {
			out[j] = above[j] + below[j]
		}
	})
	interior(func(out, _, here, _ []float64) {
		for j := 1; j < len(out)-1; j++ {
			sides[j] = here[j-1] + here[j+1]
		}
		for j := 1; j < len(out)-1; j++ {
			out[j] += sides[j]
		}
	})
	interior(func(out, _, here, _ []float64) {
		for j := 1; j < len(out)-1; j++ {
			out[j] -= float64(4 * here[j])
		}
	})
	interior(func(out, _, _, _ []float64) {
		for j := 1; j < len(out)-1; j++ {
			out[j] *= factor
		}
	})
	return Field{Values: g.out}
}
