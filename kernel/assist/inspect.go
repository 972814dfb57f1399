package assist

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
	"hpgo/magics"
	"hpgo/magics/magic"
)

// Inspect describes the name at the cursor, or right before it; inside the
// parentheses of a call, where no name is, the function called. With detail 1
// the source is shown too. ok is false when nothing is known.
func (a *Assistant) Inspect(ctx context.Context, q Query, detail int) (d Doc, ok bool, err error) {
	if err := a.take(ctx); err != nil {
		return Doc{}, false, err
	}
	defer a.give()
	t := newText(q.Code, q.Cursor)
	d, ok = a.inspect(ctx, q, t, detail)
	if err := ctx.Err(); err != nil {
		return Doc{}, false, err
	}
	return d, ok, nil
}

// inspect answers for a normalised text.
func (a *Assistant) inspect(ctx context.Context, q Query, t text, detail int) (Doc, bool) {
	if m := t.cell.CellMagic; m != nil && t.cursor > m.End {
		if row, ok := magics.Table().Lookup(m.Name); ok && row.Holds == magic.AboutGo {
			return a.inspect(ctx, q, newText(blanked(t.all[:m.BodyAt])+t.all[m.BodyAt:], t.cursor), detail)
		}
		return Doc{}, false
	}
	if start, end, ok := specialLine(t); ok {
		return a.inspectSpecial(ctx, q, t, start, end, detail)
	}
	return a.inspectGo(ctx, q, t.goText, t.cursor, detail)
}

// inspectSpecial describes a magic, or the Go in its line.
func (a *Assistant) inspectSpecial(ctx context.Context, q Query, t text, start, end, detail int) (Doc, bool) {
	line := t.all[start:end]
	at := strings.IndexAny(line, "%!")
	if at < 0 { // name?
		name := start + len(strings.TrimRight(line, "? \t"))
		return a.inspectGo(ctx, q, t.withAsked(start, end), min(t.cursor, name), detail)
	}
	line, start = line[at:], start+at
	name := strings.TrimLeft(line, "%")
	name = name[:len(name)-len(strings.TrimLeftFunc(name, func(r rune) bool { return r != ' ' && r != '\t' && r != '?' }))]
	if line[0] == '!' {
		name = "!"
	}
	row, ok := magics.Table().Lookup(name)
	if !ok {
		return Doc{}, false
	}
	if row.Takes == magic.AboutGo {
		if _, at := magics.Wants(line); t.cursor >= start+at && start+at < end {
			from := start + at
			return a.inspectGo(ctx, q, t.goText[:from]+t.all[from:end]+t.goText[end:], t.cursor, detail)
		}
	}
	text := row.Help()
	return Doc{Text: text, Markdown: "```text\n" + text + "\n```"}, true
}

// inspectGo describes what stands at a cursor in Go text.
func (a *Assistant) inspectGo(ctx context.Context, q Query, src string, cursor, detail int) (Doc, bool) {
	at := lexAt(src, cursor)
	switch {
	case at.kind == inComment:
		return Doc{}, false
	case at.kind == inString && inImport(at.before):
		path := strings.Trim(src[at.start-1:at.end], "\"`")
		return a.describePackage(ctx, q, path, detail)
	}
	if at.kind == inCode && at.start < at.end {
		if d, ok := a.describe(ctx, q, src, at.start, at.end, detail); ok {
			return d, true
		}
	}
	if start, end, ok := callee(at.before); ok {
		return a.describe(ctx, q, src, start, end, detail)
	}
	return Doc{}, false
}

// callee finds the name of the function in whose parentheses the tokens end.
func callee(toks []lexeme) (start, end int, ok bool) {
	open := openBrackets(toks)
	for i := len(open) - 1; i >= 0; i-- {
		if open[i].tok == token.LBRACE && i < len(open)-1 {
			continue
		}
		for j, l := range toks {
			declares := j > 1 && toks[j-2].tok == token.FUNC
			if l.off == open[i].off && j > 0 && l.tok == token.LPAREN && toks[j-1].tok == token.IDENT && !declares {
				return toks[j-1].off, toks[j-1].end, true
			}
		}
	}
	return 0, 0, false
}

// describe says what a name in the text means.
func (a *Assistant) describe(ctx context.Context, q Query, src string, start, end, detail int) (Doc, bool) {
	name := src[start:end]
	if token.IsKeyword(name) {
		return keywordDoc(name)
	}
	v := a.view(ctx, q, src, start, end, name)
	if v == nil {
		return Doc{}, false
	}
	obj := v.info.Uses[v.name]
	if obj == nil {
		obj = v.info.Defs[v.name]
	}
	if obj == nil {
		if ims := v.candidatesFor(name, nil); len(ims) > 0 { // a package that nothing has used yet
			return a.describePackage(ctx, q, ims[0].Path, detail)
		}
		return Doc{}, false
	}
	return a.describeObject(v, obj, detail)
}

// describeObject says what an object is.
func (a *Assistant) describeObject(v *view, obj types.Object, detail int) (Doc, bool) {
	switch o := obj.(type) {
	case *types.PkgName:
		return a.describePackage(v.ctx, v.q, o.Imported().Path(), detail)
	case *types.Label:
		return Doc{}, false
	}
	path := "builtin"
	if obj.Pkg() != nil {
		path = obj.Pkg().Path()
	}
	key := v.docKey(obj)
	page := page{code: v.declaration(obj)}
	if path == cell.PackagePath {
		v.sessionPage(&page, obj, key)
	} else if docs := a.docsOf(v.ctx, v.q.Library, path); docs != nil {
		if d, ok := docs.decls[key]; ok {
			page.doc, page.source = d.doc, d.source()
			switch obj.(type) {
			case *types.TypeName:
				page.code = formatted(d.code)
			case *types.Builtin:
				page.code = d.code
			}
		}
	}
	if tn, ok := obj.(*types.TypeName); ok {
		page.members = v.typeMembers(tn)
	}
	if o, ok := obj.(*types.Var); ok && page.doc == "" && !o.IsField() {
		page.doc = a.typeDoc(v, o.Type())
	}
	return page.lay(detail), true
}

// docKey is the name under which an object is documented: "T.M" for methods
// and fields.
func (v *view) docKey(obj types.Object) string {
	if f, ok := obj.(*types.Func); ok {
		if recv := f.Signature().Recv(); recv != nil {
			return typeName(recv.Type()) + "." + f.Name()
		}
	}
	if f, ok := obj.(*types.Var); ok && f.IsField() {
		return v.owner(f) + "." + f.Name()
	}
	return obj.Name()
}

// typeName is the name of a type or of what it points to, "" for others.
func typeName(t types.Type) string {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	if n, ok := types.Unalias(t).(*types.Named); ok {
		return n.Obj().Name()
	}
	return ""
}

// owner is the name of the struct type that has a field, as the expression at
// the cursor reaches it.
func (v *view) owner(f *types.Var) string {
	switch p := v.parent(0).(type) {
	case *ast.SelectorExpr:
		sel := v.info.Selections[p]
		if sel == nil {
			return ""
		}
		t := sel.Recv()
		for _, i := range sel.Index()[:len(sel.Index())-1] {
			st, ok := deref(t).Underlying().(*types.Struct)
			if !ok {
				return ""
			}
			t = st.Field(i).Type()
		}
		return typeName(t)
	case *ast.KeyValueExpr:
		if lit, ok := v.parent(1).(*ast.CompositeLit); ok && v.info.Types[lit].Type != nil {
			return typeName(v.info.Types[lit].Type)
		}
	}
	return ""
}

// declaration writes an object as it would be declared.
func (v *view) declaration(obj types.Object) string {
	switch o := obj.(type) {
	case *types.Var:
		if o.IsField() {
			return "field " + o.Name() + " " + v.typeText(o.Type())
		}
		return "var " + qualified(o) + " " + v.typeText(o.Type())
	case *types.Func:
		sig := strings.TrimPrefix(v.typeText(o.Type()), "func")
		if recv := o.Signature().Recv(); recv != nil {
			name := recv.Name()
			if name == "" || name == "_" {
				return "func (" + v.typeText(recv.Type()) + ") " + o.Name() + sig
			}
			return "func (" + name + " " + v.typeText(recv.Type()) + ") " + o.Name() + sig
		}
		return "func " + qualified(o) + sig
	case *types.Const:
		if o.Parent() == types.Universe {
			return "const " + o.Name()
		}
		return "const " + qualified(o) + " " + v.signature(o)
	}
	return cell.PlainName(types.ObjectString(obj, qualifier))
}

// qualified is an object's name with that of its package, if it isn't the
// session's.
func qualified(obj types.Object) string {
	if obj.Pkg() == nil || obj.Pkg().Path() == cell.PackagePath {
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}

// typeDoc is the first sentence about a variable's type, when a package has it.
func (a *Assistant) typeDoc(v *view, t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() == cell.PackagePath {
		return ""
	}
	docs := a.docsOf(v.ctx, v.q.Library, n.Obj().Pkg().Path())
	if docs == nil {
		return ""
	}
	first, _, _ := strings.Cut(docs.decls[n.Obj().Name()].doc, "\n\n")
	return first
}

// typeMembers lists the methods of a type and its pointer, one a line.
func (v *view) typeMembers(tn *types.TypeName) []string {
	var out []string
	if _, isInterface := tn.Type().Underlying().(*types.Interface); isInterface || tn.Parent() == types.Universe {
		return nil // its declaration shows them
	}
	for sel := range types.NewMethodSet(types.NewPointer(tn.Type())).Methods() {
		if v.visible(sel.Obj()) {
			out = append(out, v.declaration(sel.Obj()))
		}
	}
	return out
}

// describePackage shows the synopsis of a package, with detail all of its
// documentation.
func (a *Assistant) describePackage(ctx context.Context, q Query, path string, detail int) (Doc, bool) {
	docs := a.docsOf(ctx, q.Library, path)
	if docs == nil {
		return Doc{}, false
	}
	p := page{code: "package " + docs.name + " // import " + strconv.Quote(path), doc: docs.synopsis()}
	if detail > 0 {
		p.doc = docs.text
	}
	return p.lay(0), true
}
