package recording

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// waitKey is what waits are added up by.
type waitKey struct {
	state State
	at    *stackPlace
}

// waitSum is the waits of a key.
type waitSum struct {
	Wait
	by map[*stackPlace]time.Duration // who ended them
}

// mostWakers is how many places that end the waits of one place are told apart.
const mostWakers = 64

// studyTransition follows how long goroutines wait, and for a processor. The
// goroutine is in its old state still.
func (r *reader) studyTransition(g *goroutine, from, to trace.GoState, ev trace.Event) {
	if !g.alive || from == to || g.system() {
		return
	}
	begin, end, ok := r.clip(g.since, ev.Time())
	switch {
	case !ok:
	case g.state == Runnable && to == trace.GoRunning:
		r.study.latency.add(time.Duration(end - begin))
	case g.state == Syscall:
		// What ends it is not in the trace. It is no single wait: it may compute.
		r.study.sum(Syscall, r.study.places.of(g.wait), nil, time.Duration(end-begin), false)
	case g.state.Waits():
		w := Waited{Goroutine: int64(g.id), Name: g.short, State: g.state, From: time.Duration(begin), To: time.Duration(end)}
		var waker *stackPlace // of the one whose doing ended the wait
		if by := ev.Goroutine(); by != trace.NoGoroutine && by != g.id {
			w.By = int64(by)
			waker = r.study.places.of(ev.Stack())
			if g := r.gs[by]; g != nil {
				w.ByName = g.short
				if waker.Where == "" || starters[waker.Function] != "" {
					// It ended what it had to do: its function says more.
					waker = r.study.places.intern(stackPlace{Place: Place{Function: g.short}})
				}
			}
		}
		r.study.waited(w, r.study.places.of(g.wait), waker)
	}
}

// studyOpen takes down what a goroutine waits for at the end of the trace.
func (r *reader) studyOpen(g *goroutine) {
	if !g.alive || g.system() || g.idle() {
		return
	}
	if begin, end, ok := r.clip(g.since, r.now); ok && g.state == Syscall {
		r.study.sum(Syscall, r.study.places.of(g.wait), nil, time.Duration(end-begin), true)
	}
	if !g.state.Waits() {
		return
	}
	if begin, end, ok := r.clip(g.since, r.now); ok {
		r.study.waited(Waited{Goroutine: int64(g.id), Name: g.short, State: g.state, From: time.Duration(begin), To: time.Duration(end), Open: true},
			r.study.places.of(g.wait), nil)
	}
}

// waited adds one wait.
func (s *study) waited(w Waited, at, by *stackPlace) {
	took := w.To - w.From
	s.sum(w.State, at, by, took, w.Open)
	if len(s.longest) == mostLongest && took <= s.longest[mostLongest-1].To-s.longest[mostLongest-1].From {
		return
	}
	w.Place = at.Place
	if by != nil {
		w.ByPlace = by.Place
	}
	place, _ := slices.BinarySearchFunc(s.longest, w, byLength)
	s.longest = slices.Insert(s.longest, place, w)
	s.longest = s.longest[:min(len(s.longest), mostLongest)]
}

// sum adds a wait to those of its place.
func (s *study) sum(state State, at, by *stackPlace, took time.Duration, open bool) {
	key := waitKey{state, at}
	sum := s.waits[key]
	if sum == nil {
		sum = &waitSum{Wait: Wait{State: state, Place: at.Place, Call: at.call}, by: map[*stackPlace]time.Duration{}}
		s.waits[key] = sum
	}
	sum.Count++
	sum.Time += took
	sum.Longest = max(sum.Longest, took)
	if open {
		sum.Open++
	}
	if _, known := sum.by[by]; known || len(sum.by) < mostWakers {
		sum.by[by] += took
	}
}

// byLength orders waits, the longest first.
func byLength(a, b Waited) int {
	return cmp.Or(cmp.Compare(b.To-b.From, a.To-a.From), cmp.Compare(a.From, b.From), cmp.Compare(a.Goroutine, b.Goroutine))
}

// sortedWaits are the sums by place.
func (s *study) sortedWaits() []Wait {
	out := make([]Wait, 0, len(s.waits))
	for _, sum := range s.waits {
		most := time.Duration(-1)
		for at, d := range sum.by {
			var p Place
			if at != nil {
				p = at.Place
			}
			if d > most || d == most && (p.Where < sum.By.Where || p.Where == sum.By.Where && p.Function < sum.By.Function) {
				most, sum.By = d, p
			}
		}
		out = append(out, sum.Wait)
	}
	slices.SortFunc(out, func(a, b Wait) int {
		return cmp.Or(cmp.Compare(b.Time, a.Time), cmp.Compare(a.Where, b.Where), cmp.Compare(a.State, b.State), cmp.Compare(a.Call, b.Call), cmp.Compare(a.Function, b.Function))
	})
	return out
}

// stackPlace is what a stack comes down to: the program's innermost line and what
// it calls.
type stackPlace struct {
	Place
	call string
}

// places finds the places of stacks, each once: stacks come again and again.
type places struct {
	known map[trace.Stack]*stackPlace
	all   map[stackPlace]*stackPlace // each once, so that its address stands for it
}

// mostPlaces is how many stacks are remembered: they keep parts of the trace in
// memory.
const mostPlaces = 10_000

func newPlaces() places {
	return places{known: map[trace.Stack]*stackPlace{}, all: map[stackPlace]*stackPlace{}}
}

// of is the place of a stack.
func (p places) of(s trace.Stack) *stackPlace {
	if at, ok := p.known[s]; ok {
		return at
	}
	if len(p.known) >= mostPlaces {
		clear(p.known)
	}
	p.known[s] = p.intern(placeOf(s))
	return p.known[s]
}

// intern is the one address of a place.
func (p places) intern(at stackPlace) *stackPlace {
	if p.all[at] == nil {
		p.all[at] = &at
	}
	return p.all[at]
}

// placeOf is the innermost frame in a cell; without one, the innermost that isn't of
// the runtime or of what goroutines wait with.
func placeOf(s trace.Stack) stackPlace {
	if s == trace.NoStack {
		return stackPlace{}
	}
	var own, first call
	var called, before string
	for f := range s.Frames() {
		c := call{fn: f.Func, file: f.File, line: int64(f.Line)}
		switch {
		case c.fn == "runtime.goexit":
			continue
		case c.inCell() && !c.isWrapper() && c.file != generatedFile:
			own, called = c, before
		case first.fn == "" && !waitsInside(c.fn) && !c.around():
			first = c
			called = before
		}
		if own.fn != "" {
			break
		}
		before = readableName(c.fn)
	}
	if own.fn == "" {
		own = first
	}
	if own.fn == "" {
		return stackPlace{Place: Place{Function: before}}
	}
	return stackPlace{Place: Place{Function: own.frame(false).Name, Where: own.where()}, call: strings.TrimPrefix(called, "internal/")}
}

// waitsInside reports whether a function is of the runtime, or of the packages with
// which goroutines wait.
func waitsInside(fn string) bool {
	for _, p := range []string{"runtime.", "internal/", "sync.", "time.", "syscall.", "context."} {
		if strings.HasPrefix(fn, p) {
			return true
		}
	}
	return false
}

// PlaceOf is a line of a function as figures name it: "f" and "cell 3:12" in cells.
func PlaceOf(linker, file string, line int) Place {
	c := call{fn: linker, file: file, line: int64(line)}
	return Place{Function: c.frame(false).Name, Where: c.where()}
}
