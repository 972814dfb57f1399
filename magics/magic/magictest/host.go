// Package magictest has a session for the tests of magics, which runs no Go.
package magictest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// Host is a session without Go: it writes down what magics ask of it.
type Host struct {
	Out       strings.Builder // streams as [name]text
	last      string          // the stream written last
	Shown     []display.Event
	WorkDir   string // a temporary one, as is ModDir
	ModDir    string
	Env       map[string]string
	Calls     []string // what was asked of the session, in words
	Recs      []magic.Recorder
	Outcome   magic.Outcome
	GoErr     error         // how Go ends
	DuringGo  func(h *Host) // called while it "runs"
	Names     []magic.Name
	Changes   []magic.ModuleChange
	Vars      []string
	settings  map[string][]string
	Replayed  []magic.Replayed
	State     magic.Status
	Past      []magic.PastInput
	Programs  []magic.Program  // that were measured
	Known     []magic.Function // that Function finds
	Explained magic.Explained
	Text      string   // of the cell
	Answers   []string // of the user; none: nobody can be asked
	kept      map[string]any
	Tuned     settings.Values // by SetFlags
	Lent      settings.Values // by LendFlags
	Refused   string          // what TryFlags says
}

func (h *Host) CellText() string { return h.Text }
func (h *Host) Busy(text string) { h.note("busy %s", text) }

// Measure writes the program down.
func (h *Host) Measure(_ context.Context, p magic.Program) (magic.Outcome, error) {
	h.Programs = append(h.Programs, p)
	if h.DuringGo != nil {
		h.DuringGo(h)
	}
	return h.Outcome, h.GoErr
}

// Function finds what the test gave the fake.
func (h *Host) Function(_ context.Context, expr string) (magic.Function, error) {
	for _, f := range h.Known {
		if f.Name == expr {
			return f, nil
		}
	}
	return magic.Function{}, fmt.Errorf("the session has no function %s", expr)
}

func (h *Host) Functions(_ context.Context, path string) ([]magic.Function, error) {
	return h.Known, nil
}

// RunExplained, Explain and ExplainPackage explain what the test gave the fake.
func (h *Host) RunExplained(ctx context.Context) (magic.Outcome, magic.Explained, error) {
	out, err := h.RunBody(ctx)
	return out, h.Explained, err
}

func (h *Host) Explain(_ context.Context, p magic.Program) (magic.Explained, error) {
	h.Programs = append(h.Programs, p)
	return h.Explained, h.GoErr
}

func (h *Host) ExplainPackage(_ context.Context, path string, _ ...string) (magic.Explained, error) {
	h.note("explain %s", path)
	return h.Explained, h.GoErr
}

// Plain and Build give no programs.
func (h *Host) Plain(context.Context, magic.Program) ([]cell.File, error) {
	return nil, errors.New("no program")
}
func (h *Host) Build(context.Context, magic.Work) (string, func(), error) {
	return "", nil, errors.New("nothing is built")
}

// RunCounted writes it down.
func (h *Host) RunCounted(ctx context.Context, count *cell.Count, _ func(harness.Record)) (magic.Outcome, error) {
	h.note("count %v", count.Lines)
	return h.RunBody(ctx)
}

// New returns a session that is empty.
func New(t *testing.T) *Host {
	return &Host{WorkDir: t.TempDir(), ModDir: t.TempDir(), Env: map[string]string{"HOME": "/home/gopher", "PATH": "/usr/bin:/bin"}, settings: map[string][]string{}, kept: map[string]any{}, Explained: magic.NothingExplained()}
}

func (h *Host) note(format string, args ...any) {
	h.Calls = append(h.Calls, fmt.Sprintf(format, args...))
}

func (h *Host) Stream(name, text string) {
	for i := len(h.Recs) - 1; i >= 0; i-- {
		if !h.Recs[i].Stream(name, text) {
			return
		}
	}
	if name != h.last || h.Out.Len() == 0 { // how text is cut into pieces is chance
		fmt.Fprintf(&h.Out, "[%s]", name)
	}
	h.last = name
	h.Out.WriteString(text)
}

func (h *Host) Display(e display.Event) {
	for i := len(h.Recs) - 1; i >= 0; i-- {
		if !h.Recs[i].Display(e) {
			return
		}
	}
	h.Shown = append(h.Shown, e)
}

func (h *Host) Record(r magic.Recorder) func() error {
	h.Recs = append(h.Recs, r)
	return func() error {
		h.Recs = h.Recs[:len(h.Recs)-1]
		return r.Close()
	}
}

func (h *Host) Page(b display.Bundle) { h.note("page %v", b.Data["text/plain"]) }
func (h *Host) Describe(_ context.Context, name string, detail int) *display.Bundle {
	if name == "unknown" {
		return nil
	}
	return &display.Bundle{Data: map[string]any{"text/plain": fmt.Sprintf("about %s, %d", name, detail)}}
}
func (h *Host) CanAsk() bool { return h.Answers != nil }
func (h *Host) Ask(ctx context.Context, prompt string, password bool) (string, error) {
	if len(h.Answers) == 0 {
		return "", errors.New("nobody answers")
	}
	answer := h.Answers[0]
	h.Answers = h.Answers[1:]
	h.note("ask %q password=%v: %s", prompt, password, answer)
	return answer, nil
}

func (h *Host) Dir() string { return h.WorkDir }
func (h *Host) Chdir(dir string) error {
	h.WorkDir = dir
	return nil
}
func (h *Host) ModuleDir() string { return h.ModDir }
func (h *Host) Environ() []string {
	var env []string
	for k, v := range h.Env {
		env = append(env, k+"="+v)
	}
	return env
}
func (h *Host) Setenv(k, v string)  { h.Env[k] = v }
func (h *Host) AtEnd(func()) func() { return func() {} }

func (h *Host) ran() (magic.Outcome, error) {
	if h.DuringGo != nil {
		h.DuringGo(h)
	}
	return h.Outcome, h.GoErr
}
func (h *Host) RunBody(context.Context) (magic.Outcome, error) {
	h.note("body")
	return h.ran()
}
func (h *Host) RunArgs(_ context.Context, at int) (magic.Outcome, error) {
	h.note("args at %d", at)
	return h.ran()
}
func (h *Host) Define(_ context.Context, name, expr string, imports map[string]string) error {
	h.note("define %s = %s %v", name, expr, imports)
	return nil
}
func (h *Host) CallLater(fn, args string) { h.note("later %s(%s)", fn, args) }
func (h *Host) TestLater(args func(tests, benchmarks []string) []string) {
	h.note("test %q", args([]string{"TestA", "TestB"}, nil))
}
func (h *Host) Eval(_ context.Context, expr string, imports map[string]string) (*display.Bundle, error) {
	h.note("eval %s %v", expr, imports)
	return nil, h.GoErr
}
func (h *Host) At() (cell, line int) { return 1, 2 }
func (h *Host) Keep(name string, make func() any) any {
	if _, ok := h.kept[name]; !ok {
		h.kept[name] = make()
	}
	return h.kept[name]
}
func (h *Host) ConnectPage(context.Context) error                { h.note("connect"); return nil }
func (h *Host) PageAnswers(context.Context) bool                 { return false }
func (h *Host) BuildWasm(context.Context) error                  { h.note("wasm"); return nil }
func (h *Host) SetArgs(args []string)                            { h.note("args %q", args) }
func (h *Host) List(context.Context, bool) ([]magic.Name, error) { return h.Names, nil }
func (h *Host) Inputs() []magic.PastInput                        { return h.Past }
func (h *Host) Variables() []string                              { return h.Vars }
func (h *Host) Setting(name string) []string                     { return h.settings[name] }
func (h *Host) Set(name string, v []string)                      { h.settings[name] = v }

// RefusedFlags refuses what begins with two dashes.
func (h *Host) RefusedFlags(_ context.Context, flags []string) (string, error) {
	for _, f := range flags {
		if strings.HasPrefix(f, "--") {
			return "no flag " + f, nil
		}
	}
	return "", nil
}

// Flags are those that were set.
func (h *Host) Flags(context.Context) []magic.Flagged {
	var all []magic.Flagged
	for _, s := range settings.All() {
		f := magic.Flagged{Setting: s, From: magic.ByDefault}
		if value, ok := h.Tuned[s.Name]; ok && value != "" {
			f.Value, f.From = value, "%flags"
		}
		all = append(all, f)
	}
	return all
}
func (h *Host) TryFlags(context.Context, settings.Values) (string, error) { return h.Refused, nil }
func (h *Host) SetFlags(_ context.Context, v settings.Values) error {
	if h.Tuned == nil {
		h.Tuned = settings.Values{}
	}
	maps.Copy(h.Tuned, v)
	return nil
}
func (h *Host) LendFlags(_ context.Context, v settings.Values) (func(), error) {
	h.Lent = v
	return func() { h.note("gave back %s", v) }, nil
}

// Status is what the test gave, with the flags of go build that were set.
func (h *Host) Status(context.Context) magic.Status {
	s := h.State
	if flags := h.settings["goflags"]; len(flags) > 0 {
		s.Flags, s.Programs = flags, true
	}
	return s
}

func (h *Host) Restart(context.Context) error             { h.note("restart"); return nil }
func (h *Host) Reset(_ context.Context, gomod bool) error { h.note("reset %v", gomod); return nil }
func (h *Host) Use(_ context.Context, d string) (magic.ModuleChange, error) {
	h.note("use %s", d)
	return magic.ModuleChange{Path: "example.com/m", New: d}, nil
}
func (h *Host) Remove(_ context.Context, names []string) ([]magic.Removed, error) {
	var removed []magic.Removed
	for _, n := range names {
		r := magic.Removed{Name: n}
		for _, have := range h.Names {
			if have.Name == n {
				r.Kind = have.Kind
			}
		}
		removed = append(removed, r)
	}
	return removed, nil
}
func (h *Host) Replay(_ context.Context, quiet bool, report func(magic.Replayed)) error {
	h.note("replay quiet=%v", quiet)
	for _, r := range h.Replayed {
		report(r)
	}
	return nil
}
func (h *Host) Get(_ context.Context, args []string, progress func(string)) ([]magic.ModuleChange, error) {
	progress("go: downloading " + args[0])
	return h.Changes, nil
}

// Run parses a cell and runs its magics, which are those of a table, on the fake.
func (h *Host) Run(ctx context.Context, table magic.Table, text string) (magic.Result, error) {
	c, errs := cell.Parse(text)
	if len(errs) > 0 {
		return magic.Result{}, errs
	}
	lines := c.Magics
	if c.CellMagic != nil {
		lines = []cell.Magic{*c.CellMagic}
	}
	var res magic.Result
	for _, l := range lines {
		in, err := table.Resolve(l)
		if err != nil {
			return res, err
		}
		if res, err = magic.Run(ctx, h, in); err != nil {
			return res, err
		}
	}
	return res, nil
}

// FileText reads a file that must exist.
func FileText(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// ErrGo is how the session's Go fails where a test wants that.
var ErrGo = errors.New("Panic: boom")
