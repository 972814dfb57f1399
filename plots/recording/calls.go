package recording

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/exp/trace"
)

// callCategory is that of logs that note long calls of functions, at their ends: the
// message is when the call began, from the mark on, how long it took, both in
// nanoseconds, and the function (package magics/prof).
const callCategory = "hpgo.call"

// Limits of calls.
const (
	mostCalls = 6       // within each other in a picture
	heldCalls = 100_000 // of more, the longer ones are kept to be drawn
)

// callSpan is a call of a function on a goroutine.
type callSpan struct {
	from, to int64
	kind     int32 // its name
}

// callEvent notes a call that ends.
func (r *reader) callEvent(g *goroutine, ev trace.Event, message string) {
	words := strings.SplitN(message, " ", 3)
	if len(words) < 3 {
		return // not one of ours
	}
	began, err := strconv.ParseInt(words[0], 10, 64)
	took, bad := strconv.ParseInt(words[1], 10, 64)
	const most = 1 << 60 // ns
	if err != nil || bad != nil || min(began, took) < 0 || max(began, took) > most {
		return // nor is this
	}
	name := words[2]
	end := min(r.start+trace.Time(began+took), ev.Time()) // the clocks may differ a little
	from, to, ok := r.clip(end-trace.Time(took), end)
	if !ok {
		return
	}
	r.study.call(name, from, to)
	r.chrome.span(chromeCalls, int64(g.id), name, from, to)
	r.chrome.thread(chromeCalls, int64(g.id), goroutineName(g))
	if to-from < r.user.leastCall {
		return
	}
	g.calls = append(g.calls, callSpan{from, to, r.user.kinds.of(name)})
	if r.user.calls++; r.user.calls > heldCalls {
		r.dropCalls()
	}
}

// dropCalls keeps the longer half of the calls, or fewer.
func (r *reader) dropCalls() {
	var all []*goroutine
	for _, g := range r.gs {
		all = append(all, g)
	}
	all = append(all, r.ended...)
	var took []int64
	for _, g := range all {
		for _, c := range g.calls {
			took = append(took, c.to-c.from)
		}
	}
	slices.Sort(took)
	if len(took) == 0 {
		return
	}
	r.user.leastCall, r.user.calls = took[len(took)/2]+1, 0
	for _, g := range all {
		g.calls = slices.DeleteFunc(g.calls, func(c callSpan) bool { return c.to-c.from < r.user.leastCall })
		r.user.calls += len(g.calls)
	}
}

// callStrips puts the calls of a goroutine below each other, the outermost first.
func (g *goroutine) callStrips(ruler ruler) []*strip {
	calls := slices.Clone(g.calls)
	slices.SortFunc(calls, func(a, b callSpan) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.to, a.to)) })
	var strips []*strip
	var open []int64 // ends of the calls that a call lies in
	for _, c := range calls {
		for len(open) > 0 && open[len(open)-1] <= c.from {
			open = open[:len(open)-1]
		}
		depth := len(open)
		open = append(open, c.to)
		if depth >= mostCalls {
			continue
		}
		if depth == len(strips) {
			strips = append(strips, &strip{})
		}
		strips[depth].add(ruler, item{from: c.from, to: c.to, kind: c.kind, n: 1})
	}
	return strips
}
