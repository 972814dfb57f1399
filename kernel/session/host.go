package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// magicState is what magics keep in a session.
type magicState struct {
	ready     bool              // the GONB_ variables are set
	firstDir  string            // where the session began
	pending   map[string]string // environment that the worker hasn't seen yet
	unset     []string          // what it has to lose of that
	moved     bool              // the worker's directory has to follow
	settings  map[string][]string
	replaying bool
	clock     stopwatch
}

// recorded is a recorder at work.
type recorded struct {
	magic.Recorder
	outer Sink
}

// Stream implements Sink.
func (r *recorded) Stream(name, text string) {
	if r.Recorder.Stream(name, text) {
		r.outer.Stream(name, text)
	}
}

// Display implements Sink.
func (r *recorded) Display(e display.Event) {
	if r.Recorder.Display(e) {
		r.outer.Display(e)
	}
}

// Stream implements magic.Screen.
func (d *dispatcher) Stream(name, text string) { d.sink.Stream(name, text) }

// Display implements magic.Screen.
func (d *dispatcher) Display(e display.Event) { d.sink.Display(e) }

// Busy implements magic.Screen.
func (d *dispatcher) Busy(text string) { d.opt.Progress(text) }

// CanAsk implements magic.Screen.
func (d *dispatcher) CanAsk() bool { return d.sink.canAsk() }

// Ask implements magic.Screen.
func (d *dispatcher) Ask(ctx context.Context, prompt string, password bool) (string, error) {
	return d.sink.ask(ctx, prompt, password)
}

// Record implements magic.Screen.
func (d *dispatcher) Record(r magic.Recorder) (stop func() error) {
	rec := &recorded{Recorder: r, outer: d.sink.sink}
	d.recs = append(d.recs, rec)
	d.sink.sink = rec
	depth := len(d.recs) - 1
	return func() error { return d.stopRecording(depth) }
}

// stopRecording ends the recorders that were started since depth.
func (d *dispatcher) stopRecording(depth int) error {
	var errs []error
	for len(d.recs) > depth {
		last := d.recs[len(d.recs)-1]
		d.recs = d.recs[:len(d.recs)-1]
		d.sink.sink = last.outer
		errs = append(errs, last.Close())
	}
	return errors.Join(errs...)
}

// Dir implements magic.Place.
func (d *dispatcher) Dir() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.dir
}

// Chdir implements magic.Place.
func (d *dispatcher) Chdir(dir string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return err
	}
	d.mu.Lock()
	d.dir, d.magic.moved = dir, true
	d.mu.Unlock()
	d.Setenv("GONB_DIR", dir)
	return nil
}

// AtEnd implements magic.Place.
func (d *dispatcher) AtEnd(f func()) (forget func()) {
	s := d.Session
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ends == nil {
		s.ends = map[int]func(){}
	}
	s.endCount++
	n := s.endCount
	s.ends[n] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.ends, n)
	}
}

// Keep implements magic.Place.
func (d *dispatcher) Keep(name string, make func() any) any {
	s := d.Session
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.kept[name]
	if !ok {
		if s.kept == nil {
			s.kept = map[string]any{}
		}
		v = make()
		s.kept[name] = v
	}
	return v
}

// ModuleDir implements magic.Place.
func (d *dispatcher) ModuleDir() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.mod.Dir
}

// Environ implements magic.Place.
func (d *dispatcher) Environ() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setUp()
	env := slices.DeleteFunc(withoutGonbui(os.Environ()), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		_, set := d.env[name]
		return set
	})
	for _, k := range slices.Sorted(maps.Keys(d.env)) {
		env = append(env, k+"="+d.env[k])
	}
	return env
}

// Setenv implements magic.Place.
func (d *dispatcher) Setenv(name, value string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setUp()
	d.env[name], d.magic.pending[name] = value, value
	if s, ok := settings.Find(name); ok && s.Reach == settings.Process {
		delete(d.flags.set, name)
		d.setProcess(settings.Values{name: value})
	}
}

// setUp gives the session the variables that gonb's users expect, once. The
// caller holds mu.
func (s *Session) setUp() {
	m := &s.magic
	if m.ready {
		return
	}
	m.ready, m.firstDir = true, s.dir
	m.pending, m.settings = map[string]string{}, map[string][]string{}
	vars := map[string]string{"GONB_DIR": s.dir, "GONB_VERSION": version(), "GONB_GIT_COMMIT": revision()}
	if s.mod != nil {
		vars["GONB_TMP_DIR"] = s.mod.Dir
	}
	if s.opt.KernelID != "" {
		vars["GONB_JUPYTER_KERNEL_ID"] = s.opt.KernelID
	}
	if root := jupyterRoot(); root != "" {
		vars["GONB_JUPYTER_ROOT"] = root
	}
	for k, v := range vars {
		if _, set := s.env[k]; !set {
			s.env[k], m.pending[k] = v, v
		}
	}
}

// jupyterRoot is the directory in which the Jupyter server was started, as gonb
// finds it: that of the process JPY_PARENT_PID.
func jupyterRoot() string {
	pid := os.Getenv("JPY_PARENT_PID")
	if pid == "" {
		return ""
	}
	dir, err := os.Readlink(filepath.Join("/proc", pid, "cwd"))
	if err != nil {
		return "" // another system, or the server is gone
	}
	return dir
}

// beforeCall hands the worker what changed outside of it since the last call,
// and starts the clock.
func (s *Session) beforeCall(call *worker.Call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.setUp()
	if len(s.magic.pending) > 0 {
		call.Env = s.magic.pending
		s.magic.pending = map[string]string{}
	}
	call.Unset = s.unsetNames()
	if s.magic.moved {
		call.Dir, s.magic.moved = s.dir, false
	}
	pid := 0 // all that ends meanwhile: the cell's own process
	if s.keepsValues() {
		pid = s.worker.PID()
	}
	call.Cost = s.magic.clock.asked
	s.magic.clock.begin(pid)
}

// afterCall stops the clock.
func (s *Session) afterCall(reply worker.Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.magic.clock.end(reply)
}

// resetTiming makes timing count from now.
func (s *Session) resetTiming() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.magic.clock.reset()
}

// timing returns the times of the calls since resetTiming.
func (s *Session) timing() magic.Outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.magic.clock.asked = false
	return s.magic.clock.sum
}

// RunBody implements magic.Runner.
func (d *dispatcher) RunBody(ctx context.Context) (magic.Outcome, error) {
	return d.runBody(ctx, d.counting)
}

// runBody runs the body of the cell magic; count counts in it.
func (d *dispatcher) runBody(ctx context.Context, count *counting) (magic.Outcome, error) {
	at := d.line.Line.BodyAt
	return d.runText(ctx, blank(d.cell.Text[:at])+d.cell.Text[at:], false, "", count)
}

// RunArgs implements magic.Runner.
func (d *dispatcher) RunArgs(ctx context.Context, at int) (magic.Outcome, error) {
	m := d.line.Line
	start := min(m.ArgsAt+at, len(d.cell.Text))
	return d.runText(ctx, blank(d.cell.Text[:start])+m.Args[min(at, len(m.Args)):], false, "", d.counting)
}

// Define implements magic.Runner.
func (d *dispatcher) Define(ctx context.Context, name, expr string, imports map[string]string) error {
	m := d.line.Line
	op := ":="
	if m.Assign != "" && !m.Define {
		op = "="
	}
	text := fmt.Sprintf("%s%s %s %s", blank(d.cell.Text[:m.Start]), name, op, expr)
	for _, alias := range slices.Sorted(maps.Keys(imports)) {
		text += fmt.Sprintf("; import %s %q", alias, imports[alias])
	}
	return d.withoutLent(func() error {
		_, err := d.runText(ctx, text, false, "", nil)
		return err
	})
}

// Eval implements magic.Runner.
func (d *dispatcher) Eval(ctx context.Context, expr string, imports map[string]string) (*display.Bundle, error) {
	sink := d.sink
	d.sink = &callSink{sink: discard{}, session: d.Session}
	defer func() { d.sink = sink }()
	text := ""
	for _, alias := range slices.Sorted(maps.Keys(imports)) {
		text += fmt.Sprintf("import %s %q; ", alias, imports[alias])
	}
	out, err := d.runText(ctx, text+expr, false, "", nil)
	return out.Value, err
}

// At implements magic.Runner.
func (d *dispatcher) At() (cell, line int) {
	return d.n, 1 + strings.Count(d.cell.Text[:d.line.Line.BodyAt], "\n")
}

// CallLater implements magic.Runner.
func (d *dispatcher) CallLater(fn, args string) {
	d.later = append(d.later, laterCall{in: d.line, fn: fn, args: args})
}

// SetArgs implements magic.Runner.
func (d *dispatcher) SetArgs(args []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.args = args
}

// Setting implements magic.Modules.
func (d *dispatcher) Setting(name string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setUp()
	return d.magic.settings[name]
}

// Set implements magic.Modules.
func (d *dispatcher) Set(name string, values []string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.setUp()
	d.magic.settings[name] = values
}

// Variables implements magic.Modules.
func (d *dispatcher) Variables() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := []string{}
	if d.worker == nil && d.keepsValues() {
		return names
	}
	for _, v := range d.scope.Vars() {
		names = append(names, v.Name)
	}
	sort.Strings(names)
	return names
}
