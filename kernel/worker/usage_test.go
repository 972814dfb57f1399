package worker

import (
	"math"
	"testing"
)

// TestTune: what is asked of a worker's runtime is in force at once and told by
// Usage, also what it is where nobody asks.
func TestTune(t *testing.T) {
	w := start(t, Options{MemoryLimit: 1 << 30})
	pace := func() Pace {
		t.Helper()
		u, err := w.Usage(t.Context())
		if err != nil || u.Pace == nil {
			t.Fatalf("usage: %+v, %v", u, err)
		}
		return *u.Pace
	}
	before := pace()
	usual := int64(1<<30) / 10 * 9
	if before.Percent != 100 || before.Limit != usual || before.UsualLimit != usual || before.Procs < 1 || before.UsualProcs != before.Procs {
		t.Errorf("at the start: %+v", before)
	}
	number := func(n int) *int { return &n }
	bytes := func(n int64) *int64 { return &n }
	for _, c := range []struct {
		tune Tune
		want Pace
	}{
		{Tune{Percent: number(50), Procs: number(1)}, Pace{Percent: 50, Limit: usual, Procs: 1}},
		{Tune{Percent: number(-1), Limit: bytes(200 << 20)}, Pace{Percent: -1, Limit: 200 << 20, Procs: 1}},
		{Tune{Limit: bytes(math.MaxInt64)}, Pace{Percent: -1, Limit: math.MaxInt64, Procs: 1}},
		{Tune{Percent: number(100), Limit: bytes(0), Procs: number(0)}, before},
	} {
		if !w.Tune(c.tune) {
			t.Fatal("the worker is gone")
		}
		c.want.UsualLimit, c.want.UsualProcs = usual, before.UsualProcs
		if got := pace(); got != c.want {
			t.Errorf("%+v gives %+v", c.tune, got)
		}
	}
	w.Kill()
	<-w.Dead()
	if w.Tune(Tune{}) {
		t.Error("a dead worker is tuned")
	}
}
