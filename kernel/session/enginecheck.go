package session

import (
	"context"
	"errors"
	"fmt"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
	"hpgo/kernel/live/selfcheck"
	"hpgo/kernel/worker"
)

// checkEngine runs the self-check in a module, an engine and a worker of its own, all
// made by a toolchain. key is that of its modules.
func (s *Session) checkEngine(ctx context.Context, tc *build.Toolchain, key string) error {
	mod, err := build.NewModule(tc)
	if err != nil {
		return err
	}
	defer mod.Close()
	engine := s.newLive(tc, mod)
	defer engine.Close()
	exe, err := engine.Worker(ctx)
	if err != nil {
		return err
	}
	w, err := worker.Start(ctx, worker.Options{Exe: exe, Args: []string{"hpgo-selfcheck"}, Dir: mod.Dir, Package: cell.PackagePath, MemoryLimit: s.opt.MemoryLimit, Log: s.opt.Log})
	if err != nil {
		return fmt.Errorf("start the worker: %w", err)
	}
	defer w.Close()
	call := func(ctx context.Context, n int, o *live.Object, sink Sink) (worker.Reply, error) {
		return w.Call(ctx, worker.Call{Cell: n, Object: o.File, Symbol: o.Symbol}, &callSink{sink: sink, session: s})
	}
	subject := selfcheck.Subject{
		Engine: engine,
		Env:    cell.Env{Importer: build.NewImporter(mod).With(ctx), Candidates: s.index.Candidates},
		Run: func(ctx context.Context, n int, o *live.Object) (string, error) {
			if o.File == "" {
				return "", nil
			}
			reply, err := call(ctx, n, o, discard{})
			return valueText(reply), errors.Join(err, panicked(reply))
		},
		Interrupt: func(ctx context.Context, n int, o *live.Object) error {
			ctx, cancel := context.WithTimeoutCause(ctx, checkedAfter, worker.ErrInterrupt)
			defer cancel()
			give := time.AfterFunc(checkedWithin, w.Insist)
			defer give.Stop()
			reply, err := call(ctx, n, o, discard{})
			if err == nil && reply.Interrupted == nil {
				err = errors.New("the cell was not stopped")
			}
			return err
		},
	}
	if err := selfcheck.Check(ctx, subject); err != nil {
		return err
	}
	selfcheck.Remember(trapCheck, key, selfcheck.CheckInterrupt(ctx, subject))
	return nil
}

// The self-check's endless cell is interrupted after a time in which it has
// surely begun, and has long stopped after another.
const (
	checkedAfter  = 20 * time.Millisecond
	checkedWithin = 20 * time.Second
	// trapCheck is the name under which the outcome is remembered.
	trapCheck = "interrupt"
)

// valueText is the text of a reply's value.
func valueText(r worker.Reply) string {
	if r.Value == nil {
		return ""
	}
	text, _ := r.Value.Data["text/plain"].(string)
	return text
}

func panicked(r worker.Reply) error {
	if r.Panic == nil {
		return nil
	}
	return fmt.Errorf("panic: %s", r.Panic.Value)
}
