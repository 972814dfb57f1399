package compiler

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/assembly"
	"hpgo/magics/magic"
	"hpgo/magics/result"
)

// objects are the files in which machine code is looked for, the first that has a
// function counting.
type objects struct{ open []*assembly.Program }

// openObjects opens files with machine code.
func openObjects(files []string) (*objects, error) {
	o := &objects{}
	for _, file := range files {
		p, err := assembly.Open(file)
		if err != nil {
			o.close()
			return nil, err
		}
		p.Rename = readable
		o.open = append(o.open, p)
	}
	return o, nil
}

// close closes the files, which were only read from.
func (o *objects) close() {
	for _, p := range o.open {
		p.Close()
	}
}

// errNoCode says that no object has a function.
var errNoCode = errors.New("no machine code")

// function decodes the function of a symbol, with type arguments or without, and
// the functions that the compiler made of parts of it: literals, deferred calls. Of a
// generic function there may be several.
func (o *objects) function(symbol string) (own, parts []*assembly.Function, err error) {
	for _, p := range o.open {
		for _, s := range p.Functions() {
			name := withoutInstances(s.Name)
			isOwn := name == symbol
			if !isOwn && !isPart(name, symbol) {
				continue
			}
			f, err := p.At(s.Entry)
			if err != nil {
				return nil, nil, err
			}
			if isOwn {
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

// isPart reports whether a function was made of a part of another.
func isPart(name, of string) bool {
	rest, ok := strings.CutPrefix(name, of+".")
	if !ok {
		rest, ok = strings.CutPrefix(name, of+"-")
	}
	return ok && (strings.HasPrefix(rest, "func") || strings.HasPrefix(rest, "gowrap") || strings.HasPrefix(rest, "deferwrap") || strings.HasPrefix(rest, "range"))
}

// entry decodes the code of a cell's statements.
func (o *objects) entry() []*assembly.Function {
	var all []*assembly.Function
	symbol := "main." + cell.EntryName
	for _, p := range o.open {
		for _, s := range p.Functions() {
			if s.Name != symbol && !isPart(s.Name, symbol) {
				continue
			}
			if f, err := p.At(s.Entry); err == nil {
				all = append(all, f)
			}
		}
	}
	return all
}

// code is the counts as a result has them.
func code(t assembly.Totals) result.Code {
	c := result.Code{Instructions: t.Instructions, Bytes: t.Bytes, Interface: t.Interface, Closure: t.Closure, Dynamic: t.Indirect,
		Bounds: t.Bounds, Barriers: t.WriteBarrier, Packed: t.Packed, Vector: t.Vector}
	if len(t.Called) > 0 {
		c.Calls = t.Called
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
	o, err := openObjects(got.Objects)
	if err != nil {
		got.Close()
		return nil, err
	}
	return &explained{remarks: got.Remarks, objects: o, close: func() { o.close(); got.Close() }}, nil
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
	exe, release, err := h.Build(ctx, magic.Work{Files: files, Flags: h.Setting("goflags"), Env: env})
	if err != nil {
		return nil, err
	}
	o, err := openObjects([]string{exe})
	if err != nil {
		release()
		return nil, err
	}
	return &explained{objects: o, close: func() { o.close(); release() }}, nil
}
