package child

import (
	"runtime"
	"testing"
	"time"
)

// What is spent between two readings is counted, and nothing else.
func TestCost(t *testing.T) {
	c := startCost()
	for began := time.Now(); time.Since(began) < 30*time.Millisecond; {
	}
	list := make([][]byte, 100)
	for i := range list {
		list[i] = make([]byte, 100_000)
	}
	for _, b := range list {
		for i := 0; i < len(b); i += 1024 {
			b[i] = 1
		}
	}
	runtime.GC()
	got := c.cost()
	if got.User+got.Sys <= 0 || got.Allocs < 100 || got.Allocs > 1000 || got.Bytes < 10_000_000 || got.Bytes > 12_000_000 || got.GCs < 1 || got.Pause <= 0 || got.Collector <= 0 {
		t.Errorf("%+v", got)
	}
	if runtime.GOOS == "linux" && (got.Peak < 10_000_000 || got.MinorFaults < 100) {
		t.Errorf("%+v", got)
	}
	runtime.KeepAlive(list)
}
