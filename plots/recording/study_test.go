package recording

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/trace"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func studied(t *testing.T, raw []byte) Study {
	t.Helper()
	s, err := ReadStudy(context.Background(), bytes.NewReader(raw), 24)
	if err != nil {
		t.Fatal(err)
	}
	sound(t, s.Lanes)
	return s
}

func TestReadStudy(t *testing.T) {
	s := studied(t, recorded())
	e, err := ReadTrace(bytes.NewReader(recorded()))
	if err != nil {
		t.Fatal(err)
	}
	if s.Duration != e.Duration || len(s.Goroutines) != len(e.Goroutines) || s.Stopped != e.Stopped || s.Cycles != len(s.Marks) || s.Execution.Stops != len(s.Stops) {
		t.Errorf("%+v, without a study %+v", s.Execution, e)
	}
	for _, want := range []struct {
		state          State
		function, call string
		by             string
		least          int
	}{
		{Mutex, "recording.locker", "sync.(*Mutex).Lock", "recording.program", 15},
		{Select, "recording.chooser", "runtime.selectgo", "recording.program", 15},
		{Sleep, "recording.sleeper", "time.Sleep", "", 24},
		{Channel, "recording.receiver", "runtime.chanrecv2", "recording.worker", 0},
	} {
		i := slices.IndexFunc(s.Waits, func(w Wait) bool { return w.Function == want.function })
		if i < 0 {
			t.Errorf("no wait in %s", want.function)
			continue
		}
		w := s.Waits[i]
		if w.State != want.state || w.Call != want.call || w.By.Function != want.by || w.Time < time.Duration(want.least)*time.Millisecond ||
			!strings.HasPrefix(w.Where, "recording/trace_test.go:") {
			t.Errorf("%+v", w)
		}
	}
	if w := s.Longest[0]; w.To-w.From < 15*time.Millisecond {
		t.Errorf("longest %+v", w)
	}
	names := map[string]Region{}
	for _, r := range append(s.Regions, s.Tasks...) {
		names[r.Name] = r
	}
	if outer, inner := names["outer"], names["inner"]; outer.Count != 1 || outer.Time < inner.Time || inner.Time < 5*time.Millisecond || inner.Running > inner.Time/2 || names["request"].Time < outer.Time {
		t.Errorf("regions %+v", names)
	}
	sum := time.Duration(0)
	for _, d := range s.Parallel {
		sum += d
	}
	if s.MaxProcs != runtime.GOMAXPROCS(0) || s.Latency.Count == 0 || sum > s.Duration || len(s.Parallel) < 2 {
		t.Errorf("latency of %d, parallel %v of %v", s.Latency.Count, s.Parallel, s.Duration)
	}
	for _, p := range s.Processors {
		used := time.Duration(0)
		for use, d := range p.Uses {
			if Use(use) != UseSyscall {
				used += d
			}
		}
		if used < p.Busy {
			t.Errorf("P%d busy for %v, used for %v", p.ID, p.Busy, used)
		}
	}
	if g := s.Lanes.Gantt; g.Rows[0] != "P0" && g.Rows[0] != "P1" || rowOf(t, g, "task request") < rowOf(t, g, "recording.worker") {
		t.Errorf("rows %q", g.Rows)
	}
}

// TestStopped: what was read until then is told.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if s, err := ReadStudy(ctx, bytes.NewReader(recorded()), 5); err != nil || s.Broken != ErrStopped.Error() {
		t.Errorf("%v, broken %q", err, s.Broken)
	}
	var out bytes.Buffer
	if err := WriteChrome(ctx, bytes.NewReader(recorded()), &out); !errors.Is(err, ErrStopped) || !json.Valid(out.Bytes()) {
		t.Errorf("%v, %d bytes", err, out.Len())
	}
}

// TestMarks: what is outside of the marks doesn't count.
func TestMarks(t *testing.T) {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	trace.WithRegion(ctx, "before", func() { time.Sleep(20 * time.Millisecond) })
	trace.Log(ctx, MarkCategory, markBegin)
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { trace.WithRegion(ctx, "within", func() { time.Sleep(10 * time.Millisecond) }) })
	}
	wg.Wait()
	trace.Log(ctx, MarkCategory, markEnd)
	trace.WithRegion(ctx, "after", func() { time.Sleep(20 * time.Millisecond) })
	trace.Stop()
	s := studied(t, buf.Bytes())
	if !s.Begun || !s.Over || len(s.Regions) != 1 || s.Regions[0].Name != "within" || s.Regions[0].Count != 3 {
		t.Errorf("begun %v, over %v, regions %+v", s.Begun, s.Over, s.Regions)
	}
	for _, g := range s.Goroutines {
		if g.First < 0 || g.Last > s.Duration || g.Times.Total() > s.Duration {
			t.Errorf("%+v in %v", g, s.Duration)
		}
	}
	var slept time.Duration
	for _, w := range s.Waits {
		if w.State == Sleep {
			slept += w.Time
		}
	}
	if slept < 30*time.Millisecond || slept > 3*s.Duration {
		t.Errorf("slept for %v of %v", slept, s.Duration)
	}
	if len(s.Lanes.Gantt.Marks) != 0 || s.Lanes.Gantt.Axis.Max > s.Duration.Seconds() {
		t.Errorf("%+v", s.Lanes.Gantt)
	}
}

// TestCalls: calls come when they end, and a late log doesn't move them.
func TestCalls(t *testing.T) {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	trace.Log(ctx, MarkCategory, markBegin+" cell 7")
	time.Sleep(10 * time.Millisecond)
	for _, message := range []string{"2000000 1000000 inner", "3500000 1000000 inner", "1000000 4000000 outer", "6000000 1000000 outer", "1 x y", "1", "-5 3 negative", "1 9999999999999999999999 long"} {
		trace.Log(ctx, callCategory, message)
	}
	trace.Stop()
	s := studied(t, buf.Bytes())
	if len(s.Calls) != 2 || s.Calls[0].Name != "outer" || s.Calls[0].Count != 2 || s.Calls[0].Time != 5*time.Millisecond || s.Calls[1].Time != 2*time.Millisecond {
		t.Fatalf("%+v", s.Calls)
	}
	row := rowOf(t, s.Lanes.Gantt, "cell 7")
	depths := map[string]int{}
	for _, span := range s.Lanes.Gantt.Spans {
		if span.Row == row && span.Depth > 0 {
			depths[span.Name] = span.Depth
		}
	}
	if depths["outer"] != 1 || depths["inner"] != 2 {
		t.Errorf("depths %v", depths)
	}
}

func TestManyGoroutinesShareLanes(t *testing.T) {
	var buf bytes.Buffer
	if err := trace.Start(&buf); err != nil {
		t.Fatal(err)
	}
	for range 300 {
		var wg sync.WaitGroup
		wg.Add(2)
		go short(&wg)
		go short(&wg)
		wg.Wait()
	}
	trace.Stop()
	g := studied(t, buf.Bytes()).Lanes.Gantt
	lanes := 0
	for _, row := range g.Rows {
		if strings.HasPrefix(row, "recording.short (") {
			lanes++
		}
	}
	if lanes < 1 || lanes > 3 {
		t.Errorf("%d lanes in %q", lanes, g.Rows)
	}
}

// Processors that never run have empty lanes, where there aren't too many.
func TestIdleProcessorsHaveLanes(t *testing.T) {
	for _, tt := range []struct{ procs, lanes int }{{8, 8}, {mostIdle + 1, 0}} {
		before := runtime.GOMAXPROCS(tt.procs)
		var buf bytes.Buffer
		err := trace.Start(&buf)
		if err == nil {
			for begin := time.Now(); time.Since(begin) < time.Millisecond; {
				_ = fmt.Sprint(tt)
			}
			trace.Stop()
		}
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		lanes := studied(t, buf.Bytes()).Lanes
		ran := 0
		for _, row := range lanes.Gantt.Rows {
			if number, ok := strings.CutPrefix(row, "P"); ok && strings.Trim(number, "0123456789") == "" {
				ran++
			}
		}
		told := strings.Contains(strings.Join(lanes.Notes, "\n"), "never ran")
		if tt.lanes > 0 && ran != tt.lanes || tt.lanes == 0 && (ran == 0 || ran > mostIdle || !told) {
			t.Errorf("GOMAXPROCS %d: %d lanes in %q, %q", tt.procs, ran, lanes.Gantt.Rows, lanes.Notes)
		}
	}
}

func short(wg *sync.WaitGroup) { wg.Done() }

func TestDistribution(t *testing.T) {
	var d Distribution
	var all []time.Duration
	r := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		v := time.Duration(r.ExpFloat64() * 1e6)
		all = append(all, v)
		d.add(v)
	}
	slices.Sort(all)
	for _, q := range []float64{0, 0.01, 0.5, 0.9, 0.99, 1} {
		want := all[max(0, int(q*float64(len(all)))-1)]
		if got := d.Quantile(q); got < want || float64(got) > float64(want)*1.126+1 {
			t.Errorf("quantile %v: %v, want %v", q, got, want)
		}
	}
	last, n := time.Duration(-1), 0
	d.Bins(func(from, to time.Duration, count int) {
		if from < last || to <= from || count == 0 {
			t.Errorf("bin %v to %v of %d after %v", from, to, count, last)
		}
		last, n = to, n+count
	})
	if n != d.Count || d.Most != all[len(all)-1] {
		t.Errorf("%d in bins, %+v", n, d.Most)
	}
	for ns := range uint64(100_000) {
		b := binOf(ns * 37)
		if from, to := binBegin(b), binBegin(b+1); uint64(from) > ns*37 || uint64(to) <= ns*37 {
			t.Fatalf("%d lies not in bin %v to %v", ns*37, from, to)
		}
	}
	if (Distribution{}).Quantile(0.5) != 0 {
		t.Error("the median of nothing")
	}
}

func TestWriteChrome(t *testing.T) {
	var out bytes.Buffer
	if err := WriteChrome(context.Background(), bytes.NewReader(recorded()), &out); err != nil {
		t.Fatal(err)
	}
	var file struct {
		TraceEvents []struct {
			Ph, Name string
			Pid, Tid int64
			Ts, Dur  float64
			Args     map[string]string
		}
	}
	if err := json.Unmarshal(out.Bytes(), &file); err != nil {
		t.Fatal(err)
	}
	type thread struct{ pid, tid int64 }
	until, names, seen := map[thread]float64{}, map[thread]string{}, map[string]bool{}
	for _, e := range file.TraceEvents {
		at := thread{e.Pid, e.Tid}
		seen[e.Name] = true
		switch {
		case e.Ph == "M":
			names[at] = e.Args["name"]
		case e.Pid == chromeProcessors || e.Pid == chromeGoroutines:
			if e.Ts < until[at]-0.001 || e.Dur < 0 {
				t.Fatalf("%+v begins before %v", e, until[at])
			}
			until[at] = e.Ts + e.Dur
		}
	}
	for _, name := range []string{"running", "sleep", "outer", "inner", "request", "recording.worker", rangeMark} {
		if !seen[name] {
			t.Errorf("no event %q", name)
		}
	}
	for at := range until {
		if names[at] == "" {
			t.Errorf("no name of %+v", at)
		}
	}
	if err := WriteChrome(context.Background(), strings.NewReader("no trace at all"), &out); err == nil {
		t.Error("no error for what is no trace")
	}
}
