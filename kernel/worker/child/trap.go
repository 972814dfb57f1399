package child

import (
	"time"

	"hpgo/kernel/worker/guard"
)

// Trap ends a goroutine from outside: it makes it panic in the middle of the
// cells' code. Package trap has the one there is.
type Trap interface {
	// Self names the calling goroutine.
	Self() Goroutine
	// Find returns those of the numbered goroutines that live.
	Find(numbers map[uint64]bool) []Goroutine
	// Waiting reports whether a goroutine is parked: it waits for a channel, a
	// lock, a timer or the network, and runs no instruction.
	Waiting(g Goroutine) bool
	// Stay makes a waiting goroutine panic as soon as it comes back to the cells'
	// code, without hunting it. stack is where it waits. release, which is to be
	// called when the goroutine has ended, reports whether that happened; it is nil
	// when this can't be done.
	Stay(g Goroutine, code Code, stack []guard.Frame) (release func() (hit bool))
	// Hunt makes goroutines panic and returns those that it hit: some when it
	// could, none when the time was over or Stop was closed. seen tells whether
	// one of them was met running, wherever.
	Hunt(h Hunt) (hit []Goroutine, seen bool)
}

// Goroutine names a goroutine to a trap.
type Goroutine struct {
	G  uintptr // its descriptor, which an ended goroutine leaves to a new one
	ID uint64  // its number, which stays its own
}

// Code is what user code is made of.
type Code struct {
	Package   string   // import path of the cells
	Libraries []string // import paths of further code, with all that lies below them
}

// Hunt says which goroutines a trap is to hit.
type Hunt struct {
	Goroutines []Goroutine
	Code       Code          // in which they may be hit
	Within     time.Duration // how long to try
	Waited     time.Duration // how long earlier hunts for them took: it gets slower
	// Force hits a goroutine also while it panics, in its deferred functions.
	Force bool
	// Skip is how many functions of the cells, from the inside, not to hit it in:
	// they recover.
	Skip int
	// Rest is how long, of its own time, a goroutine that was hit before runs
	// without a panic until it is hit again.
	Rest time.Duration
	Stop <-chan struct{}
}
