package harness

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"hpgo/kernel/display"
)

// schedule decides what is run next.
type schedule struct {
	plan   TimingPlan
	dice   *rand.Rand
	states []pointState
	at     int   // the point, with OrderPoints
	round  int   // of the others
	queue  []int // points that are left in the round
}

// pointState is what is known of a point.
type pointState struct {
	calibration
	limit   time.Duration // no run begins that would end after it; 0: none
	runs    int
	op      float64 // seconds of an operation with all around it, by the last run
	over    bool    // no more runs
	batched bool
}

func newSchedule(plan TimingPlan, dice *rand.Rand) schedule {
	s := schedule{plan: plan, dice: dice, states: make([]pointState, len(plan.Points))}
	for i := range s.states {
		s.states[i].calibration = calibration{fixed: plan.Loops, target: plan.Target, cold: plan.Cold, even: plan.Even, most: mostLoops}
		if plan.Singly {
			s.states[i].most = max(1, mostOps/max(1, plan.Runs))
			s.states[i].batched = plan.Batch && plan.Loops > 0 && plan.Loops <= mostBatch
		}
	}
	return s
}

// Next tells the kernel about the last run and goes on to the next one, or a trial.
// It reports whether there is one, and then asks for the cell's function to be
// called again behind it. It ends early when the cell is interrupted or the budget
// is used up.
func (m *Timing) Next() bool {
	if m.running {
		m.done()
	}
	if !m.advance() {
		m.end()
		return false
	}
	display.CallAgain()
	return true
}

// advance chooses the next run.
func (m *Timing) advance() bool {
	if m.stopped == "" && display.Context().Err() != nil {
		m.stopped = StoppedInterrupt
	}
	if m.stopped != "" {
		return false
	}
	point, ok := m.schedule.next(time.Since(m.start))
	if !ok {
		if m.schedule.short() {
			m.stopped = StoppedBudget
		}
		return false
	}
	m.now, m.running, m.b = point, true, nil
	m.n, m.trial = m.schedule.states[point].next()
	return true
}

// next is the point to run, at a time on the timing's clock.
func (s *schedule) next(now time.Duration) (point int, ok bool) {
	if s.plan.Order == OrderPoints {
		for ; s.at < len(s.states); s.at++ {
			if s.wants(s.at, now) {
				return s.at, true
			}
		}
		return 0, false
	}
	for i := range s.states {
		if !s.states[i].done() && !s.takeOver(i) && s.wants(i, now) {
			return i, true
		}
	}
	for {
		for len(s.queue) == 0 {
			if s.round >= s.plan.Runs {
				return 0, false
			}
			s.fill()
		}
		point, s.queue = s.queue[0], s.queue[1:]
		if s.wants(point, now) {
			return point, true
		}
	}
}

// fill makes the queue of a round.
func (s *schedule) fill() {
	s.queue = s.queue[:0:0]
	for i := range s.states {
		s.queue = append(s.queue, i)
	}
	switch {
	case s.plan.Order == OrderRandom:
		s.dice.Shuffle(len(s.queue), func(i, k int) { s.queue[i], s.queue[k] = s.queue[k], s.queue[i] })
	case s.round%2 == 1:
		slices.Reverse(s.queue)
	}
	s.round++
}

// takeOver gives a point the number of operations of an equal one.
func (s *schedule) takeOver(point int) bool {
	for i := range s.states {
		if other := &s.states[i]; i != point && other.done() && s.plan.Points[i] == s.plan.Points[point] {
			s.states[point].calibration, s.states[point].op, s.states[point].batched = other.calibration, other.op, other.batched
			return true
		}
	}
	return false
}

// wants reports whether a point has something left to run that fits the budget.
func (s *schedule) wants(point int, now time.Duration) bool {
	p := &s.states[point]
	if p.over || p.runs >= s.plan.Runs {
		return false
	}
	if s.plan.Budget <= 0 {
		return true
	}
	if p.limit == 0 {
		s.grant(point, now)
	}
	next, trial := p.calibration.next()
	took := p.op * float64(next)
	if p.op == 0 {
		took = s.predict(point)
	}
	if p.op > 0 && (trial || p.runs == 0) {
		return true // what has begun gets at least one run
	}
	if now+seconds(took) > p.limit {
		p.over = true
	}
	return !p.over
}

// grant gives a point its share of the budget, and runs short enough for it.
func (s *schedule) grant(point int, now time.Duration) {
	p := &s.states[point]
	p.limit = seconds(s.plan.Budget)
	left := len(s.states)
	if s.plan.Order == OrderPoints {
		left -= point
		p.limit = now + max(0, p.limit-now)/time.Duration(left)
	}
	share := (s.plan.Budget - now.Seconds()) / float64(left)
	if most := max(share/float64(s.plan.Runs+1), 1e-4); most < p.target {
		p.target, p.short = most, true
	}
}

// predict is what an operation of a point is expected to take, by the points of
// smaller values before it: the power law through the last two, or proportional
// growth if that is more. 0 without them.
func (s *schedule) predict(point int) float64 {
	var xs, ts []float64
	here := s.plan.Points[point]
	for i := range point {
		p := s.plan.Points[i]
		if p.Variant == here.Variant && p.Procs == here.Procs && p.Value < here.Value && p.Value > 0 && s.states[i].op > 0 {
			xs, ts = append(xs, p.Value), append(ts, s.states[i].op)
		}
	}
	k, slope := len(xs), 1.0
	if k == 0 {
		return 0
	}
	if k > 1 {
		slope = max(slope, math.Log(ts[k-1]/ts[k-2])/math.Log(xs[k-1]/xs[k-2]))
	}
	return ts[k-1] * math.Pow(here.Value/xs[k-1], slope)
}

// short reports whether runs are missing.
func (s *schedule) short() bool {
	for i := range s.states {
		if s.states[i].runs < s.plan.Runs {
			return true
		}
	}
	return false
}

// seconds makes a duration of a number that may be too large for one.
func seconds(s float64) time.Duration {
	return time.Duration(min(s, 1e9) * float64(time.Second))
}
