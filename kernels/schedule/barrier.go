package schedule

import (
	"sync"
	"sync/atomic"
)

// Barrier is where a number of goroutines wait for each other, again and again.
type Barrier struct {
	state atomic.Int64 // how many there are, times member, and how many of them wait
	round atomic.Uint32
	mu    sync.Mutex
	come  *sync.Cond // for those that have parked
}

// member is a goroutine in the state of a barrier.
const member = 1 << 32

// NewBarrier returns a barrier for a number of goroutines, which is at least 1.
func NewBarrier(all int) *Barrier {
	b := &Barrier{}
	b.state.Store(int64(all) * member)
	b.come = sync.NewCond(&b.mu)
	return b
}

// Wait returns when all have called it, but those that have left.
func (b *Barrier) Wait() {
	round := b.round.Load()
	if b.complete(b.state.Add(1)) {
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

// Leave tells that a goroutine won't come again: the others don't wait for it. A part of
// a Crew defers it, as they would wait for one that panics for ever.
func (b *Barrier) Leave() { b.complete(b.state.Add(-member)) }

// complete begins the next round if all wait in a state, and reports that.
func (b *Barrier) complete(state int64) bool {
	waiting := state % member
	if waiting != state/member {
		return false
	}
	b.state.Add(-waiting)
	b.mu.Lock()
	b.round.Add(1)
	b.mu.Unlock()
	b.come.Broadcast()
	return true
}
