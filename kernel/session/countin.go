package session

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/live"
	"hpgo/magics/harness"
	"hpgo/magics/magic"
)

// RunCounted implements magic.Meter.
func (d *dispatcher) RunCounted(ctx context.Context, count *cell.Count, hear func(harness.Record)) (magic.Outcome, error) {
	stop := d.Record(records{hear})
	defer stop() // records are never in the way of an error of their own
	c := &counting{what: count}
	out, err := d.runBody(ctx, c)
	out.Counters = c.counters
	return out, err
}

// counting is what is to be counted in the cell's Go as it runs, and with which
// counters that was done in the Go that ran last; or how it is compiled, which is to
// be explained.
type counting struct {
	what     *cell.Count
	counters []cell.Counter
	explain  *explaining
}

// flags are more flags of the compiler.
func (c *counting) flags() []string {
	if c == nil {
		return nil
	}
	return c.explain.flags()
}

// take keeps what the compiler explained.
func (c *counting) take(u *cell.Unit, o *live.Object) error {
	if c == nil {
		return nil
	}
	return c.explain.take(u, o)
}

// countIn puts counters into the packages that a program wants to be counted, and
// says why it can't be done in some.
func (d *dispatcher) countIn(ctx context.Context, p magic.Program) (*cell.Count, map[string]string) {
	if len(p.CountIn) == 0 {
		return p.Count, nil
	}
	count := cell.Count{}
	if p.Count != nil {
		count = *p.Count
	}
	why := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(p.CountIn)) {
		counted, err := d.countPackage(ctx, path, p.CountIn[path])
		if err != nil {
			why[path] = err.Error()
			continue
		}
		count.Packages = append(count.Packages, counted)
	}
	return &count, why
}

// madeProgram is a program ready to be called.
type madeProgram struct {
	compiled
	cell   *cell.Cell
	unit   *cell.Unit
	object *live.Object
}

// buildCounted builds a program with what it wants to be counted. Where copies of
// packages with counters can't be compiled or linked it goes without, and says so.
func (d *dispatcher) buildCounted(ctx context.Context, p magic.Program, rewrite func(*cell.Count) (*cell.Cell, *cell.Unit, cell.Errors)) (madeProgram, *Error) {
	count, why := d.countIn(ctx, p)
	build := func(count *cell.Count) (madeProgram, error) {
		c, u, errs := rewrite(count)
		if len(errs) > 0 {
			return madeProgram{}, errs
		}
		made := madeProgram{compiled: compiled{uncounted: why}, cell: c, unit: u}
		for _, p := range u.Counted {
			made.from = append(made.from, p.Path)
		}
		var err error
		made.object, err = d.object(ctx, u, p.GCFlags...)
		return made, err
	}
	attempts := []func() *cell.Count{func() *cell.Count { return count }}
	if count != nil && len(count.Packages) > 0 {
		attempts = []func() *cell.Count{
			func() *cell.Count { return d.withCarriers(ctx, *count, rewrite) },
			func() *cell.Count { return count },
			func() *cell.Count { return d.compilable(ctx, *count, why) },
			func() *cell.Count { return withoutPackages(*count, why) },
		}
	}
	var made madeProgram
	var err error
	for _, attempt := range attempts {
		made, err = build(attempt())
		var faults cell.Errors
		if err == nil || errors.As(err, &faults) || ctx.Err() != nil {
			break
		}
		d.opt.Log.Warn("packages with counters", "err", err)
	}
	var faults cell.Errors
	switch {
	case err == nil:
		return made, nil
	case errors.As(err, &faults):
		return made, d.rewriteError(ctx, faults, d.n)
	}
	return made, d.buildError(ctx, err)
}

// withCarriers adds the packages through which counted ones are called.
func (d *dispatcher) withCarriers(ctx context.Context, count cell.Count, rewrite func(*cell.Count) (*cell.Cell, *cell.Unit, cell.Errors)) *cell.Count {
	without := count
	without.Packages = nil
	if _, u, errs := rewrite(&without); len(errs) == 0 {
		// Without them there are the calls of the session's own code.
		count.Carriers, _ = d.carriers(ctx, count.Packages, u.Imports)
	}
	return &count
}

// compilable leaves out the packages that don't compile with counters.
func (d *dispatcher) compilable(ctx context.Context, count cell.Count, why map[string]string) *cell.Count {
	d.mu.Lock()
	mod := d.mod
	d.mu.Unlock()
	count.Packages = slices.DeleteFunc(slices.Clone(count.Packages), func(p *cell.CountedPackage) bool {
		err := mod.TryCounted(ctx, p)
		if err != nil {
			why[p.Path], _, _ = strings.Cut(err.Error(), "\n")
		}
		return err != nil
	})
	return &count
}

// withoutPackages gives up counting in packages.
func withoutPackages(count cell.Count, why map[string]string) *cell.Count {
	for _, p := range count.Packages {
		if why[p.Path] == "" {
			why[p.Path] = "package " + p.Path + " can't be linked with counters"
		}
	}
	count.Packages = nil
	return &count
}

// carriers returns the packages through which the session's code may call counted
// ones, in the order in which they depend on each other.
func (d *dispatcher) carriers(ctx context.Context, counted []*cell.CountedPackage, imports []string) ([]*cell.CountedPackage, error) {
	d.mu.Lock()
	mod := d.mod
	d.mu.Unlock()
	roots := slices.DeleteFunc(slices.Clone(imports), func(path string) bool { return path == "C" || uncountable(path) != "" })
	if len(roots) == 0 {
		return nil, nil
	}
	list, err := mod.Imports(ctx, roots)
	if err != nil {
		return nil, err
	}
	leads := map[string]bool{} // to a counted package
	for _, c := range counted {
		leads[c.Path] = true
	}
	var all []*cell.CountedPackage
	for _, p := range list {
		if leads[p.Path] || p.Assembly || uncountable(p.Path) != "" || !slices.ContainsFunc(p.Imports, func(im string) bool { return leads[im] }) {
			continue
		}
		files, err := d.packageFiles(p.Path)
		if err != nil {
			return nil, err
		}
		carrier, err := cell.CarrierPackage(p.Path, files)
		if err != nil {
			return nil, err
		}
		leads[p.Path] = true
		all = append(all, carrier)
	}
	return all, nil
}

// countPackage puts counters into functions of a package.
func (d *dispatcher) countPackage(ctx context.Context, path string, keys []string) (*cell.CountedPackage, error) {
	if reason := uncountable(path); reason != "" {
		return nil, fmt.Errorf("package %s %s", path, reason)
	}
	files, err := d.packageFiles(path)
	if err != nil {
		return nil, err
	}
	return cell.CountPackage(d.importer.With(ctx), path, files, keys)
}

// packageFiles returns the files of a package by path.
func (d *dispatcher) packageFiles(path string) (map[string]string, error) {
	names, known, err := d.sourceFiles(path)
	switch {
	case err != nil:
		return nil, err
	case !known:
		return nil, fmt.Errorf("there is no source of package %s", path)
	}
	files := map[string]string{}
	for _, file := range names {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read the source of %s: %w", path, err)
		}
		files[file] = string(data)
	}
	return files, nil
}

// uncountable says why no counters can stand in a package. What the counters and
// the reports of their values need themselves would count that, too, and what has
// variables behind the language's back can't exist twice.
func uncountable(path string) string {
	for _, p := range []string{"runtime", "internal", "sync", "syscall", "unsafe", "reflect", "plugin", "os", "time", "hpgo"} {
		if path == p || strings.HasPrefix(path, p+"/") {
			return "is part of what every program runs on, counters too"
		}
	}
	return ""
}
