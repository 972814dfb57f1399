package session_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hpgo/internal/skip"
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
