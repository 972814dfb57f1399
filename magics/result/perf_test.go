package result

import "testing"

func TestPerf(t *testing.T) {
	x := func(v float64) *float64 { return &v }
	p := Perf{Variants: []PerfVariant{{Name: "f()", Elapsed: 0.002, Events: []PerfEvent{{Event: "cycles", Source: PerfHardware, Missing: "<not supported>"},
		{Event: "task-clock", Source: PerfSoftware, Clock: true, Value: x(0.0015)}, {Event: "instructions:u", Source: PerfHardware, Value: x(1234567)}},
		Simulated: &PerfSimulated{Events: []PerfEvent{{Event: "instructions", Source: PerfModel, Value: x(5)}, {Event: "branches", Source: PerfModel, Value: x(7)}}}}}}
	if got, want := p.String(), "f(): 2 ms elapsed, 1.5 ms task-clock, 1,234,567 instructions:u, 5 instructions (simulated), 7 branches (simulated)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for event, want := range map[string]struct {
		value  float64
		source string
		ok     bool
	}{"instructions": {1234567, PerfHardware, true}, "branches": {7, PerfModel, true}, "cycles": {}, "faults": {}} {
		if v, source, ok := p.Count(event); v != want.value || source != want.source || ok != want.ok {
			t.Errorf("%s: %g %s %v", event, v, source, ok)
		}
	}
	if _, _, ok := (Perf{}).Count("cycles"); ok {
		t.Error("nothing has a count")
	}
}
