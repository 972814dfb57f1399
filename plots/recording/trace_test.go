package recording

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"runtime"
	"runtime/trace"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/plots"
)

// program does what the rows of a trace show, for some 30 ms.
func program() {
	ctx, task := trace.NewTask(context.Background(), "request")
	var wg sync.WaitGroup
	wg.Add(5)
	results, stop := make(chan int), make(chan bool)
	go sleeper(&wg)
	go worker(ctx, &wg, results)
	go receiver(&wg, results)
	go chooser(&wg, stop)
	var mu sync.Mutex
	mu.Lock()
	go locker(&wg, &mu)
	trace.WithRegion(ctx, "outer", func() {
		time.Sleep(5 * time.Millisecond)
		trace.WithRegion(ctx, "inner", func() { time.Sleep(5 * time.Millisecond) })
	})
	runtime.GC()
	time.Sleep(10 * time.Millisecond)
	mu.Unlock()
	close(stop)
	wg.Wait()
	task.End()
}

func sleeper(wg *sync.WaitGroup) { defer wg.Done(); time.Sleep(25 * time.Millisecond) }

func worker(ctx context.Context, wg *sync.WaitGroup, out chan<- int) {
	defer wg.Done()
	defer close(out)
	trace.Log(ctx, "step", "begin")
	n := 0
	for start := time.Now(); time.Since(start) < 10*time.Millisecond; n++ {
		if n%100 == 0 {
			out <- n
		}
	}
}

func receiver(wg *sync.WaitGroup, in <-chan int) {
	defer wg.Done()
	for range in {
	}
}

func chooser(wg *sync.WaitGroup, stop chan bool) {
	defer wg.Done()
	select {
	case <-stop:
	case <-time.After(time.Hour):
	}
}

func locker(wg *sync.WaitGroup, mu *sync.Mutex) { defer wg.Done(); mu.Lock(); defer mu.Unlock() }

// recorded is the trace of the program, made once.
var recorded = sync.OnceValue(func() []byte {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		panic(err)
	}
	program()
	trace.Stop()
	return buf.Bytes()
})

// find is the goroutine that started with a function of this package.
func find(t *testing.T, e Execution, function string) Goroutine {
	t.Helper()
	for _, g := range e.Goroutines {
		if strings.HasSuffix(g.Function, "recording."+function) {
			return g
		}
	}
	t.Fatalf("no goroutine of %s in %+v", function, e.Goroutines)
	return Goroutine{}
}

func TestReadTrace(t *testing.T) {
	e, err := ReadTrace(bytes.NewReader(recorded()))
	if err != nil {
		t.Fatal(err)
	}
	if e.Broken != "" || e.Duration < 20*time.Millisecond || e.Cycles == 0 || e.Stops == 0 || e.Longest > e.Stopped {
		t.Errorf("%+v", e)
	}
	for _, g := range e.Goroutines {
		if life := g.Last - g.First; g.Times.Total() != life {
			t.Errorf("G%d %s lived %v and its states add up to %v", g.ID, g.Function, life, g.Times.Total())
		}
	}
	for function, state := range map[string]State{"sleeper": Sleep, "receiver": Channel, "chooser": Select, "locker": Mutex} {
		g := find(t, e, function)
		least := g.Times.Total() / 2
		if function == "receiver" {
			least = 1 // how long it waits for a processor is not up to us
		}
		if waited := g.Times[state]; waited < least {
			t.Errorf("%s: %v of %v in state %v: %v", function, waited, g.Times.Total(), state, g.Times)
		}
	}
	if g := find(t, e, "worker"); g.Times.Busy() == 0 || g.System {
		t.Errorf("worker: %+v", g)
	}
	busy := time.Duration(0)
	for _, p := range e.Processors {
		if p.Busy > e.Duration {
			t.Errorf("P%d was busy for %v of %v", p.ID, p.Busy, e.Duration)
		}
		busy += p.Busy
	}
	if busy == 0 {
		t.Error("no processor was busy")
	}
}

// sound checks what all timelines have in common.
func sound(t *testing.T, d plots.Data) {
	t.Helper()
	g := d.Gantt
	if g == nil || d.Alt == "" || d.Height < 1 {
		t.Fatalf("%+v", d)
	}
	if len(g.Cells) != len(g.Rows) || len(g.Totals) != len(g.Rows) {
		t.Fatalf("%d rows, %d cells, %d totals", len(g.Rows), len(g.Cells), len(g.Totals))
	}
	type lane struct{ row, depth int }
	until := map[lane]float64{}
	sums := make([]float64, len(g.Rows))
	for _, s := range g.Spans {
		if s.Row >= len(g.Rows) || s.Kind < 0 || s.Kind >= len(g.Kinds) || s.From > s.To || s.From < g.Axis.Min || s.To > g.Axis.Max {
			t.Fatalf("span %+v", s)
		}
		if s.Row < 0 {
			continue
		}
		at := lane{s.Row, s.Depth}
		if s.From < until[at] {
			t.Fatalf("%s: span %+v begins before %v", g.Rows[s.Row], s, until[at])
		}
		until[at] = s.To
		sums[s.Row] += s.To - s.From
	}
	for r, totals := range g.Totals {
		total := 0.0
		for _, v := range totals {
			total += v
		}
		if len(totals) != len(g.Kinds) || total > sums[r]*(1+1e-9) {
			t.Errorf("%s: %d totals add up to %v, its spans to %v", g.Rows[r], len(totals), total, sums[r])
		}
	}
	if _, err := json.Marshal(d); err != nil {
		t.Error(err)
	}
}

func rowOf(t *testing.T, g *plots.GanttData, name string) int {
	t.Helper()
	for i, row := range g.Rows {
		if strings.HasSuffix(row, name) {
			return i
		}
	}
	t.Fatalf("no row %s in %q", name, g.Rows)
	return 0
}

func TestViews(t *testing.T) {
	for _, view := range []string{"", "goroutines", "procs", "regions"} {
		d, err := Trace(recorded(), map[string]string{"view": view})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, d)
		again, err := Trace(recorded(), map[string]string{"view": view})
		if err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(d)
		b, _ := json.Marshal(again)
		if !bytes.Equal(a, b) {
			t.Errorf("view %q: reading twice gives two timelines", view)
		}
		t.Logf("%s", d.Summary())
		g := d.Gantt
		switch view {
		case "", "goroutines":
			row := rowOf(t, g, "recording.sleeper")
			for k, kind := range g.Kinds {
				if kind.Name == "sleep" && g.Totals[row][k] < 0.02 {
					t.Errorf("the sleeper slept for %v", g.Totals[row][k])
				}
			}
		case "procs":
			if !strings.HasPrefix(g.Rows[0], "P") || g.Column != "busy" {
				t.Errorf("rows %q", g.Rows)
			}
		case "regions":
			rowOf(t, g, "task request")
			depths := map[string]int{}
			for _, s := range g.Spans {
				depths[s.Name] = s.Depth + 1
			}
			if depths["outer"] != 1 || depths["inner"] != 2 {
				t.Errorf("depths %v", depths)
			}
			if len(g.Marks) != 1 || g.Marks[0].Name != "step: begin" || g.Rows[g.Marks[0].Row] != g.Rows[rowOf(t, g, "recording.worker")] {
				t.Errorf("marks %+v in rows %q", g.Marks, g.Rows)
			}
		}
	}
}

func TestPartOfTrace(t *testing.T) {
	d, err := Trace(recorded(), map[string]string{"from": "0.005", "to": "0.01", "rows": "1"})
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
	if a := d.Gantt.Axis; a.Min != 0.005 || a.Max != 0.01 || len(d.Gantt.Rows) > 1 {
		t.Errorf("axis %+v, rows %q", a, d.Gantt.Rows)
	}
	if !strings.Contains(strings.Join(d.Notes, "\n"), "busiest ") {
		t.Errorf("notes %q", d.Notes)
	}
}

func TestResolveKeepsTheFigure(t *testing.T) {
	fig := plots.Gantt{Title: "My program", Notes: []string{"mine"}, Trace: bytes.NewBuffer(recorded()), Width: 8}
	for range 2 { // showing twice reads the buffer twice
		asked, err := fig.Encode()
		if err != nil {
			t.Fatal(err)
		}
		d, err := Resolve(asked)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, d)
		if d.Title != "My program" || d.Width != 8 || d.Notes[0] != "mine" || d.Recording != nil || !strings.HasPrefix(d.Alt, "My program; timeline of ") {
			t.Errorf("title %q, width %v, notes %q, alt %q", d.Title, d.Width, d.Notes, d.Alt)
		}
	}
}

func TestBadTraces(t *testing.T) {
	good := recorded()
	for _, tt := range []struct {
		name    string
		raw     []byte
		options map[string]string
		want    string
	}{
		{"empty", nil, nil, "it is empty: trace.Stop"},
		{"garbage", []byte("hello, world, and more"), nil, "is no execution trace"},
		{"profile", []byte{0x1f, 0x8b, 8, 0}, nil, "compressed with gzip"},
		{"old", []byte("go 1.5 trace\x00\x00\x00\x00more"), nil, "go 1.5"},
		{"new", []byte("go 1.99 trace\x00\x00\x00more"), nil, "go 1.99"},
		{"header", good[:16], nil, "it has no events"},
		{"not stopped", good[:len(good)/2], nil, "it breaks off before its first part is complete"},
		{"view", good, map[string]string{"view": "threads"}, `no view "threads"`},
		{"option", good, map[string]string{"zoom": "1"}, `no option "zoom"`},
		{"rows", good, map[string]string{"rows": "0"}, "0 rows can't be drawn"},
		{"from", good, map[string]string{"from": "now"}, `from: "now" is no time`},
		{"backwards", good, map[string]string{"from": "2", "to": "1"}, "it can't be cut to the time from 2 s to 1 s"},
		{"late", good, map[string]string{"from": "100", "to": "200"}, "before the time that is asked for"},
		{"no regions", quietTrace(t), map[string]string{"view": "regions"}, "it has no tasks, regions or logs"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Trace(tt.raw, tt.options)
			if err == nil || !strings.HasPrefix(err.Error(), "read trace: ") || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %s", err, tt.want)
			}
		})
	}
}

func quietTrace(t *testing.T) []byte {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Millisecond)
	trace.Stop()
	return buf.Bytes()
}

// TestBrokenTrace reads a trace that lost its last part, as one of a program
// that was killed.
func TestBrokenTrace(t *testing.T) {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	for start := time.Now(); time.Since(start) < 2500*time.Millisecond; time.Sleep(10 * time.Millisecond) {
	}
	trace.Stop()
	raw := buf.Bytes()
	d, err := Trace(raw[:len(raw)-20], nil)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
	if !strings.Contains(strings.Join(d.Notes, "\n"), "the trace breaks off after ") {
		t.Errorf("notes %q", d.Notes)
	}
	e, err := ReadTrace(bytes.NewReader(raw[:len(raw)-20]))
	if err != nil || e.Broken == "" || e.Duration < time.Second {
		t.Errorf("%v of a broken trace, because %q: %v", e.Duration, e.Broken, err)
	}
}

func TestFlightRecorder(t *testing.T) {
	fr := trace.NewFlightRecorder(trace.FlightRecorderConfig{MinAge: time.Minute})
	if err := fr.Start(); err != nil {
		t.Fatal(err)
	}
	program()
	var buf bytes.Buffer
	_, err := fr.WriteTo(&buf)
	fr.Stop()
	if err != nil {
		t.Fatal(err)
	}
	d, err := Trace(buf.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
	rowOf(t, d.Gantt, "recording.sleeper")
}

// TestManyGoroutines reads more goroutines and spans than are shown.
func TestManyGoroutines(t *testing.T) {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v
		}
		close(b)
	}()
	var wg sync.WaitGroup
	for i := range 20_000 {
		a <- i
		<-b
		wg.Go(func() {})
	}
	close(a)
	wg.Wait()
	trace.Stop()
	start := time.Now()
	d, err := Trace(buf.Bytes(), nil)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, d)
	notes := strings.Join(d.Notes, "\n")
	if len(d.Gantt.Rows) != traceRows || len(d.Gantt.Spans) > 2*maxSpans || !strings.Contains(notes, "the 40 busiest are shown") || !strings.Contains(notes, "are joined") {
		t.Errorf("%d rows, %d spans, notes %q", len(d.Gantt.Rows), len(d.Gantt.Spans), d.Notes)
	}
	t.Logf("%d bytes in %v, %d spans", buf.Len(), time.Since(start), len(d.Gantt.Spans))
	e, err := ReadTrace(&buf)
	if err != nil || len(e.Goroutines) < 20_000 {
		t.Errorf("%d goroutines: %v", len(e.Goroutines), err)
	}
}

// TestStripKeepsTimes joins spans in steps and compares their times.
func TestStripKeepsTimes(t *testing.T) {
	var s strip
	r := ruler{width: 1}
	want := map[int32]int64{}
	at, x := int64(0), uint64(1)
	for range 5000 {
		x = x*6364136223846793005 + 1442695040888963407
		kind, long := int32(x>>33%3), int64(x>>40%100+1)
		s.add(r, item{from: at, to: at + long, kind: kind, n: 1, id: at})
		want[kind] += long
		at += long
	}
	var direct strip
	wide := ruler{width: 1 << 10}
	for _, it := range s.items {
		direct.add(wide, it)
	}
	for range 10 {
		r.width *= 2
		s.coarsen(r)
	}
	got := map[int32]int64{}
	until := int64(0)
	for i, it := range s.items {
		it.each(func(kind int32, ns int64) { got[kind] += ns })
		if it.from < until {
			t.Fatalf("item %d begins at %d before %d", i, it.from, until)
		}
		until = it.to
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("times %v, want %v", got, want)
	}
	if n := len(s.items); n > int(at/wide.width)+1 || math.Abs(float64(n-len(direct.items))) > 1 {
		t.Errorf("%d items, joined at once %d", n, len(direct.items))
	}
}

func FuzzTrace(f *testing.F) {
	good := recorded()
	f.Add(uint(len(good)), uint(0), byte(0), byte(0))
	f.Add(uint(len(good)/2), uint(100), byte(1), byte(1))
	f.Fuzz(func(t *testing.T, length, at uint, xor, view byte) {
		raw := bytes.Clone(good[:min(length, uint(len(good)))])
		if len(raw) > 0 {
			raw[at%uint(len(raw))] ^= xor
		}
		d, err := Trace(raw, map[string]string{"view": []string{"", "procs", "regions"}[view%3]})
		if err == nil {
			sound(t, d)
		}
		if s, err := ReadStudy(context.Background(), bytes.NewReader(raw), 10); err == nil {
			sound(t, s.Lanes)
		}
		_ = WriteChrome(context.Background(), bytes.NewReader(raw), io.Discard) // must not panic
	})
}
