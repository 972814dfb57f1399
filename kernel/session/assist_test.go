package session_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
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

// TestPager asks for documentation with question marks.
func TestPager(t *testing.T) {
	s := startIn(t, t.TempDir())
	ctx := context.Background()
	run := func(code string) session.Result {
		t.Helper()
		h := &heard{}
		r := s.Execute(ctx, code, h)
		if out := h.text.String(); out != "" {
			t.Errorf("%q printed %q", code, out)
		}
		return r
	}
	if r := run("// Twice doubles.\nfunc Twice(n int) int { return 2 * n }"); r.Err != nil {
		t.Fatal(r.Err)
	}
	for code, want := range map[string]string{
		"Twice?":                   "Twice doubles.",
		"Twice??":                  "return 2 * n",
		"?Twice":                   "func Twice(n int) int",
		"strings.ToUpper?":         "ToUpper returns s with all",
		"strings.ToUpper?\nTwice?": "Twice doubles.",
		"%pinfo fmt":               "package fmt",
		"%pinfo2 %time":            "usage: %time",
		"x := Twice(2)\nx?":        "var x int",
		"for?":                     "keyword for",
		"len ?":                    "built-in function returns the length",
	} {
		r := run(code)
		if r.Err != nil || r.Page == nil || !strings.Contains(r.Page.Data["text/plain"].(string), want) {
			t.Errorf("%q: page %v, error %v", code, r.Page, r.Err)
		}
	}
	if r := run("nothere?"); r.Err == nil || !strings.Contains(r.Err.Value, "nothing is known of nothere") || r.Page != nil {
		t.Errorf("nothere?: %v", r.Err)
	}
	if r := run("x"); r.Err != nil || r.Page != nil || r.Value.Data["text/plain"] != "4" {
		t.Errorf("x is %v, page %v, error %v", r.Value, r.Page, r.Err)
	}
}

// TestEvaluate evaluates expressions beside the cells.
func TestEvaluate(t *testing.T) {
	s := startIn(t, t.TempDir())
	ctx := context.Background()
	if r := s.Execute(ctx, "n := 20", &heard{}); r.Err != nil {
		t.Fatal(r.Err)
	}
	got := s.Evaluate(ctx, map[string]string{"sum": "n + 1", "!": "!(n > 1)", "bad": "n +", "unknown": "nope", "none": "fmt.Print()", "void": "func() {}()"})
	for name, want := range map[string]string{"sum": "21", "!": "false"} {
		if r := got[name]; r.Err != nil || r.Value.Data["text/plain"] != want {
			t.Errorf("%s is %v, error %v", name, r.Value, r.Err)
		}
	}
	for name, want := range map[string]string{"bad": "is no Go expression", "unknown": "expression:1:1: undefined: nope", "void": "value"} {
		if r := got[name]; r.Err == nil || !strings.Contains(r.Err.Value, want) {
			t.Errorf("%s: error %v, value %v", name, r.Err, r.Value)
		}
	}
	if n := s.Count(); n != 1 {
		t.Errorf("the count is %d", n)
	}
}

// TestCompleteWhileCellsRun asks all the time while cells are compiled and run:
// for the race detector, and so that nothing gets stuck.
func TestCompleteWhileCellsRun(t *testing.T) {
	s := startIn(t, t.TempDir())
	ctx, cancel := context.WithCancel(context.Background())
	var asking sync.WaitGroup
	for range 2 {
		asking.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				code := []string{"p.", "rand.", "Point{", "csv.", "%rm ", "strings.ToUpper(p."}[i%6]
				if _, err := s.Complete(ctx, code, len(code)); err != nil && ctx.Err() == nil {
					t.Error(err)
					return
				}
				s.Inspect(ctx, code, 1, 1)
			}
		})
	}
	for _, code := range []string{
		"type Point struct{ X, Y int }\nfunc (p Point) Sum() int { return p.X + p.Y }",
		"p := Point{1, 2}\nrand.IntN(3)",
		"import \"encoding/csv\"\nr := csv.NewReader(strings.NewReader(\"a,b\"))",
		"rand := 3 // takes the name of an import\nfunc roll() int { return rand }",
		"type Point struct{ X, Y, Z int }",
		"%rm Point",
	} {
		if r := s.Execute(ctx, code, &heard{}); r.Err != nil {
			t.Errorf("%s: %v", code, r.Err)
		}
	}
	cancel()
	asking.Wait()
}
