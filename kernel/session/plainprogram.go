package session

import (
	"context"
	"os"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
	"hpgo/magics/magic"
)

// Plain implements magic.Builder.
func (d *dispatcher) Plain(ctx context.Context, p magic.Program) ([]cell.File, error) {
	if err := d.waitWarm(ctx); err != nil {
		return nil, d.plainError(ctx, err)
	}
	scope := renumberedScope(d.twinScope(ctx), setApart(d.n))
	env := d.programEnv(ctx, cell.PlainText)
	if p.Lines {
		env.Plain = cell.PlainLines
	}
	_, u, values, fail := d.composedWithValues(ctx, scope, p, env)
	d.atEnd = append(d.atEnd, values.remove)
	if fail != nil {
		return nil, fail
	}
	return u.Plain, nil
}

// Build implements magic.Builder.
func (d *dispatcher) Build(ctx context.Context, w magic.Work) (exe string, release func(), err error) {
	dir := d.programDir()
	release = func() { os.RemoveAll(dir) }
	if build.Keep() {
		release = func() {}
	}
	exe, err = d.buildProgram(ctx, d.mod, build.Program{Cell: d.n, Dir: dir, Files: w.Files, Package: w.Package, Flags: w.Flags, Env: d.toolEnv(), Over: w.Env})
	if err != nil {
		release()
		return "", nil, d.buildError(ctx, err)
	}
	return exe, release, nil
}
