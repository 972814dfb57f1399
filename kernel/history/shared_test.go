package history

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/internal/skip"
)

// writerVariable makes the test binary a writer: PATH,NAME,COUNT,SIZE.
const writerVariable = "HPGO_HISTORY_TEST_WRITER"

func TestMain(m *testing.M) {
	if task := strings.Split(os.Getenv(writerVariable), ","); len(task) == 4 {
		os.Exit(writer(task[0], task[1], task[2], task[3]))
	}
	os.Exit(m.Run())
}

// writer adds inputs as a kernel does, and says which session it was.
func writer(path, name, count, size string) int {
	var n, length int
	fmt.Sscan(count, &n)
	fmt.Sscan(size, &length)
	l, err := Open(path)
	if err == nil {
		fmt.Println(l.session)
	}
	for i := 0; err == nil && i < n; i++ {
		err = l.Add(i+1, fmt.Sprintf("%s %d %s", name, i+1, strings.Repeat("x", length)), nil)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// startWriters runs n writers at the same time.
func startWriters(t *testing.T, path string, n, count, size int) []*exec.Cmd {
	t.Helper()
	var all []*exec.Cmd
	for i := range n {
		cmd := exec.CommandContext(t.Context(), os.Args[0])
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s,writer%d,%d,%d", writerVariable, path, i, count, size))
		cmd.Stdout, cmd.Stderr = &bytes.Buffer{}, &bytes.Buffer{}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, cmd)
	}
	return all
}

// linesOf returns the line numbers that the file has of each session, and fails
// on a line that is torn.
func linesOf(t *testing.T, path string) map[int][]int {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := map[int][]int{}
	for line := range bytes.Lines(data) {
		var e Entry
		if err := json.Unmarshal(line, &e); err != nil {
			t.Errorf("torn line %.80q: %v", line, err)
		}
		if e.Input != "" {
			lines[e.Session] = append(lines[e.Session], e.Line)
		}
	}
	return lines
}

// TestManyKernels: processes that write at once get numbers of their own, lose
// nothing and tear nothing.
func TestManyKernels(t *testing.T) {
	const kernels, inputs = 8, 500
	path := filepath.Join(t.TempDir(), "history.jsonl")
	for _, w := range startWriters(t, path, kernels, inputs, 20) {
		if err := w.Wait(); err != nil {
			t.Errorf("writer: %v %s", err, w.Stderr)
		}
	}
	lines := linesOf(t, path)
	if len(lines) != kernels {
		t.Errorf("%d session numbers for %d kernels", len(lines), kernels)
	}
	for session, have := range lines {
		if len(have) != inputs || !slices.IsSorted(have) || have[inputs-1] != inputs {
			t.Errorf("session %d has %d inputs", session, len(have))
		}
	}
	if found := len(open(t, path).Find(Query{Access: "tail"})); found != kernels*inputs {
		t.Errorf("found %d", found)
	}
}

// TestCutWhileWriting: the file is halved under its writers, one of which is
// killed. What is kept of each session are its last inputs without a gap.
func TestCutWhileWriting(t *testing.T) {
	const kernels, inputs = 4, 300
	path := filepath.Join(t.TempDir(), "history.jsonl")
	writers := startWriters(t, path, kernels, inputs, 20_000) // 24 MB
	time.Sleep(30 * time.Millisecond)
	writers[0].Process.Kill()
	killed := -1
	for i, w := range writers {
		err := w.Wait()
		if i == 0 {
			fmt.Sscan(w.Stdout.(*bytes.Buffer).String(), &killed)
		} else if err != nil {
			t.Errorf("writer: %v %s", err, w.Stderr)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() > maxFile+1<<20 {
		t.Errorf("the file grew to %d bytes: %v", info.Size(), err)
	}
	for session, have := range linesOf(t, path) {
		for i := 1; i < len(have); i++ {
			if have[i] != have[i-1]+1 {
				t.Errorf("session %d: input %d comes after %d", session, have[i], have[i-1])
			}
		}
		if session != killed && have[len(have)-1] != inputs {
			t.Errorf("session %d ends with input %d", session, have[len(have)-1])
		}
	}
	if left, _ := filepath.Glob(path + ".*"); len(left) > 1 {
		t.Errorf("left behind: %q", left)
	}
}

// TestSeenByOthers: an input is found by sessions that run at the same time.
func TestSeenByOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	a, b := open(t, path), open(t, path)
	add(t, a, "of a")
	if got := inputs(b.Find(Query{Access: "tail"})); got != "1/1 of a" {
		t.Errorf("b sees %s", got)
	}
	add(t, b, "of b")
	add(t, a, "again")
	if got := inputs(b.Find(Query{Access: "search", Pattern: "*a*"})); got != "1/1 of a|1/1 again" {
		t.Errorf("b finds %s", got)
	}
	if got := inputs(b.Find(Query{Access: "tail"})); got != "1/1 of a|1/1 again|2/1 of b" {
		t.Errorf("b sees %s", got)
	}
}

// TestReplaced: a session whose file was removed and made anew by another takes
// a number that nobody has.
func TestReplaced(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.jsonl")
	a := open(t, path)
	add(t, a, "old")
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	b := open(t, path)
	add(t, b, "of b")
	add(t, a, "new")
	add(t, b, "of b again")
	if got := inputs(open(t, path).Find(Query{Access: "tail"})); got != "1/1 of b|2/1 new|1/1 of b again" {
		t.Errorf("on disk: %s", got)
	}
	if got := inputs(a.Find(Query{Access: "range"})); got != "2/1 old|2/1 new" {
		t.Errorf("a has %s", got)
	}
}

// TestLockedFile: a process that was stopped while it wrote holds up a cell for
// a while, not for ever, and nothing is lost.
func TestLockedFile(t *testing.T) {
	if testing.Short() {
		skip.Because(t, "-short leaves out the wait for a lock")
	}
	path := filepath.Join(t.TempDir(), "history.jsonl")
	l := open(t, path)
	other, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Flock(int(other.Fd()), syscall.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	if err := l.Add(1, "kept", nil); !errors.Is(err, errLocked) {
		t.Errorf("locked: %v", err)
	}
	other.Close()
	if err := l.Add(2, "next", nil); err != nil {
		t.Error(err)
	}
	if got := inputs(open(t, path).Find(Query{Access: "tail"})); got != "1/1 kept|1/2 next" {
		t.Errorf("on disk: %s", got)
	}
}

// TestNoFile: what is no file is refused before it can block, and a link is
// written through.
func TestNoFile(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, dir} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), "is not a file") {
			t.Errorf("%s: %v", path, err)
		}
	}
	link, real := filepath.Join(dir, "link"), filepath.Join(dir, "real")
	if err := errors.Join(os.WriteFile(real, nil, 0o600), os.Symlink(real, link)); err != nil {
		t.Fatal(err)
	}
	add(t, open(t, link), "through the link")
	if got := inputs(open(t, real).Find(Query{Access: "tail"})); got != "1/1 through the link" {
		t.Errorf("behind the link: %s", got)
	}
}

// TestFullDisk writes to a file system of 64 KiB until nothing goes, makes
// room, and finds everything.
func TestFullDisk(t *testing.T) {
	if os.Getuid() != 0 {
		skip.Because(t, "only root can mount a small file system")
	}
	dir := t.TempDir()
	if err := syscall.Mount("hpgo-test", dir, "tmpfs", 0, "size=64k"); err != nil {
		skip.Because(t, "mount isn't allowed here")
	}
	defer syscall.Unmount(dir, 0)
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 40<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "history.jsonl")
	l := open(t, path)
	failures := 0
	for i := range 30 {
		if err := l.Add(i+1, strings.Repeat("x", 1000), nil); err != nil {
			failures++
			if !errors.Is(err, syscall.ENOSPC) {
				t.Errorf("input %d: %v", i+1, err)
			}
		}
	}
	if failures != 1 {
		t.Errorf("a full disk was reported %d times", failures)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	add(t, l, "the last")
	found := open(t, path).Find(Query{Access: "tail"})
	if len(found) != 31 || found[30].Input != "the last" {
		t.Errorf("%d inputs are on disk", len(found))
	}
}

func BenchmarkFind(b *testing.B) {
	path := filepath.Join(b.TempDir(), "history.jsonl")
	var text bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&text, "{\"session\":%d,\"line\":%d,\"input\":\"x%d := compute(%d)\"}\n", i/50+1, i%50+1, i, i)
	}
	if err := os.WriteFile(path, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := Open(path); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("first", func(b *testing.B) {
		for b.Loop() {
			l := &Log{path: path}
			l.Find(Query{Access: "tail", N: 100})
		}
	})
	l := &Log{path: path}
	l.Find(Query{})
	for name, q := range map[string]Query{
		"tail":   {Access: "tail", N: 100},
		"search": {Access: "search", Pattern: "*compute(9999*", Unique: true},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if len(l.Find(q)) == 0 {
					b.Fatal("nothing was found")
				}
			}
		})
	}
	b.Run("add", func(b *testing.B) {
		l, err := Open(filepath.Join(b.TempDir(), "history.jsonl"))
		for b.Loop() {
			if err = errors.Join(err, l.Add(1, "x := 1", nil)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
