package ols

import (
	"math"
	"testing"

	"hpgo/kernels/kerneltest"
)

func TestOLS(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	with := func(columns, rows int, values ...float64) func() Table {
		return func() Table {
			t := Table{Columns: columns, Y: make([]float64, rows*columns)}
			for i := range t.Y {
				t.Y[i] = float64(i*i%17)/16 - 0.25
			}
			for i, v := range values {
				t.Y[(i*columns*5/3+i+3)%len(t.Y)] = v
			}
			return t
		}
	}
	kerneltest.Run(t, kerneltest.Suite[Table, []float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 4, 5, 7, 8, 9, 33, 1100},
		Special: []kerneltest.Case[Table]{
			{Name: "two columns", In: with(2, 5)},
			{Name: "three columns", In: with(3, 9)},
			{Name: "15 columns", In: with(15, 6)},
			{Name: "all the same", In: func() Table { return Table{Columns: days, Y: make([]float64, 3*days)} }},
			{Name: "not a number", In: with(days, 9, nan)},
			{Name: "infinities", In: with(days, 9, inf, 1, -inf)},
			{Name: "an infinity where vectors overlap", In: func() Table {
				t := with(days, 5)()
				t.Y[10], t.Y[days+11], t.Y[2*days+6] = inf, -inf, inf
				return t
			}},
			{Name: "the large and the small", In: with(days, 9, 1e30, -1e-30, 5e-324, math.Copysign(0, -1))},
		},
		Bad: []kerneltest.Case[Table]{
			{Name: "one column", In: func() Table { return Table{Columns: 1, Y: make([]float64, 3)} }},
			{Name: "no column", In: func() Table { return Table{} }},
			{Name: "a row that isn't whole", In: func() Table { return Table{Columns: 14, Y: make([]float64, 27)} }},
		},
		BadSizes: []int{-1, 1 << 30},
	})
}

// TestLine: the slope of a line is the line's, by every row.
func TestLine(t *testing.T) {
	in := Table{Columns: days, Y: make([]float64, 6*days)}
	for i := range in.Y {
		in.Y[i] = float64(i/days)*float64(i%days) - 3
	}
	for _, v := range Kernel.Variants {
		for i, got := range v.Func(in) {
			if math.Abs(got-float64(i)) > 1e-5 {
				t.Errorf("%s: slope %d is %v", v.Name, i, got)
			}
		}
	}
}

// TestMake: counts of mean and variance 60, divided by 60.
func TestMake(t *testing.T) {
	in, err := Make(10_000)
	if err != nil {
		t.Fatal(err)
	}
	var sum, squares float64
	for _, v := range in.Y {
		sum, squares = sum+v*60, squares+v*60*v*60
	}
	n := float64(len(in.Y))
	mean := sum / n
	if variance := squares/n - mean*mean; math.Abs(mean-60) > 0.1 || math.Abs(variance-60) > 1.5 {
		t.Errorf("mean %v, variance %v", mean, variance)
	}
}

func BenchmarkOLS(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
