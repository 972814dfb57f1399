package harness

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"

	"hpgo/magics/prof"
)

// appended is the book's list of a million coordinates.
//
//go:noinline
func appended() []complex128 {
	var zs []complex128
	for i := range 1_000_000 {
		zs = append(zs, complex(float64(i), 0))
	}
	return zs
}

// recorded runs f as Start and End do, without a report.
func recorded(f func()) AllocReport {
	a := NewAllocs(`{"run":1}`)
	a.Start()
	f()
	a.end()
	return a.report()
}

// of sums the stacks that contain a function.
func (r AllocReport) of(function string) (sum AllocStack) {
	for _, s := range r.Stacks {
		if slices.ContainsFunc(s.Frames, func(i int) bool { return strings.HasSuffix(r.Frames[i].Function, function) }) {
			sum.Bytes, sum.Objects, sum.Live, sum.LiveObjects = sum.Bytes+s.Bytes, sum.Objects+s.Objects, sum.Live+s.Live, sum.LiveObjects+s.LiveObjects
			sum.LiveMax = sum.LiveMax || s.LiveMax
		}
	}
	return sum
}

//go:noinline
func shortText(n int) *[3]byte { return &[3]byte{byte(n), 1, 2} }

// A single tiny object is seen: it doesn't go into a block of before.
func TestAllocsOfATinyObject(t *testing.T) {
	var kept [20]*[3]byte
	for i := range kept {
		others := make([]*bool, i%5)
		for k := range others {
			others[k] = new(bool)
		}
		if got := recorded(func() { kept[i] = shortText(i) }).of("harness.shortText"); got.Objects != 1 || got.Bytes != 16 || got.LiveObjects != 1 {
			t.Errorf("run %d, after %d others: %+v", i, len(others), got)
		}
	}
}

func TestAllocsOfAnAppendLoop(t *testing.T) {
	rate := runtime.MemProfileRate
	for i := range 4 {
		var zs []complex128
		done := make(chan bool)
		r := recorded(func() {
			zs = appended()
			go func() { appended(); close(done) }() // on another processor
			<-done
		})
		got := r.of("harness.appended")
		if got.Bytes != 2*88_036_544 || got.Objects != 2*37 || cap(zs) != 1_109_504 {
			t.Errorf("run %d: %d B in %d objects, cap %d", i, got.Bytes, got.Objects, cap(zs))
		}
		if got.Live != int64(16*cap(zs)) || got.LiveObjects != 1 || got.LiveMax {
			t.Errorf("run %d: live %+v", i, got)
		}
		runtime.KeepAlive(zs)
	}
	if runtime.MemProfileRate != rate {
		t.Errorf("the rate stays at %d", runtime.MemProfileRate)
	}
}

// keptObjects is replaced by each run, so that objects of the run before are freed.
var keptObjects []*[1024]byte

//go:noinline
func fill() {
	keptObjects = nil
	for range 100 {
		keptObjects = append(keptObjects, new([1024]byte))
	}
}

func TestAllocsBoundWhatLives(t *testing.T) {
	recorded(fill)
	r := recorded(fill) // the same stacks: a loop around both would have them
	got := r.of("harness.fill")
	if got.Live < 100*1024 || got.Live > got.Bytes {
		t.Errorf("%+v", got)
	}
	keptObjects = nil
}

func TestAllocated(t *testing.T) {
	for _, tt := range []struct {
		old, now bucket
		live     int64
		max      bool
	}{
		{bucket{}, bucket{objects: 3, bytes: 30, inObj: 2, inBytes: 20}, 2, false},
		{bucket{objects: 5, bytes: 50, inObj: 0}, bucket{objects: 8, bytes: 80, inObj: 1, inBytes: 10}, 1, false},
		{bucket{objects: 5, bytes: 50, inObj: 3, inBytes: 30}, bucket{objects: 8, bytes: 80, inObj: 3, inBytes: 30}, 3, true},
		{bucket{objects: 5, bytes: 50, inObj: 3, inBytes: 30}, bucket{objects: 8, bytes: 80, inObj: 0}, 0, false},
		{bucket{objects: 5, bytes: 50, inObj: 3, inBytes: 30}, bucket{objects: 8, bytes: 80, inObj: 6, inBytes: 60}, 3, false},
	} {
		got := allocated(tt.old, tt.now, nil)
		if got.Objects != 3 || got.Bytes != 30 || got.LiveObjects != tt.live || got.Live != 10*tt.live || got.LiveMax != tt.max {
			t.Errorf("%+v to %+v: %+v", tt.old, tt.now, got)
		}
	}
}

//go:noinline
func descend(n int) []byte {
	if n == 0 {
		return make([]byte, 333)
	}
	return append(descend(n-1), 1)
}

func TestAllocsOfDeepStacks(t *testing.T) {
	r := recorded(func() { descend(60) })
	if got := r.of("TestAllocsOfDeepStacks.func1"); got.Bytes == 0 || got.Bytes != r.of("harness.descend").Bytes {
		t.Errorf("the outermost frame has %+v", got)
	}
}

func TestRegionsCostNothing(t *testing.T) {
	r := recorded(func() {
		prof.Region("r", func() { touch() })
		defer prof.Start("s").End()
	})
	if got := r.of("TestRegionsCostNothing.func1"); got.Bytes != 50_003_968 || got.Objects != 1 {
		t.Errorf("%+v", got)
	}
}

func TestReadBuckets(t *testing.T) {
	text := `heap profile: 3: 30 [5: 90] @ heap/1048576
1: 10 [2: 20] @ 0x10 0x20
#	0x10	main.f+0x1	cell 1:3

0: 0 [1: 64] @ 0x10 0x20
0: 0 [0: 0] @ 0x30
`
	got := readBuckets(text)
	if len(got) != 2 {
		t.Fatalf("%v", got)
	}
	for _, b := range got {
		if fmt.Sprint(b.stack) != "[16 32]" || b.bytes != 20 && b.bytes != 64 {
			t.Errorf("%+v", b)
		}
	}
}

func FuzzReadBuckets(f *testing.F) {
	f.Add("1: 10 [2: 20] @ 0x10 0x20\n")
	f.Add("1: 10 [0: 0] @\n@ [")
	f.Fuzz(func(t *testing.T, text string) { readBuckets(text) })
}

func TestLineMemory(t *testing.T) {
	a := NewAllocs(`{"run":2,"rss":0.001}`)
	a.Start()
	for range 5 {
		touch()
	}
	a.end()
	r := a.report()
	var most int64
	for _, l := range r.RSS {
		if strings.HasSuffix(r.Frames[l.Frame].Function, "harness.touch") {
			most = max(most, l.RSS)
		}
	}
	if most < 40*mib || r.Peak < most {
		t.Errorf("most %d, peak %d of %d lines", most, r.Peak, len(r.RSS))
	}
}

func TestScaled(t *testing.T) {
	got := scaled(map[string]bucket{"a": {objects: 1, bytes: 1024, inObj: 1, inBytes: 1024}, "b": {objects: 2, bytes: 1 << 30}}, 512*1024)
	if a := got["a"]; a.objects < 500 || a.objects > 525 || a.inBytes < 500*1024 {
		t.Errorf("%+v", a)
	}
	if b := got["b"]; b.objects != 2 || b.bytes != 1<<30 {
		t.Errorf("%+v", b)
	}
}
