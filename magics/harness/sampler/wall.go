package sampler

import (
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// watch looks at the stacks of all goroutines, running and waiting, as often as
// asked for. Each look stops the world for some microseconds and counts for the
// time since the one before, so that looks which came late weigh more, but for what
// lateLook says.
//
// Goroutines that waited somewhere before the first look are left out while they
// wait there: those of earlier cells, and of the process itself.
//
// The goroutine run, which watchGoroutines starts, blocks on a ticker; stop ends
// it. It leaves itself out.
type watch struct {
	every  time.Duration
	before map[string]int // goroutines by their stacks, as bytes
	stacks *tally
	own    atomic.Pointer[used]
	seen   atomic.Int64
	late   atomic.Int64 // ns that late looks waited
	turns  chan bool    // true: look no more; false: go on
	end    chan struct{}
	done   chan struct{}
}

// lateLook is more than a look takes by itself. One that takes longer had to wait for
// who held the world, mostly a collection that began or ended, and shows that one
// where it let go: it stands for its waiting only, and the time before for the next.
const lateLook = 200 * time.Microsecond

// maxLooked is how many frames of a goroutine the runtime tells
// (runtime.StackRecord).
const maxLooked = 32

func watchGoroutines(rate float64) *watch {
	w := &watch{every: time.Duration(1e9 / rate), stacks: newTally(), turns: make(chan bool), end: make(chan struct{}), done: make(chan struct{})}
	w.stacks.expanded = true
	w.own.Store(&used{})
	w.before = map[string]int{}
	records, n := goroutines(nil)
	for i := range records[:n] {
		w.before[stackKey(records[i].Stack())]++ // the caller's is not met again: it is in here
	}
	go w.run()
	return w
}

func stackKey(pcs []uintptr) string { return string(stackBytes(pcs)) }

func (w *watch) run() {
	ownThread()
	defer close(w.done)
	before := usedBy(threadUsage)
	tick := time.NewTicker(w.every)
	defer tick.Stop()
	last := time.Now()
	var pending time.Duration // that no look stands for yet
	var records []runtime.StackRecord
	paused := false
	for {
		select {
		case <-w.end:
			return
		case paused = <-w.turns:
			now := time.Now()
			if paused {
				pending += now.Sub(last)
			}
			last = now
		case <-tick.C:
			if paused {
				own := usedBy(threadUsage).minus(before)
				w.own.Store(&own)
				continue
			}
			var n int
			began := time.Now()
			records, n = goroutines(records)
			at := time.Now()
			weight := at.Sub(last) + pending
			pending = 0
			if at.Sub(began) > lateLook {
				weight, pending = at.Sub(began), began.Sub(last)+pending
				w.late.Add(int64(weight))
			}
			w.note(records[:n], weight)
			last = at
			own := usedBy(threadUsage).minus(before)
			w.own.Store(&own)
		}
	}
}

// goroutines reads all stacks into records, or longer ones if need be.
func goroutines(records []runtime.StackRecord) ([]runtime.StackRecord, int) {
	for {
		n, ok := runtime.GoroutineProfile(records)
		if ok {
			return records, n
		}
		records = make([]runtime.StackRecord, n+n/4+16)
	}
}

// note counts one look at the goroutines.
func (w *watch) note(records []runtime.StackRecord, since time.Duration) {
	self := runtime.FuncForPC(callerPC()).Entry()
	w.stacks.mu.Lock()
	w.stacks.looks++
	w.stacks.looked += since
	w.stacks.mu.Unlock()
	w.seen.Add(1)
	before := maps.Clone(w.before)
	for i := range records {
		pcs := records[i].Stack()
		if len(pcs) == 0 || ranBy(pcs, self) {
			continue
		}
		if key := stackKey(pcs); before[key] > 0 {
			before[key]--
			continue
		}
		deep := len(pcs) == maxLooked
		pcs = slices.Clone(pcs)
		pcs[0]-- // a return address, as the others, where the tally has the instruction
		w.stacks.add(pcs, rawStack{count: 1, weight: since, cut: deep})
	}
}

// callerPC is a place in the function that calls its caller.
func callerPC() uintptr {
	var pc [1]uintptr
	runtime.Callers(3, pc[:])
	return pc[0] - 1
}

// ranBy reports whether the outermost function of a goroutine is the one that
// begins at entry.
func ranBy(pcs []uintptr, entry uintptr) bool {
	for i := len(pcs) - 1; i >= 0; i-- {
		f := runtime.FuncForPC(pcs[i] - 1)
		if f == nil || strings.HasPrefix(f.Name(), "runtime.goexit") {
			continue
		}
		return f.Entry() == entry
	}
	return false
}

// pause waits until no look goes on. The time since the last one counts with the
// first that comes.
func (w *watch) pause(yes bool) bool {
	w.turns <- yes
	return true
}

func (w *watch) count() int64  { return w.seen.Load() }
func (w *watch) tally() *tally { return w.stacks }
func (w *watch) spent() used   { return *w.own.Load() }

func (w *watch) stop() error {
	close(w.end)
	<-w.done
	return nil
}

func (w *watch) describe(s *Samples) {
	s.Source, s.Wall = "goroutines", true
	const much = 0.1 // of the time
	if share := float64(w.late.Load()) / 1e9 / s.Elapsed; share > much {
		s.Warnings = append(s.Warnings, fmt.Sprintf("looks at the goroutines had to wait for %.0f %% of the time, mostly for collections that began or ended, which have too large a part", 100*share))
	}
}
