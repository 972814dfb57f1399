package recording

import (
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// goroutine is what is known of a goroutine while the trace is read.
type goroutine struct {
	id      trace.GoID
	name    string // of the function that it started with; "" while unknown
	short   string // the name to show
	started bool   // its function is that of starters, and no other has been seen
	creator call   // what called the starter, if one did
	around  bool   // it started in what runs cells, and no cell's code has been seen
	literal call   // the function literal of a cell that it started with, while that may only call another
	callee  call   // that other
	seen    trace.Stack
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
	calls   []callSpan
	ended   bool        // by the session, after a panic or an interrupt: what comes is the session's
	wait    trace.Stack // where it waits or is in a system call, or was last
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
	if g.state == Running && state == Assist && !g.system() {
		r.gc.helped += time.Duration(to - from)
	}
	r.chrome.span(chromeGoroutines, int64(g.id), state.String(), from, to)
	if r.view&viewGoroutines != 0 {
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
	if from == trace.GoNotExist {
		g.creator = creatorIn(ev.Stack())
	}
	if to != trace.GoNotExist && (g.ended || endedBySession(st.Stack)) {
		g.ended = true
		r.leave(g, at)
		r.release(g, at)
		return
	}
	r.learnName(g, st.Stack)
	if r.study != nil {
		r.studyTransition(g, from, to, ev)
	}
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
		state, g.wait = Syscall, st.Stack
	case trace.GoWaiting:
		state, g.wait = waiting(st.Reason, st.Stack), st.Stack
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

// endedBySession reports whether a stack is one on which the session takes the place of
// the cell's code that it stopped, or that faulted.
func endedBySession(stack trace.Stack) bool {
	if stack == trace.NoStack {
		return false
	}
	session, before := false, ""
	for f := range stack.Frames() {
		if (call{fn: f.Func, file: f.File}).inCell() {
			return session && before == "runtime.sigpanic"
		}
		session, before = session || ofSession(f.Func), f.Func
	}
	return false
}

// starters run the function that they are given in a goroutine. Those are called
// after that function, once a stack shows it; until then after what called the
// method here.
var starters = map[string]string{
	"sync.(*WaitGroup).Go.func1":                      "WaitGroup.Go",
	"golang.org/x/sync/errgroup.(*Group).Go.func1":    "Group.Go",
	"golang.org/x/sync/errgroup.(*Group).add.func1":   "Group.Go",
	"golang.org/x/sync/errgroup.(*Group).TryGo.func1": "Group.TryGo",
}

// ofStarter reports whether a starter itself calls the function, or none is.
func ofStarter(function string) bool {
	return function == "" || strings.HasPrefix(function, "sync.(*WaitGroup).") || strings.HasPrefix(function, "runtime.") ||
		strings.HasPrefix(function, "golang.org/x/sync/errgroup.")
}

// creatorIn is what called the starter that a goroutine was made by, if one did.
func creatorIn(stack trace.Stack) call {
	first := true
	for f := range stack.Frames() {
		if !ofStarter(f.Func) {
			if first {
				return call{}
			}
			return call{fn: f.Func, file: f.File}
		}
		first = false
	}
	return call{}
}

// learnName takes the name from the outermost frame of the first stack seen. The
// goroutine that runs a cell is called after the cell. The runtime may leave out the
// caller of a function that has just begun: what recovers from a literal's panics
// then stands below the starter itself.
func (r *reader) learnName(g *goroutine, stack trace.Stack) {
	if stack == trace.NoStack || stack == g.seen || g.name != "" && !g.around && !g.started && g.literal.fn == "" {
		return
	}
	g.seen = stack
	var outermost, inner, cell call
	session := false
	for f := range stack.Frames() {
		if f.Func == "runtime.goexit" {
			continue
		}
		if starters[f.Func] != "" && !ofStarter(outermost.fn) && !ofSession(outermost.fn) {
			continue
		}
		inner, outermost = outermost, call{fn: f.Func, file: f.File}
		session = session || ofSession(f.Func)
		if outermost.inCell() {
			cell = outermost
		}
	}
	if g.literal.fn != "" {
		r.learnCallee(g, inner)
		return
	}
	g.name, g.around, g.started = outermost.fn, false, starters[outermost.fn] != ""
	// The runtime leaves its own outermost frame out of some stacks.
	isMain := g.name == "runtime.main" || g.name == "main.main"
	switch {
	case g.started && g.creator.fn != "":
		g.short = r.shortName(g.creator) + " (" + starters[g.name] + ")"
	case !ofSession(g.name) && !(isMain && session):
		// What a starter is given is the user's own, whatever it calls.
		if g.short = r.shortName(outermost); outermost.isLiteral() && g.creator.fn == "" {
			g.literal = outermost
			r.learnCallee(g, inner)
		}
	case cell.fn == "":
		g.around, g.short = true, r.shortName(outermost)
	default:
		g.name, g.short = cell.fn, r.shortName(cell)
	}
}

// learnCallee names a goroutine after the function that its literal calls, as
// long as it is only one: the session makes such a literal of the statement
// go f(x), to guard it against panics.
func (r *reader) learnCallee(g *goroutine, inner call) {
	switch {
	case inner.fn == "" || inner == g.callee:
	case g.callee.fn == "" && inner.inCell() && !inner.isLiteral():
		g.callee, g.short = inner, r.shortName(inner)
	default:
		g.short, g.literal = r.shortName(g.literal), call{}
	}
}

// isLiteral reports whether the call is of a function literal of a cell.
func (c call) isLiteral() bool {
	_, rest, ok := strings.Cut(c.fn, ".func")
	return ok && c.inCell() && strings.Trim(rest, ".0123456789") == ""
}

// ofSession reports whether a function belongs to what runs cells.
func ofSession(function string) bool {
	return strings.HasPrefix(function, "hpgo/kernel/") || strings.HasPrefix(function, "hpgo/magics/harness") || strings.HasPrefix(function, "hpgo/c0")
}

// shortName is how a start function is shown; the main goroutine is called
// after main.
func (r *reader) shortName(c call) string {
	if c.fn == "runtime.main" {
		return "main.main"
	}
	if short, ok := r.shorts[c]; ok {
		return short
	}
	short := c.frame(false).Name
	r.shorts[c] = short
	return short
}

// system reports whether the goroutine belongs to the runtime or, in a session,
// to what runs its cells. The one that writes the trace counts too.
func (g *goroutine) system() bool {
	return g.around || g.name == "" || strings.HasPrefix(g.name, "runtime.") && g.name != "runtime.main" ||
		strings.HasPrefix(g.name, "runtime/trace.")
}

// end closes what a goroutine leaves open and forgets it if it can't be among
// those that are shown.
func (r *reader) end(g *goroutine, at trace.Time) {
	r.endRegions(g, at)
	if r.study != nil {
		r.study.goroutine(g)
	}
	r.chrome.thread(chromeGoroutines, int64(g.id), goroutineName(g))
	delete(r.gs, g.id)
	r.ended = append(r.ended, g)
	if r.keep > 0 && len(r.ended) >= 2*r.keep+1024 {
		r.prune()
	}
}
