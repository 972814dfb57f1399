package session_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/session"
)

// timedLines are the two lines of %timeit for some runs and loops.
func timedLines(runs, loops string) string {
	return `\S+ \S+ ± \S+ \S+ per loop \(mean ± std\. dev\. of ` + runs + `, ` + loops + ` each\)\nmedian [^\n]*`
}

// %timeit in real sessions: how often what runs, what is left behind, and what is
// told when it fails. Times are not looked at.
func TestTimeit(t *testing.T) {
	const more = `(\n(warning|restored|first|\(partial)[^\n]*)*\n`
	runSteps(t, startIn(t, t.TempDir()), []magicStep{
		{"import \"slices\"\nbodies, setups := new(int), new(int)\nvar kept []byte\nfunc count(p *int) int { *p++; return *p }\nfunc third() { if count(bodies)%3 == 0 { kept = make([]byte, 64) } }", ``},
		{"%%timeit -n 5 -r 3 count(setups)\ncount(bodies)", `\[display\]` + timedLines("3 runs", "5 loops") + more},
		{"*bodies, *setups", `\[out\]\(15, 3\)`},
		{"%timeit -n 300 -r 2 third()", `\[display\]` + timedLines("2 runs", "300 loops") + `· 0\.33 allocs/op ·.*`},
		// Variables that the body assigns have their values back; what it declares is gone.
		{"n := 7\nfunc divide(a, b int) int { return a / b }", ``},
		{"%%timeit -n 2 -r 2\nn += 3\nlocal := n", `\[display\].*restored: n .*`},
		{"n", `\[out\]7`},
		{"local", `\[error\]CompileError: .*undefined: local.*`},
		{"%timeit -q --keep -n 2 -r 2 n += 3", ``},
		{"n", `\[out\]19`},
		// A panic in the third run of seven.
		{"%%timeit -n 2 -r 7 calls := count(setups)\nif calls == 6 {\n\tdivide(1, 0)\n}",
			`\[display\]` + timedLines("2 runs", "2 loops") + `.*\(partial: 2 of 7 runs\).*\[error\]Panic: runtime error: integer divide by zero`},
		{"n", `\[out\]19`},
		// Errors in the user's places.
		{"x := 1\n%timeit x + \"a\"", `\[error\]CompileError: cell \d+:2:9: invalid operation: .*mismatched types.*`},
		{"%%timeit y := nosuch\ny", `\[error\]CompileError: cell \d+:1:15: undefined: nosuch`},
		{"%%timeit\nfor i := range 3 {\n\treturn\n}", `\[error\]CompileError: cell \d+:3:2: return would leave .*`},
		{"%timeit )", `\[error\]CompileError: cell \d+:1:9: .*`},
		// The result as a value.
		{"%timeit -q -v r -n 3 -r 2 divide(n, 2)", ``},
		{"r.Loops, r.Repeat, len(r.Timings()), r.CI == nil", `\[out\]\(3, 2, 2, true\)`},
		{"r", `\[out\]<TimeitResult : .* per loop \(mean ± std\. dev\. of 2 runs, 3 loops each\)>`},
		// Other forms.
		{"%timeit -r 2 -n 20 --each 'd := slices.Clone(kept)' slices.Sort(d)", `\[display\]` + timedLines("2 runs", "20 loops") + `.*`},
		{"%timeit -r 2 -n 20 --hist divide(n, 3)", `\[display\]` + timedLines("2 runs", "20 loops") + `\n40 operations timed one by one: p50 .*`},
		{"%timeit -r 2 -n 20 --cpu 1,2 divide(n, 3)", `\[display\]GOMAXPROCS .*speedup\n.*`},
		{"%timeit -r 2 -n 20 --gc off --cold --opaque divide(9, 3)", `\[display\]` + timedLines("2 runs", "20 loops") + `.*`},
		{"%sweep -r 2 -n 1 k=1..100 make([]byte, k) ; divide(k, 3)", `\[display\]make\(\[\]byte, k\)\ntime .*divide\(k, 3\)\ntime .*`},
		{"y := 5\n%timeit -n 3 -r 2 --fresh count(&n)", `\[display\]` + timedLines("2 runs", "3 loops") + `.*`},
		// What methods change is given back, or said to be changed.
		{"import \"sync\"\ntype pile struct{ all []int }\nfunc (p *pile) push(n int) { p.all = append(p.all, n) }\ntype shared struct {\n\tsync.Mutex\n\tpile\n}\nown, theirs := &pile{}, shared{}", ``},
		{"%timeit -n 5 -r 2 own.push(1); theirs.push(1)", `\[stderr\]note: methods have changed theirs for good.*restored: own .*`},
		{"len(own.all), len(theirs.all)", `\[out\]\(0, 10\)`},
		// The end of the worker.
		{"import \"os\"", ``},
		{"%%timeit -n 2 -r 3\nif count(&n) == 22 {\n\tos.Exit(3)\n}", `\[display\]` + timedLines("1 run", "2 loops") + `.*\(partial: 1 of 3 runs\).*\[error\]WorkerDied: exit status 3.*`},
		{"%timeit -q -n 3 -r 2 divide(4, 2)", ``},
	})
}

// An interrupt at half time shows the runs that are over, ends the cell, and the
// next one works.
func TestTimeitInterrupt(t *testing.T) {
	s := startIn(t, t.TempDir())
	runSteps(t, s, []magicStep{{"import (\n\t\"fmt\"\n\t\"time\"\n)\nruns := 0", ``}})
	ctx, cancel := context.WithCancel(context.Background())
	h := &heard{onWrite: func(text string) {
		if strings.Contains(text, "third") {
			cancel()
		}
	}}
	done := make(chan session.Result, 1)
	go func() {
		done <- s.Execute(ctx, "%%timeit -n 1 -r 7 --gc off\nruns++\nif runs == 3 {\n\tfmt.Println(\"third\")\n\ttime.Sleep(time.Hour)\n}\n", h)
	}()
	select {
	case r := <-done:
		if r.Err == nil || r.Err.Name != "Interrupted" || !strings.Contains(h.text.String(), "(partial: 2 of 7 runs)") {
			t.Fatalf("result %+v, shown %s", r, &h.text)
		}
	case <-time.After(time.Minute):
		t.Fatal("the cell didn't end")
	}
	runSteps(t, s, []magicStep{{"runs", `\[out\]0`}, {"import \"runtime/debug\"\ndebug.SetGCPercent(100)", `\[out\]100`}, {"%timeit -q -n 1 -r 2 runs++", ``},
		// The goroutine that was left behind is no part of what later code allocates.
		{"%timeit -n 100000000 -r 3 runs++", `\[display\].* · 0 allocs · .*`}})
}
