package sequence

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"hpgo/kernels"
	"hpgo/kernels/kerneltest"
)

func TestSequence(t *testing.T) {
	before := runtime.NumGoroutine()
	var broken []kerneltest.Case[Items]
	for _, in := range []Items{{1, 0}, {5, 0}, {5, 1}, {5, 4}, {5, 5}, {5, 100}, {0, 0}, {0, 3}, {64, 63}, {1024, 1}, {5000, 1023}, {5000, 1024}, {5000, 1025}, {5000, 4999}, {100_000, 10}} {
		broken = append(broken, kerneltest.Case[Items]{Name: fmt.Sprintf("%d items, break at %d", in.N, in.Stop), In: func() Items { return in }})
	}
	kerneltest.Run(t, kerneltest.Suite[Items, Result]{
		Subject: Kernel,
		Sizes:   []int{0, 1, 2, 3, 63, 64, 65, 1023, 1024, 1025, 2047, 2049, 10_000},
		Special: broken,
		Bad: []kerneltest.Case[Items]{
			{Name: "fewer items than none", In: func() Items { return Items{N: -1} }},
			{Name: "a stop before the first", In: func() Items { return Items{N: 1, Stop: -1} }},
		},
		BadSizes: []int{-1, 1<<31 + 1},
		Known:    map[int][]kernels.Sum{1_000_000: {{Name: "sum", Value: 499_999_500_000}, {Name: "items made", Value: 1_000_000}}},
	})
	// Loops that broke off have left nobody behind, in whichever form.
	if after := settled(before); after > before {
		t.Errorf("%d goroutines are left, %d were there before", after, before)
	}
}

// settled is the number of goroutines, after those that are ending have ended.
func settled(want int) int {
	for range 100 {
		if runtime.NumGoroutine() <= want {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	return runtime.NumGoroutine()
}

// What the producers of a loop that breaks off have made is known.
func TestMade(t *testing.T) {
	const n, stop = 100_000, 9 // ten items are taken
	for name, most := range map[string]int{
		"plain": 10, "iter.Seq": 10, "iter.Seq, noinline": 10, "callback": 10, "closure": 10, "struct": 10, "iter.Pull": 10,
		"adapters, 5": 10, "adapters, Zip": 10, "channel": 11, "channel of 64": 75, "channel of 1024": 1035,
	} {
		r, err := Kernel.Run(name, Items{N: n, Stop: stop})
		if err != nil {
			t.Fatal(err)
		}
		if r.Made < 10 || r.Made > most {
			t.Errorf("%s: %d items were made, not 10 to %d", name, r.Made, most)
		}
	}
}

func BenchmarkSequence(b *testing.B) { kerneltest.Bench(b, Kernel, Kernel.Sizes.Small) }
