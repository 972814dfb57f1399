package elementwise

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// boxed has every value in an interface, and a new one for each result.
func boxed(v Vector) []float64 {
	values := make([]any, len(v.X))
	for i, x := range v.X {
		values[i] = x
	}
	results := make([]any, len(values))
	for i, x := range values {
		results[i] = add(add(x, multiply(x, 5.0)), 4.0)
	}
	for i, r := range results {
		v.out[i] = r.(float64)
	}
	return v.out
}

//go:noinline
func add(a, b any) any { return a.(float64) + b.(float64) }

//go:noinline
func multiply(a, b any) any { return a.(float64) * b.(float64) }

// temporaries has a vector of its own for each operation, as array libraries have.
func temporaries(v Vector) []float64 {
	return plusScalar(plus(v.X, timesScalar(v.X, 5)), 4)
}

func timesScalar(x []float64, s float64) []float64 {
	y := make([]float64, len(x))
	for i := range y {
		y[i] = x[i] * s
	}
	return y
}

func plus(a, b []float64) []float64 {
	y := make([]float64, len(a))
	for i := range y {
		y[i] = a[i] + b[i]
	}
	return y
}

func plusScalar(x []float64, s float64) []float64 {
	y := make([]float64, len(x))
	for i := range y {
		y[i] = x[i] + s
	}
	return y
}

// into is the loop with a result that was there before, as out= of NumPy.
func into(v Vector) []float64 {
	fill(v.out, v.X)
	return v.out
}

func fill(y, x []float64) {
	x = x[:len(y)]
	for i := range y {
		y[i] = x[i] + float64(x[i]*5) + 4
	}
}

// inPlace writes over its input: who needs that again must have a copy.
func inPlace(v Vector) []float64 {
	*v.written = true
	for i, x := range v.X {
		v.X[i] = x + float64(x*5) + 4
	}
	return v.X
}

// blocked does one operation at a time, on blocks that stay in the cache: what
// numexpr does.
func blocked(v Vector) []float64 {
	for lo := 0; lo < len(v.X); lo += scratchLength {
		hi := min(lo+scratchLength, len(v.X))
		x, y, t := v.X[lo:hi], v.out[lo:hi], v.scratch[:hi-lo]
		for i := range t {
			t[i] = x[i] * 5
		}
		for i := range t {
			t[i] = x[i] + t[i]
		}
		for i := range t {
			y[i] = t[i] + 4
		}
	}
	return v.out
}

// chunk is how many elements are handed out at a time.
const chunk = 1 << 14

// divided is a filling function on all CPUs.
func divided(fill func(y, x []float64)) func(Vector) []float64 {
	return func(v Vector) []float64 {
		schedule.Static(len(v.X), min(kernels.Workers(), len(v.X)/chunk+1), 0, func(lo, hi int) {
			fill(v.out[lo:hi], v.X[lo:hi])
		})
		return v.out
	}
}

// copied moves as many bytes as the loop into a result that is there: the yardstick.
func copied(v Vector) []float64 {
	copy(v.out, v.X)
	return v.out
}
