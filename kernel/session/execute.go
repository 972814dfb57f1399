package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/display"
	"hpgo/kernel/live"
	"hpgo/kernel/worker"
)

// execute runs the parts of a cell: magics first, then its Go.
func (s *Session) execute(ctx context.Context, n int, code string, sink *callSink) (*display.Bundle, *Error) {
	defer sink.finish()
	s.noteDeath(sink)
	s.mu.Lock()
	scope := s.scope
	s.mu.Unlock()
	c, errs := cell.ParseIn(scope, code)
	s.remember(n, c.Source())
	if len(errs) > 0 {
		return nil, s.rewriteError(ctx, errs, n)
	}
	if c.CellMagic != nil || len(c.Magics) > 0 {
		return s.runMagics(ctx, n, c, nil, sink)
	}
	if len(c.Items) == 0 && !c.Main {
		return nil, nil
	}
	return s.runGo(ctx, n, c, nil, sink)
}

// remember keeps a cell's text for tracebacks.
func (s *Session) remember(n int, src *cell.Source) {
	s.mu.Lock()
	defer s.mu.Unlock()
	src.Cell = n
	s.sources[n] = src
}

// numbered sets the cell number of the parser's diagnostics.
func numbered(errs cell.Errors, n int) cell.Errors {
	for i := range errs {
		errs[i].Cell = n
	}
	return errs
}

// runGo compiles a cell's Go and runs it in the worker. The scope is kept only
// when the cell was loaded; a cell of declarations only isn't loaded at all. count
// counts or explains it.
func (s *Session) runGo(ctx context.Context, n int, c *cell.Cell, count *counting, sink *callSink) (*display.Bundle, *Error) {
	if s.asPrograms() {
		return s.runBuilt(ctx, n, c, s.buildFlags(), sink)
	}
	if err := s.waitWarm(ctx); err != nil {
		return nil, s.plainError(ctx, err)
	}
	// A cell is linked against the worker that it will run in.
	if err := s.ensureWorker(ctx); err != nil {
		return nil, s.plainError(ctx, err)
	}
	u, rerr := s.rewrite(ctx, n, c, count)
	if len(rerr) > 0 {
		return nil, s.compileError(rerr)
	}
	s.sayMode(sink)
	for _, note := range u.Notes {
		sink.Stream("stderr", "note: "+note+"\n")
	}
	obj, err := s.object(ctx, u, count.flags()...)
	if err == nil {
		err = count.take(u, obj)
	}
	if err != nil {
		var ce cell.Errors
		if errors.As(err, &ce) {
			return nil, s.compileError(ce)
		}
		return nil, s.plainError(ctx, err)
	}
	if !u.Run {
		s.commit(u.Next)
		s.noteGo(n, c)
		return nil, nil
	}
	return s.runObject(ctx, n, c, u, obj, sink)
}

// runObject calls a unit's object and keeps what the call left.
func (s *Session) runObject(ctx context.Context, n int, c *cell.Cell, u *cell.Unit, obj *live.Object, sink *callSink) (*display.Bundle, *Error) {
	value, ran, fail := s.callObject(ctx, n, c, u, obj, beside{flight: s.flight(c), watch: s.watched()}, sink)
	if ran {
		s.noteGo(n, c)
	}
	return value, fail
}

// callObject is runObject without a note for programs to come. ran says that the
// cell left something behind. look is what is to be done beside it.
func (s *Session) callObject(ctx context.Context, n int, c *cell.Cell, u *cell.Unit, obj *live.Object, look beside, sink *callSink) (value *display.Bundle, ran bool, fail *Error) {
	call := worker.Call{Cell: n, Object: obj.File, Symbol: obj.Symbol, Args: s.cellArgs(c), OwnFlags: u.OwnFlags, Flight: look.flight, Watch: look.watch}
	s.beforeCall(&call)
	began := time.Now()
	reply, err := s.callCell(ctx, call, sink)
	s.afterCall(reply)
	s.noteTiming(obj, reply)
	s.noteLoaded(u, obj, err)
	s.showFlight(look.flight, reply.Flight, err, began, sink)
	s.showLeft(look.watch, reply, sink)
	if err != nil {
		if !s.keepsValues() && worker.IsDied(err) != nil {
			s.commit(u.Next) // a process of its own: nothing is lost with it
			ran = true
		}
		return nil, ran, s.callError(ctx, u, err)
	}
	s.commit(s.reached(u, stopFrames(reply)))
	s.mu.Lock()
	if reply.Dir != "" {
		s.dir = reply.Dir
	}
	s.mu.Unlock()
	if reply.Interrupted != nil {
		return nil, true, s.stoppedError(ctx, obj.Cell, n, reply.Interrupted, heldAt(u, reply.Interrupted.Frames))
	}
	if reply.Panic != nil {
		return nil, true, s.panicError(renumbered(reply.Panic, obj.Cell, n))
	}
	if reply.Value == nil {
		return nil, true, nil
	}
	shown := s.complete(*reply.Value)
	return &shown, true, nil
}

// stopFrames returns the stack of a call that came to no regular end.
func stopFrames(r worker.Reply) []worker.Frame {
	switch {
	case r.Interrupted != nil:
		return r.Interrupted.Frames
	case r.Panic != nil:
		return r.Panic.Frames
	}
	return nil
}

// reached returns the scope after a call: a panic leaves what ran before it.
// frames is its stack; nil when the call came to its end.
func (s *Session) reached(u *cell.Unit, frames []worker.Frame) *cell.Scope {
	if !s.engine.KeepsValues() {
		return u.Next
	}
	if line, ok := entryLine(frames); ok {
		return u.NextAt(line)
	}
	return u.Next
}

// entryLine returns the line of the cell's own statements that a stack is in.
func entryLine(frames []worker.Frame) (line int, ok bool) {
	for _, f := range frames {
		if f.Func == cell.PackagePath+"."+cell.EntryName && cellFile.MatchString(f.File) {
			return f.Line, true
		}
	}
	return 0, false
}

// object returns the unit's object: built now, or the one of an equal unit that
// the worker has loaded already. flags are more flags of the compiler.
func (s *Session) object(ctx context.Context, u *cell.Unit, flags ...string) (*live.Object, error) {
	own, err := s.gcflags(false)
	if err != nil {
		return nil, err
	}
	if flags = slices.Concat(own, flags); len(flags) > 0 {
		u.Hash += strings.Join(flags, " ")
	}
	s.mu.Lock()
	o := s.loaded[u.Hash]
	s.mu.Unlock()
	if o != nil && u.Run {
		return o, nil
	}
	return s.engine.Build(ctx, u, build.Options{Dir: s.workDir(), GCFlags: flags})
}

// noteLoaded remembers an object that a call loaded. The shared object stays
// mapped in the worker; its file is needed only where it names C.
func (s *Session) noteLoaded(u *cell.Unit, o *live.Object, err error) {
	var load *worker.LoadError
	if err == nil && s.engine.KeepsValues() {
		s.mu.Lock()
		known := s.loaded[u.Hash] != nil
		s.loaded[u.Hash] = o
		s.mu.Unlock()
		if !known {
			s.engine.Loaded(o)
		}
	}
	if !build.Keep() && !o.NamesC && !errors.As(err, &load) {
		os.Remove(o.File)
	}
}

// rewrite turns the cell into a unit, over the importer of this session, with what
// counts in it.
func (s *Session) rewrite(ctx context.Context, n int, c *cell.Cell, count *counting) (*cell.Unit, cell.Errors) {
	s.mu.Lock()
	scope := s.scope
	s.mu.Unlock()
	env := s.cellEnv(ctx)
	env.Reach = true
	if count != nil {
		env.Count = count.what
	}
	u, errs := cell.Rewrite(env, scope, n, c)
	if count != nil && u != nil {
		count.counters = u.Counters
	}
	return u, errs
}

// cellEnv is what the rewriting of live cells knows of the session.
func (s *Session) cellEnv(ctx context.Context) cell.Env {
	return cell.Env{Importer: s.importer.With(ctx), Candidates: s.index.Candidates, Fresh: !s.keepsValues()}
}

// commit makes a scope the session's.
func (s *Session) commit(next *cell.Scope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scope = next
}

// waitWarm waits for the background work of Start. Where that failed it is tried
// again: what was missing may be there by now, such as room on the disk.
func (s *Session) waitWarm(ctx context.Context) error {
	select {
	case <-s.warm:
	case <-ctx.Done():
		return ctx.Err()
	}
	s.warming.Lock()
	defer s.warming.Unlock()
	if s.warmErr != nil {
		s.warmErr = s.warmUp(ctx)
	}
	return s.warmErr
}

// cellArgs returns the os.Args of a cell.
func (s *Session) cellArgs(c *cell.Cell) []string {
	args := []string{"hpgo-cell"}
	if c.Main && c.MainArgs != "" {
		if more, err := cell.SplitArgs(c.MainArgs); err == nil {
			return append(args, more...)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return append(args, s.args...)
}

// callError explains a call that didn't come back: the worker died, or the
// object couldn't be loaded.
func (s *Session) callError(ctx context.Context, u *cell.Unit, err error) *Error {
	var load *worker.LoadError
	if errors.As(err, &load) {
		return &Error{Name: "LoadError", Value: load.Message, Traceback: []string{load.Message}}
	}
	var died *worker.Died
	if !errors.As(err, &died) {
		return s.plainError(ctx, err)
	}
	name := deathName(ctx, died)
	return &Error{Name: name, Value: died.Message, Traceback: s.showDeath(name, "", died)}
}

// deathName is the kind of error that a worker's end is.
func deathName(ctx context.Context, died *worker.Died) string {
	switch {
	case died.Reason != worker.Interrupted:
		return "WorkerDied"
	case errors.Is(context.Cause(ctx), context.DeadlineExceeded):
		return "Timeout"
	}
	return "Interrupted"
}

// showDeath tells why a worker is gone and what went with it, which it forgets.
func (s *Session) showDeath(name, when string, died *worker.Died) []string {
	trace := []string{colorError(name) + when + ": " + died.Message}
	if died.Withheld && name == "WorkerDied" {
		trace = append(trace, s.showCrash(died)...)
	}
	if !s.keepsValues() {
		return trace
	}
	return append(trace, s.forgetWorker())
}

// noteDeath tells of a worker that died after the last cell had ended: a
// goroutine called os.Exit, or somebody killed it. The cell then runs in a new
// one, without the variables.
func (s *Session) noteDeath(sink *callSink) {
	s.mu.Lock()
	w := s.worker
	s.mu.Unlock()
	if w == nil || w.Alive() || !s.engine.KeepsValues() {
		return
	}
	if died := worker.IsDied(w.Err()); died != nil && died.Reason != worker.Closed {
		sink.Stream("stderr", strings.Join(s.showDeath("WorkerDied", " before this cell", died), "\n")+"\n")
	}
}

// forgetWorker drops the state that died with the worker: variables. The
// declarations of functions, types and constants live in the kernel and stay.
func (s *Session) forgetWorker() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var names []string
	for _, d := range s.scope.Vars() {
		names = append(names, d.Name)
	}
	s.scope = s.scope.Restarted()
	s.worker = nil
	if len(names) == 0 {
		return "a new worker starts with the next cell; no variables were lost"
	}
	list := strings.Join(names, ", ")
	if len(names) > 12 {
		list = strings.Join(names[:12], ", ") + fmt.Sprintf(", ... (%d in all)", len(names))
	}
	return "the variables are lost: " + list + "\nfunctions and types are kept; %replay runs the session's cells again"
}
