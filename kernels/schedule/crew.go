package schedule

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// spun is how long who waits looks for news before it parks. To wake a parked
	// goroutine, and the thread it needs, takes up to 100 µs where the processor is a
	// virtual one. OpenMP's threads spin for longer.
	spun = 100 * time.Microsecond
	// kept is how long a goroutine that has nothing to do is kept.
	kept = 10 * time.Millisecond
)

// Crew runs work(0) to work(workers-1), each on a goroutine, the last of them on the
// caller's, and waits until all have returned. Goroutines stay for the next call: those
// of a loop that has to wait for all its parts again and again are woken far more often
// than they have to be started. Each ends when it had nothing to do for some
// milliseconds. Calls may run at the same time, and in each other.
//
// A part that panics doesn't end the program: when the others have returned, Crew
// panics with a *PartPanic.
func Crew(workers int, work func(worker int)) {
	if workers <= 1 {
		work(0)
		return
	}
	j := &job{work: work, done: make(chan struct{}, 1)}
	j.left.Store(int32(workers - 1))
	idle.give(j, workers-1)
	defer j.wait()
	work(workers - 1)
}

// PartPanic is what Crew panics with when a part did that wasn't the caller's.
type PartPanic struct {
	Worker int
	Value  any    // of the first panic
	Stack  []byte // as debug.Stack writes it
}

func (p *PartPanic) Error() string { return fmt.Sprintf("part %d of the work: %v", p.Worker, p.Value) }

// Unwrap returns what the part panicked with, if that is an error.
func (p *PartPanic) Unwrap() error {
	err, _ := p.Value.(error)
	return err
}

// job is a call of Crew.
type job struct {
	work func(worker int)
	left atomic.Int32 // workers that haven't returned, but the caller
	done chan struct{}

	failed atomic.Pointer[PartPanic]
}

// wait returns when all parts but the caller's have ended.
func (j *job) wait() {
	if !spin(func() bool { return j.left.Load() == 0 }) {
		<-j.done
	}
	if p := j.failed.Load(); p != nil {
		panic(p)
	}
}

// hand is a goroutine of the crew. What it does next is in todo, and it is woken if it
// has parked.
type hand struct {
	number int // hands are called in this order, so that each finds its part in its caches
	todo   atomic.Pointer[job]
	worker int // its part of that
	parked atomic.Bool
	wake   chan struct{}
}

// hands are those that wait for something to do. The goroutines own themselves: each
// ends after a time without work.
type hands struct {
	mu      sync.Mutex
	idle    []*hand // ascending
	started int
}

var idle hands

func order(a, b *hand) int { return a.number - b.number }

// give hands the parts 0 to n-1 of a job out.
func (h *hands) give(j *job, n int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	found := min(n, len(h.idle))
	for worker, one := range h.idle[:found] {
		one.worker = worker
		one.todo.Store(j)
		if one.parked.Load() {
			select {
			case one.wake <- struct{}{}:
			default: // it will find an earlier call
			}
		}
	}
	h.idle = slices.Delete(h.idle, 0, found)
	for worker := found; worker < n; worker++ {
		h.started++
		one := &hand{number: h.started, worker: worker, wake: make(chan struct{}, 1)}
		go one.live(j)
	}
}

// live does a job and those that come after it.
func (one *hand) live(j *job) {
	for ; j != nil; j = one.await() {
		one.do(j)
	}
}

// do does a part of a job, whatever becomes of that.
func (one *hand) do(j *job) {
	stays := false
	defer func() {
		if v := recover(); v != nil {
			stays = true
			j.failed.CompareAndSwap(nil, &PartPanic{one.worker, v, debug.Stack()})
		}
		if stays { // else the part has called runtime.Goexit
			idle.add(one) // before the caller can go on, to its next call
		}
		if j.left.Add(-1) == 0 {
			j.done <- struct{}{}
		}
	}()
	j.work(one.worker)
	stays = true
}

// add has a hand wait for something to do.
func (h *hands) add(one *hand) {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, _ := slices.BinarySearchFunc(h.idle, one, order)
	h.idle = slices.Insert(h.idle, at, one)
}

// leave takes a hand off; false: a job has been given to it.
func (h *hands) leave(one *hand) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	at, there := slices.BinarySearchFunc(h.idle, one, order)
	if there {
		h.idle = slices.Delete(h.idle, at, at+1)
	}
	return there
}

// await returns the next job; nil: there was none for long.
func (one *hand) await() *job {
	given := func() bool { return one.todo.Load() != nil }
	if !spin(given) {
		one.parked.Store(true)
		defer one.parked.Store(false)
		limit := time.NewTimer(kept)
		defer limit.Stop()
		for !given() {
			select {
			case <-one.wake: // or of a job that came just before it parked
			case <-limit.C:
				if idle.leave(one) {
					return nil
				}
			}
		}
	}
	return one.todo.Swap(nil)
}

// spin waits for something for a while, without parking, and reports whether it came.
// Where there are more goroutines than CPUs, those that have work go first.
func spin(came func() bool) bool {
	for begin := time.Now(); ; runtime.Gosched() {
		for range 100 {
			if came() {
				return true
			}
		}
		if time.Since(begin) > spun {
			return false
		}
	}
}
