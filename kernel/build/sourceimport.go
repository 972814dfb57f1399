package build

import (
	"context"
	"fmt"
	"go/ast"
	gobuild "go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// sourceReader type-checks packages from their source, without the bodies of
// functions. What it needs beside them it takes from archives where there are.
type sourceReader struct {
	lib     *Library
	ctx     context.Context
	shelf   *shelf          // where packages are put
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
	importPath = r.lib.vendored(importPath, from)
	if p := r.shelf.get(importPath); p != nil {
		return p, nil
	}
	dir, ok := r.lib.Dir(importPath)
	if !ok {
		return nil, fmt.Errorf("%w: %s", errNoPackage, importPath)
	}
	if r.reading[importPath] {
		return nil, fmt.Errorf("import cycle through %s", importPath)
	}
	r.reading[importPath] = true
	defer delete(r.reading, importPath)
	fset := token.NewFileSet()
	files, err := r.lib.parse(fset, importPath, dir)
	if err != nil {
		return nil, err
	}
	p := checkDeclarations(importPath, fset, files, importerFrom{r, dir})
	if err := r.ctx.Err(); err != nil {
		return nil, err // imports were refused: the package isn't whole
	}
	r.shelf.put(importPath, p)
	return p, nil
}

// vendored returns an import path with what the standard library's vendor
// directory puts before it, in a package of the standard library.
func (l *Library) vendored(importPath, from string) string {
	if strings.HasPrefix(from, filepath.Join(l.tc.GOROOT, "src")) && isModulePath(importPath) {
		return "vendor/" + importPath
	}
	return importPath
}

// parse reads the declarations of a package.
func (l *Library) parse(fset *token.FileSet, importPath, dir string) ([]*ast.File, error) {
	names, err := sourceFiles(l.tc, dir)
	if err != nil {
		return nil, fmt.Errorf("read the source of %s: %w", importPath, err)
	}
	var files []*ast.File
	for _, n := range names {
		src, err := os.ReadFile(n)
		if err != nil {
			return nil, fmt.Errorf("read the source of %s: %w", importPath, err)
		}
		f, _ := parser.ParseFile(fset, n, WithoutBodies(src), parser.SkipObjectResolution)
		if len(files) == 0 || f.Name.Name == files[0].Name.Name {
			files = append(files, f)
		}
	}
	return files, nil
}

// checkDeclarations type-checks a package without the bodies of functions.
// Errors in it are passed over: a reader wants what can be known.
func checkDeclarations(importPath string, fset *token.FileSet, files []*ast.File, im types.Importer) *types.Package {
	conf := types.Config{
		Importer:         im,
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", runtime.GOARCH),
		Error:            func(error) {},
	}
	p, _ := conf.Check(importPath, fset, files, nil)
	return p
}

// SourceFiles returns the files of a package's directory that belong to this
// platform, without tests.
func (l *Library) SourceFiles(dir string) ([]string, error) { return sourceFiles(l.tc, dir) }

func sourceFiles(tc *Toolchain, dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	c := gobuild.Default
	c.GOROOT, c.CgoEnabled = tc.GOROOT, false
	var files []string
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := c.MatchFile(dir, name); err == nil && ok {
			files = append(files, filepath.Join(dir, name))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no Go files for this platform in %s", dir)
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
