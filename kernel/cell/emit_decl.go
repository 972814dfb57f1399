package cell

import (
	"go/ast"
	"strings"
)

// emitDecl writes one declaration with its edits. A type with a versioned
// symbol is followed by an alias of its plain name, so that everything else,
// embedded fields included, keeps the name that the user wrote.
func (r *rewriter) emitDecl(b *strings.Builder, ch checked, d *Decl, imports map[string]Import) {
	edits := r.refEdits(d.refs)
	if d.Kind == KindConst {
		edits = append(edits, r.constEdits(d)...)
	}
	if fn, ok := d.node.(*ast.FuncDecl); ok {
		if d.transient {
			off := d.offset(fn.Name.Pos())
			edits = append(edits, edit{off: off, end: off + r.writtenSize(fn.Name, d.src), text: d.Symbol})
		}
		edits = append(edits, r.receiverEdits(d, fn)...)
		edits = append(edits, r.codeEdits(ch, fn, d.src, imports)...)
		edits = append(edits, r.countFunc(ch, d, fn, imports)...)
		edits = append(edits, r.regionEdits(d, fn, imports)...)
	}
	alias := ""
	if d.Kind == KindType && d.Symbol != d.Name {
		ts := d.node.(*ast.GenDecl).Specs[0].(*ast.TypeSpec)
		off := d.offset(ts.Name.Pos())
		edits = append(edits, edit{off: off, end: off + len(d.Name), text: d.Symbol})
		alias = "type " + d.Name + typeParams(d, ts) + " = " + d.Symbol + typeArgs(ts) + "\n"
	}
	render(b, d.src, d.start, d.end, d.prefix, edits)
	if alias != "" {
		b.WriteString("//line " + generatedFile + ":1\n" + alias)
	}
}

// typeParams returns a type's parameter list as written, "" without one.
func typeParams(d *Decl, ts *ast.TypeSpec) string {
	if ts.TypeParams == nil {
		return ""
	}
	return d.src.Text[d.offset(ts.TypeParams.Opening) : d.offset(ts.TypeParams.Closing)+1]
}

// typeArgs returns the parameters' names as an argument list.
func typeArgs(ts *ast.TypeSpec) string {
	if ts.TypeParams == nil {
		return ""
	}
	var names []string
	for _, f := range ts.TypeParams.List {
		for _, id := range f.Names {
			names = append(names, id.Name)
		}
	}
	return "[" + strings.Join(names, ", ") + "]"
}

// receiverEdits names a generic type by its symbol in a method's receiver, where
// Go allows no alias.
func (r *rewriter) receiverEdits(d *Decl, fn *ast.FuncDecl) []edit {
	t := r.scope.decls[d.Recv]
	if fn.Recv == nil || t == nil || !t.generic() || t.Symbol == t.Name {
		return nil
	}
	var edits []edit
	ast.Inspect(fn.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == t.Name && len(edits) == 0 {
			off := d.offset(id.Pos())
			edits = append(edits, edit{off: off, end: off + len(id.Name), text: t.Symbol})
		}
		return true
	})
	return edits
}

// constEdits blanks the names of a group that were declared again elsewhere:
// the group stays whole, so iota goes on counting.
func (r *rewriter) constEdits(d *Decl) []edit {
	var edits []edit
	for _, spec := range d.node.(*ast.GenDecl).Specs {
		for _, id := range spec.(*ast.ValueSpec).Names {
			if id.Name != "_" && r.scope.decls[id.Name] != d {
				off := d.offset(id.Pos())
				edits = append(edits, edit{off: off, end: off + len(id.Name), text: "_"})
			}
		}
	}
	return edits
}
