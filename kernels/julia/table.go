package julia

import (
	"fmt"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Points, []int32]{
	Name: "julia",
	Doc:  "steps until the points of a grid escape under z = z² + c",
	Unit: "step",
	Make: Grid, Valid: valid,
	Ops:     steps,
	Differs: func(_ Points, want, got []int32) string { return kernels.Same(want, got) },
	Sums: func(counts []int32) []kernels.Sum {
		return []kernels.Sum{{Name: "sum of counts", Value: float64(total(counts))}}
	},
	Sizes: kernels.Sizes{Smoke: 60, Small: 500, Book: 1000},
	Targets: []kernels.Target{
		{By: "Python", Row: "Numba parallel", Most: 0.2},
		{By: "C", Row: "gcc, OpenMP", Most: 0.2},
	},
	Variants: slices.Concat([]kernels.Variant[Points, []int32]{
		row("plain", "cmplx.Abs(z) < 2 on complex128", Plain),
		row("boxed", "every value in an interface, as in Python", boxed),
		row("squared", "re² + im² < 4: no root", squared),
		row("parts", "re and im apart, each square used twice", parts),
		{Name: "float32", Doc: "as parts, 32 bits a number; counts near the border differ", Func: single, Differs: nearlyAll},
	}, scheduledParts(), vectorRows(), cRows()),
}

func row(name, doc string, f func(Points) []int32, needs ...kernels.Need) kernels.Variant[Points, []int32] {
	return kernels.Variant[Points, []int32]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with points.
func valid(p Points) error {
	if len(p.Zs) != len(p.Cs) {
		return fmt.Errorf("%d points in Zs, %d in Cs: there is one constant for each point", len(p.Zs), len(p.Cs))
	}
	if p.MaxIter < 0 || p.MaxIter > 1<<31-1 {
		return fmt.Errorf("MaxIter %d: it is from 0 to 2^31-1", p.MaxIter)
	}
	return nil
}

// steps is the number of inner iterations, which the counts add up to.
func steps(p Points) float64 { return float64(total(parts(p))) }

func total(counts []int32) int {
	sum := 0
	for _, n := range counts {
		sum += int(n)
	}
	return sum
}

// nearlyAll allows one count in eight to differ: 300 steps of a chaotic map make any
// rounding visible near the border of the set.
func nearlyAll(_ Points, want, got []int32) string {
	if len(want) != len(got) {
		return kernels.Same(want, got)
	}
	differ := 0
	for i := range want {
		if want[i] != got[i] {
			differ++
		}
	}
	if differ > len(want)/8+1 {
		return fmt.Sprintf("%d of %d counts differ", differ, len(want))
	}
	return ""
}
