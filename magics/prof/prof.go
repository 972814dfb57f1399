// Package prof names parts of a program, so that profiles and pictures of its
// memory, its time and its goroutines can say which part they are about:
//
//	prof.Region("read", func() { data = read(name) })
//
//	func solve(a Matrix) Vector {
//		defer prof.Start("solve").End()
//		...
//	}
//
// One call serves several tools. %mprof shades the region in its picture, in an
// execution trace it is a region of runtime/trace, and samples of a CPU profile
// carry the pprof label region=NAME. Where nobody records, a region costs some
// microseconds and changes nothing. Cells need no import of it.
//
// Regions nest by goroutine: the innermost one names the samples. A goroutine
// inherits the label of the one that started it, as pprof has it, and regions of
// its own begin anew. When the outermost region of a goroutine ends, its labels
// are gone, also those that pprof.SetGoroutineLabels gave it before.
package prof

import (
	"bytes"
	"context"
	"runtime"
	"runtime/pprof"
	"runtime/trace"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// Label is the key of the pprof label whose value is the region's name.
const Label = "region"

// Region runs f as the region called name.
func Region(name string, f func()) {
	defer Start(name).End()
	f()
}

// Span is a region that has begun.
type Span struct{ r *region }

// region is one that runs.
type region struct {
	event  Event
	outer  *region // on the same goroutine; nil
	ctx    context.Context
	traced *trace.Region
	ended  atomic.Bool
}

// Start begins the region called name. It lasts until End, which belongs on the
// same goroutine, mostly as a deferred call.
func Start(name string) Span {
	r := &region{event: Event{Name: name, Goroutine: goroutine(), Time: time.Now()}}
	running.begin(r)
	outer := context.Background()
	if r.outer != nil {
		outer = r.outer.ctx
	}
	r.ctx = pprof.WithLabels(outer, pprof.Labels(Label, name))
	pprof.SetGoroutineLabels(r.ctx)
	r.traced = trace.StartRegion(r.ctx, name)
	return Span{r}
}

// End ends the region. Only the first call of a span does something. On another
// goroutine than Start's it ends the span's time alone: label and trace belong to
// the goroutine that started it.
func (s Span) End() {
	r := s.r
	if r == nil || r.ended.Swap(true) {
		return
	}
	now, here := time.Now(), goroutine() == r.event.Goroutine
	if here {
		r.traced.End()
	}
	inner := running.end(r, now)
	if !here {
		return
	}
	if inner == nil {
		pprof.SetGoroutineLabels(context.Background())
		return
	}
	pprof.SetGoroutineLabels(inner.ctx)
}

// Event is the begin or the end of a region.
type Event struct {
	ID        uint64 // of the region, from 1 in the order of begin
	Name      string
	Goroutine uint64
	Depth     int // 0 for the outermost one of its goroutine
	Time      time.Time
	End       bool
}

// Watch has f called at each begin and end of a region from now on, and first at
// the begin of each one that runs already. f must not use this package. Recorders
// such as %mprof call Watch.
func Watch(f func(Event)) (stop func()) { return running.watch(f) }

// running is the state of all goroutines. Go has no storage that belongs to a
// goroutine, so this is one table for the process.
var running = registry{innermost: map[uint64]*region{}}

// registry holds the regions that run.
type registry struct {
	mu        sync.Mutex
	last      uint64
	innermost map[uint64]*region // by goroutine
	watchers  []*watcher
}

type watcher struct{ hear func(Event) }

// begin enters a region as the innermost of its goroutine.
func (t *registry) begin(r *region) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	r.event.ID = t.last
	if r.outer = t.innermost[r.event.Goroutine]; r.outer != nil {
		r.event.Depth = r.outer.event.Depth + 1
	}
	t.innermost[r.event.Goroutine] = r
	t.tell(r.event)
}

// end takes a region out and returns the innermost one that still runs on its
// goroutine. Regions may end in any order.
func (t *registry) end(r *region, now time.Time) *region {
	t.mu.Lock()
	defer t.mu.Unlock()
	inner := t.innermost[r.event.Goroutine]
	for inner != nil && inner.ended.Load() {
		inner = inner.outer
	}
	if inner == nil {
		delete(t.innermost, r.event.Goroutine)
	} else {
		t.innermost[r.event.Goroutine] = inner
	}
	over := r.event
	over.Time, over.End = now, true
	t.tell(over)
	return inner
}

func (t *registry) tell(e Event) {
	for _, w := range t.watchers {
		w.hear(e)
	}
}

func (t *registry) watch(f func(Event)) (stop func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	w := &watcher{f}
	t.watchers = append(t.watchers, w)
	for _, r := range t.innermost {
		for ; r != nil; r = r.outer {
			if !r.ended.Load() {
				f(r.event)
			}
		}
	}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		for i, other := range t.watchers {
			if other == w {
				t.watchers = append(t.watchers[:i:i], t.watchers[i+1:]...)
				return
			}
		}
	}
}

// goroutine returns the number of the running goroutine, which runtime.Stack
// writes behind the word goroutine.
func goroutine() uint64 {
	var buf [64]byte
	text := buf[:runtime.Stack(buf[:], false)]
	_, text, _ = bytes.Cut(text, []byte(" "))
	number, _, _ := bytes.Cut(text, []byte(" "))
	n, err := strconv.ParseUint(string(number), 10, 64)
	if err != nil {
		return 0 // an unknown form of the runtime: all goroutines are one then
	}
	return n
}
