package harness

import (
	"math"
	"testing"
)

func TestStatm(t *testing.T) {
	p, err := openProcessMemory()
	if err != nil {
		t.Skip(err)
	}
	defer p.close()
	rss := p.rss()
	status, err := statusBytes("/proc/self/status", "VmRSS:")
	if err != nil || math.Abs(float64(rss-status)) > 4*mib {
		t.Errorf("statm %d, status %d, %v", rss, status, err)
	}
	if n := testing.AllocsPerRun(10, func() { p.rss() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if _, err := statusBytes("/proc/self/status", "VmNone:"); err == nil {
		t.Error("a field that isn't there was read")
	}
	if _, err := statusBytes("/proc/self/status", "Name:"); err == nil {
		t.Error("a name was read as a number")
	}
}
