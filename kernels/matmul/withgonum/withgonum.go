// Package withgonum has the table of package matmul with the rows of gonum, which
// cells that import the table needn't link.
//
//	c.Mul(a, b) // of gonum.org/v1/gonum/mat
package withgonum

import (
	"slices"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
	"gonum.org/v1/gonum/mat"

	"hpgo/kernels"
	"hpgo/kernels/matmul"
)

// Kernel is the subject.
var Kernel = extended()

func extended() *kernels.Subject[matmul.Pair, []float64] {
	k := *matmul.Kernel
	k.Variants = slices.Concat(k.Variants, []kernels.Variant[matmul.Pair, []float64]{
		{Name: "gonum", Doc: "mat.Dense.Mul, on all CPUs", Func: dense, Differs: differs},
		{Name: "gonum, Dgemm", Doc: "blas/gonum without the matrices around it, on all CPUs", Func: dgemm, Differs: differs},
	})
	return &k
}

func dense(p matmul.Pair) []float64 {
	if p.N == 0 {
		return []float64{} // which mat has no matrix for
	}
	var c mat.Dense
	c.Mul(mat.NewDense(p.N, p.N, p.A), mat.NewDense(p.N, p.N, p.B))
	return c.RawMatrix().Data
}

func dgemm(p matmul.Pair) []float64 {
	n := p.N
	c, stride := make([]float64, n*n), max(n, 1)
	gonum.Implementation{}.Dgemm(blas.NoTrans, blas.NoTrans, n, n, n, 1, p.A, stride, p.B, stride, 0, c, stride)
	return c
}

// differs allows for what gonum leaves out: the products of zeros of A, which with an
// infinity or what is no number in B would be no numbers.
func differs(p matmul.Pair, want, got []float64) string {
	if slices.Contains(p.A, 0) && !finite(p.B) {
		return ""
	}
	return matmul.Differs(p, want, got, 0x1p-52)
}

// finite tells whether all values are numbers: what isn't, times zero, isn't zero.
func finite(values []float64) bool {
	return !slices.ContainsFunc(values, func(v float64) bool { return v*0 != 0 })
}
