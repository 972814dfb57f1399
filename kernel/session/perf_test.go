package session

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/internal/skip"
	"hpgo/magics/result"
	"hpgo/magics/simulated"
)

// TestPerfStat counts events of the live worker.
func TestPerfStat(t *testing.T) {
	s := prunSession(t)
	t.Run("counted", func(t *testing.T) { perfCounted(t, s) })
	t.Run("faults", func(t *testing.T) { perfFaults(t, s) })
	t.Run("sampled", func(t *testing.T) { perfSampled(t, s) })
	t.Run("simulated", func(t *testing.T) { perfSimulated(t, s) })
}

// eventOf finds an event.
func eventOf(list []result.PerfEvent, name string) result.PerfEvent {
	for _, e := range list {
		if e.Event == name {
			return e
		}
	}
	return result.PerfEvent{}
}

// perfCounted: all threads count, and variables have their values back.
func perfCounted(t *testing.T, s *Session) {
	p, e, text, fail := measured[result.Perf](t, s, `%%perf stat --no-sim -r 3 -e task-clock,cs,faults,cycles pages := make([]byte, 8<<20)
n++
touched := make([]byte, 8<<20)
for i := 0; i < len(touched); i += 4096 {
	touched[i] = 1
}
var both sync.WaitGroup
for range 2 {
	both.Go(func() { fib(24) })
}
both.Wait()
pages = touched
nap()`)
	if fail != nil || e.Schema != "hpgo.perf-stat.v1" || len(p.Variants) != 1 {
		t.Fatalf("%v, %s", fail, text)
	}
	v := p.Variants[0]
	clock, cs := eventOf(v.Events, "task-clock"), eventOf(v.Events, "cs")
	if v.Runs != 3 || v.Elapsed < 0.02 || v.Elapsed > 20 || v.Err == nil {
		t.Errorf("%d runs of %g s", v.Runs, v.Elapsed)
	}
	if cpu := v.User + v.Sys; clock.Value == nil || *clock.Value < 0.5*cpu || *clock.Value > 1.5*cpu+0.02 {
		t.Errorf("task-clock %+v, CPU time %g s", clock, cpu)
	}
	if cs.Value == nil || *cs.Value < 1 {
		t.Errorf("context switches of a nap: %+v", cs)
	}
	if c := eventOf(v.Events, "cycles"); c.Event != "" && c.Value == nil && (c.Missing == "" || c.Why == "" || !strings.Contains(text, c.Missing)) {
		t.Errorf("cycles: %+v\n%s", c, text)
	}
	run(t, s, "if n != 0 { panic(n) }")
}

// perfFaults: whatever ends the measurement, what was counted is shown.
func perfFaults(t *testing.T, s *Session) {
	p, e, text, fail := measured[result.Perf](t, s, `%perf stat --no-sim -r 5 func() { if n++; n == 3 { panic("the third") }; fib(20) }()`)
	if fail == nil || fail.Name != "Panic" || p.Variants[0].Runs != 2 || e.Partial != "2 of 5 runs" || !strings.Contains(text, "(partial: 2 of 5 runs)") {
		t.Errorf("a panic: %v, %q in\n%s", fail, e.Partial, text)
	}
	if trace := strings.Join(fail.Traceback, "\n"); strings.Contains(trace, "hpgo__") || !strings.Contains(trace, "%perf stat") {
		t.Errorf("traceback:\n%s", trace)
	}
	sink := &bundleSink{}
	ctx, stop := context.WithTimeout(context.Background(), 1500*time.Millisecond)
	defer stop()
	res := s.Execute(ctx, "%perf stat --no-sim -r 2 fib(44)", sink)
	if res.Err == nil || len(sink.bundles) == 0 || !strings.Contains(sink.bundles[len(sink.bundles)-1].Data["text/plain"].(string), "(partial: 0 of 2 runs)") {
		t.Errorf("an interrupt: %v, %d bundles", res.Err, len(sink.bundles))
	}
	run(t, s, "if n != 0 { panic(n) }")
	p, e, text, fail = measured[result.Perf](t, s, "%perf stat --no-sim -r 5 func() { if n++; n == 4 { os.Exit(3) }; fib(20) }()")
	if fail == nil || fail.Name != "WorkerDied" || p.Variants[0].Runs != 3 || e.Partial != "3 of 5 runs" {
		t.Errorf("os.Exit: %v, %q\n%s", fail, e.Partial, text)
	}
	run(t, s, "n := 0; _ = n")
	p, e, text, fail = measured[result.Perf](t, s, "%perf stat --no-sim func() { time.Sleep(1300 * time.Millisecond); os.Exit(3) }()")
	if fail == nil || fail.Name != "WorkerDied" || len(p.Variants) != 1 || p.Variants[0].Elapsed < 0.9 || e.Partial != "0 of 5 runs" {
		t.Errorf("os.Exit in the first run: %v, %q\n%s", fail, e.Partial, text)
	}
}

// perfSampled: samples have lines and instructions, also of what was inlined.
func perfSampled(t *testing.T, s *Session) {
	run(t, s, `var n, busy int
func small(i int) int { return i % 7 * i }
func burn(k int) {
	for i := range k {
		busy += small(i)
	}
}
func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}`) // the worker has died
	r, e, text, fail := measured[result.PerfRecord](t, s, "%perf record burn(300_000)")
	if fail != nil || e.Schema != "hpgo.perf-record.v1" || r.Samples < 100 || len(r.Instructions) == 0 {
		t.Fatalf("%v\n%s", fail, text)
	}
	if f := r.Functions[0]; f.Func != "burn" && f.Func != "small" {
		t.Errorf("the hottest function is %+v\n%s", f, text)
	}
	if i := r.Instructions[0]; i.Text == "" || i.File == "" || i.Line < 2 || i.Line > 6 {
		t.Errorf("the hottest instruction is %+v\n%s", i, text)
	}
	for _, i := range r.Instructions { // those of the runtime, too, which is in the worker
		if i.Text == "" && i.File != "" {
			t.Errorf("%+v has no text", i)
		}
	}
	a, _, text, fail := measured[result.PerfAnnotate](t, s, "%perf annotate -f burn -r 20 burn(300_000); fib(20)")
	if fail != nil || len(a.Functions) != 1 || a.Functions[0].Share < 0.5 || len(a.Functions[0].Lines) != 5 {
		t.Fatalf("%v\n%s", fail, text)
	}
	loop := a.Functions[0].Lines[2]
	samples := int64(0)
	for _, in := range loop.Instructions {
		samples += in.Samples
	}
	if loop.Text != "\t\tbusy += small(i)" || loop.Samples == 0 || samples < loop.Samples*9/10 || samples > loop.Samples*11/10 {
		t.Errorf("%d samples of %d instructions: %+v\n%s", samples, len(loop.Instructions), loop, text)
	}
	run(t, s, "if n != 0 { panic(n) }")
}

// perfSimulated: the instructions of a function are the same in three uses of the magic,
// and nothing is left of the program.
func perfSimulated(t *testing.T, s *Session) {
	if _, err := simulated.Find(t.Context()); err != nil {
		skip.Because(t, err.Error())
	}
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	var first int64
	for i := range 3 {
		p, _, text, fail := measured[result.Perf](t, s, "%perf stat --sim -r 2 -n 2 fib(15)")
		if fail != nil || p.Variants[0].Simulated == nil || len(p.Variants[0].Simulated.Functions) == 0 {
			t.Fatalf("%v\n%s", fail, text)
		}
		sim := p.Variants[0].Simulated
		f := sim.Functions[0]
		if first == 0 {
			first = f.Instructions
		}
		// fib(15) makes 1,973 calls of at least 5 instructions.
		if f.Func != "fib" || f.Instructions != first || f.Instructions < 2*1973*5 || sim.Runs != 2 {
			t.Errorf("use %d: %+v after %d instructions", i, f, first)
		}
		total := eventOf(sim.Events, "instructions")
		if total.Source != result.PerfModel || *total.Value < float64(first) || *total.PerOp != *total.Value/2 {
			t.Errorf("use %d: %+v", i, total)
		}
		if len(sim.Lines) < 3 || sim.Lines[0].Func != "fib" {
			t.Errorf("use %d: lines %+v", i, sim.Lines)
		}
	}
	run(t, s, "k := 100\nfunc squares(n int) (t int) { for i := range n { t += i * i }; return }")
	c, _, text, fail := measured[result.Instructions](t, s, "%compare --ir -r 2 squares(k) ; squares(k) ; squares(k + 1)")
	if fail != nil || len(c.Variants) != 3 || !c.Variants[0].Exact() || c.Variants[1].Verdict != result.VerdictEqual || c.Variants[2].Verdict != result.VerdictMore {
		t.Errorf("%v\n%s", fail, text)
	}
	ctx, stop := context.WithTimeout(context.Background(), 5*time.Second)
	defer stop()
	sink := &bundleSink{}
	if res := s.Execute(ctx, "%perf stat --sim -r 1 fib(38)", sink); res.Err == nil || len(sink.bundles) != 1 {
		t.Errorf("an interrupt: %v, %d bundles", res.Err, len(sink.bundles))
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range processes {
		if text, err := os.ReadFile(file); err == nil && strings.Contains(string(text), temp) {
			t.Errorf("%s is left: %q", file, text)
		}
	}
}
