package elementwise

import "fmt"

// Vector is the input, with room for results and for what stands between.
type Vector struct {
	X        []float64
	original []float64 // X, for after a row has written over it
	written  *bool     // whether one has: to restore X needlessly would cool the caches
	out      []float64 // of the rows that don't allocate their result
	scratch  []float64 // a block of temporaries
}

// scratchLength is 32 KiB: a block of temporaries stays in the smallest cache.
const scratchLength = 4096

// Make returns a vector of n values in [0, 1), of a linear congruential generator with
// Knuth's constants, so that every language has the same.
func Make(n int) (Vector, error) {
	if n < 0 || n > 1<<28 {
		return Vector{}, fmt.Errorf("length %d: it is from 0 to %d", n, 1<<28)
	}
	x, state := make([]float64, n), uint64(1)
	for i := range x {
		state = state*6364136223846793005 + 1442695040888963407
		x[i] = float64(state>>11) / (1 << 53)
	}
	return Of(x), nil
}

// Of returns the vector of some values.
func Of(x []float64) Vector {
	return Vector{
		X: x, original: append([]float64(nil), x...), written: new(bool),
		out: make([]float64, len(x)), scratch: make([]float64, scratchLength),
	}
}

// restore puts back what a row wrote over the values.
func restore(v Vector) {
	if *v.written {
		copy(v.X, v.original)
		*v.written = false
	}
}

// Plain is the loop that everything here equals. Its result is new.
func Plain(v Vector) []float64 {
	y := make([]float64, len(v.X))
	for i, x := range v.X {
		y[i] = x + float64(x*5) + 4 // the product is rounded, also where CPUs could fuse it
	}
	return y
}
