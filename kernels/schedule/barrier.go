package schedule

import (
	"sync"
	"sync/atomic"
)

// Barrier is where a fixed number of goroutines wait for each other, again and again.
type Barrier struct {
	all   int32
	here  atomic.Int32
	round atomic.Uint32
	mu    sync.Mutex
	come  *sync.Cond // for those that have parked
}

// NewBarrier returns a barrier for a number of goroutines, which is at least 1.
func NewBarrier(all int) *Barrier {
	b := &Barrier{all: int32(all)}
	b.come = sync.NewCond(&b.mu)
	return b
}

// Wait returns when all have called it.
func (b *Barrier) Wait() {
	round := b.round.Load()
	if b.here.Add(1) == b.all {
		b.here.Store(0)
		b.mu.Lock()
		b.round.Add(1)
		b.mu.Unlock()
		b.come.Broadcast()
		return
	}
	if spin(func() bool { return b.round.Load() != round }) {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for b.round.Load() == round {
		b.come.Wait()
	}
}
