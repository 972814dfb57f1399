// Package fresh is the engine for machines where no live one works: each cell
// is linked as an ordinary program, which worker.Run runs once.
//
// Values don't last from cell to cell. The units it builds come from a Rewrite
// with Env.Fresh, so that the statements which declared the variables of earlier
// cells run again where a cell needs them. It rests on nothing that the go
// command doesn't rest on itself: compile and link are called with the archives
// of any go build, without gcc unless a cell imports C, and the only thing that
// is ours is the main package, which hands the entry function to package child.
package fresh

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/kernel/live"
)

// Engine links cells as programs.
type Engine struct {
	tc     *build.Toolchain
	mod    *build.Module
	dir    string // of generated code and programs
	serial atomic.Int64
}

var _ live.Engine = (*Engine)(nil)

// New returns an engine for a session's module, which build.NewPlainModule made.
// It does no work yet.
func New(tc *build.Toolchain, mod *build.Module) *Engine {
	return &Engine{tc: tc, mod: mod, dir: filepath.Join(mod.Dir, "cells")}
}

// Name implements live.Engine.
func (e *Engine) Name() string { return "fresh" }

// KeepsValues implements live.Engine.
func (e *Engine) KeepsValues() bool { return false }

// Worker implements live.Engine: there is no lasting worker. It compiles what
// every program is linked with.
func (e *Engine) Worker(ctx context.Context) (string, error) {
	if err := e.mod.Require(ctx, "fmt", "hpgo/kernel/worker/child"); err != nil {
		return "", fmt.Errorf("prepare the fresh-process engine: %w", err)
	}
	return "", nil
}

// Loaded implements live.Engine.
func (e *Engine) Loaded(*live.Object) {}

// Close removes all generated files.
func (e *Engine) Close() error {
	if build.Keep() {
		return nil
	}
	return os.RemoveAll(e.dir)
}

// Build implements live.Engine. The object's file is a program for worker.Run.
func (e *Engine) Build(ctx context.Context, u *cell.Unit, opt build.Options) (*live.Object, error) {
	dir := filepath.Join(e.dir, fmt.Sprintf("c%d", e.serial.Add(1)))
	if !build.Keep() {
		defer os.RemoveAll(dir)
	}
	start := time.Now()
	a, err := e.mod.Compile(ctx, u, opt, dir)
	if err != nil {
		return nil, err
	}
	o := &live.Object{Symbol: cell.EntryName, Cell: u.Cell, Compile: time.Since(start), Messages: a.Messages}
	if !u.Run {
		return o, nil
	}
	start = time.Now()
	o.File = dir + ".exe"
	if err := e.link(ctx, u, a, o.File); err != nil {
		return nil, fmt.Errorf("link cell %d: %w", u.Cell, err)
	}
	o.Link = time.Since(start)
	if st, err := os.Stat(o.File); err == nil {
		o.Size = st.Size()
	}
	return o, nil
}

// mainSource is the program around a cell. Its only line is a generated one, so
// that tracebacks don't show it.
const mainSource = `package main

import (
	"hpgo/kernel/worker/child"
	session %q
)

//line hpgo_generated.go:1
func main() { child.MainStatic(session.%s) }
`

// link compiles the main package against the compiled cell and links both.
func (e *Engine) link(ctx context.Context, u *cell.Unit, a *build.Archive, exe string) error {
	src := fmt.Sprintf(mainSource, cell.PackagePath, cell.EntryName)
	if err := os.WriteFile(filepath.Join(a.Dir, "main.go"), []byte(src), 0o644); err != nil {
		return err
	}
	cfg := filepath.Join(a.Dir, "linkcfg")
	if err := e.mod.WriteImportcfg(cfg, append(slices.Clone(a.Counted), build.Export{Path: cell.PackagePath, File: a.File})...); err != nil {
		return err
	}
	stub := filepath.Join(a.Dir, "main.a")
	if _, err := e.tc.Tool(ctx, a.Dir, "compile", "-p", "main", "-importcfg", cfg, "-pack", "-trimpath", a.Dir+"=>", "-o", stub, "main.go"); err != nil {
		return err
	}
	args := []string{"-importcfg", cfg, "-buildmode=exe", "-s", "-w", "-o", exe}
	if u.Slow != "" { // C code: the linker calls the C compiler's
		cc, err := build.FindCompiler()
		if err != nil {
			return err
		}
		args = append(args, "-extld", cc, "-extldflags", quoted(a.LDFlags))
	}
	_, err := e.tc.Tool(ctx, a.Dir, "link", append(args, stub)...)
	return err
}

// quoted joins flags as the linker takes them apart (cmd/internal/quoted).
func quoted(flags []string) string {
	list := make([]string, len(flags))
	for i, f := range flags {
		list[i] = f
		if strings.ContainsAny(f, " \t\n'") {
			list[i] = `"` + f + `"`
		}
	}
	return strings.Join(list, " ")
}
