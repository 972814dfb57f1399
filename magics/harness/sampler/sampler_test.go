package sampler

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hpgo/kernel/cell"
	"hpgo/magics/harness/native"
)

// leaf has no frame of its own: it calls nothing and needs no stack.
//
//go:noinline
func leaf(x float64) float64 {
	for range 4 {
		x = x*0.5 + 1/x
	}
	return x
}

// sink takes results, so that the work isn't seen to be for nothing.
var sink atomic.Uint64

//go:noinline
func heavy(n int) {
	sum := 0.0
	for i := range n {
		sum += leaf(float64(i) + 1)
	}
	sink.Store(math.Float64bits(sum))
}

//go:noinline
func light(n int) {
	sum := 0.0
	for i := range n {
		sum -= leaf(float64(i) + 1)
	}
	sink.Store(math.Float64bits(sum))
}

// splitWork does 7 parts of work in heavy and 3 in light, for about as long as d.
//
//go:noinline
func splitWork(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		heavy(35_000)
		light(15_000)
	}
}

// with counts the samples that have a function of this name.
func with(s Samples, name string) (n int64) {
	for _, st := range s.Stacks {
		for _, f := range st.Frames {
			if strings.HasSuffix(s.Name(f), "."+name) {
				n += st.Count
				break
			}
		}
	}
	return n
}

// Whatever the rate, the stacks add up to the CPU time.
func TestRates(t *testing.T) {
	for _, o := range []Options{{Rate: 50, Source: "sigprof"}, {Rate: 1000, Source: "sigprof"}, {Rate: 20, Source: "perf"}, {Rate: 999, Source: "perf"}, {Rate: 9999, Source: "perf"}} {
		s := start(t, o)
		splitWork(200 * time.Millisecond)
		got := s.Stop()
		if cpu := got.User + got.Sys; got.Count > 0 && math.Abs(got.Sum()-cpu) > 0.02*cpu {
			t.Errorf("%s at %v Hz: %v s of %v", o.Source, o.Rate, got.Sum(), cpu)
		}
	}
	for _, rate := range []float64{-1, 1e6, math.NaN()} {
		if _, err := Start(Options{Rate: rate}); err == nil {
			t.Errorf("a rate of %v is taken", rate)
		}
	}
}

// both are the sources of CPU samples.
var both = []string{"perf", "sigprof"}

// start starts a sampler, and skips the test where perf isn't allowed.
func start(t *testing.T, o Options) *Sampler {
	t.Helper()
	s, err := Start(o)
	if err != nil && o.Source == "perf" {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestKnownSplit(t *testing.T) {
	for _, source := range both {
		t.Run(source, func(t *testing.T) {
			s := start(t, Options{Source: source})
			splitWork(600 * time.Millisecond)
			got := s.Stop()
			h, l := with(got, "heavy"), with(got, "light")
			n := float64(h + l)
			share := float64(h) / n
			if bound := 4*math.Sqrt(0.7*0.3/n) + 0.01; math.Abs(share-0.7) > bound {
				t.Errorf("heavy has %d of %v samples, %.3f", h, n, share)
			}
			work := with(got, "splitWork")
			if float64(work) < 0.98*float64(h+l) {
				t.Errorf("%d samples in heavy and light, %d in splitWork, which calls them", h+l, work)
			}
			t.Logf("%s %.0f Hz: %d samples, %d lost, heavy %.3f, %v", got.Source, got.Rate, got.Count, got.Lost, share, got.Warnings)
			total := 0.0
			for _, st := range got.Stacks {
				total += st.Seconds
			}
			if cpu := got.User + got.Sys; math.Abs(total-cpu) > 0.02*cpu {
				t.Errorf("the stacks stand for %v s, getrusage says %v", total, cpu)
			}
		})
	}
}

// A leaf function without a frame hides its caller from who follows frame
// pointers.
func TestCallerOfLeaf(t *testing.T) {
	s := start(t, Options{Source: "perf"})
	splitWork(300 * time.Millisecond)
	got := s.Stop()
	inLeaf, orphan := int64(0), int64(0)
	for _, st := range got.Stacks {
		if len(st.Frames) < 3 || !strings.HasSuffix(got.Name(st.Frames[0]), ".leaf") {
			continue
		}
		inLeaf += st.Count
		caller, next := got.Name(st.Frames[1]), got.Name(st.Frames[2])
		if !strings.HasSuffix(caller, ".heavy") && !strings.HasSuffix(caller, ".light") || !strings.HasSuffix(next, ".splitWork") {
			orphan += st.Count
			t.Logf("%d: %s < %s < %s", st.Count, got.Name(st.Frames[0]), caller, next)
		}
	}
	if inLeaf < 20 || orphan > inLeaf/200 {
		t.Errorf("%d samples in leaf, %d of them without the right callers", inLeaf, orphan)
	}
}

//go:noinline
func recurse(depth, n int) {
	if depth == 0 {
		heavy(n)
		return
	}
	recurse(depth-1, n)
	recurse(0, 1) // so that the call before is none that ends the function
}

// Stacks that are too deep are counted.
func TestDeep(t *testing.T) {
	s := start(t, Options{Source: "perf"})
	for range 20 {
		recurse(200, 100_000)
	}
	got := s.Stop()
	if n := with(got, "recurse"); got.Cut < n*9/10 || n > 0 && len(got.Warnings) == 0 {
		t.Errorf("%d of %d samples are cut: %q", got.Cut, n, got.Warnings)
	}
}

// New threads are sampled from their start.
func TestThreads(t *testing.T) {
	s := start(t, Options{Source: "perf"})
	var done sync.WaitGroup
	for range 100 {
		done.Go(func() {
			runtime.LockOSThread() // and the thread ends with the goroutine
			splitWork(5 * time.Millisecond)
		})
	}
	done.Wait()
	got := s.Stop()
	var total float64
	for _, st := range got.Stacks {
		total += st.Seconds
	}
	expect := (got.User + got.Sys) * perfRate
	if work := with(got, "splitWork"); float64(work) < 0.7*expect {
		t.Errorf("%d samples in the threads' work, %d in all, for %v s of CPU time", work, got.Count, got.User+got.Sys)
	}
	t.Logf("%d samples, %d lost, %.3f s, rate %.0f", got.Count, got.Lost, got.User+got.Sys, got.Rate)
}

//go:noinline
func sleepHere() { time.Sleep(200 * time.Millisecond) }

func TestWall(t *testing.T) {
	quit := make(chan bool)
	defer close(quit)
	for range 3 {
		go stayHere(quit) // since before
	}
	time.Sleep(10 * time.Millisecond)
	s := start(t, Options{Wall: true})
	sleepHere()
	splitWork(100 * time.Millisecond)
	got := s.Stop()
	asleep, awake := 0.0, 0.0
	for _, st := range got.Stacks {
		for _, f := range st.Frames {
			if strings.HasSuffix(got.Name(f), ".sleepHere") {
				asleep += st.Seconds
			}
			if strings.HasSuffix(got.Name(f), ".splitWork") {
				awake += st.Seconds
			}
			if name := got.Name(f); strings.HasSuffix(name, ".stayHere") {
				t.Errorf("a goroutine of before has %v s", st.Seconds)
			}
			if strings.Contains(got.Name(f), "(*watch).run") {
				t.Errorf("the sampler itself is among the samples")
			}
		}
	}
	if asleep < 0.15 || asleep > 2 || awake < 0.03 || awake > 2 {
		t.Errorf("asleep for %.3f s, awake for %.3f", asleep, awake)
	}
	t.Logf("asleep %.3f s, awake %.3f s, %.0f Hz", asleep, awake, got.Rate)
}

func TestJSON(t *testing.T) {
	s := start(t, Options{})
	splitWork(50 * time.Millisecond)
	got := s.Stop()
	data, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var back Samples
	if err := json.Unmarshal(data, &back); err != nil || back.Count != got.Count {
		t.Errorf("%v, %d samples of %d", err, back.Count, got.Count)
	}
}

func inner(pcs []uintptr) int { return runtime.Callers(1, pcs) }

func middle(pcs []uintptr) int { return inner(pcs) }

// The tables say of inlined calls what the runtime says.
func TestInlined(t *testing.T) {
	if !tablesAsExpected() {
		t.Fatal("the runtime's tables are not as expected")
	}
	var pcs [8]uintptr
	n := middle(pcs[:])
	y := symbols{out: &Samples{}, funcs: map[Func]int{}, frames: map[Frame]int{}, known: map[uintptr][]int{}, expand: true}
	var got, want []string
	for _, f := range y.at(pcs[0] - 1) {
		got = append(got, y.out.Name(f))
	}
	frames := runtime.CallersFrames(pcs[:n])
	for range len(got) {
		f, _ := frames.Next()
		want = append(want, f.Function)
	}
	if len(got) != 3 || !slices.Equal(got, want) {
		t.Errorf("got %q, the runtime says %q", got, want)
	}
}

func TestMeasured(t *testing.T) {
	s := Samples{Funcs: []Func{{Name: "math.Sqrt", File: "sqrt.go"}, {Name: "hpgo/session.f", File: "cell 3"}, {Name: "hpgo/session.HpgoCell", File: "cell 4"},
		{Name: "hpgo/session.HpgoCell", File: generatedFile}, {Name: "hpgo/kernel/worker/child.(*worker).run", File: "call.go"},
		{Name: "hpgo/magics/harness/sampler.(*Loop).more", File: "loop.go"}, {Name: "runtime.gcBgMarkWorker", File: "mgc.go"}}}
	for i := range s.Funcs {
		s.Frames = append(s.Frames, Frame{Func: i})
	}
	if PackagePath := cell.PackagePath + "."; !strings.HasPrefix(s.Funcs[1].Name, PackagePath) {
		t.Errorf("cells are in %s", PackagePath)
	}
	tests := []struct{ stack, want string }{
		{"0 1 2 4", "[0 1 2]"},
		{"0 1 3 4", "[0 1]"},
		{"3 4", ""},
		{"5 3 4", ""},
		{"0 5 3 4", ""},
		{"6", "[6]"},
		{"4", ""},
		{"5", ""},
		{"", "[]"},
		{"1 3 1 3 4", "[1 1]"},
		{"0 1 2 4 3", "[0 1 2]"},   // an ordinary program
		{"0 4 1 2 4", "[0 4 1 2]"}, // package display, called by a cell
		{"0 5 1 2 4", ""},
	}
	for _, tt := range tests {
		var frames []int
		for _, f := range strings.Fields(tt.stack) {
			n, _ := strconv.Atoi(f)
			frames = append(frames, n)
		}
		s.Stacks = []Stack{{Frames: frames, Seconds: 1}}
		got := ""
		for _, st := range s.Measured().Stacks {
			got += fmt.Sprint(st.Frames)
		}
		if got != tt.want {
			t.Errorf("%q becomes %q, want %q", tt.stack, got, tt.want)
		}
	}
}

func TestProfilingTimers(t *testing.T) {
	list := "ID: 2\nsignal: 27/0000000000000000\nnotify: signal/tid.24967\nClockID: -2\nID: 1\nsignal: 14/0000000000000000\nnotify: signal/pid.1\nClockID: 0\nID: 11\nsignal: 27/0000000000000000\nnotify: signal/tid.24965\nClockID: -6\n"
	if got := profilingTimers(list); !slices.Equal(got, []int{2, 11}) {
		t.Errorf("got %v", got)
	}
	for _, broken := range []string{"", "ID: x\nsignal: 27/0", "signal: 27/0", "ID\nsignal"} {
		if got := profilingTimers(broken); len(got) > 0 {
			t.Errorf("%q: got %v", broken, got)
		}
	}
}

// SIGPROF comes as often as before after a pause, and not in one.
func TestSigprofPauses(t *testing.T) {
	s, err := Start(Options{Source: "sigprof"})
	if err != nil {
		t.Skip(err)
	}
	defer s.Stop()
	if _, paused := s.pause(); !paused {
		t.Skip("the kernel doesn't list timers")
	}
	spend := func(cpu time.Duration) {
		for begin := usedBy(processUsage); usedBy(processUsage).cpuSince(begin) < cpu; {
			heavy(100)
		}
	}
	for range 20 {
		spend(8 * time.Millisecond)
		s.resume()
		spend(15 * time.Millisecond)
		s.pause()
	}
	due := float64(s.source.(*sigprof).rate) * s.Snapshot().Total()
	got := s.Stop()
	if n := float64(got.Count); n < 0.3*due || n > 1.3*due || due < 50 {
		t.Errorf("%v samples, %v due", n, due)
	}
}

// What the kernel maps to tell the time has a name.
func TestClockIsNamed(t *testing.T) {
	if maps, err := os.ReadFile("/proc/self/maps"); err != nil || !bytes.Contains(maps, []byte(native.Kernel)) {
		t.Skip("the kernel maps no such code")
	}
	s, err := Start(Options{})
	if err != nil {
		t.Skip(err)
	}
	for begin := usedBy(processUsage); usedBy(processUsage).cpuSince(begin) < 100*time.Millisecond; {
		for range 10_000 {
			_ = time.Now()
		}
	}
	got := s.Stop()
	if got.Count > 20 && !slices.ContainsFunc(got.Funcs, func(f Func) bool { return f.Name == clockName }) {
		t.Errorf("%d samples, none in the clock", got.Count)
	}
}
