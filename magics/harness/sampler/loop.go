package sampler

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// RecordKind is the kind of the records that carry a Run. Each tells of all so
// far, so that the last one counts.
const RecordKind = "sampled"

// LoopOptions say how long measured code is repeated.
type LoopOptions struct {
	Options
	// Least is how many samples are enough; with In, how many with one of these
	// functions in their stacks, as the linker names them.
	Least int64    `json:"least,omitempty"`
	In    []string `json:"in,omitempty"`
	// Budget is the time in s after which no further run begins.
	Budget float64 `json:"budget,omitempty"`
	Runs   int     `json:"runs,omitempty"` // exactly so many, whatever Least and Budget say
}

// Run is what came out of sampling measured code.
type Run struct {
	Samples Samples `json:"samples"`
	Runs    int     `json:"runs"` // complete ones
	Wall    float64 `json:"wall"` // time that they took, in s
	// Finished says that the code was left by its end: no panic, no interrupt.
	Finished bool `json:"finished"`
}

// Loop runs measured code while the process is sampled:
//
//	l := sampler.NewLoop(`{"least":2000,"budget":5}`)
//	for l.Next() {
//		measured code
//	}
//	l.End()
//
// It reports a Run at the end, also when the code panics or is interrupted, and
// others before, so that a process that dies leaves something.
//
// The goroutine tell, which the first Next starts, sends the reports in between;
// it blocks on a timer, and the end of the sampling ends it.
type Loop struct {
	left int // runs that may begin without further thought

	o       LoopOptions
	sampler *Sampler
	batch   int
	began   time.Time
	asked   time.Time // when CountIn was called last
	ran     atomic.Int64
	wall    atomic.Int64 // ns of those
	quit    chan struct{}
	once    sync.Once
	forget  func() // undoes AtCellEnd
}

// NewLoop reads LoopOptions as JSON. It panics if the text is no such thing, which
// the kernel that wrote it rules out.
func NewLoop(options string) *Loop {
	l := &Loop{quit: make(chan struct{})}
	if err := json.Unmarshal([]byte(options), &l.o); err != nil {
		panic(fmt.Sprintf("sampler.NewLoop: %v", err))
	}
	return l
}

// Next reports whether the code shall run once more.
func (l *Loop) Next() bool {
	if l.left > 0 {
		l.left--
		return true
	}
	return l.more()
}

// more decides after each batch of runs, which take about 10 ms together.
func (l *Loop) more() bool {
	if l.sampler == nil {
		if err := l.start(); err != nil {
			panic(err)
		}
		l.batch, l.left = 1, 0
		return true
	}
	wall := time.Since(l.began)
	l.wall.Store(int64(wall))
	runs := l.ran.Add(int64(l.batch))
	if l.enough(int(runs), wall) {
		return false
	}
	one := float64(wall) / float64(runs)
	l.batch = int(max(min(10e6/one, 4*float64(l.batch), 1e6), 1))
	if l.o.Runs > 0 {
		l.batch = min(l.batch, l.o.Runs-int(runs))
	}
	l.left = l.batch - 1
	return true
}

// start begins the sampling, after a collection: garbage of before isn't the
// code's.
func (l *Loop) start() error {
	runtime.GC()
	s, err := Start(l.o.Options)
	if err != nil {
		return err
	}
	l.sampler = s
	l.forget = display.AtCellEnd(func() { l.finish(false) })
	go l.tell()
	l.began = time.Now()
	return nil
}

func (l *Loop) enough(runs int, wall time.Duration) bool {
	switch {
	case display.Context().Err() != nil:
		return true
	case l.o.Runs > 0:
		return runs >= l.o.Runs
	case wall.Seconds() >= l.o.Budget:
		return true
	case l.sampler.Count() < l.o.Least:
		return false
	case len(l.o.In) == 0:
		return true
	}
	// Looking for functions among the samples takes a while.
	const again = 100 * time.Millisecond
	if time.Since(l.asked) < again {
		return false
	}
	l.asked = time.Now()
	return l.sampler.CountIn(func(fn string) bool {
		for _, name := range l.o.In {
			if fn == name {
				return true
			}
		}
		return false
	}) >= l.o.Least
}

// tell reports what there is after a tenth of a second, and again ever later.
func (l *Loop) tell() {
	const first, last = 100 * time.Millisecond, 8 * time.Second
	for after := first; ; after = min(2*after, last) {
		select {
		case <-l.quit:
			return
		case <-time.After(after):
			harness.Report(RecordKind, l.run(l.sampler.Snapshot()))
		}
	}
}

func (l *Loop) run(s Samples) Run {
	return Run{Samples: s, Runs: int(l.ran.Load()), Wall: time.Duration(l.wall.Load()).Seconds()}
}

// End reports the samples of all runs.
func (l *Loop) End() { l.finish(display.Context().Err() == nil) }

func (l *Loop) finish(whole bool) {
	l.once.Do(func() {
		if l.sampler == nil {
			return
		}
		l.forget()
		close(l.quit)
		r := l.run(l.sampler.Stop())
		if r.Finished = whole; !whole {
			// The last batch broke off: all its runs but one were complete, and the
			// time is that of everything.
			r.Runs += max(l.batch-l.left-1, 0)
			r.Wall = r.Samples.Elapsed
		}
		harness.Report(RecordKind, r)
	})
}
