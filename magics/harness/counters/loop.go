package counters

import (
	"encoding/json"
	"fmt"
	"runtime"
	"sync"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// Options say what is counted and how often.
type Options struct {
	Events []string `json:"events"`
	Runs   int      `json:"runs"`
	// Budget is the time in s after which no further run begins; 0: there is none.
	Budget float64 `json:"budget,omitempty"`
}

// Loop runs measured code while events are counted:
//
//	l := counters.NewLoop(`{"events":["cycles"],"runs":5}`)
//	for l.Next() {
//		measured code
//	}
//	l.End()
//
// It reports Events, then each Run as soon as it has ended, then an End. A cell that
// ends during a run, by a panic or an interrupt, reports what that has counted. Of a
// run that takes long it reports in between, ever more rarely, so that a process that
// dies leaves something; each time costs some 50 μs of CPU time, which is counted.
//
// The goroutine soFar, which a timer starts, makes such a report and ends.
type Loop struct {
	o      Options
	sys    system
	report func(kind string, v any)
	first  time.Duration // firstReport; 0: there is none
	set    *set
	began  time.Time // the first run
	made   int
	forget func()

	mu      sync.Mutex // between the code and the end of the cell
	running bool
	ended   bool
	before  [][]reading
	start   state
	started time.Time
	timer   *time.Timer // of the next report in between
}

// firstReport is how long a run takes at least to be reported before its end.
const firstReport = time.Second

// NewLoop reads Options as JSON. It panics if the text is no such thing, which the
// kernel that wrote it rules out.
func NewLoop(options string) *Loop {
	l := &Loop{sys: linux{}, report: harness.Report, first: firstReport}
	if err := json.Unmarshal([]byte(options), &l.o); err != nil {
		panic(fmt.Sprintf("counters.NewLoop: %v", err))
	}
	return l
}

// Next ends the run before, if there was one, and reports whether the code shall run
// once more; its run has then begun.
func (l *Loop) Next() bool {
	if l.set == nil {
		if err := l.open(); err != nil {
			panic(err)
		}
	} else {
		l.endRun()
	}
	if l.made >= l.o.Runs || display.Context().Err() != nil || l.late() {
		return false
	}
	return l.beginRun()
}

func (l *Loop) late() bool {
	return l.o.Budget > 0 && l.made > 0 && time.Since(l.began).Seconds() >= l.o.Budget
}

// open makes the events, and counts a run without code. Garbage of before isn't the
// code's.
func (l *Loop) open() error {
	var err error
	if l.set, err = openSet(l.sys, l.o.Events); err != nil {
		return err
	}
	l.forget = display.AtCellEnd(func() { l.finish(false) })
	runtime.GC()
	report := Events{Empty: l.empty()}
	for i := range l.set.events {
		report.Events = append(report.Events, l.set.events[i].Event)
	}
	l.report(RecordEvents, report)
	l.began = time.Now()
	return nil
}

// emptyRuns is how many runs without code there are; the least counts.
const emptyRuns = 5

// empty is what counting costs.
func (l *Loop) empty() Run {
	var least Run
	for i := range emptyRuns {
		l.beginRun()
		r, err := l.stop()
		if err != nil {
			continue // the first run of the code says it
		}
		if i == 0 {
			least = r
			continue
		}
		least.Elapsed, least.User, least.Sys = min(least.Elapsed, r.Elapsed), min(least.User, r.User), min(least.Sys, r.Sys)
		for k := range least.Values {
			least.Values[k].Count = min(least.Values[k].Count, r.Values[k].Count)
		}
	}
	return least
}

// beginRun begins a run; false: the cell has ended meanwhile.
func (l *Loop) beginRun() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return false
	}
	var err error
	if l.before, err = l.set.read(); err != nil {
		panic(err)
	}
	l.running = true
	if empty := l.began.IsZero(); !empty && l.first > 0 {
		l.arm(l.made+1, l.first)
	}
	l.start.moved = l.set.moved()
	l.set.enable(true)
	l.start.account = l.sys.account()
	l.started = time.Now()
	return true
}

// arm has the run of a number reported after a time, if it isn't over then.
func (l *Loop) arm(run int, after time.Duration) {
	l.timer = time.AfterFunc(after, func() { l.soFar(run, 2*after) })
}

// soFar reports what the run of a number has counted so far, and again after a time.
func (l *Loop) soFar(run int, next time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.running || l.made+1 != run {
		return
	}
	elapsed, end := time.Since(l.started), state{account: l.sys.account(), moved: l.set.moved()}
	after, err := l.set.read()
	if err != nil {
		return // the end of the run says it
	}
	r := l.runOf(elapsed, end, after)
	r.Broken = true
	l.report(RecordRun, r)
	l.arm(run, next)
}

// stop ends a run. The caller holds mu, or the code doesn't run yet.
func (l *Loop) stop() (Run, error) {
	elapsed := time.Since(l.started)
	end := state{account: l.sys.account()}
	l.set.enable(false)
	l.running = false
	if l.timer != nil {
		l.timer.Stop()
	}
	end.moved = l.set.moved()
	after, err := l.set.read()
	if err != nil {
		return Run{}, err
	}
	return l.runOf(elapsed, end, after), nil
}

// runOf is the run that goes on, or has just ended.
func (l *Loop) runOf(elapsed time.Duration, end state, after [][]reading) Run {
	r := Run{Number: l.made + 1, Elapsed: elapsed.Seconds(), User: (end.user - l.start.user).Seconds(), Sys: (end.sys - l.start.sys).Seconds()}
	for i := range l.set.events {
		r.Values = append(r.Values, l.valueOf(i, end, after))
	}
	return r
}

// valueOf is the count of an event in that run.
func (l *Loop) valueOf(i int, end state, after [][]reading) Value {
	e := &l.set.events[i]
	switch {
	case e.instead != nil:
		return Value{Count: e.instead(l.start, end)}
	case e.Refused != "":
		return Value{None: true}
	}
	parts := make([]reading, len(after[i]))
	for k := range parts {
		parts[k] = after[i][k].minus(l.before[i][k])
	}
	return value(parts)
}

// endRun ends a run and reports it.
func (l *Loop) endRun() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.running {
		return // the cell has ended meanwhile
	}
	r, err := l.stop()
	if err != nil {
		panic(err)
	}
	l.made++
	l.report(RecordRun, r)
}

// End ends the counting.
func (l *Loop) End() { l.finish(display.Context().Err() == nil) }

func (l *Loop) finish(whole bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.set == nil || l.ended {
		return
	}
	l.ended = true
	l.forget()
	if l.running {
		if r, err := l.stop(); err == nil { // else the runs before are what there is
			r.Broken = true
			l.report(RecordRun, r)
		}
	}
	l.set.close()
	l.report(RecordEnd, End{Finished: whole, Late: whole && l.made < l.o.Runs})
}
