package sampler

import (
	"bytes"
	"fmt"
	"runtime"
	"runtime/pprof"
	"sync"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// The kinds of Events.
const (
	Block     = "block"     // waits for channels, locks and conditions, and how long they took
	Mutex     = "mutex"     // waits for locks, at the Unlock that ended them
	Goroutine = "goroutine" // goroutines at the end
	Leak      = "leak"      // goroutines at the end that were not there before, of packages too
)

// Events records what the runtime notes of measured code, every event:
//
//	e := sampler.NewEvents("block")
//	e.Start()
//	measured code
//	e.End()
//
// It reports a Run whose samples are the events. A cell that ends before End, by a
// panic or an interrupt, calls it.
type Events struct {
	kind    string
	began   time.Time
	before  map[string]event
	mutexes int // the rate of before
	once    sync.Once
	forget  func()
}

// event is how often one stack was noted, and for how long.
type event struct {
	pcs   []uintptr
	count int64
	nanos int64
}

// NewEvents makes a recorder of a kind.
func NewEvents(kind string) *Events { return &Events{kind: kind} }

// Start begins. A block profile that the program itself runs ends with End: the
// runtime doesn't tell its rate.
func (e *Events) Start() {
	e.forget = display.AtCellEnd(func() { e.finish(false) })
	switch e.kind {
	case Block:
		runtime.SetBlockProfileRate(1)
	case Mutex:
		e.mutexes = runtime.SetMutexProfileFraction(1)
	}
	if e.kind != Goroutine {
		e.before = e.events()
	}
	e.began = time.Now()
}

// End ends and reports.
func (e *Events) End() {
	e.forget()
	e.finish(true)
}

func (e *Events) finish(whole bool) {
	e.once.Do(func() {
		s := Samples{Source: "the runtime's " + e.profile() + " profile", Wall: e.kind != Leak, Elapsed: time.Since(e.began).Seconds()}
		if e.kind == Leak {
			s.Warnings = append(s.Warnings, e.settle()...)
		}
		after := e.events()
		switch e.kind {
		case Block:
			runtime.SetBlockProfileRate(0)
		case Mutex:
			runtime.SetMutexProfileFraction(e.mutexes)
		}
		t := newTally()
		for key, now := range after {
			old := e.before[key]
			if n := now.count - old.count; n > 0 {
				t.add(now.pcs, rawStack{count: n, weight: time.Duration(now.nanos - old.nanos)})
			}
		}
		s.Count = t.samples
		t.fill(&s)
		r := Run{Samples: s, Finished: whole}
		if whole {
			r.Whole, r.Seen, r.Sampled = 1, 1, Laps{Runs: 1, Wall: s.Elapsed}
		}
		harness.Report(RecordKind, r)
	})
}

// leaks is the profile of goroutines that wait for ever; there is one where the
// program was built with GOEXPERIMENT=goroutineleakprofile.
const leaks = "goroutineleak"

func (e *Events) profile() string {
	switch {
	case e.kind == Leak && pprof.Lookup(leaks) != nil:
		return leaks
	case e.kind == Leak:
		return Goroutine
	}
	return e.kind
}

// settle waits for goroutines that are about to end.
func (e *Events) settle() []string {
	if e.profile() == leaks {
		return nil
	}
	const patience, step = 200 * time.Millisecond, 5 * time.Millisecond
	for last, end := -1, time.Now().Add(patience); time.Now().Before(end); time.Sleep(step) {
		n := runtime.NumGoroutine()
		if last >= 0 && n >= last {
			break
		}
		last = n
	}
	return []string{"these goroutines were started and are still there; whether they wait for ever isn't known without GOEXPERIMENT=goroutineleakprofile"}
}

// events reads the runtime's profile.
func (e *Events) events() map[string]event {
	var data bytes.Buffer
	all := map[string]event{}
	if pprof.Lookup(e.profile()).WriteTo(&data, 0) != nil {
		return all // a Buffer takes everything
	}
	// The runtime wrote it, so it can be read.
	_ = readProfile(data.Bytes(), func(pcs []uintptr, values []int64) {
		key := fmt.Sprint(pcs)
		v := all[key]
		v.pcs = pcs
		if len(values) > 0 {
			v.count += values[0]
		}
		if len(values) > 1 {
			v.nanos += values[1]
		}
		all[key] = v
	})
	return all
}
