package counters

import (
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"hpgo/magics/harness/perfevent"
)

// Threads that start while the code runs are counted, and one that ends before is no
// error.
func TestNewThreads(t *testing.T) {
	f := newFake()
	f.gone = 3
	l, h := loopOn(f, Options{Events: []string{"cycles", "task-clock", "faults"}, Runs: 1})
	for l.Next() {
		f.start(2, 7)
		f.start(7, 8)
		f.work(2, 0, time.Second)
		f.work(7, 0, time.Second)
		f.work(8, 0, time.Second)
		f.work(9, 0, time.Hour) // of another process
	}
	l.End()
	for i, want := range []float64{3000, 3e9, 3000} {
		if e := h.events.Events[i]; e.Refused != "" || h.runs[0].Values[i].Count != want {
			t.Errorf("%+v: %+v, want %g", e, h.runs[0].Values[i], want)
		}
	}
}

// The calling thread begins to count last and stops first, so that it doesn't count
// the others' beginning.
func TestOrder(t *testing.T) {
	f := newFake()
	s, err := openSet(f, []string{"cycles", "task-clock", "faults"})
	if err != nil {
		t.Fatal(err)
	}
	s.enable(true)
	s.enable(false)
	want := []string{"3 true", "2 true", "3 true", "2 true", "1 true", "1 true", "1 false", "1 false", "2 false", "3 false", "2 false", "3 false"}
	if !slices.Equal(f.enables, want) {
		t.Errorf("%q", f.enables)
	}
}

// The CPU's own events of a kind of core go to its counters by their number.
func TestRawOnHybrid(t *testing.T) {
	f := newFake()
	f.cores = []coreType{{"cpu_core", 4}, {"cpu_atom", 10}}
	if _, err := openSet(f, []string{"r1c2"}); err != nil {
		t.Fatal(err)
	}
	kinds := map[uint32]int{}
	for _, e := range f.events {
		kinds[e.attr.Kind]++
		if e.attr.Config != 0x1c2 {
			t.Errorf("%+v", e.attr)
		}
	}
	if kinds[4] != 3 || kinds[10] != 3 || len(kinds) != 2 {
		t.Errorf("events by their kind: %v", kinds)
	}
}

// Numbers of linux/perf_event.h, by perf's names.
func TestNumbers(t *testing.T) {
	for kind, configs := range map[uint32]map[uint64]string{
		0: {0: "cycles", 1: "instructions", 2: "cache-references", 3: "cache-misses", 4: "branches", 5: "branch-misses", 6: "bus-cycles", 7: "stalled-cycles-frontend", 8: "stalled-cycles-backend", 9: "ref-cycles"},
		1: {0: "cpu-clock", 1: "task-clock", 2: "page-faults", 3: "context-switches", 4: "cpu-migrations", 5: "minor-faults", 6: "major-faults", 7: "alignment-faults", 8: "emulation-faults", 11: "cgroup-switches"},
		3: {0x1: "L1-icache-loads", 0x10001: "L1-icache-load-misses", 0x100: "L1-dcache-stores", 0x10200: "L1-dcache-prefetch-misses", 0x10002: "LLC-load-misses", 0x10103: "dTLB-store-misses", 0x4: "iTLB-loads", 0x10005: "branch-load-misses", 0x6: "node-loads"},
	} {
		for config, name := range configs {
			if a, err := parse(name); err != nil || a.listed.kind != kind || a.listed.config != config {
				t.Errorf("%s: kind %d, config %#x, %v", name, a.listed.kind, a.listed.config, err)
			}
		}
	}
}

// A counter reads as its value, then the time for which it was enabled, then that for
// which it ran.
func TestReadCounter(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	fd := int(r.Fd()) // blocking
	if _, err := w.Write([]byte{7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1}); err != nil {
		t.Fatal(err)
	}
	if got, err := (linux{}).read(fd); err != nil || got != (reading{7, 256, 9}) {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := (linux{}).read(fd); err == nil {
		t.Errorf("of one byte: %+v", got)
	}
}

// What an error of the system means depends on what was asked for.
func TestRefusals(t *testing.T) {
	for _, tt := range []struct {
		err    error
		source string
		want   string
	}{
		{syscall.ENOENT, HW, noPMU}, {syscall.EOPNOTSUPP, HW, noPMU}, {syscall.ENODEV, HW, noPMU}, {syscall.EINVAL, HW, noPMU},
		{syscall.ENOENT, SW, "this kernel doesn't count it"}, {syscall.EINVAL, SW, "this kernel doesn't know what is asked for"},
		{syscall.EACCES, HW, "the system forbids it: perf_event_paranoid is " + perfevent.Paranoid()}, {syscall.EBUSY, HW, "perf_event_open: device or resource busy"},
	} {
		if got := refusal(tt.err, tt.source); got != tt.want {
			t.Errorf("%v of %s: %q, want %q", tt.err, tt.source, got, tt.want)
		}
	}
}
