package harness

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/display"
)

// TimingPlan says what a Timing measures. All times are in seconds.
type TimingPlan struct {
	Points []TimingPoint `json:"points"`
	Loops  int           `json:"loops"`  // operations in a run; 0: found by calibration
	Runs   int           `json:"runs"`   // of each point
	Target float64       `json:"target"` // a calibrated run takes at least so long
	Even   bool          `json:"even"`   // or about so long: runs of all points are then of equal length
	Budget float64       `json:"budget"` // for all points, divided among those that are left; 0: none
	Order  string        `json:"order"`  // one of Order*
	Seed   uint64        `json:"seed"`   // of OrderRandom
	Cold   bool          `json:"cold"`   // one operation comes before all else, also with Loops
	GCOff  bool          `json:"gc_off"` // the collector is off while a run is timed
	Singly bool          `json:"singly"` // operations are timed one by one
	Batch  bool          `json:"batch"`  // the program can prepare the inputs of many operations
}

// The orders in which the runs of several points are made.
const (
	OrderPoints = ""       // all runs of a point, then the next point
	OrderABBA   = "abba"   // one run of each point in a round, every second round backwards
	OrderRandom = "random" // one run of each point in a round, each round shuffled
)

// TimingPoint is one thing to time: a variant of the code, under a setting.
type TimingPoint struct {
	Variant int     `json:"variant"` // which of the program's loops
	Procs   int     `json:"procs"`   // GOMAXPROCS; 0: as it is
	Value   float64 `json:"value"`   // of the program's parameter
}

// Kinds of the records that a Timing sends.
const (
	RecordTimingStart = "timing start" // a TimingStart
	RecordTimingRun   = "timing run"   // a TimingRun, as soon as it is over
	RecordTimingEnd   = "timing end"   // a TimingEnd; missing after a panic
)

// TimingStart tells what is the same for all runs.
type TimingStart struct {
	GOMAXPROCS int     `json:"gomaxprocs"`
	GCGuard    int64   `json:"gc_guard"` // bytes from which the collector runs although it is off; 0: it isn't off
	Load       float64 `json:"load"`     // load average of the last minute; -1: unknown
}

// TimingRun is one run, or a trial of the calibration.
type TimingRun struct {
	Point   int     `json:"point"`
	Trial   bool    `json:"trial,omitempty"` // of the calibration, not to be counted
	Round   int     `json:"round"`           // which run of its point, from 0
	N       int     `json:"n"`               // operations
	Wall    float64 `json:"wall"`            // seconds for all of them, by the monotonic clock
	CPU     float64 `json:"cpu"`             // seconds of all threads of the process; -1: unknown
	Allocs  uint64  `json:"allocs"`          // objects allocated
	Bytes   uint64  `json:"bytes"`           // and their sizes
	GCs     uint32  `json:"gcs"`             // cycles of the collector that ended
	GC      float64 `json:"gc"`              // CPU seconds of the collector, to the end of the last cycle
	Avail   float64 `json:"avail"`           // CPU seconds that all processors had meanwhile
	Loop    float64 `json:"loop,omitempty"`  // seconds of an empty operation of the loop; 0: not measured
	Singly  *Singly `json:"singly,omitempty"`
	Batched bool    `json:"batched,omitempty"` // the inputs were prepared before the run
}

// TimingEnd ends what a Timing tells.
type TimingEnd struct {
	Stopped string  `json:"stopped"` // why runs are missing, one of Stopped*; "" where none are
	Steal   float64 `json:"steal"`   // share of the machine's time that its host took away; -1: unknown
	Took    float64 `json:"took"`    // seconds for everything
}

// Why a Timing ends early.
const (
	StoppedInterrupt = "interrupted"
	StoppedBudget    = "budget"
	StoppedLeft      = "the loop was left"
	StoppedFlags     = "an earlier cell called testing.Init and has the flags that a timing needs; %restart gives them back"
)

// Timing times loops that stand in a cell's function, which is called once for
// each run, as this shows:
//
//	m := harness.Timed(plan)
//	if !m.Next() {
//		return
//	}
//	if m.Is(0) {
//		b := m.B()
//		setup
//		m.Begin()
//		for b.Loop() {
//			body
//		}
//		return
//	}
//	if m.Is(1) { // another variant, likewise
//
// The loop stands in the cell's own function, because the compiler keeps results
// alive only in what it can see to be a loop over B.Loop, and because there the
// body has the variables it would have anywhere else. The function returns behind
// it, because the compiler then leaves out a test that it makes of every operation
// where something follows the loop, as in an ordinary benchmark. Everything that is
// read besides the loop's own clock is read outside of it.
//
// Timing keeps no goroutine and no lock; testing.Benchmark has both for the moment
// in which it makes a B. What a run changes in the process is changed back when it
// is over, and after a panic or an interrupt at the end of the cell.
type Timing struct {
	plan     TimingPlan
	start    time.Time
	schedule schedule
	steal    stealClock

	// Of the current run.
	now       int // its point
	n         int // operations asked for
	trial     bool
	running   bool // from Next to done
	b         *testing.B
	called    time.Time     // when B returned
	prepared  time.Duration // what the setup took
	inputs    uint64        // bytes that it allocated
	allocated uint64        // in all, when B returned
	before    readings
	after     readings
	ops       clockedOps
	settings  settings

	room    int64   // bytes that may be allocated at a time
	loop    float64 // seconds of an empty operation; 0: not measured
	stopped string
}

// underway is the timing of the running cell, between the calls of its function.
var underway struct {
	sync.Mutex
	timing *Timing
}

// Timed is the timing of the running cell, which begins to carry out a plan, a
// TimingPlan as JSON, when its function is called for the first time.
func Timed(plan string) *Timing {
	underway.Lock()
	defer underway.Unlock()
	if underway.timing == nil {
		underway.timing = newTiming(plan)
		display.AtCellEnd(func() {
			underway.Lock()
			defer underway.Unlock()
			underway.timing = nil
		})
	}
	return underway.timing
}

// newTiming begins to carry out a plan.
func newTiming(plan string) *Timing {
	m := &Timing{start: time.Now(), steal: readSteal()}
	if err := json.Unmarshal([]byte(plan), &m.plan); err != nil {
		panic(fmt.Sprintf("plan of a timing: %v", err)) // one of ours
	}
	m.schedule = newSchedule(m.plan, rand.New(rand.NewPCG(m.plan.Seed, 0)))
	s := TimingStart{GOMAXPROCS: runtime.GOMAXPROCS(0), Load: loadAverage()}
	guard, room := memoryGuard()
	if m.room = room; m.plan.GCOff {
		s.GCGuard = guard
	}
	Report(RecordTimingStart, s)
	if benchtimeFlag() == nil {
		m.stopped = StoppedFlags
	}
	return m
}

// Is reports whether a variant is to be timed now.
func (m *Timing) Is(variant int) bool { return m.plan.Points[m.now].Variant == variant }

// Float returns the parameter's value.
func (m *Timing) Float() float64 { return m.plan.Points[m.now].Value }

// Int returns the parameter's value.
func (m *Timing) Int() int { return int(m.plan.Points[m.now].Value) }

// end tells how the timing ended.
func (m *Timing) end() {
	Report(RecordTimingEnd, TimingEnd{Stopped: m.stopped, Steal: m.steal.share(readSteal()), Took: time.Since(m.start).Seconds()})
}
