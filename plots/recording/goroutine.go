package recording

import (
	"time"

	"golang.org/x/exp/trace"
)

// goroutine is what is known of a goroutine while the trace is read.
type goroutine struct {
	id      trace.GoID
	name    string // of the function that it started with; "" while unknown
	state   State
	alive   bool
	assists bool // within a GC mark assist
	since   trace.Time
	first   trace.Time // when it was first there
	last    trace.Time
	times   Breakdown
	proc    trace.ProcID // on which it runs
	strip   strip
	regions regionStack
}

// to changes the state, after the time in the old one has been counted.
func (r *reader) to(g *goroutine, s State, at trace.Time) {
	r.leave(g, at)
	g.alive, g.state, g.since = true, s, at
}

// leave counts the time in the state that ends.
func (r *reader) leave(g *goroutine, at trace.Time) {
	if !g.alive {
		return
	}
	g.alive, g.last = false, at
	state := g.state
	if state == Running && g.assists {
		state = Assist
	}
	from, to, ok := r.clip(g.since, at)
	if !ok {
		return
	}
	g.times[state] += time.Duration(to - from)
	if r.view == viewGoroutines {
		g.strip.add(r.ruler, item{from: from, to: to, kind: int32(state), n: 1})
	}
}

// goroutineEvent follows a goroutine from state to state.
func (r *reader) goroutineEvent(ev trace.Event, st trace.StateTransition) {
	id, at := st.Resource.Goroutine(), ev.Time()
	from, to := st.Goroutine()
	g := r.gs[id]
	if g == nil {
		g = &goroutine{id: id, first: at, since: at, proc: trace.NoProc}
		if from == trace.GoUndetermined {
			// It was there before, in the same state since the last moment at
			// which all were listed.
			at = r.sync
			g.first, g.since = at, at
		}
		r.gs[id] = g
		r.seen++
	}
	g.learnName(st.Stack)
	if from == to && g.alive {
		return // a repetition, at the start of a part of the trace
	}
	var state State
	switch to {
	case trace.GoRunning:
		state = Running
	case trace.GoRunnable:
		state = Runnable
	case trace.GoSyscall:
		state = Syscall
	case trace.GoWaiting:
		state = waiting(st.Reason, st.Stack)
	case trace.GoNotExist:
		r.leave(g, ev.Time())
		r.release(g, ev.Time())
		r.end(g, ev.Time())
		return
	default:
		return
	}
	r.to(g, state, at)
	r.occupy(g, state, ev.Proc(), at)
}

// learnName takes the name from the outermost frame of the first stack seen.
func (g *goroutine) learnName(stack trace.Stack) {
	if g.name != "" || stack == trace.NoStack {
		return
	}
	for f := range stack.Frames() {
		if f.Func != "runtime.goexit" {
			g.name = f.Func
		}
	}
}

// end closes what a goroutine leaves open and forgets it if it can't be among
// those that are shown.
func (r *reader) end(g *goroutine, at trace.Time) {
	r.endRegions(g, at)
	delete(r.gs, g.id)
	r.ended = append(r.ended, g)
	if r.keep > 0 && len(r.ended) >= 2*r.keep+1024 {
		r.prune()
	}
}
