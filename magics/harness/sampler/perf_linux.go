package sampler

import (
	"fmt"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"hpgo/magics/harness/perfevent"
	"hpgo/magics/quantity"
)

// perf samples with the kernel's software event cpu-clock, which needs no
// counters in the CPU. Each thread of the process has one event for each CPU, as
// perf record -p makes them: events for one CPU can share a ring and be inherited
// by the threads that a thread starts, so that none is missed.
//
// The goroutine read, which start starts, blocks on a ticker; stop ends it.
// Its thread is its own and is not sampled.
type perf struct {
	rate    float64
	rings   []*ring
	events  []int             // file descriptors
	owner   map[uint64]uint32 // the thread for which an event was made, by its id
	direct  map[uint32]bool   // threads with events of their own
	reader  uint32            // the thread that reads
	stacks  *tally
	callers leafCallers
	chain   []uintptr            // of the record at hand
	pid     uint32               // whose threads they are
	own     atomic.Pointer[used] // CPU time of the thread that reads
	seen    atomic.Int64
	lost    atomic.Int64
	full    atomic.Bool  // a ring was
	slowed  atomic.Int64 // how often the kernel held the event back
	user    bool         // nothing is sampled in the kernel
	cycles  bool         // the event is the CPU's cycles

	turns  chan bool // true: read what there is, and no more; false: go on
	turned chan struct{}
	end    chan struct{}
	done   chan struct{}
}

// readEvery is how often the rings are read. At 4 kHz and 127 frames a ring has
// room for more than four times that.
const readEvery = 10 * time.Millisecond

// openPerf makes the events of a process, not yet enabled, and starts to read them.
func openPerf(rate float64, pid int, callers leafCallers) (*perf, error) {
	p := newPerf(rate, pid, callers)
	return p, p.start()
}

// openCycles is openPerf with the CPU's cycles in place of its clock.
func openCycles(rate float64, pid int, callers leafCallers) (*perf, error) {
	p := newPerf(rate, pid, callers)
	p.cycles = true
	return p, p.start()
}

func newPerf(rate float64, pid int, callers leafCallers) *perf {
	return &perf{rate: rate, stacks: newTally(), owner: map[uint64]uint32{}, direct: map[uint32]bool{},
		pid: uint32(pid), callers: callers, turns: make(chan bool), turned: make(chan struct{}), end: make(chan struct{}), done: make(chan struct{})}
}

func (p *perf) start() error {
	opened := make(chan error)
	go p.read(opened)
	return <-opened
}

// read opens the events from a thread of its own, and reads the rings until stop.
func (p *perf) read(opened chan<- error) {
	ownThread()
	defer close(p.done)
	p.reader = uint32(syscall.Gettid())
	if err := p.openAll(); err != nil {
		p.close()
		opened <- err
		return
	}
	before := usedBy(threadUsage)
	p.own.Store(&used{})
	opened <- nil
	tick := time.NewTicker(readEvery)
	defer tick.Stop()
	look := func() {
		p.drain()
		own := usedBy(threadUsage).minus(before)
		p.own.Store(&own)
	}
	for {
		select {
		case <-tick.C:
			look()
		case paused := <-p.turns:
			if paused {
				tick.Stop() // each wakes threads of the runtime, too
				look()
			} else {
				tick.Reset(readEvery)
			}
			p.turned <- struct{}{}
		case <-p.end:
			p.drain()
			return
		}
	}
}

// openAll makes events for all threads on all CPUs. Threads may start others
// meanwhile, so it looks until there is no new one; a thread that inherited events
// and gets its own as well is told apart by their ids (take).
func (p *perf) openAll() error {
	cpus, err := perfevent.OnlineCPUs()
	if err != nil {
		return explainRead(err, len(p.events))
	}
	attr := p.attr()
	for {
		threads, err := perfevent.ThreadsOf(int(p.pid))
		if err != nil {
			return explainRead(err, len(p.events))
		}
		fresh := false
		for _, tid := range threads {
			if tid == p.reader || p.direct[tid] {
				continue
			}
			fresh = true
			p.direct[tid] = true
			if err := p.openThread(&attr, tid, cpus); err != nil {
				return err
			}
		}
		if !fresh {
			return nil
		}
	}
}

// openThread makes the events of one thread.
func (p *perf) openThread(attr *perfevent.Attr, tid uint32, cpus []int) error {
	for i, cpu := range cpus {
		fd, err := openEvent(attr, tid, cpu)
		if err == syscall.ESRCH || err == syscall.ENODEV {
			continue // the thread has ended, or the CPU was taken away
		}
		if err != nil {
			return explain(err, len(p.events))
		}
		p.events = append(p.events, fd)
		p.user = attr.Flags&perfevent.ExcludeKernel != 0
		var id uint64
		if err := perfevent.Control(fd, perfevent.ID, uintptr(unsafe.Pointer(&id))); err != nil {
			return fmt.Errorf("perf event: ask for its id: %w", err)
		}
		p.owner[id] = tid
		if err := p.share(fd, i, len(cpus)); err != nil {
			return err
		}
	}
	return nil
}

// share directs the event to the ring of its CPU, the i-th of n.
func (p *perf) share(fd, i, n int) error {
	if p.rings == nil {
		p.rings = make([]*ring, n)
	}
	if p.rings[i] == nil {
		r, err := mapRing(fd)
		if err != nil {
			return err
		}
		p.rings[i] = r
		return nil
	}
	if err := perfevent.Control(fd, perfevent.SetOutput, uintptr(p.rings[i].fd)); err != nil {
		return fmt.Errorf("perf event: share a ring: %w", err)
	}
	return nil
}

// enable begins the sampling.
func (p *perf) enable() error { return p.control(perfevent.Enable) }

func (p *perf) control(request uintptr) error {
	for _, fd := range p.events {
		if err := perfevent.Control(fd, request, 0); err != nil {
			return fmt.Errorf("perf event: enable or disable: %w", err)
		}
	}
	return nil
}

func (p *perf) drain() {
	for _, r := range p.rings {
		if r != nil && r.read(p.take) {
			p.full.Store(true)
		}
	}
}

// take handles one record of a ring.
func (p *perf) take(kind uint32, body []byte) {
	switch kind {
	case recordSample:
		s, ok := parseSample(body, p.chain[:0])
		p.chain = s.chain
		if !ok || s.pid != p.pid || s.tid == p.reader {
			return
		}
		if s.tid != p.owner[s.id] && p.direct[s.tid] {
			return // its own event has it too
		}
		p.seen.Add(1)
		p.chain = p.callers.repair(s.chain, s.top)
		p.stacks.add(p.chain, rawStack{count: 1, cut: s.deep})
	case recordLost:
		if len(body) >= 16 {
			p.lost.Add(int64(word(body[8:])))
		}
	case recordThrottle:
		p.slowed.Add(1)
	}
}

// pause disables the events of all threads, also of those that inherited them, and
// lets the reader rest, or enables them again; the kernel keeps what is left of a
// period. Should it refuse, sampling goes on. To wake the reader is work that isn't
// sampled.
func (p *perf) pause(yes bool) bool {
	if yes {
		if p.control(perfevent.Disable) != nil {
			_ = p.enable() // as before, as far as may be
			return false
		}
	}
	p.turns <- yes
	<-p.turned
	return yes || p.enable() == nil
}

func (p *perf) count() int64  { return p.seen.Load() }
func (p *perf) tally() *tally { return p.stacks }
func (p *perf) spent() used   { return *p.own.Load() }

func (p *perf) stop() error {
	err := p.control(perfevent.Disable)
	close(p.end)
	<-p.done
	p.close()
	return err
}

func (p *perf) close() {
	for _, r := range p.rings {
		if r != nil {
			r.close()
		}
	}
	for _, fd := range p.events {
		syscall.Close(fd)
	}
	p.rings, p.events = nil, nil
}

// SourceCycles is the Source of samples by the CPU's cycles.
const SourceCycles = "perf cycles"

func (p *perf) describe(s *Samples) {
	s.Source, s.Lost, s.UserOnly = "perf cpu-clock", p.lost.Load(), p.user
	if p.cycles {
		s.Source = SourceCycles
	}
	if p.user {
		s.Warnings = append(s.Warnings, "time in the kernel is not sampled, and left out: perf_event_paranoid is "+perfevent.Paranoid()+"; at 1 it would be")
	}
	if p.full.Load() || s.Lost > 0 {
		s.Warnings = append(s.Warnings, "at least "+quantity.Counted(s.Lost, "sample")+" lost: the machine was too busy to read them in time")
	}
	if n := p.slowed.Load(); n > 0 {
		s.Warnings = append(s.Warnings, fmt.Sprintf("the kernel held the sampling back %s (perf_event_max_sample_rate is %s)", quantity.Counted(n, "time"), perfevent.Sysctl("perf_event_max_sample_rate")))
	}
	if p.callers.blind {
		s.Warnings = append(s.Warnings, "callers of inlined functions, and of functions without a frame, are missing: the runtime's tables are not those of Go 1.26 on amd64")
	}
}
