package session

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"hpgo/kernel/build"
)

// TestWayOut: limits of the machine say what to do, whoever reports them, and
// once for many files.
func TestWayOut(t *testing.T) {
	flood := strings.Repeat("unicode/utf8: write /tmp/x: no space left on device\n", 30)
	for _, test := range []struct {
		err   error
		want  string
		lines int
	}{
		{fmt.Errorf("write importcfg: %w", syscall.ENOSPC), "make room there; TMPDIR", 2},
		{&build.CommandError{Args: []string{"go", "list"}, Output: flood, Err: errors.New("exit status 1")}, "... (29 more lines)", 4},
		{fmt.Errorf("start the worker: %w", syscall.EMFILE), "ulimit -n", 2},
		{fmt.Errorf("make it: %w", syscall.EROFS), "TMPDIR", 2},
		{errors.New("anything else\nin two lines"), "anything else", 2},
	} {
		got := New(Options{}).plainError(t.Context(), test.err)
		if !strings.Contains(got.Value, test.want) || strings.Count(got.Value, "\n")+1 != test.lines {
			t.Errorf("%v\nis shown as\n%s", test.err, got.Value)
		}
	}
}
