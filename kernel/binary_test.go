package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hpgoBinary is the hpgo that the tests run; TestMain builds it once.
var hpgoBinary string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "hpgo-test-")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer os.RemoveAll(dir)
		hpgoBinary = filepath.Join(dir, "hpgo")
		if out, err := exec.Command("go", "build", "-o", hpgoBinary, ".").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "build hpgo: %v\n%s", err, out)
			return 1
		}
		// The first use ever compiles the standard library, which takes longer
		// than the tests wait for a cell.
		if out, err := exec.Command(hpgoBinary, "doctor", "--engine").CombinedOutput(); err != nil {
			fmt.Fprintf(os.Stderr, "warm the build cache: %v\n%s", err, out)
			return 1
		}
		return m.Run()
	}())
}

// outcome is how a run of the hpgoBinary ended.
type outcome struct {
	code           int
	stdout, stderr string
}

// hpgo runs the binary with additional environment variables.
func hpgo(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), hpgoBinary, args...)
	cmd.Env = append(os.Environ(), env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// expect checks the exit code and what stands on standard error.
func (o outcome) expect(t *testing.T, code int, stderr ...string) {
	t.Helper()
	if o.code != code {
		t.Errorf("exit code %d, want %d", o.code, code)
	}
	for _, want := range stderr {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("standard error lacks %q", want)
		}
	}
	if t.Failed() {
		t.Logf("stdout:\n%s\nstderr:\n%s", o.stdout, o.stderr)
	}
}

// write writes a file of a test and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// read reads a file as text.
func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// notebookOf makes the text of a notebook with these code cells. A cell that
// begins with "#tag " carries a tag.
func notebookOf(t *testing.T, cells ...string) string {
	t.Helper()
	type cell struct {
		Type     string         `json:"cell_type"`
		ID       string         `json:"id"`
		Metadata map[string]any `json:"metadata"`
		Source   string         `json:"source"`
		Outputs  []any          `json:"outputs"`
		Count    *int           `json:"execution_count"`
	}
	nb := map[string]any{"nbformat": 4, "nbformat_minor": 5, "metadata": map[string]any{}}
	var list []cell
	for i, source := range cells {
		c := cell{Type: "code", ID: fmt.Sprintf("c%d", i+1), Metadata: map[string]any{}, Source: source, Outputs: []any{}}
		if rest, ok := strings.CutPrefix(source, "#tag "); ok {
			tag, code, _ := strings.Cut(rest, "\n")
			c.Source, c.Metadata = code, map[string]any{"tags": []string{tag}}
		}
		list = append(list, c)
	}
	nb["cells"] = list
	text, err := json.Marshal(nb)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// pathWith makes a directory that holds only the named programs and returns
// the environment that has it as PATH.
func pathWith(t *testing.T, programs ...string) []string {
	t.Helper()
	dir := t.TempDir()
	for _, p := range programs {
		real, err := exec.LookPath(p)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(real, filepath.Join(dir, p)); err != nil {
			t.Fatal(err)
		}
	}
	return []string{"PATH=" + dir}
}
