package build

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestCancelledBuild: a go command that is stopped in the middle leaves nothing.
func TestCancelledBuild(t *testing.T) {
	tc, err := FindToolchain(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	temp, dir := t.TempDir(), t.TempDir()
	t.Setenv("GOTMPDIR", temp)
	for name, text := range map[string]string{"go.mod": "module m\n", "main.go": "package main\n\nimport _ \"net/http\"\n\nfunc main() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() {
		_, err := tc.Command(ctx, dir, tc.Go, "build", "-a", "-o", filepath.Join(dir, "m"), ".")
		done <- err
	}()
	for building := false; !building; time.Sleep(time.Millisecond) {
		select {
		case err := <-done:
			t.Fatalf("it ended before it was stopped: %v", err)
		default:
		}
		found, _ := filepath.Glob(filepath.Join(temp, "*", "go-build*"))
		building = len(found) > 0
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}
