package session

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/kernel/live"
	"hpgo/magics"
	"hpgo/magics/harness"
)

// RunCounted implements magics.Meter.
func (d *dispatcher) RunCounted(ctx context.Context, count *cell.Count, hear func(harness.Record)) (magics.Outcome, error) {
	stop := d.Record(records{hear})
	defer stop() // records are never in the way of an error of their own
	set := func(c *cell.Count) {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.magic.count = c
	}
	set(count)
	out, err := d.RunBody(ctx)
	set(nil)
	d.mu.Lock()
	defer d.mu.Unlock()
	out.Counters, d.magic.counters = d.magic.counters, nil
	return out, err
}

// countIn puts counters into the packages that a program wants to be counted, and
// says why it can't be done in some.
func (d *dispatcher) countIn(ctx context.Context, p magics.Program) (*cell.Count, map[string]string) {
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

// buildCounted builds a program with what it wants to be counted. Where a copy of
// a package with counters can't be linked it goes without, and says so.
func (d *dispatcher) buildCounted(ctx context.Context, p magics.Program, rewrite func(*cell.Count) (*cell.Cell, *cell.Unit, cell.Errors)) (madeProgram, *Error) {
	count, why := d.countIn(ctx, p)
	attempts := []*cell.Count{count}
	if count != nil && len(count.Packages) > 0 {
		without := *count
		without.Packages = nil
		attempts = []*cell.Count{count, &without}
		_, u, errs := rewrite(&without)
		if len(errs) > 0 {
			return madeProgram{}, d.compileError(numbered(errs, d.n))
		}
		if carriers, err := d.carriers(ctx, count.Packages, u.Imports); err == nil && len(carriers) > 0 {
			with := *count
			with.Carriers = carriers
			attempts = slices.Insert(attempts, 0, &with)
		}
	}
	for i, count := range attempts {
		c, u, errs := rewrite(count)
		if len(errs) > 0 {
			return madeProgram{}, d.compileError(numbered(errs, d.n))
		}
		made := madeProgram{compiled: compiled{uncounted: why}, cell: c, unit: u}
		for _, p := range u.Counted {
			made.from = append(made.from, p.Path)
		}
		var err error
		if made.object, err = d.measuredObject(ctx, u, p.GCFlags); err == nil {
			return made, nil
		}
		if i == len(attempts)-1 || ctx.Err() != nil {
			return madeProgram{}, d.buildError(ctx, err)
		}
		d.opt.Log.Warn("packages with counters", "err", err)
		if i == len(attempts)-2 {
			for path := range p.CountIn {
				if why[path] == "" {
					why[path] = "package " + path + " can't be linked with counters"
				}
			}
		}
	}
	return madeProgram{}, nil
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
	counted, err := cell.CountPackage(d.importer.With(ctx), path, files, keys)
	if err != nil {
		return nil, err
	}
	// A package that doesn't compile with counters is one that isn't counted.
	return counted, d.mod.TryCounted(ctx, counted)
}

// packageFiles returns the files of a package by path.
func (d *dispatcher) packageFiles(path string) (map[string]string, error) {
	d.mu.Lock()
	library := d.library
	d.mu.Unlock()
	dir, ok := library.Dir(path)
	if !ok {
		return nil, fmt.Errorf("there is no source of package %s", path)
	}
	names, err := library.SourceFiles(dir)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", path, err)
	}
	files := map[string]string{}
	for _, name := range names {
		file := filepath.Join(dir, filepath.Base(name))
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
			return "is part of what every program runs on"
		}
	}
	return ""
}
