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
	for _, v := range r.newVars {
		r.fillDeps(v.decl)
	}
	var stale []string
	for _, d := range r.scope.Vars() {
		if r.scope.stale(d) {
			stale = append(stale, d.Name)
		}
	}
	if len(stale) == 0 {
		return nil
	}
	r.dropVars("its type was redefined", stale...)
	again, errs := r.resolve() // the cell may use what was dropped
	for _, v := range r.newVars {
		r.fillDeps(v.decl)
	}
	*ch = again
	return errs
}

// bumpTypes assigns symbols and layouts until no definition changes any more: a
// type that contains a changed type is changed itself. A type whose fields stay
// and whose method set changes gets a new symbol but keeps its layout, so the
// variables of the type keep their values.
func (r *rewriter) bumpTypes(ch checked) {
	var typeDecls []*Decl
	for _, d := range r.scope.Decls() {
		if d.Kind == KindType {
			typeDecls = append(typeDecls, d)
			if d.Symbol == "" {
				d.Symbol = r.scope.newSymbol(d.Name)
				d.layout = d.Symbol
			}
		}
	}
	r.bump(typeDecls, func(d *Decl) bool { return r.layoutOf(ch, d) != d.layoutKey }, func(d *Decl) {
		d.Symbol, d.Loaded = r.scope.newSymbol(d.Name), false
		d.layout = d.Symbol
	})
	r.bump(typeDecls, func(d *Decl) bool { return r.definition(ch, d) != d.key }, func(d *Decl) {
		d.Symbol, d.Loaded = r.scope.newSymbol(d.Name), false
		r.notes = append(r.notes, fmt.Sprintf("%s %s: values of %s that are kept in interfaces or any stay of the old version", d.Name, r.methodChange(ch, d), d.Name))
	})
	for _, d := range typeDecls {
		d.layoutKey, d.key = r.layoutOf(ch, d), r.definition(ch, d)
	}
}

// methodChange words how a type's methods changed.
func (r *rewriter) methodChange(ch checked, d *Decl) string {
	was, is := methodsIn(d.key), methodsIn(r.definition(ch, d))
	lost := slices.ContainsFunc(was, func(m string) bool { return !slices.Contains(is, m) })
	gained := slices.ContainsFunc(is, func(m string) bool { return !slices.Contains(was, m) })
	switch {
	case gained && !lost:
		return "has new methods"
	case lost && !gained:
		return "has lost methods"
	}
	return "has other methods"
}

// methodsIn lists the names of the methods in a definition.
func methodsIn(definition string) []string {
	var names []string
	for _, m := range strings.Split(definition, "\nmethod ")[1:] {
		name, _, _ := strings.Cut(m, " ")
		names = append(names, name)
	}
	return names
}

// bump applies change to each loaded type for which changed holds, until none
// is left.
func (r *rewriter) bump(types []*Decl, changed func(*Decl) bool, change func(*Decl)) {
	done := map[*Decl]bool{}
	for again := true; again; {
		again = false
		for _, d := range types {
			if !done[d] && d.Loaded && changed(d) {
				change(d)
				done[d], again = true, true
			}
		}
	}
}

// layoutOf describes a type so that equal texts mean equal memory layout: its
// syntax without comments, the layouts of the session's types and the values of
// the constants it mentions.
func (r *rewriter) layoutOf(ch checked, d *Decl) string {
	var b strings.Builder
	r.describe(&b, ch, d.node, func(t *Decl) string { return t.layout })
	return b.String()
}

// definition describes a type so that equal texts mean one identity: its layout
// and the signatures of its methods.
func (r *rewriter) definition(ch checked, d *Decl) string {
	symbol := func(t *Decl) string { return t.Symbol }
	var b strings.Builder
	r.describe(&b, ch, d.node, symbol)
	methods := r.scope.methods(d.Name)
	slices.SortFunc(methods, func(x, y *Decl) int { return strings.Compare(x.Name, y.Name) })
	for _, m := range methods {
		fn := m.node.(*ast.FuncDecl)
		b.WriteString("\nmethod " + m.Name + " ")
		r.describe(&b, ch, fn.Recv.List[0].Type, symbol)
		r.describe(&b, ch, fn.Type, symbol)
	}
	return b.String()
}

// describe writes a syntax tree as one line of node kinds, names and literals.
// of gives what stands for a session type that it mentions; a type mentioned in
// its own definition stands for itself.
func (r *rewriter) describe(b *strings.Builder, ch checked, root ast.Node, of func(*Decl) string) {
	own := ""
	if gen, ok := root.(*ast.GenDecl); ok {
		own = gen.Specs[0].(*ast.TypeSpec).Name.Name
	}
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case nil:
			b.WriteByte(')')
			return true
		case *ast.CommentGroup, *ast.Comment:
			return false
		case *ast.Ident:
			b.WriteString("(" + n.Name)
			if n.Name != own {
				r.describeUse(b, ch, ch.info.Uses[n], of)
			}
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
func (r *rewriter) describeUse(b *strings.Builder, ch checked, obj types.Object, of func(*Decl) string) {
	switch obj := obj.(type) {
	case *types.TypeName:
		if obj.Pkg() == ch.pkg {
			if d, ok := r.scope.decls[obj.Name()]; ok && obj.Parent() == ch.pkg.Scope() {
				b.WriteString("=" + of(d))
			}
		}
	case *types.Const:
		b.WriteString("=" + obj.Val().ExactString())
	case *types.PkgName:
		b.WriteString("=" + obj.Imported().Path())
	}
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
			d.deps[name] = t.layout
		}
		if hadOld && old.Symbol == d.Symbol && old.deps[name] != d.deps[name] {
			d.Symbol = r.scope.newSymbol(d.Name)
		}
	}
}
