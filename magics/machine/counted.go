package machine

import (
	"encoding/json"
	"math"

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
	for i, e := range c.events.Events {
		v.Events = append(v.Events, eventOf(e, i, runs, o))
	}
	derive(v.Events, v.Elapsed)
	return v
}

// eventOf is the i-th event of the runs.
func eventOf(e counters.Event, i int, runs []counters.Run, o operations) result.PerfEvent {
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
	switch {
	case len(counts) == 0:
		p.Missing, p.Why = notCounted, "the CPU's counters were taken by other events, or the code ran too briefly"
		return p
	case p.Source == result.PerfHardware && mean == 0 && running > standing:
		p.Missing, p.Why = notCounted, "the counter stands still: a virtual machine may pass it on without letting it count"
		return p
	}
	if running < enabled {
		p.Share = running / enabled
	}
	if p.Clock {
		mean /= 1e9
	}
	p.Running = running / float64(len(counts))
	p.Value, p.Err, p.PerOp = &mean, err, o.perOp(mean)
	return p
}

// standing is the time in s after which a hardware counter that says 0 isn't believed.
const standing = 1e-3

// What perf writes in place of a count.
const (
	notSupported = "<not supported>"
	notCounted   = "<not counted>"
)

// meanAndError is the mean and its standard error, as a part of it; nil with fewer
// than two values.
func meanAndError(xs []float64) (mean float64, err *float64) {
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
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
