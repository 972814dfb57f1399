package tracing

import (
	"strings"
	"testing"

	"hpgo/magics/result"
)

func TestVerdict(t *testing.T) {
	place := func(f, w string) result.TracePlace { return result.TracePlace{Function: f, Where: w} }
	busy := func(of ...float64) (p []result.TraceProcessor) {
		for _, b := range of {
			p = append(p, result.TraceProcessor{Busy: b})
		}
		return p
	}
	for name, tt := range map[string]struct {
		r    result.Trace
		want string
	}{
		"locks": {result.Trace{Seconds: 1, GOMAXPROCS: 2, Processors: busy(0.6, 0.2), Parallel: []float64{0.3, 0.6, 0.1},
			Functions: []result.TraceFunction{{Name: "f", Goroutines: 4, Times: result.TraceTimes{Running: 0.8, Mutex: 3, Sync: 0.2}}},
			Waits: []result.TraceWait{{State: "sync", Call: "sync.(*WaitGroup).Wait", Seconds: 4}, {State: "mutex", TracePlace: place("f", "cell 3:12"), Call: "sync.(*Mutex).Lock", Count: 4, Seconds: 3, By: place("cell 3", "cell 3:20")},
				{State: "sync", Seconds: 0.2}}},
			"2 Ps were busy 40 % of the time, all at once 10 %.|75 % of goroutine time waits for a mutex at f (cell 3:12), mostly until cell 3:20 unlocks it."},
		"one after the other": {result.Trace{Seconds: 1, GOMAXPROCS: 2, Processors: busy(0.9, 0.1), Parallel: []float64{0, 1},
			Functions: []result.TraceFunction{{Name: "cell 1", Goroutines: 1, Times: result.TraceTimes{Running: 0.99, Syscall: 0.01}}}},
			"2 Ps were busy 50 % of the time: one goroutine, cell 1, did 100 % of the running, and more processors wouldn't help."},
		"unevenly": {result.Trace{Seconds: 1, GOMAXPROCS: 2, Processors: busy(0.97, 0.05), Parallel: []float64{0, 0.9, 0.1},
			Functions:  []result.TraceFunction{{Name: "part", Goroutines: 2, Times: result.TraceTimes{Running: 1}}, {Name: "cell 1", Goroutines: 1, Times: result.TraceTimes{Running: 0.02}}},
			Goroutines: []result.TraceGoroutine{{Name: "part", Times: result.TraceTimes{Running: 0.04}}, {Name: "part", Times: result.TraceTimes{Running: 0.96}}}},
			"2 Ps were busy 51 % of the time, all at once 10 %: one of 2 goroutines of part did 94.1 % of the running, so the work is divided unevenly."},
		"full": {result.Trace{Seconds: 1, GOMAXPROCS: 1, Processors: busy(0.95), Latency: result.TraceLatency{Count: 9, P50: 0.001, P99: 0.01}, GC: result.TraceGC{Cycles: 3, Workers: 0.3, Assist: 0.1},
			Functions: []result.TraceFunction{{Name: "f", Goroutines: 8, Times: result.TraceTimes{Running: 0.6, Runnable: 5}}, {Name: "runtime", System: true, Times: result.TraceTimes{Blocked: 99}}}},
			"1 P was busy 95 % of the time: it is the limit.|The garbage collector took 42.1 % of the processors' busy time in 3 cycles, 25 % of it by goroutines that had to help before they could allocate.|" +
				"89.3 % of goroutine time waits for a processor: median 1 ms, 99 % within 10 ms."},
		"idle": {result.Trace{Seconds: 1, GOMAXPROCS: 2, Processors: busy(0, 0.01), Functions: []result.TraceFunction{{Name: "f", Goroutines: 1, Times: result.TraceTimes{Running: 0.01, Sleep: 0.99}}},
			Waits: []result.TraceWait{{State: "sleep", TracePlace: place("cell 2", "cell 2:1"), Count: 1, Open: 1, Seconds: 0.99}}},
			"2 Ps were busy 0.5 % of the time: the program mostly waited.|99 % of goroutine time is spent asleep at cell 2:1, and had not ended with the trace."},
		"a read that waits": {result.Trace{Seconds: 1, GOMAXPROCS: 2, Processors: []result.TraceProcessor{{Busy: 0.01, Syscall: 0.98}, {}}, Functions: []result.TraceFunction{{Name: "cell 2", Goroutines: 1, Times: result.TraceTimes{Running: 0.01, Syscall: 0.99}}},
			Waits: []result.TraceWait{{State: "syscall", TracePlace: place("cell 2", "cell 2:1"), Count: 1, Seconds: 0.98}}},
			"2 Ps were busy 0.5 % of the time and left with system calls 49 %.|98 % of goroutine time is spent in system calls at cell 2:1."},
		"nothing": {result.Trace{}, "0 Ps were busy 0 % of the time."},
	} {
		if got := strings.Join(verdict(tt.r), "|"); got != tt.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, tt.want)
		}
	}
}

func TestLatencyBins(t *testing.T) {
	for ns, want := range map[float64]int{0: 0, 255: 0, 256: 1, 1023: 1, 1024: 2, 4095: 2, 1e6: 6} {
		if got := latencyBin(ns * 1e-9); got != want || ns*1e-9 >= latencyEnd(got) {
			t.Errorf("%v ns in bin %d up to %v", ns, got, latencyEnd(got))
		}
	}
}
