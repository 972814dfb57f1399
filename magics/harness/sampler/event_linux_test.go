package sampler

import (
	"testing"

	"hpgo/magics/harness/perfevent"
)

// A clock has a period in ns, cycles have a rate; the numbers are those of
// linux/perf_event.h.
func TestAttr(t *testing.T) {
	p := newPerf(4000, 1, leafCallers{})
	clock := p.attr()
	p.cycles = true
	cycles := p.attr()
	const common = perfevent.Disabled | perfevent.Inherit | perfevent.InheritByThread | perfevent.ExcludeHV | perfevent.NoKernelChain
	if clock.Kind != perfevent.Software || clock.Config != perfevent.CPUClock || clock.SamplePeriod != 250_000 || clock.Flags != common {
		t.Errorf("clock: %+v", clock)
	}
	if cycles.Kind != perfevent.Hardware || cycles.Config != perfevent.Cycles || cycles.SamplePeriod != 4000 || cycles.Flags != common|perfevent.Frequency {
		t.Errorf("cycles: %+v", cycles)
	}
	if sampleIdentifier|sampleTID|sampleCallchain|sampleStackUser != 0x12022 || recordLost != 2 || recordThrottle != 5 || recordSample != 9 {
		t.Error("numbers of samples and records")
	}
}
