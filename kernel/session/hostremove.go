package session

import (
	"context"
	"go/ast"
	"go/parser"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
)

// Remove implements magic.Names. Functions that need what was removed are set
// aside by the next cell, with a note; types and variables must go now, since a
// variable without its type would keep every later cell from compiling.
func (d *dispatcher) Remove(_ context.Context, names []string) ([]magic.Removed, error) {
	sigs := signatures{session: d.Session, cells: map[int]*cell.Cell{}}
	var removed []magic.Removed
	var types []string
	for _, name := range names {
		key := strings.Replace(name, "~", ".", 1) // gonb's way to write a method
		r := magic.Removed{Name: name}
		if decl := d.remove(key); decl != nil {
			r.Kind = decl.Kind.String()
			if decl.Kind == cell.KindType {
				types = append(types, decl.Name)
			}
		}
		removed = append(removed, r)
	}
	for i := 0; i < len(types); i++ {
		for _, decl := range d.dependents(&sigs, types[i]) {
			d.remove(decl.Name)
			removed = append(removed, magic.Removed{Name: decl.Name, Kind: decl.Kind.String(), Because: types[i]})
			if decl.Kind == cell.KindType {
				types = append(types, decl.Name)
			}
		}
	}
	var keys []string
	for _, r := range removed {
		keys = append(keys, strings.Replace(r.Name, "~", ".", 1))
	}
	d.noteRemoved(keys)
	return removed, nil
}

// remove takes one declaration out of the scope and returns it; nil when there
// is none.
func (d *dispatcher) remove(key string) *cell.Decl {
	d.mu.Lock()
	defer d.mu.Unlock()
	decl, ok := d.scope.Lookup(key)
	if !ok {
		return nil
	}
	d.scope, _ = d.scope.Remove(key)
	return decl
}

// dependents returns the types and variables that mention a type.
func (d *dispatcher) dependents(sigs *signatures, name string) []*cell.Decl {
	d.mu.Lock()
	scope := d.scope
	d.mu.Unlock()
	var found []*cell.Decl
	for _, decl := range scope.Decls() {
		var text ast.Expr
		switch decl.Kind {
		case cell.KindVar:
			text, _ = parser.ParseExpr(cell.PlainName(decl.Type))
		case cell.KindType:
			if spec := sigs.typeSpec(decl); spec != nil {
				text = spec.Type
			}
		}
		if text != nil && mentions(text, name) {
			found = append(found, decl)
		}
	}
	return found
}

// mentions reports whether a type expression uses a name of the session: not as
// the name of a field or after a package.
func mentions(x ast.Expr, name string) bool {
	found := false
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Field:
			if n.Type != nil {
				found = found || mentions(n.Type, name)
			}
			return false
		case *ast.SelectorExpr:
			return false
		case *ast.Ident:
			found = found || n.Name == name
		}
		return !found
	})
	return found
}
