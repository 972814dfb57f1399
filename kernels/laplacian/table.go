package laplacian

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Grid, Field]{
	Name: "laplacian",
	Doc:  "the Laplacian of a grid by finite differences",
	Unit: "cell",
	Make: Make, Valid: valid,
	Reset:   func(Grid) {}, // only room for results is written to, the same places by all rows
	Ops:     func(g Grid) float64 { return float64(max(g.N-2, 0)) * float64(max(g.N-2, 0)) },
	Bytes:   func(g Grid) float64 { return 16 * float64(len(g.U)) },
	Differs: differs,
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 64, Small: 1000, Book: 10_000},
	Targets: []kernels.Target{{By: "Python", Row: "Numba parallel", Most: 1}},
	Variants: slices.Concat([]kernels.Variant[Grid, Field]{
		row("plain", "rows of rows, divided by h² at every point", Plain),
		row("boxed", "every value in an interface, as in Python", boxed),
		row("hoisted", "as plain, times 1/h²", hoisted),
		row("append", "as plain, each result appended", appended),
		row("iterators", "neighbours from an iterator, times 1/h²", iterators),
		row("columns", "as hoisted, column by column", columns),
		row("flat", "one slice, index arithmetic", flat),
		row("whole arrays", "operation by operation on all of it, as NumPy", wholeArrays),
		row("rows", "slices of rows, no bounds checked", whole(fillRow)),
		row("tiles", "as rows, 1,024 columns at a time", tiles),
		row("rows, goroutines, static", "on all CPUs: one band each", divided("static", fillRow)),
		row("rows, goroutines, cyclic", "on all CPUs: rows in turn", divided("cyclic", fillRow)),
		row("rows, goroutines, dynamic", "on all CPUs: the next rows to whoever is free", divided("dynamic", fillRow)),
		row("rows, goroutines, guided", "on all CPUs: bands that shrink", divided("guided", fillRow)),
		{Name: "float32", Doc: "as rows, half the bytes, and rounding that 1/h² multiplies", Func: single(fillRow32), Differs: nearly},
	}, vectorRows(), cRows(), []kernels.Variant[Grid, Field]{
		{Name: "copy", Doc: "what memory can do", Func: copied, Yardstick: true},
		{Name: "copy, goroutines", Doc: "what memory can do for all CPUs", Func: copiedDivided, Yardstick: true},
	}),
}

func row(name, doc string, f func(Grid) Field, needs ...kernels.Need) kernels.Variant[Grid, Field] {
	return kernels.Variant[Grid, Field]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with a grid.
func valid(g Grid) error {
	if g.N < 0 || len(g.U) != g.N*g.N || len(g.out) != len(g.U) || len(g.u32) != len(g.U) || len(g.out32) != len(g.U) {
		return fmt.Errorf("%d values for %d by %d with room for %d results: make the grid with Of", len(g.U), g.N, g.N, len(g.out))
	}
	if !(g.H >= 1e-100 && g.H <= 1e100) {
		return fmt.Errorf("points %v apart: it is from 1e-100 to 1e100", g.H)
	}
	return nil
}

// differs allows what x/h² and x·(1/h²) differ by.
func differs(_ Grid, want, got Field) string {
	return kernels.Near(want.Values, got.Values, 1e-15)
}

// nearly allows what 32 bits a number may make of a value: half a unit in the last
// place of each of five, and as much in their sum, times 1/h².
func nearly(g Grid, want, got Field) string {
	if len(want.Values) != len(got.Single) {
		return fmt.Sprintf("%d values, not %d", len(got.Single), len(want.Values))
	}
	largest := 0.0
	for _, v := range g.U {
		if math.IsNaN(v) || math.Abs(v) > math.MaxFloat32/16 || math.Abs(v)/(g.H*g.H) > math.MaxFloat32/16 {
			return "" // no numbers of 32 bits
		}
		largest = max(largest, math.Abs(v))
	}
	allowed := 16 * largest / (1 << 23) / (g.H * g.H)
	for k, w := range want.Values {
		if !(math.Abs(w-float64(got.Single[k])) <= allowed) {
			return fmt.Sprintf("value %d is %v, not %v", k, got.Single[k], w)
		}
	}
	return ""
}

// sums are figures of all values, and one that tells rows from columns.
func sums(f Field) []kernels.Sum {
	magnitudes, squares := 0.0, 0.0
	for _, v := range f.Values {
		magnitudes, squares = magnitudes+math.Abs(v), squares+v*v
	}
	n, one := int(math.Sqrt(float64(len(f.Values)))), 0.0
	if n > 0 {
		one = f.Values[n/3*n+n/2]
	}
	return []kernels.Sum{
		{Name: "sum of magnitudes", Value: magnitudes, Tolerance: 1e-6},
		{Name: "sum of squares", Value: squares, Tolerance: 1e-6},
		{Name: "the value at a third down, half across", Value: one, Tolerance: 1e-6},
	}
}
