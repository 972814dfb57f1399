package entropy

import (
	"math"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/hashes"
	"hpgo/kernels/kerneltest"
)

func TestEntropy(t *testing.T) {
	kerneltest.Run(t, kerneltest.Suite[Keys, Spread]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 5, 6, 7, 26, 27, 676, 677, 2000},
		Special: []kerneltest.Case[Keys]{
			{Name: "one bucket", In: func() Keys {
				return Keys{Words: []string{"", "a", "b"}, Numbers: []uint64{0, 1, 1<<64 - 1}, Buckets: 1}
			}},
			{Name: "equal and odd words, equal numbers", In: func() Keys {
				return Keys{Words: []string{"", "", "\xff\x00", "Öl", "Öl", "ZZ", "zz"}, Numbers: []uint64{7, 7, 7, 8, 9, 1 << 63, 15}, Buckets: 8}
			}},
			{Name: "far more buckets than keys", In: func() Keys { return Keys{Words: []string{"a", "b"}, Numbers: []uint64{1, 2}, Buckets: 1 << 16} }},
		},
		Bad: []kerneltest.Case[Keys]{
			{Name: "no buckets", In: func() Keys { return Keys{} }},
			{Name: "buckets that are no power of two", In: func() Keys { return Keys{Buckets: 12} }},
			{Name: "fewer numbers", In: func() Keys { return Keys{Words: []string{"a"}, Buckets: 8} }},
		},
		BadSizes: []int{-1, 1 << 23},
	})
}

func BenchmarkEntropy(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }

// TestSources: the figures of the notes, and of the 676 words in 1,024 buckets.
func TestSources(t *testing.T) {
	if a, b := OfShares([]float64{.25, .25, .25, .25}), OfShares([]float64{.1, .3, .5, .1}); a != 1.3862943611198906 || b != 1.1682824501765625 {
		t.Errorf("entropies %v and %v", a, b)
	}
	if a, b := OfCounts([]int{5, 5, 5, 5}), OfCounts([]int{1, 3, 0, 5, 1}); a != 1.3862943611198906 || b != 1.1682824501765625 {
		t.Errorf("entropies of counts %v and %v", a, b)
	}
	keys, err := Make(676)
	if err != nil || keys.Buckets != 1024 {
		t.Fatal(keys.Buckets, err)
	}
	for row, want := range map[string]float64{"constant": 0, "first letter": math.Log2(26), "perfect": math.Log2(676), "numbers, identity": 0} {
		s, err := Kernel.Run(row, keys)
		if got := Bits(s.Entropy); err != nil || math.Abs(got-want) > 1e-12 {
			t.Errorf("%s: %v bits, not %v; %v", row, got, want, err)
		}
	}
	for _, row := range []string{"FNV-1a", "mixed", "SipHash-1-3", "maphash", "numbers, multiplied", "numbers, maphash"} {
		s, err := Kernel.Run(row, keys)
		if share := s.Entropy / ByChance(676, 1024); err != nil || share < 0.98 { // more is luck: these keys are regular
			t.Errorf("%s: %v of what chance gives, %v", row, share, err)
		}
	}
}

// TestMeasures: the bounds at their edges, and ByChance against all ways that few keys
// can fall.
func TestMeasures(t *testing.T) {
	for _, c := range []struct {
		keys, buckets int
		want          float64
	}{{0, 8, 0}, {8, 0, 0}, {1, 8, 0}, {5, 1, 0}, {676, 1024, math.Log(676)}, {1024, 8, math.Log(8)}, {3, 2, math.Log(3) - 2.0/3*math.Log(2)}} {
		if got := Most(c.keys, c.buckets); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%d keys in %d buckets have at most %v, not %v", c.keys, c.buckets, got, c.want)
		}
	}
	for _, c := range [][2]int{{1, 4}, {2, 2}, {4, 3}, {5, 4}, {3, 1}, {0, 4}} {
		n, m := c[0], c[1]
		ways, sum := int(math.Pow(float64(m), float64(n))), 0.0
		for w := range ways {
			counts := make([]int, m)
			for rest, i := w, 0; i < n; i++ {
				counts[rest%m]++
				rest /= m
			}
			sum += OfCounts(counts)
		}
		if got, want := ByChance(n, m), sum/float64(ways); math.Abs(got-want) > 1e-12 {
			t.Errorf("%d keys in %d buckets have %v by chance, not %v", n, m, got, want)
		}
	}
	if got := ByChance(1_000_000, 8); math.Abs(got-math.Log(8)) > 1e-5 {
		t.Errorf("a million keys in 8 buckets: %v", got)
	}
}

// TestUnlawful: what rows are checked by sees what is wrong.
func TestUnlawful(t *testing.T) {
	keys := Keys{Words: []string{"aa", "ab", "ba"}, Numbers: []uint64{0, 1, 2}, Buckets: 4}
	even, uneven := OfCounts([]int{1, 1, 1, 0}), OfCounts([]int{2, 1, 0, 0})
	for _, c := range []struct {
		name   string
		spread Spread
		reach  int
		ok     bool
	}{
		{"even", Spread{[]int{1, 1, 1, 0}, even}, 4, true},
		{"two letters", Spread{[]int{2, 1, 0, 0}, uneven}, firstLetters(keys), true},
		{"too even for two letters", Spread{[]int{1, 1, 1, 0}, even}, firstLetters(keys), false},
		{"lost", Spread{[]int{1, 1, 0, 0}, OfCounts([]int{1, 1})}, 4, false},
		{"fewer buckets", Spread{[]int{1, 1, 1}, even}, 4, false},
		{"another entropy", Spread{[]int{1, 1, 1, 0}, uneven}, 4, false},
		{"no number", Spread{[]int{1, 1, 1, 0}, math.NaN()}, 4, false},
		{"negative", Spread{[]int{4, -1, 0, 0}, even}, 4, false},
	} {
		if how := unlawful(keys, c.spread, c.reach); (how == "") != c.ok {
			t.Errorf("%s: %q", c.name, how)
		}
	}
	want := []kernels.Sum{{Value: 3}, {Value: 2}, {Value: 1}, {Value: uneven, Tolerance: tolerance}}
	if how := kernels.SameSums(want, sums(Spread{[]int{2, 1, 0, 0}, uneven})); how != "" {
		t.Error(how)
	}
	if n := hashes.Collisions([]int{3, 0, 1, 2}); n != 3 {
		t.Errorf("%d collisions", n)
	}
}
