package cell

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// countStub takes the place of magics/harness in the tests' programs: it prints
// the counts when the cell has ended.
const countStub = `package countstub

import (
	"encoding/json"
	"os"
	"runtime"
)

func Counting(lists ...[]uint64) func() {
	counts := lists[0]
	return func() {
		data, _ := json.Marshal(counts)
		os.Stderr.WriteString("counts " + string(data) + "\n")
		recover()
	}
}

// Outermost looks for its caller further up, as that of magics/harness does.
func Outermost() bool {
	var pcs [1000]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	first, more := frames.Next()
	for more {
		var f runtime.Frame
		if f, more = frames.Next(); f.Function == first.Function {
			return false
		}
	}
	return true
}
`

// runUnits builds the programs of some units with the go command and runs them.
func runUnits(t *testing.T, units ...*Unit) (outputs []string, counts [][]uint64) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := map[string]string{}
	put := func(path, text string) {
		file := filepath.Join(dir, fmt.Sprintf("f%d", len(overlay)))
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, path)] = file
	}
	put("internal/countstub/stub.go", countStub)
	for i, u := range units {
		for _, f := range u.Files {
			put(fmt.Sprintf("internal/countprog%d/%s", i, f.Name), strings.ReplaceAll(f.Text, harnessPath, "hpgo/internal/countstub"))
		}
		put(fmt.Sprintf("internal/countprog%d/main.go", i), "package main\n\nfunc main() { "+EntryName+"() }\n")
	}
	data, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	list := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(list, data, 0o644); err != nil {
		t.Fatal(err)
	}
	for i, u := range units {
		exe := filepath.Join(dir, fmt.Sprintf("prog%d", i))
		build := exec.Command("go", "build", "-overlay", list, "-o", exe, fmt.Sprintf("hpgo/internal/countprog%d", i))
		build.Dir = root
		if out, err := build.CombinedOutput(); err != nil {
			t.Fatalf("build: %v\n%s\n%s", err, out, allText(u))
		}
		var errText strings.Builder
		cmd := exec.Command(exe)
		cmd.Stderr = &errText
		out, err := cmd.Output()
		outputs = append(outputs, string(out))
		var values []uint64
		if _, text, ok := strings.Cut(errText.String(), "counts "); ok {
			if err := json.Unmarshal([]byte(strings.SplitN(text, "\n", 2)[0]), &values); err != nil {
				t.Fatal(err)
			}
		} else if err != nil {
			t.Fatalf("run: %v\n%s", err, errText.String())
		}
		counts = append(counts, values)
	}
	return outputs, counts
}

func allText(u *Unit) string {
	var b strings.Builder
	for _, f := range u.Files {
		b.WriteString(f.Text)
	}
	return b.String()
}

// rewriteCounted rewrites cells and the last of them once more with counters.
func rewriteCounted(t *testing.T, count *Count, cells ...string) (plain, counted *Unit) {
	t.Helper()
	w := rewriteCells(cells[:len(cells)-1]...)
	text := cells[len(cells)-1]
	make := func(count *Count) *Unit {
		c, errs := ParseIn(w.scope, text)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		env := testEnv()
		env.Count, env.Fresh = count, true
		u, errs := Rewrite(env, w.scope, len(cells), c)
		if len(errs) > 0 {
			t.Fatal(errs)
		}
		return u
	}
	return make(nil), make(count)
}

var hitsComment = regexp.MustCompile(`// (\d+)$`)

// TestHits runs the functions of testdata/count, whose comments say how often each
// line is executed. Lines without a number must have no hits.
func TestHits(t *testing.T) {
	paths, err := filepath.Glob("testdata/count/*.go.txt")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no snippets: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".go.txt"), func(t *testing.T) {
			t.Parallel()
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			all := Counted{All: true, Entry: true}
			plain, counted := rewriteCounted(t, &Count{Lines: all, Calls: all}, string(data))
			outputs, counts := runUnits(t, plain, counted)
			if outputs[0] != outputs[1] || outputs[0] == "" {
				t.Errorf("plain:\n%s\ncounted:\n%s", outputs[0], outputs[1])
			}
			hits := map[int]string{}
			for _, c := range counted.Counters {
				if c.Kind == CountHits {
					hits[c.Line] += strconv.FormatUint(c.Value(counts[1]), 10)
				}
			}
			for i, line := range strings.Split(string(data), "\n") {
				want := ""
				if m := hitsComment.FindStringSubmatch(line); m != nil {
					want = m[1]
				}
				if got := hits[i+1]; got != want {
					t.Errorf("%s:%d: %q hits, want %q: %s", path, i+1, got, want, line)
				}
			}
		})
	}
}

func TestCalls(t *testing.T) {
	cells := []string{`
func fib(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
func even(n int) bool { return n == 0 || odd(n-1) }
func odd(n int) bool { return n != 0 && even(n-1) }
type T struct{ n int }
func (t *T) Add(k int) { t.n += k }
func (t T) String() string { return fmt.Sprint(t.n) }
func boom(n int) { if n == 0 { panic("boom") }; boom(n - 1) }
func try(n int) { defer func() { recover() }(); boom(n) }
func par(n int) int {
	if n == 0 { return 1 }
	ch := make(chan int)
	go func() { ch <- par(n-1) }()
	return par(n-1) + <-ch
}
func leaf(x float64) float64 { return x * x }`,
		`fib(15); even(10)
t := &T{}
for i := range 7 { t.Add(i) }
fmt.Println(t, *t)
try(3); try(0)
fmt.Println(par(5))
for range 3 { leaf(2) }
fmt.Println(fib(3))`}
	all := Counted{All: true, Entry: true}
	plain, counted := rewriteCounted(t, &Count{Calls: all}, cells...)
	outputs, counts := runUnits(t, plain, counted)
	if outputs[0] != outputs[1] {
		t.Errorf("plain: %s\ncounted: %s", outputs[0], outputs[1])
	}
	got := map[string]string{}
	for _, c := range counted.Counters {
		if !c.Lit && c.Kind == CountCalls {
			got[c.Func] = fmt.Sprint(c.Value(counts[1]))
		}
	}
	for _, c := range counted.Counters {
		if n := fmt.Sprint(c.Value(counts[1])); !c.Lit && c.Kind == CountPrimitive && n != got[c.Func] {
			got[c.Func] += "/" + n
		}
	}
	// par starts a goroutine for half of its calls, where no call of it is active.
	want := map[string]string{"fib": "1978/2", "even": "6/1", "odd": "5/1", "T.Add": "7", "T.String": "2",
		"boom": "5/2", "try": "2", "par": "63/32", "leaf": "3"}
	for name, w := range want {
		if got[name] != w {
			t.Errorf("%s: %s calls, want %s", name, got[name], w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("got %v", got)
	}
}

// TestCountSome counts what was asked for, and nothing else.
func TestCountSome(t *testing.T) {
	cells := []string{"func f() { g() }\nfunc g() {}\ntype T int\nfunc (T) M() {}", "func h() {}", "f()"}
	tests := []struct {
		what Counted
		want string
	}{
		{Counted{Keys: []string{"f"}}, "f "},
		{Counted{Keys: []string{"(*T).M", "h"}}, "T.M h "},
		{Counted{Cells: []int{1}}, "f g T.M "},
		{Counted{All: true}, "f g T.M h "},
		{Counted{}, ""},
	}
	for _, tt := range tests {
		_, u := rewriteCounted(t, &Count{Calls: tt.what}, cells...)
		got := ""
		for _, c := range u.Counters {
			if c.Kind == CountCalls {
				got += c.Func + " "
			}
		}
		if got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.what, got, tt.want)
		}
	}
}

// TestCountedGoldens: the cells of the goldens compile with counters, and keep
// their positions.
func TestCountedGoldens(t *testing.T) {
	all := Counted{All: true, Entry: true}
	for name, cells := range goldenCells(t) {
		w := &rewritten{scope: NewScope()}
		for i, text := range cells {
			c, errs := ParseIn(w.scope, text)
			if len(errs) > 0 || c.CellMagic != nil {
				continue
			}
			env := testEnv()
			env.Count = &Count{Lines: all, Calls: all}
			u, errs := Rewrite(env, w.scope, i+1, c)
			if len(errs) > 0 {
				continue
			}
			w.scope = u.Next
			checkPositions(t, i+1, text, u)
			if errs := typeErrors(u); len(errs) > 0 && !slices.ContainsFunc(u.Files, func(f File) bool { return f.Cgo }) {
				t.Errorf("%s, cell %d: %v\n%s", name, i+1, errs, allText(u))
			}
		}
	}
}

// typeErrors type-checks a unit's files.
func typeErrors(u *Unit) []error {
	var errs []error
	fset := token.NewFileSet()
	var files []*ast.File
	for _, f := range u.Files {
		af, err := parser.ParseFile(fset, f.Name, f.Text, parser.SkipObjectResolution)
		if err != nil {
			return []error{err}
		}
		files = append(files, af)
	}
	conf := types.Config{Importer: testImporter(), Error: func(err error) {
		if !strings.Contains(err.Error(), "hpgo/") { // packages of hpgo are not in the tests' set
			errs = append(errs, err)
		}
	}}
	_, _ = conf.Check(PackagePath, fset, files, nil) // errors go to conf.Error
	return errs
}

// TestCountedLibrary: packages of the standard library, as one cell each, compile
// with counters wherever one can stand.
func TestCountedLibrary(t *testing.T) {
	dirs := []string{"container/list", "container/heap", "sort", "text/tabwriter", "text/template/parse", "regexp/syntax", "bufio", "strconv", "math/cmplx"}
	if testing.Short() {
		dirs = dirs[:3]
	}
	all := Counted{All: true, Entry: true}
	for _, dir := range dirs {
		text := packageAsCell(t, dir)
		w := rewriteCells("1", text)
		if len(w.errs[1]) > 0 {
			t.Logf("%s is no cell: %v", dir, w.errs[1][0])
			continue
		}
		_, u := rewriteCounted(t, &Count{Lines: all, Calls: all}, text)
		if errs := typeErrors(u); len(errs) > 0 {
			t.Errorf("%s: %v", dir, errs)
		}
	}
}

// packageAsCell joins the files of a package.
func packageAsCell(t *testing.T, dir string) string {
	t.Helper()
	pkg, err := build.ImportDir(filepath.Join(build.Default.GOROOT, "src", dir), 0)
	if err != nil {
		t.Fatal(err)
	}
	var imports, body strings.Builder
	for _, name := range pkg.GoFiles {
		data, err := os.ReadFile(filepath.Join(pkg.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), "", data, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		start := int(f.Name.End()) - 1
		for _, im := range f.Imports {
			if line := "import " + im.Path.Value + "\n"; !strings.Contains(imports.String(), line) {
				imports.WriteString(line)
			}
		}
		for _, d := range f.Decls {
			start = int(d.End()) - 1
		}
		body.WriteString(string(data[start:]) + "\n")
	}
	return imports.String() + body.String()
}

// FuzzCount: whatever a cell is, it compiles with counters if it does without.
func FuzzCount(f *testing.F) {
	for _, cells := range goldenCells(f) {
		f.Add(cells[0])
	}
	paths, err := filepath.Glob("testdata/count/*.go.txt")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("a, b := true, false\nif a && (b ||\n!a) { goto L }\nL:\nfor a { a = b &&\n!b }")
	f.Add("go func(){for{}}()\nx := 1\ngo f(x,\nx+1)\nfunc f(a, b int) { switch {case a > 1 &&\nb > 1:fallthrough;default:} }")
	all := Counted{All: true, Entry: true}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<12 {
			return
		}
		var units [2]*Unit
		for i, count := range []*Count{nil, {Lines: all, Calls: all}} {
			scope := NewScope()
			c, errs := ParseIn(scope, text)
			if len(errs) > 0 {
				return
			}
			env := testEnv()
			env.Count = count
			if units[i], errs = Rewrite(env, scope, 1, c); len(errs) > 0 {
				return
			}
		}
		if errs := typeErrors(units[0]); len(errs) > 0 {
			return
		}
		if errs := typeErrors(units[1]); len(errs) > 0 {
			t.Errorf("%v\n%s", errs, allText(units[1]))
		}
	})
}

// TestCountPackage: a package with counters is one that compiles, and its lines
// stay where they were.
func TestCountPackage(t *testing.T) {
	file := "/p/a.go"
	text := "package p\n\ntype T[E any] struct{ all []E }\n\nvar hits, other = 0, 1\n\nfunc (t *T[E]) Add(e E) {\n\tfor i := 0; i < 3 && // twice\n\t\tother > 0; i++ {\n\t\tt.all = append(t.all, e)\n\t}\n}\n\nfunc add() { hits++ }\n"
	p, err := CountPackage(testImporter(), "example.org/p", map[string]string{file: text}, []string{"T.Add"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(p.Files[file], "\n") != strings.Count(text, "\n") || !strings.Contains(p.Files[file], "func add() { hits++ }") {
		t.Errorf("the file: %s", p.Files[file])
	}
	u := &Unit{}
	for name, text := range p.Files {
		u.Files = append(u.Files, File{Name: name, Text: text})
	}
	if errs := typeErrors(u); len(errs) > 0 {
		t.Errorf("%v\n%s", errs, allText(u))
	}
	lines := ""
	for _, c := range p.counters {
		lines += fmt.Sprintf("%s:%d ", c.Func, c.Line)
	}
	if want := "T.Add:7 T.Add:7 T.Add:8 T.Add:9 T.Add:10 "; lines != want || fmt.Sprint(p.Vars) != "[hits other]" {
		t.Errorf("counted %s, variables %v", lines, p.Vars)
	}
	if _, err := CountPackage(testImporter(), "example.org/p", map[string]string{file: text}, []string{"Nope"}); err == nil {
		t.Error("counted in nothing")
	}
}
