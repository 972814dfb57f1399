package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/worker"
	"hpgo/magics"
	"hpgo/magics/magic"
	"hpgo/magics/settings"
)

// programMain is the main function around a cell that is a program of its own.
var programMain = cell.File{Name: "main.go", Text: "package main\n\nimport \"hpgo/kernel/worker/child\"\n\n" +
	"//line hpgo_generated.go:1\nfunc main() { child.MainStatic(" + cell.EntryName + ") }\n"}

// programDir makes the name of a new directory in the session's module.
func (s *Session) programDir() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.programs++
	return filepath.Join(s.mod.Dir, "programs", fmt.Sprintf("p%d", s.programs))
}

// toolEnv is what %env sets, for the go command; for what everything is linked %flags
// says.
func (s *Session) toolEnv() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(s.workerEnv(), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		what, ok := settings.Find(name)
		return ok && what.Reach == settings.Everything
	})
}

// runBuilt runs a cell as a program that the go command builds with flags. What
// it declares goes on in later programs and, but for variables, in live cells.
func (s *Session) runBuilt(ctx context.Context, n int, c *cell.Cell, flags []string, sink *callSink) (*display.Bundle, *Error) {
	if err := s.waitWarm(ctx); err != nil {
		return nil, s.plainError(ctx, err)
	}
	scope := renumberedScope(s.twinScope(ctx), setApart(n))
	g := goText{n: n, text: c.Text, main: c.Main, mainArgs: c.MainArgs}
	twinned, errs := g.parseFor(scope)
	if len(errs) > 0 {
		return nil, s.rewriteError(ctx, errs, n)
	}
	u, errs := cell.Rewrite(s.programEnv(ctx, cell.NoPlain), scope, n, twinned)
	if len(errs) > 0 {
		return nil, s.compileError(errs)
	}
	for _, note := range u.Notes {
		sink.Stream("stderr", "note: "+note+"\n")
	}
	var value *display.Bundle
	var fail *Error
	if u.Run {
		value, fail = s.runProgram(ctx, u, c, programBuild{flags: flags}, sink)
	}
	if fail == nil || fail.Name == "Panic" || fail.Name == "WorkerDied" {
		s.noteGo(n, c)
		s.commitDeclarations(ctx, n, c, u)
	}
	return value, fail
}

// programBuild is how a program is built and run, beside what the session says.
type programBuild struct {
	flags []string // of go build
	env   []string
	under []string // the command that runs it; nil: none
}

// runProgram builds a unit as a program and runs it.
func (s *Session) runProgram(ctx context.Context, u *cell.Unit, c *cell.Cell, how programBuild, sink *callSink) (*display.Bundle, *Error) {
	dir := s.programDir()
	if !build.Keep() {
		defer os.RemoveAll(dir)
	}
	exe, err := s.buildProgram(ctx, s.mod, build.Program{Cell: u.Cell, Dir: dir, Files: append(slices.Clone(u.Files), programMain), Flags: how.flags, Env: s.toolEnv(), Over: how.env})
	if err != nil {
		return nil, s.buildError(ctx, err)
	}
	call := worker.Call{Cell: u.Cell, Object: exe, Symbol: cell.EntryName, Args: s.cellArgs(c)}
	s.mu.Lock()
	s.setUp()
	opt := s.workerOptions(exe)
	opt.Env = append(slices.Clone(opt.Env), how.env...)
	if len(how.under) > 0 {
		opt.Exe = how.under[0]
		opt.Args = append(slices.Clone(how.under), exe)
	}
	call.Cost = s.magic.clock.asked
	s.magic.clock.begin(0)
	s.mu.Unlock()
	reply, err := s.withGonbui(ctx, sink, opt, func(opt worker.Options) (worker.Reply, error) { return worker.Run(ctx, opt, call, sink.forWorker()) })
	s.afterCall(reply)
	if err != nil {
		return nil, s.programError(ctx, u, err)
	}
	s.mu.Lock()
	if reply.Dir != "" && reply.Dir != s.dir {
		s.dir, s.magic.moved = reply.Dir, true
	}
	s.mu.Unlock()
	if reply.Panic != nil {
		return nil, s.panicError(reply.Panic)
	}
	if reply.Value == nil {
		return nil, nil
	}
	value := drawn(*reply.Value)
	return &value, nil
}

// buildError explains why the go command built no program.
func (s *Session) buildError(ctx context.Context, err error) *Error {
	var ce cell.Errors
	if errors.As(err, &ce) {
		return s.compileError(ce)
	}
	e := s.plainError(ctx, err)
	if e.Name == "KernelError" {
		e.Name = "BuildError"
		e.Traceback = strings.Split(colorError(e.Name)+": "+e.Value, "\n")
	}
	return e
}

// programError explains a program that didn't end by itself. Nothing of the live
// session is lost with it.
func (s *Session) programError(ctx context.Context, u *cell.Unit, err error) *Error {
	died := worker.IsDied(err)
	if died == nil {
		return s.callError(ctx, u, err)
	}
	e := &Error{Name: deathName(ctx, died), Value: died.Message}
	e.Traceback = []string{colorError(e.Name) + ": " + died.Message}
	if died.Withheld && e.Name == "WorkerDied" {
		e.Traceback = append(e.Traceback, s.showCrash(died)...)
	}
	return e
}

// commitDeclarations makes what a program's cell declared known to live cells.
// Variables are not: they ended with the program.
func (s *Session) commitDeclarations(ctx context.Context, n int, c *cell.Cell, u *cell.Unit) {
	if !s.keepsValues() {
		s.commit(u.Next)
		return
	}
	live, errs := s.rewrite(ctx, n, c, nil)
	if len(errs) > 0 {
		return // it needs variables that only programs have
	}
	var vars []string
	for _, d := range live.Next.Vars() {
		if d.Cell == n {
			vars = append(vars, d.Name)
		}
	}
	next, _ := live.Next.Remove(vars...)
	s.commit(next)
}

// testRun is a %test of the cell.
type testRun struct {
	in   *magic.Input
	args func(tests, benchmarks []string) []string
}

// TestLater implements magic.Runner.
func (d *dispatcher) TestLater(args func(tests, benchmarks []string) []string) {
	d.tests = append(d.tests, testRun{d.line, args})
}

// runTests builds the session's tests and runs them.
func (d *dispatcher) runTests(ctx context.Context, t testRun) error {
	if err := d.waitWarm(ctx); err != nil {
		return err
	}
	scope := renumberedScope(d.twinScope(ctx), setApart(d.n))
	if !slices.ContainsFunc(scope.Decls(), isTest) {
		return errors.New("%test: the session has nothing to test: declare func TestName(t *testing.T), " +
			"BenchmarkName(b *testing.B), FuzzName(f *testing.F) or ExampleName() first")
	}
	none, _ := cell.ParseIn(scope, "")
	u, errs := cell.Rewrite(d.programEnv(ctx, cell.PlainLines), scope, d.n, none)
	if len(errs) > 0 {
		return d.compileError(errs)
	}
	dir := d.programDir()
	if !build.Keep() {
		defer os.RemoveAll(dir)
	}
	exe, err := d.buildProgram(ctx, d.mod, build.Program{Cell: d.n, Dir: dir, Files: u.Plain, Flags: d.buildFlags(), Test: true, Env: d.toolEnv()})
	if err != nil {
		return d.buildError(ctx, err)
	}
	desk, err := d.newGonbuiDesk()
	if err != nil {
		return err
	}
	args := t.args(cellTests(d.cell))
	d.noteCounters(args)
	desk.begin(ctx, d.sink, nil)
	err = magics.RunProgram(ctx, d, append([]string{exe}, args...), desk.environment(d.Environ()), desk.stream)
	desk.end(ctx)
	var exit *magics.ShellError
	if errors.As(err, &exit) {
		exit.Reason = "the tests failed: " + exit.Reason
	}
	return errors.Join(err, desk.close())
}

// noteCounters says when benchmarks run in code that %goflags makes slower.
func (d *dispatcher) noteCounters(args []string) {
	if !slices.ContainsFunc(args, func(a string) bool { return strings.HasPrefix(a, "-test.bench") }) {
		return
	}
	for _, f := range d.buildFlags() {
		if name := strings.TrimLeft(f, "-"); strings.HasPrefix(name, "cover") || name == "race" || name == "msan" || name == "asan" {
			d.sink.Stream("stderr", "note: with "+f+" the figures of benchmarks are those of instrumented code\n")
			return
		}
	}
}

// isTest reports whether %test has something to do with a declaration.
func isTest(d *cell.Decl) bool {
	return d.Kind == cell.KindFunc && cell.IsTest(d.Name)
}

// cellTests returns the names of the tests and benchmarks that a cell declares.
func cellTests(c *cell.Cell) (tests, benchmarks []string) {
	for _, it := range c.Items {
		name := cell.FuncName(it)
		switch {
		case strings.HasPrefix(name, "Benchmark"):
			benchmarks = append(benchmarks, name)
		case cell.IsTest(name):
			tests = append(tests, name)
		}
	}
	return tests, benchmarks
}

// writeProgram puts the plain program of the last cell beside the session's
// go.mod, where `!*` commands find it.
func (s *Session) writeProgram(ctx context.Context) error {
	if err := s.waitWarm(ctx); err != nil {
		return err
	}
	files := s.lastProgram(ctx)
	s.mu.Lock()
	old := s.written
	s.mu.Unlock()
	names, err := s.mod.WriteFiles(files, old)
	s.mu.Lock()
	s.written = names
	s.mu.Unlock()
	return err
}
