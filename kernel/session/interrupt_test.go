package session_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/session"
)

// patience is far more than an interrupt may take; the figures are measured
// elsewhere.
const patience = 15 * time.Second

// stopped is a session whose cells are interrupted.
type stopped struct {
	t *testing.T
	*session.Session
}

func newStopped(t *testing.T) stopped {
	t.Helper()
	return stopped{t, startIn(t, t.TempDir())}
}

// must runs a cell that succeeds and returns the text of its value.
func (s stopped) must(code string) string {
	s.t.Helper()
	r := s.Execute(context.Background(), code, &heard{})
	if r.Err != nil {
		s.t.Fatalf("%s\n%s", code, strings.Join(r.Err.Traceback, "\n"))
	}
	if r.Value == nil {
		return ""
	}
	text, _ := r.Value.Data["text/plain"].(string)
	return text
}

// interrupt runs a cell, interrupts it some time after it printed "go", and
// returns what came of it and how long the interrupt took.
func (s stopped) interrupt(code string, after time.Duration) (session.Result, *heard, time.Duration) {
	s.t.Helper()
	began := make(chan time.Time, 1)
	h := &heard{onWrite: func(text string) {
		if strings.Contains(text, "go") && len(began) == 0 {
			began <- time.Now()
		}
	}}
	done := make(chan session.Result, 1)
	go func() { done <- s.Execute(context.Background(), code, h) }()
	var at time.Time
	select {
	case <-began:
		time.Sleep(after)
		at = time.Now()
		s.Interrupt()
	case r := <-done:
		s.t.Fatalf("the cell ended before it was interrupted: %+v, %v\n%s", r.Value, r.Err, &h.text)
	}
	select {
	case r := <-done:
		return r, h, time.Since(at)
	case <-time.After(patience):
		s.Interrupt() // this long after the first it asks once more
		s.Interrupt()
		<-done
		s.t.Fatalf("not interrupted: %s\n%s", code, &h.text)
		panic("unreachable")
	}
}

// stops are cells that run for ever, with a word of the traceback each. Of a loop
// that nothing can leave the compiler makes an empty one, so that most count.
var stops = []struct{ name, code, trace string }{
	{"tight loop", "println(\"go\")\nfor i := 0; ; i++ {\n}", "--> "},
	{"empty loop", "fmt.Println(\"go\")\nfor {\n}", "for {"},
	{"allocating loop", "fmt.Println(\"go\")\nvar keep [][]byte\nfor {\n\tkeep = append(keep[:min(len(keep), 100)], make([]byte, 1000))\n}", "append(keep"},
	{"map loop", "fmt.Println(\"go\")\nm := map[int]int{}\nfor i := 0; ; i++ {\n\tm[i%1000]++\n}", "m[i%1000]++"},
	{"sort with callback", "fmt.Println(\"go\")\nnums := make([]int, 1<<16)\nfor {\n\tfor i := range nums { nums[i] = i * 7919 % 65521 }\n\tsort.Slice(nums, func(i, j int) bool { return nums[i] < nums[j] })\n}", "nums"},
	{"callback without jumps", "fmt.Println(\"go\")\nfor {\n\tslices.SortFunc(make([]int, 1<<26), func(a, b int) int { return a - b })\n}", "a - b"},
	{"fmt and strings", "fmt.Println(\"go\")\nfor i := 0; ; i++ {\n\t_ = strings.ToUpper(fmt.Sprintf(\"%d %s\", i, strings.Repeat(\"x\", i%100)))\n}", "Sprintf"},
	{"json", "fmt.Println(\"go\")\nvalue := map[string]any{\"a\": []int{1, 2, 3}, \"b\": map[string]string{\"c\": \"d\"}}\nfor {\n\t_, _ = json.Marshal(value)\n}", "json.Marshal"},
	{"regexp", "fmt.Println(\"go\")\nre := regexp.MustCompile(`(a+)+b`)\nfor {\n\tre.FindString(strings.Repeat(\"a\", 200))\n}", "re.FindString"},
	{"recursion", "func walk(n int) int {\n\tif n == 0 { return 1 }\n\treturn walk(n-1) + walk(n-1)\n}\nfmt.Println(\"go\")\nwalk(60)", "walk"},
	{"method through interface", "type turner interface{ turn(int) int }\ntype wheel struct{ n int }\nfunc (w *wheel) turn(by int) int { w.n += by; return w.n }\nfmt.Println(\"go\")\nvar tn turner = &wheel{}\nfor { tn.turn(1) }", "turn"},
	{"generic function", "func spin[T int | float64](x T) T {\n\tfor i := 0; ; i++ {\n\t\tx += T(i)\n\t}\n}\nfmt.Println(\"go\")\nspin(1.5)", "spin"},
	{"function with defer", "func held(p []int) {\n\tdefer fmt.Println(\"released\")\n\tfor i := 0; ; i++ {\n\t\tp[i%3]++\n\t}\n}\nfmt.Println(\"go\")\nheld(make([]int, 3))", "held"},
	{"list of deferred calls", "func listed(p []int) (done []int) {\n\tfor i := range 3 {\n\t\tdefer func() { done = append(done, i) }()\n\t}\n\tfor i := 0; ; i++ {\n\t\tp[i%3]++\n\t}\n}\nfmt.Println(\"go\")\nlisted(make([]int, 3))", "listed"},
	{"channel", "c := make(chan int)\nfmt.Println(\"go\")\nfmt.Println(<-c)", "chan receive"},
	{"select", "fmt.Println(\"go\")\nselect {}", "select"},
	{"sleep", "fmt.Println(\"go\")\ntime.Sleep(time.Hour)", "sleep"},
	{"mutex", "var mu sync.Mutex\nmu.Lock()\nfmt.Println(\"go\")\nmu.Lock()", "sync.Mutex.Lock"},
	{"wait group", "var wg sync.WaitGroup\nwg.Add(1)\nfmt.Println(\"go\")\nwg.Wait()", "sync.WaitGroup.Wait"},
	{"working goroutines", "var spun [4]int\nvar team sync.WaitGroup\nfmt.Println(\"go\")\nfor range 4 {\n\tteam.Go(func() { for i := 0; i >= 0; i++ { spun[i&3]++ } })\n}\nteam.Wait()", "4 goroutines"},
	{"program", "fmt.Println(\"go\")\nerr := exec.Command(\"sleep\", \"100\").Run()\npanic(err)", "-->"},
	{"network", "ln, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\nfmt.Println(\"go\")\nln.Accept()", "IO wait"},
	{"sleeping loop", "fmt.Println(\"go\")\nfor i := 0; ; i++ {\n\ttime.Sleep(5 * time.Millisecond)\n}", "time.Sleep"},
	{"recovering loop", "var caught [2]int\nfunc careful() {\n\tdefer func() { recover() }()\n\tfor i := 0; i >= 0; i++ {\n\t\tcaught[i&1]++\n\t}\n}\nfmt.Println(\"go\")\nfor {\n\tcareful()\n}", "-->"},
	{"under a magic", "%%time\nfmt.Println(\"go\")\nfor i := 0; ; i++ {\n}", "-->"},
}

// TestInterrupt interrupts all kinds of cells in one session, whose variables
// stay.
func TestInterrupt(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	s := newStopped(t)
	s.must("kept := map[string]int{\"a\": 1}\nsum := 40")
	sum := 41
	for _, tt := range stops {
		t.Run(tt.name, func(t *testing.T) {
			s := stopped{t, s.Session}
			r, h, took := s.interrupt(tt.code, 20*time.Millisecond)
			if r.Err == nil || r.Err.Name != "Interrupted" {
				t.Fatalf("result %+v\n%s", r.Err, &h.text)
			}
			trace := strings.Join(r.Err.Traceback, "\n")
			if !strings.Contains(trace, tt.trace) || !strings.Contains(trace, "variables are kept") {
				t.Errorf("traceback, want %q in it:\n%s", tt.trace, trace)
			}
			t.Logf("%v", took)
			sum++
			if got, want := s.must("sum++\nsum + kept[\"a\"]"), fmt.Sprint(sum); got != want {
				t.Errorf("sum is %s, want %s", got, want)
			}
		})
	}
}
