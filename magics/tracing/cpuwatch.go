package tracing

import (
	"slices"
	"sync"
	"time"

	"hpgo/magics/result"
)

// cpuReading is one look at a process and the machine.
type cpuReading struct {
	at      time.Time
	process time.Duration // CPU time so far
	cores   []coreTicks
	threads map[int]threadTime // by number; nil: not read
	own     []time.Duration    // of the process's time, that on each core so far
}

// threadTime is how long a thread has run so far, and the core on which it ran last.
type threadTime struct {
	core int
	ran  time.Duration
}

// coreTicks is what a core has done so far, in ticks of the kernel's.
type coreTicks struct{ all, idle, stolen int64 }

// Times of a watch.
const (
	cpuInterval = 20 * time.Millisecond // between two looks; a tick of /proc/stat is 10 ms
	cpuReadings = 600                   // are kept; of more, every other is forgotten
)

// cpuWatch looks at a process from outside, which it doesn't disturb. Its goroutine
// (run) blocks on a timer and ends with stop.
type cpuWatch struct {
	pid    int
	mu     sync.Mutex
	seen   []cpuReading
	before map[int]threadTime // at the last look
	own    []time.Duration
	fail   error
	ending chan struct{}
	over   sync.WaitGroup
	once   sync.Once
}

// watchCPU begins to look.
func watchCPU(pid int) *cpuWatch {
	w := &cpuWatch{pid: pid, ending: make(chan struct{})}
	w.look(0)
	w.over.Go(w.run)
	return w
}

// run looks again and again, less often the longer it takes.
func (w *cpuWatch) run() {
	every := cpuInterval
	for {
		select {
		case <-w.ending:
			return
		case <-time.After(every):
		}
		if w.look(cpuReadings) {
			every *= 2
		}
	}
}

// look takes one reading; thinned says that every other was forgotten because there
// were more than most.
func (w *cpuWatch) look(most int) (thinned bool) {
	r, err := readCPU(w.pid)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		if w.fail == nil && len(w.seen) == 0 {
			w.fail = err
		}
		return false // it has ended; what was seen counts
	}
	w.share(&r)
	w.seen = append(w.seen, r)
	if most == 0 || len(w.seen) <= most {
		return false
	}
	kept := w.seen[:0]
	for i, r := range w.seen {
		if i%2 == 0 || i == len(w.seen)-1 {
			kept = append(kept, r)
		}
	}
	w.seen = kept
	return true
}

// share adds what threads have run since the last look to the cores on which they were
// seen.
func (w *cpuWatch) share(r *cpuReading) {
	if w.own == nil {
		w.own = make([]time.Duration, len(r.cores))
	}
	if r.threads != nil {
		for id, t := range r.threads {
			if w.before != nil && t.core < len(w.own) {
				w.own[t.core] += max(0, t.ran-w.before[id].ran) // a thread that wasn't there began with 0
			}
		}
		w.before, r.threads = r.threads, nil
	}
	r.own = slices.Clone(w.own)
}

// stop ends the watch with a last look.
func (w *cpuWatch) stop() ([]cpuReading, error) {
	w.once.Do(func() {
		close(w.ending)
		w.over.Wait()
		w.look(0)
	})
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.seen, w.fail
}

// leastStretch is the shortest stretch of time whose use of cores is told: the kernel
// counts their time in ticks of 10 ms.
const leastStretch = 50 * time.Millisecond

// mostStretches is how many there are at most.
const mostStretches = 200

// cpuPlotOf makes a result of readings.
func cpuPlotOf(seen []cpuReading) result.CPUPlot {
	r := result.CPUPlot{Samples: []result.CPUSample{}}
	if len(seen) < 2 {
		return r
	}
	first, last := seen[0], seen[len(seen)-1]
	whole := last.at.Sub(first.at)
	r.Seconds, r.CPU, r.Cores = whole.Seconds(), (last.process - first.process).Seconds(), len(first.cores)
	if whole < leastStretch {
		return r // too short for the kernel's ticks
	}
	least := max(leastStretch, whole/mostStretches)
	from := first
	for i, now := range seen[1:] {
		rest := last.at.Sub(now.at)
		if ends := i == len(seen)-2; !ends && (now.at.Sub(from.at) < least || rest < least) {
			continue
		}
		s := result.CPUSample{To: now.at.Sub(first.at).Seconds(), Process: share((now.process - from.process).Seconds(), now.at.Sub(from.at).Seconds()), Own: ownShares(from, now), Busy: busyShares(from, now)}
		r.Samples = append(r.Samples, s)
		from = now
	}
	busy, stolen := 0.0, 0.0
	for i := range first.cores {
		if i < len(last.cores) {
			a, b := first.cores[i], last.cores[i]
			all := float64(b.all - a.all)
			busy += share(all-float64(b.idle-a.idle)-float64(b.stolen-a.stolen), all)
			stolen += share(float64(b.stolen-a.stolen), all)
		}
	}
	r.Stolen, r.Own = stolen, ownShares(first, last)
	r.Others = max(0, busy-r.Used())
	return r
}

// ownShares are the shares of each core's time that the process had.
func ownShares(from, to cpuReading) []float64 {
	shares := make([]float64, min(len(from.own), len(to.own)))
	for i := range shares {
		shares[i] = min(1, share((to.own[i]-from.own[i]).Seconds(), to.at.Sub(from.at).Seconds()))
	}
	return shares
}

// busyShares are the shares of each core's time in which it was busy.
func busyShares(from, to cpuReading) []float64 {
	shares := make([]float64, min(len(from.cores), len(to.cores)))
	for i := range shares {
		a, b := from.cores[i], to.cores[i]
		shares[i] = min(1, max(0, share(float64(b.all-a.all-(b.idle-a.idle)), float64(b.all-a.all))))
	}
	return shares
}
