package session_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/session"
)

// comparedHead is the first lines of %compare's text.
const comparedHead = `\[display\][^\n]+\n +│ sec/op +│ vs base +[\d.]+ % CI[^\n]*\n`

// %compare in real sessions: how often what runs, what differs, what is left behind
// and what is told when it fails. Times are not looked at.
func TestCompare(t *testing.T) {
	const warned = `(\n(warning|restored|first|\(partial)[^\n]*)*\n`
	dir := t.TempDir()
	runSteps(t, startIn(t, dir), []magicStep{
		{"import \"slices\"\nas, bs, setups := new(int), new(int), new(int)\nfunc count(p *int) int { *p++; return *p }\nxs := []int{3, 1, 2}", ``},
		{"%%compare -n 5 -r 3 count(setups)\n--- first one\ncount(as)\n--- second\ncount(bs)",
			comparedHead + `first one +\S+ ± \S+ +\(base\) +A/A .*second .*\(p=\S+ n=6\+3\)[^\n]*` + warned},
		{"*as, *bs, *setups", `\[out\]\(30, 15, 9\)`},
		{"%compare -n 5 -r 6 --order random --seed 2 count(as) ; count(bs)", comparedHead + `count\(as\).*n=12\+6.*`},
		{"*as, *bs", `\[out\]\(90, 45\)`},
		// Results are compared before any time is taken.
		{"%%compare --check -n 2 -r 2 ys := slices.Clone(xs)\n--- sorted\nslices.Sort(ys)\nys\n--- min\nm := slices.Min(ys)\n[]int{m, m + 1, m + 2} // equal\n--- not\nys[2] = 9\nys",
			comparedHead + `sorted .*min .*\nnot: no time: result\[0\] is 3, the base's 1` + warned},
		{"%compare --check slices.Sort(xs) ; xs", `\[error\]CompileError: cell \d+:1:18: slices\.Sort\(xs\) \(no value\) used as value`},
		// Variables have their values back.
		{"n := 7", ``},
		{"%%compare -n 2 -r 2\n--- a\nn += 3\n--- b\nlocal := n * 2\nlocal + 1", comparedHead + `.*restored: n .*`},
		{"n", `\[out\]7`},
		// A panic in the second round.
		{"%%compare -n 1 -r 4\n--- a\nn++\nif n == 10 {\n\tpanic(\"tenth\")\n}\n--- b\nn", comparedHead + `a .*b .*\(partial: 3 of 12 runs\).*\[error\]Panic: tenth`},
		// Errors in the user's places.
		{"%compare xs[0] ; xs[\"a\"]", `\[error\]CompileError: cell \d+:1:21: .*`},
		{"%%compare\n--- a\nn\n--- b\nreturn", `\[error\]CompileError: cell \d+:5:1: return would leave .*`},
		{"%compare xs[0] ; )", `\[error\]CompileError: cell \d+:1:18: .*`},
		// The result as a value, and stored results.
		{"%compare -q -v c -n 100 -r 2 xs[0] ; xs[1] ; xs[2]", ``},
		{"len(c.Variants), c.Variants[2].Name, len(c.Variants[0].Again)", `\[out\]\(3, "xs\[2\]", 2\)`},
		{"%timeit -q -n 10 -r 4 --name one xs[0]\n%timeit -q -n 10 -r 4 --name two xs[1]", ``},
		{"%compare one two", comparedHead + `one .*two .*not measured alternately.*`},
		{"%compare -q -n 10 -r 6 --save kept len(xs)", ``},
		{"%compare -n 10 -r 6 --base kept len(xs)", comparedHead + `kept .*len\(xs\) .*`},
		{"%bench env", `\[display\]what +value\n.*Go +go1.*GOMAXPROCS \d+.*noise floor .*`},
		// The end of the worker.
		{"import \"os\"", ``},
		{"%%compare -n 1 -r 3\n--- a\ncount(as)\n--- b\nif count(as) > 95 {\n\tos.Exit(3)\n}", comparedHead + `.*\(partial: \d of 9 runs\).*\[error\]WorkerDied: exit status 3.*`},
		{"%compare -q -n 3 -r 2 1+2 ; 2+1", ``},
	})
	for _, name := range []string{"kept.txt", "kept.json"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

// Engines and reruns are ordinary programs: they have the session's functions; engines
// the values of its variables, reruns those of its declarations.
func TestCompareEngines(t *testing.T) {
	if testing.Short() {
		t.Skip("builds five programs") // deliberate: nothing is missing
	}
	dir := t.TempDir()
	runSteps(t, startIn(t, dir), []magicStep{
		{"func squares(n int) (xs []int) {\n\tfor i := range n {\n\t\txs = append(xs, i*i)\n\t}\n\treturn xs\n}\nfunc total(xs []int) (t int) {\n\tfor _, x := range xs {\n\t\tt += x\n\t}\n\treturn t\n}\nxs := squares(10)", ``},
		{"%compare -n 100 -r 4 --engines -B total(xs)", comparedHead + `gc +\S+n ± .*\n-B +\S+n ± .*\(same code\).*-B: the same instructions as gc.*no bounds checks.*`},
		{"xs[0] = 100", ``},
		{"%compare -n 100 -r 4 --save old total(xs)", `\[stdout\]Saved as old: .*`},
		{"func total(xs []int) (t int) {\n\tfor _, x := range xs {\n\t\tt += x\n\t}\n\treturn t + 0*len(xs)\n}", ``},
		{"%compare -n 100 -r 4 --base old --rerun total(xs)", comparedHead + `old .*total\(xs\) .*old is the source that was saved.*`},
		{"func total(xs []int) int { return len(xs) }", ``},
		{"%compare -n 100 -r 4 --base old --rerun total(xs)", `\[error\]MagicError: %compare: total\(xs\) gives another result than old: the result is 10, the base's 285; code or the values of declarations have changed since it was saved`},
		{"func total(xs []int) int { panic(len(xs)) }", ``},
		{"%compare -n 100 -r 4 --engines -B total(xs)", `\[error\]MagicError: gc: exit status 2: panic: 10.*`},
	})
}

// An interrupt at half time shows the rounds that are over, and the next cell works.
func TestCompareInterrupt(t *testing.T) {
	s := startIn(t, t.TempDir())
	runSteps(t, s, []magicStep{{"import (\n\t\"fmt\"\n\t\"time\"\n)\nruns := 0", ``}})
	ctx, cancel := context.WithCancel(context.Background())
	h := &heard{onWrite: func(text string) {
		if strings.Contains(text, "fifth") {
			cancel()
		}
	}}
	done := make(chan session.Result, 1)
	go func() {
		done <- s.Execute(ctx, "%%compare -n 1 -r 7\n--- a\nruns++\nif runs == 5 {\n\tfmt.Println(\"fifth\")\n\ttime.Sleep(time.Hour)\n}\n--- b\nruns\n", h)
	}()
	select {
	case r := <-done:
		if r.Err == nil || r.Err.Name != "Interrupted" || !strings.Contains(h.text.String(), "(partial: 6 of 21 runs)") {
			t.Fatalf("result %+v, shown %s", r, &h.text)
		}
	case <-time.After(time.Minute):
		t.Fatal("the cell didn't end")
	}
	runSteps(t, s, []magicStep{{"runs", `\[out\]0`}, {"%compare -q -n 1 -r 2 runs ; runs + 1", ``}})
}
