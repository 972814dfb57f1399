package sampler

import (
	"encoding/json"
	"math"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// The loop repeats code until there is enough, reports it when that or
// the cell ends.
func TestLoop(t *testing.T) {
	var runs []Run
	display.SetTransport(func(e display.Event) error {
		if r, ok := harness.ReadRecord(e.Bundle); ok && r.Kind == RecordKind {
			var run Run
			if err := json.Unmarshal(r.Data, &run); err != nil {
				t.Error(err)
			}
			runs = append(runs, run)
		}
		return nil
	})
	defer display.SetTransport(nil)
	last := func() Run {
		if len(runs) == 0 {
			t.Fatal("nothing was reported")
		}
		return runs[len(runs)-1]
	}
	n := 0
	loop := func(options string, panicAt int) {
		defer func() { recover() }()
		n = 0
		l := NewLoop(options)
		for l.Next() {
			if n == panicAt {
				panic("measured code")
			}
			n++
			heavy(1000)
		}
		l.End()
	}
	loop(`{"runs":7}`, -1)
	if r := last(); n != 7 || r.Whole != 7 || !r.Finished || r.Sampled.Wall <= 0 {
		t.Errorf("7 runs: ran %d, %+v", n, r)
	}
	loop(`{"least":50,"budget":5}`, -1)
	if r := last(); r.Whole != n || r.Samples.Count < 50 || with(r.Samples, "heavy") < 25 {
		t.Errorf("50 samples: %d runs, %d samples, %d in heavy, %v s", r.Whole, r.Samples.Count, with(r.Samples, "heavy"), r.Sampled.Wall)
	}
	began := time.Now()
	loop(`{"least":1000000,"budget":0.05}`, -1)
	// On a busy machine most of it goes to pausing.
	if r, took := last(), time.Since(began); r.Whole != n || took < 40*time.Millisecond {
		t.Errorf("for 50 ms: %d runs of %d in %v", r.Whole, n, took)
	}
	loop(`{"runs":1000}`, 500)
	before := len(runs)
	display.Flush()
	display.Flush()
	if r := last(); len(runs) != before+1 || r.Finished || r.Whole != 500 || n != 500 {
		t.Errorf("a panic: %d reports, %+v", len(runs)-before, r)
	}
}

// Some runs are plain, and the seconds are those that the plain ones take.
func TestLoopPlain(t *testing.T) {
	var last Run
	display.SetTransport(func(e display.Event) error {
		if r, ok := harness.ReadRecord(e.Bundle); ok && r.Kind == RecordKind {
			last = Run{}
			return json.Unmarshal(r.Data, &last)
		}
		return nil
	})
	defer display.SetTransport(nil)
	for _, tt := range []struct {
		options string
		code    func()
		plain   bool
	}{
		{`{"runs":300,"rate":9999}`, func() { heavy(3000) }, true},
		{`{"runs":300,"source":"sigprof"}`, func() { heavy(3000) }, true},
		{`{"runs":8,"wall":true}`, func() { time.Sleep(12 * time.Millisecond) }, true},
		{`{"runs":2}`, func() { heavy(3000) }, true},
		{`{"runs":1}`, func() { heavy(3000) }, false},
	} {
		n := 0
		l := NewLoop(tt.options)
		for l.Next() {
			n++
			tt.code()
		}
		l.End()
		r := last
		if r.Whole != n || r.Sampled.Runs+r.Plain.Runs != n || (r.Plain.Runs > 0) != tt.plain || (r.Samples.Scale > 0) != tt.plain && r.Samples.Count > 0 {
			t.Errorf("%s: %d runs: %+v, %+v, scale %v", tt.options, n, r.Sampled, r.Plain, r.Samples.Scale)
		}
		if !tt.plain || r.Samples.Count == 0 {
			continue
		}
		cpu, wall := r.Plain.PerRun(false)
		want, got := cpu, r.Samples.Total()
		if r.Samples.Wall {
			want, got = wall, r.Samples.Elapsed*r.Samples.Scale
		}
		if per := got / float64(r.Runs()); math.Abs(per/want-1) > 1e-6 {
			t.Errorf("%s: %v s a run, want %v", tt.options, per, want)
		}
	}
}

// Code that takes long has one plain run.
func TestPlainNext(t *testing.T) {
	laps := func(runs int, wall float64) Laps { return Laps{Runs: runs, Wall: wall} }
	for _, tt := range []struct {
		sampled, plain Laps
		want           bool
	}{
		{laps(1, 3), laps(0, 0), true},
		{laps(1, 3), laps(1, 2.9), false},
		{laps(4, 12), laps(1, 2.9), false},
		{laps(1, 0.3), laps(0, 0), true},
		{laps(1, 0.3), laps(1, 0.31), false},
		{laps(2, 0.6), laps(1, 0.31), true},
	} {
		if got := plainNext(Run{Sampled: tt.sampled, Plain: tt.plain}); got != tt.want {
			t.Errorf("%+v", tt)
		}
	}
}

// The measuring itself has no part in what the runs took.
func TestRescale(t *testing.T) {
	s := Samples{Count: 10, User: 1, Funcs: []Func{{Name: "hpgo/c0.f", File: "cell 1"}, {Name: "hpgo/magics/harness/sampler.(*Loop).more"}, {Name: "runtime.gcBgMarkWorker"}},
		Frames: []Frame{{Func: 0}, {Func: 1}, {Func: 2}, {Func: 1, Inlined: true}},
		Stacks: []Stack{{Frames: []int{0}, Count: 5, Seconds: 0.5}, {Frames: []int{1, 0}, Count: 2, Seconds: 0.2}, {Frames: []int{2}, Count: 2, Seconds: 0.2}, {Frames: []int{3, 0}, Count: 1, Seconds: 0.1}}}
	r := Run{Sampled: Laps{Runs: 4, User: 1}, Plain: Laps{Runs: 2, User: 0.4, Wall: 1}}.with(s)
	got := []float64{r.Samples.Stacks[0].Seconds, r.Samples.Stacks[1].Seconds, r.Samples.Stacks[2].Seconds, r.Samples.Stacks[3].Seconds, r.Samples.Total()}
	for i, want := range []float64{0.5, 0, 0.2, 0.1, 0.8} {
		if math.Abs(got[i]-want) > 1e-12 {
			t.Errorf("%d: %v, want %v", i, got[i], want)
		}
	}
}

// Events are counted, those of before are not among them.
func TestEvents(t *testing.T) {
	var last Run
	display.SetTransport(func(e display.Event) error {
		if r, ok := harness.ReadRecord(e.Bundle); ok && r.Kind == RecordKind {
			return json.Unmarshal(r.Data, &last)
		}
		return nil
	})
	defer display.SetTransport(nil)
	quit := make(chan bool)
	defer close(quit)
	for _, tt := range []struct {
		kind, function string
		code           func()
		count          int64
		seconds        float64
	}{
		{Block, "waitHere", func() { waitHere(3) }, 3, 0.006},
		{Leak, "stayHere", func() { go stayHere(quit); go stayHere(quit) }, 2, 0},
		{Leak, "stayHere", func() {}, 0, 0},
		{Goroutine, "stayHere", func() {}, 2, 0},
		{Mutex, "contend", contend, 1, 0.001},
	} {
		e := NewEvents(tt.kind)
		e.Start()
		tt.code()
		e.End()
		count, seconds := int64(0), 0.0
		for _, st := range last.Samples.Stacks {
			for _, f := range st.Frames {
				if strings.Contains(last.Samples.Name(f), "."+tt.function) {
					count += st.Count
					seconds += st.Seconds
					break
				}
			}
		}
		if count != tt.count || seconds < tt.seconds || last.Runs() != 1 {
			t.Errorf("%s: %d events in %s that took %v s, want %d and at least %v s", tt.kind, count, tt.function, seconds, tt.count, tt.seconds)
		}
	}
	// What a library left behind for the cell has none of the cell's functions.
	e := NewEvents(Leak)
	e.Start()
	server := httptest.NewServer(nil)
	defer server.Close()
	e.End()
	if left := last.Samples.Measured().Stacks; len(left) != 1 {
		t.Errorf("of a server's goroutine is left: %v", left)
	}
}

//go:noinline
func waitHere(n int) {
	for range n {
		<-time.After(2 * time.Millisecond)
	}
}

//go:noinline
func stayHere(quit chan bool) { <-quit }

//go:noinline
func contend() {
	var mu sync.Mutex
	mu.Lock()
	done := make(chan bool)
	go func() {
		mu.Lock()
		defer mu.Unlock()
		close(done)
	}()
	time.Sleep(5 * time.Millisecond)
	mu.Unlock()
	<-done
}
