package plugin

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"hpgo/internal/skip"
	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
)

// bench is an engine with what it needs, for one test.
type bench struct {
	engine *Engine
	env    cell.Env
	scope  *cell.Scope
	n      int
}

func newBench(t testing.TB) *bench {
	t.Helper()
	ctx := context.Background()
	tc, err := build.FindToolchain(ctx)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := build.NewModule(tc)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mod.Close() })
	e := New(tc, mod)
	if err := mod.Require(ctx, "fmt"); err != nil {
		t.Fatal(err)
	}
	if _, err := e.Worker(ctx); err != nil {
		t.Fatal(err)
	}
	idx := build.NewStdIndex(tc.GOROOT)
	return &bench{engine: e, env: cell.Env{Importer: build.NewImporter(mod), Candidates: idx.Candidates}, scope: cell.NewScope()}
}

func (b *bench) build(t testing.TB, text string) *live.Object {
	t.Helper()
	b.n++
	c, errs := cell.ParseIn(b.scope, text)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	u, errs := cell.Rewrite(b.env, b.scope, b.n, c)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	o, err := b.engine.Build(context.Background(), u, build.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.scope = u.Next
	return o
}

func TestThinCells(t *testing.T) {
	if !thinArch {
		skip.Because(t, "cells are linked whole on this architecture")
	}
	b := newBench(t)
	if len(b.engine.loaded) == 0 {
		_, err := newProvider(mustWorker(t, b.engine), t.TempDir())
		t.Fatalf("no provider: %v", err)
	}
	cells := []string{
		`x := 1`,
		`fmt.Println("hello", x)`,
		`type P struct{ A, B int }
func (p P) String() string { return fmt.Sprint(p.A) }
m := map[string][]P{"a": {{1, 2}}}
m`,
		`ch := make(chan int, 3); go func() { ch <- 1; close(ch) }(); for v := range ch { x += v }`,
		`strings.ToUpper(strings.Repeat("a", 3)) + strconv.Itoa(5)`,
		`time.Now().Year() > 2000`,
		`xs := []float64{3, 1, 2}; sort.Float64s(xs); slices.Sort(xs); math.Sqrt(xs[0])`,
		`var mu sync.Mutex; mu.Lock(); mu.Unlock()
select { case v, ok := <-ch: _, _ = v, ok; default: }`,
		`b, err := json.Marshal(m); string(b), err`,
		`defer func() { recover() }(); var e error = errors.New("x"); panic(e)`,
		// Variables of structs and arrays whose types the worker has.
		"import (\"hpgo/magics/result\"; \"time\"; \"sync\")\nvar sweep result.Sweep\nvar when struct { At time.Time; Pool sync.Pool }\nvar times [3]time.Time\nsweep.Param, when.At, times[0] = \"n\", time.Now(), time.Now()",
		// What magics import.
		"import \"hpgo/magics/harness\"\nvar plan harness.TimingPlan\nplan.Runs++; testing.AllocsPerRun(1, func() {})",
	}
	for _, text := range cells {
		before := b.engine.whole.Load()
		o := b.build(t, text)
		if b.engine.whole.Load() != before {
			t.Errorf("linked whole: %q: %v", text, b.engine.lastWhole)
		}
		if o.Size > 300<<10 {
			t.Errorf("%d bytes for %q", o.Size, text)
		}
	}
}

func mustWorker(t *testing.T, e *Engine) string {
	t.Helper()
	exe, err := e.buildWorker(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return exe
}

func BenchmarkBuild(b *testing.B) {
	w := newBench(b)
	w.build(b, `x := 1`)
	for i := 0; b.Loop(); i++ {
		w.build(b, fmt.Sprintf("fmt.Println(x + %d)", i))
	}
}

// BenchmarkProvider is part of each session's start.
func BenchmarkProvider(b *testing.B) {
	w := newBench(b)
	exe, err := w.engine.buildWorker(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	for b.Loop() {
		if _, err := newProvider(exe, dir); err != nil {
			b.Fatal(err)
		}
	}
}

func TestPackagesOfLoadedCells(t *testing.T) {
	if !thinArch {
		skip.Because(t, "cells are linked whole on this architecture")
	}
	b := newBench(t)
	o := b.build(t, "type doc struct{ A int }\nout, err := xml.Marshal(doc{1})")
	if o.Size < minChained {
		t.Fatalf("%d bytes with encoding/xml linked in: is it in the worker now?", o.Size)
	}
	b.engine.Loaded(o)
	next := b.build(t, "string(out), err")
	if next.Size > minChained {
		t.Errorf("%d bytes: the second cell brings encoding/xml along again", next.Size)
	}
	if _, err := b.engine.Worker(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := len(b.engine.loadedObjects()); n != 1 {
		t.Errorf("a new worker starts with %d loaded objects, want itself alone", n)
	}
}

// TestInterruptedLinkerSearch: what gcc didn't say before an interrupt is not
// taken for missing.
func TestInterruptedLinkerSearch(t *testing.T) {
	tc, err := build.FindToolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := findLinker(ctx, tc); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestDeclarationsAreNotLinked(t *testing.T) {
	b := newBench(t)
	if o := b.build(t, "func f() int { return 1 }"); o.File != "" {
		t.Errorf("a cell of declarations was linked: %s", o.File)
	}
}
