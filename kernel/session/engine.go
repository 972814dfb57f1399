package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
	"hpgo/kernel/live/fresh"
	"hpgo/kernel/live/plugin"
	"hpgo/kernel/live/selfcheck"
	"hpgo/kernel/worker"
)

// engineVariable chooses the engine: plugin or fresh. Empty, a session uses the
// live engine if its self-check passes, and fresh processes otherwise.
const engineVariable = "HPGO_ENGINE"

// engineMaker makes the live engine of a module.
type engineMaker func(*build.Toolchain, *build.Module) live.Engine

func newPlugin(tc *build.Toolchain, mod *build.Module) live.Engine { return plugin.New(tc, mod) }

// chooseEngine gives the session its module and engine, as far as that is known
// before anything was tried.
func (s *Session) chooseEngine(tc *build.Toolchain) error {
	s.tc, s.toolchain = tc, tc
	switch forced := os.Getenv(engineVariable); forced {
	case "fresh":
		return s.useFresh(engineVariable + "=fresh")
	case "", "plugin":
		s.forced = forced != ""
		mod, err := build.NewModule(tc)
		if err != nil {
			return err
		}
		return s.use(mod, s.newLive(tc, mod))
	default:
		return fmt.Errorf("%s=%s: the engines are plugin and fresh", engineVariable, forced)
	}
}

// use makes a module and an engine the session's and closes those before.
func (s *Session) use(mod *build.Module, engine live.Engine) error {
	mod.Progress = s.opt.Progress
	s.mu.Lock()
	oldMod, oldEngine := s.mod, s.engine
	s.mod, s.importer, s.engine = mod, build.NewImporter(mod), engine
	s.library = build.NewLibrary(s.tc, mod, s.importer, s.index)
	if s.magic.ready { // a magic of the first cell ran before
		s.env["GONB_TMP_DIR"], s.magic.pending["GONB_TMP_DIR"] = mod.Dir, mod.Dir
	}
	s.mu.Unlock()
	var errs []error
	if oldEngine != nil {
		errs = append(errs, oldEngine.Close())
	}
	if oldMod != nil {
		errs = append(errs, oldMod.Close())
	}
	return errors.Join(errs...)
}

// useFresh makes cells run in fresh processes from now on.
func (s *Session) useFresh(why string) error {
	mod, err := build.NewPlainModule(s.tc)
	if err != nil {
		return err
	}
	s.mu.Lock()
	s.freshWhy = why
	s.mu.Unlock()
	return s.use(mod, fresh.New(s.tc, mod))
}

// newModule gives the session a module as it was at the start, and an engine of
// the same kind for it.
func (s *Session) newModule() error {
	if why := s.whyFresh(); why != "" {
		return s.useFresh(why)
	}
	mod, err := build.NewModule(s.tc)
	if err != nil {
		return err
	}
	return s.use(mod, s.newLive(s.tc, mod))
}

// whyFresh tells why cells run in fresh processes; "" when they don't.
func (s *Session) whyFresh() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.freshWhy
}

// keepsValues reports whether variables live on from cell to cell.
func (s *Session) keepsValues() bool { return s.engine.KeepsValues() }

// Engine returns the name of the session's engine, and why it is not the live
// one; "" when it is. It is final when the first cell has run.
func (s *Session) Engine() (name, why string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.engine == nil {
		return "", ""
	}
	return s.engine.Name(), s.freshWhy
}

// prepareEngine makes sure that the engine works, and falls back to fresh
// processes when the live one doesn't. What a package or room on the disk would
// mend is an error.
func (s *Session) prepareEngine(ctx context.Context) error {
	if s.whyFresh() != "" {
		return s.mod.Require(ctx, "fmt")
	}
	err := s.prepareLive(ctx)
	if err == nil || s.forced || ctx.Err() != nil || errors.Is(err, build.ErrNoGcc) || errors.Is(err, build.ErrNoLinker) || wayOut(err) != "" {
		return err
	}
	s.opt.Log.Error("the live engine doesn't work", "err", err)
	why := (&selfcheck.Failure{Engine: s.engine.Name(), Reason: err.Error()})
	var failed *selfcheck.Failure
	if errors.As(err, &failed) {
		why = failed
	}
	if err := s.useFresh(why.Line()); err != nil {
		return err
	}
	return s.mod.Require(ctx, "fmt")
}

// prepareLive compiles the standard set and checks the live engine, unless that
// was done before.
func (s *Session) prepareLive(ctx context.Context) error {
	if _, err := build.FindCompiler(); err != nil {
		return err
	}
	return s.checkLive(ctx, s.tc, s.mod, s.engine)
}

// checkLive compiles the standard set of a module and checks its live engine, unless
// that was done before.
func (s *Session) checkLive(ctx context.Context, tc *build.Toolchain, mod *build.Module, engine live.Engine) error {
	if err := mod.Require(ctx, "fmt"); err != nil {
		return err
	}
	if s.forced {
		return nil
	}
	name, key := engine.Name(), mod.Key()
	known, err := selfcheck.Recall(name, key)
	if !known {
		err = s.checkEngine(ctx, tc, key)
		selfcheck.Remember(name, key, err)
	}
	if _, trapErr := selfcheck.Recall(trapCheck, key); trapErr != nil {
		s.opt.Log.Warn("interrupts end the worker", "why", trapErr)
		s.mu.Lock()
		s.attention.noTrap = trapErr.Error()
		s.mu.Unlock()
	}
	return err
}

// callCell runs a cell's object: in the worker, or as a program of its own.
func (s *Session) callCell(ctx context.Context, call worker.Call, sink *callSink) (worker.Reply, error) {
	if s.keepsValues() {
		s.gonbui.begin(ctx, sink, s.afterCell())
		defer s.gonbui.end(ctx)
		return s.worker.Call(ctx, call, sink.forWorker())
	}
	s.mu.Lock()
	opt := s.workerOptions(call.Object)
	s.mu.Unlock()
	return s.withGonbui(ctx, sink, opt, func(opt worker.Options) (worker.Reply, error) {
		return worker.Run(ctx, opt, call, sink.forWorker())
	})
}

// trapPackage is where interrupts may stop a cell. The caller holds mu.
func (s *Session) trapPackage() string {
	if s.attention.noTrap != "" {
		return ""
	}
	return cell.PackagePath
}

// userCode tells in which packages beside the cells' own an interrupt may stop
// them: those of the user's modules, and the kernels of the notebooks, which hold
// no locks.
func userCode(mod *build.Module) func() []string {
	return func() []string { return append(mod.Local(), "hpgo/kernels") }
}

// workerOptions are those of a program that runs cells. The caller holds mu.
func (s *Session) workerOptions(exe string) worker.Options {
	opts := worker.Options{Exe: exe, Args: []string{"hpgo-cell"}, Dir: s.dir, Env: s.workerEnv(), Package: s.trapPackage(), Libraries: userCode(s.mod), MemoryLimit: s.opt.MemoryLimit, Log: s.opt.Log,
		Comm: s.fromWorker, Want: s.want}
	if background := s.background(); background != nil {
		opts.Background = &callSink{sink: background, session: s, background: true}
	}
	return opts
}

// sayMode tells the user once that values don't last.
func (s *Session) sayMode(sink *callSink) {
	if _, unseen := sink.sink.(discard); unseen {
		return
	}
	s.mu.Lock()
	why, said := s.freshWhy, s.freshSaid
	s.freshSaid = true
	s.mu.Unlock()
	if why == "" || said {
		return
	}
	sink.Stream("stderr", "fresh-process mode: each cell is a program of its own and values don't last: "+
		"variables are re-initialised in each cell that uses them ("+strings.TrimSuffix(why, ".")+")\n")
}
