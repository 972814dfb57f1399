package harness

import (
	"slices"
	"time"
)

const (
	// mostOps is how many operations of a point are timed one by one.
	mostOps = 1_000_000
	// mostSample is how many of their times a run tells.
	mostSample = 500
	// shortToClock is the length in seconds of an operation that reading a clock
	// before and behind it would distort: reading it takes some 50 ns.
	shortToClock = 10e-6
	// mostBatch is how many inputs are prepared at most, and prepareTime how many
	// seconds that may take.
	mostBatch   = 100_000
	prepareTime = 0.2
)

// Singly is what was found by timing operations one by one, in seconds.
type Singly struct {
	Sample []float64 `json:"sample"` // of their times, ascending; evenly thinned with the extremes kept
	Clock  float64   `json:"clock"`  // what reading the clock twice took, which each time contains

	sum float64
}

// clockedOps are the times of operations.
type clockedOps struct {
	base time.Time
	at   time.Duration
	list []time.Duration
}

// reset makes room for the times of n operations.
func (c *clockedOps) reset(n int, wanted bool) {
	c.base, c.list = time.Now(), c.list[:0]
	if wanted && cap(c.list) < n {
		c.list = make([]time.Duration, 0, n)
	}
}

// Start stands before an operation that is timed by itself.
func (m *Timing) Start() { m.ops.at = time.Since(m.ops.base) }

// Stop stands behind it.
func (m *Timing) Stop() { m.ops.list = append(m.ops.list, time.Since(m.ops.base)-m.ops.at) }

// Singly reports whether operations are to be timed one by one now; else their
// inputs are to be prepared before the loop.
func (m *Timing) Singly() bool { return m.singly() }

func (m *Timing) singly() bool { return m.plan.Singly && !m.schedule.states[m.now].batched }

// result sums up the times.
func (c *clockedOps) result() *Singly {
	s := &Singly{Clock: clockCost()}
	sorted := slices.Clone(c.list)
	slices.Sort(sorted)
	for _, d := range sorted {
		s.sum += d.Seconds()
	}
	k := min(len(sorted), mostSample)
	for i := range k {
		at := i
		if k > 1 {
			at = i * (len(sorted) - 1) / (k - 1)
		}
		s.Sample = append(s.Sample, sorted[at].Seconds())
	}
	return s
}

// clockCost is the median of what Start and Stop measure of nothing.
func clockCost() float64 {
	const n = 101
	var m Timing
	m.ops.reset(n, true)
	for range n {
		m.Start()
		m.Stop()
	}
	slices.Sort(m.ops.list)
	return m.ops.list[n/2].Seconds()
}

// batch makes the point's inputs be prepared for many operations at once.
func (p *pointState) batch() {
	p.batched = true
	p.calibration = calibration{target: prepareTime, most: mostBatch}
}

// Room returns a list for the inputs of a run, of the type of one of them.
func Room[T any](m *Timing, like T) []T { return make([]T, m.n) }
