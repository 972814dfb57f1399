package session

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/magics/result"
)

// traceSession has goroutines that wait for each other.
func traceSession(t *testing.T) *Session {
	t.Helper()
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	run(t, s, `import ("io"; "os"; "sync"; "sync/atomic"; "syscall"; "time"; "hpgo/magics/prof")
var mu sync.Mutex
func locked(d time.Duration) {
	mu.Lock()
	time.Sleep(d)
	mu.Unlock()
}
func three(d time.Duration) {
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() { prof.Region("step", func() { locked(d) }) })
	}
	wg.Wait()
}
func spin(d time.Duration) (n int) {
	for end := time.Now().Add(d); time.Now().Before(end); n++ {
	}
	return n
}
func leak(n int) {
	for range n {
		go waits(make(chan int))
	}
}
func waits(c chan int) { <-c }
func add(c *int64) int64 { return atomic.AddInt64(c, 1) }
n := 1`)
	return s
}

// TestTraceFamily runs the magics of the trace in one session.
func TestTraceFamily(t *testing.T) {
	s := traceSession(t)
	t.Run("waits", func(t *testing.T) { traceWaits(t, s) })
	t.Run("flight", func(t *testing.T) { recordFlight(t, s) }) // before a cell that uses trace.Start
	t.Run("flags", func(t *testing.T) { traceFlags(t, s) })
	t.Run("refusals", func(t *testing.T) { traceRefusals(t, s) })
	t.Run("waiting", func(t *testing.T) { waitingByLine(t, s) })
	t.Run("goroutines", func(t *testing.T) { listGoroutines(t, s) })
	t.Run("race", func(t *testing.T) { findRaces(t, s) })
	t.Run("cores", func(t *testing.T) { coresUsed(t, s) })
	t.Run("faults", func(t *testing.T) { traceFaults(t, s) })
}

func waitOf(r result.Trace, state string) result.TraceWait {
	for _, w := range r.Waits {
		if w.State == state {
			return w
		}
	}
	return result.TraceWait{}
}

// traceWaits: where goroutines waited, and for whom.
func traceWaits(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Trace](t, s, "%%trace n++\nthree(10 * time.Millisecond)\nn = 7")
	if fail != nil {
		t.Fatal(fail)
	}
	mutex, sleep := waitOf(r, "mutex"), waitOf(r, "sleep")
	if mutex.Function != "locked" || mutex.Where != "cell 1:4" || mutex.Call != "sync.(*Mutex).Lock" || mutex.By.Where != "cell 1:6" || mutex.Seconds < 0.025 {
		t.Errorf("%+v", mutex)
	}
	if sleep.Where != "cell 1:5" || sleep.Count != 3 || sleep.Seconds < 0.03 {
		t.Errorf("%+v", sleep)
	}
	if len(r.Regions) != 1 || r.Regions[0].Name != "step" || r.Regions[0].Count != 3 || r.Regions[0].Seconds < 0.06 {
		t.Errorf("%+v", r.Regions)
	}
	if r.Seconds < 0.03 || r.GOMAXPROCS < 1 || r.CPU <= 0 || r.Bytes == 0 || r.Latency.Count == 0 || r.Count != 4 {
		t.Errorf("%+v", r)
	}
	if !strings.HasPrefix(text, r.String()+"\n") || !strings.Contains(text, "waits for a mutex at locked (cell 1:4), mostly until locked (cell 1:6) unlocks it.") || e.Schema != "hpgo.trace.v1" {
		t.Errorf("%s", text)
	}
	for _, f := range r.Functions {
		if !f.System && f.Name != "cell 2" && f.Name != "three.func1" {
			t.Errorf("a goroutine of %q is the program's", f.Name)
		}
	}
	run(t, s, "if n != 1 { panic(n) }") // its values are back
	r, _, _, fail = measured[result.Trace](t, s, "%trace -fresh three(time.Millisecond)")
	if mutex := waitOf(r, "mutex"); fail != nil || mutex.Where != "cell 1:4" || r.Count != 4 {
		t.Errorf("a program of its own: %v, %+v, %d goroutines", fail, mutex, r.Count)
	}
}

// traceFlags: files, limits, the value.
func traceFlags(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Trace](t, s, "%trace -D t.out -chrome t.json -rows 2 -regions three(time.Millisecond)")
	raw, err := os.ReadFile(filepath.Join(s.opt.Dir, "t.out"))
	if fail != nil || err != nil || int64(len(raw)) != r.Bytes || !bytes.HasPrefix(raw, []byte("go 1.")) {
		t.Errorf("-D: %d bytes, %v, %v\n%s", len(raw), err, fail, text)
	}
	events, err := os.ReadFile(filepath.Join(s.opt.Dir, "t.json"))
	var file struct{ TraceEvents []struct{ Name string } }
	if err != nil || json.Unmarshal(events, &file) != nil || !bytes.Contains(events, []byte(`"name":"step"`)) {
		t.Errorf("-chrome: %d bytes, %v", len(events), err)
	}
	r, e, _, fail := measured[result.Trace](t, s, "%%trace -limit 20KB\nfor i := range 40_000 {\n\tc := make(chan int)\n\tgo func() { c <- i }()\n\t<-c\n}")
	if fail != nil || r.Cut <= 0 || r.Seconds > r.Cut+1 || len(e.Warnings) == 0 || !strings.Contains(strings.Join(e.Warnings, "\n"), "the trace reached 19.5 KiB after") {
		t.Errorf("-limit: %v, %v s of %v, %q", fail, r.Cut, r.Seconds, e.Warnings)
	}
	r, _, text, fail = measured[result.Trace](t, s, "%trace -calls locked -calls three -min 2ms func() { three(5*time.Millisecond); for range 10 { locked(0) } }()")
	calls := map[string]int{}
	for _, c := range r.Calls {
		calls[c.Name] = c.Count
	}
	if fail != nil || calls["locked"] < 3 || calls["three"] != 1 || int64(calls["locked"])+r.ShortCalls != 13 || !strings.Contains(text, " shorter than 2 ms left out, which took ") {
		t.Errorf("-calls: %v, %+v\n%s", fail, r.Calls, text)
	}
	run(t, s, "tr := %trace -q -o spin(time.Millisecond)")
	run(t, s, "if tr.Seconds < 0.001 || len(tr.Summary) == 0 { panic(tr.Seconds) }")
}

func traceRefusals(t *testing.T, s *Session) {
	for _, tt := range []struct{ code, want string }{
		{"%trace", "needs a statement"},
		{"%trace -rows 0 three(1)", "-rows of %trace"},
		{"%trace -limit many three(1)", `"many" is not a size`},
		{"%trace -chrome /nonexistent/dir/t.json three(1)", "there is no directory"},
		{"%trace -calls nothing three(1)", "--calls of %trace"},
		{"%trace -calls time.Sleep three(1)", "time.Sleep is not of the session"},
		{"%trace -min 1ms three(1)", "--min of %trace goes with --calls"},
		{"%trace return", "return would leave the measured code"},
		{"%trace thre(1)", "undefined: thre"},
		{"import \"runtime/trace\"\ntrace.Start(os.Stderr)\n%trace -q three(1)\ntrace.Stop()", "nothing was recorded: execution tracer already enabled"},
	} {
		if _, _, _, fail := measured[result.Trace](t, s, tt.code); fail == nil || !strings.Contains(fail.Value, tt.want) {
			t.Errorf("%s: %v, want %q", tt.code, fail, tt.want)
		}
	}
	run(t, s, "trace.Stop()")
}

// waitingByLine: %block at the lines that wait, %mutex at those that make others wait.
func waitingByLine(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Waiting](t, s, "%block three(5 * time.Millisecond)")
	if fail != nil || len(r.Lines) != 2 || r.Seconds < 0.025 || r.Count < 3 || e.Schema != "hpgo.block.v1" {
		t.Fatalf("%v, %+v", fail, r)
	}
	for _, l := range r.Lines {
		if l.Where == "cell 1:4" && (l.Function != "locked" || l.Call != "sync.(*Mutex).Lock" || l.Count != 2) || l.Where != "cell 1:4" && l.Call != "sync.(*WaitGroup).Wait" {
			t.Errorf("%+v", l)
		}
	}
	if !strings.HasPrefix(text, "goroutines waited ") || r.Functions[0].Seconds > r.Seconds {
		t.Errorf("%s", text)
	}
	r, _, _, fail = measured[result.Waiting](t, s, "%mutex -D mutex.pb.gz three(5 * time.Millisecond)")
	if fail != nil || len(r.Lines) != 1 || r.Lines[0].Where != "cell 1:6" || r.Lines[0].Call != "sync.(*Mutex).Unlock" || r.Seconds < 0.01 {
		t.Errorf("%v, %+v", fail, r)
	}
	r, e, _, fail = measured[result.Waiting](t, s, `%mutex func() { three(time.Millisecond); panic("no") }()`)
	if fail == nil || fail.Name != "Panic" || len(r.Lines) != 1 || e.Partial == "" {
		t.Errorf("a panic: %v, %+v", fail, r)
	}
	if _, _, _, fail := measured[result.Waiting](t, s, "%block"); fail == nil || !strings.Contains(fail.Value, "%block needs a statement") {
		t.Errorf("%v", fail)
	}
}

// listGoroutines: what a statement leaves behind, and what there is.
func listGoroutines(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Goroutines](t, s, "%goroutines leak(3)")
	if fail != nil || r.Count != 3 || len(r.Groups) != 1 || r.Groups[0].At.Where != "cell 1:25" || r.Groups[0].Started.Where != "cell 1:22" || r.Groups[0].Verdict != "may wait for ever" {
		t.Errorf("%v, %+v\n%s", fail, r, text)
	}
	if !strings.HasPrefix(text, "3 goroutines left behind\n") || e.Schema != "hpgo.goroutines.v1" || r.Proven {
		t.Errorf("%s", text)
	}
	r, _, text, fail = measured[result.Goroutines](t, s, "%%goroutines n = 3\nthree(time.Millisecond)\nn++")
	if fail != nil || r.Count != 0 || !strings.HasPrefix(text, "no goroutine was left behind\n") {
		t.Errorf("%v, %+v\n%s", fail, r, text)
	}
	r, _, _, fail = measured[result.Goroutines](t, s, "%goroutines")
	if fail != nil || r.Count != 3 || r.Left || r.System == 0 {
		t.Errorf("%v, %+v", fail, r)
	}
	r, e, _, fail = measured[result.Goroutines](t, s, `%goroutines func() { leak(1); panic("no") }()`)
	if fail == nil || fail.Name != "Panic" || r.Count != 1 || e.Partial == "" {
		t.Errorf("a panic: %v, %+v", fail, r)
	}
	run(t, s, "%goroutines --watch on")
	for code, want := range map[string]string{
		"leak(2)":              "warning: the cell left 2 goroutines behind that may wait for ever: 2 in chan receive at waits (cell 1:",
		"three(1)":             "",
		"go spin(time.Second)": "",
	} {
		out := &streams{}
		if res := s.Execute(context.Background(), code, out); res.Err != nil || !strings.HasPrefix(out.text["stderr"], want) || want == "" && out.text["stderr"] != "" {
			t.Errorf("%s: %v, %q", code, res.Err, out.text["stderr"])
		}
	}
	run(t, s, "%goroutines --watch off")
	if _, _, _, fail := measured[result.Goroutines](t, s, "%goroutines --watch on leak(1)"); fail == nil || !strings.Contains(fail.Value, "takes no statement") {
		t.Errorf("%v", fail)
	}
	if _, _, _, fail := measured[result.Goroutines](t, s, "%goroutines -prove"); fail == nil || !strings.Contains(fail.Value, "--prove of %goroutines needs a statement") {
		t.Errorf("%v", fail)
	}
	run(t, s, "if n != 1 { panic(n) }")
}

// findRaces: in lines of cells, each once.
func findRaces(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Race](t, s, "%%race -D r.txt\nvar wg sync.WaitGroup\nfor range 4 {\n\twg.Go(func() {\n\t\tn++\n\t})\n}\nwg.Wait()\npanic(n)")
	if fail == nil || fail.Name != "Panic" || len(r.Races) != 1 || r.Exit != 66 {
		t.Fatalf("%v, %+v\n%s", fail, r, text)
	}
	if a := r.Races[0].Access; !strings.HasSuffix(a.At.Where, ":5") || a.Line != "n++" || !strings.HasPrefix(text, r.String()+"\n") {
		t.Errorf("%+v\n%s", a, text)
	}
	if raw, err := os.ReadFile(filepath.Join(s.opt.Dir, "r.txt")); err != nil || !bytes.Contains(raw, []byte("WARNING: DATA RACE")) {
		t.Errorf("-D: %v", err)
	}
	r, _, text, fail = measured[result.Race](t, s, "%%race\nvar wg sync.WaitGroup\nvar c int64\nwg.Go(func() { c++ })\n_ = add(&c)\nwg.Wait()")
	if fail != nil || len(r.Races) != 1 {
		t.Fatalf("%v, %+v\n%s", fail, r, text)
	}
	for _, a := range []result.RaceAccess{r.Races[0].Access, r.Races[0].Previous} {
		if where := a.At.Where; !strings.HasSuffix(where, ":4") && !strings.HasSuffix(where, ":5") || a.Goroutine != "main goroutine" && a.Started.Function != "sync.(*WaitGroup).Go" {
			t.Errorf("atomic, and by WaitGroup.Go: %+v\n%s", a, text)
		}
	}
	run(t, s, "%env CC=no-such-compiler")
	if _, _, _, fail := measured[result.Race](t, s, "%race three(1)"); fail == nil || !strings.Contains(fail.Value, "linked by no-such-compiler, which isn't found; install gcc") {
		t.Errorf("without a compiler: %v", fail)
	}
	run(t, s, "%env CC=")
}

// coresUsed: the CPU time of the process, seen from outside.
func coresUsed(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.CPUPlot](t, s, "%cpuplot spin(200 * time.Millisecond)")
	if fail != nil || r.Seconds < 0.2 || r.CPU <= 0 || r.Used() > float64(r.Cores) || len(r.Samples) < 2 || len(r.Own) != r.Cores || len(r.Samples[0].Own) != r.Cores || r.GOMAXPROCS < 1 || e.Schema != "hpgo.cpuplot.v1" || !strings.HasPrefix(text, "used ") {
		t.Errorf("%v, %+v\n%s", fail, r, text)
	}
	r, _, text, fail = measured[result.CPUPlot](t, s, "%cpuplot n = 2")
	if fail != nil || len(r.Samples) != 0 || !strings.Contains(text, "there is no picture of less than 50 ms") {
		t.Errorf("%v, %+v\n%s", fail, r, text)
	}
	r, e, _, fail = measured[result.CPUPlot](t, s, `%cpuplot func() { spin(100 * time.Millisecond); panic("no") }()`)
	if fail == nil || fail.Name != "Panic" || r.Seconds < 0.1 || e.Partial == "" {
		t.Errorf("a panic: %v, %+v", fail, r)
	}
	run(t, s, "if n != 1 { panic(n) }")
}

// recordFlight: the last seconds of cells that end badly or late, over restarts.
func recordFlight(t *testing.T, s *Session) {
	run(t, s, "%trace --flight on --slow 50ms")
	if _, _, text, fail := measured[result.Trace](t, s, "three(time.Millisecond)"); fail != nil || text != "" {
		t.Errorf("a quick cell: %v\n%s", fail, text)
	}
	r, _, text, fail := measured[result.Trace](t, s, "three(20 * time.Millisecond)")
	if fail != nil || waitOf(r, "mutex").Where != "cell 1:4" || !strings.HasPrefix(text, "flight recorder: the cell was slow; its last ") || r.Seconds > 0.5 {
		t.Errorf("a slow cell: %v\n%s", fail, text)
	}
	for _, end := range []struct{ code, text string }{
		{"three(2 * time.Millisecond); os.Exit(1)", "flight recorder: the worker died: exit status 1; its last "},
		// What was written before is left.
		{"three(2 * time.Millisecond); time.Sleep(500 * time.Millisecond); syscall.Kill(os.Getpid(), syscall.SIGKILL)", "flight recorder: the worker died: signal: killed; "},
	} {
		r, _, text, fail = measured[result.Trace](t, s, end.code)
		if fail == nil || fail.Name != "WorkerDied" || waitOf(r, "mutex").Where != "cell 1:4" || !strings.HasPrefix(text, end.text) {
			t.Errorf("%s: %v\n%s", end.code, fail, text)
		}
		run(t, s, "var mu sync.Mutex")
	}
	r, _, text, fail = measured[result.Trace](t, s, `go func() { panic("alone") }(); three(20 * time.Millisecond)`)
	if fail != nil || r.Count < 5 || !strings.HasPrefix(text, "flight recorder: a goroutine panicked; ") {
		t.Errorf("a panic elsewhere: %v\n%s", fail, text)
	}
	r, _, text, fail = measured[result.Trace](t, s, `three(time.Millisecond); panic("here")`)
	if fail == nil || fail.Name != "Panic" || waitOf(r, "mutex").Where != "cell 1:4" || !strings.HasPrefix(text, "flight recorder: the cell panicked; ") {
		t.Errorf("a panic: %v\n%s", fail, text)
	}
	// Code that is measured runs without.
	if r, _, _, fail := measured[result.Trace](t, s, "%trace -q three(20 * time.Millisecond)"); fail != nil || r.Seconds != 0 {
		t.Errorf("%%trace beside it: %v", fail)
	}
	// The program's own trace has the runtime's one stream.
	run(t, s, `import "runtime/trace"
if err := trace.Start(io.Discard); err != nil { panic(err) }
three(time.Millisecond)
trace.Stop()`)
	r, _, text, fail = measured[result.Trace](t, s, `three(time.Millisecond); panic("here")`)
	if fail == nil || waitOf(r, "mutex").Where != "cell 1:4" {
		t.Errorf("in memory: %v\n%s", fail, text)
	}
	run(t, s, "%trace --flight off")
	if _, _, text, fail := measured[result.Trace](t, s, `panic("there")`); fail == nil || text != "" {
		t.Errorf("off: %v\n%s", fail, text)
	}
	for _, tt := range []struct{ code, want string }{
		{"%trace --flight maybe", `"maybe" is neither on nor off`},
		{"%trace --flight on three(1)", "takes no statement"},
		{"%trace --slow 1s three(1)", "--slow of %trace goes with --flight on"},
	} {
		if _, _, _, fail := measured[result.Trace](t, s, tt.code); fail == nil || !strings.Contains(fail.Value, tt.want) {
			t.Errorf("%s: %v, want %q", tt.code, fail, tt.want)
		}
	}
	run(t, s, "n := 1") // which was lost with the worker
}

// traceFaults: whatever ends the code, what was recorded is shown, and the next cell
// works.
func traceFaults(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Trace](t, s, "%trace func() { three(time.Millisecond); panic(\"at last\") }()")
	if fail == nil || fail.Name != "Panic" || waitOf(r, "mutex").Where != "cell 1:4" || e.Partial == "" || !strings.Contains(text, "(partial: the first ") {
		t.Errorf("a panic: %v, %q\n%s", fail, e.Partial, text)
	}
	sink := &bundleSink{}
	ctx, stop := context.WithTimeout(context.Background(), 1500*time.Millisecond)
	defer stop()
	res := s.Execute(ctx, "%trace for { spin(time.Millisecond) }", sink)
	if res.Err == nil || len(sink.bundles) == 0 || !strings.Contains(sink.bundles[len(sink.bundles)-1].Data["text/plain"].(string), "(partial: ") {
		t.Errorf("an interrupt: %v, %d bundles", res.Err, len(sink.bundles))
	}
	run(t, s, "if n != 1 { panic(n) }")
	r, e, _, fail = measured[result.Trace](t, s, "%trace func() { spin(20 * time.Millisecond); os.Exit(3) }()")
	if fail == nil || fail.Name != "WorkerDied" || r.Seconds < 0.02 || e.Partial == "" {
		t.Errorf("os.Exit: %v, %v s, %q", fail, r.Seconds, e.Partial)
	}
	run(t, s, "var mu sync.Mutex") // which was lost with the worker
	sink = &bundleSink{}
	res = s.Execute(context.Background(), "%trace syscall.Kill(os.Getpid(), syscall.SIGKILL)", sink)
	if res.Err == nil || res.Err.Name != "WorkerDied" || !strings.Contains(sink.text["stdout"], "%trace: nothing to show: the runtime writes a trace once a second") {
		t.Errorf("SIGKILL: %v, %q", res.Err, sink.text["stdout"])
	}
	run(t, s, "var mu sync.Mutex")
	r, e, _, fail = measured[result.Trace](t, s, "%trace func() { for range 150 { locked(10 * time.Millisecond) }; syscall.Kill(os.Getpid(), syscall.SIGKILL) }()")
	if fail == nil || fail.Name != "WorkerDied" || r.Seconds < 0.5 || e.Partial == "" || len(e.Warnings) == 0 || !strings.Contains(e.Warnings[0], "which were not yet written") {
		t.Errorf("SIGKILL after a while: %v, %v s, %q, %q", fail, r.Seconds, e.Partial, e.Warnings)
	}
	run(t, s, "var mu sync.Mutex")
	run(t, s, "three(time.Millisecond)")
	left, err := filepath.Glob(filepath.Join(s.mod.Dir, "trace*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %q, %v", left, err)
	}
}
