package convolution

import (
	"fmt"
	"math"
	"slices"

	"hpgo/kernels"
)

// Kernel is the subject.
var Kernel = &kernels.Subject[Image, []float64]{
	Name: "convolution",
	Doc:  "nine weights times each pixel of an image and its neighbours",
	Unit: "pixel",
	Make: Make, Valid: valid,
	Reset:   func(Image) {}, // only room for results is written to, all of it by every row
	Ops:     func(m Image) float64 { return float64(len(m.Pixels)) },
	Bytes:   func(m Image) float64 { return 16 * float64(len(m.Pixels)) },
	Differs: within(1e-14),
	Sums:    sums,
	Sizes:   kernels.Sizes{Smoke: 64, Small: 512, Book: 2048},
	Targets: []kernels.Target{
		{By: "Python", Row: "SciPy", Most: 1},
		{By: "Python", Row: "Numba", Most: 1},
		{By: "C", Row: "gcc", Most: 1},
	},
	Variants: slices.Concat([]kernels.Variant[Image, []float64]{
		row("plain", "all nine pixels, each asked where it is", Plain),
		{Name: "general", Doc: "any number of weights, pixels by an interface", Func: general, Largest: 4096},
		row("padded", "a larger image, whose border is there", padded),
		row("shifted", "nine passes along each row, one for a weight", one(shifted)),
		row("unrolled", "nine products at once, from slices whose bounds are known", one(unrolled)),
		row("unrolled, goroutines", "a band of rows for each CPU", bands(unrolled)),
		{Name: "float32", Doc: "products and sums of half the bits", Func: single, Differs: within(1e-6)},
	}, vectorRows(), cRows()),
}

func row(name, doc string, f func(Image) []float64, needs ...kernels.Need) kernels.Variant[Image, []float64] {
	return kernels.Variant[Image, []float64]{Name: name, Doc: doc, Func: f, Needs: needs}
}

// valid tells what is wrong with an image.
func valid(m Image) error {
	if m.Width < 0 || m.Height < 0 || len(m.Pixels) != m.Width*m.Height {
		return fmt.Errorf("%d pixels for %d by %d", len(m.Pixels), m.Width, m.Height)
	}
	if len(m.out) != len(m.Pixels) {
		return fmt.Errorf("%d pixels with room for %d results: make the image with Of", len(m.Pixels), len(m.out))
	}
	return nil
}

// within allows differences by a share of the weights times the largest pixel: products
// are added up in another order, or fused.
func within(share float64) func(m Image, want, got []float64) string {
	return func(m Image, want, got []float64) string {
		if len(want) != len(got) {
			return kernels.Same(want, got)
		}
		largest, all := 0.0, 0.0
		for _, p := range m.Pixels {
			if p-p == 0 {
				largest = max(largest, math.Abs(p))
			}
		}
		for _, w := range m.Weights {
			all += math.Abs(w)
		}
		for i := range want {
			if !(math.Abs(want[i]-got[i]) <= share*all*largest) && !kernels.Close(want[i], got[i], share) {
				return fmt.Sprintf("pixel %d is %v, not %v", i, got[i], want[i])
			}
		}
		return ""
	}
}

// sums are figures of all values; those of Make's image are exact. Each is weighed by
// its place: the sum of a Laplacian is 0, wherever its values are.
func sums(out []float64) []kernels.Sum {
	placed, squares := 0.0, 0.0
	for i, v := range out {
		placed, squares = placed+float64(i%97)*v, squares+v*v
	}
	n, one := int(math.Sqrt(float64(len(out)))), 0.0
	if n > 0 {
		one = out[n/3*n+n/2]
	}
	return []kernels.Sum{
		{Name: "sum times the place by 97", Value: placed},
		{Name: "sum of squares", Value: squares},
		{Name: "the value at a third down, half across", Value: one},
	}
}
