package harness

import (
	"math"
	"runtime"
	"testing"

	"hpgo/magics/result"
)

const mib = 1 << 20

// touch holds a buffer of 47.7 MiB for a moment.
//
//go:noinline
func touch() {
	b := make([]byte, 50_000_000)
	for i := range b {
		b[i] = 1
	}
}

// held stands for a session's live variables.
var held [][]byte

// needMarks skips where the high-water mark can't be set back.
func needMarks(t *testing.T) {
	if err := resetPeak(); err != nil {
		t.Skipf("the high-water mark can't be set back: %v", err)
	}
}

// measure runs f as Next does, without reports.
func measure(t *testing.T, m *Memory, f func()) MemitRecord {
	t.Helper()
	if !m.prepare() {
		t.Fatal("refused")
	}
	m.start()
	f()
	return m.finish()
}

func TestMemoryOfABufferThatIsDropped(t *testing.T) {
	needMarks(t)
	// Free spans of all sizes between live ones, as an old session has them.
	for range 150 {
		b := make([]byte, mib)
		for i := 0; i < len(b); i += 4096 {
			b[i] = 1
		}
		held = append(held, b)
	}
	for i := 0; i < len(held); i += 2 {
		held[i] = nil
	}
	defer func() { held = nil }()
	touch()
	m := NewMemory(`{"repeat":25,"interval":0.001}`)
	defer m.End()
	for i := range 25 {
		rec := measure(t, m, touch)
		increment := float64(rec.Run.Peak-rec.Run.Baseline) / mib
		if math.Abs(increment-50e6/mib) > 1 || rec.Method != "VmHWM" {
			t.Errorf("run %d: increment %.2f MiB by %s", i, increment, rec.Method)
		}
		if rec.Run.Bytes != 50_003_968 || rec.Run.Objects != 1 || rec.Run.GCs != 0 || !rec.Run.HeapExact {
			t.Errorf("run %d: %+v", i, rec.Run)
		}
		if rec.Run.Live < -64<<10 || rec.Run.Live > 64<<10 || rec.Run.Heap < 50_003_968 {
			t.Errorf("run %d: live %d, heap %d", i, rec.Run.Live, rec.Run.Heap)
		}
		if n := len(rec.Timeline.Samples); n < 2 || rec.Timeline.Samples[0].Time > 0.1 || rec.Timeline.Samples[n-1].Heap < 50_003_968 {
			t.Errorf("run %d: timeline %+v", i, rec.Timeline)
		}
	}
}

func TestMemoryOfNothing(t *testing.T) {
	needMarks(t)
	m := NewMemory(`{"repeat":1,"interval":0.001,"sizes":true}`)
	defer m.End()
	for range 5 {
		rec := measure(t, m, func() {})
		if rec.Run.Bytes != 0 || rec.Run.Objects != 0 || len(rec.Sizes) != 0 || rec.GOGC == 0 {
			t.Errorf("%+v %v", rec.Run, rec.Sizes)
		}
	}
}

func TestMemoryCountsSizes(t *testing.T) {
	needMarks(t)
	m := NewMemory(`{"repeat":1,"interval":0.001,"sizes":true}`)
	defer m.End()
	kept := make([]*[48]byte, 0, 100)
	rec := measure(t, m, func() {
		for range 100 {
			kept = append(kept, new([48]byte))
		}
	})
	if len(rec.Sizes) != 1 || rec.Sizes[0].Objects != 100 || rec.Sizes[0].Over >= 48 || rec.Sizes[0].UpTo < 48 || rec.Run.Live < 4800 || rec.Run.Live > 6000 {
		t.Errorf("%v, live %d", rec.Sizes, rec.Run.Live)
	}
	runtime.KeepAlive(kept)
}

func TestMemoryOfCollections(t *testing.T) {
	needMarks(t)
	m := NewMemory(`{"repeat":1,"interval":0.001}`)
	defer m.End()
	rec := measure(t, m, func() {
		for range 20 {
			touch()
		}
	})
	if rec.Run.GCs == 0 || rec.Run.HeapExact || rec.Run.Bytes < 20*50e6 || rec.Run.Heap < 50e6 {
		t.Errorf("%+v", rec.Run)
	}
}

func TestThinningKeepsPeaks(t *testing.T) {
	s := newMemorySampler(1e6)
	defer s.close()
	const n = 5*keptSamples + 17
	peaks := map[int64]bool{}
	for i := range int64(n) {
		now := result.MemorySample{Time: float64(i), RSS: 10, Heap: 5}
		if i%1500 == 77 {
			now.RSS, now.Heap = 1000+i, 900+i
			peaks[now.RSS] = true
		}
		s.line.Readings++
		s.keep(now)
	}
	last := -1.0
	for _, kept := range s.line.Samples {
		if kept.Time <= last {
			t.Fatalf("time goes back at %v", kept.Time)
		}
		last = kept.Time
		delete(peaks, kept.RSS)
	}
	if len(peaks) != 0 || s.line.Stretch != 8 || len(s.line.Samples) > keptSamples || len(s.line.Samples) < keptSamples/2 {
		t.Errorf("lost %v; stretch %d, %d samples", peaks, s.line.Stretch, len(s.line.Samples))
	}
}

func TestSamplerAllocatesNothing(t *testing.T) {
	s := newMemorySampler(1e6)
	defer s.close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 3 * keptSamples {
		s.read()
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > 2 {
		t.Errorf("%d allocations", n)
	}
}
