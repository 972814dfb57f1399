package diagnostics

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hpgo/magics/result"
)

// sample is compiled as it is and with line directives in it.
const sample = `package main

type node struct {
	next *node
	v    int
}

type shape interface{ area() float64 }

type square struct{ a float64 }

func (s square) area() float64 { return s.a * s.a }

var (
	global *node
	boxed  any
)

func newNode(v int) *node { return &node{v: v} }

func keep(p **node) { global = *p }

func get(xs []int, i int) int { return xs[i] }

func cut(s []int, a, b int) []int { return s[a:b] }

func store(n *node) {
	n.next = global
	global = n
}

func sum(xs, ys []int) (s int) {
	for i := range xs {
		s += xs[i] * ys[i]
	}
	return s + get(ys, 3)
}

func known() float64 {
	var s shape = square{2}
	return s.area()
}

func counter(n int) func() int {
	count := n
	return func() int { count++; return count }
}

func fact(n int) int {
	if n == 0 {
		return 1
	}
	return n * fact(n-1)
}

//go:noinline
func never(b [64]int) [64]int { b[0]++; return b }

func sized(n int) []int { return make([]int, n) }

func rounds(n int) int {
	var v any = 0
	for i := range n {
		v = v.(int) + i
	}
	return v.(int)
}

func main() {
	boxed = "constant"
	n := newNode(3)
	store(n)
	keep(&n)
	fact(5)
	c := never([64]int{})
	println(boxed, sum(cut(c[:], 1, 5), sized(4)), known(), counter(1)())
}
`

// compile runs the compile tool on one file and returns its text.
func compile(t *testing.T, dir, name, text string, flags ...string) string {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	args := append([]string{"tool", "compile", "-p", "main", "-o", filepath.Join(dir, "x.a"), "-trimpath", dir + "=>"}, flags...)
	cmd := exec.Command("go", append(args, name)...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("compile: %v\n%s", err, out)
	}
	return string(out)
}

// read reads the remarks of a compilation.
func read(t *testing.T, name, text string) []result.Remark {
	t.Helper()
	dir := t.TempDir()
	logs := filepath.Join(dir, "logs")
	messages := compile(t, dir, name, text, Flags(logs)...)
	all, err := Read(messages, logs, map[string]string{name: text})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// list is the places of the remarks of some kinds.
func list(all []result.Remark, kinds ...string) []string {
	var out []string
	for _, r := range all {
		if slices.Contains(kinds, r.Kind) {
			out = append(out, fmt.Sprintf("%s:%d:%d", r.File, r.Line, r.Col))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// said is the places of the compiler's messages that match, in a run of its own.
func said(text, pattern string) []string {
	var out []string
	for _, m := range regexp.MustCompile(`(?m)^(\S+:\d+:\d+): (?:`+pattern+`)$`).FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// The compiler, run separately with the flags that people know, says the same.
func TestSameAsTheCompiler(t *testing.T) {
	all := read(t, "main.go", sample)
	plain := compile(t, t.TempDir(), "main.go", sample, "-m", "-d=ssa/check_bce/debug=1")
	nils := compile(t, t.TempDir(), "main.go", sample, "-d=nil=1,wb=1")
	for _, c := range []struct {
		text, pattern string
		kinds         []string
	}{
		{plain, `.* escapes to heap`, []string{result.RemarkEscape, result.RemarkConstant}},
		{plain, `moved to heap: .*`, []string{result.RemarkMoved}},
		{plain, `leaking param.*`, []string{result.RemarkLeak}},
		{plain, `Found IsInBounds`, []string{result.RemarkBounds}},
		{plain, `Found IsSliceInBounds`, []string{result.RemarkSliceBounds}},
		{plain, `inlining call to .*`, []string{result.RemarkInlined}},
		{plain, `can inline .*`, []string{result.RemarkCanInline}},
		{plain, `devirtualizing .*`, []string{result.RemarkDevirtual}},
		{nils, `write barrier`, []string{result.RemarkBarrier}},
		{nils, `generated nil check`, []string{result.RemarkNilCheck}},
	} {
		got, want := list(all, c.kinds...), said(c.text, c.pattern)
		if !slices.Equal(got, want) || len(want) == 0 {
			t.Errorf("%v:\n got %v\nwant %v", c.kinds, got, want)
		}
	}
}

// find is the first remark of a kind on a line.
func find(t *testing.T, all []result.Remark, kind string, line int) result.Remark {
	t.Helper()
	for _, r := range all {
		if r.Kind == kind && r.Line == line {
			return r
		}
	}
	t.Fatalf("there is no %s on line %d", kind, line)
	return result.Remark{}
}

// line is the number of the first line that contains a text.
func line(text string) int {
	before, _, _ := strings.Cut(sample, text)
	return 1 + strings.Count(before, "\n")
}

func TestReasons(t *testing.T) {
	all := read(t, "main.go", sample)
	for _, c := range []struct{ kind, at, what, why string }{
		{result.RemarkEscape, "return &node", "&node{...}", "it is returned"},
		{result.RemarkMoved, "count := n", "count", "a closure that outlives the function uses it"},
		{result.RemarkConstant, `"constant"`, `"constant"`, ""},
		{result.RemarkEscape, "make([]int, n)", "make([]int, n)", "it is returned"},
		{result.RemarkEscape, "v = v.(int) + i", "v.(int) + i", "it is stored in v, which is there for longer"},
		{result.RemarkLeak, "keep(p **node)", "p", "what it points to goes to the heap"},
		{result.RemarkLeak, "cut(s []int", "s", "it is in the result"},
		{result.RemarkNotInlined, "fact(5)", "main.fact", "it is recursive"},
		{result.RemarkCannotInline, "func never", "", "marked go:noinline"},
		{result.RemarkDevirtual, "return s.area()", "s.area", "it is always of type square"},
		{result.RemarkStack, "var s shape = square{2}", "square{...}", ""},
	} {
		if r := find(t, all, c.kind, line(c.at)); r.What != c.what || r.Why != c.why {
			t.Errorf("%s in %q: %q because %q, want %q because %q", c.kind, c.at, r.What, r.Why, c.what, c.why)
		}
	}
	if r := find(t, all, result.RemarkSliceBounds, line("return s[a:b]")); r.Count != 2 {
		t.Errorf("s[a:b] has %d checks, want both bounds", r.Count)
	}
	if r := find(t, all, result.RemarkBounds, line("get(ys, 3)")); r.From == nil || r.From.Line != line("return xs[i]") {
		t.Errorf("the check in the inlined get is from %v", r.From)
	}
	if r := find(t, all, result.RemarkCopy, line("c := never")); r.Bytes != 512 {
		t.Errorf("a copy of 64 numbers has %d bytes", r.Bytes)
	}
	if r := find(t, all, result.RemarkProved, line("s += xs[i]")); r.Count != 1 {
		t.Errorf("xs[i] of two indices: %+v", r)
	}
	escape := find(t, all, result.RemarkEscape, line("return &node"))
	if escape.Func != "newNode" || len(escape.Flow) != 2 || escape.Flow[1].How != "return" || escape.Flow[1].Line != escape.Line {
		t.Errorf("the way of &node{...}: %+v", escape)
	}
}

// Positions are those of line directives, in both of the compiler's forms.
func TestCellPositions(t *testing.T) {
	text := strings.Replace(sample, "func newNode", "//line cell 3:1:1\nfunc newNode", 1)
	text = strings.Replace(text, "\treturn s + get", "//line cell 4:7:2\n\treturn s + get", 1)
	want := read(t, "main.go", sample)
	shifted := read(t, "gen.go", text)
	if len(want) != len(shifted) {
		t.Fatalf("%d remarks, without directives %d", len(shifted), len(want))
	}
	for kind, at := range map[string]string{result.RemarkEscape: "cell 3:1:36", result.RemarkBounds: "cell 3:5:42", result.RemarkSliceBounds: "cell 3:7:45"} {
		if !slices.Contains(list(shifted, kind), at) {
			t.Errorf("%s at %v, none of them at %s", kind, list(shifted, kind), at)
		}
	}
	i := slices.IndexFunc(shifted, func(r result.Remark) bool { return r.Kind == result.RemarkBounds && r.File == "cell 4" })
	if i < 0 || shifted[i].Line != 7 || shifted[i].From == nil || *shifted[i].From != (result.RemarkPlace{File: "cell 3", Line: 5, Col: 42}) {
		t.Errorf("the check of the inlined call: %v", list(shifted, result.RemarkBounds))
	}
}

func TestDamagedLog(t *testing.T) {
	dir := t.TempDir()
	if _, err := Read("", filepath.Join(dir, "none"), nil); err != nil {
		t.Errorf("without a directory: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte("{\"version\":0}\n{\"range\""), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Read("", dir, nil); err == nil {
		t.Error("half a line was read")
	}
}

func FuzzText(f *testing.F) {
	f.Add("main.go:16:36: &node{...} escapes to heap in newNode:\nmain.go:16:36:   flow: ~r0 ← &{storage for &node{...}}:\nmain.go:16:36:     from &node{...} (spill) at main.go:16:36\nmain.go:16:36: &node{...} escapes to heap\n")
	f.Add("cell 3:1:1: leaking param: p to result ~r0 level=0\ncell 3:1:1: cannot inline f: function too complex: cost 99999999999999999999 exceeds budget 80")
	f.Fuzz(func(t *testing.T, text string) {
		for _, r := range readText(text) {
			if r.Kind == "" {
				t.Errorf("a remark without a kind: %+v", r)
			}
		}
	})
}
