package child

import (
	"strings"
	"time"

	"hpgo/kernel/worker/frame"
	"hpgo/kernel/worker/guard"
)

const (
	// alone is how long only the cell's own goroutine is hunted: most cells
	// need no more, and looking for others stops the process for a moment.
	alone = 30 * time.Millisecond
	// settled is how long a cell that never runs is hunted before it is left
	// behind; one that runs now and then, or that has others run for it, gets more
	// time.
	settled, restless = 120 * time.Millisecond, 700 * time.Millisecond
	// told is when the user hears that the cell can't be stopped.
	told = time.Second
	// forced is how long deferred functions may take, after a hit, until they
	// are hit themselves.
	forced = time.Second
	// mostHits is how often a cell that recovers from the panic is hit.
	mostHits = 50
	// rest is how long a cell that recovered runs, of its own time, until it is hit
	// again: enough for what recovers to return its results.
	rest = 5 * time.Millisecond
	// deepest is how many functions may recover, one inside of the other, before
	// the innermost is tried again.
	deepest = 8
	// looked is the time between two looks at a cell that was left behind, rarely
	// that where a breakpoint waits for it: measurements of later cells see the
	// looks.
	looked, rarely = 20 * time.Millisecond, 500 * time.Millisecond
	// others is how long the goroutines that the cell started are hunted, when
	// the cell itself has ended.
	others = 100 * time.Millisecond
)

// interrupt answers the kernel's request to stop the call in progress.
func (w *worker) interrupt(i frame.Interrupt) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r := w.running
	if r == nil || r.over || w.trap == nil {
		return // the cell has just ended
	}
	if r.chased {
		r.again = true
		return
	}
	r.chased, r.code = true, Code(i)
	go w.chase(r)
}

// chase stops a call. It hunts the cell's goroutine. If that doesn't run, it has a
// breakpoint wait for it, cancels what the cell may be waiting for, and goes on
// hunting, also what the cell has started and what runs. A cell that only waits
// is left behind: the kernel gets its answer, and the goroutine is hit when it
// wakes. chase ends with the cell's goroutine.
func (w *worker) chase(r *running) {
	defer r.cancel()
	if !w.begun(r) {
		return
	}
	start := time.Now()
	var lastHit time.Time
	var family []Goroutine
	seen, said, provoked := false, false, false
	for {
		waited := time.Since(start)
		h := Hunt{Goroutines: append([]Goroutine{r.self}, family...), Code: r.code, Within: alone, Waited: waited, Stop: r.ending,
			Skip: w.hitsOf(r) % deepest, Rest: restAfter(lastHit), Force: !lastHit.IsZero() && time.Since(lastHit) > forced}
		hits, met := w.hunt(r, h)
		seen = seen || met
		if len(hits) > 0 {
			lastHit = time.Now()
		}
		if r.ended() {
			return
		}
		if len(hits) == 0 && !provoked {
			provoked = true
			w.stay(r) // before what it waits for comes
			r.cancel()
			interruptPrograms(r.since)
		}
		if len(hits) == 0 {
			family = w.family(r)
		}
		limit := settled
		if seen || len(family) > 0 {
			limit = restless
		}
		if waited > limit && w.trap.Waiting(r.self) && w.leave(r) {
			w.watch(r)
			return
		}
		if waited > told && (!said || w.asked(r)) {
			said = true
			w.say(cantStop)
		}
		if w.hitsOf(r) > mostHits {
			time.Sleep(looked)
		}
	}
}

// restAfter is the rest a goroutine has that was hit at a time; zero: never.
func restAfter(hit time.Time) time.Duration {
	if hit.IsZero() {
		return 0
	}
	return rest
}

// cantStop is what the user reads about a cell that no interrupt reaches.
const cantStop = "interrupt: the cell can't be stopped where it is (in a system call, in C code, in a long call of a library, or in some loops of functions that defer calls) and ends when it comes back; " +
	"interrupt again to end the worker, which loses the variables\n"

// begun waits until the call's goroutine has said which it is; false: it ended.
func (w *worker) begun(r *running) bool {
	for !r.ended() {
		w.mu.Lock()
		known := r.self.ID != 0
		w.mu.Unlock()
		if known {
			return true
		}
		time.Sleep(time.Millisecond)
	}
	return false
}

// ended reports whether the call's goroutine has come to its end.
func (r *running) ended() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// hunt hunts and remembers the hits. Whoever wants to know whether a panic came
// from here waits for the end of the hunt.
func (w *worker) hunt(r *running, h Hunt) (hits []Goroutine, seen bool) {
	w.hunting.Lock()
	defer w.hunting.Unlock()
	hits, seen = w.trap.Hunt(h)
	for _, g := range hits {
		w.noteHit(r, g)
	}
	return hits, seen
}

// noteHit remembers which goroutines owe their panic to an interrupt.
func (w *worker) noteHit(r *running, g Goroutine) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if g == r.self {
		r.hits++
		return
	}
	if !w.hit[g.ID] {
		r.others++
	}
	w.hit[g.ID] = true
}

func (w *worker) hitsOf(r *running) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return r.hits
}

// asked reports whether the user asked again since the last time.
func (w *worker) asked(r *running) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	again := r.again
	r.again = false
	return again
}

// say shows the user a line on standard error.
func (w *worker) say(text string) {
	_ = w.conn.send(frame.KindText, frame.Text{Name: "stderr", Data: []byte(text)})
}

// family returns the goroutines that the cell started, themselves or through
// others that live, and that run now. Those that wait may be there for later
// cells; they are left alone. So is what can't recover from a panic: only
// goroutines that begin in the cells' code do (see package guard).
func (w *worker) family(r *running) []Goroutine {
	stacks := guard.Stacks()
	parents := make(map[uint64]uint64, len(stacks))
	for _, s := range stacks {
		parents[s.ID] = s.Parent
	}
	wanted := map[uint64]bool{}
	for _, s := range stacks {
		if s.ID == r.self.ID || len(s.Frames) == 0 || parked(s.State) || !guarded(s.Frames[len(s.Frames)-1].Func, r.code.Package) {
			continue
		}
		at := s.ID
		for range 100 { // generations
			if at = parents[at]; at == 0 || at == r.self.ID {
				break
			}
		}
		if at == r.self.ID {
			wanted[s.ID] = true
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	return w.trap.Find(wanted)
}

// guarded reports whether the outermost function of a goroutine is one that
// runs the cells' code with guard.Recover around it (see kernel/cell, goguard), or
// recovers itself.
func guarded(outermost, pkg string) bool {
	for _, start := range []string{pkg + ".", "sync.(*WaitGroup).Go.", "golang.org/x/sync/errgroup.(*Group).", "hpgo/kernels/schedule.(*hand)."} {
		if strings.HasPrefix(outermost, start) {
			return true
		}
	}
	return false
}

// parked reports whether a state, as tracebacks name it, is that of a goroutine
// which waits for something that may never come.
func parked(state string) bool {
	switch state {
	case "running", "runnable", "syscall", "preempted", "copystack", "waiting", "leaked":
		return false
	}
	return !strings.HasPrefix(state, "GC ") && !strings.HasPrefix(state, "garbage ") && state != "wait for GC cycle"
}

// stay has a breakpoint wait for a cell that doesn't run, where it comes back to
// its code.
func (w *worker) stay(r *running) {
	s := stackOf(r.self)
	if s == nil || s.State == "running" || s.State == "runnable" {
		return
	}
	w.hunting.Lock()
	defer w.hunting.Unlock()
	if r.release == nil && !r.ended() {
		r.release = w.trap.Stay(r.self, r.code, s.Frames)
	}
}

// staysFor reports whether a breakpoint waits for a cell.
func (w *worker) staysFor(r *running) bool {
	w.hunting.Lock()
	defer w.hunting.Unlock()
	return r.release != nil
}

// unstay ends that, and reports whether the cell came by. The caller holds
// hunting.
func (r *running) unstay() (hit bool) {
	if r.release == nil {
		return false
	}
	hit = r.release()
	r.release = nil
	return hit
}

// stackOf returns the stack of a goroutine; nil when it has ended.
func stackOf(g Goroutine) *guard.Stack {
	for _, s := range guard.Stacks() {
		if s.ID == g.ID {
			return &s
		}
	}
	return nil
}

// leave answers the call of a cell that waits; false: it doesn't wait after all.
func (w *worker) leave(r *running) bool {
	w.stay(r)
	found := stackOf(r.self)
	if found == nil || !parked(found.State) || !w.claim(r) {
		return false
	}
	w.answer(r, frame.Done{Cell: r.cell, RunTime: time.Since(r.since),
		Interrupted: &frame.Stopped{Frames: found.UserFrames(), Waiting: found.State}})
	return true
}

// watch waits for the end of a cell that was left behind, and hits it when it
// runs again. While that waits, it allocates nothing: that would be counted as
// what later cells allocate.
func (w *worker) watch(r *running) {
	defer func() {
		w.hunting.Lock()
		defer w.hunting.Unlock()
		r.unstay()
	}()
	every := looked
	if w.staysFor(r) {
		every = rarely
	}
	look := time.NewTicker(every)
	defer look.Stop()
	var lastHit time.Time
	for {
		select {
		case <-r.done:
			return
		case <-look.C:
		}
		if w.trap.Waiting(r.self) {
			continue
		}
		h := Hunt{Goroutines: []Goroutine{r.self}, Code: r.code, Within: looked, Stop: r.done, Rest: restAfter(lastHit),
			Force: !lastHit.IsZero() && time.Since(lastHit) > forced}
		if hits, _ := w.hunt(r, h); len(hits) > 0 {
			lastHit = time.Now()
		}
	}
}

// endFamily hits what the cell started and what runs on after its end.
func (w *worker) endFamily(r *running) {
	start := time.Now()
	for time.Since(start) < others {
		family := w.family(r)
		if len(family) == 0 {
			return
		}
		w.hunt(r, Hunt{Goroutines: family, Code: r.code, Within: others / 4})
	}
}

// reported takes a panic of a goroutine to the kernel, unless an interrupt was
// its cause.
func (w *worker) reported(p *guard.Panic) {
	if w.trap != nil {
		me := w.trap.Self().ID
		w.hunting.Lock()
		defer w.hunting.Unlock()
		w.mu.Lock()
		hit := w.hit[me]
		delete(w.hit, me)
		w.mu.Unlock()
		if hit {
			return
		}
	}
	w.mu.Lock()
	if w.running != nil {
		w.running.elsewhere = true
	}
	w.mu.Unlock()
	_ = w.conn.send(frame.KindPanic, p)
}
