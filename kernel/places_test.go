package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"hpgo/internal/skip"
)

// TestNoPlace: what can't be written is named, with the way out.
func TestNoPlace(t *testing.T) {
	dir := t.TempDir()
	in := write(t, dir, "in.ipynb", notebookOf(t, "1"))
	missing := filepath.Join(dir, "missing")
	file := write(t, dir, "file", "")
	for _, test := range []struct {
		env  string
		want []string
	}{
		{"TMPDIR=" + missing, []string{"TMPDIR chooses where", missing, "no such file or directory"}},
		{"HPGO_CACHE=" + file, []string{"set HPGO_CACHE to a writable one", file, "not a directory"}},
	} {
		got := hpgo(t, []string{test.env}, "run", in, "--no-html")
		got.expect(t, 1, test.want...)
		if n := strings.Count(got.stderr, "\n"); n != 1 {
			t.Errorf("%s: %d lines on standard error", test.env, n)
		}
	}
}

// TestFewFiles: 40 open files are enough, 20 are not, and the kernel says so.
func TestFewFiles(t *testing.T) {
	in := write(t, t.TempDir(), "in.ipynb", notebookOf(t, "1"))
	keepFiles(t)
	run := func(limit string) string {
		out, err := exec.CommandContext(t.Context(), "sh", "-c", "ulimit -n "+limit+"; exec \"$@\"", "sh", hpgoBinary, "run", in, "--no-html").CombinedOutput()
		if (err == nil) != (limit == "40") {
			t.Errorf("with %s files: %v\n%s", limit, err, out)
		}
		return string(out)
	}
	run("40")
	if out := run("20"); !strings.Contains(out, "too many open files") || !strings.Contains(out, "ulimit -n 1024") {
		t.Errorf("with 20 files: %s", out)
	}
}

// keepFiles keeps the files to ourselves that whoever started the test left open.
func keepFiles(t *testing.T) {
	t.Helper()
	open, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		skip.Because(t, "the system doesn't show the open files")
	}
	for _, f := range open {
		if n, err := strconv.Atoi(f.Name()); err == nil && n > 2 {
			syscall.CloseOnExec(n)
		}
	}
}

// TestFullTmp: a kernel that starts on a full disk, or a cell that finds no room,
// says so; with room the next cell works, and the variables are there.
func TestFullTmp(t *testing.T) {
	if os.Getuid() != 0 {
		skip.Because(t, "only root can mount a small file system")
	}
	tmp := t.TempDir()
	if err := syscall.Mount("hpgo-test", tmp, "tmpfs", 0, "size=32m"); err != nil {
		skip.Because(t, "mount isn't allowed here")
	}
	defer syscall.Unmount(tmp, syscall.MNT_DETACH)
	write(t, tmp, "ballast", strings.Repeat("x", 32<<20-100<<10))
	s := serve(t, "TMPDIR="+tmp)
	for _, step := range []struct{ code, shows string }{
		{"1", "make room there; TMPDIR names another place"},
		{"!rm $TMPDIR/ballast", ""},
		{"2", "execute_result 2"},
		{"x := 20", ""},
		{"!cat /dev/zero > $TMPDIR/ballast 2>/dev/null || true", ""},
		{"y := x * 2", "no space left on device"},
		{"z := x * 3", "make room there; TMPDIR names another place"},
		{"!rm $TMPDIR/ballast", ""},
		{"x * 2", "execute_result 40"},
	} {
		_, published := s.Execute(step.code)
		if got := shown(published); !strings.Contains(got, step.shows) || step.shows == "" && got != "" {
			t.Errorf("%s\nshows %q, want %q", step.code, got, step.shows)
		}
	}
}
