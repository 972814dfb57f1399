package session_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/internal/skip"
	"hpgo/kernel/display"
	"hpgo/kernel/session"
	"hpgo/magics/python"
)

// findPython returns the Python that %%python would use, with some modules.
func findPython(t *testing.T, modules ...string) string {
	t.Helper()
	exe, err := python.Find("", t.TempDir(), os.Environ())
	if err != nil {
		skip.Because(t, err.Error())
	}
	for _, m := range modules {
		if exec.Command(exe, "-c", "import "+m).Run() != nil {
			skip.Because(t, exe+" has no "+m)
		}
	}
	return exe
}

// TestPythonStories tells stories of %%python. The first line of each names the
// modules that it needs, and says whether it is one of fresh-process mode.
func TestPythonStories(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(*stories, "python", "*.txtar"))
	if err != nil || len(paths) == 0 && *stories == "testdata" {
		t.Fatalf("no stories of Python: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			first, _, _ := strings.Cut(string(data), "\n")
			_, needs, _ := strings.Cut(first, "needs ")
			findPython(t, strings.Fields(needs)...)
			if strings.Contains(first, "(fresh)") {
				t.Setenv("HPGO_ENGINE", "fresh")
			}
			tellStory(t, path)
		})
	}
}

// TestPythonInterrupt interrupts a Python cell; its variables are kept.
func TestPythonInterrupt(t *testing.T) {
	findPython(t)
	s := startSession(t)
	run := func(code string) session.Result {
		return s.Execute(t.Context(), code, &told{streams: map[string]*strings.Builder{"stdout": {}, "stderr": {}}})
	}
	if res := run("%python x = 42"); res.Err != nil {
		t.Fatal(res.Err)
	}
	sink := &interrupting{Session: s.Session}
	res := s.Execute(t.Context(), "%%python\nprint('go', flush=True)\nwhile True: pass", sink)
	if res.Err == nil || res.Err.Name != "Interrupted" || !strings.Contains(strings.Join(res.Err.Traceback, "\n"), "cell 2, line ") {
		t.Errorf("result %+v", res.Err)
	}
	if res := run("%python x"); res.Err != nil || res.Value.Data["text/plain"] != "42" {
		t.Errorf("x is %+v, %v", res.Value, res.Err)
	}
	deaf := "%%python\nimport signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('go', flush=True)\nwhile True: pass"
	res = s.Execute(t.Context(), deaf, sink)
	if res.Err == nil || res.Err.Name != "Interrupted" || !strings.Contains(strings.Join(res.Err.Traceback, "\n"), "Python ended (killed by signal: killed)") {
		t.Errorf("result %+v", res.Err)
	}
	if res := run("%python 1 + 1"); res.Err != nil || res.Value.Data["text/plain"] != "2" {
		t.Errorf("a new Python: %+v, %v", res.Value, res.Err)
	}
}

// interrupting is a sink that interrupts with each text: "go", and the note that
// Python doesn't react.
type interrupting struct{ *session.Session }

// Stream implements session.Sink.
func (i *interrupting) Stream(string, string) { i.Interrupt() }

// Display implements session.Sink.
func (i *interrupting) Display(display.Event) {}
