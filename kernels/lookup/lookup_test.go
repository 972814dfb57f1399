package lookup

import (
	"strings"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

// TestLookup: names that begin alike, the empty one, ones in no alphabet and ones in
// the book's gaps and beyond its ends.
func TestLookup(t *testing.T) {
	entries := func(names ...string) []Entry {
		var out []Entry
		for i, n := range names {
			out = append(out, Entry{n, int64(i * i)})
		}
		return out
	}
	long := strings.Repeat("Montgomery", 20)
	odd := []string{"", "\x00", "a", "aa", "Öztürk", "\xff\xff", "Smith", "Smith John", "Smith John A", "Smith Jo", "Smith J\x00", long, long + "x", "\x00\x00\x00\x00\x00\x00\x00\x00", "zz"}
	kerneltest.Run(t, kerneltest.Suite[Book, []int64]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 4, 7, 8, 9, 1000, 2001},
		Special: []kerneltest.Case[Book]{
			{Name: "nothing to look up", In: func() Book { return Of(entries("a", "b"), nil) }},
			{Name: "nothing in nothing", In: func() Book { return Of(nil, nil) }},
			{Name: "two entries, as in the source", In: func() Book {
				return Of([]Entry{{"John Doe", 5555555555}, {"Albert Einstein", 2122122212}}, []string{"John Doe", "Albert Einstein", "Jane Doe"})
			}},
			{Name: "all of the odd ones", In: func() Book { return Of(entries(odd...), append(odd, "b", "Smith J", "\xff", "0")) }},
			{Name: "none of the odd ones", In: func() Book { return Of(entries("Smith Jane", "Smyth", "Ö"), odd) }},
		},
		Bad: []kerneltest.Case[Book]{
			{Name: "a book that Of didn't make", In: func() Book { return Book{Entries: entries("a")} }},
			{Name: "a name twice", In: func() Book { return Of(entries("a", "b", "a"), nil) }},
		},
		BadSizes: []int{-1, 1 << 25},
		Known: map[int][]kernels.Sum{
			1000: {{Name: "found", Value: 500}, {Name: "sum of numbers", Value: 500*5_550_000_000 + 259_027}},
		},
	})
}

// TestNames: names differ, and their numbers of 32 bits are all used once.
func TestNames(t *testing.T) {
	seen := map[string]bool{}
	for i := range uint32(200_000) {
		seen[name(i)] = true
	}
	if len(seen) != 200_000 {
		t.Errorf("%d of 200000 names are different", len(seen))
	}
}

func BenchmarkLookup(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
