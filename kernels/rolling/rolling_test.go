package rolling

import (
	"math"
	"slices"
	"testing"

	"hpgo/kernels/kerneltest"
)

// noisy is series without a shape, whose values at places are put in.
func noisy(series, length, window int, values ...float64) Table {
	t := Of(length, window, make([]float64, series*length))
	for i := range t.Y {
		t.Y[i] = float64(i*i%37)/16 - 1
	}
	for i, v := range values {
		t.Y[(i*131+17)%len(t.Y)] = v
	}
	return t
}

func TestRolling(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	var special []kerneltest.Case[Table]
	for name, in := range map[string]Table{
		"no value":                        Of(20, 3, nil),
		"a series shorter than windows":   noisy(3, 5, 6),
		"one window each":                 noisy(7, 14, 14),
		"two windows each":                noisy(7, 15, 14),
		"windows of two":                  noisy(2, 50, 2),
		"a window longer than blocks":     noisy(2, 200, 71),
		"as many windows as a vector x4":  noisy(2, 16+13, 14),
		"one fewer than a vector x8":      noisy(2, 31+13, 14),
		"as many windows as a vector x8":  noisy(2, 32+13, 14),
		"one more than a vector x8":       noisy(2, 33+13, 14),
		"a long one, renewed and divided": noisy(1, 20_011, 14),
		"one more than renewed":           noisy(1, renewal+14, 14),
		"not a number":                    noisy(2, 100, 14, nan, 1, nan),
		"infinities":                      noisy(2, 100, 14, inf, -inf),
		"infinities in the first window":  noisy(1, 40, 20, inf, -inf),
		"the large and the small":         noisy(2, 100, 14, 1e30, 5e-324, math.Copysign(0, -1)),
		"all the same":                    Of(40, 14, make([]float64, 80)),
	} {
		special = append(special, kerneltest.Case[Table]{Name: name, In: func() Table {
			return Of(in.Length, in.Window, append([]float64(nil), in.Y...))
		}})
	}
	bad := func(name string, length, window, values int) kerneltest.Case[Table] {
		return kerneltest.Case[Table]{Name: name, In: func() Table { return Of(length, window, make([]float64, values)) }}
	}
	kerneltest.Run(t, kerneltest.Suite[Table, []float64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 20},
		Special: special,
		Bad: []kerneltest.Case[Table]{
			bad("windows of one", 10, 1, 20),
			bad("no window", 10, 0, 20),
			bad("a negative window", 10, -3, 20),
			bad("no length", 0, 14, 20),
			bad("a negative length", -10, 14, 20),
			bad("a series that isn't whole", 10, 3, 25),
			{Name: "no room for results", In: func() Table { return Table{Length: 10, Window: 3, Y: make([]float64, 20)} }},
		},
		BadSizes: []int{-1, 1 << 30},
	})
}

// TestLine: windows of a line have its slope, by every row.
func TestLine(t *testing.T) {
	in := Of(90, 14, make([]float64, 5*90))
	for i := range in.Y {
		in.Y[i] = float64(i/90)*float64(i%90) - 3
	}
	for _, v := range Kernel.Variants {
		for i, got := range v.Func(in) {
			if want := float64(i / 77); math.Abs(got-want) > 1e-4 {
				t.Errorf("%s: slope %d is %v, not %v", v.Name, i, got, want)
			}
		}
	}
}

// TestLocal: a value that is no number takes the slope of those windows that have it,
// and of no others.
func TestLocal(t *testing.T) {
	const at, window = 50, 14
	for _, v := range Kernel.Variants {
		in := noisy(1, 120, window)
		in.Y[at] = math.NaN()
		for s, got := range v.Func(in) {
			if has := s <= at && at < s+window; math.IsNaN(got) != has {
				t.Errorf("%s: slope %d is %v", v.Name, s, got)
			}
		}
	}
}

// TestDrift: sums that slide past a large value have lost the digits below it for good,
// and those added up anew get them back.
func TestDrift(t *testing.T) {
	const window, large = 14, 1e12
	in := noisy(1, 3*renewal, window)
	in.Y[100] = large
	drift := Drift(in.Y, window)
	if before, after := drift[100-window], drift[len(drift)-1]; before > 1e-13 || after < 1e-6 {
		t.Errorf("%v before the large value, %v after it", before, after)
	}
	want := slices.Clone(Plain(in))
	got := one(renewed)(in)
	for s := renewal; s < len(want); s++ {
		if math.Abs(want[s]-got[s]) > 1e-13 {
			t.Fatalf("renewed: slope %d is %v, not %v", s, got[s], want[s])
		}
	}
	if Drift(in.Y[:5], 6) != nil || Drift(in.Y, 1) != nil {
		t.Error("drift without windows")
	}
}

func BenchmarkRolling(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
