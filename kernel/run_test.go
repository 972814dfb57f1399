package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/notebook"
)

// cellText is all text that a code cell shows.
func cellText(c *notebook.Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.WriteString(o.Text)
		if s, ok := o.Data["text/plain"].(string); ok {
			b.WriteString(s)
		}
		if o.Type == notebook.ErrorOutput {
			b.WriteString(o.EName + ": " + o.EValue)
		}
	}
	return b.String()
}

// executed reads a notebook that a run wrote.
func executed(t *testing.T, path string) *notebook.Notebook {
	t.Helper()
	nb, err := notebook.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return nb
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	text := notebookOf(t, "#tag parameters\nn := 3", "import \"os\"\nfmt.Println(os.Getenv(\"HPGO_SCALE\"))\nn*n",
		"data, err := os.ReadFile(\"data.txt\")\nstring(data), err")
	write(t, dir, "data.txt", "beside the notebook")
	in := write(t, dir, "in.ipynb", text)
	out := filepath.Join(dir, "out.ipynb")
	o := hpgo(t, nil, "run", "-p", "n=7", in, "-o", out, "--html", filepath.Join(dir, "r.html"), "--scale", "smoke")
	o.expect(t, 0, "cell 1/4", "cell 4/4")
	if read(t, in) != text {
		t.Error("the input was changed")
	}
	nb := executed(t, out)
	if len(nb.Cells) != 4 || !nb.Cells[1].HasTag(notebook.TagInjectedParameters) {
		t.Fatalf("no parameters were injected: %d cells", len(nb.Cells))
	}
	if got := cellText(nb.Cells[2]); got != "smoke\n49" {
		t.Errorf("cell 3 shows %q", got)
	}
	if got := cellText(nb.Cells[3]); !strings.Contains(got, "beside the notebook") {
		t.Errorf("cell 4 shows %q", got)
	}
	if info, _ := nb.Metadata["language_info"].(notebook.Object); info["version"] == "" || info["name"] != "go" {
		t.Errorf("language_info: %v", info)
	}
	if html := read(t, filepath.Join(dir, "r.html")); !strings.Contains(html, "49") || !strings.Contains(html, "smoke") {
		t.Error("the report lacks the output or the scale")
	}
	if !strings.Contains(o.stdout, "wrote "+out) {
		t.Errorf("standard output: %q", o.stdout)
	}
}

// TestReportBeside: without flags only the report is written.
func TestReportBeside(t *testing.T) {
	dir := t.TempDir()
	md := write(t, dir, "story.md", "# Story\n\n```go\nx := 6\n```\n\n```go\nx * 7\n```\n")
	gofile := write(t, dir, "percent.go", "// %% [markdown]\n// # Percent\n\n// %%\ny := 20\n\n// %%\ny + 1\n")
	hpgo(t, nil, "run", md, gofile).expect(t, 0, "cell 2/2")
	for name, want := range map[string]string{"story.html": "42", "percent.html": "21"} {
		if !strings.Contains(read(t, filepath.Join(dir, name)), want) {
			t.Errorf("%s lacks %s", name, want)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 4 {
		t.Errorf("files in the directory: %v, %v", entries, err)
	}
	os.Remove(filepath.Join(dir, "story.html"))
	hpgo(t, nil, "html", md, "-o", filepath.Join(dir, "plain.html")).expect(t, 0)
	if html := read(t, filepath.Join(dir, "plain.html")); !strings.Contains(html, "Story") {
		t.Error("hpgo html wrote no report")
	}
}

// TestReadme runs the cells of the README, which is a notebook in text form.
func TestReadme(t *testing.T) {
	out := filepath.Join(t.TempDir(), "readme.ipynb")
	hpgo(t, nil, "run", filepath.Join("..", "README.md"), "-o", out, "--no-html").expect(t, 0)
	var shows []string
	for _, c := range executed(t, out).Cells {
		if text := cellText(c); text != "" {
			shows = append(shows, text)
		}
	}
	want := []string{"[]float64{1, 2, 3}", "(5, 3)", "n: 0 (0 to 100)", "freq: 50", "n^1.1", "cpu "}
	if len(shows) != len(want) {
		t.Fatalf("the README's cells show %q", shows)
	}
	for i, w := range want {
		if !strings.Contains(shows[i], w) {
			t.Errorf("a cell of the README shows %s, want %s", shows[i], w)
		}
	}
}

func TestFailingCells(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.ipynb", notebookOf(t, "x := 1", "x / (x - 1)", "undefinedName", "x + 41"))
	out := filepath.Join(dir, "out.ipynb")
	o := hpgo(t, nil, "run", in, "-o", out)
	o.expect(t, 1, "cell 2/4", "Panic", "divide by zero", "cell 2 (In [2])", "cell 2 failed")
	if strings.Contains(o.stderr, "\x1b[") {
		t.Error("colours without a terminal")
	}
	if nb := executed(t, out); !strings.Contains(cellText(nb.Cells[1]), "divide by zero") || len(nb.Cells[2].Outputs) != 0 {
		t.Error("the executed notebook doesn't end with the failure")
	}
	if !strings.Contains(read(t, filepath.Join(dir, "out.html")), "divide by zero") {
		t.Error("the report lacks the error")
	}
	o = hpgo(t, nil, "run", in, "-o", out, "--keep-going", "--no-html")
	o.expect(t, 1, "undefined: undefinedName", "cell 4/4", "cell 2 failed")
	if got := cellText(executed(t, out).Cells[3]); got != "42" {
		t.Errorf("the last cell shows %q", got)
	}
}

func TestTimeout(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.ipynb", notebookOf(t, "1", "for i := 0; ; i++ {\n}"))
	out := filepath.Join(dir, "out.ipynb")
	hpgo(t, nil, "run", in, "-o", out, "--timeout", "5s").expect(t, 1, "Timeout")
	if got := cellText(executed(t, out).Cells[1]); !strings.HasPrefix(got, "Timeout: ") {
		t.Errorf("the cell shows %q", got)
	}
}

// TestMissingTools takes away what cells need, one after the other.
func TestMissingTools(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.ipynb", notebookOf(t, "1"))
	for _, test := range []struct {
		name string
		env  []string
		want error
	}{
		{"go", append(pathWith(t), "GOROOT="+t.TempDir()), build.ErrNoGo},
		{"gcc", pathWith(t, "go"), build.ErrNoGcc},
		{"linker", pathWith(t, "go", "gcc"), build.ErrNoLinker},
	} {
		o := hpgo(t, test.env, "run", in)
		o.expect(t, 1, test.want.Error())
		if strings.Count(o.stderr, "\n") != 1 {
			t.Errorf("without %s: not one line:\n%s", test.name, o.stderr)
		}
		o = hpgo(t, test.env, "doctor")
		o.expect(t, 1)
		if !strings.Contains(o.stdout, "MISSING  "+test.name) {
			t.Errorf("doctor without %s:\n%s", test.name, o.stdout)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "in.html")); err == nil {
		t.Error("a report was written without a run")
	}
}

func TestDoctor(t *testing.T) {
	o := hpgo(t, nil, "doctor")
	o.expect(t, 0)
	for _, want := range []string{"ok       go ", "ok       gcc", "ok       engine     three live cells", "history", "counters", "valgrind", "python3", "kernelspec", "cells can run"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("doctor lacks %q:\n%s", want, o.stdout)
		}
	}
}

// TestInterruptedRun sends Ctrl-C while a cell runs: what was computed is
// written, the worker and the temporary directories are gone.
func TestInterruptedRun(t *testing.T) {
	dir, tmp := t.TempDir(), t.TempDir()
	in := write(t, dir, "in.ipynb", notebookOf(t, "import \"os\"\nos.WriteFile(\"pid\", []byte(fmt.Sprint(os.Getpid())), 0o644)\n40 + 2",
		"os.WriteFile(\"running\", nil, 0o644)\nfor i := 0; ; i++ {\n}", "3"))
	out := filepath.Join(dir, "out.ipynb")
	cmd := exec.Command(hpgoBinary, "run", in, "-o", out)
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the second cell", func() bool {
		_, err := os.Stat(filepath.Join(dir, "running"))
		return err == nil
	})
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	err := cmd.Wait()
	if cmd.ProcessState.ExitCode() != exitSignal {
		t.Errorf("%v, want exit code %d\n%s", err, exitSignal, &stderr)
	}
	nb := executed(t, out)
	if cellText(nb.Cells[0]) == "" || !strings.Contains(cellText(nb.Cells[1]), "Interrupted") || len(nb.Cells[2].Outputs) != 0 {
		t.Errorf("the notebook holds %q, %q", cellText(nb.Cells[0]), cellText(nb.Cells[1]))
	}
	if left, err := os.ReadDir(tmp); err != nil || len(left) > 0 {
		t.Errorf("temporary files are left: %v, %v", left, err)
	}
	pid, err := strconv.Atoi(read(t, filepath.Join(dir, "pid")))
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the end of the worker", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
}

// waitFor waits for something that takes as long as it takes.
func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 1200 {
		if done() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("waited in vain for %s", what)
}
