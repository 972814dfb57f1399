package filter

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Image, []float64]{
	Name: "filter",
	Doc:  "the mean of 9 by 9 pixels around each pixel of an image",
	Unit: "pixel",
	Make: Make, Valid: valid,
	Reset:   func(Image) {}, // only room for results is written to, all of it by every row
	Ops:     func(m Image) float64 { return float64(len(m.Pixels)) },
	Differs: within(1e-13),
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 48, Small: 512, Book: 2048},
	Targets: []kernels.Target{
		{By: "Python", Row: "SciPy", Most: 1},
		{By: "Python", Row: "Numba", Most: 1},
	},
	Variants: slices.Concat([]kernels.Variant[Image, []float64]{
		variant("plain", "all 81 pixels, each asked where it is", Plain),
		{Name: "general", Doc: "any weights, pixels by an interface", Func: general, Largest: 1024},
		variant("boundary", "as plain, the border by a function", boundary),
		variant("padded", "a larger image, whose border is there", padded),
		variant("separable", "sums of columns, then along the row", separable),
		variant("running", "sums that gain a row or a pixel and lose another", running(addRows, runAlong)),
		variant("running, goroutines", "a band for each CPU", bands(addRows, runAlong)),
		{Name: "uint8", Doc: "running sums of whole numbers", Func: fromBytes, Differs: wholeOnly},
		{Name: "float32", Doc: "as separable, half the bytes", Func: fromSingle, Differs: within(1e-5)},
	}, vectorRows(), cRows()),
}

func variant(name, doc string, f func(Image) []float64, needs ...kernels.Need) kernels.Variant[Image, []float64] {
	return kernels.Variant[Image, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with an image.
func valid(m Image) error {
	if m.Width < 0 || m.Height < 0 || len(m.Pixels) != m.Width*m.Height {
		return fmt.Errorf("%d pixels for %d by %d", len(m.Pixels), m.Width, m.Height)
	}
	if len(m.out) != len(m.Pixels) || len(m.bytes) != len(m.Pixels) || len(m.single) != len(m.Pixels) {
		return fmt.Errorf("%d pixels with room for %d results: make the image with Of", len(m.Pixels), len(m.out))
	}
	if m.K < 1 || m.K%2 == 0 || m.K > 1023 {
		return fmt.Errorf("a box of %d by %d: its side is odd, from 1 to 1,023", m.K, m.K)
	}
	if m.Beyond != Wrap && m.Beyond != Zero && m.Beyond != Reflect {
		return fmt.Errorf("%q beyond the border: it is %s, %s or %s", m.Beyond, Wrap, Zero, Reflect)
	}
	return nil
}

// within allows differences by a share of the largest value: sums in another order, or
// of fewer bits.
func within(share float64) func(m Image, want, got []float64) string {
	return func(m Image, want, got []float64) string {
		if len(want) != len(got) {
			return kernels.Same(want, got)
		}
		largest := 0.0
		for _, v := range m.Pixels {
			if !math.IsInf(v, 0) && !math.IsNaN(v) {
				largest = max(largest, math.Abs(v))
			}
		}
		for i := range want {
			if !(math.Abs(want[i]-got[i]) <= share*largest) && !kernels.Close(want[i], got[i], share) {
				return fmt.Sprintf("pixel %d is %v, not %v", i, got[i], want[i])
			}
		}
		return ""
	}
}

// wholeOnly compares where bytes can hold all pixels; elsewhere it is another image.
func wholeOnly(m Image, want, got []float64) string {
	for i, p := range m.Pixels {
		if float64(m.bytes[i]) != p {
			return ""
		}
	}
	return within(1e-13)(m, want, got)
}

// sums are figures of all values, and one that tells rows from columns.
func sums(out []float64) []kernels.Sum {
	sum, squares := 0.0, 0.0
	for _, v := range out {
		sum, squares = sum+v, squares+v*v
	}
	n, one := int(math.Sqrt(float64(len(out)))), 0.0
	if n > 0 {
		one = out[n/3*n+n/2]
	}
	return []kernels.Sum{
		{Name: "sum", Value: sum, Tolerance: 1e-9},
		{Name: "sum of squares", Value: squares, Tolerance: 1e-9},
		{Name: "the value at a third down, half across", Value: one, Tolerance: 1e-9},
	}
}
