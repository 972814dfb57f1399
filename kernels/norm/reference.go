package norm

import "fmt"

// Vector is the same values in the containers that are compared.
type Vector struct {
	Floats   []float64
	Ints     []int64
	Boxed    []any      // of float64
	Pointers []*float64 // one allocation each
	scratch  []float64  // of the copy, and of the squares of two passes
}

// Make returns the vector 0, 1, ..., n-1.
func Make(n int) (Vector, error) {
	if n < 0 || n > 1<<28 {
		return Vector{}, fmt.Errorf("length %d: it is from 0 to %d", n, 1<<28)
	}
	floats := make([]float64, n)
	for i := range floats {
		floats[i] = float64(i)
	}
	return Of(floats), nil
}

// mostBoxed is up to which length the containers of single values are made: at 24 and
// 16 bytes a value they would fill the memory of a small machine.
const mostBoxed = 1 << 22

// Of returns the vector of some values. Ints are whole parts; without a fraction they
// are the values.
func Of(floats []float64) Vector {
	v := Vector{Floats: floats, Ints: make([]int64, len(floats)), scratch: make([]float64, len(floats))}
	for i, f := range floats {
		v.Ints[i] = int64(f)
	}
	if len(floats) <= mostBoxed {
		v.Boxed, v.Pointers = make([]any, len(floats)), make([]*float64, len(floats))
		for i, f := range floats {
			v.Boxed[i], v.Pointers[i] = f, &f
		}
	}
	return v
}

// Plain is the loop that everything here equals.
func Plain(v Vector) float64 {
	sum := 0.0
	for _, x := range v.Floats {
		sum += x * x
	}
	return sum
}
