package counters

import (
	"math"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/magics/harness/perfevent"
)

// Every thread's work is counted, in the runs and not between them.
func TestLoop(t *testing.T) {
	f := newFake()
	l, h := loopOn(f, Options{Events: []string{"cycles", "task-clock"}, Runs: 3})
	for l.Next() {
		f.work(1, 0, 2*time.Second)
		f.work(3, 0, time.Second)
	}
	f.work(1, 0, time.Hour)
	l.End()
	if len(h.runs) != 3 || h.end == nil || !h.end.Finished || h.end.Late {
		t.Fatalf("%d runs, end %+v", len(h.runs), h.end)
	}
	for i, r := range h.runs {
		if got := r.Values; got[0].Count != 3000 || got[1].Count != 3e9 || got[0].Share() != 1 || r.User != 3 || r.Broken {
			t.Errorf("run %d: %+v", i, r)
		}
	}
	if e := h.events.Events; e[0].Source != HW || e[0].From != perfEventOpen || e[1].Unit != "ns" {
		t.Errorf("events: %+v", e)
	}
	if h.events.Empty.Values[0].Count != 0 {
		t.Errorf("an empty run counts %v", h.events.Empty.Values[0])
	}
	if len(f.events) != 0 {
		t.Errorf("%d events stay open", len(f.events))
	}
}

// Counters that take turns are scaled, and the share is said.
func TestMultiplexing(t *testing.T) {
	f := newFake()
	f.running = 25
	l, h := loopOn(f, Options{Events: []string{"cycles", "minor-faults"}, Runs: 1})
	for l.Next() {
		f.work(1, 0, 4*time.Second)
		f.work(2, 0, 4*time.Second)
	}
	l.End()
	v := h.runs[0].Values
	if v[0].Count != 8000 || v[0].Share() != 0.25 {
		t.Errorf("cycles: %+v, share %g", v[0], v[0].Share())
	}
	if v[1].Count != 8000 || v[1].Share() != 1 {
		t.Errorf("faults: %+v", v[1])
	}
	for name, parts := range map[string][]reading{
		"never ran": {{0, 5e9, 0}}, "not enabled": {{}},
	} {
		if v := value(parts); !v.None || v.Count != 0 {
			t.Errorf("%s: %+v", name, v)
		}
	}
}

func TestRefused(t *testing.T) {
	forbidden := func(err error, kernelOnly bool) func(*perfevent.Attr) error {
		return func(attr *perfevent.Attr) error {
			if kernelOnly && attr.Flags&perfevent.ExcludeKernel != 0 {
				return nil
			}
			return err
		}
	}
	for _, tt := range []struct {
		name    string
		refuse  func(*perfevent.Attr) error
		files   int
		moves   int64
		names   []string // of cycles, faults, cs, migrations and task-clock as they are counted
		from    []string
		because string // of cycles
	}{
		{name: "no counters", refuse: onlySoftware, moves: -1, from: []string{"", "p", "p", "p", "p"}, because: "no such counter"},
		{name: "not the kernel", refuse: forbidden(syscall.EACCES, true), moves: 1, names: []string{"cycles:u"}, from: []string{"p", "getrusage", "getrusage", "/proc", "clock_gettime"}},
		{name: "paranoid", refuse: forbidden(syscall.EACCES, false), moves: -1, from: []string{"", "getrusage", "getrusage", "", "clock_gettime"}, because: "the system forbids it: perf_event_paranoid"},
		{name: "seccomp", refuse: forbidden(syscall.EPERM, false), moves: 1, from: []string{"", "getrusage", "getrusage", "/proc", "clock_gettime"}, because: "seccomp"},
		{name: "no system call", refuse: forbidden(syscall.ENOSYS, false), moves: 1, from: []string{"", "getrusage"}, because: "sandbox"},
		{name: "few files", files: 7, moves: 1, from: []string{"", "getrusage"}, because: "no file descriptors are left: counting takes one for each event and thread, 15"},
	} {
		f := newFake()
		f.refuse, f.files, f.moves = tt.refuse, tt.files, tt.moves
		l, h := loopOn(f, Options{Events: []string{"cycles", "faults", "cs", "migrations", "task-clock"}, Runs: 1})
		for l.Next() {
			f.work(1, 0, time.Second)
			f.now.minorFaults += 3
			f.now.majorFaults++
			f.now.switches += 5
			f.moves++
		}
		l.End()
		events, values := h.events.Events, h.runs[0].Values
		for i, name := range tt.names {
			if events[i].Name != name {
				t.Errorf("%s: %q, want %q", tt.name, events[i].Name, name)
			}
		}
		for i, from := range tt.from {
			if !strings.HasPrefix(events[i].From, from) || (from == "") != (events[i].From == "") || (from == "") != (events[i].Refused != "") {
				t.Errorf("%s: %+v, want it from %q", tt.name, events[i], from)
			}
			if from == "" && !values[i].None {
				t.Errorf("%s: %s has the count %+v", tt.name, events[i].Name, values[i])
			}
		}
		if !strings.Contains(events[0].Refused, tt.because) {
			t.Errorf("%s: refused for %q, want %q", tt.name, events[0].Refused, tt.because)
		}
		if strings.HasPrefix(events[1].From, "getrusage") && (values[1].Count != 4 || values[2].Count != 5 || values[4].Count != 1e9) {
			t.Errorf("%s: %+v", tt.name, values)
		}
		if strings.HasPrefix(events[3].From, "/proc") && values[3].Count != 1 {
			t.Errorf("%s: %+v migrations", tt.name, values[3])
		}
	}
}

// A thread runs on one kind of cores at a time: their counters together are the count.
func TestHybrid(t *testing.T) {
	f := newFake()
	f.cores = []coreType{{"cpu_core", 4}, {"cpu_atom", 10}}
	l, h := loopOn(f, Options{Events: []string{"instructions", "task-clock"}, Runs: 1})
	for l.Next() {
		f.work(1, 4, 3*time.Second)
		f.work(1, 10, time.Second)
	}
	l.End()
	if v := h.runs[0].Values[0]; v.Count != 4000 || v.Share() != 1 {
		t.Errorf("%+v, share %g", v, v.Share())
	}
	if e := h.events.Events; !slices.Equal(e[0].Parts, []string{"cpu_core", "cpu_atom"}) || e[1].Parts != nil {
		t.Errorf("events: %+v", e)
	}
}

// A thread that starts while events are opened makes it begin anew; if that never
// ends, nothing is counted rather than something twice.
func TestThreadsStart(t *testing.T) {
	f := newFake()
	f.starts = 5
	s, err := openSet(f, []string{"cycles"})
	if err != nil || len(s.events[0].fds) != 8 || len(f.events) != 8 {
		t.Errorf("%d events for %d threads, %v", len(f.events), len(f.tids), err)
	}
	f = newFake()
	f.starts = 1000
	if s, err = openSet(f, []string{"cycles"}); err != nil || !strings.Contains(s.events[0].Refused, "threads were starting") || len(f.events) != 0 {
		t.Errorf("%+v, %v; %d open", s.events[0].Event, err, len(f.events))
	}
}

// What was counted before a panic is reported, as a broken run.
func TestBroken(t *testing.T) {
	f := newFake()
	l, h := loopOn(f, Options{Events: []string{"task-clock"}, Runs: 5})
	for l.Next() {
		f.work(1, 0, time.Second)
		if l.made == 1 {
			l.finish(false)
			if l.Next() {
				t.Error("a run begins after the cell's end")
			}
			break
		}
	}
	l.End()
	if len(h.runs) != 2 || h.runs[0].Broken || !h.runs[1].Broken || h.runs[1].Values[0].Count != 1e9 || h.end == nil || h.end.Finished {
		t.Errorf("runs %+v, end %+v", h.runs, h.end)
	}
}

// A run that takes long is reported in between, and counts on.
func TestLongRun(t *testing.T) {
	f := newFake()
	l, h := loopOn(f, Options{Events: []string{"task-clock"}, Runs: 1})
	l.first = time.Millisecond
	for l.Next() {
		l.mu.Lock() // the fake is not for several goroutines
		f.work(1, 0, time.Second)
		l.mu.Unlock()
		for reported := 0; reported < 2; time.Sleep(time.Millisecond) {
			l.mu.Lock()
			reported = len(h.runs)
			l.mu.Unlock()
		}
		l.mu.Lock()
		f.work(1, 0, time.Second)
		l.mu.Unlock()
	}
	l.End()
	last := len(h.runs) - 1
	for i, r := range h.runs {
		want := 1e9
		if i == last || r.Values[0].Count > 1e9 {
			want = 2e9
		}
		if r.Number != 1 || r.Broken != (i < last) || r.Values[0].Count != want {
			t.Errorf("report %d: %+v", i, r)
		}
	}
}

func TestBudget(t *testing.T) {
	l, h := loopOn(newFake(), Options{Events: []string{"task-clock"}, Runs: 50, Budget: 1e-9})
	for l.Next() {
	}
	l.End()
	if len(h.runs) != 1 || !h.end.Finished || !h.end.Late {
		t.Errorf("%d runs, end %+v", len(h.runs), h.end)
	}
}

// On this machine, whatever it refuses, the software events have true values.
func TestMachine(t *testing.T) {
	var h heard
	l := &Loop{sys: linux{}, report: h.report, o: Options{Events: append(Default(), "cpu-clock"), Runs: 2}}
	const pages = 2000
	var memory []byte
	for l.Next() {
		var err error
		if memory, err = syscall.Mmap(-1, 0, pages*4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE); err != nil {
			t.Fatal(err)
		}
		syscall.Madvise(memory, syscall.MADV_NOHUGEPAGE)
		for i := 0; i < len(memory); i += 4096 {
			memory[i] = 1
		}
		for range 20 {
			time.Sleep(time.Millisecond)
		}
		done := make(chan float64)
		go func() {
			x := 1.0
			for range 5_000_000 {
				x = math.Sqrt(x + 1)
			}
			done <- x
		}()
		<-done
	}
	l.End()
	at := map[string]int{}
	for i, e := range h.events.Events {
		at[e.Name] = i
		if e.Source == SW && e.Refused != "" && e.Name != "migrations" {
			t.Errorf("%s is refused: %s", e.Name, e.Refused)
		}
	}
	for _, r := range h.runs {
		if n := r.Values[at["faults"]].Count; n < pages || n > 3*pages {
			t.Errorf("%g page faults", n)
		}
		if n := r.Values[at["cs"]].Count; n < 20 {
			t.Errorf("%g context switches", n)
		}
		clock := r.Values[at["task-clock"]].Count / 1e9
		if cpu := r.User + r.Sys; clock < 0.5*cpu || clock > 2*cpu+0.05 {
			t.Errorf("task-clock %g s, CPU time %g s", clock, cpu)
		}
	}
	syscall.Munmap(memory)
}
