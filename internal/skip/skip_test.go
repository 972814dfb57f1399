package skip

import (
	"os"
	"path/filepath"
	"testing"
)

func TestBecause(t *testing.T) {
	log := filepath.Join(t.TempDir(), "skips")
	t.Setenv(LogVariable, log)
	for _, reason := range []string{"one", "two"} {
		t.Run(reason, func(t *testing.T) { Because(t, reason) })
	}
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	if want := "TestBecause/one: one\nTestBecause/two: two\n"; string(text) != want {
		t.Errorf("log %q, want %q", text, want)
	}
}
