package machine

import (
	"encoding/json"
	"math"
	"slices"

	"hpgo/magics/harness"
	"hpgo/magics/harness/counters"
	"hpgo/magics/result"
)

// counting is what counters have told of one variant.
type counting struct {
	events *counters.Events // nil: it didn't come to that
	runs   []counters.Run
	end    *counters.End
}

// hear takes a record; false: it is another's.
func (c *counting) hear(r harness.Record) bool {
	read := func(v any) bool { return json.Unmarshal(r.Data, v) == nil }
	switch r.Kind {
	case counters.RecordEvents:
		var e counters.Events
		if read(&e) {
			c.events = &e
		}
	case counters.RecordRun:
		var run counters.Run
		if read(&run) {
			c.add(run)
		}
	case counters.RecordEnd:
		var end counters.End
		if read(&end) {
			c.end = &end
		}
	default:
		return false
	}
	return true
}

// add takes a run, in place of what was reported of it before its end.
func (c *counting) add(run counters.Run) {
	if last := len(c.runs) - 1; last >= 0 && run.Number > 0 && c.runs[last].Number == run.Number {
		c.runs[last] = run
		return
	}
	c.runs = append(c.runs, run)
}

// complete are the runs that came to their end, or the one that broke off where
// there is no other.
func (c *counting) complete() (runs []counters.Run, broken bool) {
	for _, r := range c.runs {
		if !r.Broken {
			runs = append(runs, r)
		}
	}
	if len(runs) == 0 {
		return c.runs, len(c.runs) > 0
	}
	return runs, false
}

// operations is what a run consists of.
type operations struct {
	loops int     // executions of the statement
	ops   float64 // operations in these; 0: unknown
}

// perOp divides a count by the operations; nil: they are unknown.
func (o operations) perOp(v float64) *float64 {
	if o.ops == 0 {
		return nil
	}
	v /= o.ops
	return &v
}

// variant is the result of what was counted.
func (c *counting) variant(name string, o operations) result.PerfVariant {
	runs, broken := c.complete()
	v := result.PerfVariant{Name: name, Runs: len(runs), Loops: o.loops, Ops: o.ops}
	if broken {
		v.Runs = 0
	}
	column := func(value func(counters.Run) float64) []float64 {
		var xs []float64
		for _, r := range runs {
			xs = append(xs, value(r))
		}
		return xs
	}
	v.Elapsed, v.Err = meanAndError(column(func(r counters.Run) float64 { return r.Elapsed }))
	v.User, _ = meanAndError(column(func(r counters.Run) float64 { return r.User }))
	v.Sys, _ = meanAndError(column(func(r counters.Run) float64 { return r.Sys }))
	for i := range c.events.Events {
		v.Events = append(v.Events, c.event(i, runs, o))
	}
	dropStanding(v.Events)
	derive(v.Events, c.trusted(v))
	return v
}

// trusted is the time of a run by which figures are derived; 0: so much of its CPU time
// is that of the counting itself that they would say nothing.
func (c *counting) trusted(v result.PerfVariant) float64 {
	for i, e := range v.Events {
		if e.Clock && c.emptyPart(i, e) >= muchOfIt {
			return 0
		}
	}
	return v.Elapsed
}

// empty is what counting nothing gives for the i-th event, in the units of a PerfEvent.
func (c *counting) empty(i int) float64 {
	e := c.events.Empty
	if i >= len(e.Values) {
		return 0
	}
	if c.events.Events[i].Unit == "ns" {
		return e.Values[i].Count / 1e9
	}
	return e.Values[i].Count
}

// emptyPart is that as a part of the event's value.
func (c *counting) emptyPart(i int, e result.PerfEvent) float64 {
	if e.Value == nil || *e.Value == 0 {
		return 0
	}
	return min(c.empty(i) / *e.Value, 1)
}

// event is the i-th event of the runs.
func (c *counting) event(i int, runs []counters.Run, o operations) result.PerfEvent {
	e := c.events.Events[i]
	p := result.PerfEvent{Event: e.Name, Source: e.Source, From: e.From, Clock: e.Unit == "ns", Share: 1}
	if e.Refused != "" {
		p.Missing, p.Why = notSupported, e.Refused
		return p
	}
	var counts []float64
	enabled, running := 0.0, 0.0
	for _, r := range runs {
		if v := r.Values[i]; !v.None {
			counts = append(counts, v.Count)
			enabled += v.Enabled
			running += v.Running
		}
	}
	mean, err := meanAndError(counts)
	if len(counts) == 0 {
		p.Missing, p.Why = notCounted, "the CPU's counters were taken by other events, or the code ran too briefly"
		return p
	}
	if running < enabled {
		p.Share = running / enabled
	}
	if p.Clock {
		mean /= 1e9
	}
	p.Running = running / float64(len(counts))
	p.Value, p.Err, p.PerOp = &mean, err, o.perOp(max(0, mean-c.empty(i)))
	return p
}

// standing is the time in s in which a CPU counts something of what it always does.
const standing = 1e-3

// always are the events that code which runs has.
var always = []string{"cycles", "instructions", "branches", "ref-cycles"}

// dropStanding takes out the counters of a CPU that don't count: if one that always does
// says 0, no other 0 is believed either. Else there may be code without a cache miss.
func dropStanding(events []result.PerfEvent) {
	none := func(e result.PerfEvent) bool {
		return e.Source == result.PerfHardware && e.Value != nil && *e.Value == 0
	}
	if !slices.ContainsFunc(events, func(e result.PerfEvent) bool {
		return none(e) && e.Running > standing && slices.Contains(always, canonicalBase(e.Event))
	}) {
		return
	}
	for i, e := range events {
		if none(e) {
			events[i].Value, events[i].Err, events[i].PerOp = nil, nil, nil
			events[i].Missing, events[i].Why = notCounted, "the counter stands still: a virtual machine may pass it on without letting it count"
		}
	}
}

// What perf writes in place of a count.
const (
	notSupported = "<not supported>"
	notCounted   = "<not counted>"
)

// meanAndError is the mean and its standard error, as a part of it; nil with fewer
// than two values.
func meanAndError(xs []float64) (mean float64, err *float64) {
	for _, x := range xs {
		mean += x // sums of whole numbers are exact
	}
	mean /= float64(max(len(xs), 1))
	if len(xs) < 2 {
		return mean, nil
	}
	squares := 0.0
	for _, x := range xs {
		squares += (x - mean) * (x - mean)
	}
	e := 0.0
	if mean != 0 {
		n := float64(len(xs))
		e = math.Sqrt(squares/(n-1)/n) / math.Abs(mean)
	}
	return mean, &e
}
