package harness

import (
	"flag"
	"runtime"
	"runtime/metrics"
	"strconv"
	"sync"
	"testing"
	"time"
)

// shortOp is the length in seconds of an operation beside which the loop itself
// may matter.
const shortOp = 100e-9

// mostOfRoom is the part of the memory that there is room for that a run fills,
// with the collector off or with prepared inputs.
const mostOfRoom = 0.5

// B begins a run: it makes the settings of its point and collects garbage, as
// package testing does before a run, and returns what counts the operations.
func (m *Timing) B() *testing.B {
	m.settings.make(m.plan.Points[m.now].Procs, m.plan.GCOff)
	m.b = newB(m.n)
	if m.before.classes == nil {
		m.before.classes, m.after.classes = classSamples(), classSamples()
	}
	m.called, m.allocated = time.Now(), heapAllocs()
	return m.b
}

// N is the number of operations of the run.
func (m *Timing) N() int { return m.n }

// Begin stands right before the loop.
func (m *Timing) Begin() {
	m.prepared, m.inputs = time.Since(m.called), heapAllocs()-m.allocated
	m.ops.reset(m.n, m.singly())
	m.before.read()
	m.before.cpu = cpuTime()
}

// done tells the kernel about the run whose loop has ended just now.
func (m *Timing) done() {
	if m.b == nil || m.before.classes == nil {
		m.stopped, m.running = StoppedLeft, false
		m.settings.undo()
		return
	}
	m.after.cpu = cpuTime()
	m.after.read()
	m.settings.undo()
	m.running = false
	if m.b.N == 0 { // B sets it when the loop has come to its end
		m.stopped = StoppedLeft
		return
	}
	p := &m.schedule.states[m.now]
	elapsed := m.b.Elapsed().Seconds()
	r := TimingRun{Point: m.now, Trial: m.trial, Round: p.runs, N: m.b.N, Wall: elapsed, CPU: -1, Batched: p.batched}
	if m.after.cpu >= 0 && m.before.cpu >= 0 {
		r.CPU = (m.after.cpu - m.before.cpu).Seconds()
	}
	r.Allocs, r.Bytes = m.after.mem.Mallocs-m.before.mem.Mallocs, m.after.mem.TotalAlloc-m.before.mem.TotalAlloc
	r.GCs = m.after.mem.NumGC - m.before.mem.NumGC
	r.GC = m.after.classes[0].Value.Float64() - m.before.classes[0].Value.Float64()
	r.Avail = m.after.classes[1].Value.Float64() - m.before.classes[1].Value.Float64()
	around := elapsed
	if m.singly() {
		r.Singly = m.ops.result()
		r.Wall = r.Singly.sum
	}
	if p.batched {
		around += m.prepared.Seconds()
	}
	p.op = around / float64(max(1, r.N))
	if !m.trial && m.loop == 0 && p.op < shortOp {
		m.loop = emptyLoop()
	}
	r.Loop = m.loop
	if m.plan.GCOff {
		p.fit(m.room, r.Bytes, r.N)
	}
	if p.batched {
		p.fit(m.room, m.inputs, r.N)
	}
	switch {
	case !m.trial:
		p.runs++
	case m.singly() && m.plan.Batch && r.N > 1 && r.Wall/float64(r.N) < shortToClock && p.fixed == 0:
		p.batch()
	default:
		p.note(r.N, around)
	}
	Report(RecordTimingRun, r)
}

// fit limits the operations of a run to those for which there is room, when n of
// them took some bytes.
func (p *pointState) fit(room int64, bytes uint64, n int) {
	if bytes > 0 {
		p.most = max(1, min(p.most, int(float64(room)*mostOfRoom*float64(n)/float64(bytes))))
	}
}

// heapAllocs is what has been allocated so far, in bytes, to within a few spans.
func heapAllocs() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

// readings are what is read before and after a loop.
type readings struct {
	mem     runtime.MemStats
	classes []metrics.Sample
	cpu     time.Duration // negative: unknown
}

// classSamples are the CPU times that the runtime adds up at the end of each
// cycle of its collector.
func classSamples() []metrics.Sample {
	s := []metrics.Sample{{Name: "/cpu/classes/gc/total:cpu-seconds"}, {Name: "/cpu/classes/total:cpu-seconds"}}
	metrics.Read(s)
	return s
}

func (r *readings) read() {
	metrics.Read(r.classes)
	// It stops the world, so that what other goroutines allocate is counted, too.
	runtime.ReadMemStats(&r.mem)
}

// newB makes a B whose Loop runs n times. It is that of a call of
// testing.Benchmark, which has ended when newB returns: nothing waits for the
// loop, and no lock of package testing is held while the user's code runs, which
// may panic, be interrupted, or call testing.Benchmark itself. The loop sets the
// clock of its B when it begins and stops it when it ends.
func newB(n int) *testing.B {
	benchtime := benchtimeFlag()
	usual := benchtime.String()
	set(benchtime, strconv.Itoa(n)+"x")
	var b *testing.B
	testing.Benchmark(func(made *testing.B) {
		b = made
		set(benchtime, usual)
		made.SkipNow() // package testing has collected garbage, and asks for no second run
	})
	return b
}

func set(f flag.Value, value string) {
	if err := f.Set(value); err != nil {
		panic("test.benchtime: " + err.Error()) // numbers of ours
	}
}

// benchtimeFlag is the flag test.benchtime of package testing, nil where it can't
// be had. Flags belong to the
// user, whose program must see no other than its own, so package testing defines
// its in a set that is thrown away.
var benchtimeFlag = sync.OnceValue(func() flag.Value {
	users := flag.CommandLine
	flag.CommandLine = flag.NewFlagSet("", flag.ContinueOnError)
	testing.Init()
	f := flag.Lookup("test.benchtime")
	flag.CommandLine = users
	if f == nil {
		f = flag.Lookup("test.benchtime") // the program has called testing.Init, or is a test
	}
	if f == nil {
		return nil // an earlier cell has called testing.Init
	}
	return f.Value
})

// emptyLoop is how long an operation of a loop takes that does nothing.
func emptyLoop() float64 {
	const n = 5_000_000
	b := newB(n)
	for b.Loop() {
	}
	return b.Elapsed().Seconds() / n
}
