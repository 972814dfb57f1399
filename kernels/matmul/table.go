package matmul

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject, less the rows that need another module.
var Kernel = &kernels.Subject[Pair, []float64]{
	Name: "matmul",
	Doc:  "the product of two square matrices",
	Unit: "multiply-add",
	Make: Make, Valid: valid,
	Ops:     func(p Pair) float64 { return float64(p.N) * float64(p.N) * float64(p.N) },
	Differs: func(p Pair, want, got []float64) string { return Differs(p, want, got, 0x1p-52) },
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 32, Small: 512, Book: 1024},
	Targets: []kernels.Target{
		{By: "Go", Row: "gonum", Most: 1},
	},
	Variants: slices.Concat([]kernels.Variant[Pair, []float64]{
		row("plain", "i, j, k: B is read down its columns", Plain),
		row("boxed", "every value in an interface, rows of their own, as lists of Python", boxed),
		row("i, k, j", "rows of B are added up, no bounds checked", byRows),
		row("transposed", "B turned first: both are read along rows", transposed),
		row("transposed, 4 accumulators", "additions don't wait for each other", fourSums),
		row("tiled", "i, k, j in blocks of B that stay in the cache", tiled),
		row("tiled, goroutines", "a band of rows for each CPU", tiledBands),
		row("packed", "blocks copied into the order they are read, 4 by 2 sums in registers", product(scalar[float64](), 1)),
		row("packed, goroutines", "blocks of A to whoever is free", product(scalar[float64](), 0)),
		single("float32", "i, k, j with half the bytes, and as many instructions", byRows32),
	}, vectorRows(), cRows()),
}

func row(name, doc string, f func(Pair) []float64, needs ...kernels.Need) kernels.Variant[Pair, []float64] {
	return kernels.Variant[Pair, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// single is a row with 32 bits a number.
func single(name, doc string, f func(Pair) []float64, needs ...kernels.Need) kernels.Variant[Pair, []float64] {
	r := row(name, doc, f, needs...)
	r.Differs = func(p Pair, want, got []float64) string { return Differs(p, want, got, 0x1p-22) }
	return r
}

// valid tells what is wrong with a pair of matrices.
func valid(p Pair) error {
	if p.N < 0 || len(p.A) != p.N*p.N || len(p.B) != p.N*p.N {
		return fmt.Errorf("%d and %d values for %d by %d: both matrices have n·n", len(p.A), len(p.B), p.N, p.N)
	}
	return nil
}

// sums of values that are all positive don't depend much on the order of additions.
func sums(c []float64) []kernels.Sum {
	n := int(math.Sqrt(float64(len(c))))
	all, trace, last := 0.0, 0.0, 0.0
	for _, v := range c {
		all += v
	}
	for i := range n {
		trace += c[i*n+i]
	}
	if n > 0 {
		last = c[len(c)-1]
	}
	return []kernels.Sum{
		{Name: "sum of all values", Value: all, Tolerance: 1e-9},
		{Name: "trace", Value: trace, Tolerance: 1e-9},
		{Name: "the last value", Value: last, Tolerance: 1e-9},
	}
}

// Differs tells the first value that isn't the reference's. A sum of n products may
// be off by n+2 roundings (epsilon each) of what its terms come to without their
// signs, which is at most the row's sum times the column's largest: Higham, Accuracy
// and Stability of Numerical Algorithms, 3.1.
func Differs(p Pair, want, got []float64, epsilon float64) string {
	if len(want) != len(got) {
		return kernels.Same(want, got)
	}
	n := p.N
	largest := make([]float64, n)
	for i, v := range p.B {
		largest[i%n] = max(largest[i%n], math.Abs(v))
	}
	for i := range n {
		row := 0.0
		for _, v := range p.A[i*n:][:n] {
			row += math.Abs(v)
		}
		for j := range n {
			w, g := want[i*n+j], got[i*n+j]
			if !kernels.Close(w, g, 0) && !(math.Abs(w-g) <= float64(n+2)*epsilon*row*largest[j]) {
				return fmt.Sprintf("value %d, %d is %v, not %v", i, j, g, w)
			}
		}
	}
	return ""
}
