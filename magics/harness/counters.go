package harness

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"hpgo/kernel/display"
)

// CountsKind is the kind of the records that carry Counts.
const CountsKind = "counts"

// Counts are the counts of a unit with counters (kernel/cell, Count).
type Counts struct {
	Values []uint64 `json:"values"`
	Final  bool     `json:"final"` // of code that came to its end, by a panic or otherwise
}

// Times between reports while the code runs: a program that ends its process or is
// killed leaves the last one behind.
const (
	firstReport = 20 * time.Millisecond
	reportEvery = 500 * time.Millisecond
)

// counting reports the counts of one unit. Its goroutine, report.every, blocks on
// a timer and ends in end.
type counting struct {
	counts  [][]uint64
	stop    chan struct{}
	stopped chan struct{}
	once    sync.Once
}

// running is the counting that goes on in the process.
var running atomic.Pointer[counting]

// Recount sets the counts of the code that runs to zero: what came before was
// preparation.
func Recount() {
	if c := running.Load(); c != nil {
		for _, counts := range c.counts {
			for i := range counts {
				atomic.StoreUint64(&counts[i], 0)
			}
		}
	}
}

// Counting sets counts to zero and reports them, as one list, when done is called
// or the cell ends without that. Counts of the cells' own code alone are reported
// now and then, too; those of packages are not, since the report may use them.
func Counting(counts ...[]uint64) (done func()) {
	for _, list := range counts {
		clear(list)
	}
	c := &counting{counts: counts, stop: make(chan struct{}), stopped: make(chan struct{})}
	running.Store(c)
	forget := display.AtCellEnd(c.end)
	if len(counts) == 1 {
		go c.every()
	} else {
		close(c.stopped)
	}
	return func() {
		forget()
		c.end()
	}
}

func (c *counting) every() {
	defer close(c.stopped)
	for after := firstReport; ; after = min(2*after, reportEvery) {
		select {
		case <-c.stop:
			return
		case <-time.After(after):
			c.report(false)
		}
	}
}

// end stops the goroutine and makes the last report.
func (c *counting) end() {
	c.once.Do(func() {
		close(c.stop)
		<-c.stopped
		running.CompareAndSwap(c, nil)
		c.report(true)
	})
}

func (c *counting) report(final bool) {
	v := Counts{Final: final}
	for _, counts := range c.counts {
		v.Values = append(v.Values, make([]uint64, len(counts))...)
		readCounts(v.Values[len(v.Values)-len(counts):], counts)
	}
	Report(CountsKind, v)
}

// readCounts copies counts that the code adds to meanwhile, without a lock that would
// slow it down: a count may be one of a moment before. The race detector would take
// that for a fault of the code.
//
//go:norace
func readCounts(to, from []uint64) {
	//lint:ignore S1001 the race detector looks at copy even here
	for i := range from {
		to[i] = from[i]
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
		for more := n > 0; more; {
			var f runtime.Frame
			f, more = frames.Next()
			switch {
			case name == "":
				name = f.Function
			case f.Function == name:
				return false
			}
		}
		if n < len(pcs) {
			return true
		}
		skip += n
	}
}
