package magics

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/harness"
)

// fakeHost is a session without Go: it writes down what magics ask of it.
type fakeHost struct {
	out       strings.Builder // streams as [name]text
	last      string          // the stream written last
	shown     []display.Event
	dir       string
	modDir    string
	env       map[string]string
	calls     []string
	recs      []Recorder
	outcome   Outcome
	goErr     error
	duringGo  func(h *fakeHost)
	names     []Name
	changes   []ModuleChange
	vars      []string
	settings  map[string][]string
	replayed  []Replayed
	status    Status
	inputs    []PastInput
	programs  []Program
	functions []Function
	text      string   // of the cell
	answers   []string // of the user; none: nobody can be asked
	kept      map[string]any
}

func (h *fakeHost) CellText() string { return h.text }
func (h *fakeHost) Busy(text string) { h.note("busy %s", text) }

// Measure writes the program down.
func (h *fakeHost) Measure(_ context.Context, p Program) (Outcome, error) {
	h.programs = append(h.programs, p)
	if h.duringGo != nil {
		h.duringGo(h)
	}
	return h.outcome, h.goErr
}

// Function finds what the test gave the fake.
func (h *fakeHost) Function(_ context.Context, expr string) (Function, error) {
	for _, f := range h.functions {
		if f.Name == expr {
			return f, nil
		}
	}
	return Function{}, fmt.Errorf("the session has no function %s", expr)
}

func (h *fakeHost) Functions(_ context.Context, path string) ([]Function, error) {
	return h.functions, nil
}

// Plain and Build give no programs.
func (h *fakeHost) Plain(context.Context, Program) ([]cell.File, error) {
	return nil, errors.New("no program")
}
func (h *fakeHost) Build(context.Context, Work) (string, func(), error) {
	return "", nil, errors.New("nothing is built")
}

// RunCounted writes it down.
func (h *fakeHost) RunCounted(ctx context.Context, count *cell.Count, _ func(harness.Record)) (Outcome, error) {
	h.note("count %v", count.Lines)
	return h.RunBody(ctx)
}

func newFake(t *testing.T) *fakeHost {
	return &fakeHost{dir: t.TempDir(), modDir: t.TempDir(), env: map[string]string{"HOME": "/home/gopher", "PATH": "/usr/bin:/bin"}, settings: map[string][]string{}, kept: map[string]any{}}
}

func (h *fakeHost) note(format string, args ...any) {
	h.calls = append(h.calls, fmt.Sprintf(format, args...))
}

func (h *fakeHost) Stream(name, text string) {
	for i := len(h.recs) - 1; i >= 0; i-- {
		if !h.recs[i].Stream(name, text) {
			return
		}
	}
	if name != h.last || h.out.Len() == 0 { // how text is cut into pieces is chance
		fmt.Fprintf(&h.out, "[%s]", name)
	}
	h.last = name
	h.out.WriteString(text)
}

func (h *fakeHost) Display(e display.Event) {
	for i := len(h.recs) - 1; i >= 0; i-- {
		if !h.recs[i].Display(e) {
			return
		}
	}
	h.shown = append(h.shown, e)
}

func (h *fakeHost) Record(r Recorder) func() error {
	h.recs = append(h.recs, r)
	return func() error {
		h.recs = h.recs[:len(h.recs)-1]
		return r.Close()
	}
}

func (h *fakeHost) Page(b display.Bundle) { h.note("page %v", b.Data["text/plain"]) }
func (h *fakeHost) Describe(_ context.Context, name string, detail int) *display.Bundle {
	if name == "unknown" {
		return nil
	}
	return &display.Bundle{Data: map[string]any{"text/plain": fmt.Sprintf("about %s, %d", name, detail)}}
}
func (h *fakeHost) CanAsk() bool { return h.answers != nil }
func (h *fakeHost) Ask(ctx context.Context, prompt string, password bool) (string, error) {
	if len(h.answers) == 0 {
		return "", errors.New("nobody answers")
	}
	answer := h.answers[0]
	h.answers = h.answers[1:]
	h.note("ask %q password=%v: %s", prompt, password, answer)
	return answer, nil
}

func (h *fakeHost) Dir() string { return h.dir }
func (h *fakeHost) Chdir(dir string) error {
	h.dir = dir
	return nil
}
func (h *fakeHost) ModuleDir() string { return h.modDir }
func (h *fakeHost) Environ() []string {
	var env []string
	for k, v := range h.env {
		env = append(env, k+"="+v)
	}
	return env
}
func (h *fakeHost) Setenv(k, v string)  { h.env[k] = v }
func (h *fakeHost) AtEnd(func()) func() { return func() {} }

func (h *fakeHost) ran() (Outcome, error) {
	if h.duringGo != nil {
		h.duringGo(h)
	}
	return h.outcome, h.goErr
}
func (h *fakeHost) RunBody(context.Context) (Outcome, error) {
	h.note("body")
	return h.ran()
}
func (h *fakeHost) RunArgs(_ context.Context, at int) (Outcome, error) {
	h.note("args at %d", at)
	return h.ran()
}
func (h *fakeHost) Define(_ context.Context, name, expr string, imports map[string]string) error {
	h.note("define %s = %s %v", name, expr, imports)
	return nil
}
func (h *fakeHost) CallLater(fn, args string) { h.note("later %s(%s)", fn, args) }
func (h *fakeHost) TestLater(args func(tests, benchmarks []string) []string) {
	h.note("test %q", args([]string{"TestA", "TestB"}, nil))
}
func (h *fakeHost) Eval(_ context.Context, expr string, imports map[string]string) (*display.Bundle, error) {
	h.note("eval %s %v", expr, imports)
	return nil, h.goErr
}
func (h *fakeHost) At() (cell, line int) { return 1, 2 }
func (h *fakeHost) Keep(name string, make func() any) any {
	if _, ok := h.kept[name]; !ok {
		h.kept[name] = make()
	}
	return h.kept[name]
}
func (h *fakeHost) ConnectPage(context.Context) error          { h.note("connect"); return nil }
func (h *fakeHost) PageAnswers(context.Context) bool           { return false }
func (h *fakeHost) BuildWasm(context.Context) error            { h.note("wasm"); return nil }
func (h *fakeHost) SetArgs(args []string)                      { h.note("args %q", args) }
func (h *fakeHost) List(context.Context, bool) ([]Name, error) { return h.names, nil }
func (h *fakeHost) Inputs() []PastInput                        { return h.inputs }
func (h *fakeHost) Variables() []string                        { return h.vars }
func (h *fakeHost) Setting(name string) []string               { return h.settings[name] }
func (h *fakeHost) Set(name string, v []string)                { h.settings[name] = v }
func (h *fakeHost) Status(context.Context) Status              { return h.status }
func (h *fakeHost) Restart(context.Context) error              { h.note("restart"); return nil }
func (h *fakeHost) Reset(_ context.Context, gomod bool) error  { h.note("reset %v", gomod); return nil }
func (h *fakeHost) Use(_ context.Context, d string) (ModuleChange, error) {
	h.note("use %s", d)
	return ModuleChange{Path: "example.com/m", New: d}, nil
}
func (h *fakeHost) Remove(_ context.Context, names []string) ([]Removed, error) {
	var removed []Removed
	for _, n := range names {
		r := Removed{Name: n}
		for _, have := range h.names {
			if have.Name == n {
				r.Kind = have.Kind
			}
		}
		removed = append(removed, r)
	}
	return removed, nil
}
func (h *fakeHost) Replay(_ context.Context, quiet bool, report func(Replayed)) error {
	h.note("replay quiet=%v", quiet)
	for _, r := range h.replayed {
		report(r)
	}
	return nil
}
func (h *fakeHost) Get(_ context.Context, args []string, progress func(string)) ([]ModuleChange, error) {
	progress("go: downloading " + args[0])
	return h.changes, nil
}

// run parses a cell and runs its magics on the fake.
func (h *fakeHost) run(ctx context.Context, text string) (Result, error) {
	c, errs := cell.Parse(text)
	if len(errs) > 0 {
		return Result{}, errs
	}
	lines := c.Magics
	if c.CellMagic != nil {
		lines = []cell.Magic{*c.CellMagic}
	}
	var res Result
	for _, l := range lines {
		in, err := AllMagics().Resolve(l)
		if err != nil {
			return res, err
		}
		if res, err = Run(ctx, h, in); err != nil {
			return res, err
		}
	}
	return res, nil
}

// fileText reads a file that must exist.
func fileText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var errGo = errors.New("Panic: boom")
