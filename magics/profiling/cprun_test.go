package profiling

import (
	"math"
	"reflect"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/magics/harness/sampler"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// TestKindOf: the innermost function below a line says for what time was spent, and
// those between say for whom the runtime worked.
func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		called []string // innermost first
		want   string
	}{
		{nil, "Go"},
		{[]string{"math.archHypot", "math.Hypot"}, "Go"},
		{[]string{"runtime.memclrNoHeapPointers", "runtime.mallocgc", "runtime.makeslice"}, "Clear"},
		{[]string{"runtime.nextFreeFast", "runtime.mallocgcSmallNoscan", "runtime.mallocgc", "runtime.newobject"}, "Malloc"},
		{[]string{"runtime.scanobject", "runtime.gcDrainN", "runtime.gcAssistAlloc1", "runtime.mallocgc"}, "GC"},
		{[]string{"runtime.memmove"}, "Copy"},
		{[]string{"runtime.memmove", "runtime.growslice"}, "Copy"},
		{[]string{"runtime.duffzero"}, "Clear"},
		{[]string{"runtime.bulkBarrierPreWrite", "runtime.typedslicecopy"}, "GC"},
		{[]string{"internal/runtime/maps.(*Map).putSlotSmallFast64", "runtime.mapassign_fast64"}, "Map"},
		{[]string{"runtime.mapaccess1_faststr"}, "Map"},
		{[]string{"internal/runtime/syscall/linux.Syscall6", "syscall.RawSyscall6", "os.Stat"}, "Kernel"},
		{[]string{"runtime.futex", "runtime.futexwakeup", "runtime.chansend1"}, "Kernel"},
		{[]string{"runtime.chansend", "runtime.chansend1"}, "Runtime"},
		{[]string{"", "runtime.asmcgocall", "runtime.cgocall"}, "Cgo"},
		{[]string{"runtime.exitsyscall", "runtime.cgocall"}, "Cgo"},
		{[]string{""}, "Cgo"},
	} {
		var got result.CprunTime
		*kindOf(c.called)(&got) = 1
		var want result.CprunTime
		reflect.ValueOf(&want).Elem().FieldByName(c.want).SetFloat(1)
		if got != want {
			t.Errorf("%v: %+v, want %s", c.called, got, c.want)
		}
	}
}

// TestLineTimes: a line has the time of what it calls, by kind; of goroutines that were
// looked at only waiting counts; what no function of the list is on counts for none.
func TestLineTimes(t *testing.T) {
	s := sampler.Samples{
		Funcs:  []sampler.Func{{Name: cell.PackagePath + ".f", File: "cell 1", Line: 1}, {Name: "runtime.mallocgc"}, {Name: "runtime.gopark"}, {Name: "runtime.gcBgMarkWorker"}},
		Frames: []sampler.Frame{{Func: 0, Line: 2}, {Func: 1, Line: 9}, {Func: 2, Line: 9}, {Func: 3, Line: 9}, {Func: 0, Line: 3}},
		Stacks: []sampler.Stack{{Frames: []int{0}, Seconds: 4}, {Frames: []int{1, 0}, Seconds: 2}, {Frames: []int{2, 4}, Seconds: 1}, {Frames: []int{3}, Seconds: 8}, {Seconds: 16}},
	}
	f := magic.Function{Name: "f", Key: "f", Cell: 1, File: "cell 1", First: 1, Lines: []string{"func f() {", "g()", "h()", "}"}}
	got := lineTimes(s, f)
	if want := (result.CprunTime{Go: 4, Malloc: 2}); got[2] != want || len(got) != 2 {
		t.Errorf("of CPU time: %+v", got)
	}
	s.Funcs, s.Frames = append(s.Funcs, sampler.Func{}), append(s.Frames, sampler.Frame{Func: 4})
	s.Stacks = append(s.Stacks, sampler.Stack{Frames: []int{5}, Seconds: 32}, sampler.Stack{Frames: []int{5, 0}, Seconds: 64})
	if got := foreignTime(s); got != 16+32 {
		t.Errorf("C without its callers: %v", got)
	}
	s.Wall = true
	got = lineTimes(s, f)
	if got[3] != (result.CprunTime{Wait: 1}) || got[2] != (result.CprunTime{}) {
		t.Errorf("of goroutines: %+v", got)
	}
	half := scaled(result.CprunTime{Go: 4, GC: 2, Wait: 1}, 0.5)
	if math.Abs(half.Total()-3.5) > 1e-9 || half.InRuntime() != 1 {
		t.Errorf("half: %+v", half)
	}
}

// TestTogether: calls of C and of the kernel that hardly use the CPU wait; those that
// do work don't, however long other programs make them.
func TestTogether(t *testing.T) {
	running := map[int]result.CprunTime{1: {Cgo: 20}, 2: {Go: 4, Kernel: 0.02}, 4: {Kernel: 8}}
	looked := map[int]result.CprunTime{1: {Cgo: 20}, 2: {Kernel: 2, Wait: 1}, 3: {Cgo: 4}, 4: {Kernel: 5}}
	got := together(running, looked, 2, 1)
	want := map[int]result.CprunTime{1: {Cgo: 10}, 2: {Go: 2, Kernel: 0.01, Wait: 1 + 1.99}, 3: {Wait: 4}, 4: {Kernel: 4}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v, want %+v", got, want)
	}
	if !inSyscall([]string{"syscall.Syscall6", "os.(*Process).wait"}) || inSyscall([]string{"syscall.ByteSliceFromString"}) || inSyscall(nil) {
		t.Error("system calls aren't told from others")
	}
}

// TestTimeline: no stretch of memory is left out, however many there are.
func TestTimeline(t *testing.T) {
	var m result.MemoryTimeline
	for i := range 100 {
		m.Samples = append(m.Samples, result.MemorySample{RSS: int64(i)})
	}
	if got := timeline(m); len(got) != sparkPoints || got[len(got)-1] != 99 {
		t.Errorf("%v", got)
	}
	if got := timeline(result.MemoryTimeline{}); len(got) != 0 {
		t.Errorf("of nothing: %v", got)
	}
}
