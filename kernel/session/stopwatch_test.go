package session

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// The clock of a process goes on while it works and agrees with its wall time.
func TestReadCPU(t *testing.T) {
	if runtime.GOOS != "linux" {
		if _, ok := readCPU(os.Getpid()); ok {
			t.Error("a clock that nobody reads")
		}
		return
	}
	before, ok := readCPU(os.Getpid())
	if !ok || before.total <= 0 {
		t.Fatalf("no clock: %+v", before)
	}
	for start := time.Now(); time.Since(start) < 20*time.Millisecond; {
	}
	after, _ := readCPU(os.Getpid())
	if after.total <= before.total || after.user+after.sys < before.user+before.sys {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if _, ok := readCPU(1<<22 + 1); ok {
		t.Error("a process that can't exist has a clock")
	}
}
