package sampler

import (
	"encoding/json"
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
	if r := last(); n != 7 || r.Runs != 7 || !r.Finished || r.Wall <= 0 {
		t.Errorf("7 runs: ran %d, %+v", n, r)
	}
	loop(`{"least":50,"budget":5}`, -1)
	if r := last(); r.Runs != n || r.Samples.Count < 50 || with(r.Samples, "heavy") < 25 {
		t.Errorf("50 samples: %d runs, %d samples, %d in heavy, %v s", r.Runs, r.Samples.Count, with(r.Samples, "heavy"), r.Wall)
	}
	loop(`{"least":1000000,"budget":0.05}`, -1)
	if r := last(); r.Runs != n || r.Wall < 0.05 {
		t.Errorf("for 50 ms: %d runs of %d, %v s", r.Runs, n, r.Wall)
	}
	loop(`{"runs":1000}`, 500)
	before := len(runs)
	display.Flush()
	display.Flush()
	if r := last(); len(runs) != before+1 || r.Finished || r.Runs != 500 || n != 500 {
		t.Errorf("a panic: %d reports, %+v", len(runs)-before, r)
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
		if count != tt.count || seconds < tt.seconds || last.Runs != 1 {
			t.Errorf("%s: %d events in %s that took %v s, want %d and at least %v s", tt.kind, count, tt.function, seconds, tt.count, tt.seconds)
		}
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
