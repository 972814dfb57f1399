package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// settleVersions gives a new symbol to every type whose definition changed
// since a cell that contains it was loaded: the loader binds a type's
// descriptor to the first one it met, so another layout or method set needs
// another name. Variables of an old version can't be kept; the user is told.
func (r *rewriter) settleVersions(ch *checked) Errors {
	r.bumpTypes(*ch)
	dropped := r.dropStaleVars()
	if len(dropped) == 0 {
		return nil
	}
	r.notes = append(r.notes, dropNote(dropped))
	for _, name := range dropped {
		r.setAside[name] = "its type was redefined"
	}
	again, errs := r.resolve() // the cell may use what was dropped
	*ch = again
	return errs
}

// dropNote words which variables were dropped.
func dropNote(names []string) string {
	if len(names) == 1 {
		return names[0] + " was dropped: its type was redefined"
	}
	return strings.Join(names, ", ") + " were dropped: their types were redefined"
}

// bumpTypes assigns symbols until no definition changes any more: a type that
// contains a type with a new symbol has a new definition itself.
func (r *rewriter) bumpTypes(ch checked) {
	var typeDecls []*Decl
	for _, d := range r.scope.Decls() {
		if d.Kind == KindType {
			typeDecls = append(typeDecls, d)
			if d.Symbol == "" {
				d.Symbol = r.scope.newSymbol(d.Name)
			}
		}
	}
	bumped := map[string]bool{}
	for again := true; again; {
		again = false
		for _, d := range typeDecls {
			if bumped[d.Name] || !d.Loaded {
				continue
			}
			if r.definition(ch, d) != d.key {
				d.Symbol, d.Loaded = r.scope.newSymbol(d.Name), false
				bumped[d.Name], again = true, true
			}
		}
	}
	for _, d := range typeDecls {
		d.key = r.definition(ch, d)
	}
}

// definition describes a type so that equal texts mean equal layout and method
// set: its syntax without comments, the symbols of the session's types and the
// values of the constants it mentions, and its methods' signatures.
func (r *rewriter) definition(ch checked, d *Decl) string {
	var b strings.Builder
	r.describe(&b, ch, d.node)
	methods := r.scope.methods(d.Name)
	slices.SortFunc(methods, func(x, y *Decl) int { return strings.Compare(x.Name, y.Name) })
	for _, m := range methods {
		fn := m.node.(*ast.FuncDecl)
		b.WriteString("\nmethod " + m.Name + " ")
		r.describe(&b, ch, fn.Recv.List[0].Type)
		r.describe(&b, ch, fn.Type)
	}
	return b.String()
}

// describe writes a syntax tree as one line of node kinds, names and literals.
func (r *rewriter) describe(b *strings.Builder, ch checked, n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			b.WriteByte(')')
			return true
		case *ast.CommentGroup, *ast.Comment:
			return false
		case *ast.Ident:
			b.WriteString("(" + n.Name)
			r.describeUse(b, ch, ch.info.Uses[n])
		case *ast.BasicLit:
			b.WriteString("(" + n.Value)
		case *ast.ChanType:
			fmt.Fprintf(b, "(chan%d", n.Dir)
		case *ast.Field:
			fmt.Fprintf(b, "(field%d", len(n.Names))
		default:
			fmt.Fprintf(b, "(%T", n)
		}
		return true
	})
}

// describeUse adds what an identifier means beyond its name.
func (r *rewriter) describeUse(b *strings.Builder, ch checked, obj types.Object) {
	switch obj := obj.(type) {
	case *types.TypeName:
		if obj.Pkg() == ch.pkg {
			if d, ok := r.scope.decls[obj.Name()]; ok && obj.Parent() == ch.pkg.Scope() {
				b.WriteString("=" + d.Symbol)
			}
		}
	case *types.Const:
		b.WriteString("=" + obj.Val().ExactString())
	case *types.PkgName:
		b.WriteString("=" + obj.Imported().Path())
	}
}

// dropStaleVars removes the variables whose type mentions an older version of a
// session type, unless the cell declares them again, and returns their names.
// It also notes in each remaining new variable which versions it depends on.
func (r *rewriter) dropStaleVars() []string {
	for _, v := range r.newVars {
		r.fillDeps(v.decl)
	}
	var dropped []string
	for _, d := range r.scope.Vars() {
		if !r.stale(d) {
			continue
		}
		r.scope.removeName(d.Name)
		if !r.isNewVar(d.Name) {
			dropped = append(dropped, d.Name)
		}
	}
	return dropped
}

// fillDeps completes the symbols of the session types that a variable's type
// depends on. A redeclared variable gets a new symbol when one of them changed.
func (r *rewriter) fillDeps(d *Decl) {
	if d == nil {
		return
	}
	old, hadOld := r.old.decls[d.Name]
	for name := range d.deps {
		if t, ok := r.scope.decls[name]; ok {
			d.deps[name] = t.Symbol
		}
		if hadOld && old.Symbol == d.Symbol && old.deps[name] != d.deps[name] {
			d.Symbol = r.scope.newSymbol(d.Name)
		}
	}
}

// stale reports whether a type that a variable depends on has another symbol now.
func (r *rewriter) stale(d *Decl) bool {
	for name, symbol := range d.deps {
		t, ok := r.scope.decls[name]
		if !ok || t.Symbol != symbol {
			return true
		}
	}
	return false
}
