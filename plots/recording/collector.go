package recording

import (
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// Names of ranges in traces, from x/exp/trace (Event.Range).
const (
	rangeMark   = "GC concurrent mark phase"
	rangeAssist = "GC mark assist"
	rangeStop   = "stop-the-world ("
)

// collector is the garbage collector, and whatever else stops the world.
type collector struct {
	marking bool
	since   trace.Time
	cycles  int
	mark    time.Duration
	stops   map[trace.GoID]stop // that are going on, by who stopped the world
	stopped time.Duration
	count   int
	longest time.Duration
	helped  time.Duration // by goroutines of the program that had to, on processors
	marks   strip         // when it marked
	halts   strip         // when the world stood still
	reasons names

	// All of them, for a study; no more than mostSpans.
	markSpans, stopSpans []Span
}

type stop struct {
	since  trace.Time
	reason string
}

// rangeEvent follows marking, assists and stops of the world.
func (r *reader) rangeEvent(ev trace.Event) {
	rg, at := ev.Range(), ev.Time()
	ends := ev.Kind() == trace.EventRangeEnd
	if ev.Kind() == trace.EventRangeActive {
		at = r.sync
	}
	switch {
	case rg.Name == rangeMark && ends:
		r.endMark(at)
	case rg.Name == rangeMark && !r.gc.marking:
		r.gc.marking, r.gc.since = true, at
		r.gc.cycles++
	case rg.Name == rangeAssist && rg.Scope.Kind == trace.ResourceGoroutine:
		g := r.gs[rg.Scope.Goroutine()]
		if g == nil || g.assists != ends {
			return
		}
		if g.alive && g.state == Running {
			r.to(g, Running, at) // what came before and what comes now are two states
		}
		g.assists = !ends
	case strings.HasPrefix(rg.Name, rangeStop) && ends:
		r.endStop(ev.Goroutine(), at)
	case strings.HasPrefix(rg.Name, rangeStop):
		if _, twice := r.gc.stops[ev.Goroutine()]; !twice {
			r.gc.stops[ev.Goroutine()] = stop{at, strings.TrimSuffix(strings.TrimPrefix(rg.Name, rangeStop), ")")}
		}
	}
}

func (r *reader) endMark(at trace.Time) {
	if !r.gc.marking {
		return
	}
	r.gc.marking = false
	if from, to, ok := r.clip(r.gc.since, at); ok {
		r.gc.mark += time.Duration(to - from)
		r.chrome.span(chromeCollector, 1, rangeMark, from, to)
		r.gc.markSpans = appendSpan(r.gc.markSpans, from, to, "")
		r.gc.marks.add(r.ruler, item{from: from, to: to, n: 1})
	}
}

func (r *reader) endStop(by trace.GoID, at trace.Time) {
	s, ok := r.gc.stops[by]
	if !ok {
		return
	}
	delete(r.gc.stops, by)
	if from, to, ok := r.clip(s.since, at); ok {
		r.gc.count++
		r.chrome.span(chromeCollector, 0, "stop the world, "+s.reason, from, to)
		r.gc.stopSpans = appendSpan(r.gc.stopSpans, from, to, s.reason)
		r.gc.stopped += time.Duration(to - from)
		r.gc.longest = max(r.gc.longest, time.Duration(to-from))
		r.gc.halts.add(r.ruler, item{from: from, to: to, n: 1, kind: r.gc.reasons.of(s.reason)})
	}
}

func (c *collector) finish(r *reader) {
	r.endMark(r.now)
	for by := range c.stops {
		r.endStop(by, r.now)
	}
}

// appendSpan adds a span while there are few.
func appendSpan(to []Span, from, until int64, name string) []Span {
	if len(to) == mostSpans {
		return to
	}
	return append(to, Span{time.Duration(from), time.Duration(until), name})
}

// names numbers words in the order in which they come.
type names struct {
	words []string
	index map[string]int32
}

func (n *names) of(word string) int32 {
	if i, ok := n.index[word]; ok {
		return i
	}
	if n.index == nil {
		n.index = map[string]int32{}
	}
	i := int32(len(n.words))
	n.words = append(n.words, word)
	n.index[word] = i
	return i
}
