package session_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hpgo/kernel/session"
)

// TestCompleteInSession completes with the packages of a real session, before,
// during and after a cell, and looks that nothing of the module changes.
func TestCompleteInSession(t *testing.T) {
	dir := t.TempDir()
	s := startIn(t, dir)
	ctx := context.Background()
	before := snapshot(t, moduleDir(t, s))
	wants := func(code, match string) {
		t.Helper()
		c, err := s.Complete(ctx, code, len(code))
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(c.Matches, func(m session.Match) bool { return m.Text == match }) {
			t.Errorf("%q: %s is not among %v", code, match, c.Matches)
		}
	}
	wants("strings.ToUp", "ToUpper") // compiled with the standard set
	wants("csv.NewRe", "NewReader")  // never compiled
	wants("mat.NewDe", "NewDense")   // in the module cache
	wants("plots.", "Line")          // hpgo's own
	wants(`import "gonum.org/v1/gonum/s`, "gonum.org/v1/gonum/stat")
	wants("x := csv.NewReader(nil)\nx.Rea", "ReadAll")
	if after := snapshot(t, moduleDir(t, s)); after != before {
		t.Errorf("the module changed:\n%s\nwas\n%s", after, before)
	}

	// A cell that runs until a file is there.
	gate := filepath.Join(dir, "gate")
	done := make(chan *session.Error)
	go func() {
		r := s.Execute(ctx, "answer := 41\nfor { if _, err := os.Stat("+"`"+gate+"`"+"); err == nil { break } }\nfresh := 1", &heard{})
		done <- r.Err
	}()
	wants("fmt.Spri", "Sprintf")
	if err := os.WriteFile(gate, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	wants("ans", "answer")
	wants("fre", "fresh")
	b := s.Inspect(ctx, "answer", 3, 0)
	if b == nil || !strings.Contains(b.Data["text/plain"].(string), "var answer int") {
		t.Errorf("answer is %v", b)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := s.Complete(cancelled, "ans", 3); err == nil {
		t.Error("a cancelled completion has no error")
	}
}

// moduleDir is where the session's go.mod stands.
func moduleDir(t *testing.T, s *session.Session) string {
	t.Helper()
	h := &heard{}
	if r := s.Execute(context.Background(), "!*pwd", h); r.Err != nil {
		t.Fatal(r.Err)
	}
	return strings.TrimSpace(strings.TrimPrefix(h.text.String(), "[stdout]"))
}

// snapshot is the content of all files in a directory.
func snapshot(t *testing.T, dir string) string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err == nil {
			b.WriteString(e.Name() + "\n" + string(data) + "\n")
		}
	}
	return b.String()
}
