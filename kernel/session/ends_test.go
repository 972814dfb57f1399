package session_test

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// silent is a sink that hears nothing.
type silent struct{}

func (silent) Stream(string, string) {}
func (silent) Display(display.Event) {}

// TestEndedSessions: sessions that have ended leave no files, no descriptors and
// no goroutines, whatever they were doing.
func TestEndedSessions(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	live := func(cells ...string) {
		t.Helper()
		s := session.New(session.Options{Dir: t.TempDir()})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, code := range cells {
			if r := s.Execute(t.Context(), code, silent{}); r.Err != nil {
				t.Errorf("%s: %v", code, r.Err)
			}
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	count := func() (files, goroutines int) {
		entries, err := os.ReadDir("/proc/self/fd")
		if err != nil {
			t.Fatal(err)
		}
		return len(entries), runtime.NumGoroutine()
	}
	live("1", "!sleep 600 &")
	files, goroutines := count()
	live("x := 1\ngo func() {\n\tselect {}\n}()", "!sleep 600 &", "!true")
	live("x := 1") // and ends before much is warm
	live()
	for range 1000 {
		if f, g := count(); f <= files && g <= goroutines {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
	if f, g := count(); f > files || g > goroutines {
		buf := make([]byte, 1<<20)
		t.Errorf("%d descriptors after %d, %d goroutines after %d:\n%s", f, files, g, goroutines, buf[:runtime.Stack(buf, true)])
	}
	if left, err := filepath.Glob(filepath.Join(tmp, "*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %q", left)
	}
}
