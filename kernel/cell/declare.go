package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// declare sorts the cell's items into the scope: imports, declarations, and the
// items of the entry function. It reports what no type-checker would.
func (r *rewriter) declare() Errors {
	var errs Errors
	seen := map[string]int{} // key -> line, for redeclarations inside the cell
	for _, it := range r.cell.Items {
		switch it.Kind {
		case ItemImport:
			errs = append(errs, r.declareImports(it)...)
		case ItemConst:
			errs = append(errs, r.declareConst(it, seen)...)
		case ItemType:
			errs = append(errs, r.declareTypes(it, seen)...)
		}
	}
	for _, it := range r.cell.Items { // methods may stand before their type
		switch it.Kind {
		case ItemFunc:
			errs = append(errs, r.declareFunc(it, seen)...)
		case ItemVar, ItemStmt:
			r.declareEntry(it)
			if len(r.embedLines(it)) > 0 {
				errs = append(errs, r.checkEmbed(it)...)
			}
		}
	}
	errs = append(errs, r.refuseSeen(seen)...)
	errs = append(errs, r.refusePredeclared()...)
	r.sortVarItems()
	r.dropRedeclaredVars()
	return errs
}

// declareConst puts a const group into the scope: every name points to the one
// declaration, so that iota keeps its meaning.
func (r *rewriter) declareConst(it Item, seen map[string]int) Errors {
	d := r.newDecl(KindConst, it)
	var errs Errors
	for _, spec := range it.Decl.(*ast.GenDecl).Specs {
		for _, id := range spec.(*ast.ValueSpec).Names {
			if id.Name != "_" {
				errs = append(errs, r.declareOnce(id, id.Name, seen)...)
				d.Names = append(d.Names, id.Name)
			}
		}
	}
	for _, n := range d.Names {
		r.replaceName(n)
		r.scope.put(n, d)
	}
	d.Name = strings.Join(d.Names, ", ")
	return errs
}

// declareOnce notes a name that a declaration of the cell takes, and reports
// the second one.
func (r *rewriter) declareOnce(id *ast.Ident, key string, seen map[string]int) Errors {
	line, ok := seen[key]
	if ok {
		d := r.diag(id.Pos(), fmt.Sprintf("%s redeclared in this cell (first declared in line %d)", key, line))
		d.EndCol = d.Col + len(id.Name)
		return Errors{d}
	}
	seen[key] = r.diag(id.Pos(), "").Line
	return nil
}

// refuseSeen reports variables that have the name of a constant, type or
// function of the same cell.
func (r *rewriter) refuseSeen(seen map[string]int) Errors {
	var errs Errors
	for i := range r.entry {
		for _, id := range declaredNames(r.entry[i].Item) {
			if _, ok := seen[id.Name]; ok {
				errs = append(errs, r.declareOnce(id, id.Name, seen)...)
			}
		}
	}
	return errs
}

// declareTypes puts the types of a declaration into the scope, one by one.
func (r *rewriter) declareTypes(it Item, seen map[string]int) Errors {
	var errs Errors
	gen := it.Decl.(*ast.GenDecl)
	for _, spec := range gen.Specs {
		ts := spec.(*ast.TypeSpec)
		if ts.Name.Name == "_" {
			continue
		}
		if again := r.declareOnce(ts.Name, ts.Name.Name, seen); len(again) > 0 {
			errs = append(errs, again...)
			continue
		}
		d := r.newDecl(KindType, it)
		d.Name = ts.Name.Name
		d.node = &ast.GenDecl{TokPos: gen.TokPos, Tok: token.TYPE, Specs: []ast.Spec{ts}}
		if gen.Lparen.IsValid() {
			d.prefix = "type "
			d.start, d.end = it.Offset(ts.Pos()), it.Offset(ts.End())
			if ts.Doc != nil {
				d.start = it.Offset(ts.Pos()) // a doc comment can't stand between type and name
			}
		}
		if prev, ok := r.scope.decls[d.Name]; ok && prev.Kind == KindType {
			d.Symbol, d.Loaded, d.key, d.layout, d.layoutKey = prev.Symbol, prev.Loaded, prev.key, prev.layout, prev.layoutKey
		} else {
			r.replaceName(d.Name)
		}
		r.forgetImport(d.Name)
		r.scope.put(d.Name, d)
	}
	return errs
}

// declareFunc puts a function or method into the scope. init runs once and is
// not kept; main is called at the cell's end and not kept either.
func (r *rewriter) declareFunc(it Item, seen map[string]int) Errors {
	fn := it.Decl.(*ast.FuncDecl)
	d := r.newDecl(KindFunc, it)
	d.Name = fn.Name.Name
	if fn.Recv != nil {
		d.Kind, d.Recv = KindMethod, ReceiverName(fn)
		if errs := r.checkReceiver(fn, d.Recv); len(errs) > 0 {
			return errs
		}
	}
	if fn.Body == nil {
		return Errors{r.diag(fn.Pos(), "func "+d.Name+" has no body")}
	}
	key := d.declKey()
	if key == "init" {
		return r.declareSpecial(d, fn)
	}
	if key == "_" {
		return nil
	}
	if errs := r.declareOnce(fn.Name, key, seen); len(errs) > 0 {
		return errs
	}
	// gonb calls a function an init function whose name begins with init_.
	if key == "main" || strings.HasPrefix(key, "init_") && d.Kind == KindFunc && plainFunc(fn) {
		return r.declareSpecial(d, fn)
	}
	if d.Kind == KindFunc {
		r.replaceName(key)
	}
	d.Symbol = d.Name
	r.scope.put(key, d)
	return nil
}

// checkReceiver makes sure that a method's type belongs to the session.
func (r *rewriter) checkReceiver(fn *ast.FuncDecl, name string) Errors {
	t, ok := r.scope.decls[name]
	if ok && t.Kind == KindType {
		return nil
	}
	x := fn.Recv.List[0].Type
	for {
		star, ok := ast.Unparen(x).(*ast.StarExpr)
		if !ok {
			break
		}
		x = star.X
	}
	msg := r.wordError("undefined: " + name)
	_, universe := types.Universe.Lookup(name).(*types.TypeName)
	switch {
	case ok:
		msg = name + " is not a type"
	case universe:
		msg = "cannot define new methods on non-local type " + name
	case name == "":
		msg = "cannot define new methods on non-local type " + types.ExprString(x)
	}
	d := r.diag(x.Pos(), msg)
	d.EndCol = d.Col + int(x.End()-x.Pos())
	return Errors{d}
}

// declareSpecial handles init and main: both get a generated name.
func (r *rewriter) declareSpecial(d *Decl, fn *ast.FuncDecl) Errors {
	switch {
	case fn.Type.TypeParams != nil:
		return Errors{r.diag(fn.Pos(), "func "+d.Name+" must have no type parameters")}
	case !plainFunc(fn):
		return Errors{r.diag(fn.Pos(), "func "+d.Name+" must have no arguments and no return values")}
	}
	name := "hpgo__main"
	if d.Name != "main" {
		name = fmt.Sprintf("hpgo__init_%d", len(r.inits)+1)
		r.inits = append(r.inits, name)
	} else {
		r.hasMain = true
	}
	copied := *fn
	copied.Name = &ast.Ident{NamePos: fn.Name.NamePos, Name: name}
	d.node, d.Symbol, d.Name = &copied, name, name
	d.transient = true
	r.scope.put(name, d)
	return nil
}

// plainFunc reports whether a function has no parameters, of any sort, and no
// results.
func plainFunc(fn *ast.FuncDecl) bool {
	return fn.Type.TypeParams == nil && fn.Type.Params.NumFields() == 0 && fn.Type.Results.NumFields() == 0
}

// ReceiverName returns the name of a method's receiver type, "" for a type of
// another package.
func ReceiverName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return ""
	}
	if id := BaseName(fn.Recv.List[0].Type); id != nil {
		return id.Name
	}
	return ""
}

// BaseName returns the identifier that names T, *T or T[...], or nil.
func BaseName(t ast.Expr) *ast.Ident {
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x
		default:
			return nil
		}
	}
}

// declareEntry adds a statement or variable declaration to the entry function
// and notes the variables that it declares at the top level.
func (r *rewriter) declareEntry(it Item) {
	e := entryItem{Item: it, embed: r.embedLines(it)}
	for _, id := range declaredNames(it) {
		v := r.newVarNamed(id)
		v.doc = r.cell.Text[it.Start:it.Code]
		e.vars = append(e.vars, v)
	}
	r.entry = append(r.entry, e)
}

// refusePredeclared rejects lasting variables named like predeclared types and
// constants: they would stand at package level and change the meaning of every
// declaration of the session. Only functions can be called main and init there.
func (r *rewriter) refusePredeclared() Errors {
	var errs Errors
	for i := range r.entry {
		for _, id := range declaredNames(r.entry[i].Item) {
			why := ""
			switch types.Universe.Lookup(id.Name).(type) {
			case *types.TypeName, *types.Const, *types.Nil:
				why = "is predeclared"
			}
			if id.Name == "main" || id.Name == "init" {
				why = "must be a function"
			}
			if why != "" {
				d := r.diag(id.Pos(), id.Name+" "+why+" and can't name a variable that lasts; choose another name, or declare it inside a block { ... } or a function")
				d.EndCol = d.Col + len(id.Name)
				errs = append(errs, d)
			}
		}
	}
	return errs
}

// declaredNames returns the identifiers that a top-level item declares.
func declaredNames(it Item) []*ast.Ident {
	var ids []*ast.Ident
	switch {
	case it.Kind == ItemVar:
		for _, spec := range it.Decl.(*ast.GenDecl).Specs {
			ids = append(ids, spec.(*ast.ValueSpec).Names...)
		}
	case it.Stmt != nil:
		if as, ok := it.Stmt.(*ast.AssignStmt); ok && as.Tok == token.DEFINE {
			for _, lhs := range as.Lhs {
				if id, ok := lhs.(*ast.Ident); ok {
					ids = append(ids, id)
				}
			}
		}
	}
	out := ids[:0:0]
	for _, id := range ids {
		if id.Name != "_" {
			out = append(out, id)
		}
	}
	return out
}

// newVarNamed returns the cell's variable of a name, making it at first sight.
func (r *rewriter) newVarNamed(id *ast.Ident) *newVar {
	for _, v := range r.newVars {
		if v.name == id.Name {
			return v
		}
	}
	v := &newVar{name: id.Name}
	r.newVars = append(r.newVars, v)
	return v
}

// newDecl returns a declaration of the current cell.
func (r *rewriter) newDecl(k Kind, it Item) *Decl {
	return &Decl{Kind: k, Cell: r.n, src: r.src, start: it.Start, end: it.End, node: it.Decl}
}

// replaceName forgets what an earlier cell declared under a name.
func (r *rewriter) replaceName(name string) {
	if d, ok := r.scope.decls[name]; ok && d.Cell != r.n {
		r.scope.removeName(name)
	}
	r.forgetImport(name)
}

// forgetImport ends an import whose name an own declaration takes; one made in
// this very cell stays, and the checker reports the clash.
func (r *rewriter) forgetImport(name string) {
	if im, ok := r.old.imports[name]; ok && r.scope.imports[name] == im {
		delete(r.scope.imports, name)
	}
}

// dropRedeclaredVars removes functions, types and constants whose name a
// variable of this cell takes. Older variables of the name stay until the end,
// since the cell may still read them.
func (r *rewriter) dropRedeclaredVars() {
	for _, v := range r.newVars {
		if d, ok := r.scope.decls[v.name]; ok && d.Kind != KindVar && d.Cell != r.n {
			r.scope.removeName(v.name)
		}
	}
}

// diag makes a diagnostic at a position of the cell.
func (r *rewriter) diag(p token.Pos, msg string) Diagnostic {
	line, col := r.cell.Position(int(p) - r.src.file.Base())
	return Diagnostic{Cell: r.n, Line: line, Col: col, Msg: msg}
}
