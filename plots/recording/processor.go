package recording

import (
	"strings"
	"time"

	"golang.org/x/exp/trace"
)

// processor is a P: the right to run Go code.
type processor struct {
	id    trace.ProcID
	g     *goroutine // that has it; nil if idle
	state State      // Running or Syscall
	since trace.Time
	busy  time.Duration
	strip strip
	uses  [uses]time.Duration
}

// occupy gives the processor to a goroutine that begins to run, or leaves it
// with one in a system call until that ends or the processor is taken away.
func (r *reader) occupy(g *goroutine, s State, on trace.ProcID, at trace.Time) {
	if s != Running && s != Syscall {
		r.release(g, at)
		return
	}
	if on == trace.NoProc {
		return
	}
	p := r.procs[on]
	if p == nil {
		p = &processor{id: on}
		r.procs[on] = p
	}
	if g.proc != on {
		r.release(g, at)
	}
	r.vacate(p, at)
	p.g, p.state, p.since, g.proc = g, s, at, on
	if s == Running {
		r.inUse(at, 1)
	}
}

// release takes the processor from a goroutine, if it still has one.
func (r *reader) release(g *goroutine, at trace.Time) {
	if p := r.procs[g.proc]; p != nil && p.g == g {
		r.vacate(p, at)
	}
	g.proc = trace.NoProc
}

// vacate ends what a processor does.
func (r *reader) vacate(p *processor, at trace.Time) {
	g := p.g
	if g == nil {
		return
	}
	p.g = nil
	if p.state == Running {
		r.inUse(at, -1)
	}
	from, to, ok := r.clip(p.since, at)
	if !ok {
		return
	}
	if p.state == Running {
		p.busy += time.Duration(to - from)
	}
	p.uses[p.use(g)] += time.Duration(to - from)
	if r.view&viewProcs == 0 && r.chrome == nil {
		return
	}
	kind := g.kind()
	if p.state == Syscall && !g.system() {
		kind = kindSyscall
	}
	r.chrome.span(chromeProcessors, int64(p.id), kind, from, to)
	r.chrome.processor(int64(p.id))
	if r.view&viewProcs == 0 {
		return
	}
	p.strip.add(r.ruler, item{from: from, to: to, kind: r.user.kinds.of(kind), n: 1, id: int64(g.id)})
}

// Use is what a processor is busy with.
type Use uint8

// The uses of processors.
const (
	UseProgram Use = iota // goroutines of the program
	UseSyscall            // its system calls
	UseGC                 // workers of the collector
	UseRuntime            // other goroutines of the runtime
	UseSession            // what runs cells
	uses       = iota
)

// use is what the processor does for a goroutine.
func (p *processor) use(g *goroutine) Use {
	if p.state == Syscall && !g.system() {
		return UseSyscall
	}
	switch g.kind() {
	case kindGC:
		return UseGC
	case kindRuntime:
		return UseRuntime
	case kindSession:
		return UseSession
	}
	return UseProgram
}

// Names of what processors do besides the program's functions.
const (
	kindSyscall = "syscall"
	kindGC      = "GC worker"
	kindRuntime = "runtime"
	kindSession = "session" // what runs cells
)

// kind is what a processor does when it runs the goroutine: the function with
// which that started.
func (g *goroutine) kind() string {
	switch {
	case strings.HasPrefix(g.name, "runtime.gcBgMarkWorker"):
		return kindGC
	case g.around:
		return kindSession
	case g.system():
		return kindRuntime
	}
	return g.short
}

// procEvent follows a processor. One that becomes idle in the middle of a system
// call was taken from its goroutine.
func (r *reader) procEvent(ev trace.Event, st trace.StateTransition) {
	id := st.Resource.Proc()
	if r.procs[id] == nil {
		r.procs[id] = &processor{id: id}
	}
	if _, to := st.Proc(); to == trace.ProcIdle || to == trace.ProcNotExist {
		r.vacate(r.procs[id], ev.Time())
	}
}
