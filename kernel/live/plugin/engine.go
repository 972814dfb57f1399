// Package plugin is the live engine that loads each cell as a Go plugin into
// one long-lived process.
//
// What it relies on, each checked by the self-check against the installed
// toolchain (Go 1.26, cmd/compile and cmd/link):
//
//   - Every version of the session is compiled under one package path, so types
//     have one linker name for ever. In the object that cmd/link makes, the session's
//     functions get hidden visibility; so they bind to the newest version, while the
//     session's variables, all type descriptors, itabs and the standard library
//     bind to the first definition loaded (symbols.go).
//   - runtime/plugin.go refuses packages whose fingerprint differs between two
//     plugins. The fingerprint is eight bytes behind the magic of the object file
//     (cmd/internal/goobj) and again at the end of the export data; both are
//     overwritten with a constant.
//   - A unit that counts calls of functions of other packages has copies of those with
//     counters in them. They bear the fingerprint of the package itself and are bound as
//     the session is: functions hidden, variables and types those that were loaded first.
//     The package's init task counts as a variable, so nothing is initialised again.
//   - The session's package is named main, so that %T shows main.Point. The
//     compiler gives every package main a table of plugin exports; the one of the
//     session is renamed away, so that the linker sees only that of the stub.
//   - The stub, a main package that calls the entry function, is compiled once.
//     For each cell its package path is overwritten with another of equal length,
//     since the runtime wants a new plugin path for each plugin.
//   - cmd/link is told that the program true is the external linker; it leaves its
//     objects in -tmpdir, and the engine runs the system's linker itself. That
//     saves gcc and its three probes.
package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
)

// Engine links cells as plugins.
type Engine struct {
	tc     *build.Toolchain
	mod    *build.Module
	linker *linker
	dir    string // of generated code and shared objects
	stub   []byte // archive of the stub, compiled for stubPath
	mu     sync.Mutex
	// loaded stands for the worker when cells are linked thin, and for the cells
	// in it that brought packages along; empty where that can't be done.
	loaded    providers
	whole     atomic.Int64 // cells that had to be linked whole all the same
	lastWhole error        // why the last of them
	serial    atomic.Int64
}

var _ live.Engine = (*Engine)(nil)

// New returns an engine for a session's module. It does no work yet.
func New(tc *build.Toolchain, mod *build.Module) *Engine {
	return &Engine{tc: tc, mod: mod, dir: filepath.Join(mod.Dir, "cells")}
}

// Name implements live.Engine.
func (e *Engine) Name() string { return "plugin" }

// KeepsValues implements live.Engine.
func (e *Engine) KeepsValues() bool { return true }

// Close removes all generated files.
func (e *Engine) Close() error {
	if build.Keep() {
		return nil
	}
	return os.RemoveAll(e.dir)
}

// prepare finds the linker and compiles the stub, once per engine.
func (e *Engine) prepare(ctx context.Context) error {
	if e.linker == nil {
		l, err := findLinker(ctx, e.tc)
		if err != nil {
			return err
		}
		e.linker = l
	}
	if e.stub == nil {
		stub, err := e.compileStub(ctx)
		if err != nil {
			return fmt.Errorf("prepare the plugin engine: %w", err)
		}
		e.stub = stub
	}
	return nil
}

// thinArch tells where thin cells are known to work: the code that the engine
// edits differs by architecture.
const thinArch = runtime.GOARCH == "amd64"

// Worker builds the worker process through the build cache and keeps the
// binary in hpgo's cache, keyed by all that decides its content.
func (e *Engine) Worker(ctx context.Context) (string, error) {
	if _, err := build.FindCompiler(); err != nil {
		return "", err
	}
	exe, err := e.buildWorker(ctx)
	if err != nil {
		return "", err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.loaded = nil // a new worker has no cells
	if thinArch {
		// Without a provider cells are linked whole, which only takes longer.
		if p, err := newProvider(exe, filepath.Join(e.dir, "provider")); err == nil {
			e.loaded = providers{p}
		}
	}
	return exe, nil
}

// buildWorker builds the worker's executable unless it is in the cache.
func (e *Engine) buildWorker(ctx context.Context) (string, error) {
	exe := filepath.Join(build.CacheDir(), "worker-"+e.mod.Key())
	if e.mod.Rev() > 0 {
		exe = filepath.Join(e.mod.Dir, fmt.Sprintf("worker-%d", e.mod.Rev()))
	}
	if _, err := os.Stat(exe); err == nil {
		build.Used(exe)
		return exe, nil
	}
	if err := os.MkdirAll(filepath.Dir(exe), 0o755); err != nil {
		return "", fmt.Errorf("build the worker: %w", err)
	}
	tmp := fmt.Sprintf("%s.%d.tmp", exe, os.Getpid())
	defer os.Remove(tmp)
	// The tag adds what thin cells need of the runtime, which the linker would
	// refuse without the flag.
	args := append([]string{"build", "-tags=hpgo_live", "-ldflags=-checklinkname=0", "-o", tmp}, e.mod.Flags()...)
	if _, err := e.tc.Run(ctx, e.mod.Dir, append(args, "hpgo/kernel/worker/hpgo-worker")...); err != nil {
		return "", fmt.Errorf("build the worker: %w", err)
	}
	if err := os.Rename(tmp, exe); err != nil {
		return "", fmt.Errorf("build the worker: %w", err)
	}
	return exe, nil
}

// Build implements live.Engine.
func (e *Engine) Build(ctx context.Context, u *cell.Unit, opt build.Options) (*live.Object, error) {
	if err := e.prepare(ctx); err != nil {
		return nil, err
	}
	n := e.serial.Add(1)
	dir := filepath.Join(e.dir, fmt.Sprintf("c%d", n))
	if !build.Keep() {
		defer os.RemoveAll(dir)
	}
	start := time.Now()
	a, err := e.mod.Compile(ctx, u, opt, dir)
	if err != nil {
		return nil, err
	}
	compiled := time.Now()
	if !u.Run {
		return &live.Object{Compile: compiled.Sub(start), Messages: a.Messages}, nil
	}
	so, err := e.link(ctx, u, a, n)
	if err != nil {
		return nil, fmt.Errorf("link cell %d: %w", u.Cell, err)
	}
	o := &live.Object{File: so, Symbol: "Cell", Cell: u.Cell, NamesC: u.UsesC(), Counts: len(u.Counted) > 0, Compile: compiled.Sub(start), Link: time.Since(compiled), Messages: a.Messages}
	if st, err := os.Stat(so); err == nil {
		o.Size = st.Size()
	}
	return o, nil
}

// link makes the shared object of a compiled cell.
func (e *Engine) link(ctx context.Context, u *cell.Unit, a *build.Archive, n int64) (string, error) {
	if err := patchSession(a.File); err != nil {
		return "", err
	}
	path := pluginPath(n)
	stub := filepath.Join(a.Dir, "stub.a")
	if err := os.WriteFile(stub, patchStub(e.stub, path), 0o644); err != nil {
		return "", err
	}
	job := linkJob{unit: u, dir: a.Dir, archive: a.File, cfg: filepath.Join(a.Dir, "linkcfg"), stub: stub, path: path, ldflags: a.LDFlags, counted: a.Counted}
	return e.linkBest(ctx, job)
}

// linkBest links a cell as thin as it gets: against everything that is loaded,
// else against the worker alone, else whole.
func (e *Engine) linkBest(ctx context.Context, job linkJob) (string, error) {
	loaded := e.loadedObjects()
	for n := len(loaded); n > 0 && job.unit.Slow == ""; n = min(n-1, 1) {
		so, err := e.linkObject(ctx, job, loaded[:n])
		if err == nil || ctx.Err() != nil {
			return so, err
		}
		if n == 1 {
			e.whole.Add(1)
			e.lastWhole = err
		}
	}
	return e.linkObject(ctx, job, nil)
}

// Loaded implements live.Engine: the packages that a cell brought along are
// from now on taken from it.
func (e *Engine) Loaded(o *live.Object) {
	loaded := e.loadedObjects()
	if len(loaded) == 0 || o.Size < minChained || o.Counts {
		return
	}
	mine := map[string]bool{}
	for _, x := range e.mod.Exports() {
		mine[x.Path] = !loaded[0].packages[x.Path]
	}
	name := fmt.Sprintf("libhpgo%d.so", e.serial.Load())
	p, err := newChainedProvider(o.File, filepath.Join(e.dir, "provider", name), func(path string) bool { return mine[path] })
	if err != nil || p == nil {
		return // the next cells bring the packages along again
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.loaded = append(e.loaded, p)
}

// minChained is the size below which an object can't contain a package worth
// taking from it.
const minChained = 256 << 10

// loadedObjects returns what the worker contains, itself first.
func (e *Engine) loadedObjects() providers {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.loaded)
}

// linkJob is one cell on its way through the linkers.
type linkJob struct {
	unit            *cell.Unit
	dir             string
	archive         string // of the session's package
	cfg, stub, path string
	ldflags         []string
	counted         []build.Export
}

// linkObject runs cmd/link, edits what it made, and runs the system's linker.
// loaded is what it may take packages from; without any it is linked whole.
func (e *Engine) linkObject(ctx context.Context, job linkJob, loaded providers) (string, error) {
	archives := append(slices.Clone(job.counted), build.Export{Path: cell.PackagePath, File: job.archive}, build.Export{Path: job.path, File: job.stub})
	if err := e.mod.WriteLinkcfg(job.cfg, withoutCounted(loaded.shlibs(), job.counted), archives...); err != nil {
		return "", err
	}
	tmp := filepath.Join(job.dir, "tmp")
	if err := os.RemoveAll(tmp); err != nil {
		return "", err
	}
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return "", err
	}
	so := job.dir + ".so" // outlives the directory
	strip := "-s"
	if job.unit.UsesC() { // profiles look the names of its functions up, and show that of the file
		so, strip = filepath.Join(e.dir, "cells."+filepath.Base(job.dir)+".so"), "-S"
	}
	args := []string{"-tmpdir", tmp, "-o", so, "-importcfg", job.cfg, "-buildmode=plugin",
		"-pluginpath", job.path, "-s", "-w", "-compressdwarf=false", "-extld=" + e.linker.none}
	if len(loaded) > 0 {
		args = append(args, "-linkshared")
	}
	if _, err := e.tc.Tool(ctx, job.dir, "link", append(args, job.stub)...); err != nil {
		return "", err
	}
	object := filepath.Join(tmp, "go.o")
	if err := hideSymbols(object, ownSymbols(job.unit)); err != nil {
		return "", err
	}
	if len(loaded) > 0 {
		if err := bindToWorker(object, loaded); err != nil {
			return "", err
		}
	}
	if err := e.linker.shared(ctx, tmp, so, strip, job.ldflags); err != nil {
		return "", err
	}
	return so, nil
}

var errStub = errors.New("the stub's archive has an unknown form")
