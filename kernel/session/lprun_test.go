package session

import (
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"hpgo/magics/harness/sampler"
	"hpgo/magics/result"
)

// TestLprun profiles functions line by line in a live session.
func TestLprun(t *testing.T) {
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run(t, s, lprunCells)
	t.Run("julia", func(t *testing.T) { lprunJulia(t, s) })
	t.Run("waiting", func(t *testing.T) { lprunWaiting(t, s) })
	t.Run("alloc", func(t *testing.T) { lprunAlloc(t, s) })
	t.Run("packages", func(t *testing.T) { lprunPackages(t, s) })
	t.Run("cell", func(t *testing.T) { lprunCell(t, s) })
	t.Run("faults", func(t *testing.T) { lprunFaults(t, s) })
}

const lprunCells = `func calc(maxiter int, zs, cs []complex128) []int {
	output := make([]int, len(zs))
	for i := 0; i < len(zs); i++ {
		n := 0
		z := zs[i]
		c := cs[i]
		for cmplx.Abs(z) < 2 && n < maxiter {
			z = z*z + c
			n++
		}
		output[i] = n
	}
	return output
}
func grid(width int) (zs, cs []complex128) {
	step := 3.6 / float64(width)
	for y := range width {
		for x := range width {
			zs = append(zs, complex(-1.8+float64(x)*step, 1.8-float64(y)*step))
			cs = append(cs, complex(-0.62772, -0.42193))
		}
	}
	return
}
func nap() {
	for range 3 {
		time.Sleep(10 * time.Millisecond)
	}
}
func fails(n int) {
	for i := range n {
		if i == 70 {
			panic(i)
		}
	}
}
func ends(n int) {
	for i := range n {
		time.Sleep(time.Millisecond)
		if i == 150 {
			os.Exit(3)
		}
	}
}
zs, cs := grid(60)
kept := 1`

// lprunJulia: the hits of line_profiler, and all the time that the process used.
func lprunJulia(t *testing.T, s *Session) {
	r, e, text, fail := measured[result.Lprun](t, s, "%lprun -budget 0.3 -f calc -s -f grid kept++; calc(30, zs, cs)")
	if fail != nil {
		t.Fatal(fail)
	}
	f := r.Function("calc")
	if f == nil || len(r.Functions) != 1 {
		t.Fatalf("functions: %+v", r.Functions)
	}
	want := map[int]uint64{2: 1, 3: 3601, 4: 3600, 5: 3600, 6: 3600, 7: 23934, 8: 20334, 9: 20334, 11: 3600, 13: 1}
	sum := 0.0
	for _, l := range f.Lines {
		if l.Hits != want[l.Line] {
			t.Errorf("line %d: %d hits, want %d: %s", l.Line, l.Hits, want[l.Line], l.Text)
		}
		sum += l.Time
	}
	if f.Line(7).Share < f.Line(8).Share || f.Calls != 1 || !strings.Contains(text, "Function: calc at line 1") {
		t.Errorf("got %s", text)
	}
	// The statement is calc and nothing else, so that its lines have the CPU time of
	// the process, but for its collector.
	var samples sampler.Run
	if data, err := json.Marshal(e.Samples); err != nil || json.Unmarshal(data, &samples) != nil {
		t.Fatalf("the samples: %v", err)
	}
	total := samples.Samples.Total() / float64(samples.Runs())
	if math.Abs(sum-f.Time) > 1e-9*sum || sum > total || sum < 0.5*total {
		t.Errorf("lines %g, function %g, process %g", sum, f.Time, total)
	}
	if samples.Samples.Scale > 0 && (r.Plain == 0 || math.Abs(total/r.PlainCPU-1) > 1e-6 || r.Overhead <= 0) {
		t.Errorf("%g s are shared, a plain run takes %g: %+v", total, r.PlainCPU, r.Sampling)
	}
	run(t, s, "if kept != 1 { panic(kept) }")
}

// lprunWaiting: a sleeping line has the time that it waits.
func lprunWaiting(t *testing.T, s *Session) {
	r, _, _, fail := measured[result.Lprun](t, s, "%lprun -wall -n 3 -f nap nap()")
	if fail != nil {
		t.Fatal(fail)
	}
	if f := r.Function("nap"); f == nil || f.Line(27).Share < 0.95 || f.Line(27).Hits != 3 || f.Line(26).Hits != 4 {
		t.Errorf("got %+v", r)
	}
}

// lprunAlloc: bytes and objects are exact.
func lprunAlloc(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Lprun](t, s, "%lprun -n 1 -alloc -f calc calc(30, zs, cs)")
	if fail != nil {
		t.Fatal(fail)
	}
	f := r.Function("calc")
	if a, b := f.Line(2).Alloc, f.Line(7).Alloc; a == nil || a.Bytes != 32768 || a.Objects != 1 || b == nil || b.Bytes != 0 || !strings.Contains(text, "32 KiB") {
		t.Errorf("got %s", text)
	}
}

// lprunPackages: functions of packages are counted in a copy that the session never
// meets again; through other packages, too.
func lprunPackages(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Lprun](t, s, "%lprun -n 2 -f math.Hypot -f time.Now calc(30, zs, cs)")
	if fail != nil {
		t.Fatal(fail)
	}
	f := r.Function("math.Hypot")
	if f == nil || f.Calls != 23934 || f.Unknown != "" {
		t.Errorf("calls of math.Hypot: %s", text)
	}
	if f := r.Function("time.Now"); f == nil || f.Unknown == "" || f.Hits != 0 {
		t.Errorf("time.Now can't be counted: %s", text)
	}
	run(t, s, "if math.Hypot(3, 4) != 5 || cmplx.Abs(3+4i) != 5 { panic(0) }")
}

// lprunCell: a whole cell with its functions, whose variables last.
func lprunCell(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Lprun](t, s, "%%lprun_all\nsum := 0\nfor i := range 10 {\n\tsum += twice(i)\n}\nfunc twice(i int) int {\n\treturn 2 * i\n}")
	if fail != nil {
		t.Fatal(fail)
	}
	top, twice := r.Function("<cell>"), r.Function("twice")
	if top == nil || twice == nil || top.Line(2).Hits != 1 || top.Line(3).Hits != 11 || top.Line(4).Hits != 10 || top.Line(7).Hits != 0 || twice.Line(7).Hits != 10 {
		t.Errorf("got %s", text)
	}
	run(t, s, "if sum != 90 || twice(2) != 4 { panic(sum) }")
}

// lprunFaults: a panic and the end of the worker leave a table, and nonsense one line.
func lprunFaults(t *testing.T, s *Session) {
	r, e, _, fail := measured[result.Lprun](t, s, "%lprun -f fails fails(100)")
	if fail == nil || fail.Name != "Panic" || r.Caught != "Panic" || r.Function("fails").Line(31).Hits != 71 || e.Partial == "" {
		t.Errorf("a panic: %v, %+v", fail, r)
	}
	for code, want := range map[string]string{
		"%lprun -f clac calc(1, nil, nil)":   "flag -f of %lprun: the session has no function clac; did you mean calc?",
		"%lprun -f math.Hypott 1":            "flag -f of %lprun: package math has no function Hypott; near it are math.Hypot, math.hypot",
		"%lprun -f 1+1 1":                    "flag -f of %lprun: \"1+1\" names no function",
		"%lprun -f kept 1":                   "flag -f of %lprun: kept is a variable",
		"%lprun -f nosuch.F 1":               "flag -f of %lprun: there is no package, type or variable nosuch",
		"%lprun -f calc return":              "return would leave the measured code",
		"%lprun -f calc calc(undefined)":     "undefined: undefined",
		"%%lprun_all":                        "%%lprun_all needs Go below its line",
		"%lprun -Z calc(1, nil, nil)":        "flag -Z of %lprun is unknown",
		"%lprun -f calc -m nosuch/x calc(1)": "flag -m of %lprun: there is no package nosuch/x",
	} {
		_, _, _, fail := measured[result.Lprun](t, s, code)
		if fail == nil || !strings.Contains(fail.Value, want) {
			t.Errorf("%s: %v, want %s", code, fail, want)
		}
	}
	r, _, _, fail = measured[result.Lprun](t, s, "%lprun -f ends ends(1000)")
	if fail == nil || fail.Name != "WorkerDied" || r.Caught != "SystemExit" || r.Function("ends").Line(39).Hits < 20 {
		t.Errorf("the end of the worker: %v, %+v", fail, r)
	}
}
