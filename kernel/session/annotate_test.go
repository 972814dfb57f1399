package session

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"hpgo/magics/result"
)

// TestAnnotate shows what the compiler made of cells in a live session.
func TestAnnotate(t *testing.T) {
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	t.Run("snippets", func(t *testing.T) { annotateSnippets(t, s) })
	t.Run("runs", func(t *testing.T) { annotateRuns(t, s) })
	t.Run("earlier", func(t *testing.T) { annotateEarlier(t, s) })
	t.Run("long", func(t *testing.T) { annotateLong(t, s) })
	t.Run("generic", func(t *testing.T) { annotateGeneric(t, s) })
	t.Run("disasm", func(t *testing.T) { annotateDisasm(t, s) })
	t.Run("ssa", func(t *testing.T) { annotateSSA(t, s) })
	t.Run("faults", func(t *testing.T) { annotateFaults(t, s) })
	t.Run("ends", func(t *testing.T) { annotateEnds(t, s) })
}

// snippets are cells of functions whose escapes and bounds checks are known to
// people who know the compiler; the test asks the compiler.
var snippets = []string{
	"type n1 struct{ next *n1; v int }\nfunc new1(v int) *n1 { return &n1{v: v} }\nfunc local1(v int) int { p := &n1{v: v}; return p.v }",
	"func sum2(xs []float64) (s float64) {\n\tfor i := range xs {\n\t\ts += xs[i]\n\t}\n\treturn s\n}",
	"func dot3(xs, ys []float64) (s float64) {\n\tfor i := range xs {\n\t\ts += xs[i] * ys[i]\n\t}\n\treturn s\n}",
	"func dot4(xs, ys []float64) (s float64) {\n\tys = ys[:len(xs)]\n\tfor i := range xs {\n\t\ts += xs[i] * ys[i]\n\t}\n\treturn s\n}",
	"func counter5(n int) func() int {\n\tcount := n\n\treturn func() int {\n\t\tcount++\n\t\treturn count\n\t}\n}",
	"var sink6 any\nfunc box6(x int) {\n\tsink6 = x\n}\nfunc text6() {\n\tsink6 = \"constant\"\n}",
	"func stencil7(g, out [][]float64) {\n\tfor i := 1; i < len(g)-1; i++ {\n\t\tfor j := 1; j < len(g[i])-1; j++ {\n\t\t\tout[i][j] = g[i-1][j] + g[i+1][j] + g[i][j-1] + g[i][j+1]\n\t\t}\n\t}\n}",
	"func sized8(n int) int {\n\tfixed := make([]int, 8)\n\tfree := make([]int, n)\n\thuge := make([]int, 1<<20)\n\treturn len(fixed) + len(free) + len(huge)\n}",
	"func cut9(s string, i, j int) string {\n\tb := []byte(s)\n\treturn string(b[i:j])\n}\nfunc four9(b []byte) uint32 {\n\t_ = b[3]\n\treturn uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24\n}",
	"type t10 struct{ a [16]int; m map[string]*t10 }\nfunc (t *t10) put(k string, i int) *t10 {\n\tu := t10{}\n\tu.a[i&15] = 1\n\tu.a[i] = 2\n\tt.m[k] = &u\n\treturn t\n}",
}

// compilerLines runs go build with the flags that people know on a program that
// has a snippet on the lines that it has in its cell, and returns the lines of
// messages that match.
func compilerLines(t *testing.T, snippet string, patterns ...string) [][]int {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module snippet\n\ngo 1.26\n", "main.go": "package main\n" + snippet + "\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command("go", "build", "-gcflags=-m -d=ssa/check_bce/debug=1", "-o", os.DevNull, ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, said)
	}
	var all [][]int
	for _, p := range patterns {
		var lines []int
		for _, m := range regexp.MustCompile(`(?m)^\./main\.go:(\d+):\d+: (?:`+p+`)$`).FindAllStringSubmatch(string(said), -1) {
			n, _ := strconv.Atoi(m[1])
			lines = append(lines, n)
		}
		slices.Sort(lines)
		all = append(all, slices.Compact(lines))
	}
	return all
}

// linesWith are the lines with remarks of some kinds.
func linesWith(a result.Annotate, kinds ...string) []int {
	var lines []int
	for _, f := range a.Functions {
		for _, l := range f.Lines {
			if l.Count(kinds...) > 0 {
				lines = append(lines, l.Line)
			}
		}
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

// annotateSnippets: exactly the escapes and bounds checks that the compiler tells of
// when it is run separately.
func annotateSnippets(t *testing.T, s *Session) {
	for i, snippet := range snippets {
		r, _, text, fail := measured[result.Annotate](t, s, "%%annotate\n"+snippet)
		if fail != nil {
			t.Fatalf("snippet %d: %v", i+1, fail)
		}
		want := compilerLines(t, snippet, `.* escapes to heap|moved to heap: .*`, `Found IsInBounds`, `Found IsSliceInBounds`)
		for k, kinds := range [][]string{{result.RemarkEscape, result.RemarkMoved, result.RemarkConstant}, {result.RemarkBounds}, {result.RemarkSliceBounds}} {
			if got := linesWith(r, kinds...); !slices.Equal(got, want[k]) {
				t.Errorf("snippet %d, %v: on the lines %v, the compiler says %v\n%s", i+1, kinds, got, want[k], text)
			}
		}
		if r.Functions[0].Code.Instructions == 0 {
			t.Errorf("snippet %d has no machine code:\n%s", i+1, text)
		}
	}
}

// annotateRuns: the cell runs as without it, its hits are counted, its statements
// have their code.
func annotateRuns(t *testing.T, s *Session) {
	run(t, s, "runs := []int{}")
	r, _, text, fail := measured[result.Annotate](t, s, "%%annotate -hits\nfunc twice(xs []int) (n int) {\n\tfor _, x := range xs {\n\t\tn += 2 * x\n\t}\n\treturn n\n}\nruns = append(runs, 1)\nall := make([]int, 1000)\nn := twice(all)")
	if fail != nil {
		t.Fatal(fail)
	}
	f := r.Functions[0]
	if hits := f.Line(4).Hits; !r.Hits || hits != 1000 || f.Line(9).Hits != 1 {
		t.Errorf("line 4 has %d hits:\n%s", hits, text)
	}
	if f.Line(8).Count(result.RemarkEscape) == 0 || f.Line(8).Code.Calls["runtime.growslice"] == 0 || f.Line(8).Score == 0 {
		t.Errorf("append: %+v", f.Line(8))
	}
	if f.Line(9).Code.Calls["runtime.makeslice"] == 0 && f.Line(9).Code.Calls["runtime.mallocgc"] == 0 {
		t.Errorf("make: %+v", f.Line(9).Code)
	}
	parts, _, text, fail := measured[result.Annotate](t, s, "%%annotate\nfunc parted(xs []int) int { return xs[1] }\n%whos\nparted([]int{1, 2})")
	if fail != nil || parts.Functions[0].Line(2).Count(result.RemarkBounds) != 1 {
		t.Errorf("a cell with a magic in it: %v\n%s", fail, text)
	}
	own, _, text, fail := measured[result.Annotate](t, s, "%%annotate\nfunc main() {\n\tfmt.Println(len(os.Args))\n}")
	if fail != nil || own.Functions[0].Line(3).Code.Calls["fmt.Fprintln"] != 1 {
		t.Errorf("a function main: %v\n%s", fail, text)
	}
	res := s.Execute(context.Background(), "len(runs)", &bundleSink{})
	if res.Err != nil || res.Value == nil || res.Value.Data["text/plain"] != "2" {
		t.Errorf("the cell ran %v times, want once as it is and once with counters", res.Value)
	}
}

// annotateEarlier: functions of earlier cells and of packages, without running anything.
func annotateEarlier(t *testing.T, s *Session) {
	for _, c := range []struct {
		code, fn, kind string
		line           int
		code2          bool
	}{
		{"%escape new1", "new1", result.RemarkEscape, 3, false},
		{"%bce dot3", "dot3", result.RemarkBounds, 4, false},
		{"%inline sum2", "sum2", result.RemarkCanInline, 2, false},
		{"%annotate stencil7", "stencil7", result.RemarkBounds, 5, true},
		{"%escape (*t10).put", "(*t10).put", result.RemarkMoved, 4, false},
		{"%opt all (*t10).put", "(*t10).put", result.RemarkBounds, 6, false},
		{"%escape strings.Repeat", "strings.Repeat", result.RemarkLeak, 0, false},
	} {
		r, _, text, fail := measured[result.Annotate](t, s, c.code)
		if fail != nil {
			t.Errorf("%s: %v", c.code, fail)
			continue
		}
		f := r.Function(c.fn)
		if f == nil {
			t.Errorf("%s shows no %s:\n%s", c.code, c.fn, text)
			continue
		}
		if n := f.Count(c.kind); n == 0 || c.line > 0 && f.Line(c.line).Count(c.kind) == 0 {
			t.Errorf("%s: no %s on line %d:\n%s", c.code, c.kind, c.line, text)
		}
		if (f.Code.Instructions > 0) != c.code2 {
			t.Errorf("%s: %d instructions", c.code, f.Code.Instructions)
		}
	}
	r, _, text, fail := measured[result.Annotate](t, s, "%escape box6(len(os.Args)); new1(3)")
	if fail != nil || r.Function("<cell>") == nil || r.Function("box6") == nil || r.Function("box6").Count(result.RemarkEscape) == 0 {
		t.Errorf("a statement: %v\n%s", fail, text)
	}
	ran, _, text, fail := measured[result.Annotate](t, s, "%annotate -hits -samples -f dot3 -f strings.Repeat dot3(make([]float64, 100), make([]float64, 100)); strings.Repeat(\"ab\", 9)")
	if fail != nil || !ran.Hits || ran.Function("dot3").Line(4).Hits != 100 || ran.Samples == 0 {
		t.Errorf("a statement that runs: %v\n%s", fail, text)
	} else if f := ran.Function("strings.Repeat"); f.Line(f.First+1).Hits != 1 {
		t.Errorf("a function of a package has no hits:\n%s", text)
	}
	two, _, text, fail := measured[result.Annotate](t, s, "%annotate dot3 dot4")
	if fail != nil || len(two.Functions) != 2 || !strings.Contains(text, "indices that are checked") || two.Function("dot4").Line(3).Change != "+" || two.Function("dot4").Line(5).Change != "" {
		t.Errorf("a comparison: %v\n%s", fail, text)
	}
}

// annotateLong: a page of 300 lines.
func annotateLong(t *testing.T, s *Session) {
	r, e, _, fail := measured[result.Annotate](t, s, "%%annotate\n"+longCell(300))
	if fail != nil {
		t.Fatal(fail)
	}
	if n := len(r.Functions[0].Lines); n != 300 || e.Magic != "annotate" {
		t.Errorf("%d lines", n)
	}
	if got := len(linesWith(r, result.RemarkBounds)); got != 50 {
		t.Errorf("%d lines with bounds checks, want that of each of 50 functions", got)
	}
}

// annotateGeneric: an instance of a generic function has its code on its lines, each
// check once; one that can't be chosen is asked for.
func annotateGeneric(t *testing.T, s *Session) {
	const decls = "func mid[T any](xs []T) T {\n\treturn xs[len(xs)/2]\n}\nfunc lens[M ~map[K]V, K comparable, V any](m M) int { return len(m) }\n"
	r, _, text, fail := measured[result.Annotate](t, s, "%%annotate\n"+decls+"func mids() (int, string) { return mid([]int{1}), mid([]string{\"a\"}) }\ngo fmt.Sprint(mid([]int8{2}))")
	if fail != nil {
		t.Fatal(fail)
	}
	f := r.Functions[0]
	if l := f.Line(3); l.Code.Instructions == 0 || l.Code.Bounds != 1 || l.Code.Instructions <= f.Line(2).Code.Instructions {
		t.Errorf("the code of mid isn't on its line:\n%s", text)
	}
	if l := f.Line(7); l.Count(result.RemarkCannotInline, result.RemarkCanInline) != 0 || !strings.Contains(text, "heap: function and arguments of the goroutine, heap: argument 1") {
		t.Errorf("a go statement: %+v", l.Remarks)
	}
	if !strings.Contains(text, "the machine code of mid is that of mid[int]") && !strings.Contains(text, "the machine code of mid is that of mid[int8]") {
		t.Errorf("no word of the instance:\n%s", text)
	}
	two, _, text, fail := measured[result.Annotate](t, s, "%annotate mid[int] mid[string]")
	if fail != nil || two.Function("mid[int]") == nil || two.Function("mid[int]").Code.Bytes == two.Function("mid[string]").Code.Bytes {
		t.Errorf("two instances: %v\n%s", fail, text)
	}
	d, _, text, fail := measured[result.Disasm](t, s, "%disasm lens[map[string]int]")
	if fail != nil || len(d.Functions) != 1 || d.Functions[0].Name != "main.lens[map[string]int,string,int]" {
		t.Errorf("a type argument with brackets: %v\n%s", fail, text)
	}
	for code, want := range map[string]string{"%disasm mid": "mid[int], mid[string], or another", "%ssa lens": "such as lens[map[int]int,int,int]", "%disasm slices.Sort": "such as slices.Sort[[]int,int]", "%disasm mid[": "names no function"} {
		if _, _, _, fail := measured[result.Disasm](t, s, code); fail == nil || fail.Name != "UsageError" || !strings.Contains(fail.Value, want) {
			t.Errorf("%s: %v", code, fail)
		}
	}
}

// longCell is functions of six lines each.
func longCell(lines int) string {
	var b strings.Builder
	for i := range lines / 6 {
		fmt.Fprintf(&b, "func long%d(xs, ys []float64) (s float64) {\n\tfor i := range xs {\n\t\ts += xs[i] * ys[i]\n\t}\n\treturn s\n}\n", i)
	}
	return b.String()
}

// annotateDisasm: machine code of functions of the session and of packages.
func annotateDisasm(t *testing.T, s *Session) {
	r, _, text, fail := measured[result.Disasm](t, s, "%disasm dot3")
	if fail != nil {
		t.Fatal(fail)
	}
	f := r.Functions[0]
	if f.Name != "main.dot3" || f.File != "cell 3" || f.First != 2 || f.Code.Bounds != 1 || f.Code.Calls["runtime.panicBounds"] != 1 || !strings.Contains(text, ">>") {
		t.Errorf("dot3: %+v\n%s", f.Code, text)
	}
	for _, in := range f.Instructions {
		if in.Line < 2 || in.Line > 7 {
			t.Errorf("%#x %s is on line %d", in.Offset, in.Text, in.Line)
		}
	}
	two, _, text, fail := measured[result.Disasm](t, s, "%asm -gnu -diff dot4 dot3")
	if fail != nil || len(two.Functions) != 2 || !strings.Contains(text, "(%r") || !strings.Contains(text, "bounds checks") {
		t.Errorf("two functions: %v\n%s", fail, text)
	}
	parts, _, text, fail := measured[result.Disasm](t, s, "%disasm counter5 dot3")
	if fail != nil || len(parts.Functions) != 3 || !strings.Contains(text, "main.counter5  main.dot3  change") {
		t.Errorf("a function with a literal beside another: %v\n%s", fail, text)
	}
	annotateKept(t, s)
	lib, _, _, fail := measured[result.Disasm](t, s, "%disasm strings.Repeat")
	if fail != nil || lib.Functions[0].Name != "strings.Repeat" || lib.Functions[0].Build != "live" {
		t.Errorf("a function of a package: %v %+v", fail, lib)
	}
	asm, _, _, fail := measured[result.Disasm](t, s, "%disasm math/big.addVV")
	if fail == nil && len(asm.Functions[0].Instructions) == 0 {
		t.Errorf("a function in assembly: %+v", asm)
	}
}

// annotateKept: a function is compared with what it was.
func annotateKept(t *testing.T, s *Session) {
	run(t, s, "func kept(xs, ys []int) (n int) {\n\tfor i := range xs {\n\t\tn += ys[i]\n\t}\n\treturn n\n}")
	for _, code := range []string{"%annotate -name before kept", "%disasm -name code kept"} {
		if res := s.Execute(context.Background(), code, &bundleSink{}); res.Err != nil {
			t.Fatalf("%s: %v", code, res.Err)
		}
	}
	run(t, s, "func kept(xs, ys []int) (n int) {\n\tys = ys[:len(xs)]\n\tfor i := range xs {\n\t\tn += ys[i]\n\t}\n\treturn n\n}")
	r, _, text, fail := measured[result.Annotate](t, s, "%annotate -diff before kept")
	if fail != nil || len(r.Functions) != 2 || r.Functions[0].Name != "kept (before)" || r.Functions[0].Count(result.RemarkBounds) != 1 || r.Functions[1].Count(result.RemarkBounds) != 0 {
		t.Errorf("before and after: %v\n%s", fail, text)
	}
	d, _, text, fail := measured[result.Disasm](t, s, "%disasm -diff code kept")
	if fail != nil || len(d.Functions) != 2 || d.Functions[0].Name != "main.kept (code)" || !strings.Contains(text, "main.kept (code)  main.kept  change") {
		t.Errorf("code before and after: %v\n%s", fail, text)
	}
}

// annotateSSA: the compiler's page is written, and counted.
func annotateSSA(t *testing.T, s *Session) {
	dir := t.TempDir()
	for _, code := range []string{"%ssa -D " + dir + "/x.html dot3", "%ssa -D " + dir + "/x.html (*t10).put", "%ssa -D " + dir + "/x.html strings.Repeat"} {
		r, _, text, fail := measured[result.SSA](t, s, code)
		if fail != nil {
			t.Errorf("%s: %v", code, fail)
			continue
		}
		page, err := os.ReadFile(dir + "/x.html")
		if err != nil || len(page) != r.Bytes || !strings.Contains(string(page), "genssa") {
			t.Errorf("%s: a page of %d bytes, %v", code, len(page), err)
		}
		if n := len(r.Phases); n < 5 || r.Phases[0].Blocks == 0 || r.Phases[0].Values == 0 || r.Phases[n-1].Values == 0 {
			t.Errorf("%s: %+v\n%s", code, r.Phases, text)
		}
	}
}

// annotateFaults: what can't be shown says why, in a line.
func annotateFaults(t *testing.T, s *Session) {
	for _, c := range []struct{ code, name, want string }{
		{"%disasm nosuch", "UsageError", "the session has no function nosuch"},
		{"%escape strings.Nosuch", "UsageError", "has no function Nosuch"},
		{"%bce 3", "CompileError", ""},
		{"%annotate new1 sum2 dot3", "UsageError", "two functions at most"},
		{"%annotate -hits new1", "UsageError", "need a statement to run"},
		{"%annotate", "UsageError", "needs the name of a function"},
		{"%annotate -diff add", "UsageError", "%annotate -diff add FUNC"},
		{"%%annotate -f new1\n1", "UsageError", "are for %annotate"},
		{"%annotate -hits -f new1 nosuch(1)", "CompileError", "undefined: nosuch"},
		{"%annotate new1(3)", "UsageError", "takes the names of functions"},
		{"%%annotate x\n1", "UsageError", "takes a cell"},
		{"%%annotate\n", "UsageError", "needs Go below"},
		{"%%annotate\nfunc bad() { return 1 }", "CompileError", "too many return values"},
		{"%%escape\nundefined1()", "CompileError", "undefined"},
		{"%opt speed", "UsageError", "none of escape, bce, inline, all"},
		{"%disasm -v1 -v2 -v3 sum2", "UsageError", "two at most"},
		{"%ssa nosuch", "UsageError", "the session has no function nosuch"},
		{"%ssa math.archFloor", "UsageError", "the compiler doesn't see math.archFloor"},
		{"%ssa -D no/x.html dot3", "UsageError", "there is no directory"},
		{"%disasm dot3 dot4 sum2", "UsageError", "at most 2 arguments"},
		{"%escape math.archFloor", "UsageError", "%disasm shows its machine code"},
	} {
		_, _, text, fail := measured[result.Annotate](t, s, c.code)
		if fail == nil {
			if c.want != "" {
				t.Errorf("%s: no error\n%s", c.code, text)
			}
			continue
		}
		if c.name == "UsageError" && (fail.Name != c.name && c.want != "" || !strings.Contains(fail.Value, c.want)) || !strings.Contains(fail.Value, c.want) {
			t.Errorf("%s: %s: %s", c.code, fail.Name, fail.Value)
		}
		if c.name == "UsageError" && strings.Contains(strings.TrimSpace(fail.Value), "\n") {
			t.Errorf("%s: several lines: %s", c.code, fail.Value)
		}
	}
}

// annotateEnds: a cell that doesn't come to its end has its page all the same, and
// the next cell works.
func annotateEnds(t *testing.T, s *Session) {
	const index = "zs := []int{1, 2, 3}\nif zs[len(os.Args)] > 0 {\n"
	for _, c := range []struct{ flags, end, name string }{
		{"", "panic(1)", "Panic"},
		{"", "os.Exit(3)", "WorkerDied"},
		{" -hits", "syscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}", "WorkerDied"},
		{" -hits -samples", "fmt.Println(stopHere)\nfor { time.Sleep(time.Millisecond) }", "Interrupted"},
	} {
		sink := &stopSink{s: s}
		res := s.Execute(context.Background(), "const stopHere = \"stop here\"\n", sink)
		res = s.Execute(context.Background(), "%%annotate"+c.flags+"\n"+index+c.end+"\n}", sink)
		if res.Err == nil || res.Err.Name != c.name {
			t.Errorf("%s: %v", c.end, res.Err)
		}
		page := false
		for _, b := range sink.bundles {
			text, _ := b.Data["text/plain"].(string)
			page = page || strings.Contains(text, "bounds check") && strings.Contains(text, "(partial: the cell didn't come to its end)")
		}
		if !page {
			t.Errorf("%s: no page, but %v", c.end, sink.bundles)
		}
		if res := s.Execute(context.Background(), "1 + 1", &bundleSink{}); res.Err != nil {
			t.Errorf("after %s: %v", c.end, res.Err)
		}
	}
}

// stopSink interrupts the session when the cell says so.
type stopSink struct {
	bundleSink
	s *Session
}

func (k *stopSink) Stream(name, text string) {
	if strings.Contains(text, "stop here") {
		k.s.Interrupt()
	}
}
