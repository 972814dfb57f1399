package session_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/session"
)

// TestInterruptTwice: a cell in a system call needs the second interrupt, which
// costs the variables, and the user is told both.
func TestInterruptTwice(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("lost := 7")
	insisted := make(chan bool, 1)
	h := &heard{}
	h.onWrite = func(text string) {
		switch {
		case strings.Contains(text, "go\n"):
			go s.Interrupt()
		case strings.Contains(text, "can't be stopped") && len(insisted) == 0:
			insisted <- true
			go s.Interrupt()
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	r := s.Execute(ctx, "rd, wr, _ := os.Pipe()\nfmt.Println(\"go\")\nsyscall.Read(int(rd.Fd()), make([]byte, 1))\nwr.Close()", h)
	if r.Err == nil || r.Err.Name != "Interrupted" || len(insisted) == 0 {
		t.Fatalf("result %+v\n%s", r.Err, &h.text)
	}
	if trace := strings.Join(r.Err.Traceback, "\n"); !strings.Contains(trace, "second interrupt ended the worker") || !strings.Contains(trace, "variables are lost: lost") {
		t.Errorf("traceback\n%s", trace)
	}
	runSteps(t, s.Session, []magicStep{{"lost", `\[error\].*lost with the worker.*`}, {"1 + 1", `\[out\]2`}})
}

// TestTimeoutKeepsVariables: a deadline stops a cell as an interrupt does.
func TestTimeoutKeepsVariables(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("kept := 7")
	for _, code := range []string{"for i := 0; i >= 0; i++ { kept = 7 }", "select {}"} {
		ctx, cancel := context.WithTimeout(t.Context(), 4*time.Second)
		r := s.Execute(ctx, code, &heard{})
		cancel()
		if r.Err == nil || r.Err.Name != "Timeout" || !strings.Contains(strings.Join(r.Err.Traceback, "\n"), "variables are kept") {
			t.Errorf("%s: %v", code, r.Err)
		}
	}
	if got := s.must("kept"); got != "7" {
		t.Errorf("kept is %s", got)
	}
}

// TestInterruptedParts: what an interrupt ends and what it leaves.
func TestInterruptedParts(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	stopped := func(code string) string {
		t.Helper()
		r, h, _ := s.interrupt(code, 20*time.Millisecond)
		if r.Err == nil || r.Err.Name != "Interrupted" {
			t.Fatalf("%s\nresult %+v\n%s", code, r.Err, &h.text)
		}
		return h.text.String() + strings.Join(r.Err.Traceback, "\n")
	}
	want := func(code, want string) {
		t.Helper()
		if got := s.must(code); got != want {
			t.Errorf("%s gave %s, want %s", code, got, want)
		}
	}
	s.Interrupt() // between cells
	s.must("gate, ch, seen, after := make(chan int), make(chan int), make(chan int, 9), 0\nvar mu sync.Mutex")

	// A cell that is left behind ends when it wakes.
	before := s.must("runtime.NumGoroutine()")
	stopped("fmt.Println(\"go\")\n<-gate\nfor i := 0; i >= 0; i++ {\n\tafter++\n}")
	s.must("close(gate)")
	for deadline := time.Now().Add(patience); s.must("runtime.NumGoroutine()") != before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the goroutine that was left behind runs on")
		}
	}

	// Of what stands behind the place nothing runs, at once or when it wakes.
	for _, wait := range []string{"time.Sleep(time.Second)", "<-door", "door <- 1", "select {\ncase <-door:\ncase <-time.After(time.Second):\n}", "group.Wait()",
		"exec.Command(\"sleep\", \"100\").Run()"} {
		s.must("door, wrong := make(chan int), 0\nvar group sync.WaitGroup\ngroup.Add(1)")
		out := stopped("fmt.Println(\"go\")\n" + wait + "\nwrong = 1\nfmt.Println(\"wrong\")")
		s.must("select {\ncase door <- 1:\ncase <-door:\ndefault:\n}\ngroup.Done()\ntime.Sleep(1200 * time.Millisecond)")
		if strings.Contains(out, "[stdout]go\nwrong") || strings.Contains(out, "its end all the same") {
			t.Errorf("%s went on:\n%s", wait, out)
		}
		want("wrong", "0")
	}

	// A goroutine that waits is there for later cells, one that runs is stopped.
	out := stopped("go func() { for v := range ch { seen <- v } }()\nvar spun [2]int\ngo func() { for i := 0; i >= 0; i++ { spun[i&1]++ } }()\n" +
		"fmt.Println(\"go\")\nfor i := 0; i >= 0; i++ { after++ }")
	if !strings.Contains(out, "a goroutine that it had started was stopped") || strings.Contains(out, "nil pointer") {
		t.Errorf("output\n%s", out)
	}
	want("ch <- 5\n<-seen", "5")

	// Functions that are deferred in a loop run, and what recovers returns its
	// results, also when that takes a while.
	s.must("busy := 0")
	stopped("func listed() (ran []int, text string) {\n\tdefer func() { for range 3000000 { busy++ } }()\n\tdefer func() { recover() }()\n\tfor i := range 3 {\n\t\tdefer func() { ran = append(ran, i) }()\n\t}\n" +
		"\tfor i := 0; i >= 0; i++ {\n\t\ttext = \"ab\"[i&1:]\n\t\tif len(text) > 2 {\n\t\t\tbreak\n\t\t}\n\t}\n\treturn\n}\n" +
		"var ran []int\nvar text string\nfmt.Println(\"go\")\nran, text = listed()\nfor { after++ }")
	want("ran, len(text) <= 2", "([]int{2, 1, 0}, true)")

	// Deferred functions run, the context is cancelled, the last frame is shown.
	if out := stopped("import \"hpgo/kernel/display\"\nfunc locked() {\n\tmu.Lock()\n\tdefer mu.Unlock()\n\tdefer fmt.Println(\"released\")\n\tfor i := 0; i >= 0; i++ {\n\t\tafter++\n\t}\n}\n" +
		"live := &display.Live{Every: time.Hour}\nlive.Show(\"first\")\nlive.Show(\"last\")\nfmt.Println(\"go\")\nlocked()"); !strings.Contains(out, "released") || !strings.Contains(out, "last") {
		t.Errorf("output\n%s", out)
	}
	want("mu.TryLock()", "true")
	if out := stopped("fmt.Println(\"go\")\nexec.CommandContext(display.Context(), \"sleep\", \"100\").Run()"); !strings.Contains(out, "sleep") {
		t.Errorf("output\n%s", out)
	}
	want("display.Context().Err() == nil", "true")

	// Commands end with all that they started.
	if out := stopped("!echo go; sleep 100; echo later\nafter = -1"); strings.Contains(out, "later\n") {
		t.Errorf("output\n%s", out)
	}
	if out := stopped("%%bash\necho go\nsleep 100\necho later"); strings.Contains(out, "[stdout]later") {
		t.Errorf("output\n%s", out)
	}
	want("after >= 0", "true")

	// A second interrupt that a command gets costs no variables.
	h := &heard{}
	h.onWrite = func(text string) {
		if strings.Contains(text, "go\n") {
			go func() { s.Interrupt(); s.Interrupt() }()
		}
	}
	if r := s.Execute(t.Context(), "!trap '' INT; echo go; sleep 100", h); r.Err == nil || r.Err.Name != "Interrupted" {
		t.Errorf("result %+v", r.Err)
	}
	want("after >= 0", "true")
}

// TestInterruptBuild: a cell that is being compiled is given up at once.
func TestInterruptBuild(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("kept := 7")
	var b strings.Builder
	b.WriteString("func huge(m map[string][]float64) (x float64) {\n")
	for i := range 4000 {
		fmt.Fprintf(&b, "\tif v := m[\"%d\"]; len(v) > %d { x += v[%d] * x; m[\"%d\"] = append(v, x) }\n", i, i%7, i%5, i+1)
	}
	b.WriteString("\treturn x\n}\nhuge(nil)")
	done := make(chan session.Result, 1)
	go func() { done <- s.Execute(context.Background(), b.String(), &heard{}) }()
	time.Sleep(time.Second)
	at := time.Now()
	s.Interrupt()
	select {
	case r := <-done:
		if r.Err == nil || r.Err.Name != "Interrupted" {
			t.Errorf("result %+v", r.Err)
		}
		t.Logf("after %v", time.Since(at))
	case <-time.After(patience):
		t.Fatal("the compiler was not stopped")
	}
	if got := s.must("kept"); got != "7" {
		t.Errorf("kept is %s", got)
	}
}

// TestInterruptAtTheEnd: an interrupt that comes while a cell ends is its own or
// nobody's.
func TestInterruptAtTheEnd(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("n := 0")
	for i := range 40 {
		done := make(chan session.Result, 1)
		go func() {
			done <- s.Execute(context.Background(), "for i := range 100000 { n += i % 2 }\nn = 1", &heard{})
		}()
		time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
		s.Interrupt()
		if r := <-done; r.Err != nil && r.Err.Name != "Interrupted" {
			t.Fatalf("cell %d: %v", i, r.Err)
		}
		s.must("n = 0")
	}
}

// TestInterruptElsewhere stops cells in code that is not theirs: a module of the
// user's, and one that takes the signal of the hunt for itself.
func TestInterruptElsewhere(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("!mkdir -p own && cd own && go mod init example.com/own && printf 'package own\\n\\nvar n [4]int\\n\\nfunc Spin() {\\n\\tfor i := 0; i >= 0; i++ {\\n\\t\\tn[i&3]++\\n\\t}\\n}\\n' > own.go\n%use own")
	r, h, _ := s.interrupt("import \"example.com/own\"\nfmt.Println(\"go\")\nown.Spin()", 20*time.Millisecond)
	if r.Err == nil || r.Err.Name != "Interrupted" || !strings.Contains(strings.Join(r.Err.Traceback, "\n"), "own.Spin") {
		t.Errorf("result %+v\n%s", r.Err, &h.text)
	}
	s.must("signals := make(chan os.Signal, 9)\nsignal.Notify(signals, syscall.SIGUSR2)\nvar turns [2]int")
	r, h, _ = s.interrupt("fmt.Println(\"go\")\nfor i := 0; i >= 0; i++ { turns[i&1]++ }", 20*time.Millisecond)
	if r.Err == nil || r.Err.Name != "Interrupted" {
		t.Errorf("result %+v\n%s", r.Err, &h.text)
	}
	if got := s.must("syscall.Kill(os.Getpid(), syscall.SIGUSR2)\nfmt.Sprint(<-signals, len(signals))"); got != `"user defined signal 2 0"` {
		t.Errorf("the user's signals: %s", got)
	}
}

// TestInterruptCrew stops the parts of a loop that a crew of goroutines works on, and
// sees what a panic of a part costs: nothing.
func TestInterruptCrew(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("var sums [2]int\nbefore := runtime.NumGoroutine()")
	r, h, _ := s.interrupt("import \"hpgo/kernels/schedule\"\nfmt.Println(\"go\")\nschedule.Crew(2, func(w int) {\n\tfor i := 0; i >= 0; i++ {\n\t\tsums[w] += i & 1\n\t}\n})", 20*time.Millisecond)
	if r.Err == nil || r.Err.Name != "Interrupted" {
		t.Errorf("result %+v\n%s", r.Err, &h.text)
	}
	if got := s.must("time.Sleep(100 * time.Millisecond)\nruntime.NumGoroutine() <= before"); got != "true" {
		t.Errorf("goroutines are left: %s", s.must("stack := make([]byte, 100000)\nstring(stack[:runtime.Stack(stack, true)])"))
	}
	r = s.Execute(t.Context(), "schedule.Crew(2, func(w int) {\n\tif w == 0 {\n\t\tpanic(\"no room\")\n\t}\n})", &heard{})
	if r.Err == nil || r.Err.Name != "Panic" || !strings.Contains(r.Err.Value, "part 0 of the work: no room") {
		t.Errorf("result %+v", r.Err)
	}
	if got := s.must("len(sums)"); got != "2" {
		t.Errorf("the variables are gone: %s", got)
	}
}

// TestInterruptedLoops: how far a loop came can be seen after an interrupt; what
// a loop had not stored is named.
func TestInterruptedLoops(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("endless, inner, outer, flat := 0, 0, 0, 0")
	for _, tt := range []struct{ code, want, not, moved string }{
		{"for { endless++ }", "variables are kept", "as before", "endless > 1000"},
		{"for i := 0; i >= 0; i++ {\n\tfor range 9 {\n\t\tinner++\n\t}\n\touter++\n}", "variables are kept", "outer as before", "outer > 1000 && inner >= 9*outer"},
		{"for i := 0; i >= 0; i++ {\n\tflat++\n}", "kept, flat as before the loop", "----", "flat == 0"},
		{"func() {\n\tdefer func() { endless = -1 }()\n\tfor {\n\t\tinner++\n\t}\n}()", "variables are kept", "as before", "endless == -1"},
		{"for range 2 {\n\tgo func() { for {} }()\n}\nselect {}", "2 goroutines that it had started were stopped", "----", "true"},
	} {
		r, h, _ := s.interrupt("fmt.Println(\"go\")\n"+tt.code, 20*time.Millisecond)
		if r.Err == nil || r.Err.Name != "Interrupted" {
			t.Fatalf("%s\nresult %+v\n%s", tt.code, r.Err, &h.text)
		}
		trace := strings.Join(r.Err.Traceback, "\n")
		if strings.Contains(trace, tt.not) || !strings.Contains(trace, tt.want) {
			t.Errorf("%s\ntraceback\n%s", tt.code, trace)
		}
		if got := s.must(tt.moved); got != "true" {
			t.Errorf("%s\nleft endless, inner, outer, flat at %s", tt.code, s.must("endless, inner, outer, flat"))
		}
	}
}
