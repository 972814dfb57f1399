package bench

import (
	"context"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"hpgo/kernels"
)

// scripted starts a contender that a shell plays: it answers each line with what the
// script prints.
func scripted(ctx context.Context, t *testing.T, script string) *contender {
	t.Helper()
	w := workshop{dir: t.TempDir(), progress: func(string) {}}
	c, err := w.start(ctx, "Python", "/bin/sh", "-c", script)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.close)
	return c
}

// TestRowsThatFail: a row that fails has no time and says why; one whose process has
// ended keeps what had been measured, and one that had nothing says why. Nobody else is
// concerned.
func TestRowsThatFail(t *testing.T) {
	peer := scripted(t.Context(), t, `while read -r what row seconds; do
		case $row in
		0) echo '{"runs":2,"seconds":1}';;
		1) echo '{"error":"MemoryError"}';;
		2) echo 'no more memory' >&2; kill -9 $$;;
		esac
	done`)
	table := &KernelTable{Rows: make([]KernelRow, 4)}
	for _, row := range []int{0, 1, 2, 3, 0, 1, 2, 3} {
		if table.Rows[row].due() > 0 {
			table.run(rival{peer, row, row})
		}
	}
	if got := table.Rows[0]; len(got.Rounds) != 1 || got.Rounds[0] != 0.5 || got.Missing != "" {
		t.Errorf("measured before its process ended: %+v", got)
	}
	for row, want := range map[int]string{1: "MemoryError", 2: "Python has ended (signal: killed): no more memory", 3: "Python has ended"} {
		if got := table.Rows[row]; len(got.Rounds) != 0 || !strings.Contains(got.Missing, want) {
			t.Errorf("row %d: %+v, want it missing: %q", row, got, want)
		}
	}
}

// TestDue: only rows with long runs get fewer rounds.
func TestDue(t *testing.T) {
	for _, c := range []struct {
		row  KernelRow
		want int
	}{
		{KernelRow{}, kernelRounds},
		{KernelRow{Rounds: []float64{longRun}}, kernelRounds},
		{KernelRow{Rounds: []float64{longRun + 0.1, 0.1}}, 3},
		{KernelRow{Rounds: []float64{10*longRun + 1}}, 1},
		{KernelRow{Missing: "wrong"}, 0},
	} {
		if got := c.row.due(); got != c.want {
			t.Errorf("%+v: %d rounds, want %d", c.row, got, c.want)
		}
	}
}

// TestCheckGoesOn: a peer that ends while its rows are checked leaves the others to be
// measured; the process with the reference doesn't.
func TestCheckGoesOn(t *testing.T) {
	const answers = `while read -r what; do echo '{"sums":[{"name":"sum","value":1}]}'; done`
	ours, peer := scripted(t.Context(), t, answers), scripted(t.Context(), t, "read -r what; exit 3")
	for _, c := range []*contender{ours, peer} {
		c.rows = []kernels.Row{{Name: "a"}, {Name: "b"}}
	}
	table := &KernelTable{Versions: map[string]string{}}
	rivals, err := table.check(t.Context(), []*contender{ours, peer}, func(string) {})
	if err != nil || len(rivals) != 2 || !strings.Contains(table.Rows[3].Missing, "exit status 3") {
		t.Errorf("%d rivals, %v, %+v", len(rivals), err, table.Rows)
	}
	if _, err := table.check(t.Context(), []*contender{peer, ours}, func(string) {}); err == nil {
		t.Error("without the reference the check goes on")
	}
}

// TestNothingIsLeft: what a contender has started ends with it, also when it is
// killed; its temporary files are the workshop's.
func TestNothingIsLeft(t *testing.T) {
	const script = `sleep 600 & echo "{\"version\":\"$!\",\"digest\":\"$TMPDIR\"}"; cat >&2`
	for _, killed := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		c := scripted(ctx, t, "read -r what; "+script)
		a, err := c.ask("open")
		if err != nil {
			t.Fatal(err)
		}
		if killed {
			cancel()
		}
		c.close()
		cancel()
		child, err := strconv.Atoi(a.Version)
		if err != nil {
			t.Fatal(err)
		}
		for end := time.Now().Add(10 * time.Second); running(child); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				syscall.Kill(child, syscall.SIGKILL)
				t.Fatalf("killed %v: what it has started still runs", killed)
			}
		}
		if a.Digest == os.TempDir() || a.Digest == "" {
			t.Errorf("its temporary files would be in %q", a.Digest)
		}
	}
}

// running tells whether a process is there and no zombie.
func running(pid int) bool {
	text, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err == nil && !strings.Contains(string(text), ") Z ")
}
