package worker

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestPanics(t *testing.T) {
	w := start(t, Options{})
	tests := []struct {
		args          []string
		value, goType string
		function      string // of the innermost frame, its end
	}{
		{[]string{"panic"}, "boom", "string", "behave.init.func"},
		{[]string{"index", "5"}, "runtime error: index out of range [5] with length 3", "runtime.boundsError", "behave.index"},
		{[]string{"nilmap"}, "assignment to entry in nil map", "runtime.plainError", "behave.init.func"},
		{[]string{"nilptr"}, "runtime error: invalid memory address or nil pointer dereference", "runtime.errorString", "behave.init.func"},
		{[]string{"error"}, "wrapped: failure in test", "*fmt.wrapError", "behave.init.func"},
		{[]string{"code"}, "behave.code(7)", "behave.code", "behave.init.func"},
		{[]string{"nil"}, "panic called with nil argument", "*runtime.PanicNilError", "behave.init.func"},
		{[]string{"repanic"}, "again: first", "string", "behave.init.func"},
		{[]string{"no such action"}, "no action no such action", "string", "behave.Run"},
	}
	for _, tt := range tests {
		t.Run(tt.args[0], func(t *testing.T) {
			_, reply := must(t, w, tt.args...)
			p := reply.Panic
			if p == nil {
				t.Fatal("no panic")
			}
			if p.Value != tt.value || p.GoType != tt.goType || p.Goroutine || p.Loading {
				t.Errorf("got %+v", *p)
			}
			checkFrames(t, p.Frames, tt.function)
			if last := p.Frames[len(p.Frames)-1].Func; !strings.HasSuffix(last, ".Cell") {
				t.Errorf("the stack ends with %s", last)
			}
		})
	}
	if r, _ := must(t, w, "count"); r.String() != "1" {
		t.Errorf("the worker did not survive: %q", r)
	}
}

func TestPanicWhileLoading(t *testing.T) {
	w := start(t, Options{})
	c := Call{Object: built.initPanic, Symbol: "Cell", Args: []string{"cell"}}
	reply, err := w.Call(t.Context(), c, &record{})
	if err != nil || reply.Panic == nil || !reply.Panic.Loading || !strings.Contains(reply.Panic.Value, "index out of range [6]") {
		t.Fatalf("got %+v, %v", reply, err)
	}
	if n := len(reply.Panic.Frames); n != 1 || !strings.HasSuffix(reply.Panic.Frames[0].Func, ".init") {
		t.Errorf("frames %+v", reply.Panic.Frames)
	}
	// Package plugin would wait for ever.
	if _, err := w.Call(t.Context(), c, &record{}); err == nil || !strings.Contains(err.Error(), "an earlier attempt to load it failed") {
		t.Errorf("again: %v", err)
	}
	must(t, w, "hello")
}

func checkFrames(t *testing.T, frames []Frame, innermost string) {
	t.Helper()
	if len(frames) == 0 || !strings.Contains(frames[0].Func, innermost) {
		t.Fatalf("frames %v, want %s on top", frames, innermost)
	}
	for _, f := range frames {
		if strings.Contains(f.Func, "worker/child") || strings.Contains(f.Func, "guard") || f.Line == 0 || f.File == "" {
			t.Errorf("frame %+v", f)
		}
	}
}

func TestPanicInGoroutine(t *testing.T) {
	w := start(t, Options{})
	r, reply := must(t, w, "goroutine")
	if reply.Panic != nil || len(r.panics) != 1 {
		t.Fatalf("reply %+v, panics %v", reply, r.panics)
	}
	p := r.panics[0]
	if p.Value != "in a goroutine" || p.GoType != "*errors.errorString" || !p.Goroutine {
		t.Errorf("got %+v", p)
	}
	if r.String() != "before\n(panic: in a goroutine)" {
		t.Errorf("order: %q", r)
	}
	checkFrames(t, p.Frames, "behave.init.func")
}

func TestGoexit(t *testing.T) {
	w := start(t, Options{})
	r, reply := must(t, w, "goexit")
	if !reply.Goexit || reply.Panic != nil || r.String() != "deferred" {
		t.Errorf("reply %+v, output %q", reply, r)
	}
	must(t, w, "hello")
}

func TestLoadErrors(t *testing.T) {
	w := start(t, Options{})
	for _, tt := range []struct{ object, symbol, message string }{
		{"nothing.so", "Cell", "load the cell"},
		{built.worker, "Cell", "load the cell"},
		{built.cell, "Nothing", "look up the cell's entry"},
		{built.cell, "Wrong", "is a func(int), want func()"},
	} {
		_, err := w.Call(t.Context(), Call{Object: tt.object, Symbol: tt.symbol}, &record{})
		if e, ok := err.(*LoadError); !ok || !strings.Contains(e.Message, tt.message) || e.Object != tt.object {
			t.Errorf("%s %s: %v", tt.object, tt.symbol, err)
		}
	}
	_, err := w.Call(t.Context(), Call{Object: built.cell, Symbol: "Cell", Dir: "/no/such/directory"}, &record{})
	if _, ok := err.(*LoadError); !ok {
		t.Errorf("directory: %v", err)
	}
	r := &record{}
	if _, err := w.Call(t.Context(), Call{Object: built.cell, Symbol: "Held", Args: []string{"cell", "hello"}}, r); err != nil || r.out.String() != "hello\n" {
		t.Errorf("entry in a variable: %v, %q", err, r)
	}
}

func TestSurroundings(t *testing.T) {
	w := start(t, Options{Env: []string{"A=1", "B=2"}, Dir: t.TempDir()})
	call := func(c Call, args ...string) (string, Reply) {
		t.Helper()
		c.Object, c.Symbol, c.Args = built.cell, "Cell", append([]string{"prog"}, args...)
		r := &record{}
		reply, err := w.Call(t.Context(), c, r)
		if err != nil {
			t.Fatal(err)
		}
		if reply.Panic != nil {
			return "panic: " + reply.Panic.Value, reply
		}
		return r.String(), reply
	}
	want := func(got, want string) {
		t.Helper()
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	got, _ := call(Call{}, "env", "A")
	want(got, "1true")
	got, _ = call(Call{Env: map[string]string{"A": "3"}, Unset: []string{"B"}}, "env", "A")
	want(got, "3true")
	got, _ = call(Call{}, "env", "B")
	want(got, "false")
	got, _ = call(Call{}, "env", "HPGO_WORKER")
	want(got, "false")
	dir, _ := filepath.EvalSymlinks(t.TempDir())
	got, reply := call(Call{Dir: dir}, "pwd")
	want(got, dir)
	want(reply.Dir, dir)
	got, _ = call(Call{}, "pwd")
	want(got, dir)

	// Flags: fresh in each cell, and those of earlier cells where mentioned.
	for range 2 {
		got, _ = call(Call{}, "flags")
		want(got, "1 [flags]prog")
	}
	got, _ = call(Call{}, "parse")
	want(got, "false")
	c := Call{Object: built.cell, Symbol: "Cell", Args: []string{"prog", "parse", "-n=7"}}
	// The action comes first for these cells, and ends the flags; so mention it
	// behind, as a user's program would before.
	r := &record{}
	if _, err := w.Call(t.Context(), c, r); err != nil {
		t.Fatal(err)
	}
	want(r.String(), "true1")
}

func TestGrandchildren(t *testing.T) {
	// A worker's own pipes may take the numbers of what it inherits.
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range open {
		if n, err := strconv.Atoi(f.Name()); err == nil && n > 2 {
			syscall.CloseOnExec(n)
		}
	}
	w := start(t, Options{})
	r, _ := must(t, w, "descriptors")
	// The same program started from here shows what it has anyway.
	out, err := exec.Command("ls", "/proc/self/fd").Output()
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprint(strings.Fields(string(out)), err); r.String() != want {
		t.Errorf("descriptors of a program that a cell starts: %s, want %s", r, want)
	}
	r, _ = must(t, w, "grandchild")
	pid, err := strconv.Atoi(r.String())
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	waitUntil(t, func() bool { return !running(pid) })
}

// running says whether a process exists and is no zombie.
func running(pid int) bool {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return false
	}
	_, rest, _ := strings.Cut(string(data), ") ")
	return !strings.HasPrefix(rest, "Z")
}

// TestParentDies kills a kernel and looks whether its worker ends.
func TestParentDies(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	kernel := exec.Command(self)
	kernel.Env = append(os.Environ(), "HPGO_TEST_FAKE=kernel", "HPGO_TEST_WORKER="+built.worker, "HPGO_TEST_CELL="+built.cell)
	out, err := kernel.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := kernel.Start(); err != nil {
		t.Fatal(err)
	}
	var worker, grandchild int
	if _, err := fmt.Fscan(out, &worker, &grandchild); err != nil {
		t.Fatal(err)
	}
	if !running(worker) || !running(grandchild) {
		t.Fatal("they do not run")
	}
	kernel.Process.Kill()
	kernel.Wait()
	waitUntil(t, func() bool { return !running(worker) && !running(grandchild) })
}

func TestNothingLeaks(t *testing.T) {
	count := func() (fds, goroutines int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), countGoroutines()
	}
	cycle := func(i int) {
		w, err := Start(t.Context(), Options{Exe: built.worker})
		if err != nil {
			t.Fatal(err)
		}
		pid := w.PID()
		switch i % 4 {
		case 0:
			must(t, w, "hello")
		case 1:
			do(t, w, "exit", "1")
		case 2:
			do(t, w, "garbage")
		}
		w.Close()
		w.Close()
		if err := syscall.Kill(pid, 0); err != syscall.ESRCH {
			t.Errorf("process %d: %v", pid, err)
		}
	}
	cycle(0) // whatever the runtime sets up once
	fds, goroutines := count()
	for i := range 20 {
		cycle(i)
	}
	waitUntil(t, func() bool { f, g := count(); return f <= fds && g <= goroutines })
}

func TestUsage(t *testing.T) {
	w := start(t, Options{})
	must(t, w, "hello")
	var u Usage
	var err error
	// The goroutine of a call may still be ending when its answer is here.
	waitUntil(t, func() bool {
		u, err = w.Usage(t.Context())
		return err != nil || u.Goroutines == 1
	})
	if err != nil {
		t.Fatal(err)
	}
	if u.RSS < 1<<20 || u.PeakRSS < u.RSS || u.Loaded != 1 {
		t.Errorf("got %+v", u)
	}
	w.Close()
	if _, err := w.Usage(t.Context()); IsDied(err) == nil {
		t.Errorf("after Close: %v", err)
	}
}

func TestRun(t *testing.T) {
	run := func(args ...string) (*record, Reply, error) {
		r := &record{}
		reply, err := Run(t.Context(), Options{Exe: built.oneshot, MemoryLimit: 2 << 30},
			Call{Cell: 3, Args: append([]string{"prog"}, args...)}, r)
		return r, reply, err
	}
	if r, reply, err := run("displays", "3"); err != nil || r.String() != "<0>[0]<1>[1]<2>[2]end" || reply.RunTime <= 0 {
		t.Errorf("displays: %v, %q, %+v", err, r, reply)
	}
	if _, reply, err := run("index", "9"); err != nil || reply.Panic == nil || reply.Panic.Frames[0].Func != "hpgo/kernel/worker/testdata/behave.index" {
		t.Errorf("panic: %v, %+v", err, reply)
	}
	if r, _, err := run("exit", "0"); err != nil || r.String() != "bye" {
		t.Errorf("exit 0: %v, %q", err, r)
	}
	if _, _, err := run("exit", "3"); IsDied(err) == nil || IsDied(err).ExitCode != 3 {
		t.Errorf("exit 3: %v", err)
	}
	if _, reply, err := run("goexit"); err != nil || !reply.Goexit {
		t.Errorf("goexit: %v, %+v", err, reply)
	}
	if _, _, err := run("mapwrite"); IsDied(err) == nil || IsDied(err).Reason != Fatal {
		t.Errorf("fatal: %v", err)
	}
}

// TestByHand runs a one-shot program and a worker without a kernel.
func TestByHand(t *testing.T) {
	out, err := exec.Command(built.oneshot, "displays", "1").CombinedOutput()
	if err != nil || string(out) != "<0>0\nend" {
		t.Errorf("one-shot: %v, %q", err, out)
	}
	out, err = exec.Command(built.worker).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "hpgo help") {
		t.Errorf("worker: %v, %q", err, out)
	}
}

func TestCallsTakeTurns(t *testing.T) {
	w := start(t, Options{})
	done := make(chan error, 8)
	for range cap(done) {
		go func() {
			_, _, err := do(t, w, "lines", "10")
			done <- err
		}()
	}
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestSlowSink(t *testing.T) {
	w := start(t, Options{})
	s := &slow{delay: time.Millisecond}
	if _, err := w.Call(t.Context(), Call{Object: built.cell, Symbol: "Cell", Args: []string{"cell", "flood", "200"}}, s); err != nil {
		t.Fatal(err)
	}
	if s.out.Len() != 200*64<<10 {
		t.Errorf("%d bytes", s.out.Len())
	}
}

// slow is a sink that takes its time.
type slow struct {
	record
	delay time.Duration
}

func (s *slow) Stream(name, text string) {
	time.Sleep(s.delay)
	s.record.Stream(name, text)
}
