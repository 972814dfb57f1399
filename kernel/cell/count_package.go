package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"slices"
	"sort"
	"strings"
)

// CountedPackage is a package outside of the session with counters in some of its
// functions. It has the import path of the package itself and takes its place in
// the units that count.
type CountedPackage struct {
	Path  string
	Files map[string]string // by path: the files that change, and a new one
	Vars  []string          // its variables

	counters []Counter
	slots    int
}

// Names in the source of counted packages.
const (
	packageCounts = "Hpgo__n"
	packageFile   = "hpgo__counts.go"
)

// CountPackage puts counters into functions of a package, given its files by path.
// Keys are "Hypot" and "Dense.Mul". Any number of goroutines may run the code.
func CountPackage(imp types.Importer, path string, files map[string]string, keys []string) (*CountedPackage, error) {
	fset := token.NewFileSet()
	var parsed []*ast.File
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		f, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution|parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("count in package %s: %w", path, err)
		}
		for _, im := range f.Imports {
			if im.Path.Value == `"C"` {
				return nil, fmt.Errorf("package %s uses C", path)
			}
		}
		parsed = append(parsed, f)
	}
	ch := checked{info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}}
	conf := types.Config{Importer: imp, Sizes: types.SizesFor("gc", goarch), Error: func(error) {}}
	// What a broken package lacks the compiler tells.
	ch.pkg, _ = conf.Check(path, fset, parsed, ch.info)
	p := &CountedPackage{Path: path, Files: map[string]string{}}
	for _, name := range ch.pkg.Scope().Names() {
		if v, ok := ch.pkg.Scope().Lookup(name).(*types.Var); ok {
			p.Vars = append(p.Vars, v.Name())
		}
	}
	c := &counting{name: packageCounts, graph: &callGraph{unknown: true}}
	for i, f := range parsed {
		src := &Source{Text: files[names[i]], file: fset.File(f.Pos())}
		if text, changed := countFile(c, ch, f, src, names[i], keys); changed {
			p.Files[names[i]] = text
		}
	}
	if c.slots == 0 {
		return nil, fmt.Errorf("package %s has no Go code of %s", path, strings.Join(keys, ", "))
	}
	p.Files[filepath.Join(filepath.Dir(names[0]), packageFile)] = fmt.Sprintf("package %s\n\nimport %s %q\n\nvar %s [%d]uint64\n\nfunc %sShared(p *uint64) bool { %s.AddUint64(p, 1); return true }\n",
		ch.pkg.Name(), atomicAlias, atomicPath, packageCounts, c.slots, hitName, atomicAlias)
	p.counters, p.slots = c.counters, c.slots
	return p, nil
}

// CarrierPackage is a package as it is, for Count.Carriers, given its files by path.
func CarrierPackage(path string, files map[string]string) (*CountedPackage, error) {
	p := &CountedPackage{Path: path, Files: map[string]string{}}
	fset := token.NewFileSet()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		f, err := parser.ParseFile(fset, name, files[name], parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("read package %s: %w", path, err)
		}
		for _, decl := range f.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				for _, id := range spec.(*ast.ValueSpec).Names {
					p.Vars = append(p.Vars, id.Name)
				}
			}
		}
	}
	return p, nil
}

// countFile puts counters into a file. Insertions leave its lines as they are.
func countFile(c *counting, ch checked, f *ast.File, src *Source, name string, keys []string) (text string, changed bool) {
	var edits []edit
	atomic := false
	for _, decl := range f.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok || fn.Body == nil {
			continue
		}
		key := fn.Name.Name
		if t := ReceiverName(fn); t != "" {
			key = t + "." + key
		}
		if !slices.Contains(keys, key) {
			continue
		}
		w := &countWalker{c: c, ch: ch, src: src, key: key, file: name, lines: map[int]linePlace{}, pure: pureLoops{ch: ch}, hits: true, calls: true}
		w.function(key, fn, fn.Body)
		w.finish(map[string]Import{})
		atomic = atomic || w.usesAtomic
		edits = append(edits, w.edits...)
	}
	if len(edits) == 0 {
		return "", false
	}
	if atomic {
		off := int(f.Name.End()) - src.file.Base()
		edits = append(edits, edit{off: off, end: off, text: fmt.Sprintf("; import %s %q", atomicAlias, atomicPath)})
	}
	sort.SliceStable(edits, func(i, j int) bool {
		a, b := edits[i], edits[j]
		return a.off < b.off || a.off == b.off && a.order < b.order
	})
	var b strings.Builder
	at := 0
	for _, e := range edits {
		b.WriteString(src.Text[at:e.off] + e.text)
		at = e.end
	}
	b.WriteString(src.Text[at:])
	return b.String(), true
}

// shifted are the indices of counts that stand behind n others.
func shifted(indices []int, n int) []int {
	out := make([]int, len(indices))
	for i, x := range indices {
		out[i] = x + n
	}
	return out
}
