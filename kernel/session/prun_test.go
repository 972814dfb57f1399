package session

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/magics/result"
)

// prunSession has functions to profile.
func prunSession(t *testing.T) *Session {
	t.Helper()
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	run(t, s, `import ("math"; "time"; "os"; "sync")
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}
func small(x float64) float64 { return x*x + 1/(1+x) }
func work(n int) (x float64) {
	for i := range n {
		x += math.Hypot(float64(i), small(x))
	}
	return x
}
func appendAll(n int) []complex128 {
	var v []complex128
	for i := range n {
		v = append(v, complex(float64(i), 0))
	}
	return v
}
func nap() { time.Sleep(20 * time.Millisecond) }
func locks() {
	var mu sync.Mutex
	mu.Lock()
	go func() { time.Sleep(30*time.Millisecond); mu.Unlock() }()
	mu.Lock()
}
func leak() { for range 3 { go func() { select {} }() } }
func seven() { burn(70_000) }
func three() { burn(30_000) }
func burn(n int) {
	for i := range n {
		busy += i % 7 * i
	}
}
var busy int
xs := []int{1}
n := 0`)
	return s
}

// rowOf finds a function.
func rowOf(r result.Prun, name string) result.PrunRow {
	for _, row := range r.Rows {
		if row.Name == name {
			return row
		}
	}
	return result.PrunRow{}
}

// TestPrun profiles functions of earlier cells in the live session.
func TestPrun(t *testing.T) {
	s := prunSession(t)
	t.Run("functions", func(t *testing.T) { prunFunctions(t, s) })
	t.Run("recursion", func(t *testing.T) { prunRecursion(t, s) })
	t.Run("kinds", func(t *testing.T) { prunKinds(t, s) })
	t.Run("refusals", func(t *testing.T) { prunRefusals(t, s) })
	t.Run("faults", func(t *testing.T) { prunFaults(t, s) })
}

// prunFunctions: names, calls and shares, and views of the profile.
func prunFunctions(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Prun](t, s, "%prun -budget 0.2 -name first -D p.pb.gz work(20_000)")
	if fail != nil {
		t.Fatal(fail)
	}
	work, inlined, hypot := rowOf(r, "work"), rowOf(r, "small"), rowOf(r, "math.archHypot")
	if work.Calls == nil || *work.Calls != 1 || work.Total < 0.8*r.Total || work.File != "cell 1" || work.Line != 9 || work.Inlined != "" {
		t.Errorf("work: %+v of %v", work, r.Total)
	}
	if inlined.Inlined != "inline" || inlined.Calls == nil || *inlined.Calls != 20_000 || inlined.Self <= 0 {
		t.Errorf("small, which is inlined: %+v", inlined)
	}
	if hypot.Self <= 0 || hypot.Calls != nil || hypot.Alloc == nil || *hypot.Alloc != 0 {
		t.Errorf("a function of the library: %+v", hypot)
	}
	if called := rowOf(r, "math.Hypot"); called.Calls == nil || *called.Calls != 20_000 {
		t.Errorf("a function of the library that a cell calls: %+v", called)
	}
	if r.Calls == nil || *r.Calls != 40_001 || !strings.HasPrefix(text, "         40001 function calls in 0.0") || !strings.Contains(text, "\n   Ordered by: internal time\n") {
		t.Errorf("%v calls in\n%s", r.Calls, text)
	}
	for _, row := range r.Rows {
		if strings.Contains(row.Name, "hpgo__") || strings.Contains(row.Name, "harness") || strings.Contains(row.Name, "HpgoCell") {
			t.Errorf("a name of ours: %q", row.Name)
		}
	}
	if e.Magic != "prun" || e.Statement != "work(20_000)" || e.Env.Go == "" {
		t.Errorf("envelope: %+v", e)
	}
	if data, err := os.ReadFile(filepath.Join(s.opt.Dir, "p.pb.gz")); err != nil || len(data) < 100 {
		t.Errorf("-D: %d bytes, %v", len(data), err)
	}
	self := 0.0
	for _, row := range r.Rows {
		self += row.Self
	}
	// Of the process's time the functions have what isn't the kernel's connection.
	if math.Abs(self/r.Total-1) > 1e-6 || r.Rate > 0 && r.Plain > 0 && (r.Total > 1.000001*r.PlainCPU || r.Total < 0.8*r.PlainCPU || r.Overhead <= 0) {
		t.Errorf("functions add up to %v s of %v: %+v", self, r.Total, r.Sampling)
	}
	known, _, _, fail := measured[result.Prun](t, s, "%prun -plain -budget 0.4 func() { seven(); three() }()")
	p := rowOf(known, "seven").Total / known.Total
	if bound := 4*math.Sqrt(0.7*0.3/float64(known.Samples)) + 0.02; fail != nil || math.Abs(p-0.7) > bound {
		t.Errorf("seven has %v of %d samples, not 0.7 ± %v: %v", p, known.Samples, bound, fail)
	}
	for _, tt := range []struct{ code, want string }{
		{"%prun peek seven", "burn"},
		{"%prun -plain -budget 0.2 work(20_000)", "work"},
		{"%prun list work", "x += math.Hypot(float64(i), small(x))"},
		{"%prun tree", "work  cell 1:9"},
		{"%prun traces", "math.archHypot"},
		{"%prun callers archHypot", "math.Hypot"},
		{"%prun callees work", "small"},
	} {
		if _, _, text, fail := measured[result.Prun](t, s, tt.code); fail != nil || !strings.Contains(text, tt.want) {
			t.Errorf("%s: %v, no %q in\n%s", tt.code, fail, tt.want, text)
		}
	}
	r, _, text, fail = measured[result.Prun](t, s, "%prun -plain -budget 0.1 -base first -s cum -l 3 work(5_000)")
	if work := rowOf(r, "work"); fail != nil || !r.HasBase || work.Base == nil || r.Order != "cumulative time" || !strings.Contains(text, "3 of ") || !strings.Contains(text, " functions: -l 3") {
		t.Errorf("with a base: %v\n%s", fail, text)
	}
}

// prunRecursion: calls and primitive calls, as cProfile counts them.
func prunRecursion(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Prun](t, s, "%%prun -budget 0.2 k := 20\nfib(k)\nxs = append(xs, fib(k))")
	fib := rowOf(r, "fib")
	if fail != nil || fib.Ncalls() != "43782/2" || !strings.HasPrefix(text, "         43782 function calls (2 primitive calls) in ") {
		t.Errorf("%v, %s in\n%s", fail, fib.Ncalls(), text)
	}
	run(t, s, "if len(xs) != 1 { panic(xs) }")
	if fib.Total > r.Total*1.001 {
		t.Errorf("a recursive function has more than there is: %v of %v", fib.Total, r.Total)
	}
}

// prunKinds: waiting, allocations and goroutines.
func prunKinds(t *testing.T, s *Session) {
	r, _, _, fail := measured[result.Prun](t, s, "%prun -plain -wall -n 3 nap()")
	if nap := rowOf(r, "nap"); fail != nil || nap.Total < 0.95*r.Total || r.Total < 0.015 {
		t.Errorf("sleeping: %v, %+v of %v", fail, nap, r.Total)
	}
	r, _, _, fail = measured[result.Prun](t, s, "%prun -mem appendAll(1_000_000)")
	if row := rowOf(r, "appendAll"); fail != nil || row.Self != 88_036_544 || r.Unit != "B" {
		t.Errorf("bytes: %v, %+v", fail, row)
	}
	r, _, _, fail = measured[result.Prun](t, s, "%prun -block locks()")
	if row := rowOf(r, "locks"); fail != nil || row.Total < 0.002 || r.Unit != "s" {
		t.Errorf("waiting: %v, %+v", fail, row)
	}
	r, _, text, fail := measured[result.Prun](t, s, "%prun -leak leak()")
	if row := rowOf(r, "leak.func1"); fail != nil || row.Total != 3 || !strings.Contains(text, "3 goroutines left behind") {
		t.Errorf("left behind: %v, %+v\n%s", fail, row, text)
	}
}

// prunFaults: whatever ends the code, what was sampled is shown.
func prunFaults(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Prun](t, s, "%prun -n 7 func() { if n++; n == 3 { panic(\"the third\") }; fib(30) }()")
	if fail == nil || fail.Name != "Panic" || r.Runs != 1 || e.Partial != "stopped in run 3" || !strings.Contains(text, "(partial: stopped in run 3)") || rowOf(r, "fib").Self <= 0 {
		t.Errorf("a panic: %v, %d runs, %q in\n%s", fail, r.Runs, e.Partial, text)
	}
	if trace := strings.Join(fail.Traceback, "\n"); strings.Contains(trace, "hpgo__") || !strings.Contains(trace, "%prun -n 7") {
		t.Errorf("traceback:\n%s", trace)
	}
	sink := &bundleSink{}
	ctx, stop := context.WithTimeout(context.Background(), 1500*time.Millisecond)
	defer stop()
	res := s.Execute(ctx, "%prun -budget 60 fib(44)", sink)
	if res.Err == nil || len(sink.bundles) == 0 || !strings.Contains(sink.bundles[len(sink.bundles)-1].Data["text/plain"].(string), "(fib)") {
		t.Errorf("an interrupt: %v, %d bundles", res.Err, len(sink.bundles))
	}
	run(t, s, "if n != 0 { panic(n) }")
	r, e, text, fail = measured[result.Prun](t, s, "%prun func() { for i := 0; ; i++ { fib(30); if i > 100 { os.Exit(3) } } }()")
	if fail == nil || fail.Name != "WorkerDied" || rowOf(r, "fib").Self <= 0 || e.Partial == "" {
		t.Errorf("os.Exit: %v, %q\n%s", fail, e.Partial, text)
	}
}

// prunRefusals: one line says what is wrong.
func prunRefusals(t *testing.T, s *Session) {
	for _, tt := range []struct{ code, want string }{
		{"%prun", "needs a statement"},
		{"%prun -Z fib(3)", "flag -Z of %prun is unknown"},
		{"%prun -s c fib(3)", `"c" can be cumulative or calls`},
		{"%prun -s x fib(3)", `"x" is no key; there are time`},
		{"%prun -l 0 fib(3)", `"0" rows are none`},
		{"%prun -l 1.5 fib(3)", `"1.5" is neither`},
		{"%prun -cpu -wall fib(3)", "--cpu and --wall of %prun: take one"},
		{"%prun -mem -rate 100 fib(3)", "counts every event"},
		{"%prun -budget no fib(3)", `"no" is not a time`},
		{"%prun -base nothing fib(3)", `no profile with the label "nothing"`},
		{"%prun return", "return would leave the measured code"},
		{"%prun fibb(3)", "undefined: fibb"},
	} {
		_, _, _, fail := measured[result.Prun](t, s, tt.code)
		if fail == nil || !strings.Contains(fail.Value, tt.want) {
			t.Errorf("%s: %v, want %q", tt.code, fail, tt.want)
		}
	}
}
