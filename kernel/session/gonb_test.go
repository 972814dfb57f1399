package session_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// shows is a sink that notes what is displayed.
type shows struct{ html []string }

func (s *shows) Stream(string, string) {}
func (s *shows) Display(e display.Event) {
	text, _ := e.Bundle.Data["text/html"].(string)
	s.html = append(s.html, text)
}

// TestGonbuiLives: pipes live as long as their worker, whatever ends it; a cell
// that waits for a page that isn't there can be interrupted.
func TestGonbuiLives(t *testing.T) {
	s := session.New(session.Options{Dir: t.TempDir()})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	out := &shows{}
	run := func(code string) session.Result { return s.Execute(t.Context(), code, out) }
	r := run("import \"github.com/janpfeifer/gonb/gonbui\"\nimport \"github.com/janpfeifer/gonb/gonbui/dom\"\ngonbui.DisplayHTML(\"0\"); os.Getenv(\"GONB_TMP_DIR\")")
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	dir, err := strconv.Unquote(r.Value.Data["text/plain"].(string))
	if err != nil {
		t.Fatal(err)
	}
	for _, end := range []string{"os.Exit(1)", "panic(1)", "syscall.Kill(os.Getpid(), syscall.SIGKILL)", "%reset"} {
		run("gonbui.DisplayHTML(" + `"before ` + end + `"` + "); time.Sleep(0)")
		run(end)
		if r := run("import \"github.com/janpfeifer/gonb/gonbui\"\ngonbui.DisplayHTML(\"after\")"); r.Err != nil {
			t.Errorf("after %s: %v", end, r.Err)
		}
		if pipes, _ := filepath.Glob(filepath.Join(dir, "gonbui-*")); len(pipes) != 1 {
			t.Errorf("after %s: %v", end, pipes)
		}
	}
	if got := strings.Join(out.html, " "); strings.Count(got, "before") != 4 || strings.Count(got, "after") != 4 {
		t.Errorf("shown: %s", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(500*time.Millisecond, cancel)
	began := time.Now()
	r = s.Execute(ctx, "import \"github.com/janpfeifer/gonb/gonbui/dom\"\ndom.GetInnerHtml(\"nothing\")", out)
	if r.Err == nil || r.Err.Name != "Interrupted" || time.Since(began) > 30*time.Second {
		t.Errorf("a cell that waits for the page: %v after %v", r.Err, time.Since(began))
	}
	out.html = nil
	if r := run("gonbui.DisplayHTML(\"still there\")"); r.Err != nil || len(out.html) != 1 {
		t.Errorf("after an interrupt: %v, %q", r.Err, out.html)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is left: %v", dir, err)
	}
}
