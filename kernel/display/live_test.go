package display

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// clock is a Live's time in a test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) time() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// frames is a value that counts how often it was formatted, and takes a while.
type frames struct {
	clock *clock
	takes time.Duration
	n     *int
	step  int
}

// Markdown implements the documented method.
func (f frames) Markdown() string {
	*f.n++
	f.clock.pass(f.takes)
	return fmt.Sprint("step ", f.step)
}

// String is the text form.
func (f frames) String() string { return fmt.Sprint("step ", f.step) }

func liveRecorder() (*Live, *recorded, *clock) {
	r, c := &recorded{}, &clock{now: time.Unix(0, 0)}
	return &Live{wire: &wire{send: r.send, prefix: "t"}, now: c.time}, r, c
}

func TestLiveIsThrottled(t *testing.T) {
	for name, c := range map[string]struct {
		every, takes time.Duration
		want         int
	}{
		"standard": {0, 0, 11}, // at 0, 100, ..., 900 ms, and the last
		"slower":   {250 * time.Millisecond, 0, 5},
		"all":      {-1, 0, 1000},
		"heavy":    {0, 400 * time.Millisecond, 4}, // half of the time is the loop's
	} {
		l, r, clk := liveRecorder()
		l.Every = c.every
		formatted := 0
		for i := range 1000 {
			l.Show(frames{clk, c.takes, &formatted, i})
			clk.pass(time.Millisecond)
		}
		l.Done()
		if len(r.events) != c.want || formatted != c.want {
			t.Errorf("%s: %d events, %d values formatted, want %d:\n%s", name, len(r.events), formatted, c.want, r)
		}
		if got := r.events[len(r.events)-1].Bundle.Data[mimeText]; got != "step 999" {
			t.Errorf("%s: last frame %v", name, got)
		}
	}
}

func TestLiveIsOneOutputUntilDone(t *testing.T) {
	l, r, clk := liveRecorder()
	l.Done()
	l.Show(1)
	clk.pass(time.Second)
	l.Show(2)
	l.Show(3)
	l.Flush()
	l.Flush()
	l.Show(4)
	l.Done()
	l.Done()
	l.Show(5)
	want := `display "hpgo-t-1" wait=false 1
update "hpgo-t-1" wait=false 2
update "hpgo-t-1" wait=false 3
update "hpgo-t-1" wait=false 4
display "hpgo-t-2" wait=false 5
`
	if got := r.String(); got != want {
		t.Errorf("events:\n%swant:\n%s", got, want)
	}
	if got := l.String(); got != "live display hpgo-t-2" {
		t.Errorf("text %q", got)
	}
}

func TestFlushShowsWhatIsHeld(t *testing.T) {
	a, r, clk := liveRecorder()
	b := &Live{wire: a.wire, now: clk.time}
	field := []int{0}
	a.Show(field)
	b.Show("b1")
	b.Show("b2")
	a.Show(field)
	a.Show(field)
	field[0] = 7 // a held frame is shown as it is by then
	var slept time.Duration
	wait := func(d time.Duration) { slept += d; clk.pass(d) }
	a.wire.flush(wait)
	a.wire.flush(wait)
	a.Show("in the next cell")
	b.Show("b3")
	want := `display "hpgo-t-1" wait=false []int{0}
display "hpgo-t-2" wait=false "b1"
update "hpgo-t-2" wait=false "b2"
update "hpgo-t-1" wait=false []int{7}
display "hpgo-t-3" wait=false "in the next cell"
display "hpgo-t-4" wait=false "b3"
`
	if got := r.String(); got != want || slept != liveEvery {
		t.Errorf("slept %v; events:\n%swant:\n%s", slept, got, want)
	}
}

// TestFlushLeavesRunningGoroutinesAlone has a goroutine show its frames itself
// while the end of the cell waits for one of them to be due.
func TestFlushLeavesRunningGoroutinesAlone(t *testing.T) {
	l, r, clk := liveRecorder()
	l.Show(1)
	l.Show(2)
	l.wire.flush(func(d time.Duration) {
		clk.pass(d)
		l.Show(3)
	})
	if got := strings.Count(r.String(), "\n"); got != 2 || !strings.HasSuffix(r.String(), " 3\n") {
		t.Errorf("events:\n%s", r)
	}
}

func TestLiveFromManyGoroutines(t *testing.T) {
	r := record(t)
	l := &Live{Every: time.Microsecond}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 500 {
				l.Show(i)
			}
		})
	}
	wg.Wait()
	l.Show("end")
	Flush()
	if len(r.events) < 2 || !strings.HasSuffix(r.String(), " \"end\"\n") {
		t.Errorf("%d events, at the end %s", len(r.events), r.events[len(r.events)-1].Bundle.Data[mimeText])
	}
	for i, e := range r.events {
		if (e.Op == OpDisplay) != (i == 0) || e.ID != r.events[0].ID {
			t.Errorf("event %d: %s %q", i, e.Op, e.ID)
		}
	}
}

func TestLiveWithoutTransport(t *testing.T) {
	var out bytes.Buffer
	l := &Live{wire: &wire{out: &out}}
	for i := range 100 {
		l.Show(i)
	}
	if out.Len() > 0 {
		t.Errorf("printed %q before Done", out.String())
	}
	l.Done()
	if out.String() != "99\n" {
		t.Errorf("printed %q", out.String())
	}
}

func BenchmarkLiveShow(b *testing.B) {
	record(b)
	l := NewLive()
	field := make([]float64, 1000)
	b.ReportAllocs()
	for b.Loop() {
		l.Show(field)
	}
}
