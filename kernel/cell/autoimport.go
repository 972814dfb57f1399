package cell

import (
	"go/ast"
	"sort"
)

// autoImport adds imports for names that the cell uses like packages and that
// nothing declares: strings.ToUpper needs no import "strings". A name that
// turns out to be a local variable costs nothing, since unused imports are
// dropped.
func (r *rewriter) autoImport() {
	uses := map[string]map[string]bool{}
	note := func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				if uses[id.Name] == nil {
					uses[id.Name] = map[string]bool{}
				}
				uses[id.Name][sel.Sel.Name] = true
			}
		}
		return true
	}
	for _, it := range r.cell.Items {
		e := entryItem{Item: it}
		for _, n := range e.nodes() {
			ast.Inspect(n, note)
		}
	}
	for name, sels := range uses {
		if _, ok := r.scope.decls[name]; ok || r.env.Candidates == nil {
			continue
		}
		if _, ok := r.scope.imports[name]; ok {
			continue
		}
		if im, ok := r.chooseImport(name, sels); ok {
			r.autos[name] = im
		}
	}
}

// chooseImport returns the first candidate package that has every selector. A
// variable of the cell may have the package's name, as in url, err := url.Parse(s)
// and then url.Path; so a package that has only some of them is the second choice.
// One that has none is the last: then the selector is misspelt.
func (r *rewriter) chooseImport(name string, selectors map[string]bool) (Import, bool) {
	sels := make([]string, 0, len(selectors))
	for s := range selectors {
		sels = append(sels, s)
	}
	sort.Strings(sels)
	second, most := Import{}, -1
	for _, p := range r.env.Candidates(name, sels) {
		pkg, err := r.env.Importer.Import(p)
		if err != nil || pkg.Name() != name {
			continue
		}
		has := 0
		for _, s := range sels {
			if obj := pkg.Scope().Lookup(s); obj != nil && obj.Exported() {
				has++
			}
		}
		im := Import{Name: name, Path: p, Auto: true}
		if has == len(sels) {
			return im, true
		}
		if has > most {
			second, most = im, has
		}
	}
	return second, most >= 0
}
