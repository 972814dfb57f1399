package recording

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"golang.org/x/exp/trace"

	"hpgo/plots"
)

// Logs of runtime/trace with this category mark the part of a trace that a Study is
// of. Behind the word for its beginning stands what the goroutine is to be called that
// does it. What records a trace of measured code writes them (magics/harness/tracer).
const (
	MarkCategory = "hpgo"
	markBegin    = "begin"
	markEnd      = "end"
)

// Study is all that one reading of an execution trace tells. With marks in the trace
// it is of the part between them, and times count from its beginning.
type Study struct {
	Execution            // with the busiest of its Goroutines, if there are very many
	Functions []Function // of goroutines, those with most time first
	Waits     []Wait     // by place, and system calls, those with most time first
	Longest   []Waited   // single waits of the program's goroutines
	// Latency is how long goroutines that could run waited for a processor.
	Latency Distribution
	Regions []Region // of runtime/trace, those with most time first
	Tasks   []Region
	Calls   []Region // of functions, as far as they were noted
	Marks   []Span   // when the collector marked
	Stops   []Span   // when the world stood still
	// Parallel is for how long 0, 1, 2, ... processors were busy at the same time.
	Parallel []time.Duration
	MaxProcs int  // GOMAXPROCS, as it was most of the time; 0: not known
	Begun    bool // the beginning is marked
	Over     bool // and so is the end
	// Wall is the time of day of the last event, as far as the trace tells.
	Wall time.Time
	// Idle counts goroutines of the program that were there and did nothing all the time;
	// nothing else here is about them.
	Idle  int
	Lanes plots.Data
}

// Function is the time of all goroutines that began with one function.
type Function struct {
	Name       string // as pictures show it
	System     bool   // of the runtime, or of what runs cells
	Goroutines int
	Times      Breakdown
}

// Place is a line of the program.
type Place struct {
	Function string `json:"function"`
	Where    string `json:"where"` // "cell 3:12", "sort/sort.go:40"
}

// Wait is the waiting at one place.
type Wait struct {
	State State
	Place
	Call    string // the call that waits: "sync.(*Mutex).Lock"
	Count   int
	Open    int // of them, those that had not ended with the trace
	Time    time.Duration
	Longest time.Duration
	By      Place // whose doing ended most of the time; empty if no goroutine's
}

// Waited is a single wait.
type Waited struct {
	Goroutine int64
	Name      string
	State     State
	Place
	From, To time.Duration
	Open     bool  // it had not ended with the trace
	By       int64 // the goroutine that ended it; 0: none, such as a timer or the network
	ByName   string
	ByPlace  Place
}

// Region is the time in all regions of a name, or in all tasks of a type.
type Region struct {
	Name    string
	Count   int
	Time    time.Duration
	Running time.Duration // of that, in which the region's goroutine ran
	Least   time.Duration
	Most    time.Duration
	Each    Distribution
}

// Span is a stretch of time.
type Span struct {
	From, To time.Duration
	Name     string
}

// Limits of a study.
const (
	studiedGoroutines = 4000 // of those that ended, those that lanes are made of
	mostLongest       = 20
	mostSpans         = 2000
	mostNames         = 500 // of regions
)

// ReadStudy reads an execution trace once, for all that a Study has. rows is how many
// lanes of goroutines its picture has at most. When ctx ends, the study is of what was
// read until then, and Broken says so.
func ReadStudy(ctx context.Context, in io.Reader, rows int) (s Study, err error) {
	defer recovered(&err)
	r := newReader(viewAll)
	r.stop = ctx.Done()
	r.keep, r.study = studiedGoroutines, newStudy()
	if err := r.read(in); err != nil {
		return Study{}, fmt.Errorf("read trace: %w", err)
	}
	s = r.study.result(r)
	l := lanes{timeline: timeline{reader: r, rows: rows}}
	if err := l.build(); err != nil {
		return Study{}, fmt.Errorf("read trace: %w", err)
	}
	s.Lanes = plots.Data{Version: plots.Version, Notes: l.notes, Gantt: &l.out, Width: traceWidth}
	s.Lanes.Height = l.out.Height() + 0.13*float64(len(l.notes))
	s.Lanes.Alt = l.out.Describe()
	return s, nil
}

// study is what is collected for a Study.
type study struct {
	functions map[string]*Function
	waits     map[waitKey]*waitSum
	longest   []Waited
	latency   Distribution
	regions   map[string]*Region
	tasks     map[string]*Region
	calls     map[string]*Region
	parallel  []time.Duration
	busy      int
	since     trace.Time // when busy changed
	places    places
	begun     bool
	procs     procsTimes
	idle      int // goroutines of the program that did nothing
}

func newStudy() *study {
	return &study{functions: map[string]*Function{}, waits: map[waitKey]*waitSum{}, regions: map[string]*Region{}, tasks: map[string]*Region{}, calls: map[string]*Region{}, places: newPlaces()}
}

// mark begins the part of the trace that counts, or ends it.
func (r *reader) mark(message string, ev trace.Event) {
	switch {
	case strings.HasPrefix(message, markBegin): // the last one counts: a flight recorder has those of earlier cells
		if g, name := r.gs[ev.Goroutine()], strings.TrimSpace(message[len(markBegin):]); g != nil && name != "" {
			g.name, g.short, g.around, g.started, g.literal = name, name, false, false, call{}
		}
		r.restart(ev.Time())
		r.study.begun = true
	case message == markEnd && r.study.begun:
		r.over = true
	}
}

// wall is the time of day of the last event; zero if the trace doesn't tell.
func (r *reader) wall() time.Time {
	if r.clock == nil {
		return time.Time{}
	}
	return r.clock.Wall.Add(r.last.Sub(r.clock.Trace))
}

// restart forgets what was before a time: the states of goroutines and processors
// go on.
func (r *reader) restart(at trace.Time) {
	r.start, r.sync = at, at
	r.ruler = ruler{width: 1000}
	for _, g := range r.gs {
		g.first, g.times, g.strip = at, Breakdown{}, strip{}
		g.since = max(g.since, at)
		g.regions.lanes, g.regions.early, g.regions.time, g.regions.logs, g.calls = nil, nil, 0, 0, nil
		for i := range g.regions.open {
			g.regions.open[i].ran = 0
		}
	}
	for _, p := range r.procs {
		p.since, p.busy, p.strip, p.uses = max(p.since, at), 0, strip{}, [uses]time.Duration{}
	}
	r.ended, r.dropped, r.seen = nil, 0, len(r.gs)
	gc := &r.gc
	gc.cycles, gc.mark, gc.helped, gc.stopped, gc.count, gc.longest, gc.marks, gc.halts = 0, 0, 0, 0, 0, 0, strip{}, strip{}
	gc.markSpans, gc.stopSpans = nil, nil
	if gc.marking {
		gc.cycles, gc.since = 1, at
	}
	tasks, types := r.user.tasks, r.user.types
	kinds := r.user.kinds
	r.user = newAnnotations()
	r.user.tasks, r.user.types, r.user.kinds = tasks, types, kinds
	for _, t := range types {
		t.count, t.time = 0, 0
		r.user.byType[t.name] = t
		for i := range t.lanes {
			t.lanes[i].strip = strip{}
		}
	}
	s := r.study
	busy, places, procs := s.busy, s.places, s.procs.now
	*s = *newStudy()
	s.busy, s.since, s.places = busy, at, places
	s.procs.now, s.procs.since = procs, at
}

// ran is how long a goroutine has run so far.
func (g *goroutine) ran(r *reader, at trace.Time) time.Duration {
	if from, to, ok := r.clip(g.since, at); ok && g.alive && g.state == Running && !g.assists {
		return g.times[Running] + time.Duration(to-from)
	}
	return g.times[Running]
}

// inUse counts the processors that are busy at the same time.
func (r *reader) inUse(at trace.Time, change int) {
	s := r.study
	if s == nil {
		return
	}
	if from, to, ok := r.clip(s.since, at); ok && s.since != 0 {
		for len(s.parallel) <= s.busy {
			s.parallel = append(s.parallel, 0)
		}
		s.parallel[s.busy] += time.Duration(to - from)
	}
	s.since = at
	s.busy = max(0, s.busy+change)
}

// idle reports whether a goroutine of the program did nothing and wanted nothing.
func (g *goroutine) idle() bool {
	return !g.system() && g.times.Busy() == 0 && g.times[Runnable] == 0
}

// metricProcs is GOMAXPROCS in traces.
const metricProcs = "/sched/gomaxprocs:threads"

// procsTimes is how long GOMAXPROCS had each of its values.
type procsTimes struct {
	now   int
	since trace.Time
	times map[int]time.Duration
}

// setProcs notes a value of GOMAXPROCS.
func (s *study) setProcs(r *reader, n int, at trace.Time) {
	p := &s.procs
	if from, to, ok := r.clip(p.since, at); ok && p.now > 0 {
		if p.times == nil {
			p.times = map[int]time.Duration{}
		}
		p.times[p.now] += time.Duration(to - from)
	}
	p.now, p.since = n, at
}

// most is the value that was there longest.
func (p procsTimes) most() int {
	best := p.now
	for n, d := range p.times {
		if d > p.times[best] || d == p.times[best] && n > best {
			best = n
		}
	}
	return best
}

// goroutine adds one that has ended to those of its function.
func (s *study) goroutine(g *goroutine) {
	if g.idle() {
		s.idle++
		return
	}
	name := cmp.Or(g.short, "(unknown)")
	if g.system() {
		name = g.kind()
	}
	f := s.functions[name]
	if f == nil {
		f = &Function{Name: name, System: g.system()}
		s.functions[name] = f
	}
	f.Goroutines++
	for state, d := range g.times {
		f.Times[state] += d
	}
}

func (s *study) region(name string, ran, took time.Duration) { addRegion(s.regions, name, ran, took) }

func (s *study) call(name string, from, to int64) {
	addRegion(s.calls, name, 0, time.Duration(to-from))
}

func (s *study) task(name string, took time.Duration) { addRegion(s.tasks, name, 0, took) }

// addRegion adds one region to those of its name.
func addRegion(to map[string]*Region, name string, ran, took time.Duration) {
	g := to[name]
	if g == nil {
		if len(to) == mostNames {
			return
		}
		g = &Region{Name: name, Least: took}
		to[name] = g
	}
	g.Count++
	g.Time += took
	g.Running += min(max(0, ran), took)
	g.Least, g.Most = min(g.Least, took), max(g.Most, took)
	g.Each.add(took)
}

// result puts together what was collected.
func (s *study) result(r *reader) Study {
	out := Study{Execution: r.execution(), Latency: s.latency, Longest: s.longest, Parallel: s.parallel, Begun: s.begun, Over: r.over, Idle: s.idle, Wall: r.wall()}
	s.setProcs(r, s.procs.now, r.now)
	out.MaxProcs = s.procs.most()
	for _, f := range s.functions {
		out.Functions = append(out.Functions, *f)
	}
	slices.SortFunc(out.Functions, func(a, b Function) int {
		return cmp.Or(cmp.Compare(b.Times.Busy(), a.Times.Busy()), cmp.Compare(b.Times.Total(), a.Times.Total()), cmp.Compare(a.Name, b.Name))
	})
	out.Waits = s.sortedWaits()
	slices.SortFunc(out.Longest, byLength)
	out.Regions, out.Tasks, out.Calls = sortedRegions(s.regions), sortedRegions(s.tasks), sortedRegions(s.calls)
	out.Marks, out.Stops = r.gc.markSpans, r.gc.stopSpans
	return out
}

func sortedRegions(of map[string]*Region) []Region {
	var out []Region
	for _, name := range slices.Sorted(maps.Keys(of)) {
		out = append(out, *of[name])
	}
	slices.SortStableFunc(out, func(a, b Region) int { return cmp.Compare(b.Time, a.Time) })
	return out
}
