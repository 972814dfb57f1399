package build

import (
	"context"
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/parser"
	"go/token"
	"go/types"
	"path/filepath"
	"runtime"
	"strings"
)

// sourceReader type-checks packages from their source, without the bodies of
// functions. What it needs beside them it takes from archives where there are.
type sourceReader struct {
	lib     *Library
	ctx     context.Context
	reading map[string]bool // packages on the way, which can't be imported again
}

// read returns a package; from is the directory of the package that imports it.
func (r *sourceReader) read(importPath, from string) (*types.Package, error) {
	if p := r.lib.fromArchive(importPath); p != nil {
		return p, nil
	}
	if err := r.ctx.Err(); err != nil {
		return nil, err
	}
	dir, importPath, ok := r.find(importPath, from)
	if !ok {
		return nil, fmt.Errorf("%w: %s", errNoPackage, importPath)
	}
	if p := r.lib.packages[importPath]; p != nil {
		return p, nil
	}
	if r.reading[importPath] {
		return nil, fmt.Errorf("import cycle through %s", importPath)
	}
	r.reading[importPath] = true
	defer delete(r.reading, importPath)
	p, err := r.check(importPath, dir)
	if err != nil {
		return nil, err
	}
	r.lib.packages[importPath] = p
	return p, nil
}

// find returns a package's directory, and its path with what the standard
// library's vendor directory puts before it.
func (r *sourceReader) find(importPath, from string) (dir, full string, ok bool) {
	goroot := filepath.Join(r.lib.tc.GOROOT, "src")
	if strings.HasPrefix(from, goroot) && isModulePath(importPath) {
		importPath = "vendor/" + importPath
	}
	dir, ok = r.lib.dir(importPath)
	return dir, importPath, ok
}

// check type-checks one package. Errors in it are passed over: a reader wants
// what can be known.
func (r *sourceReader) check(importPath, dir string) (*types.Package, error) {
	names, err := sourceFiles(r.lib.tc, dir)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", importPath, err)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, n := range names {
		f, err := parser.ParseFile(fset, n, nil, parser.SkipObjectResolution)
		if f == nil {
			return nil, fmt.Errorf("read the source of %s: %w", importPath, err)
		}
		files = append(files, f)
	}
	conf := types.Config{
		Importer:         importerFrom{r, dir},
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", runtime.GOARCH),
		Error:            func(error) {},
	}
	p, _ := conf.Check(importPath, fset, files, nil)
	if err := r.ctx.Err(); err != nil {
		return nil, err // imports were refused: the package isn't whole
	}
	return p, nil
}

// SourceFiles returns the files of a package's directory that belong to this
// platform, without tests.
func (l *Library) SourceFiles(dir string) ([]string, error) { return sourceFiles(l.tc, dir) }

func sourceFiles(tc *Toolchain, dir string) ([]string, error) {
	c := gobuild.Default
	c.GOROOT, c.CgoEnabled = tc.GOROOT, false
	p, err := c.ImportDir(dir, 0)
	if err != nil && len(p.GoFiles) == 0 {
		return nil, err
	}
	files := make([]string, 0, len(p.GoFiles))
	for _, f := range p.GoFiles {
		files = append(files, filepath.Join(dir, f))
	}
	return files, nil
}

// importerFrom resolves the imports of a package in a directory.
type importerFrom struct {
	r   *sourceReader
	dir string
}

// Import implements types.Importer.
func (i importerFrom) Import(path string) (*types.Package, error) { return i.r.read(path, i.dir) }
