package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"testing"
	"time"

	"hpgo/plots"
)

// readTrace is a picture that has been encoded, as a recording is.
type readTrace plots.Data

// Encode implements plots.Picture.
func (d readTrace) Encode() (plots.Data, error) { return plots.Data(d), nil }

// timelines are Gantts, of tasks and as they come from traces.
func timelines() map[string]plots.Picture {
	ms := func(v float64) time.Duration { return time.Duration(v * float64(time.Millisecond)) }
	return map[string]plots.Picture{
		"gantt-tasks": plots.Gantt{Title: "Four workers", Spans: []plots.Task{
			{Row: "worker 1", Name: "load", Kind: "read", From: ms(0), To: ms(21)},
			{Row: "worker 1", Name: "parse", Kind: "compute", From: ms(21), To: ms(63)},
			{Row: "worker 2", Name: "load", Kind: "read", From: ms(4), To: ms(30)},
			{Row: "worker 2", Name: "parse", Kind: "compute", From: ms(32), To: ms(80)},
			{Row: "worker 3", Name: "wait for the lock of the index", Kind: "wait", From: ms(10), To: ms(62)},
			{Row: "worker 3", Name: "merge", Kind: "compute", From: ms(62), To: ms(95)},
			{Row: "worker 4 <idle>", Name: "tick", Kind: "read", From: ms(40), To: ms(40.2)},
		}},
		"gantt-nested": plots.Gantt{Title: "Calls within calls", X: plots.Axis{Label: "since the start"}, Spans: []plots.Task{
			{Row: "main", Name: "request", Kind: "request", From: ms(0), To: ms(100)},
			{Row: "main", Name: "decode", Kind: "decode", From: ms(2), To: ms(22)},
			{Row: "main", Name: "query", Kind: "query", From: ms(25), To: ms(85)},
			{Row: "main", Name: "scan", Kind: "scan", From: ms(30), To: ms(60)},
			{Row: "main", Name: "sort", Kind: "sort", From: ms(60), To: ms(80)},
			{Row: "main", Name: "encode", Kind: "encode", From: ms(86), To: ms(99)},
			{Row: "logger", Name: "flush", Kind: "flush", From: ms(40), To: ms(55)},
		}},
		"gantt-plain":      plots.Gantt{Spans: []plots.Task{{Name: "design", From: 0, To: 3}, {Name: "build", From: 2, To: 7}, {Name: "test", From: 5, To: 8}, {Name: "ship", From: 8, To: 8.5}}, X: plots.Axis{Label: "week"}},
		"gantt-kinds":      manyKinds(),
		"gantt-goroutines": readTrace(handTrace()),
		"gantt-rows":       manyRows(),
		"cores-1":          coresOf(1),
		"cores-8":          coresOf(8),
		"cores-64":         coresOf(64),
		"cores-256":        coresOf(256),
		"memory":           memoryOf("", 1),
		"memory-runs":      comparedMemory(),
		"memory-heap":      plots.Memory{Title: "Heap alone, from columns", T: []float64{0, 1, 2, 3, 4}, Heap: []float64{1e6, 3e6, 2e6, 4e6, 1.5e6}, GC: []float64{1.9, 3.8}},
	}
}

// coresOf is a parallel program that begins and ends on one core.
func coresOf(cores int) plots.Cores {
	times := make([]time.Duration, 120)
	use := make([][]float64, cores)
	var gen noise = 13
	for i := range times {
		times[i] = time.Duration(i+1) * 50 * time.Millisecond
		for r := range use {
			v := 3 + 4*gen.next()
			switch {
			case i >= 20 && i < 95 && float64(r) < float64(cores)*math.Min(1, float64(i-15)/25):
				v = 88 + 20*gen.next()
			case r == min(1, cores-1) && (i < 20 || i >= 95):
				v = 96 + 6*gen.next()
			}
			use[r] = append(use[r], v)
		}
	}
	use[cores/2][60] = math.NaN()
	return plots.Cores{Title: fmt.Sprintf("%d cores", cores), T: times, Use: use}
}

// memoryOf is a run as a sampler sees it.
func memoryOf(name string, scale float64) plots.Memory {
	m := plots.Memory{Name: name, Regions: []plots.Task{
		{Name: "load", From: 100 * time.Millisecond, To: 700 * time.Millisecond},
		{Name: "parse", From: 250 * time.Millisecond, To: 600 * time.Millisecond},
		{Name: "sort", From: 800 * time.Millisecond, To: 1400 * time.Millisecond}}}
	if name == "" {
		m.Title = "Memory of a run"
	}
	live, heap, rss, cycles := 4e6, 4e6, 12e6, uint64(0)
	for i := range 200 {
		at := time.Duration(i) * 8 * time.Millisecond
		if at < 800*time.Millisecond {
			live += 4e5 * scale
		} else if at > 1200*time.Millisecond {
			live *= 0.97
		}
		goal := math.Max(2*live, 8e6)
		if heap += 1.1e6; heap > goal {
			heap = live
			cycles++
		}
		rss = math.Max(rss, heap+8e6)
		m.Samples = append(m.Samples, plots.MemorySample{T: at, RSS: uint64(rss), Heap: uint64(heap), Goal: uint64(goal), Cycles: cycles})
	}
	m.HighWater = uint64(rss + 5e6)
	return m
}

// comparedMemory is a run beside one that was stored.
func comparedMemory() plots.Memory {
	m := memoryOf("after", 0.6)
	m.Title, m.Regions = "Before and after", nil
	m.Runs = []plots.Memory{memoryOf("before", 1)}
	return m
}

// manyKinds has more kinds than colours.
func manyKinds() plots.Gantt {
	g := plots.Gantt{Title: "Twelve kinds"}
	for i := range 24 {
		g.Spans = append(g.Spans, plots.Task{Row: fmt.Sprintf("row %d", i%3), Name: fmt.Sprintf("step %d", i), Kind: fmt.Sprintf("kind %d", i%12),
			From: float64(i / 3), To: float64(i/3) + 0.9})
	}
	return g
}

// manyRows has as many rows as are shown, and short spans.
func manyRows() plots.Gantt {
	g := plots.Gantt{Title: "Forty of sixty rows"}
	var gen noise = 11
	for r := range 60 {
		at := 0.0
		for at < 1 {
			long := 0.01 + 0.2*(gen.next()+0.5)
			g.Spans = append(g.Spans, plots.Task{Row: fmt.Sprintf("shard %d", r), Kind: []string{"scan", "merge"}[len(g.Spans)%2],
				From: time.Duration(at * 1e9), To: time.Duration((at + long*float64(r)/60) * 1e9)})
			at += long
		}
	}
	return g
}

// handTrace is made like the goroutines of a trace.
func handTrace() plots.Data {
	g := &plots.GanttData{
		Axis: plots.AxisData{Label: "time", Unit: "s", Max: 0.012, Fixed: true},
		Rows: []string{"G1 main.main", "G18 main.producer", "G19 main.worker", "G20 main.worker", "G21 net/http.(*persistConn).readLoop"},
		Kinds: []plots.GanttKind{{Name: "running", Series: 0}, {Name: "runnable", Series: 4}, {Name: "syscall", Series: 3}, {Name: "GC assist", Series: 1},
			{Name: "channel", Series: 2, Look: plots.LookThin}, {Name: "mutex", Series: 1, Look: plots.LookThin}, {Name: "sleep", Series: 7, Look: plots.LookThin},
			{Name: "I/O", Series: 3, Look: plots.LookThin}, {Name: "GC", Series: 7, Look: plots.LookShade}, {Name: "stop the world", Series: 1, Look: plots.LookShade}},
		Column: "running",
	}
	var gen noise = 5
	waits := []int{4, 6, 4, 5, 7}
	for r := range g.Rows {
		at, n := 0.0002*float64(r), 0
		for at < 0.012 {
			kind := []int{0, waits[r], 1, 0, 3, waits[r], 2}[n%7]
			long := 0.0004 * (gen.next() + 0.6)
			if kind == waits[r] {
				long *= 3
			}
			to := math.Min(at+long, 0.012)
			g.Spans = append(g.Spans, plots.GanttSpan{Row: r, Kind: kind, From: at, To: to})
			at, n = to, n+1
		}
		g.Cells = append(g.Cells, fmt.Sprintf("%d%%", 10+r*7))
	}
	g.Spans = append(g.Spans, plots.GanttSpan{Row: -1, Kind: 8, From: 0.004, To: 0.0061}, plots.GanttSpan{Row: -1, Kind: 9, Name: "GC mark termination", From: 0.0061, To: 0.00611})
	g.Marks = []plots.GanttMark{{Row: 0, At: 0.003, Name: "log: start"}, {Row: 0, At: 0.009, Name: "log: end"}}
	return plots.Data{Version: plots.Version, Title: "Goroutines of a trace", Alt: g.Describe(), Width: 6.5, Height: g.Height(), Gantt: g}
}

func TestManySpansStaySmall(t *testing.T) {
	var gen noise = 9
	kinds := []string{"run", "wait", "gc", "syscall"}
	spans := make([]plots.Task, 100_000)
	at := make([]float64, 30)
	for i := range spans {
		r := i % len(at)
		long := 1e-4 * math.Exp(6*gen.next())
		spans[i] = plots.Task{Row: fmt.Sprintf("P%d", r), Name: fmt.Sprintf("job %d", i), Kind: kinds[int(1e6*(gen.next()+0.5))%4], From: at[r], To: at[r] + long}
		at[r] += long * 1.2
	}
	start := time.Now()
	d := encode(t, plots.Gantt{Spans: spans})
	svg, err := SVG(d)
	if err != nil {
		t.Fatal(err)
	}
	drawn := time.Since(start)
	if _, err := PNG(d); err != nil {
		t.Fatal(err)
	}
	if len(svg) > 300_000 || !bytes.Contains(svg, []byte("note: of 100,000 spans, those shorter than")) {
		t.Errorf("%d bytes, notes %q", len(svg), d.Notes)
	}
	t.Logf("%d bytes, %d spans, SVG after %v, PNG after %v", len(svg), len(d.Gantt.Spans), drawn, time.Since(start))
	total := 0.0
	for _, row := range d.Gantt.Totals {
		for _, v := range row {
			total += v
		}
	}
	want := 0.0
	for _, s := range spans {
		want += s.To.(float64) - s.From.(float64)
	}
	if math.Abs(total/want-1) > 1e-9 {
		t.Errorf("totals add up to %v of %v", total, want)
	}
}

func TestForeignTimelines(t *testing.T) {
	for name, spoil := range map[string]func(*plots.GanttData){
		"axis":       func(g *plots.GanttData) { g.Axis.Max = math.Inf(1) },
		"log":        func(g *plots.GanttData) { g.Axis.Log = true },
		"no rows":    func(g *plots.GanttData) { g.Rows = nil },
		"row":        func(g *plots.GanttData) { g.Spans[0].Row = 99 },
		"kind":       func(g *plots.GanttData) { g.Spans[0].Kind = -1 },
		"depth":      func(g *plots.GanttData) { g.Spans[0].Depth = 1 << 40 },
		"backwards":  func(g *plots.GanttData) { g.Spans[0].From = 9 },
		"nan":        func(g *plots.GanttData) { g.Spans[0].To = math.NaN() },
		"colour":     func(g *plots.GanttData) { g.Kinds[0].Series = -3 },
		"mark":       func(g *plots.GanttData) { g.Marks[0].Row = -1 },
		"cells":      func(g *plots.GanttData) { g.Cells = g.Cells[:1] },
		"many rows":  func(g *plots.GanttData) { g.Rows = make([]string, 1<<20) },
		"many spans": func(g *plots.GanttData) { g.Spans = make([]plots.GanttSpan, 1<<21) },
	} {
		d := handTrace()
		spoil(d.Gantt)
		if _, err := SVG(d); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
	d := handTrace()
	d.Gantt.Rows[0], d.Gantt.Axis.Min, d.Gantt.Axis.Max = "\xff<", 0.003, 0.003
	if _, err := SVG(d); err != nil {
		t.Errorf("an odd timeline: %v", err)
	}
	d = handTrace()
	d.Width, d.Height = 1, 1
	if _, err := SVG(d); err == nil || err.Error() != "draw figure: 1 x 1 inches are too small for its labels" {
		t.Errorf("a tiny one: %v", err)
	}
}

// FuzzTimeline draws timelines that someone else wrote.
func FuzzTimeline(f *testing.F) {
	for _, name := range []string{"gantt-goroutines", "gantt-nested", "gantt-kinds", "memory-heap"} {
		raw, err := json.Marshal(encode(f, timelines()[name]))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(drawsOrRefuses)
}
