package harness

import (
	"runtime"
	"sync/atomic"
	"time"
)

// CountsKind is the kind of the records that carry counts.
const CountsKind = "counts"

// Counts are the counts of a unit with counters (kernel/cell, Count).
type Counts struct {
	Values []uint64 `json:"values"`
	Final  bool     `json:"final"` // of a run that came to its end, by a panic or otherwise
}

// reportEvery is the time between reports while the code runs: a program that ends
// its process or is killed leaves the last one behind.
const reportEvery = 500 * time.Millisecond

// Counting sets counts to zero and reports them: now and then from a goroutine that
// ends when done is called, and at last from done.
func Counting(counts []uint64) (done func()) {
	clear(counts)
	report := func(final bool) {
		c := Counts{Values: make([]uint64, len(counts)), Final: final}
		for i := range counts {
			c.Values[i] = atomic.LoadUint64(&counts[i])
		}
		Report(CountsKind, c)
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(reportEvery)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				report(false)
			}
		}
	}()
	return func() {
		close(stop)
		<-stopped
		report(true)
	}
}

// Outermost reports whether the function that calls it isn't active a second time
// further out on the stack of its goroutine.
func Outermost() bool {
	name := ""
	for skip := 2; ; {
		var pcs [32]uintptr
		n := runtime.Callers(skip, pcs[:])
		frames := runtime.CallersFrames(pcs[:n])
		for {
			f, more := frames.Next()
			switch {
			case name == "":
				name = f.Function
			case f.Function == name:
				return false
			}
			if !more {
				break
			}
		}
		if n < len(pcs) {
			return true
		}
		skip += n
	}
}
