package tracing

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"hpgo/magics/result"
)

func TestReadCores(t *testing.T) {
	text := "cpu  10 0 10 80 0 0 0 0 0 0\ncpu0 1 2 3 40 5 6 7 8 9 10\ncpu1 1 1 1 1 1 1 1 1\ncpu2 1 2\nintr 1 2 3\n"
	if got := fmt.Sprint(readCores(text)); got != "[{72 45 8} {8 2 1}]" {
		t.Errorf("%s", got)
	}
	if got := readCores("cpu0 1 x 3 4 5 6 7 8\n"); got != nil {
		t.Errorf("%v", got)
	}
}

// TestCPUPlot: readings every 20 ms of one core that is busy half of the time with the
// process, and another that others use all the time.
func TestCPUPlot(t *testing.T) {
	var seen []cpuReading
	begin := time.Now()
	for i := range 51 {
		n := int64(i)
		seen = append(seen, cpuReading{at: begin.Add(time.Duration(i) * 20 * time.Millisecond), process: time.Duration(i) * 10 * time.Millisecond,
			cores: []coreTicks{{all: 2 * n, idle: n}, {all: 2 * n}}})
	}
	r := cpuPlotOf(seen)
	if r.Seconds != 1 || r.Cores != 2 || r.Used() != 0.5 || math.Abs(r.Others-1) > 1e-9 || len(r.Samples) < 10 || len(r.Samples) > 20 {
		t.Fatalf("%+v", r)
	}
	before := 0.0
	for _, s := range r.Samples {
		if math.Abs(s.Process-0.5) > 1e-9 || s.Busy[0] != 0.5 || s.Busy[1] != 1 || s.To-before < 0.04 {
			t.Errorf("%+v after %v", s, before)
		}
		before = s.To
	}
	if before != 1 {
		t.Errorf("ends at %v", before)
	}
	if r := cpuPlotOf(seen[:2]); len(r.Samples) != 0 || r.CPU != 0.01 {
		t.Errorf("a short one: %+v", r)
	}
	if r := cpuPlotOf(nil); r.Used() != 0 {
		t.Errorf("nothing: %+v", r)
	}
}

// TestCoresOfThreads: what a thread has run since counts for the core on which it is.
func TestCoresOfThreads(t *testing.T) {
	w := &cpuWatch{}
	cores := make([]coreTicks, 2)
	for _, threads := range []map[int]threadTime{
		{1: {core: 0, ran: time.Hour}},
		{1: {core: 1, ran: time.Hour + time.Second}, 2: {core: 0, ran: time.Minute}},
		nil, // not read
		{1: {core: 9, ran: time.Hour}, 2: {core: 0, ran: 2 * time.Minute}},
	} {
		r := cpuReading{cores: cores, threads: threads}
		w.share(&r)
		w.seen = append(w.seen, r)
	}
	if got := fmt.Sprint(w.seen[0].own, w.seen[1].own, w.seen[3].own); got != "[0s 0s] [1m0s 1s] [2m0s 1s]" {
		t.Error(got)
	}
	if got := coresRanOn(result.CPUPlot{Own: []float64{0.1, 0, 0.5}}); got != " · ran on cpu2 50 %, cpu0 10 %" {
		t.Error(got)
	}
}

func TestReadThread(t *testing.T) {
	stat := "12 (a) name) S" + strings.Repeat(" 7", 35) + " 3 0"
	if got, ok := readThread("123 4 5\n", stat); !ok || got != (threadTime{3, 123}) {
		t.Errorf("%+v, %t", got, ok)
	}
	for _, bad := range [][2]string{{"", stat}, {"1 2 3", "12 (a) S 7"}, {"1 2 3", ""}} {
		if got, ok := readThread(bad[0], bad[1]); ok {
			t.Errorf("%q: %+v", bad, got)
		}
	}
}

func TestWatchThins(t *testing.T) {
	w := &cpuWatch{pid: -1}
	for range 3 {
		w.seen = append(w.seen, cpuReading{})
	}
	if w.look(1); len(w.seen) != 3 || w.fail != nil {
		t.Errorf("of a process that isn't there: %d, %v", len(w.seen), w.fail)
	}
}
