package norm

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// boxed has every value in an interface, as a list of Python has them in objects.
// Vectors that are too long for that are added up as they are.
func boxed(v Vector) float64 {
	if v.Boxed == nil {
		return Plain(v)
	}
	sum := 0.0
	for _, x := range v.Boxed {
		sum += x.(float64) * x.(float64)
	}
	return sum
}

func pointers(v Vector) float64 {
	if v.Pointers == nil {
		return Plain(v)
	}
	sum := 0.0
	for _, x := range v.Pointers {
		sum += *x * *x
	}
	return sum
}

// ints can't wait for rounding: additions of integers take one cycle. The sum wraps
// from 2^63 on, at about 3 million values.
func ints(v Vector) float64 {
	sum := uint64(0)
	for _, x := range v.Ints {
		sum += uint64(x) * uint64(x)
	}
	return float64(sum)
}

// twoPasses writes all squares before it adds them up, as numpy.sum(v * v) does.
func twoPasses(v Vector) float64 {
	squares := v.scratch[:len(v.Floats)]
	for i, x := range v.Floats {
		squares[i] = x * x
	}
	sum := 0.0
	for _, s := range squares {
		sum += s
	}
	return sum
}

// accumulators has four sums, so that an addition needn't wait for the one before.
func accumulators(v Vector) float64 { return fourSums(v.Floats) }

func fourSums(values []float64) float64 {
	var a, b, c, d float64
	for len(values) >= 4 {
		four := values[:4]
		a += four[0] * four[0]
		b += four[1] * four[1]
		c += four[2] * four[2]
		d += four[3] * four[3]
		values = values[4:]
	}
	for _, x := range values {
		a += x * x
	}
	return (a + b) + (c + d)
}

// divided gives each CPU a block and adds up what they find, always in one order.
func divided(add func([]float64) float64) func(Vector) float64 {
	return func(v Vector) float64 {
		workers := max(1, min(kernels.Workers(), len(v.Floats)/4096)) // less is done before a goroutine has started
		sums := make([]float64, workers*padding)
		schedule.Crew(workers, func(w int) {
			sums[w*padding] = add(v.Floats[w*len(v.Floats)/workers : (w+1)*len(v.Floats)/workers])
		})
		total := 0.0
		for w := range workers {
			total += sums[w*padding]
		}
		return total
	}
}

// padding keeps what the workers write in cache lines of their own.
const padding = 8

// copied moves as many bytes as the sum reads: the yardstick.
func copied(v Vector) float64 {
	half := len(v.Floats) / 2
	return float64(copy(v.scratch[:half], v.Floats[:half]))
}

func copiedDivided(v Vector) float64 {
	half := len(v.Floats) / 2
	schedule.Static(half, kernels.Workers(), 0, func(lo, hi int) { copy(v.scratch[lo:hi], v.Floats[lo:hi]) })
	return float64(half)
}
