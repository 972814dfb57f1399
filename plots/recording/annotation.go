package recording

import (
	"maps"
	"slices"
	"time"

	"golang.org/x/exp/trace"
)

// Limits of what a program notes in its trace.
const (
	maxDepth = 8   // regions within each other, and tasks of one type at a time
	maxLogs  = 400 // that are drawn
)

// annotations are the tasks, regions and logs of runtime/trace.
type annotations struct {
	kinds      names // of the spans: types of regions and tasks; functions on processors
	tasks      map[trace.TaskID]*task
	types      []*taskType // in the order in which they come
	byType     map[string]*taskType
	logs       []logMark
	moreLogs   int
	unended    int   // tasks and regions
	tooDeep    int   // not drawn
	beforehand int   // that began before the trace
	calls      int   // of functions, that goroutines hold
	leastCall  int64 // ns: shorter ones are not held
}

func newAnnotations() annotations {
	return annotations{tasks: map[trace.TaskID]*task{}, byType: map[string]*taskType{}}
}

// task is one that is going on.
type task struct {
	of    *taskType
	lane  int
	since trace.Time
}

// taskType is the row of all tasks of a type, with lanes for those that go on at
// the same time.
type taskType struct {
	name  string
	count int
	time  time.Duration
	lanes []lane
}

type lane struct {
	taken bool
	strip strip
}

// logMark is a log message on a goroutine.
type logMark struct {
	g    trace.GoID
	at   int64
	text string
}

// regionStack is the regions of one goroutine.
type regionStack struct {
	open  []region
	lanes []*strip // by depth
	early []*strip // of regions that began before the trace, inner ones first
	time  time.Duration
	logs  int
}

type region struct {
	kind  int32
	since trace.Time
	ran   time.Duration // how long its goroutine had run before
}

// rank orders goroutines by the time in regions; those with logs only come last.
func (s *regionStack) rank() int64 { return int64(s.time) + int64(min(s.logs, 1)) }

func (s *regionStack) strips() []*strip { return append(append([]*strip{}, s.early...), s.lanes...) }

func (a *annotations) strips() []*strip {
	var out []*strip
	for _, t := range a.types {
		for i := range t.lanes {
			out = append(out, &t.lanes[i].strip)
		}
	}
	return out
}

func (r *reader) regionEvent(ev trace.Event) {
	g := r.gs[ev.Goroutine()]
	if g == nil || r.view&viewRegions == 0 {
		return
	}
	s := &g.regions
	kind := r.user.kinds.of(ev.Region().Type)
	if ev.Kind() == trace.EventRegionBegin {
		s.open = append(s.open, region{kind, ev.Time(), g.ran(r, ev.Time())})
		return
	}
	if len(s.open) == 0 {
		r.user.beforehand++
		if from, to, ok := r.clip(g.first, ev.Time()); ok && len(s.early) < maxDepth {
			strip := &strip{}
			strip.add(r.ruler, item{from: from, to: to, kind: kind, n: 1})
			s.early = append(s.early, strip)
			s.time = time.Duration(to - from) // it is around all so far
		}
		return
	}
	r.endRegion(g, ev.Time())
}

// endRegion ends the innermost region of a goroutine.
func (r *reader) endRegion(g *goroutine, at trace.Time) {
	s := &g.regions
	depth := len(s.open) - 1
	reg := s.open[depth]
	s.open = s.open[:depth]
	from, to, ok := r.clip(reg.since, at)
	if ok && r.study != nil {
		r.chrome.span(chromeRegions, int64(g.id), r.user.kinds.words[reg.kind], from, to)
		r.chrome.thread(chromeRegions, int64(g.id), goroutineName(g))
		r.study.region(r.user.kinds.words[reg.kind], g.ran(r, at)-reg.ran, time.Duration(to-from))
	}
	switch {
	case !ok:
		return
	case depth >= maxDepth:
		r.user.tooDeep++
		return
	case depth == 0:
		s.time += time.Duration(to - from)
	}
	for len(s.lanes) <= depth {
		s.lanes = append(s.lanes, &strip{})
	}
	s.lanes[depth].add(r.ruler, item{from: from, to: to, kind: reg.kind, n: 1})
}

// endRegions ends what a goroutine leaves open.
func (r *reader) endRegions(g *goroutine, at trace.Time) {
	r.user.unended += len(g.regions.open)
	for len(g.regions.open) > 0 {
		r.endRegion(g, at)
	}
}

func (r *reader) taskEvent(ev trace.Event) {
	if r.view&viewRegions == 0 {
		return
	}
	t := ev.Task()
	if ev.Kind() == trace.EventTaskEnd {
		if old := r.user.tasks[t.ID]; old != nil {
			r.endTask(t.ID, ev.Time())
		} else if t.Type != "" {
			r.user.beforehand++
			r.user.begin(t, r.start, true)
			r.endTask(t.ID, ev.Time())
		}
		return
	}
	r.user.begin(t, ev.Time(), false)
}

// begin opens a task in the first free lane of its type. One that began before
// the trace needs a lane that was free all the time.
func (a *annotations) begin(t trace.Task, at trace.Time, early bool) {
	of := a.byType[t.Type]
	if of == nil {
		of = &taskType{name: t.Type}
		a.byType[t.Type] = of
		a.types = append(a.types, of)
	}
	of.count++
	free := slices.IndexFunc(of.lanes, func(l lane) bool { return !l.taken && !early })
	if free < 0 && len(of.lanes) < maxDepth {
		of.lanes = append(of.lanes, lane{})
		free = len(of.lanes) - 1
	}
	if free >= 0 {
		of.lanes[free].taken = true
	} else {
		a.tooDeep++
	}
	a.tasks[t.ID] = &task{of, free, at}
}

func (r *reader) endTask(id trace.TaskID, at trace.Time) {
	t := r.user.tasks[id]
	delete(r.user.tasks, id)
	if t.lane >= 0 {
		t.of.lanes[t.lane].taken = false
	}
	from, to, ok := r.clip(t.since, at)
	if !ok {
		return
	}
	if r.study != nil {
		r.chrome.span(chromeTasks, int64(id), t.of.name, from, to)
		r.study.task(t.of.name, time.Duration(to-from))
	}
	t.of.time += time.Duration(to - from)
	if t.lane >= 0 {
		t.of.lanes[t.lane].strip.add(r.ruler, item{from: from, to: to, kind: r.user.kinds.of(t.of.name), n: 1, id: int64(id)})
	}
}

// endTasks ends the tasks that go on at the end of the trace.
func (r *reader) endTasks(at trace.Time) {
	for _, id := range slices.Sorted(maps.Keys(r.user.tasks)) {
		r.user.unended++
		r.endTask(id, at)
	}
}

func (r *reader) logEvent(ev trace.Event) {
	l := ev.Log()
	if r.study != nil && l.Category == MarkCategory {
		r.mark(l.Message, ev)
		return
	}
	g := r.gs[ev.Goroutine()]
	if l.Category == callCategory {
		if g != nil && r.study != nil {
			r.callEvent(g, ev, l.Message)
		}
		return
	}
	if g == nil || r.view&viewRegions == 0 {
		return
	}
	at, _, ok := r.clip(ev.Time(), ev.Time()+1)
	if !ok {
		return
	}
	g.regions.logs++
	if len(r.user.logs) == maxLogs {
		r.user.moreLogs++
		return
	}
	text := l.Message
	if l.Category != "" {
		text = l.Category + ": " + text
	}
	r.user.logs = append(r.user.logs, logMark{g.id, at, text})
}
