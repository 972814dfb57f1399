package prof

import (
	"context"
	"runtime/trace"
	"strconv"
	"sync/atomic"
	"time"
)

// CallCategory is that of the logs of runtime/trace by which long calls are noted, at
// their ends, when they are known to be long: the message is when the call began, in
// nanoseconds since the watch did, how long it took and its name. The times of the
// logs themselves would not do: a goroutine may have to wait before it writes one.
const CallCategory = "hpgo.call"

// Calls is what became of the calls while they were callWatch.
type Calls struct {
	Noted        int64   `json:"noted"`
	Short        int64   `json:"short"` // that were left out
	ShortSeconds float64 `json:"short_seconds"`
}

// callWatch is what the calls are measured against. One watch is on at a time.
var callWatch struct {
	began               atomic.Pointer[time.Time]
	least               atomic.Int64 // ns; 0: nobody watches
	noted, short, nanos atomic.Int64
}

// WatchCalls has calls that take at least so long noted in the trace that is being
// recorded, until stop is called.
func WatchCalls(least time.Duration) (stop func() Calls) {
	callWatch.noted.Store(0)
	callWatch.short.Store(0)
	callWatch.nanos.Store(0)
	now := time.Now()
	callWatch.began.Store(&now)
	callWatch.least.Store(max(1, int64(least)))
	return func() Calls {
		callWatch.least.Store(0)
		return Calls{callWatch.noted.Load(), callWatch.short.Load(), float64(callWatch.nanos.Load()) / 1e9}
	}
}

// Called is a call that has begun.
type Called struct {
	name  string
	began time.Time
}

// Call begins a call of a function: a deferred End belongs to it. Unlike a region it
// costs little while it is short, and nothing happens where nobody watches.
func Call(name string) Called {
	if callWatch.least.Load() == 0 {
		return Called{}
	}
	return Called{name, time.Now()}
}

// End ends the call.
func (c Called) End() {
	least := callWatch.least.Load()
	if c.name == "" || least == 0 {
		return
	}
	took := time.Since(c.began)
	if int64(took) < least {
		callWatch.short.Add(1)
		callWatch.nanos.Add(int64(took))
		return
	}
	callWatch.noted.Add(1)
	from := c.began.Sub(*callWatch.began.Load())
	trace.Log(context.Background(), CallCategory, strconv.FormatInt(int64(from), 10)+" "+strconv.FormatInt(int64(took), 10)+" "+c.name)
}
