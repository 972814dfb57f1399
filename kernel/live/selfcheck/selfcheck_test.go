package selfcheck_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/internal/skip"
	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/live"
	"hpgo/kernel/live/fresh"
	"hpgo/kernel/live/plugin"
	"hpgo/kernel/live/selfcheck"
	"hpgo/kernel/worker"
)

// quiet is a sink that takes no notice.
type quiet struct{}

func (quiet) Stream(string, string) {}
func (quiet) Display(display.Event) {}
func (quiet) Panic(*worker.Panic)   {}

// subject makes an engine with what the check needs.
func subject(t *testing.T, keeps bool) selfcheck.Subject {
	t.Helper()
	ctx := context.Background()
	tc, err := build.FindToolchain(ctx)
	if err != nil {
		t.Fatal(err)
	}
	newModule := build.NewPlainModule
	if keeps {
		if _, err := build.FindCompiler(); err != nil {
			skip.Because(t, "there is no gcc")
		}
		newModule = build.NewModule
	}
	mod, err := newModule(tc)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mod.Close() })
	if err := mod.Require(ctx, "fmt"); err != nil {
		t.Fatal(err)
	}
	index := build.NewStdIndex(tc.GOROOT)
	s := selfcheck.Subject{Env: cell.Env{Importer: build.NewImporter(mod), Candidates: index.Candidates}}
	if !keeps {
		s.Engine = fresh.New(tc, mod)
		s.Run = func(ctx context.Context, n int, o *live.Object) (string, error) {
			r, err := worker.Run(ctx, worker.Options{Exe: o.File}, worker.Call{Cell: n, Object: o.File, Symbol: o.Symbol}, quiet{})
			return text(r), err
		}
		return s
	}
	s.Engine = plugin.New(tc, mod)
	exe, err := s.Engine.Worker(ctx)
	if err != nil {
		t.Fatal(err)
	}
	w, err := worker.Start(ctx, worker.Options{Exe: exe, Package: cell.PackagePath})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close() })
	s.Run = func(ctx context.Context, n int, o *live.Object) (string, error) {
		r, err := w.Call(ctx, worker.Call{Cell: n, Object: o.File, Symbol: o.Symbol}, quiet{})
		return text(r), err
	}
	s.Interrupt = func(ctx context.Context, n int, o *live.Object) error {
		ctx, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		r, err := w.Call(ctx, worker.Call{Cell: n, Object: o.File, Symbol: o.Symbol}, quiet{})
		if err == nil && r.Interrupted == nil {
			err = errors.New("it ended by itself")
		}
		return err
	}
	return s
}

func text(r worker.Reply) string {
	if r.Value == nil {
		return ""
	}
	s, _ := r.Value.Data["text/plain"].(string)
	return s
}

// Both engines pass here.
func TestPasses(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		s := subject(t, keeps)
		if err := selfcheck.Check(context.Background(), s); err != nil {
			t.Errorf("%s: %v", s.Engine.Name(), err)
		}
	}
}

// An interrupt keeps the variables here; one that doesn't stop a cell, or takes
// them along, is noticed.
func TestInterrupt(t *testing.T) {
	s := subject(t, true)
	if err := selfcheck.CheckInterrupt(context.Background(), s); err != nil {
		t.Error(err)
	}
	fake := selfcheck.Subject{Engine: stub{}, Env: s.Env, Run: func(context.Context, int, *live.Object) (string, error) { return "0", nil }}
	for _, tt := range []struct {
		err  error
		want string
	}{{errors.New("it went on"), "interrupt: it went on"}, {nil, `interrupt: it left "0"`}} {
		fake.Interrupt = func(context.Context, int, *live.Object) error { return tt.err }
		var f *selfcheck.Failure
		if err := selfcheck.CheckInterrupt(context.Background(), fake); !errors.As(err, &f) || !strings.Contains(f.Reason, tt.want) {
			t.Errorf("%v, want %s", err, tt.want)
		}
	}
}

// stub is an engine whose cells do what the test says.
type stub struct {
	live.Engine
	err error
}

func (stub) Name() string      { return "stub" }
func (stub) KeepsValues() bool { return true }
func (s stub) Build(context.Context, *cell.Unit, build.Options) (*live.Object, error) {
	return &live.Object{File: "cell"}, s.err
}
func (stub) Loaded(*live.Object) {}

func TestFails(t *testing.T) {
	real := subject(t, false)
	tests := []struct {
		name     string
		build    error
		run      error
		value    string
		contains string
	}{
		{"build", errors.New("doesn't link"), nil, "", "cell 1: doesn't link"},
		{"run", nil, errors.New("panic: at once"), "", "cell 1: panic: at once"},
		{"answer", nil, nil, "12", "three cells gave 12 instead of"},
		{"no answer", nil, nil, "", "three cells gave nothing instead of"},
	}
	for _, tt := range tests {
		s := selfcheck.Subject{Engine: stub{err: tt.build}, Env: real.Env,
			Run: func(context.Context, int, *live.Object) (string, error) { return tt.value, tt.run }}
		err := selfcheck.Check(context.Background(), s)
		var f *selfcheck.Failure
		if !errors.As(err, &f) || !strings.Contains(f.Reason, tt.contains) || f.Engine != "stub" {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := selfcheck.Subject{Engine: stub{}, Env: real.Env, Run: func(context.Context, int, *live.Object) (string, error) {
		cancel()
		return "", ctx.Err()
	}}
	var f *selfcheck.Failure
	if err := selfcheck.Check(ctx, s); !errors.Is(err, context.Canceled) || errors.As(err, &f) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestRemember(t *testing.T) {
	t.Setenv("HPGO_CACHE", t.TempDir())
	expect := func(when string, known, ok bool) {
		t.Helper()
		k, err := selfcheck.Recall("plugin", "key")
		if k != known || (err == nil) != ok {
			t.Errorf("%s: known %v, %v", when, k, err)
		}
	}
	expect("at first", false, true)
	selfcheck.Remember("plugin", "key", context.Canceled)
	expect("after a cancelled check", false, true)
	failure := &selfcheck.Failure{Engine: "plugin", Reason: "why\nand more"}
	selfcheck.Remember("plugin", "key", failure)
	expect("after a failure", true, false)
	if _, err := selfcheck.Recall("plugin", "key"); err.Error() != failure.Error() {
		t.Errorf("remembered %q", err)
	}
	if got := failure.Line(); got != "the self-check of the plugin engine failed: why" {
		t.Errorf("line %q", got)
	}
	files, err := filepath.Glob(filepath.Join(build.CacheDir(), "*"))
	if err != nil || len(files) != 1 {
		t.Fatalf("files %q, %v", files, err)
	}
	long := time.Now().Add(-48 * time.Hour)
	if err := os.Chtimes(files[0], long, long); err != nil {
		t.Fatal(err)
	}
	expect("long after a failure", false, true)
	selfcheck.Remember("plugin", "key", nil)
	expect("after a success", true, true)
	if k, _ := selfcheck.Recall("plugin", "other"); k {
		t.Error("another key is known")
	}
	if err := os.WriteFile(files[0], []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	expect("a damaged file", false, true)
}
