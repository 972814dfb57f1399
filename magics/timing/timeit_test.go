package timing

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/magic/magictest"
	"hpgo/magics/result"
	"hpgo/magics/stats"
	"hpgo/plots"
)

// timedCell runs a cell with one magic in it; runs are what the program reports.
func timedCell(t *testing.T, h *magictest.Host, text string, runs ...harness.TimingRun) (magic.Result, error) {
	t.Helper()
	h.Text = text
	c, errs := cell.Parse(text)
	if len(errs) > 0 {
		t.Fatalf("%s: %v", text, errs)
	}
	line := c.CellMagic
	if line == nil {
		line = &c.Magics[0]
	}
	in, err := magic.NewTable(Rows()).Resolve(*line)
	if err != nil {
		return magic.Result{}, err
	}
	h.DuringGo = func(h *magictest.Host) {
		if len(h.Programs) == 0 || h.Programs[len(h.Programs)-1].Records == nil {
			return // an ordinary call, or a program that saves variables
		}
		hear := h.Programs[len(h.Programs)-1].Records
		tellRecord(t, hear, harness.RecordTimingStart, harness.TimingStart{GOMAXPROCS: 2})
		for _, r := range runs {
			tellRecord(t, hear, harness.RecordTimingRun, r)
		}
		if h.GoErr == nil && !strings.Contains(text, "Goexit") {
			tellRecord(t, hear, harness.RecordTimingEnd, harness.TimingEnd{})
		}
		tellRecord(t, hear, harness.RecordRestored, "n") // of the program that restores
	}
	return magic.Run(context.Background(), h, in)
}

func tellRecord(t *testing.T, hear func(harness.Record), kind string, v any) {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	hear(harness.Record{Kind: kind, Data: data})
}

// runsOf makes runs of n operations that take the given times each, in ns.
func runsOf(point, n int, each ...float64) []harness.TimingRun {
	var runs []harness.TimingRun
	for i, ns := range each {
		runs = append(runs, harness.TimingRun{Point: point, Round: i, N: n, Wall: ns * 1e-9 * float64(n), CPU: 2 * ns * 1e-9 * float64(n)})
	}
	return runs
}

// shownText is the text of the only output.
func shownText(t *testing.T, h *magictest.Host) string {
	t.Helper()
	if len(h.Shown) != 1 {
		t.Fatalf("%d outputs, streams %q", len(h.Shown), h.Out.String())
	}
	return h.Shown[0].Bundle.Data["text/plain"].(string)
}

var ipython = regexp.MustCompile(`(?m)^\S+ [μmn]?s ± .+ per loop \(mean ± std\. dev\. of \d+ runs?, [\d,]+ loops? each\)$`)

func TestTimeitText(t *testing.T) {
	var some []harness.TimingRun
	for _, r := range runsOf(0, 200_000, 1210, 1208, 1197, 1236, 1199, 1208, 1210) {
		r.Bytes, r.Allocs, r.GCs, r.GC, r.Avail = 48*200_000, 200_000, 3, 0.01, 0.5
		some = append(some, r)
	}
	third := runsOf(0, 3000, 10_000, 10_000)
	for i := range third {
		third[i].Allocs, third[i].Bytes = 1000, 64_000
	}
	slow := runsOf(0, 1000, 2000, 2100, 9000)
	short := runsOf(0, 5, 0.97, 1)
	for i := range short {
		short[i].Loop = 0.5e-9
	}
	empty := runsOf(0, 5, 0.4, 0.4)
	for i := range empty {
		empty[i].Loop = 0.5e-9
	}
	tests := []struct {
		text  string
		runs  []harness.TimingRun
		build time.Duration
		want  []string // lines that must be there, the first ones in this place
	}{
		{"%timeit f(x)", some, 170 * time.Millisecond, []string{
			"1.21 μs ± 11.8 ns per loop (mean ± std. dev. of 7 runs, 200,000 loops each)",
			"median 1.208 μs [1.197, 1.236; 98 % CI] · best 1.197 μs · 48 B/op · 1.00 allocs/op · GC 3/run (2 %) · build 0.17 s"}},
		{"%timeit -n 3000 -r 2 f(x)", third, 0, []string{
			"10 μs ± 0 ns per loop (mean ± std. dev. of 2 runs, 3,000 loops each)",
			"median 10 μs (no interval: it takes 6 runs) · best 10 μs · 21.3 B/op · 0.33 allocs/op · GC 0 · build 0.00 s"}},
		{"%timeit -n 1 -r 1 f(x)", runsOf(0, 1, 1e6), 0, []string{"1 ms ± 0 ns per loop (mean ± std. dev. of 1 run, 1 loop each)"}},
		{"%timeit -r 1 -n 100000000 f(x)", runsOf(0, 1e8, 999.96), 0, []string{"1 μs ± 0 ns per loop (mean ± std. dev. of 1 run, 100,000,000 loops each)"}},
		{"%timeit -r 3 -p 5 f(x)", runsOf(0, 1000, 1234567, 1234567, 1234567), 0, []string{"1.2346 ms ± 0 ns per loop (mean ± std. dev. of 3 runs, 1,000 loops each)"}},
		{"%timeit -r 3 f(x)", slow, 0, []string{"The slowest run took 4.50 times longer than the fastest. This could mean that an intermediate result is being cached.",
			"4.37 μs ± 3.28 μs per loop (mean ± std. dev. of 3 runs, 1,000 loops each)"}},
		{"%timeit -n 5 -r 2 f(x)", short, 0, []string{"0.985 ns ± 0.015 ns per loop (mean ± std. dev. of 2 runs, 5 loops each)",
			"median 0.985 ns (no interval: it takes 6 runs) · best 0.97 ns · 0 allocs · GC 0 · loop 0.5 ns · build 0.00 s",
			"warning: the loop itself takes 0.5 ns of that, 50.8 %; it isn't subtracted",
			"warning: a run takes only 4.85 ns, which is short for the clock: give a larger -n, or none"}},
		{"%timeit -n 5 -r 2 x++", empty, 0, []string{"0.4 ns ± 0 ns per loop (mean ± std. dev. of 2 runs, 5 loops each)",
			"median 0.4 ns (no interval: it takes 6 runs) · best 0.4 ns · 0 allocs · GC 0 · loop 0.5 ns · build 0.00 s",
			"warning: an empty loop takes 0.5 ns, no less: this time is the loop's"}},
		{"%timeit -c -r 1 -n 1000000 f(x)", runsOf(0, 1e6, 1000), 0, []string{"2 μs ± 0 ns per loop (mean ± std. dev. of 1 run, 1,000,000 loops each)"}},
		{"%timeit -r 1 -n 1000000 f(3, -4.5)", runsOf(0, 1e6, 1000), 0, []string{"1 μs ± 0 ns per loop (mean ± std. dev. of 1 run, 1,000,000 loops each)",
			"median 1 μs (no interval: it takes 6 runs) · best 1 μs · 0 allocs · GC 0 · build 0.00 s",
			"warning: all arguments of the call are constants, so the compiler may compute it once and for all: put them into variables, or give --opaque"}},
		{"%timeit -r 1 -n 1000000 s := 0; for _, v := range x { s += v }", runsOf(0, 1e6, 1000), 0, []string{"1 μs ± 0 ns per loop (mean ± std. dev. of 1 run, 1,000,000 loops each)",
			"median 1 μs (no interval: it takes 6 runs) · best 1 μs · 0 allocs · GC 0 · build 0.00 s", "warning: " + loopStores}},
		{"%timeit -r 1 -n 1000000 make([]byte, x)", runsOf(0, 1e6, 1000), 0, []string{"1 μs ± 0 ns per loop (mean ± std. dev. of 1 run, 1,000,000 loops each)",
			"median 1 μs (no interval: it takes 6 runs) · best 1 μs · 0 allocs (stack) · GC 0 · build 0.00 s"}},
		{"%timeit -r 7 f(x)", runsOf(0, 1e6, 1000, 1001, 1002, 1003, 1004, 1005, 2000), 0, []string{
			"1.15 μs ± 349 ns per loop (mean ± std. dev. of 7 runs, 1,000,000 loops each)", "",
			"warning: 1 run of 7 outside of Tukey's fences, counted all the same",
			"warning: later runs are slower: the measurement drifts (Spearman's ρ = +1.00)"}},
	}
	for _, tt := range tests {
		h := magictest.New(t)
		h.Outcome.Build = tt.build
		if _, err := timedCell(t, h, tt.text, tt.runs...); err != nil {
			t.Errorf("%s: %v", tt.text, err)
			continue
		}
		text := shownText(t, h)
		lines := strings.Split(text, "\n")
		for i, want := range tt.want {
			if want != "" && (i < 2 && lines[i] != want || !slices.Contains(lines, want)) {
				t.Errorf("%s:\n%s\nlacks\n%s", tt.text, text, want)
			}
		}
		if !ipython.MatchString(text) {
			t.Errorf("%s: not IPython's line: %s", tt.text, text)
		}
	}
}

// The body stands in a loop over B.Loop at the end of the function, with what it
// declares used; the setup before it, the parameter before that.
func TestTimeitProgram(t *testing.T) {
	h := magictest.New(t)
	if _, err := timedCell(t, h, "%%timeit -r 1 --param n=1e2,1e3 --escape xs := make([]int, n)\ny := len(xs)\n", runsOf(0, 1, 10)...); err != nil {
		t.Fatal(err)
	}
	p := h.Programs[0]
	var text strings.Builder
	for _, piece := range p.Pieces {
		text.WriteString(piece.Text + "\n")
		if piece.At != cell.Generated && !strings.HasPrefix(h.Text[piece.At:], piece.Text) {
			t.Errorf("%q doesn't stand at %d", piece.Text, piece.At)
		}
	}
	got := text.String()
	plan := regexp.MustCompile(`Timed\("(.*)"\)`)
	got = plan.ReplaceAllString(got, "Timed(PLAN)")
	want := `hpgo__m := hpgo__harness.Timed(PLAN)
if !hpgo__m.Next() {
return
}
n := hpgo__m.Int()
_ = n
if hpgo__m.Is(0) {
var hpgo__b *hpgo__testing.B = hpgo__m.B()
xs := make([]int, n)
_ = xs

hpgo__m.Begin()
for hpgo__b.Loop() {
y := len(xs)

_ = y

hpgo__harness.Escape(y)
}
return
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if p.Imports["hpgo__testing"] != "testing" {
		t.Error("the compiler keeps nothing alive without an import of testing")
	}
}

// What can't be read is one line that names flag and value, and nothing runs.
func TestTimeitRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"%timeit":                              "%timeit needs a statement",
		"%%timeit x := 1\n":                    "%%timeit needs Go below its line",
		"%timeit -n abc f()":                   `flag -n of %timeit: "abc" is not a whole number`,
		"%timeit -n 0 f()":                     `"0" is less than 1`,
		"%timeit -r 0 f()":                     `flag -r of %timeit: "0" is less than 1`,
		"%timeit -p 99 f()":                    `flag -p of %timeit: "99"`,
		"%timeit -Z f()":                       "flag -Z of %timeit is unknown",
		"%timeit --save old f()":               "flag --save of %timeit is unknown: %compare --save NAME measures a statement",
		"%timeit -save old f()":                "flag -save of %timeit is unknown: %compare --save",
		"%sweep --base old n=1,2 f(n)":         "%compare --base NAME compares",
		"%timeit --gc maybe f()":               `flag --gc of %timeit: "maybe"`,
		"%timeit --cpu 1,x f()":                `flag --cpu of %timeit: "x"`,
		"%timeit --cpu 0 f()":                  `flag --cpu of %timeit: "0"`,
		"%timeit --cpu 1,2 --param n=1,2 f(n)": "take one of them",
		"%timeit --param n f(n)":               `flag --param of %timeit: "n" is not of the form`,
		"%timeit --param n=1,x f(n)":           `"x" is not a number`,
		"%timeit --param 9n=1 f(n)":            "is not of the form",
		"%timeit --budget 0 f()":               `flag --budget of %timeit: "0" is less than`,
		"%timeit --budget soon f()":            `"soon" is not a time`,
		"%timeit --procs 0 f()":                `flag --procs of %timeit: "0" is less than 1`,
		"%timeit -c --hist f()":                "too short for the CPU clock",
		"%timeit --hist --cpu 1,2 f()":         "not one for each GOMAXPROCS",
		"%timeit --each '' f()":                "flag --each of %timeit",
		"%timeit --each return f()":            "return would leave",
		"%timeit --opaque f(x)":                "no call has a literal argument",
		"%timeit return":                       "return would leave",
		"%timeit for { break }; break":         "break would leave",
		"%%timeit\nfor {\n\tdefer f()\n}":      "defer would leave",
		"%timeit -v 1x f()":                    "no name of a variable",
		"%sweep f()":                           "is not of the form",
		"%sweep":                               "needs a parameter",
		"%sweep n=1..10":                       "needs a statement",
		"%sweep n=5 f(n)":                      "takes two at least",
		"%sweep GOMAXPROCS=1,2 f(1)":           "%timeit --cpu 1,2,4,8 does",
		"%sweep n=10..1 f(n)":                  "to a larger one",
		"%sweep n=0..10 f(n)":                  "a number above 0",
		"%%sweep n=1..10\n--- a\n--- b\nf(n)":  `the block "a" is empty`,
		"%%sweep n=1..10\nf(n)\n--- b\nf(n)":   "before the first block",
	} {
		h := magictest.New(t)
		_, err := timedCell(t, h, text)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
		if len(h.Programs) > 0 || len(h.Shown) > 0 {
			t.Errorf("%s: something ran", text)
		}
	}
}

// What was measured before an error is shown, and then the error comes.
func TestTimeitPartial(t *testing.T) {
	h := magictest.New(t)
	h.GoErr = magictest.ErrGo
	_, err := timedCell(t, h, "r := %timeit f(x)", runsOf(0, 1000, 1000, 1010, 1020)...)
	if !errors.Is(err, magictest.ErrGo) {
		t.Fatalf("error %v", err)
	}
	if text := shownText(t, h); !strings.Contains(text, "of 3 runs, 1,000 loops each)") || !strings.Contains(text, "(partial: 3 of 7 runs)") {
		t.Error(text)
	}
	if slices.ContainsFunc(h.Calls, func(s string) bool { return strings.HasPrefix(s, "define") }) {
		t.Errorf("a partial result was declared: %q", h.Calls)
	}
	h = magictest.New(t)
	h.GoErr = magictest.ErrGo
	if _, err := timedCell(t, h, "%timeit f(x)"); !errors.Is(err, magictest.ErrGo) || len(h.Shown) > 0 {
		t.Errorf("error %v, %d outputs", err, len(h.Shown))
	}
}

// A call with constant arguments isn't constant where a variable is called, or its
// method.
func TestOnlyConstants(t *testing.T) {
	for text, want := range map[string]bool{
		"hyp(3, 4)": true, "x := math.Hypot(3, -4)": true, "hyp(x, 4)": false, "hyp()": false, "make([]int, 5)": false,
		"st.Scale(2)": false, "st.in.Scale(2)": false, "fn(2)": false, "hyp(3, 4); f()": false,
	} {
		if got := onlyConstants(text, []string{"st", "fn"}); got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

// The percentiles of single operations are those of the sample that is kept and
// drawn, whose picture says of how many operations it is.
func TestTimeitSample(t *testing.T) {
	runs := runsOf(0, 1000, 10, 10, 10)
	for i := range runs {
		runs[i].N, runs[i].Singly = 5000, &harness.Singly{}
		for k := range 500 {
			runs[i].Singly.Sample = append(runs[i].Singly.Sample, float64(1+k*k*k*(i+1)))
		}
	}
	l := latency(runs)
	if l.N != 15_000 || len(l.Sample) != mostOperations || l.P99 != stats.Quantile(l.Sample, 0.99) || l.Max != runs[2].Singly.Sample[499] {
		t.Errorf("N %d, sample of %d, p99 %v, max %v", l.N, len(l.Sample), l.P99, l.Max)
	}
	figure := timeitFigure(result.Timeit{Singly: l})
	if label := figure.(plots.Figure).Y.Label; label != "operations, sample of 1,000" {
		t.Errorf("the axis says %q", label)
	}
}

// Code that ends its goroutine ends the measurement without an error of its own.
func TestTimeitGoexit(t *testing.T) {
	for _, runs := range [][]harness.TimingRun{nil, runsOf(0, 1, 10, 11)} {
		h := magictest.New(t)
		_, err := timedCell(t, h, "%timeit runtime.Goexit()", runs...)
		if err == nil || !strings.Contains(err.Error(), "runtime.Goexit") || len(h.Shown) != min(1, len(runs)) {
			t.Errorf("error %v, %d outputs", err, len(h.Shown))
		}
	}
}

// The session's variables that the body assigns, or that hold what it assigns, are
// saved and restored; those that had changed are named;
// with --keep they aren't.
func TestTimeitRestores(t *testing.T) {
	h := magictest.New(t)
	h.Vars = []string{"n", "m", "xs", "a", "p"}
	h.Names = []magic.Name{{Name: "xs", Kind: "var", Type: "[]int"}, {Name: "a", Kind: "var", Type: "[2]int"}, {Name: "p", Kind: "var", Type: "*T"}}
	if _, err := timedCell(t, h, "%%timeit -r 1 y := n\nn++; y--; m := 2; m++; xs[0]++; a[0] = 3; p.x = 1", runsOf(0, 1, 10)...); err != nil {
		t.Fatal(err)
	}
	if text := shownText(t, h); !strings.Contains(text, "restored: n (") || len(h.Programs) != 3 {
		t.Fatalf("%d programs: %s", len(h.Programs), text)
	}
	if back := h.Programs[2].Pieces[0].Text; !strings.Contains(back, "(\"n\", &n)") || !strings.Contains(back, "(\"a\", &a)") || strings.Contains(back, "xs") || strings.Contains(back, "&p)") {
		t.Errorf("the program that restores is %s", back)
	}
	h = magictest.New(t)
	h.Vars = []string{"n"}
	if _, err := timedCell(t, h, "%timeit -r 1 --keep n++", runsOf(0, 1, 10)...); err != nil || len(h.Programs) != 1 {
		t.Errorf("%v, %d programs", err, len(h.Programs))
	}
}

// Benchmark lines go to the file of -D, one for each run.
func TestTimeitFile(t *testing.T) {
	h := magictest.New(t)
	runs := runsOf(0, 1000, 1208, 1210)
	runs[0].Bytes, runs[0].Allocs = 48_000, 1000
	if _, err := timedCell(t, h, "%timeit -r 2 -D b.txt f(x)", runs...); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(h.WorkDir, "b.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\nBenchmarkIn1-2 1000 1208 ns/op 48 B/op 1 allocs/op\n", "\nBenchmarkIn1-2 1000 1210 ns/op 0 B/op 0 allocs/op\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("%q lacks %q", text, want)
		}
	}
}

// A value for each point, the growth of the medians, and points that are missing.
func TestSweepText(t *testing.T) {
	var runs []harness.TimingRun
	for i, n := range []float64{100, 200, 500, 1000, 2000, 5000, 10000} {
		for _, r := range runsOf(i, 1000, 3*n, 3.01*n) {
			r.Bytes = uint64(8 * n * 1000)
			runs = append(runs, r)
		}
	}
	h := magictest.New(t)
	if _, err := timedCell(t, h, "%sweep -r 2 n=1e2..1e4 f(n)", runs...); err != nil {
		t.Fatal(err)
	}
	text := shownText(t, h)
	for _, want := range []string{"time n^1.00", "O(n), within 0.1 % at every size, then O(n log n), which is ", "bytes n^1.00", "10,000    30 μs", "78.1 KiB"} {
		if !strings.Contains(text, want) {
			t.Errorf("%s\nlacks %q", text, want)
		}
	}
	b := h.Shown[0].Bundle
	e := result.Read[struct {
		Result result.Sweep `json:"result"`
	}](string(b.Data["application/vnd.hpgo.sweep+json"].(json.RawMessage)))
	if s := e.Result.Series; e.Result.Param != "n" || len(s) != 1 || len(s[0].Points) != 7 || s[0].Time.Best != "O(n)" || !s[0].Time.Sure || s[0].Points[6].Value != 1e4 {
		t.Errorf("%+v", e.Result)
	}
	if svg, _ := b.Data["image/svg+xml"].(string); !strings.Contains(svg, "<svg") {
		t.Error("no picture")
	}
	h = magictest.New(t)
	if _, err := timedCell(t, h, "%sweep -r 2 n=1e2..1e4 f(n)", runs[:6]...); err != nil {
		t.Fatal(err)
	}
	if text := shownText(t, h); !strings.Contains(text, "4 of 7 points are missing: they would have exceeded the budget of 10 s") {
		t.Error(text)
	}
}

func TestReadParameter(t *testing.T) {
	for text, want := range map[string]string{
		"n=1e3,1e4":        "n [1000 10000]",
		"n=1_000, 10":      "n [10 1000]",
		"n=1e2..1e4":       "n [100 200 500 1000 2000 5000 10000]",
		"n=3..70":          "n [3 6 15 30 60 70]",
		"k=0.5,1.5":        "k [0.5 1.5]",
		"n=5,5,5":          "n [5]",
		"n=10..10":         "a range goes",
		"n=":               "not a number",
		"n=1e400":          "not a number",
		"=5":               "not of the form",
		"n=1..1e18,1..2.5": "n [1 2 2.5 5 10",
	} {
		name, values, err := readParameter(text, 3)
		got := fmt.Sprint(name, " ", values)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
	for per := 1; per <= 12; per++ {
		values, err := decades(1e3, 1e7, per)
		if err != nil || !slices.IsSorted(values) || values[0] != 1e3 || values[len(values)-1] != 1e7 || len(values) != 4*per+1 {
			t.Errorf("%d in a decade: %v %v", per, values, err)
		}
	}
}

func FuzzReadParameter(f *testing.F) {
	for _, s := range []string{"n=1e3..1e7", "n=1,2,3", "x=.5..2", "n=1..", "é=1..9"} {
		f.Add(s, 3)
	}
	f.Fuzz(func(t *testing.T, text string, per int) {
		name, values, err := readParameter(text, 1+max(0, per)%20)
		if err == nil && (!magic.IsVariable(name) || len(values) == 0 || len(values) > maxPoints || !slices.IsSorted(values)) {
			t.Errorf("%q: %s %v", text, name, values)
		}
	})
}

// %time: IPython's lines, then Go's; errors come behind them.
func TestTimeText(t *testing.T) {
	const mib = 1 << 20
	tests := []struct {
		name string
		t    result.Time
		want string
	}{
		{"all", result.Time{User: 1.42e-3, Sys: 88e-6, Wall: 1.51e-3, Build: 0.17, Usage: &result.TimeUsage{GCs: 2, Pause: 0.4e-3, Bytes: 48 * mib, Allocs: 12}},
			"CPU times: user 1.42 ms, sys: 88 μs, total: 1.51 ms\nWall time: 1.51 ms\nGC: 2 cycles, 400 μs pause · allocated 48 MiB in 12 objects · build 0.17 s\n"},
		{"several CPUs", result.Time{User: 0.16, Wall: 0.08, Usage: &result.TimeUsage{Allocs: 1, Collector: 0.05}},
			"CPU times: user 160 ms, sys: 0 ns, total: 160 ms\nWall time: 80 ms\nGC: 0 cycles · allocated 0 B in 1 object · build 0.00 s\nCPU time exceeds wall time: 2 CPUs were busy on average, the collector's workers for 50 ms of it\n"},
		{"unknown", result.Time{User: 0.01, Wall: 0.01, Load: 0.005}, "CPU times: user 10 ms, sys: 0 ns, total: 10 ms\nWall time: 10 ms\n(CPU times include loading the code, which took 5 ms)\nbuild 0.00 s\n"},
	}
	for _, tt := range tests {
		if got := timeText(tt.t); got != tt.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
	list := verboseText(tests[0].t, "f()", true)
	if n := strings.Count(list, "\n"); n != 23 || !strings.Contains(list, "\tExit status: 1\n") || !strings.Contains(list, "\tMaximum resident set size (kbytes): unknown\n") {
		t.Errorf("%d lines:\n%s", n, list)
	}
	for s, want := range map[float64]string{0: "0:00.00", 1.5: "0:01.50", 83.456: "1:23.45", 3723: "1:02:03"} {
		if got := clockText(s); got != want {
			t.Errorf("%g s: %s, want %s", s, got, want)
		}
	}
}

func TestTimeNoRaise(t *testing.T) {
	h := magictest.New(t)
	h.Outcome, h.GoErr = magic.Outcome{Wall: time.Second, Value: &display.Bundle{}}, magictest.ErrGo
	res, err := timedCell(t, h, "%time --no-raise-error f()")
	if err != nil || res.Show != nil || !strings.Contains(h.Out.String(), "Wall time: 1 s") || !strings.Contains(h.Out.String(), "[stderr]Panic: boom") {
		t.Errorf("%v %v %q", res, err, h.Out.String())
	}
}
