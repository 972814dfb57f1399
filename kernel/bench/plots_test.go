package bench

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pythonSays puts a python3 first on PATH that runs a shell script instead.
func pythonSays(t *testing.T, script string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "python3"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+os.Getenv("PATH"))
}

func TestPlotsBesideMatplotlib(t *testing.T) {
	pythonSays(t, `echo 0.5 3.11
while read name kind; do
	test $(wc -c < "$3/$name.y") = 160 && echo 0.25 40000
done
`)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	bars := plottedFigures()[4]
	peer, err := startMatplotlib(ctx, []plotted{bars})
	if err != nil {
		t.Fatal(err)
	}
	r := &Report{Subject: "plots"}
	if err := r.firstFigure(peer, bars); err != nil {
		t.Fatal(err)
	}
	if err := r.compare(ctx, bars, peer); err != nil {
		t.Fatal(err)
	}
	if err := peer.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(peer.dir); err == nil {
		t.Error("the data are left behind")
	}
	var b strings.Builder
	if err := r.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"version 3.11: python starts, imports in 500ms, draws in 250ms", "20 bars ", "250ms  SVG, median of 7, interleaved", "39.1 KiB"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	for _, f := range r.Figures {
		if !(f.Value > 0) {
			t.Errorf("%s: %v", f.Name, f.Value)
		}
	}
}

func TestPlotsWithoutMatplotlib(t *testing.T) {
	pythonSays(t, "echo 'Traceback' >&2\necho \"ModuleNotFoundError: No module named 'numpy'\" >&2\nexit 1\n")
	if _, err := startMatplotlib(context.Background(), nil); err == nil || !strings.HasSuffix(err.Error(), "python3: ModuleNotFoundError: No module named 'numpy'") {
		t.Errorf("error %v", err)
	}
	r := &Report{Subject: "plots"}
	if err := r.compare(context.Background(), plottedFigures()[0], nil); err != nil {
		t.Fatal(err)
	}
	if len(r.Figures) != 3 {
		t.Errorf("%+v", r.Figures)
	}
	t.Setenv("PATH", "")
	if _, err := startMatplotlib(context.Background(), nil); err == nil {
		t.Error("found a python3")
	}
}
