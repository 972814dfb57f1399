package fresh_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hpgo/internal/skip"
	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/live/fresh"
	"hpgo/kernel/worker"
)

// bench is an engine with what it needs, for one test.
type bench struct {
	engine *fresh.Engine
	env    cell.Env
	scope  *cell.Scope
	n      int
	dir    string
}

func newBench(t testing.TB) *bench {
	t.Helper()
	ctx := context.Background()
	tc, err := build.FindToolchain(ctx)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := build.NewPlainModule(tc)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mod.Close() })
	e := fresh.New(tc, mod)
	if exe, err := e.Worker(ctx); err != nil || exe != "" {
		t.Fatalf("worker %q, %v", exe, err)
	}
	index := build.NewStdIndex(tc.GOROOT)
	env := cell.Env{Importer: build.NewImporter(mod), Candidates: index.Candidates, Fresh: true}
	return &bench{engine: e, env: env, scope: cell.NewScope(), dir: t.TempDir()}
}

// output collects what a cell gives.
type output struct {
	mu             sync.Mutex
	stdout, stderr strings.Builder
	shown          []string
	panics         []*worker.Panic
}

func (o *output) Stream(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if name == "stdout" {
		o.stdout.WriteString(text)
	} else {
		o.stderr.WriteString(text)
	}
}

func (o *output) Display(e display.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	text, _ := e.Bundle.Data["text/plain"].(string)
	o.shown = append(o.shown, text)
}

func (o *output) Panic(p *worker.Panic) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.panics = append(o.panics, p)
}

// ran is what a cell gave.
type ran struct {
	output
	reply worker.Reply
	err   error
	value string
}

// run runs a cell as a session does.
func (b *bench) run(t testing.TB, text string) *ran {
	t.Helper()
	ctx := context.Background()
	b.n++
	c, errs := cell.ParseIn(b.scope, text)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	u, errs := cell.Rewrite(b.env, b.scope, b.n, c)
	if len(errs) > 0 {
		t.Fatalf("cell %d: %v", b.n, errs)
	}
	o, err := b.engine.Build(ctx, u, build.Options{Dir: b.dir})
	if err != nil {
		t.Fatalf("cell %d: %v", b.n, err)
	}
	b.scope = u.Next
	r := &ran{}
	if !u.Run {
		return r
	}
	if o.Size == 0 || o.Link == 0 || o.Compile == 0 {
		t.Errorf("object %+v", o)
	}
	args := []string{"hpgo-cell", "-n=3"}
	r.reply, r.err = worker.Run(ctx, worker.Options{Exe: o.File, Dir: b.dir}, worker.Call{Cell: b.n, Object: o.File, Symbol: o.Symbol, Args: args}, &r.output)
	if r.reply.Value != nil {
		r.value, _ = r.reply.Value.Data["text/plain"].(string)
	}
	return r
}

func TestCells(t *testing.T) {
	b := newBench(t)
	if err := os.WriteFile(filepath.Join(b.dir, "greeting.txt"), []byte("hello"), 0o644); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, text, stdout, value string }{
		{"a variable", `fmt.Println("computing"); x := 40`, "computing\n", ""},
		{"is computed again", `x + 2`, "", "42"},
		{"by what declared it alone", "x = 7\nx", "", "7"},
		{"so changes are lost", "x", "", "40"},
		{"a type with a method", "type P struct{ A int }\nfunc (p P) Double() int { return 2 * p.A }\nvar held any = P{21}", "", ""},
		{"keeps its identity", "p, ok := held.(P)\nfmt.Println(ok)\np.Double()", "true\n", "42"},
		{"a function redefined", "func (p P) Double() int { return -p.A }", "", ""},
		{"is called by its new code", "fmt.Sprint(p.Double(), x)", "", `"-21 40"`},
		{"a flag", `n := flag.Int("n", 1, "")`, "", ""},
		{"is parsed", "%%\nfmt.Println(*n)", "3\n", ""},
		{"a file in the program", "//go:embed greeting.txt\nvar greeting string", "", ""},
		{"is there again", "greeting", "", `"hello"`},
		{"a display", `display.Show(display.Markdown("*a*")); 1`, "", "1"},
		{"a package with C in it", `_, err := net.LookupPort("tcp", "http"); err`, "", "<nil>"},
		{"a goroutine", "c := make(chan int); go func() { c <- 5 }(); <-c", "", "5"},
		{"a generic type", "type Pair[T any] struct{ A, B T }\nq := Pair[int]{1, 2}\nq.A + q.B", "", "3"},
		{"an import for its side effect", `import _ "image/png"`, "", ""},
		{"is made again", `_, kind, _ := image.DecodeConfig(bytes.NewReader([]byte("\x89PNG\r\n\x1a\n"))); kind`, "", `"png"`},
	}
	for _, tt := range tests {
		r := b.run(t, tt.text)
		if r.err != nil || r.reply.Panic != nil {
			t.Errorf("%s: %v, panic %+v", tt.name, r.err, r.reply.Panic)
			continue
		}
		if got := r.stdout.String(); got != tt.stdout || r.value != tt.value || r.stderr.Len() > 0 {
			t.Errorf("%s: stdout %q, value %s; want %q, %s (stderr %q)", tt.name, got, r.value, tt.stdout, tt.value, r.stderr.String())
		}
	}
}

func TestEnds(t *testing.T) {
	b := newBench(t)
	r := b.run(t, "func fail(s []int) int { return s[3] }\ny := fail(nil)")
	if r.err != nil || r.reply.Panic == nil {
		t.Fatalf("no panic: %v, %+v", r.err, r.reply)
	}
	again := b.run(t, "y")
	if again.reply.Panic == nil {
		t.Fatalf("no panic in the second cell: %v, %+v", again.err, again.reply)
	}
	for _, p := range []*worker.Panic{r.reply.Panic, again.reply.Panic} {
		var lines []string
		for _, f := range p.Frames {
			if strings.HasPrefix(f.File, "cell ") {
				lines = append(lines, f.File)
			} else if !strings.HasPrefix(f.Func, "runtime.") && !strings.HasPrefix(f.Func, "hpgo/kernel/") && !strings.Contains(f.File, "hpgo_generated.go") {
				t.Errorf("a frame that nobody knows: %+v", f)
			}
		}
		if strings.Join(lines, ", ") != "cell 1, cell 1" {
			t.Errorf("frames in %q: %+v", lines, p.Frames)
		}
	}
	var died *worker.Died
	r = b.run(t, `fmt.Println("so long"); os.Exit(3)`)
	if !errors.As(r.err, &died) || died.ExitCode != 3 || r.stdout.String() != "so long\n" {
		t.Errorf("os.Exit: %v, stdout %q", r.err, r.stdout.String())
	}
	if r = b.run(t, `os.Exit(0)`); r.err != nil {
		t.Errorf("os.Exit(0): %v", r.err)
	}
	if r = b.run(t, `go func() { panic("there") }(); time.Sleep(50 * time.Millisecond); 1`); len(r.panics) != 1 || r.value != "1" {
		t.Errorf("panic in a goroutine: %+v, value %s", r.panics, r.value)
	}
}

func TestCgo(t *testing.T) {
	if _, err := build.FindCompiler(); err != nil {
		skip.Because(t, "there is no gcc")
	}
	b := newBench(t)
	b.run(t, "/*\n#cgo LDFLAGS: -lm\n#include <math.h>\nstatic int twice(int n) { return 2 * n; }\n*/\nimport \"C\"\nvar z int = int(C.twice(21))")
	if r := b.run(t, "z, float64(C.sqrt(16))"); r.value != "(42, 4)" {
		t.Errorf("value %s, %v, %+v", r.value, r.err, r.reply.Panic)
	}
}

// Nothing of an engine is left behind.
func TestClose(t *testing.T) {
	b := newBench(t)
	b.run(t, "1")
	if err := b.engine.Close(); err != nil {
		t.Fatal(err)
	}
	if r := b.run(t, "2"); r.value != "2" {
		t.Errorf("after Close: %s, %v", r.value, r.err)
	}
}

// Without gcc in PATH everything works but C.
func TestWithoutGcc(t *testing.T) {
	goCmd, err := build.FindToolchain(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", filepath.Dir(goCmd.Go))
	if _, err := build.FindCompiler(); err == nil {
		skip.Because(t, "gcc lies beside go")
	}
	b := newBench(t)
	if r := b.run(t, `_, err := net.LookupPort("tcp", "http"); err`); r.err != nil || r.value != "<nil>" {
		t.Errorf("value %s, %v, %+v", r.value, r.err, r.reply.Panic)
	}
}

func BenchmarkCell(b *testing.B) {
	w := newBench(b)
	w.run(b, `x := 1`)
	for b.Loop() {
		w.run(b, "fmt.Println(x)")
	}
}
