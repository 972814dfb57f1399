package sampler

import (
	"sync"
	"testing"
)

// Stacks and numbers are of one moment while another goroutine counts: shares of a
// sample that isn't in the sum would make more than the whole.
func TestTallyCopied(t *testing.T) {
	all := newTally()
	var counting sync.WaitGroup
	counting.Go(func() {
		for i := range 20000 {
			all.add([]uintptr{uintptr(i % 50), 7}, rawStack{count: 1, cut: i%50 == 3})
		}
	})
	defer counting.Wait()
	for last := int64(0); last < 20000; {
		now := all.copied()
		var sum, cut int64
		for _, s := range now.stacks {
			sum += s.count
			if s.pcs[0] == 3 {
				cut += s.count
			}
		}
		if sum != now.samples || cut != now.cut {
			t.Fatalf("stacks of %d samples, %d of them cut; the numbers say %d and %d", sum, cut, now.samples, now.cut)
		}
		if now.samples < last {
			t.Fatalf("%d samples after %d", now.samples, last)
		}
		last = now.samples
	}
}
