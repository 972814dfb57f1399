package distinct

import (
	"slices"
	"strings"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

func TestDistinct(t *testing.T) {
	of := func(names ...string) func() []string { return func() []string { return slices.Clone(names) } }
	kerneltest.Run(t, kerneltest.Suite[[]string, int]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 7, 8, 9, 100, 2001},
		Special: []kerneltest.Case[[]string]{
			{Name: "the source's five", In: of("John Doe", "Albert Einstein", "John Murphey", "Albert Rutherford", "Elaine Bodian")},
			{Name: "empty, without a last name, with two spaces, in no alphabet", In: of("", " ", " a", "Ann", "Ann ", "Ann  B", "ann C", "\xff\x00 D", "\xff\x00", "Öz E", "")},
			{Name: "one name 1,000 times", In: func() []string { return strings.Split(strings.Repeat("Ann B\n", 1000), "\n") }},
		},
		BadSizes: []int{-1, 1 << 25},
		Known: map[int][]kernels.Sum{
			10_000:  {{Name: "first names", Value: 10_000}},
			100_000: {{Name: "first names", Value: 100_000}},
		},
	})
	if got := Plain(of("John Doe", "Albert Einstein", "John Murphey", "Albert Rutherford", "Elaine Bodian")()); got != 3 {
		t.Errorf("the source's five have %d first names, not 3", got)
	}
}

// TestCollisions: names with the same hash are different all the same.
func TestCollisions(t *testing.T) {
	names, err := Make(300)
	if err != nil {
		t.Fatal(err)
	}
	names = append(names, names...)
	for _, hash := range []uint64{0, 1<<64 - 1} {
		if got := tableBy(names, func(string) uint64 { return hash }); got != 300 {
			t.Errorf("%d first names by the hash %d, not 300", got, hash)
		}
	}
}

func BenchmarkDistinct(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
