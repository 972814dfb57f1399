package diffusion

import (
	"math"
	"runtime"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

func TestDiffusion(t *testing.T) {
	with := func(n, steps int, values ...float64) func() Square {
		return func() Square {
			s := Square{N: n, Steps: steps, U: make([]float64, n*n)}
			for i := range s.U {
				s.U[i] = float64(i*i%17) / 16
			}
			for i, v := range values {
				s.U[(i*7+3)%len(s.U)] = v
			}
			return s
		}
	}
	kerneltest.Run(t, kerneltest.Suite[Square, []float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 5},
		Special: []kerneltest.Case[Square]{
			{Name: "no steps", In: with(5, 0)},
			{Name: "9 by 9", In: with(9, 3)},
			{Name: "10 by 10", In: with(10, 3)},
			{Name: "11 by 11", In: with(11, 3)},
			{Name: "17 by 17", In: with(17, 4)},
			{Name: "18 by 18", In: with(18, 5)},
			{Name: "67 by 67", In: with(67, 3)},
			{Name: "200 by 200, which has bands", In: with(200, 3)},
			{Name: "not a number", In: with(12, 2, math.NaN())},
			{Name: "infinities", In: with(12, 2, math.Inf(1), 1, 2, math.Inf(-1))},
			{Name: "the large and the smallest", In: with(12, 1, 1e30, 5e-324, -1e30)},
		},
		Bad: []kerneltest.Case[Square]{
			{Name: "too few cells", In: func() Square { return Square{N: 3, U: make([]float64, 8)} }},
			{Name: "negative steps", In: func() Square { return Square{Steps: -1} }},
			{Name: "a negative side", In: func() Square { return Square{N: -2, U: make([]float64, 4)} }},
		},
		BadSizes: []int{-1, 1 << 20},
	})
}

// TestMass: what is there in all stays, for every row, and who loses some is seen, also if
// all rows do.
func TestMass(t *testing.T) {
	for _, n := range []int{64, 130, 512} {
		s, err := Make(n)
		if err != nil {
			t.Fatal(err)
		}
		s.Steps = 50
		if n > 130 {
			s.Steps = 2
		}
		side := float64(n/2 - n*4/10)
		want := []kernels.Sum{{Name: "sum of all cells", Value: side * side * heat, Tolerance: 1e-5}}
		for _, v := range Kernel.Variants {
			got := v.Func(s)
			if how := kernels.SameSums(want, sums(got)[:1]); how != "" {
				t.Errorf("n %d, %s: %s", n, v.Name, how)
			}
			differs := Kernel.Differs
			if v.Differs != nil {
				differs = v.Differs
			}
			for i := range got {
				got[i] *= 0.99
			}
			if differs(s, got, got) == "" {
				t.Errorf("n %d, %s: that a hundredth is lost isn't seen", n, v.Name)
			}
		}
	}
}

// TestFailingPart: where one of the goroutines that wait for each other panics, the others
// don't wait for ever.
func TestFailingPart(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(4))
	short := Square{N: 300, Steps: 3, U: make([]float64, 300*200)} // which Kernel.Run refuses
	for _, most := range []func(int) int{one, stepsOfPass} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("it has a result")
				}
			}()
			crew(fillRow, most)(short)
		}()
	}
}

func BenchmarkDiffusion(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
