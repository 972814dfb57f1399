package compiler

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/assembly"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// objects are the files in which machine code is looked for: those of the session's
// code, then those of packages.
type objects struct {
	own    []*object
	shared []*object
}

// object is a file, with its functions by the name of the one that they are or were
// made of.
type object struct {
	*assembly.Program
	byName map[string][]assembly.Symbol
}

func openObject(file string) (*object, error) {
	p, err := assembly.Open(file)
	if err != nil {
		return nil, err
	}
	p.Rename = readable
	o := &object{Program: p, byName: map[string][]assembly.Symbol{}}
	for _, s := range p.Functions() {
		name := root(s.Name)
		o.byName[name] = append(o.byName[name], s)
	}
	return o, nil
}

// openObjects opens the files with the machine code of functions. That of the worker
// is large, and only opened for packages.
func openObjects(got magic.Explained, packages bool) (*objects, error) {
	o := &objects{}
	for _, file := range got.Objects {
		p, err := openObject(file)
		if err != nil {
			o.close()
			return nil, err
		}
		o.own = append(o.own, p)
	}
	if packages && got.Worker != "" {
		p, err := openObject(got.Worker)
		if err != nil {
			o.close()
			return nil, err
		}
		o.shared = append(o.shared, p)
	}
	return o, nil
}

// close closes the files, which were only read from.
func (o *objects) close() {
	for _, p := range slices.Concat(o.own, o.shared) {
		p.Close()
	}
}

// errNoCode says that no object has a function.
var errNoCode = errors.New("no machine code")

// function decodes a function and those that the compiler made of parts of it:
// literals, deferred calls. Of a generic function that is the instance that was asked
// for, or else there may be several.
func (o *objects) function(t target) (own, parts []*assembly.Function, err error) {
	files := o.own
	if t.Package != "" {
		files = slices.Concat(o.own, o.shared)
	}
	symbol := t.symbol()
	for _, p := range files {
		symbols := p.byName[symbol]
		if t.args != "" && slices.ContainsFunc(symbols, t.isInstance) {
			symbols = slices.DeleteFunc(slices.Clone(symbols), func(s assembly.Symbol) bool { return !t.isInstance(s) })
		}
		for _, s := range symbols {
			f, err := p.At(s.Entry)
			if err != nil {
				return nil, nil, err
			}
			if withoutInstances(s.Name) == symbol {
				own = append(own, f)
			} else {
				parts = append(parts, f)
			}
		}
		if len(own) > 0 {
			return own, parts, nil
		}
	}
	return nil, parts, errNoCode
}

// part is what the compiler adds to the name of a function for what it makes of its
// parts.
var part = regexp.MustCompile(`[.-](?:func|gowrap|deferwrap|range)[0-9].*$`)

// root is the name of the function that a function is or was made of.
func root(name string) string { return part.ReplaceAllString(withoutInstances(name), "") }

// entry decodes the code of a cell's statements, with its functions main and init,
// which have names of the kernel's.
func (o *objects) entry() []*assembly.Function {
	var all []*assembly.Function
	for _, p := range o.own {
		for _, name := range slices.Sorted(maps.Keys(p.byName)) {
			if name != "main."+cell.EntryName && !strings.HasPrefix(name, "main.hpgo__") {
				continue
			}
			for _, s := range p.byName[name] {
				if f, err := p.At(s.Entry); err == nil {
					all = append(all, f)
				}
			}
		}
	}
	return all
}

// code is the counts as a result has them.
func code(t assembly.Totals) result.Code {
	c := result.Code{Instructions: t.Instructions, Bytes: t.Bytes, Interface: t.Interface, Closure: t.Closure, Dynamic: t.Indirect,
		Bounds: t.Bounds, Barriers: t.WriteBarrier, Packed: t.Packed, Vector: t.Vector}
	for name, n := range t.Called {
		if strings.HasPrefix(name, "hpgo/kernel/") || strings.HasPrefix(strings.TrimPrefix(name, "main."), "hpgo__") {
			continue // what the kernel adds to cells, as around goroutines and in endless loops
		}
		if c.Calls == nil {
			c.Calls = map[string]int{}
		}
		c.Calls[strings.ReplaceAll(name, "go.shape.", "")] += n
	}
	return c
}

// explained is what was found out about functions: remarks, and where their
// machine code is.
type explained struct {
	remarks []result.Remark
	objects *objects
	close   func()
}

// explain compiles functions of the session and of packages, without running
// anything.
func explain(ctx context.Context, h magic.Host, targets []target) (*explained, error) {
	got, err := h.Explain(ctx, keeping(targets))
	if err != nil {
		return nil, err
	}
	packages := slices.ContainsFunc(targets, func(t target) bool { return t.Package != "" })
	o, err := openObjects(got, packages)
	if err != nil {
		got.Close()
		return nil, err
	}
	return &explained{remarks: got.Remarks, objects: o, close: func() { o.close(); got.Close() }}, nil
}

// explainInstances is explain with an instance of each generic function that the
// session's functions use. The notes name them.
func explainInstances(ctx context.Context, h magic.Host, targets []target) (*explained, []string, error) {
	e, err := explain(ctx, h, targets)
	if err != nil || !slices.ContainsFunc(targets, target.open) {
		return e, nil, err
	}
	notes := firstInstances(targets, e.remarks)
	if len(notes) == 0 {
		return e, nil, nil
	}
	e.close()
	e, err = explain(ctx, h, targets)
	return e, notes, err
}

// addPackages adds the remarks of the packages that functions are from.
func (e *explained) addPackages(ctx context.Context, h magic.Host, targets []target) error {
	known := map[string]bool{}
	for _, t := range targets {
		if t.Package == "" || known[t.Package] {
			continue
		}
		known[t.Package] = true
		got, err := h.ExplainPackage(ctx, t.Package)
		if err != nil {
			return fmt.Errorf("ask the compiler about %s: %w", t.Package, err)
		}
		e.remarks = append(e.remarks, got.Remarks...)
		got.Close()
	}
	return nil
}

// program builds a program of the go command that has functions in it.
func program(ctx context.Context, h magic.Host, targets []target, env []string) (*explained, error) {
	p := keeping(targets)
	p.Lines = true
	files, err := h.Plain(ctx, p)
	if err != nil {
		return nil, err
	}
	exe, release, err := h.Build(ctx, magic.Work{Files: files, Flags: h.Status(ctx).Flags, Env: env})
	if err != nil {
		return nil, err
	}
	o, err := openObjects(magic.Explained{Objects: []string{exe}}, false)
	if err != nil {
		release()
		return nil, err
	}
	return &explained{objects: o, close: func() { o.close(); release() }}, nil
}
