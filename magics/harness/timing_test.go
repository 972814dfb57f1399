package harness

import (
	"encoding/json"
	"flag"
	"math"
	"runtime"
	"runtime/debug"
	"slices"
	"testing"
	"time"

	"hpgo/kernel/display"
)

// heard are the records of one timing.
type heard struct {
	start TimingStart
	runs  []TimingRun // trials left out
	trial []TimingRun
	end   *TimingEnd
}

// listen collects records until the test ends.
func listen(t *testing.T) *heard {
	h := &heard{}
	display.SetTransport(func(e display.Event) error {
		r, ok := ReadRecord(e.Bundle)
		if !ok {
			return nil
		}
		switch r.Kind {
		case RecordTimingStart:
			return json.Unmarshal(r.Data, &h.start)
		case RecordTimingRun:
			var run TimingRun
			if err := json.Unmarshal(r.Data, &run); err != nil {
				return err
			}
			if run.Trial {
				h.trial = append(h.trial, run)
			} else {
				h.runs = append(h.runs, run)
			}
		case RecordTimingEnd:
			h.end = &TimingEnd{}
			return json.Unmarshal(r.Data, h.end)
		}
		return nil
	})
	t.Cleanup(func() { display.SetTransport(nil) })
	return h
}

func planOf(t *testing.T, p TimingPlan) string {
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// timed runs a plan of one loop.
func timed(t *testing.T, p TimingPlan, setup, body func()) *heard {
	h := listen(t)
	m := newTiming(planOf(t, p))
	for m.Next() {
		if m.Is(0) {
			b := m.B()
			setup()
			m.Begin()
			for b.Loop() {
				body()
			}
		}
	}
	return h
}

var one = []TimingPoint{{}}

// A fixed number of loops and runs is kept exactly, without trials.
func TestTimingFixed(t *testing.T) {
	setups, bodies := 0, 0
	h := timed(t, TimingPlan{Points: one, Loops: 5, Runs: 3}, func() { setups++ }, func() { bodies++ })
	if setups != 3 || bodies != 15 || len(h.runs) != 3 || len(h.trial) != 0 {
		t.Errorf("%d setups, %d bodies, %d runs, %d trials; want 3, 15, 3, 0", setups, bodies, len(h.runs), len(h.trial))
	}
	for i, r := range h.runs {
		if r.N != 5 || r.Round != i || r.Wall <= 0 {
			t.Errorf("run %d: %+v", i, r)
		}
	}
	if h.end == nil || h.end.Stopped != "" {
		t.Errorf("end %+v", h.end)
	}
}

// A single operation that comes first is a trial.
func TestTimingCold(t *testing.T) {
	bodies := 0
	h := timed(t, TimingPlan{Points: one, Loops: 5, Runs: 2, Cold: true}, func() {}, func() { bodies++ })
	if bodies != 11 || len(h.trial) != 1 || h.trial[0].N != 1 || len(h.runs) != 2 {
		t.Errorf("%d bodies, trials %+v, %d runs", bodies, h.trial, len(h.runs))
	}
}

// A body that allocates every third time counts a third of an allocation.
func TestTimingAllocs(t *testing.T) {
	i := 0
	h := timed(t, TimingPlan{Points: one, Loops: 3000, Runs: 2}, func() {}, func() {
		if i++; i%3 == 0 {
			kept = make([]byte, 64)
		}
	})
	for _, r := range h.runs {
		if allocs := float64(r.Allocs) / float64(r.N); math.Abs(allocs-1.0/3) > 0.002 {
			t.Errorf("%g allocations for an operation", allocs)
		}
		if size := float64(r.Bytes) / float64(r.N); math.Abs(size-64.0/3) > 1 {
			t.Errorf("%g bytes for an operation", size)
		}
	}
	none := timed(t, TimingPlan{Points: one, Loops: 100, Runs: 5}, func() {}, func() {})
	if fewest := slices.MinFunc(none.runs, func(a, b TimingRun) int { return int(a.Allocs) - int(b.Allocs) }); fewest.Allocs != 0 {
		t.Errorf("reading the counters allocates: %+v", fewest)
	}
}

var kept []byte

// Calibration: runs take the time asked for, trials are told apart.
func TestTimingCalibrates(t *testing.T) {
	h := timed(t, TimingPlan{Points: one, Runs: 2, Target: 0.02}, func() {}, func() { time.Sleep(time.Millisecond) })
	if len(h.trial) == 0 || h.trial[0].N != 1 || len(h.runs) != 2 {
		t.Fatalf("trials %+v, runs %+v", h.trial, h.runs)
	}
	if n := h.runs[0].N; n != 20 && n != 10 || h.runs[0].Wall < 0.01 {
		t.Errorf("%+v", h.runs[0])
	}
}

// The number of operations by what trials say.
func TestCalibration(t *testing.T) {
	tests := []struct {
		op    float64 // seconds of an operation
		first float64 // of the very first, if it differs
		want  int
	}{
		{1e-9, 4e-6, 200_000_000},
		{1.3e-9, 0, 200_000_000},
		{1e-6, 0, 200_000},
		{1.1e-6, 0, 200_000},
		{0.9e-6, 0, 500_000},
		{1e-3, 0.15, 200}, // slow at first
		{0.015, 0, 20},
		{0.15, 0, 2},
		{0.11, 0, 2},
		{0.2, 0, 1},
		{3, 0, 1},
		{1e-12, 0, 1_000_000_000},
	}
	for _, tt := range tests {
		c := calibration{target: 0.2, most: mostLoops}
		spent, trials := 0.0, 0
		for !c.done() && trials < 50 {
			n, trial := c.next()
			if !trial {
				t.Fatal("not a trial")
			}
			took := tt.op * float64(n)
			if trials == 0 && tt.first > 0 {
				took = tt.first
			}
			c.note(n, took)
			spent += took
			trials++
		}
		if n, _ := c.next(); n != tt.want {
			t.Errorf("op %g: %d operations, want %d", tt.op, n, tt.want)
		}
		if spent > 0.5+tt.op {
			t.Errorf("op %g: %d trials took %g s", tt.op, trials, spent)
		}
	}
}

func TestNiceAtLeast(t *testing.T) {
	for x, want := range map[float64]int{0: 1, 0.3: 1, 1: 1, 1.01: 2, 2: 2, 3: 5, 5.1: 10, 10: 10, 199_999: 200_000, 200_001: 500_000, 1e300: math.MaxInt} {
		if got := niceAtLeast(x); got != want {
			t.Errorf("%g: %d, want %d", x, got, want)
		}
	}
}

func TestNiceAtMost(t *testing.T) {
	for x, want := range map[float64]int{0: 1, 0.3: 1, 1: 1, 1.99: 1, 2: 2, 4.9: 2, 5.1: 5, 10: 10, 19: 10, 199_999: 100_000, 200_000: 200_000} {
		if got := niceAtMost(x); got != want {
			t.Errorf("%g: %d, want %d", x, got, want)
		}
	}
}

// With the collector off a run allocates no more than there is room for.
func TestTimingRoom(t *testing.T) {
	h := timed(t, TimingPlan{Points: one, Runs: 1, Target: 10, GCOff: true}, func() {}, func() { kept = make([]byte, 16<<20) })
	if r := h.runs[0]; r.Bytes > mostGarbage || r.N < 1 {
		t.Errorf("%+v", r)
	}
	kept = nil
}

// Inputs that are prepared beforehand take no more memory than there is room for.
func TestTimingInputs(t *testing.T) {
	h := listen(t)
	m := newTiming(planOf(t, TimingPlan{Points: one, Runs: 1, Target: 0.2, Singly: true, Batch: true}))
	for m.Next() {
		b := m.B()
		if m.Singly() {
			m.Begin()
			for b.Loop() {
				m.Start()
				m.Stop()
			}
			continue
		}
		in := Room(m, []byte(nil))
		for i := range in {
			in[i] = make([]byte, 32<<20) // not touched: costs no memory here
		}
		m.Begin()
		for b.Loop() {
		}
	}
	if n := h.runs[0].N; n < 1 || n > mostGarbage/(32<<20) {
		t.Errorf("%d inputs of 32 MiB", n)
	}
}

// Points in rounds: each once in a round, every second one backwards; equal
// points share a calibration.
func TestTimingOrders(t *testing.T) {
	points := []TimingPoint{{Variant: 0}, {Variant: 1}, {Variant: 0}}
	orders := map[string][]int{
		OrderPoints: {0, 0, 0, 1, 1, 1, 2, 2, 2},
		OrderABBA:   {0, 1, 2, 2, 1, 0, 0, 1, 2},
		OrderRandom: nil,
	}
	for order, want := range orders {
		h := listen(t)
		m := newTiming(planOf(t, TimingPlan{Points: points, Runs: 3, Target: 1e-4, Order: order, Seed: 7}))
		for m.Next() {
			for v := range 2 {
				if m.Is(v) {
					b := m.B()
					m.Begin()
					for b.Loop() {
					}
				}
			}
		}
		var got []int
		for _, r := range h.runs {
			got = append(got, r.Point)
		}
		if want != nil && !slices.Equal(got, want) {
			t.Errorf("order %q: %v, want %v", order, got, want)
		}
		for round := 0; round+3 <= len(got) && order == OrderRandom; round += 3 {
			if !slices.Equal(slices.Sorted(slices.Values(got[round:round+3])), []int{0, 1, 2}) {
				t.Errorf("round of %v in %v", got[round:round+3], got)
			}
		}
		if len(got) != 9 {
			t.Errorf("order %q: %d runs", order, len(got))
		}
	}
}

// Settings hold for the run and are undone behind it, and by the end of the cell
// after a panic.
func TestTimingSettings(t *testing.T) {
	percent := debug.SetGCPercent(100)
	t.Cleanup(func() { debug.SetGCPercent(percent) })
	limit := debug.SetMemoryLimit(-1)
	procs := runtime.GOMAXPROCS(0)
	state := func() (int, int, int64) {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return runtime.GOMAXPROCS(0), p, debug.SetMemoryLimit(-1)
	}
	check := func(when string) {
		t.Helper()
		if n, p, l := state(); n != procs || p != 100 || l != limit {
			t.Errorf("%s: GOMAXPROCS %d, GC percent %d, limit %d", when, n, p, l)
		}
	}
	plan := TimingPlan{Points: []TimingPoint{{Procs: procs + 1}}, Loops: 1, Runs: 2, GCOff: true}
	h := timed(t, plan, func() {}, func() {
		if n, p, l := state(); n != procs+1 || p != -1 || l == limit {
			t.Errorf("in the run: GOMAXPROCS %d, GC percent %d, limit %d", n, p, l)
		}
	})
	if h.start.GCGuard <= 0 {
		t.Errorf("guard %d", h.start.GCGuard)
	}
	check("after the runs")
	func() {
		defer func() { _ = recover() }()
		timed(t, plan, func() {}, func() { panic("boom") })
	}()
	display.Flush() // the end of the cell
	check("after a panic")
}

// A panic in the third run leaves the records of two, and nothing locked.
func TestTimingPanics(t *testing.T) {
	var h *heard
	func() {
		defer func() { _ = recover() }()
		h = listen(t)
		m := newTiming(planOf(t, TimingPlan{Points: one, Loops: 2, Runs: 7}))
		i := 0
		for m.Next() {
			b := m.B()
			m.Begin()
			for b.Loop() {
				if i++; i == 5 {
					panic("boom")
				}
			}
		}
	}()
	if len(h.runs) != 2 || h.end != nil {
		t.Errorf("%d runs, end %v", len(h.runs), h.end)
	}
	if r := testing.Benchmark(func(b *testing.B) {
		b.SkipNow()
	}); r.N != 0 {
		t.Errorf("%+v", r)
	}
}

// An interrupt ends a timing between two runs.
func TestTimingInterrupted(t *testing.T) {
	interrupt := display.NewContext()
	t.Cleanup(func() { display.NewContext() })
	i := 0
	h := timed(t, TimingPlan{Points: one, Loops: 1, Runs: 7}, func() {}, func() {
		if i++; i == 3 {
			interrupt()
		}
	})
	if len(h.runs) != 3 || h.end == nil || h.end.Stopped != StoppedInterrupt {
		t.Errorf("%d runs, end %+v", len(h.runs), h.end)
	}
}

// A budget ends a timing early, with one run at least, and is divided.
func TestTimingBudget(t *testing.T) {
	sleep := func() { time.Sleep(20 * time.Millisecond) }
	h := timed(t, TimingPlan{Points: one, Loops: 1, Runs: 50, Budget: 0.1}, func() {}, sleep)
	if n := len(h.runs); n < 1 || n > 5 || h.end.Stopped != StoppedBudget {
		t.Errorf("%d runs, %+v", n, h.end)
	}
	h = timed(t, TimingPlan{Points: one, Loops: 1, Runs: 3, Budget: 1e-3}, func() {}, sleep)
	if n := len(h.runs); n != 1 || h.end.Stopped != StoppedBudget {
		t.Errorf("%d runs, %+v", n, h.end)
	}
	// A point that would take longer than what is left isn't begun.
	points := []TimingPoint{{Value: 1}, {Value: 2}, {Value: 4}, {Value: 4000}}
	l := listen(t)
	m := newTiming(planOf(t, TimingPlan{Points: points, Runs: 2, Target: 1e-3, Budget: 1}))
	for m.Next() {
		b := m.B()
		m.Begin()
		for b.Loop() {
			time.Sleep(time.Duration(m.Float()) * time.Millisecond)
		}
	}
	if last := l.runs[len(l.runs)-1]; last.Point != 2 || l.end.Stopped != StoppedBudget {
		t.Errorf("last %+v, end %+v", last, l.end)
	}
}

// Operations timed one by one, with what isn't timed between them; short ones get
// their inputs prepared.
func TestTimingSingly(t *testing.T) {
	for _, tt := range []struct {
		long    time.Duration
		batched bool
	}{{200 * time.Microsecond, false}, {0, true}} {
		h := listen(t)
		m := newTiming(planOf(t, TimingPlan{Points: one, Runs: 2, Target: 0.01, Singly: true, Batch: true}))
		for m.Next() {
			b := m.B()
			if m.Singly() {
				m.Begin()
				for b.Loop() {
					time.Sleep(100 * time.Microsecond)
					m.Start()
					time.Sleep(tt.long)
					m.Stop()
				}
				continue
			}
			in := Room(m, 0)
			for i := range in {
				in[i] = i
			}
			i := 0
			m.Begin()
			for b.Loop() {
				if in[i] != i {
					t.Errorf("input %d is %d", i, in[i])
				}
				i++
			}
		}
		for _, r := range h.runs {
			if r.Batched != tt.batched || (r.Singly == nil) != tt.batched {
				t.Errorf("op of %v: %+v", tt.long, r)
			}
			if s := r.Singly; s != nil && (len(s.Sample) != r.N || !slices.IsSorted(s.Sample) || s.Sample[0] < tt.long.Seconds() || s.Clock <= 0) {
				t.Errorf("sample of %d: %+v", r.N, s)
			}
		}
	}
}

// The user's flags stay as they are.
func TestTimingFlags(t *testing.T) {
	old := flag.CommandLine
	defer func() { flag.CommandLine = old }()
	flag.CommandLine = flag.NewFlagSet("user", flag.PanicOnError)
	flag.Int("n", 3, "of the user")
	usual := old.Lookup("test.benchtime").Value.String()
	b := newB(12)
	n := 0
	for b.Loop() {
		n++
	}
	if n != 12 || b.N != 12 {
		t.Errorf("%d operations, N %d", n, b.N)
	}
	flag.VisitAll(func(f *flag.Flag) {
		if f.Name != "n" {
			t.Errorf("flag %s", f.Name)
		}
	})
	if now := old.Lookup("test.benchtime").Value.String(); now != usual {
		t.Errorf("test.benchtime is %s, was %s", now, usual)
	}
}

// Collections in the loop are counted, that before it is not.
func TestTimingCollections(t *testing.T) {
	h := timed(t, TimingPlan{Points: one, Loops: 3, Runs: 1}, func() {}, runtime.GC)
	if r := h.runs[0]; r.GCs != 3 || r.GC <= 0 || r.Avail < r.GC {
		t.Errorf("%+v", r)
	}
	h = timed(t, TimingPlan{Points: one, Loops: 3, Runs: 1}, func() {}, func() {})
	if r := h.runs[0]; r.GCs != 0 || r.GC != 0 {
		t.Errorf("%+v", r)
	}
}
