package fibonacci

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"testing"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
	"hpgo/kernels/sequence/adapter"
)

func TestFibonacci(t *testing.T) {
	kerneltest.Run(t, kerneltest.Suite[int, Result]{
		Subject:  Kernel,
		Sizes:    []int{0, 1, 2, 3, 4, 5, 63, 64, 65, 92, 93, 94, 95, 96, 97, 1000, 3001},
		BadSizes: []int{-1, 1<<20 + 1},
		Bad:      []kerneltest.Case[int]{{Name: "fewer numbers than none", In: func() int { return -1 }}},
		Known:    map[int][]kernels.Sum{4: {{Name: "multiples of 3", Value: 1}, {Name: "bits of the last", Value: 2}, {Name: "its last 32 bits", Value: 3}}},
	})
}

// The source's hundred thousand: a quarter of them.
func TestBook(t *testing.T) {
	if testing.Short() {
		t.Skip("takes a second")
	}
	if r := byWords(100_000); r.Threes != 25_000 || r.Bits != 69_424 {
		t.Errorf("%+v", r)
	}
}

func TestOdd(t *testing.T) {
	for limit, want := range map[uint64]int{0: 0, 1: 0, 2: 2, 3: 2, 4: 3, 5000: 13, 4181: 12, math.MaxUint64: 62} {
		if a, b, c := Odd(limit), OddOf(limit), OddWhile(limit); a != want || b != want || c != want {
			t.Errorf("below %d: %d, %d, %d, not %d", limit, a, b, c, want)
		}
	}
	words := slices.Collect(Words())
	if len(words) != 93 || words[92] != 12200160415121876738 {
		t.Errorf("%d numbers, the last %d", len(words), words[len(words)-1])
	}
}

// What Numbers yields may not be kept, and what Fresh yields may.
func ExampleNumbers() {
	fmt.Println(slices.Collect(adapter.Take(Numbers(), 6)))
	fmt.Println(slices.Collect(adapter.Map(adapter.Take(Numbers(), 6), func(f *big.Int) *big.Int { return new(big.Int).Set(f) })))
	fmt.Println(slices.Collect(adapter.Take(Fresh(), 6)))
	// Output:
	// [5 8 5 8 5 8]
	// [1 1 2 3 5 8]
	// [1 1 2 3 5 8]
}

func BenchmarkFibonacci(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }

func BenchmarkOdd(b *testing.B) {
	for name, f := range map[string]func(uint64) int{"inline": Odd, "generator": OddOf, "takewhile": OddWhile} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f(5000)
			}
		})
	}
}
