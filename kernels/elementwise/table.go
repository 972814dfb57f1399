package elementwise

import (
	"fmt"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Vector, []float64]{
	Name: "elementwise",
	Doc:  "x + 5x + 4 for every element of a vector",
	Unit: "element",
	Make: Make, Valid: valid,
	Reset:   restore,
	Ops:     func(v Vector) float64 { return float64(len(v.X)) },
	Bytes:   func(v Vector) float64 { return 16 * float64(len(v.X)) },
	Differs: func(_ Vector, want, got []float64) string { return kernels.Same(want, got) },
	Sums: func(y []float64) []kernels.Sum {
		sum, last := 0.0, 0.0
		for _, v := range y {
			sum, last = sum+v, v
		}
		return []kernels.Sum{{Name: "sum", Value: sum, Tolerance: 1e-9}, {Name: "last", Value: last}}
	},
	Sizes: kernels.Sizes{Smoke: 10_000, Small: 1_000_000, Book: 20_000_000},
	Targets: []kernels.Target{
		{By: "Python", Row: "numexpr", Most: 1},
		{By: "Python", Row: "Numba", Most: 1},
		{By: "Go", Row: "copy", Most: 1.2},
	},
	Variants: slices.Concat([]kernels.Variant[Vector, []float64]{
		row("plain", "one loop, a new result", Plain),
		row("boxed", "every value in an interface, as in Python", boxed),
		row("temporaries", "a new vector for each operation", temporaries),
		row("out=", "one loop into a result that was there", into),
		row("in place", "one loop over its input", inPlace),
		row("blocked", "operation by operation on 32 KiB, as numexpr", blocked),
		row("goroutines", "as out=, a block for each CPU", divided(fill)),
	}, vectorRows(), []kernels.Variant[Vector, []float64]{
		{Name: "copy", Doc: "what memory can do", Func: copied, Yardstick: true},
	}),
}

func row(name, doc string, f func(Vector) []float64, needs ...kernels.Need) kernels.Variant[Vector, []float64] {
	return kernels.Variant[Vector, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a vector.
func valid(v Vector) error {
	if len(v.out) != len(v.X) || len(v.original) != len(v.X) || v.written == nil || len(v.scratch) != scratchLength {
		return fmt.Errorf("%d elements with room for %d results: make the vector with Of", len(v.X), len(v.out))
	}
	return nil
}
