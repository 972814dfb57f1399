package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"hpgo/kernel/notebook"
)

// TestFloodedRun: more text than is kept, and many displays amid text. All of
// it comes in order, nothing is lost before the limit, and the limit is named.
func TestFloodedRun(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.ipynb", notebookOf(t,
		"w := bufio.NewWriter(os.Stdout)\nfor i := range 250_000 {\n\tfmt.Fprintf(w, \"%07d %s\\n\", i, strings.Repeat(\"x\", 91))\n}\nw.Flush();",
		"for i := range 10_000 {\n\tdisplay.Show(i)\n\tif i%100 == 0 {\n\t\tfmt.Println(\"at\", i)\n\t}\n}",
		`"still here"`))
	out := filepath.Join(dir, "out.ipynb")
	hpgo(t, nil, "run", in, "-o", out, "--no-html").expect(t, 0)
	nb := executed(t, out)
	flood := nb.Cells[0].Outputs
	if len(flood) != 2 || flood[0].Name != "stdout" || !strings.Contains(flood[1].Text, "output limit of 16.0 MiB was reached") {
		t.Fatalf("the flood gave %d outputs", len(flood))
	}
	if n := len(flood[0].Text); n != 16<<20 {
		t.Errorf("%d bytes of text were kept", n)
	}
	lines := strings.Split(flood[0].Text, "\n")
	for i, line := range lines[:len(lines)-1] {
		if len(line) != 99 || !strings.HasPrefix(line, fmt.Sprintf("%07d ", i)) {
			t.Fatalf("line %d is %q", i, line)
		}
	}
	var want strings.Builder
	for i := range 10_000 {
		fmt.Fprint(&want, i, "\n")
		if i%100 == 0 {
			fmt.Fprint(&want, "at ", i, "\n")
		}
	}
	if got := texts(nb.Cells[1]); got != want.String() {
		t.Errorf("%d bytes of displays and text, want %d", len(got), want.Len())
	}
	if got := cellText(nb.Cells[2]); got != `"still here"` {
		t.Errorf("the last cell shows %q", got)
	}
}

// texts is the text of a cell's outputs, each on lines of its own.
func texts(c *notebook.Cell) string {
	var b strings.Builder
	for _, o := range c.Outputs {
		b.WriteString(o.Text)
		if s, ok := o.Data["text/plain"].(string); ok {
			b.WriteString(s + "\n")
		}
	}
	return b.String()
}

// smallCells use a package of a module, the working directory and the shell.
var smallCells = []string{
	"import \"gonum.org/v1/gonum/floats\"\nfloats.Sum([]float64{1, 2, 3})",
	"wd, err := os.Getwd()\nfilepath.Base(wd), err",
	"!pwd | wc -l",
}

// TestOddPlaces runs a notebook where paths have spaces and letters beyond
// ASCII, two at the same time, and without a home directory.
func TestOddPlaces(t *testing.T) {
	const name = "Über uns 日本"
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(filepath.Join(dir, "tmp dir"), 0o755); err != nil {
		t.Fatal(err)
	}
	in := write(t, dir, "nöte book.ipynb", notebookOf(t, smallCells...))
	run := func(out string, env ...string) {
		out = filepath.Join(dir, out)
		hpgo(t, env, "run", in, "-o", out, "--html", strings.TrimSuffix(out, ".ipynb")+".html").expect(t, 0)
		var shows []string
		for _, c := range executed(t, out).Cells {
			shows = append(shows, strings.TrimSpace(cellText(c)))
		}
		if got, want := strings.Join(shows, " | "), `6 | ("`+name+`", <nil>) | 1`; got != want {
			t.Errorf("%s shows %s, want %s", out, got, want)
		}
	}
	var both sync.WaitGroup
	both.Go(func() { run("spaces.ipynb", "TMPDIR="+filepath.Join(dir, "tmp dir")) })
	both.Go(func() { run("homeless.ipynb", withoutHome(t)...) })
	both.Wait()
	if first, second := read(t, filepath.Join(dir, "spaces.ipynb")), read(t, filepath.Join(dir, "homeless.ipynb")); first != second {
		t.Error("the two executed notebooks differ")
	}
}

// withoutHome is an environment that has no home directory, but names the
// caches, which are derived from it.
func withoutHome(t *testing.T) []string {
	t.Helper()
	env := []string{"HOME=", "XDG_CACHE_HOME=", "XDG_CONFIG_HOME="}
	out, err := exec.Command("go", "env", "GOCACHE", "GOPATH", "GOMODCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	dirs := strings.Split(strings.TrimSpace(string(out)), "\n")
	for i, variable := range []string{"GOCACHE", "GOPATH", "GOMODCACHE"} {
		env = append(env, variable+"="+dirs[i])
	}
	if os.Getenv("HPGO_CACHE") == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			t.Fatal(err)
		}
		env = append(env, "HPGO_CACHE="+filepath.Join(cache, "hpgo"))
	}
	return env
}

// TestKilledRun kills hpgo itself: its worker ends too, and the next run
// removes what it left in TMPDIR.
func TestKilledRun(t *testing.T) {
	dir := t.TempDir()
	tmp := filepath.Join(dir, "tmp")
	if err := os.Mkdir(tmp, 0o755); err != nil {
		t.Fatal(err)
	}
	in := write(t, dir, "in.ipynb", notebookOf(t,
		"os.WriteFile(\"part\", []byte(fmt.Sprint(os.Getpid())), 0o600)\nos.Rename(\"part\", \"pid\")\nfor n := 0; ; n++ {\n}"))
	cmd := exec.CommandContext(t.Context(), hpgoBinary, "run", in, "--no-html")
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var pid int
	waitFor(t, "the cell", func() bool {
		text, err := os.ReadFile(filepath.Join(dir, "pid"))
		pid, _ = strconv.Atoi(string(text))
		return err == nil
	})
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	waitFor(t, "the end of the worker", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
	small := write(t, dir, "small.ipynb", notebookOf(t, "1"))
	hpgo(t, []string{"TMPDIR=" + tmp}, "run", small, "--no-html").expect(t, 0)
	if left, err := filepath.Glob(filepath.Join(tmp, "hpgo-session-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
