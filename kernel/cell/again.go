package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// In fresh-process mode (Env.Fresh) each cell is a whole program, so the values
// of earlier cells are gone. The scope then keeps the statements that declared
// its variables, and a cell runs those again whose variables it needs, directly
// or through functions, in the order in which they were declared. What else
// earlier cells did to the variables is lost.

// initializer is a statement of an earlier cell that declared variables. It is
// never changed once it stands in a scope.
type initializer struct {
	Item
	src     *Source
	cell    int
	refs    []ref
	embed   []string
	symbols map[string]string // of its variables, by name
	// uses holds the symbols of the variables that it mentions. When one of them
	// is declared again with another type, the statement doesn't mean the same.
	uses map[string]string
}

// nodes returns the syntax tree of the statement.
func (in *initializer) nodes() []ast.Node { return (&entryItem{Item: in.Item}).nodes() }

// names returns the variables in order.
func (in *initializer) names() []string { return slices.Sorted(maps.Keys(in.symbols)) }

// againName is the name of the function that runs an initialiser again.
func againName(i int) string { return fmt.Sprintf("%s%d", againPrefix, i+1) }

const againPrefix = "hpgo__again_"

// dropInitializers drops the variables whose initialisers no longer compile with
// the declarations of this cell, and reports whether there were any. It leaves
// the references of the others in r.againRefs.
func (r *rewriter) dropInitializers() bool {
	dropped := false
	for len(r.scope.inits) > 0 {
		ch := r.check(checkOptions{stripBodies: true, again: true})
		broken := r.brokenInitializers(ch)
		if len(broken) == 0 {
			r.again = ch
			r.againRefs = map[*initializer][]ref{}
			for _, in := range r.scope.inits {
				for _, n := range in.nodes() {
					r.againRefs[in] = append(r.againRefs[in], r.refsOf(ch, n, in.src)...)
				}
			}
			break
		}
		r.forgetInitializers(broken)
		dropped = true
	}
	return dropped
}

// brokenInitializers says which initialisers can't run any more, and why.
func (r *rewriter) brokenInitializers(ch checked) map[*initializer]string {
	broken := map[*initializer]string{}
	for _, in := range r.scope.inits {
		for _, name := range slices.Sorted(maps.Keys(in.uses)) {
			if d := r.scope.decls[name]; d != nil && (d.Kind != KindVar || d.Symbol != in.uses[name]) && broken[in] == "" {
				broken[in] = fmt.Sprintf("it was computed from %s, which was declared anew; declare it again", name)
			}
		}
	}
	for _, e := range ch.errs {
		f := r.scope.Fset.File(e.Pos)
		for _, in := range r.scope.inits {
			off := int(e.Pos) - in.src.file.Base()
			if in.src.file == f && in.Start <= off && off <= in.End && broken[in] == "" {
				broken[in] = fmt.Sprintf("its initialiser (cell %d) no longer compiles: %s", in.cell, e.Msg)
			}
		}
	}
	return broken
}

// forgetInitializers drops initialisers with the variables that come from them.
func (r *rewriter) forgetInitializers(broken map[*initializer]string) {
	var kept []*initializer
	lost := map[string][]string{} // names, by reason
	for i, in := range r.scope.inits {
		why, bad := broken[in]
		if !bad {
			kept = append(kept, in)
			continue
		}
		for _, name := range in.names() {
			d := r.scope.decls[name]
			if d != nil && d.Kind == KindVar && r.provider(name, d.Symbol, len(r.scope.inits)) == i {
				lost[why] = append(lost[why], name)
			}
		}
	}
	r.scope.inits = kept
	for _, why := range slices.Sorted(maps.Keys(lost)) {
		r.dropVars(why, lost[why]...)
	}
}

// provider returns the index of the last initialiser of a variable among those
// before an index, or -1.
func (r *rewriter) provider(name, symbol string, before int) int {
	for i := before - 1; i >= 0; i-- {
		if r.scope.inits[i].symbols[name] == symbol {
			return i
		}
	}
	return -1
}

// mentioned returns the variables that code mentions, directly (true) or through
// the functions, methods and types that it reaches.
func (r *rewriter) mentioned(refs []ref) map[string]bool {
	vars := map[string]bool{}
	t := newTrail()
	for _, rf := range refs {
		if rf.key == "" || rf.local {
			continue
		}
		t.add(rf.key)
		if d := r.scope.decls[rf.key]; d != nil && d.Kind == KindVar {
			vars[rf.key] = true
		}
	}
	for d := range t.declarations(r.scope) {
		switch d.Kind {
		case KindVar:
			if _, known := vars[d.Name]; !known {
				vars[d.Name] = false
			}
			for name := range d.deps {
				t.add(name)
			}
		case KindType:
			for _, m := range r.scope.methods(d.Name) {
				t.add(m.declKey())
			}
		}
		t.follow(d.refs)
	}
	return vars
}

// initializersFor returns the indices of the initialisers that must run before
// initialiser i, or before the cell itself when i is their number.
func (r *rewriter) initializersFor(refs []ref, uses map[string]string, i int) []int {
	var out []int
	for name, direct := range r.mentioned(refs) {
		if !direct && i == len(r.scope.inits) && r.isNewVar(name) {
			continue // functions see the cell's own
		}
		symbol := r.scope.decls[name].Symbol
		if direct && uses[name] != "" {
			symbol = uses[name]
		}
		p := r.provider(name, symbol, i)
		if p < 0 && !direct {
			// A function was redefined and needs what was declared later.
			p = r.provider(name, symbol, len(r.scope.inits))
		}
		if p >= 0 && p != i {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// closeOver adds to a set of initialisers those that they need, and returns all
// in an order in which they can run: that of declaration where nothing speaks
// against it.
func (r *rewriter) closeOver(roots []int) []int {
	needs := map[int][]int{}
	for queue := roots; len(queue) > 0; queue = queue[1:] {
		i := queue[0]
		if _, done := needs[i]; done {
			continue
		}
		in := r.scope.inits[i]
		refs, ok := r.againRefs[in]
		if !ok {
			refs = in.refs
		}
		needs[i] = r.initializersFor(refs, in.uses, i)
		queue = append(queue, needs[i]...)
	}
	var order []int
	placed := map[int]bool{}
	var place func(i int)
	place = func(i int) {
		if placed[i] {
			return
		}
		placed[i] = true
		for _, j := range needs[i] {
			place(j)
		}
		order = append(order, i)
	}
	for _, i := range slices.Sorted(maps.Keys(needs)) {
		place(i)
	}
	return order
}

// neededInitializers returns the initialisers that the cell needs, in the order
// in which they run.
func (r *rewriter) neededInitializers() []int {
	if len(r.scope.inits) == 0 {
		return nil
	}
	var refs []ref
	for i := range r.entry {
		refs = append(refs, r.entry[i].refs...)
	}
	for _, d := range r.scope.Decls() {
		if d.transient {
			refs = append(refs, ref{key: d.declKey()})
		}
	}
	return r.closeOver(r.initializersFor(refs, nil, len(r.scope.inits)))
}

// keepInitializers puts the cell's initialisers into the scope, after its
// variables, and forgets those that nothing needs any more.
func (r *rewriter) keepInitializers() {
	if !r.env.Fresh {
		return
	}
	for i := range r.entry {
		e := &r.entry[i]
		in := &initializer{Item: e.Item, src: r.src, cell: r.n, refs: slices.Clone(e.refs), embed: e.embed,
			symbols: map[string]string{}, uses: map[string]string{}}
		for _, v := range e.vars {
			in.symbols[v.name] = v.decl.Symbol
		}
		if len(in.symbols) == 0 {
			continue
		}
		for j := range in.refs {
			in.note(&in.refs[j], r)
		}
		r.scope.inits = append(r.scope.inits, in)
	}
	var roots []int
	for _, d := range r.scope.Vars() {
		if i := r.provider(d.Name, d.Symbol, len(r.scope.inits)); i >= 0 {
			roots = append(roots, i)
		}
	}
	needed := r.closeOver(roots)
	slices.Sort(needed)
	kept := make([]*initializer, 0, len(needed))
	for _, i := range needed {
		kept = append(kept, r.scope.inits[i])
	}
	r.scope.inits = kept
}

// note records what a reference of a new initialiser meant: from the next cell
// on, the variables of this one are the session's.
func (in *initializer) note(rf *ref, r *rewriter) {
	if rf.key == "" {
		return
	}
	if v := r.findNewVar(rf.key); rf.local && v != nil {
		if _, own := in.symbols[rf.key]; !own {
			in.uses[rf.key] = v.decl.Symbol
			rf.local = false
		}
		return
	}
	if d := r.old.decls[rf.key]; d != nil && d.Kind == KindVar {
		in.uses[rf.key] = d.Symbol
	}
}

// againFile is the form of an initialiser that is type-checked: a function that
// declares the variables as its cell did and stores them.
func (r *rewriter) againFile(i int) *ast.File {
	in := r.scope.inits[i]
	start, end := in.src.file.Pos(in.Start), in.src.file.Pos(in.End)
	name := func(s string) *ast.Ident { return &ast.Ident{NamePos: end, Name: s} }
	body := &ast.BlockStmt{Lbrace: start, Rbrace: end}
	for _, v := range in.names() {
		body.List = append(body.List, &ast.AssignStmt{TokPos: start, Tok: token.DEFINE, Lhs: []ast.Expr{name(pointerName(v))},
			Rhs: []ast.Expr{&ast.UnaryExpr{OpPos: end, Op: token.AND, X: name(v)}}})
	}
	if in.Stmt != nil {
		body.List = append(body.List, in.Stmt)
	} else {
		body.List = append(body.List, &ast.DeclStmt{Decl: in.Decl})
	}
	for _, v := range in.names() {
		body.List = append(body.List, &ast.AssignStmt{TokPos: end, Tok: token.ASSIGN,
			Lhs: []ast.Expr{&ast.StarExpr{Star: end, X: name(pointerName(v))}}, Rhs: []ast.Expr{name(v)}})
	}
	fn := &ast.FuncDecl{Name: name(againName(i)), Type: &ast.FuncType{Func: start, Params: &ast.FieldList{Opening: start, Closing: start}}, Body: body}
	f := &ast.File{Package: start, Name: ast.NewIdent("main"), Decls: []ast.Decl{fn}, FileStart: start, FileEnd: end}
	imports := map[string]Import{}
	r.addRefImports(imports, &Decl{refs: in.refs})
	addImports(f, imports)
	return f
}

// emitAgain writes the file of an initialiser.
func (r *rewriter) emitAgain(i int, paths map[string]bool) File {
	in := r.scope.inits[i]
	imports := map[string]Import{}
	refs := slices.Clone(r.againRefs[in])
	for j := range refs {
		refs[j].again = true
	}
	r.addRefImports(imports, &Decl{refs: refs})
	edits := r.refEdits(refs)
	for _, n := range in.nodes() {
		edits = append(edits, r.codeEdits(r.again, n, in.src, imports)...)
	}
	var body strings.Builder
	if len(in.embed) > 0 {
		imports["_ embed"] = Import{Name: "_", Path: "embed"}
		r.againEmbed(&body, in, i)
	} else {
		fmt.Fprintf(&body, "func %s() {\n", againName(i))
		for _, v := range in.names() {
			fmt.Fprintf(&body, "%s := &%s\n", pointerName(v), in.symbols[v])
		}
		render(&body, in.src, in.Start, in.End, "", edits)
		body.WriteString("//line " + generatedFile + ":1\n")
		for _, v := range in.names() {
			fmt.Fprintf(&body, "*%s = %s\n", pointerName(v), v)
		}
		body.WriteString("}\n")
	}
	var b strings.Builder
	r.writeHeader(&b, imports, paths, in.cell)
	b.WriteString(body.String())
	return File{Name: fmt.Sprintf("again%d.go", i+1), Text: b.String(), Cgo: imports["C"].Path != ""}
}

// againEmbed writes the function of a variable that the compiler fills, with the
// variable that stands under the directive.
func (r *rewriter) againEmbed(b *strings.Builder, in *initializer, i int) {
	spec := in.Decl.(*ast.GenDecl).Specs[0].(*ast.ValueSpec)
	typ := in.src.Text[in.Offset(spec.Type.Pos()):in.Offset(spec.Type.End())]
	line, _ := in.src.position(in.Start)
	name := in.names()[0]
	fmt.Fprintf(b, "//line %s:%d\n%s\nvar %s_embed %s\n", lineName(in.src.Cell), line, strings.Join(in.embed, "\n"), againName(i), typ)
	fmt.Fprintf(b, "//line %s:1\nfunc %s() { %s = %s_embed }\n", generatedFile, againName(i), in.symbols[name], againName(i))
}

// sideEffects returns the imports for side effects that the cell's package makes:
// those that the cell adds, or all where nothing of earlier cells is loaded.
func (r *rewriter) sideEffects() []Import {
	if r.env.Fresh {
		return r.scope.blank
	}
	return r.autosBlank()
}

// IsAgain reports whether a function of the generated package runs a statement
// of an earlier cell again. Tracebacks show the statement without the function.
func IsAgain(name string) bool { return strings.HasPrefix(name, againPrefix) }
