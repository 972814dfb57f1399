package recording

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"golang.org/x/exp/trace"
)

// view is what the rows of a trace's timeline are.
type view uint8

const (
	viewGoroutines view = 1 << iota
	viewProcs
	viewRegions
	viewNone = view(0) // only the times are added up
	viewAll  = viewGoroutines | viewProcs | viewRegions
)

// reader follows a trace from event to event. It holds what is needed to draw
// the rows that may be shown, not the events.
type reader struct {
	view   view
	keep   int // ended goroutines that may be shown; all if negative
	lo, hi int64
	ruler  ruler

	begun bool
	start trace.Time // of the trace
	sync  trace.Time // when all goroutines were listed last
	now   trace.Time
	last  trace.Time           // of the events that tell what happened
	clock *trace.ClockSnapshot // when the trace told the time of day last; nil: never
	broke error                // why the trace ends before its end

	gs      map[trace.GoID]*goroutine
	ended   []*goroutine
	seen    int // goroutines
	dropped int // of those that ended

	shorts map[call]string // names to show by start function

	procs map[trace.ProcID]*processor
	most  int // processors there were at once (GOMAXPROCS); 0: not known
	gc    collector
	user  annotations
	study *study // nil: nobody asks for more than the rows
	over  bool   // the marked part is over

	stop   <-chan struct{} // closed to end the reading; nil: never
	chrome *chrome         // where spans are written to as they end; nil: nowhere
}

func newReader(v view) *reader {
	r := &reader{view: v, keep: -1, hi: -1, gs: map[trace.GoID]*goroutine{}, shorts: map[call]string{}, procs: map[trace.ProcID]*processor{}}
	r.gc.stops = map[trace.GoID]stop{}
	r.user = newAnnotations()
	return r
}

// read follows the trace to its end, or to where it breaks off: then broke says
// why. The error is for a trace of which nothing can be read.
func (r *reader) read(in io.Reader) error {
	buffered := bufio.NewReader(in)
	head, err := buffered.Peek(len("go 1.26 trace\x00\x00\x00"))
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if err := looksLikeTrace(head); err != nil {
		return err
	}
	tr, err := trace.NewReader(buffered)
	if err != nil {
		return err
	}
	events := 0
	for {
		ev, err := tr.ReadEvent()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			r.broke = err
			break
		}
		if ev.Kind() != trace.EventSync {
			events++
		}
		if events%stopEvery == 100 && r.stopped() {
			r.broke = ErrStopped
			break
		}
		if r.event(ev); r.over {
			break
		}
	}
	if events == 0 {
		if r.broke != nil {
			return fmt.Errorf("it breaks off before its first part is complete (%s): trace.Stop writes the end", firstLine(r.broke))
		}
		return fmt.Errorf("it has no events")
	}
	r.finish()
	return nil
}

// ErrStopped is why the reading of a trace ends that was told to.
var ErrStopped = errors.New("the reading was interrupted")

// stopEvery is how many events are read between two looks whether to stop: some
// milliseconds.
const stopEvery = 10_000

func (r *reader) stopped() bool {
	select {
	case <-r.stop:
		return true
	default:
		return false
	}
}

// firstLine is an error without the dump of states that may follow.
func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	if r := []rune(line); len(r) > 120 {
		line = string(r[:120]) + "…"
	}
	return strings.TrimRight(line, ": ")
}

func (r *reader) event(ev trace.Event) {
	at := ev.Time()
	if !r.begun {
		r.begun, r.start, r.sync = true, at, at
		r.ruler = ruler{origin: r.lo, width: 1000}
		if r.hi > r.lo {
			r.ruler.width = max(1, (r.hi-r.lo)/stripColumns)
		}
	}
	r.now = max(r.now, at)
	r.widen()
	if ev.Kind() != trace.EventSync {
		r.last = r.now
	}
	switch ev.Kind() {
	case trace.EventSync:
		r.sync = at
		if c := ev.Sync().ClockSnapshot; c != nil {
			r.clock = c
		}
	case trace.EventStateTransition:
		switch st := ev.StateTransition(); st.Resource.Kind {
		case trace.ResourceGoroutine:
			r.goroutineEvent(ev, st)
		case trace.ResourceProc:
			r.procEvent(ev, st)
		}
	case trace.EventRangeBegin, trace.EventRangeActive, trace.EventRangeEnd:
		r.rangeEvent(ev)
	case trace.EventTaskBegin, trace.EventTaskEnd:
		r.taskEvent(ev)
	case trace.EventRegionBegin, trace.EventRegionEnd:
		r.regionEvent(ev)
	case trace.EventLog:
		r.logEvent(ev)
	case trace.EventMetric:
		m := ev.Metric()
		if m.Name == metricProcs {
			r.most = max(r.most, int(m.Value.Uint64()))
		}
		if r.study != nil && m.Name == metricProcs {
			r.study.setProcs(r, int(m.Value.Uint64()), at)
		}
	}
}

// widen doubles the columns when the trace has grown out of them.
func (r *reader) widen() {
	// Divided, since a damaged trace may have times whose products overflow.
	column := (int64(r.now-r.start) - r.lo) / stripColumns
	if r.hi > r.lo || column <= r.ruler.width {
		return
	}
	for column > r.ruler.width {
		r.ruler.width *= 2
	}
	for _, s := range r.strips() {
		s.coarsen(r.ruler)
	}
}

// strips are all that the reader holds.
func (r *reader) strips() []*strip {
	var out []*strip
	add := func(g *goroutine) {
		out = append(out, &g.strip)
		out = append(out, g.regions.strips()...)
	}
	for _, g := range r.gs {
		add(g)
	}
	for _, g := range r.ended {
		add(g)
	}
	for _, p := range r.procs {
		out = append(out, &p.strip)
	}
	out = append(out, r.user.strips()...)
	return append(out, &r.gc.marks, &r.gc.halts)
}

// clip cuts a span to what is asked for, in nanoseconds from the start; ok is
// false if nothing is left.
func (r *reader) clip(from, to trace.Time) (lo, hi int64, ok bool) {
	lo, hi = max(int64(from-r.start), r.lo), int64(to-r.start)
	if r.hi > r.lo {
		hi = min(hi, r.hi)
	}
	return lo, hi, lo < hi
}

// endOfAxis is where the time axis ends.
func (r *reader) endOfAxis() int64 {
	if r.hi > r.lo {
		return r.hi
	}
	return int64(r.now - r.start)
}

// finish closes what is open at the end of the trace.
func (r *reader) finish() {
	for _, id := range slices.Sorted(maps.Keys(r.gs)) {
		g := r.gs[id]
		if r.study != nil {
			r.studyOpen(g)
		}
		r.leave(g, r.now)
		r.release(g, r.now)
		r.end(g, r.now)
	}
	for _, p := range r.procs {
		r.vacate(p, r.now)
	}
	r.endTasks(r.now)
	r.gc.finish(r)
}

// prune forgets ended goroutines that others outdo: how much a goroutine did
// doesn't change after its end.
func (r *reader) prune() {
	slices.SortFunc(r.ended, r.byRank)
	r.dropped += len(r.ended) - r.keep
	clear(r.ended[r.keep:])
	r.ended = r.ended[:r.keep]
}

// byRank orders goroutines as the view prefers them.
func (r *reader) byRank(a, b *goroutine) int {
	return cmp.Or(cmp.Compare(r.rank(b), r.rank(a)), cmp.Compare(a.id, b.id))
}

func (r *reader) rank(g *goroutine) int64 {
	if r.view == viewRegions {
		return g.regions.rank()
	}
	return int64(g.times.Busy())
}
