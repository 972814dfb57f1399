package bench

import (
	"context"
	"fmt"
	"go/format"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hpgo/kernel/cell"
)

func TestPythonProfilers(t *testing.T) {
	pythonSays(t, `test -f "$1" && echo '{"version": "3.11", "sum": 5, "missing": ["memory_profiler"], "seconds": {"plain": [1, 2, 3], "cProfile": [4, 5, 6], "line_profiler": [22, 20, 24]}}'`+"\n")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	peer, err := pythonProfilers(ctx)
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{Subject: "magics"}
	r.python(peer)
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2s  version 3.11", "2.5  of the medians", "11  of the medians", "pip install memory_profiler"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
}

func TestPythonThatFails(t *testing.T) {
	for _, script := range []string{"echo why >&2; exit 3\n", "echo no JSON\n"} {
		pythonSays(t, script)
		if _, err := pythonProfilers(context.Background()); err == nil || !strings.Contains(err.Error(), "python3") {
			t.Errorf("%q: got %v", script, err)
		}
	}
}

// The bodies are Go for both sides.
func TestTimedBodies(t *testing.T) {
	for _, b := range timedBodies() {
		if _, errs := cell.Parse(b.cell()); len(errs) > 0 {
			t.Errorf("%s: %v", b.name, errs)
		}
		if _, errs := cell.Parse(fmt.Sprintf("%s\n%s", b.setup, b.body)); len(errs) > 0 {
			t.Errorf("%s: %v", b.name, errs)
		}
		if _, err := format.Source([]byte(b.test())); err != nil {
			t.Errorf("%s: %v", b.name, err)
		}
	}
}

func TestBenchmarkTimes(t *testing.T) {
	program := filepath.Join(t.TempDir(), "timed.test")
	say := func(text string) ([]float64, error) {
		if err := os.WriteFile(program, []byte("#!/bin/sh\ncat <<'E'\n"+text+"\nE\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		return benchmarkTimes(context.Background(), program)
	}
	times, err := say("goos: linux\nBenchmarkBody-2   \t 1000 \t 0.7442 ns/op\nBenchmarkBody-2 \t 10 \t 1500 ns/op\t 3 B/op\nPASS")
	if err != nil || len(times) != 2 || times[0] != 0.7442e-9 || times[1] != 1500e-9 {
		t.Errorf("got %v, %v", times, err)
	}
	if _, err := say("PASS"); err == nil {
		t.Error("no times are no error")
	}
}
