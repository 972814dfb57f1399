package schedule

import (
	"sync/atomic"
	"testing"
)

// TestEachNumberOnce: whatever is divided among however many, no number is left out
// and none comes twice.
func TestEachNumberOnce(t *testing.T) {
	for _, s := range All {
		for _, n := range []int{-1, 0, 1, 2, 3, 7, 64, 1000, 1001} {
			for _, workers := range []int{-1, 0, 1, 2, 3, 8, 100} {
				for _, chunk := range []int{-1, 0, 1, 3, 64, 5000} {
					times := make([]atomic.Int32, max(n, 0))
					s.Run(n, workers, chunk, func(lo, hi int) {
						if lo >= hi {
							t.Errorf("%s: empty range [%d, %d)", s.Name, lo, hi)
						}
						for i := lo; i < hi; i++ {
							times[i].Add(1)
						}
					})
					for i := range times {
						if got := times[i].Load(); got != 1 {
							t.Fatalf("%s, n %d, %d workers, chunk %d: number %d came %d times", s.Name, n, workers, chunk, i, got)
						}
					}
				}
			}
		}
	}
}
