package withgonum

import (
	"math"
	"testing"

	"hpgo/kernels/kerneltest"
	"hpgo/kernels/matmul"
)

func TestGonum(t *testing.T) {
	k := *Kernel
	k.Variants = append(k.Variants[:1:1], k.Variants[len(k.Variants)-2:]...) // the others are tested in their own package
	with := func(a, b float64) func() matmul.Pair {
		return func() matmul.Pair {
			p, err := matmul.Make(9)
			if err != nil {
				t.Fatal(err)
			}
			p.A[40], p.B[40] = a, b
			return p
		}
	}
	kerneltest.Run(t, kerneltest.Suite[matmul.Pair, []float64]{
		Subject: &k,
		Sizes:   []int{0, 1, 2, 3, 17, 65, 130},
		Special: []kerneltest.Case[matmul.Pair]{
			{Name: "not a number", In: with(math.NaN(), 1)},
			{Name: "infinity", In: with(1, math.Inf(1))},
			{Name: "zero times infinity", In: with(0, math.Inf(1))},
		},
		Bad:      []kerneltest.Case[matmul.Pair]{{Name: "too few values", In: func() matmul.Pair { return matmul.Pair{N: 2, A: make([]float64, 4)} }}},
		BadSizes: []int{-1},
	})
	if len(matmul.Kernel.Variants) != len(Kernel.Variants)-2 {
		t.Error("matmul's own table has rows of gonum")
	}
}
