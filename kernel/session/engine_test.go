package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/live"
	"hpgo/kernel/live/selfcheck"
)

// broken is a live engine that something was done to.
type broken struct {
	live.Engine
	name   string
	worker error // instead of a worker
	build  error // instead of the second object
	stale  bool  // the third object is the second one again
	builds int
	last   *live.Object
}

func (b *broken) Name() string { return b.name }

func (b *broken) Worker(ctx context.Context) (string, error) {
	if b.worker != nil {
		return "", b.worker
	}
	return b.Engine.Worker(ctx)
}

func (b *broken) Build(ctx context.Context, u *cell.Unit, opt build.Options) (*live.Object, error) {
	b.builds++
	n := b.builds
	if n == 2 && b.build != nil {
		return nil, b.build
	}
	if n == 3 && b.stale {
		return b.last, nil
	}
	o, err := b.Engine.Build(ctx, u, opt)
	b.last = o
	return o, err
}

// streams keeps what a session says.
type streams struct {
	mu   sync.Mutex
	text map[string]string
}

func (s *streams) Stream(name, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.text == nil {
		s.text = map[string]string{}
	}
	s.text[name] += text
}

func (s *streams) Display(display.Event) {}

// startBroken starts a session whose live engine is sabotaged.
func startBroken(t *testing.T, b *broken) *Session {
	t.Helper()
	s := New(Options{Dir: t.TempDir()})
	s.newLive = func(tc *build.Toolchain, mod *build.Module) live.Engine {
		made := &broken{Engine: newPlugin(tc, mod), name: b.name, worker: b.worker, build: b.build, stale: b.stale}
		return made
	}
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// uniqueName keeps the verdicts of a test's engines apart from all others.
func uniqueName(t *testing.T) string {
	return strings.ToLower(strings.ReplaceAll(fmt.Sprintf("%s-%p", t.Name(), t), "/", "-"))
}

func TestFallBack(t *testing.T) {
	tests := []struct {
		name string
		b    broken
		why  string
	}{
		{"a cell that doesn't link", broken{build: errors.New("relocation overflow\nand more")}, "cell 2: relocation overflow"},
		{"a wrong answer", broken{stale: true}, `three cells gave nothing instead of "41 true 3 7 410saved"`},
		{"no worker", broken{worker: errors.New("the worker doesn't build")}, "the worker doesn't build"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if testing.Short() {
				t.Skip("not of the short run")
			}
			tt.b.name = uniqueName(t)
			s := startBroken(t, &tt.b)
			var said streams
			for i, text := range []string{"x := 41", "x++; x", "x"} {
				res := s.Execute(context.Background(), text, &said)
				if res.Err != nil {
					t.Fatalf("cell %d: %v", i+1, res.Err)
				}
				if want := []string{"", "42", "41"}[i]; want != "" && fmt.Sprint(res.Value.Data["text/plain"]) != want {
					t.Errorf("cell %d gave %v, want %s", i+1, res.Value.Data["text/plain"], want)
				}
			}
			if name, why := s.Engine(); name != "fresh" || !strings.HasSuffix(why, tt.why) {
				t.Errorf("engine %s: %s", name, why)
			}
			got := said.text["stderr"]
			if strings.Count(got, "fresh-process mode") != 1 || !strings.Contains(got, "values don't last") || !strings.Contains(got, tt.why) || strings.Count(got, "\n") != 1 {
				t.Errorf("said %q", got)
			}
			known, err := selfcheck.Recall(tt.b.name, keyOfLive(t, s))
			if failed := (*selfcheck.Failure)(nil); tt.b.worker == nil && (!known || !errors.As(err, &failed)) {
				t.Errorf("remembered: %v, %v", known, err)
			}
		})
	}
}

// keyOfLive is the key under which the session's live engine is remembered.
func keyOfLive(t *testing.T, s *Session) string {
	t.Helper()
	mod, err := build.NewModule(s.tc)
	if err != nil {
		t.Fatal(err)
	}
	defer mod.Close()
	return mod.Key()
}

// The verdict is asked for once; what is remembered costs nothing.
func TestSelfCheckOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	name := uniqueName(t)
	made := 0
	for i, want := range []int{2, 1} { // the session's engine, and that of the check
		s := New(Options{Dir: t.TempDir()})
		made = 0
		s.newLive = func(tc *build.Toolchain, mod *build.Module) live.Engine {
			made++
			return &broken{Engine: newPlugin(tc, mod), name: name}
		}
		if err := s.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		var said streams
		if res := s.Execute(context.Background(), "1", &said); res.Err != nil {
			t.Fatal(res.Err)
		}
		if got, why := s.Engine(); got != name || why != "" || made != want || said.text["stderr"] != "" {
			t.Errorf("session %d: engine %s (%s), %d engines made, want %d; said %q", i+1, got, why, made, want, said.text["stderr"])
		}
		s.Close()
	}
}

// What a package would mend is an error, not another mode.
func TestNoFallBackWithoutGcc(t *testing.T) {
	for _, missing := range []error{build.ErrNoGcc, build.ErrNoLinker} {
		s := startBroken(t, &broken{name: uniqueName(t), worker: missing})
		res := s.Execute(context.Background(), "1", &streams{})
		if res.Err == nil || res.Err.Value != missing.Error() {
			t.Errorf("got %v, want %v", res.Err, missing)
		}
		if name, why := s.Engine(); name == "fresh" || why != "" {
			t.Errorf("engine %s: %s", name, why)
		}
	}
}

func TestForcedEngine(t *testing.T) {
	t.Setenv(engineVariable, "interpreted")
	err := New(Options{}).Start(context.Background())
	if err == nil || !strings.Contains(err.Error(), "the engines are plugin and fresh") {
		t.Errorf("unknown engine: %v", err)
	}
	t.Setenv(engineVariable, "plugin")
	s := startBroken(t, &broken{name: uniqueName(t), build: errors.New("broken")})
	for i, want := range []bool{false, true} { // the second object fails, and nobody checked before
		if res := s.Execute(context.Background(), fmt.Sprint(i), &streams{}); (res.Err != nil) != want {
			t.Errorf("cell %d: %v", i+1, res.Err)
		}
	}
}

// In fresh-process mode an interrupted cell costs nothing but itself, its CPU
// time is that of its process, and a restart forgets the variables.
func TestFreshProcess(t *testing.T) {
	if testing.Short() {
		t.Skip("not of the short run")
	}
	t.Setenv(engineVariable, "fresh")
	s := New(Options{Dir: t.TempDir()})
	if err := s.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	run := func(ctx context.Context, text string) Result {
		t.Helper()
		return s.Execute(ctx, text, &streams{})
	}
	if res := run(context.Background(), "x := 41"); res.Err != nil {
		t.Fatal(res.Err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if res := run(ctx, "y := 1\nfor {}"); res.Err == nil || res.Err.Name != "Timeout" {
		t.Errorf("endless loop: %v", res.Err)
	}
	if res := run(context.Background(), "x + y"); res.Err != nil || res.Value.Data["text/plain"] != "42" {
		t.Errorf("after it: %+v, %v", res.Value, res.Err)
	}
	if out := s.timing(); out.Wall <= 0 {
		t.Errorf("timing %+v", out)
	}
	s.resetTiming()
	run(context.Background(), "z := 0; for i := range 1<<28 { z ^= i }")
	if out := s.timing(); out.User <= 0 || out.User > time.Minute {
		t.Errorf("CPU time %+v", out)
	}
	if err := (&dispatcher{Session: s}).Restart(context.Background()); err != nil {
		t.Errorf("restart: %v", err)
	}
	if res := run(context.Background(), "x"); res.Err == nil {
		t.Error("x is still there after a restart")
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(s.mod.Dir); err == nil && !build.Keep() {
		t.Errorf("%s is left", s.mod.Dir)
	}
}
