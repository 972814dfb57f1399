package session

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/magics/result"
)

// bundleSink keeps the bundles that a cell displays.
type bundleSink struct {
	streams
	bundles []display.Bundle
}

func (s *bundleSink) Display(e display.Event) { s.bundles = append(s.bundles, e.Bundle) }

// measured runs a cell with a magic that measures. It returns its result, the
// whole of its data, its text, and the cell's error.
func measured[T any](t *testing.T, s *Session, code string) (T, result.Envelope, string, *Error) {
	t.Helper()
	sink := &bundleSink{}
	res := s.Execute(context.Background(), code, sink)
	var r T
	var e result.Envelope
	for _, b := range sink.bundles {
		for mime, data := range b.Data {
			if strings.HasPrefix(mime, "application/vnd.hpgo.") {
				e.Result = &r
				if err := json.Unmarshal(data.(json.RawMessage), &e); err != nil {
					t.Fatalf("%s: %v", code, err)
				}
				return r, e, b.Data["text/plain"].(string), res.Err
			}
		}
	}
	return r, e, "", res.Err
}

// memorySession is a session with live variables and free memory between them.
func memorySession(t *testing.T) *Session {
	t.Helper()
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	run(t, s, `import "os"
func touch() {
	b := make([]byte, 50_000_000)
	for i := range b {
		b[i] = 1
	}
}
var big [][]byte
n := 0
func third() {
	touch()
	if n++; n == 3 {
		panic("the third")
	}
}
for i := range 200 {
	big = append(big, make([]byte, 1<<20))
	clear(big[i])
	if i%2 == 1 {
		big[i-1] = nil
	}
}`)
	return s
}

func run(t *testing.T, s *Session, code string) {
	t.Helper()
	if res := s.Execute(context.Background(), code, &streams{}); res.Err != nil {
		t.Fatalf("%s: %v", code, res.Err)
	}
}

func TestMemit(t *testing.T) {
	s := memorySession(t)
	// What other magics leave behind is free, and doesn't hide a part of the run.
	run(t, s, "%mprun -q -nohits touch()")
	for _, flags := range []string{"-r 3 -t 5", "-fresh"} {
		m, e, text, err := measured[result.Memit](t, s, "%memit "+flags+" touch()")
		if err != nil {
			t.Fatal(err)
		}
		if inc := float64(m.Increment) / (1 << 20); math.Abs(inc-50e6/(1<<20)) > 1 {
			t.Errorf("%s: increment %.2f MiB: %s", flags, inc, text)
		}
		for _, r := range m.Runs {
			if r.Bytes < 50_000_000 || r.Bytes > 50_100_000 || r.Live > 64<<10 || r.Live < -64<<10 {
				t.Errorf("%s: %+v", flags, r)
			}
		}
		if !strings.HasPrefix(text, m.String()+"\nallocated 47.69 MiB in ") || e.Schema != "hpgo.memit.v1" || m.Method != "VmHWM" {
			t.Errorf("%s: %s", flags, text)
		}
	}
	m, _, text, err := measured[result.Memit](t, s, "%memit -live -sizes big = append(big, make([]byte, 10<<20))")
	if err != nil || len(m.Survivors) != 1 || m.Survivors[0].Bytes < 10<<20 || m.Survivors[0].File != "cell 5" || len(m.Sizes) == 0 || !strings.Contains(text, "restored: big") {
		t.Errorf("survivors %+v, sizes %+v, %v: %s", m.Survivors, m.Sizes, err, text)
	}
	m, _, _, err = measured[result.Memit](t, s, "%memit -limit 120MB touch()")
	if err != nil || m.Limit == nil || !strings.Contains(m.Limit.Stacks, "touch") || len(m.Limit.Sites) == 0 {
		t.Errorf("limit %+v, %v", m.Limit, err)
	}
}

// TestMemoryKilled: a process that is killed leaves what it had sent, or a word of
// why there is nothing, and the next cell works.
func TestMemoryKilled(t *testing.T) {
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run(t, s, `import ("os"; "syscall"; "time")`)
	const kill = "syscall.Kill(os.Getpid(), syscall.SIGKILL); select {}"
	for code, want := range map[string]string{
		"%memit " + kill: "%memit: nothing to show: the process ended in the first run",
		"%mprun " + kill: "%mprun: nothing to show: the process ended before the statement did",
	} {
		sink := &bundleSink{}
		res := s.Execute(context.Background(), code, sink)
		if res.Err == nil || res.Err.Name != "WorkerDied" || len(sink.bundles) > 0 || !strings.HasPrefix(sink.text["stdout"], want) {
			t.Errorf("%s: %v, %q", code, res.Err, sink.text)
		}
	}
	m, e, text, err := measured[result.Mprof](t, s, "%mprof time.Sleep(500*time.Millisecond); "+kill)
	if err == nil || err.Name != "WorkerDied" || len(m.Samples) < 2 || e.Partial == "" || !strings.Contains(text, "method sampled") {
		t.Errorf("%v, %q: %s", err, e.Partial, text)
	}
}

// TestMemitUnwritten: memory that nobody writes is no resident memory, which is said.
func TestMemitUnwritten(t *testing.T) {
	s := memorySession(t)
	const said = "the heap grew by 47.6"
	if _, _, text, err := measured[result.Memit](t, s, "%memit touch()"); err != nil || strings.Contains(text, said) {
		t.Errorf("%v, %s", err, text)
	}
	// The runtime clears memory that it takes for used, now and then also what the
	// system has just given it: then all of it is written, and said to be.
	for tries := 1; ; tries++ {
		_, _, text, err := measured[result.Memit](t, s, "%memit -fresh make([]byte, 50_000_000)")
		if err == nil && strings.Contains(text, said) {
			break
		}
		if err != nil || tries == 5 {
			t.Fatalf("%v, %s", err, text)
		}
	}
}

// interruptAt interrupts the session when a file is there, whose name it returns.
func interruptAt(t *testing.T, s *Session) string {
	mark := filepath.Join(t.TempDir(), "mark")
	go func() {
		for t.Context().Err() == nil {
			if _, err := os.Stat(mark); err == nil {
				s.Interrupt()
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
	}()
	return mark
}

func TestMemitCutShort(t *testing.T) {
	s := memorySession(t)
	m, e, text, err := measured[result.Memit](t, s, "%memit -r 7 third()")
	if err == nil || err.Name != "Panic" || len(m.Runs) != 2 || e.Partial != "2 of 7 runs" || !strings.Contains(text, "run 3, until it was cut short: peak memory: ") {
		t.Errorf("a panic: %v, %s", err, text)
	}
	began, mark := time.Now(), interruptAt(t, s)
	m, e, _, err = measured[result.Memit](t, s, fmt.Sprintf("%%memit -r 1000 touch(); if n++; n == 9 { os.WriteFile(%q, nil, 0o666); for n > 0 {} }", mark))
	if err == nil || err.Name != "Interrupted" || len(m.Runs) == 0 || e.Partial == "" || time.Since(began) > 20*time.Second {
		t.Errorf("an interrupt: %v, %d runs, %q", err, len(m.Runs), e.Partial)
	}
	run(t, s, "n = 0")
	m, e, _, err = measured[result.Memit](t, s, "%memit -r 5 touch(); if n++; n == 3 { os.Exit(1) }")
	if err == nil || len(m.Runs) != 2 || e.Partial != "2 of 5 runs" {
		t.Errorf("an exit: %v, %d runs, %q", err, len(m.Runs), e.Partial)
	}
	for code, want := range map[string]string{
		"%memit":                       "%memit needs a statement to measure; usage: %memit [flags] STATEMENT",
		"%memit -Z 1":                  "flag -Z of %memit is unknown; usage:",
		"%memit -r 0 1":                `flag -r of %memit: "0" is less than 1; usage:`,
		"%memit -r x 1":                `flag -r of %memit: "x" is not a whole number; usage:`,
		"%memit -limit lots 1":         `flag --limit of %memit: "lots" is not a size such as 200MB, 1.5GiB or 4096; usage:`,
		"%memit nowhere()":             "undefined: nowhere",
		"%%memit\nfor { return }":      "return",
		"%memit -D /nowhere/x touch()": "flag -D of %memit: there is no directory",
	} {
		_, _, _, err := measured[result.Memit](t, s, code)
		if err == nil || !strings.Contains(err.Value, want) {
			t.Errorf("%q: %v, want %s", code, err, want)
		}
	}
}

func TestMprof(t *testing.T) {
	s := memorySession(t)
	run(t, s, `import "time"
type filler interface{ Fill(n int) }
type T struct{}
func (T) Fill(n int) { fill(n) }
func fill(n int) { for range n { touch(); time.Sleep(time.Millisecond) } }
func work(f filler) {
	prof.Region("create list", func() { f.Fill(1) })
	defer prof.Start("calculate output").End()
	f.Fill(2)
}`)
	names := func(m result.Mprof) (out []string) {
		for _, r := range m.Regions {
			out = append(out, fmt.Sprintf("%s %d", r.Name, r.Depth))
		}
		return out
	}
	dat := filepath.Join(t.TempDir(), "x.dat")
	m, _, text, err := measured[result.Mprof](t, s, "%mprof -f fill -f T.Fill -name one -D "+dat+" work(T{})")
	want := "create list 0|T.Fill 1|fill 2|calculate output 0|T.Fill 1|fill 2"
	if got := strings.Join(names(m), "|"); err != nil || got != want {
		t.Fatalf("%v, regions %s: %s", err, got, text)
	}
	if rise := m.Peak - m.Baseline; rise < 47<<20 || rise > 150<<20 || m.Method != "VmHWM" || m.Readings < 5 {
		t.Errorf("rise %d, %s", rise, text)
	}
	if data, err := os.ReadFile(dat); err != nil || !strings.HasPrefix(string(data), "CMDLINE %mprof work(T{})\nFUNC create_list ") || !strings.Contains(string(data), "\nMEM ") {
		t.Errorf("%s: %v", data, err)
	}
	// The functions are without regions again, also those called through interfaces.
	m, e, text, err := measured[result.Mprof](t, s, "%%mprof -base one var f filler = T{}\nf.Fill(1)\nprof.Region(\"own\", func() { panic(\"here\") })")
	if got := strings.Join(names(m), "|"); err == nil || err.Name != "Panic" || got != "own 0" || !strings.HasPrefix(e.Partial, "the first ") {
		t.Errorf("%v, regions %s: %s", err, got, text)
	}
	m, e, text, err = measured[result.Mprof](t, s, "%mprof touch(); time.Sleep(1100 * time.Millisecond); os.Exit(3)")
	if err == nil || m.Method != "VmHWM" || m.Seconds < 0.6 || m.Peak < 50_000_000 || e.Partial == "" {
		t.Errorf("%v, %s", err, text)
	}
	run(t, s, fmt.Sprintf("mark := %q\nfunc waits() { os.WriteFile(mark, nil, 0o666); for i := 0; ; i++ { if i < 0 { return } } }\nfunc touch() { clear(make([]byte, 50_000_000)) }", interruptAt(t, s)))
	m, e, text, err = measured[result.Mprof](t, s, "%%mprof -f waits\ntouch()\nwaits()")
	if err == nil || err.Name != "Interrupted" || len(m.Regions) != 1 || m.Regions[0].Name != "waits" || m.Peak-m.Baseline < 47<<20 || e.Partial == "" {
		t.Errorf("an interrupt: %v, %s", err, text)
	}
	run(t, s, fmt.Sprintf("mark = %q", interruptAt(t, s)))
	u, e, text, err := measured[result.Mprun](t, s, "%%mprun\ntouch()\nwaits()")
	if err == nil || err.Name != "Interrupted" || u.Function("touch") == nil || u.Function("touch").Bytes != 50_003_968 || e.Partial == "" {
		t.Errorf("an interrupt of %%mprun: %v, %s", err, text)
	}
	// A cell that exits reports as one that panics does.
	u, e, text, err = measured[result.Mprun](t, s, "%mprun touch(); os.Exit(4)")
	if err == nil || err.Name != "WorkerDied" || u.Function("touch") == nil || u.Function("touch").Bytes != 50_003_968 || e.Partial == "" {
		t.Errorf("an exit of %%mprun: %v, %s", err, text)
	}
	run(t, s, "1 + 1")
	for code, want := range map[string]string{
		"%mprof -T 0 1":            `flag -T of %mprof: "0" is less than 1e-05`,
		"%mprof -f nope 1":         "flag -f of %mprof: the session has no function nope",
		"%mprof -f math.Hypot 1":   "flag -f of %mprof: math.Hypot is not of the session; put the call of it in prof.Region",
		"%mprof -base nope 1":      `flag --base of %mprof: no result of it is kept under "nope"; there are one; usage`,
		"%%mprof -name x a := 1\n": "needs Go below its line",
	} {
		if _, _, _, err := measured[result.Mprof](t, s, code); err == nil || !strings.Contains(err.Value, want) {
			t.Errorf("%q: %v, want %s", code, err, want)
		}
	}
}

func TestMprun(t *testing.T) {
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run(t, s, `import "bytes"
func coordinates(n int) []complex128 {
	var zs []complex128
	for i := range n {
		zs = append(zs, complex(float64(i), 0))
	}
	return zs
}
func onStack() int {
	b := make([]byte, 64)
	return len(b)
}
type maker interface{ Make() *[100]int }
type M struct{}
func (M) Make() *[100]int { return new([100]int) }
var made []*[100]int
var zs []complex128`)
	for _, flags := range []string{"-nohits", "", "-fresh -nohits"} {
		m, _, text, err := measured[result.Mprun](t, s, "%mprun "+flags+" -f coordinates zs = coordinates(1_000_000)")
		if err != nil || len(m.Functions) != 1 {
			t.Fatalf("%s: %v %s", flags, err, text)
		}
		l := m.Functions[0].Line(5)
		if l.Bytes != 88_036_544 || l.Objects != 37 || l.Live != 16*1_109_504 || l.LiveMax || m.Bytes != l.Bytes {
			t.Errorf("%s: %+v\n%s", flags, l, text)
		}
		if flags == "" && (l.Why != "returned" || l.Hits == nil || *l.Hits != 1_000_000 || *m.Functions[0].Line(4).Hits != 1_000_001 || !strings.Contains(text, "   88,036,544        37   2,379,366   17,752,064   1,000,000")) {
			t.Errorf("%+v\n%s", l, text)
		}
	}
	for range 2 { // what the first one made is freed in the second
		m, _, text, err := measured[result.Mprun](t, s, "%%mprun -keep var f maker = M{}\nmade = nil\nfor range 10 {\n\tmade = append(made, f.Make())\n}\nonStack()")
		if err != nil || len(m.Functions) != 2 {
			t.Fatalf("%v\n%s", err, text)
		}
		f := m.Function("M.Make")
		if f == nil || f.Bytes != 8960 || f.Objects != 10 || f.Live != 8960 || *f.Lines[0].Hits != 10 {
			t.Errorf("%+v\n%s", f, text)
		}
	}
	m, _, text, err := measured[result.Mprun](t, s, "%mprun -all -f bytes.(*Buffer).grow var b bytes.Buffer; for range 1000 { b.WriteString(\"hello, world\") }; onStack()")
	if f := m.Function("bytes.(*Buffer).grow"); err != nil || f == nil || f.Bytes != 32_704 || f.Objects != 9 || f.Lines[1].Hits == nil || *f.Lines[1].Hits == 0 || !m.Function("onStack").Line(10).Stack {
		t.Errorf("%v\n%s", err, text)
	}
	m, e, text, err := measured[result.Mprun](t, s, "%mprun -f coordinates coordinates(1000); panic(1)")
	if err == nil || err.Name != "Panic" || m.Functions[0].Objects != 10 || m.Objects > 12 || e.Partial == "" {
		t.Errorf("%v\n%s", err, text)
	}
	run(t, s, "times := 0\nvar made8k []int\nfunc onlyOnce() {\n\tif times++; times > 1 {\n\t\tpanic(times)\n\t}\n\tmade8k = make([]int, 1024)\n}")
	m, e, text, err = measured[result.Mprun](t, s, "%mprun -f onlyOnce onlyOnce()")
	if err == nil || m.Bytes != 8192 || !strings.HasPrefix(e.Partial, "all that was allocated; ") {
		t.Errorf("a panic in the run that counts: %v\n%s", err, text)
	}
	if _, _, _, err := measured[result.Mprun](t, s, "%mprun -f nope coordinates(1)"); err == nil || !strings.Contains(err.Value, "flag -f of %mprun: the session has no function nope") {
		t.Error(err)
	}
}
