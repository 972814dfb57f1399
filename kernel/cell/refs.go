package cell

import (
	"go/ast"
	"go/types"
	"unicode/utf8"
)

// collectRefs finds, for every declaration and every statement of the cell,
// which identifiers mean something of the session or an imported package.
func (r *rewriter) collectRefs(ch checked) {
	for _, d := range r.scope.Decls() {
		if d.node != nil {
			d.refs = r.refsOf(ch, d.node, d.src)
		}
	}
	r.collectEntryRefs(ch)
}

// collectEntryRefs does it for the cell's statements alone, which is all that a
// check without function bodies tells.
func (r *rewriter) collectEntryRefs(ch checked) {
	for _, v := range r.newVars {
		if ch.scope != nil {
			v.obj = ch.scope.Lookup(v.name)
		}
	}
	for i := range r.entry {
		e := &r.entry[i]
		e.refs = nil
		for _, n := range e.nodes() {
			e.refs = append(e.refs, r.refsOf(ch, n, r.src)...)
		}
	}
}

// Const is a constant as the checker sees it.
type Const struct {
	Type, Value string // "untyped int" and "1000"
}

// noteConsts records the types and values of the session's constants.
func (r *rewriter) noteConsts(ch checked) {
	for _, d := range r.scope.Decls() {
		if d.Kind != KindConst {
			continue
		}
		d.Consts = make([]Const, len(d.Names))
		for i, n := range d.Names {
			if c, ok := ch.pkg.Scope().Lookup(n).(*types.Const); ok {
				t := types.TypeString(c.Type(), types.RelativeTo(ch.pkg))
				d.Consts[i] = Const{Type: t, Value: c.Val().String()}
			}
		}
	}
}

// nodes returns the syntax trees of the item.
func (e *entryItem) nodes() []ast.Node {
	if e.Stmt == nil {
		return []ast.Node{e.Decl}
	}
	nodes := []ast.Node{e.Stmt}
	for i := 1; i < len(e.Values); i++ {
		nodes = append(nodes, e.Values[i])
	}
	return nodes
}

// refsOf walks a tree and returns its references in source order.
func (r *rewriter) refsOf(ch checked, root ast.Node, src *Source) []ref {
	var refs []ref
	ast.Inspect(root, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		obj := ch.info.Uses[id]
		if obj == nil {
			return true
		}
		rf := ref{id: id, off: int(id.Pos()) - src.file.Base(), size: r.writtenSize(id, src)}
		switch {
		case isPkgName(obj):
			rf.pkg = obj.(*types.PkgName).Imported().Path()
		case obj.Pkg() == nil:
			return true
		case obj.Parent() == ch.pkg.Scope():
			rf.key, rf.embedded = obj.Name(), ch.embedded[id]
		case r.newVarOf(obj) != nil:
			rf.key, rf.local = obj.Name(), true
		case obj.Parent() != nil && obj.Parent() == obj.Pkg().Scope() && !selected(ch, id):
			rf.pkg, rf.dot = obj.Pkg().Path(), true
		default:
			return true
		}
		refs = append(refs, rf)
		return true
	})
	return refs
}

func isPkgName(obj types.Object) bool {
	_, ok := obj.(*types.PkgName)
	return ok
}

// newVarOf returns the cell's variable whose local object is obj, or nil.
func (r *rewriter) newVarOf(obj types.Object) *newVar {
	for _, v := range r.newVars {
		if v.obj != nil && v.obj == obj {
			return v
		}
	}
	return nil
}

// selected reports whether an identifier is the right side of pkg.Name: those
// are the ones recorded as objects of another package without a dot import.
func selected(ch checked, id *ast.Ident) bool { return ch.qualified[id] }

// markPlaces records the right sides of all qualified identifiers and the types
// that are embedded in structs.
func (ch *checked) markPlaces(files []*ast.File) {
	ch.qualified, ch.embedded = map[*ast.Ident]bool{}, map[*ast.Ident]bool{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				ch.qualified[n.Sel] = true
			case *ast.StructType:
				for _, f := range n.Fields.List {
					if id := BaseName(f.Type); len(f.Names) == 0 && id != nil {
						ch.embedded[id] = true
					}
				}
			}
			return true
		})
	}
}

// aliasTaken renames, in the cell's own syntax trees, the package names that a
// variable of the cell takes at package level: url, err := url.Parse(s).
func (r *rewriter) aliasTaken(ch checked) {
	r.collectEntryRefs(ch)
	rename := func(refs []ref) {
		for _, rf := range refs {
			if rf.pkg != "" && !rf.dot && r.taken(rf.id.Name) {
				rf.id.Name = importAlias(rf.pkg)
				r.autos[rf.id.Name] = Import{Name: rf.id.Name, Path: rf.pkg, Auto: true}
			}
		}
	}
	for i := range r.entry {
		rename(r.entry[i].refs)
	}
}

// writtenSize returns the length of an identifier in the cell's text, where it
// may be shorter than the alias that stands in the tree.
func (r *rewriter) writtenSize(id *ast.Ident, src *Source) int {
	n := 0
	for _, c := range src.Text[int(id.Pos())-src.file.Base():] {
		if !isIdentRune(c) {
			break
		}
		n += utf8.RuneLen(c)
	}
	return n
}
