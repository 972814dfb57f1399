package display

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorded collects the events of one test.
type recorded struct {
	mu     sync.Mutex
	events []Event
	err    error
}

func (r *recorded) send(e Event) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
	return r.err
}

// record directs the process's events to a recorder until the test ends.
func record(t testing.TB) *recorded {
	r := &recorded{}
	SetTransport(r.send)
	t.Cleanup(func() { SetTransport(nil) })
	return r
}

func (r *recorded) String() string {
	var b strings.Builder
	for _, e := range r.events {
		fmt.Fprintf(&b, "%s %q wait=%v %v\n", e.Op, e.ID, e.Wait, e.Bundle.Data[mimeText])
	}
	return b.String()
}

func TestShow(t *testing.T) {
	r := record(t)
	if !Connected() {
		t.Error("not connected")
	}
	Show()
	Show(1, "two")
	Result()
	Result(nil)
	Result(3)
	Result(3, nil)
	Result("a", errors.New("bad"), 2.5)
	h := ShowID("mine", 1)
	h.Update(2)
	Update("mine", 3)
	Clear(true)
	Clear(false)
	want := `display "" wait=false 1
display "" wait=false "two"
result "" wait=false <nil>
result "" wait=false 3
result "" wait=false (3, <nil>)
result "" wait=false ("a", bad, 2.5)
display "mine" wait=false 1
update "mine" wait=false 2
update "mine" wait=false 3
clear "" wait=true <nil>
clear "" wait=false <nil>
`
	if got := r.String(); got != want {
		t.Errorf("events:\n%swant:\n%s", got, want)
	}
	a, b := ShowID("", 1), ShowID("", 1)
	if a.ID() == b.ID() || a.ID() == "" {
		t.Errorf("ids %q and %q", a.ID(), b.ID())
	}
	if got := PrettyText(a); got != "display "+a.ID() {
		t.Errorf("handle text %q", got)
	}
}

func TestResultKeepsRichValueBesideNilError(t *testing.T) {
	b := FormatTuple(image.NewGray(image.Rect(0, 0, 2, 2)), nil)
	if b.Data[mimePNG] == nil || b.Data[mimeText] != "(image.Gray 2x2, <nil>)" {
		t.Errorf("bundle %v", b.Data)
	}
	if b := FormatTuple(HTML("x"), errors.New("e")); len(b.Data) != 1 {
		t.Errorf("an error must not hide behind a picture: %v", b.Data)
	}
}

func TestTransportErrorIsKept(t *testing.T) {
	r := record(t)
	r.err = errors.New("pipe closed")
	Show(1)
	if err := Err(); !errors.Is(err, r.err) {
		t.Errorf("Err = %v", err)
	}
	SetTransport(nil)
	if Err() != nil {
		t.Error("a new transport starts without an error")
	}
}

func TestWithoutTransport(t *testing.T) {
	var out bytes.Buffer
	w := &wire{out: &out}
	w.emit(Event{Op: OpDisplay, Bundle: Format(HTML("<b>"))})
	w.emit(Event{Op: OpClear})
	p := newProgress(w, time.Now, "work", 2)
	p.Add(2)
	p.Done()
	q := newProgress(w, time.Now, "gone", 2)
	q.Erase()
	if got := out.String(); got != "<b>\n████████████████████████ work 100% 2/2 in 0s\n" {
		t.Errorf("printed %q", got)
	}
}

func TestConcurrentShow(t *testing.T) {
	r := record(t)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				Show(point{g, i})
			}
		})
	}
	wg.Wait()
	if len(r.events) != 400 {
		t.Fatalf("%d events", len(r.events))
	}
	last := map[string]int{}
	for _, e := range r.events {
		var g, i int
		if _, err := fmt.Sscanf(e.Bundle.Data[mimeText].(string), "display.point{X:%d, Y:%d}", &g, &i); err != nil {
			t.Fatal(err)
		}
		key := fmt.Sprint(g)
		if i < last[key] {
			t.Errorf("goroutine %d: %d after %d", g, i, last[key])
		}
		last[key] = i
	}
}

func TestProgress(t *testing.T) {
	r := &recorded{}
	w := &wire{send: r.send, prefix: "t"}
	now := time.Unix(0, 0)
	p := newProgress(w, func() time.Time { return now }, "rows <1>", 1000)
	for range 1000 {
		now = now.Add(time.Millisecond)
		p.Add(1)
	}
	p.Done()
	p.Done()
	p.Add(1)
	if n := len(r.events); n != 12 {
		t.Errorf("%d events for 1000 steps in one second:\n%s", n, r)
	}
	if got := r.events[5].Bundle.Data[mimeText]; got != "████████████░░░░░░░░░░░░ rows <1> 50% 500/1,000 in 500ms, 500ms left" {
		t.Errorf("middle: %v", got)
	}
	html := r.events[11].Bundle.Data[mimeHTML].(string)
	if html != `<div class="hpgo-progress" role="status"><progress value="1000" max="1000" aria-label="rows &lt;1&gt;"></progress> rows &lt;1&gt; 100% 1,000/1,000 in 1s</div>` {
		t.Errorf("end: %s", html)
	}
	for i, e := range r.events {
		if e.ID != "hpgo-t-1" || (e.Op == OpDisplay) != (i == 0) {
			t.Errorf("event %d: %s %s", i, e.Op, e.ID)
		}
	}
}

func TestTrack(t *testing.T) {
	r := record(t)
	sum := 0
	for i := range Track("loop", 10) {
		if i == 5 {
			break
		}
		sum += i
	}
	if sum != 10 {
		t.Errorf("sum = %d", sum)
	}
	end := r.events[len(r.events)-1]
	if end.Op != OpUpdate || end.Bundle.Data[mimeText] != "" {
		t.Errorf("not erased: %v", end)
	}
}

func BenchmarkShow10000(b *testing.B) {
	for name, v := range map[string]any{
		"int": 7, "struct": person{Name: "Ann"}, "html": HTML("<b>x</b>"), "slice": make([]int, 1000),
		"table": make([]point, 1000),
	} {
		b.Run(name, func(b *testing.B) {
			n := 0
			SetTransport(func(Event) error { n++; return nil })
			defer SetTransport(nil)
			b.ReportAllocs()
			for b.Loop() {
				for range 10000 {
					Show(v)
				}
			}
		})
	}
}
