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

// countPackage puts counters into functions of a package.
func (d *dispatcher) countPackage(ctx context.Context, path string, keys []string) (*cell.CountedPackage, error) {
	if reason := uncountable(path); reason != "" {
		return nil, fmt.Errorf("package %s %s", path, reason)
	}
	d.mu.Lock()
	library, mod := d.library, d.mod
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
	counted, err := cell.CountPackage(d.importer.With(ctx), path, files, keys)
	if err != nil {
		return nil, err
	}
	// A package that doesn't compile with counters is one that isn't counted.
	return counted, mod.TryCounted(ctx, counted)
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
