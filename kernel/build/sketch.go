package build

import (
	"context"
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strconv"
)

// Sketch returns a package as its own files tell it, in tens of milliseconds:
// its names, with all types that it declares itself. Of the packages that it
// imports and that aren't known, types have a name and nothing else.
func (l *Library) Sketch(ctx context.Context, importPath string) (*types.Package, error) {
	if p := l.Known(importPath); p != nil {
		return p, nil
	}
	return l.current().sketch(importPath, func() (*types.Package, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		dir, ok := l.Dir(importPath)
		if !ok {
			return nil, fmt.Errorf("%w: %s", errNoPackage, importPath)
		}
		fset := token.NewFileSet()
		files, err := l.parse(fset, importPath, dir)
		if err != nil {
			return nil, err
		}
		im := &sketchImporter{lib: l, dir: dir, made: map[string]*types.Package{}, wanted: wantedTypes(files)}
		return checkDeclarations(importPath, fset, files, im), nil
	})
}

// Sketched returns a package of which there is a sketch already, or nil.
func (l *Library) Sketched(importPath string) *types.Package {
	s := l.current()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sketches[importPath]
}

// sketchImporter makes packages that have nothing but the types which somebody
// wants of them, where they aren't known.
type sketchImporter struct {
	lib    *Library
	dir    string // of the package that imports
	made   map[string]*types.Package
	wanted map[string][]string // names of types by import path
}

var errNotMade = errors.New("nothing is wanted of the package")

// Import implements types.Importer.
func (im *sketchImporter) Import(importPath string) (*types.Package, error) {
	full := im.lib.vendored(importPath, im.dir)
	if p := im.lib.Known(full); p != nil {
		return p, nil
	}
	if p := im.made[full]; p != nil {
		return p, nil
	}
	names := im.wanted[importPath]
	if len(names) == 0 {
		return nil, errNotMade
	}
	p := types.NewPackage(full, packageBase(importPath))
	for _, n := range names {
		if p.Scope().Lookup(n) == nil {
			tn := types.NewTypeName(token.NoPos, p, n, nil)
			types.NewNamed(tn, types.NewStruct(nil, nil), nil)
			p.Scope().Insert(tn)
		}
	}
	p.MarkComplete()
	im.made[full] = p
	return p, nil
}

// packageBase is the name that a package mostly has.
func packageBase(importPath string) string {
	base := path.Base(importPath)
	if versionSuffix.MatchString(base) {
		base = path.Base(path.Dir(importPath))
	}
	return base
}

// wantedTypes returns the names of other packages that files use in types, by
// import path.
func wantedTypes(files []*ast.File) map[string][]string {
	wanted := map[string][]string{}
	for _, f := range files {
		paths := map[string]string{}
		for _, spec := range f.Imports {
			p, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				continue
			}
			name := packageBase(p)
			if spec.Name != nil {
				name = spec.Name.Name
			}
			paths[name] = p
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				return false // what is called is a function, mostly
			case *ast.SelectorExpr:
				if id, ok := n.X.(*ast.Ident); ok && paths[id.Name] != "" {
					wanted[paths[id.Name]] = append(wanted[paths[id.Name]], n.Sel.Name)
				}
			}
			return true
		})
	}
	return wanted
}
