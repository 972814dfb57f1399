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
	// functions in their stacks, as the linker names them. They end the runs when
	// those without sampling took leastPlain, too.
	Least int64    `json:"least,omitempty"`
	In    []string `json:"in,omitempty"`
	// Budget is the time in s after which no further run begins.
	Budget float64 `json:"budget,omitempty"`
	Runs   int     `json:"runs,omitempty"` // exactly so many, with and without sampling, whatever Least and Budget say
}

// Run is what came out of sampling measured code. Some of its runs are plain: they
// were made in between, while nothing was sampled, so that what the sampling itself
// costs can be told and left out.
type Run struct {
	// Samples are those of the sampled runs. With plain runs the seconds of a stack
	// are its share of what so many plain runs take; see Samples.Scale.
	Samples Samples `json:"samples"`
	Sampled Laps    `json:"sampled"` // the complete runs while the process was sampled
	Plain   Laps    `json:"plain"`   // the complete runs while it wasn't
	// Overhead is what one of the sampled runs took by what a plain one did: CPU time,
	// with Options.Wall wall time. The first run, which warms up, is left out; 0: there
	// was no other, or no plain one.
	Overhead float64 `json:"overhead,omitempty"`
	// Whole is how many runs came to their end, and Seen how many of these were
	// sampled. Those of a batch that broke off are among them, but have no times.
	Whole int `json:"whole"`
	Seen  int `json:"seen"`
	// Finished says that the code was left by its end: no panic, no interrupt.
	Finished bool `json:"finished"`
}

// Runs is how many sampled runs the seconds of the stacks are of.
func (r Run) Runs() int {
	if r.Samples.Scale > 0 {
		return r.Sampled.Runs
	}
	return r.Seen
}

// Elapsed is the wall time of one run in s: of a plain one, if there are; 0: no run
// came to its end.
func (r Run) Elapsed() float64 {
	switch {
	case r.Plain.Runs > 0:
		return r.Plain.Wall / float64(r.Plain.Runs)
	case r.Seen > r.Sampled.Runs:
		return r.Samples.Elapsed / float64(r.Seen)
	case r.Sampled.Runs > 0:
		return r.Sampled.Wall / float64(r.Sampled.Runs)
	}
	return 0
}

// Loop runs measured code while the process is sampled:
//
//	l := sampler.NewLoop(`{"least":2000,"budget":5}`)
//	for l.Next() {
//		measured code
//	}
//	l.End()
//
// Every other batch of runs is sampled, the first among them; of code that takes
// longRun and more at most one run is plain.
//
// It reports a Run at the end, also when the code panics or is interrupted, and
// others before, so that a process that dies leaves something.
//
// The goroutine remind, which the first Next starts, says when to report in between,
// and does so itself during a long run; it blocks on a timer, and the end of the
// sampling ends it.
type Loop struct {
	left int // runs that may begin without further thought

	o       LoopOptions
	sampler *Sampler
	batch   int
	plain   bool        // the batch is
	began   time.Time   // the first
	lap     moment      // when the batch began
	asked   time.Time   // when CountIn was called last
	due     atomic.Bool // a report
	quit    chan struct{}
	forget  func() // undoes AtCellEnd

	mu    sync.Mutex // held while a report is made
	run   Run        // without Samples
	first Laps       // the first run
	ended bool
}

// batchTime is how long the runs of a batch take together, in s. What the collector
// does between two batches is in no run: with 10 ms that was 1.5 % of the CPU time of
// code that does nothing but allocate, on a busy machine.
const batchTime = 0.02

// leastPlain is the time that plain runs take at least, where the budget allows: a
// shorter one is noise. longRun is that of a run of which one plain one is enough.
const (
	leastPlain = 400 * time.Millisecond
	longRun    = time.Second
)

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

// more decides after each batch of runs, which take batchTime together. Neither
// what it does is sampled nor the time that it takes counted.
func (l *Loop) more() bool {
	if l.sampler == nil {
		if err := l.start(); err != nil {
			panic(err)
		}
		l.batch, l.left = 1, 0
		return true
	}
	now, paused := l.sampler.pause()
	lap := l.lap.until(now)
	l.mu.Lock()
	if l.plain {
		l.run.Plain.add(l.batch, lap)
	} else {
		l.run.Sampled.add(l.batch, lap)
		l.run.Seen += l.batch
	}
	if l.run.Whole += l.batch; l.run.Whole == 1 {
		l.first = l.run.Sampled
	}
	l.run.Overhead = l.run.Sampled.minus(l.first).by(l.run.Plain, l.o.Wall)
	so := l.run
	l.mu.Unlock()
	wall := time.Since(l.began)
	if l.enough(so, wall, paused) {
		return false
	}
	if l.due.CompareAndSwap(true, false) {
		l.report()
	}
	one := (so.Sampled.Wall + so.Plain.Wall) / float64(so.Whole)
	l.batch = int(max(min(batchTime/one, 4*float64(l.batch), 1e6), 1))
	if l.o.Runs > 0 {
		l.batch = min(l.batch, l.o.Runs-so.Whole)
	}
	l.left = l.batch - 1
	if l.plain = paused && plainNext(so); l.plain {
		l.lap = l.sampler.now()
	} else {
		l.lap = l.sampler.resume()
	}
	return true
}

// plainNext decides whether the next batch is plain: so that both kinds take the
// same time, but for code that takes long.
func plainNext(so Run) bool {
	if so.Plain.Runs > 0 && so.Plain.Wall >= float64(so.Plain.Runs)*longRun.Seconds() {
		return false
	}
	return so.Plain.Wall < so.Sampled.Wall
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
	go l.remind()
	l.began, l.lap = time.Now(), s.now()
	return nil
}

// enough decides whether the runs so far are; plain says that some can be plain.
func (l *Loop) enough(so Run, wall time.Duration, plain bool) bool {
	switch {
	case display.Context().Err() != nil:
		return true
	case l.o.Runs > 0:
		return so.Whole >= l.o.Runs
	case wall.Seconds() >= l.o.Budget:
		return true
	case plain && so.Plain.Wall < leastPlain.Seconds():
		return false
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

// remind asks for a report after a tenth of a second, and again ever later. When a
// run takes so long that nobody hears, it makes the report; a plain run it leaves
// alone, in which nothing new is seen.
func (l *Loop) remind() {
	const first, last, patience = 100 * time.Millisecond, 8 * time.Second, 100 * time.Millisecond
	sleep := func(d time.Duration) bool {
		select {
		case <-l.quit:
			return false
		case <-time.After(d):
			return true
		}
	}
	for after := first; sleep(after); after = min(2*after, last) {
		l.due.Store(true)
		if !sleep(patience) {
			return
		}
		if !l.sampler.isPaused() && l.due.CompareAndSwap(true, false) {
			l.report()
		}
	}
}

// report tells the kernel what there is.
func (l *Loop) report() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	harness.Report(RecordKind, l.run.with(l.sampler.Snapshot()))
}

// End reports the samples of all runs.
func (l *Loop) End() { l.finish(display.Context().Err() == nil) }

func (l *Loop) finish(whole bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sampler == nil || l.ended {
		return
	}
	l.ended = true
	l.forget()
	close(l.quit)
	if l.run.Finished = whole; !whole {
		// The last batch broke off: all its runs but one were complete.
		complete := max(l.batch-l.left-1, 0)
		if l.run.Whole += complete; !l.plain {
			l.run.Seen += complete
		}
	}
	harness.Report(RecordKind, l.run.with(l.sampler.Stop()))
}
