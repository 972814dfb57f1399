package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"sort"
	"strconv"
	"strings"
)

// checked is the outcome of one type-check of the session's package.
type checked struct {
	pkg   *types.Package
	info  *types.Info
	errs  []types.Error
	scope *types.Scope // of the entry function's body
	// qualified holds the right sides of pkg.Name and x.field, embedded the
	// types that are embedded in structs.
	qualified, embedded map[*ast.Ident]bool
}

// checkOptions say which form of the package is checked.
type checkOptions struct {
	stripBodies bool // functions without bodies: all that the entry function needs
	withNew     bool // the cell's new variables stand at package level too
	again       bool // with the initialisers of earlier cells
}

// entryFunc is the name of the entry function while checking.
const entryFunc = "hpgo__entry"

// check type-checks the scope with the cell's statements. The syntax trees are
// those of the cells as the user wrote them, so positions and identifiers are
// the user's; versions of symbols only appear when the text is emitted.
func (r *rewriter) check(opt checkOptions) checked {
	ch := checked{info: &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, Implicits: map[ast.Node]types.Object{},
	}}
	conf := types.Config{
		Importer:    r.env.Importer,
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", goarch),
		Error: func(err error) {
			if te, ok := err.(types.Error); ok && !ignorable(te) {
				ch.errs = append(ch.errs, r.attach(ch.errs, te)...)
			}
		},
	}
	ch.pkg = types.NewPackage(PackagePath, "main")
	files := r.checkFiles(opt)
	// The error is also reported through conf.Error, with all the others.
	_ = types.NewChecker(&conf, r.scope.Fset, ch.pkg, ch.info).Files(files)
	ch.markPlaces(files)
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == entryFunc {
				ch.scope = ch.info.Scopes[fn.Type]
			}
		}
	}
	return ch
}

// attach returns an error to append to a list. The checker reports the second
// and later parts of an error as errors of their own, which begin with a tab:
// they complete the one before.
func (r *rewriter) attach(errs []types.Error, e types.Error) []types.Error {
	e.Msg = plainAliases(e.Msg)
	part, ok := strings.CutPrefix(e.Msg, "\t")
	if !ok || len(errs) == 0 {
		return []types.Error{e}
	}
	prev := &errs[len(errs)-1]
	if strings.HasPrefix(part, "other declaration of ") {
		if src := r.sourceAt(e.Pos); src != nil {
			line, _ := position(src.Text, int(e.Pos)-src.file.Base())
			part = fmt.Sprintf("first declared in line %d", line)
			if src != r.src {
				part = fmt.Sprintf("declared in cell %d:%d", src.Cell, line)
			}
			prev.Msg = strings.TrimSuffix(prev.Msg, " in this block") + " (" + part + ")"
			return nil
		}
	}
	prev.Msg += ": " + part
	return nil
}

// sourceAt returns the cell that contains a position, or nil.
func (r *rewriter) sourceAt(p token.Pos) *Source {
	f := r.scope.Fset.File(p)
	if f == r.src.file {
		return r.src
	}
	for _, d := range r.scope.decls {
		if d.src != nil && d.src.file == f {
			return d.src
		}
	}
	return nil
}

// ignorable reports errors that a notebook cell may make: unused imports.
func ignorable(e types.Error) bool {
	return strings.Contains(e.Msg, "imported and not used") || strings.Contains(e.Msg, "imported as") && strings.Contains(e.Msg, "and not used")
}

// checkFiles assembles the files of the package: one per cell of origin, since
// each cell sees its own imports, one for the variables, one for the entry.
func (r *rewriter) checkFiles(opt checkOptions) []*ast.File {
	byCell := map[int]*ast.File{}
	imports := map[int]map[string]Import{}
	var cells []int
	for _, d := range r.scope.Decls() {
		if d.node == nil {
			continue
		}
		f := byCell[d.Cell]
		if f == nil {
			f = &ast.File{Package: d.src.file.Pos(0), Name: ast.NewIdent("main"), FileStart: d.src.file.Pos(0), FileEnd: d.src.file.Pos(d.src.file.Size())}
			byCell[d.Cell], imports[d.Cell] = f, map[string]Import{}
			cells = append(cells, d.Cell)
		}
		f.Decls = append(f.Decls, r.checkDecl(d, opt))
		if d.Cell != r.n {
			r.addRefImports(imports[d.Cell], d)
		}
	}
	sort.Ints(cells)
	var files []*ast.File
	for _, n := range cells {
		if n == r.n {
			imports[n] = r.usableImports(opt)
		}
		addImports(byCell[n], imports[n])
		files = append(files, byCell[n])
	}
	for i := range r.scope.inits {
		if opt.again {
			files = append(files, r.againFile(i))
		}
	}
	files = append(files, r.varsFile(opt))
	return append(files, r.entryFile(opt))
}

// checkDecl returns a declaration as it is checked: functions lose their body
// in the first pass, where only their signature matters.
func (r *rewriter) checkDecl(d *Decl, opt checkOptions) ast.Decl {
	if d.Kind == KindConst {
		return r.checkConst(d)
	}
	fn, ok := d.node.(*ast.FuncDecl)
	if !ok || !opt.stripBodies {
		return d.node
	}
	stripped := *fn
	stripped.Body = &ast.BlockStmt{Lbrace: fn.Body.Lbrace, Rbrace: fn.Body.Rbrace, List: []ast.Stmt{
		&ast.ExprStmt{X: &ast.CallExpr{Fun: &ast.Ident{NamePos: fn.Body.Lbrace, Name: "panic"},
			Args: []ast.Expr{&ast.BasicLit{ValuePos: fn.Body.Lbrace, Kind: token.INT, Value: "0"}}}},
	}}
	return &stripped
}

// checkConst returns a const group without the names that were declared again
// elsewhere. The group itself stays whole, so that iota keeps counting.
func (r *rewriter) checkConst(d *Decl) ast.Decl {
	gen := *d.node.(*ast.GenDecl)
	gen.Specs = nil
	for _, spec := range d.node.(*ast.GenDecl).Specs {
		vs := *spec.(*ast.ValueSpec)
		vs.Names = nil
		for _, id := range spec.(*ast.ValueSpec).Names {
			if r.scope.decls[id.Name] != d {
				id = &ast.Ident{NamePos: id.NamePos, Name: "_"}
			}
			vs.Names = append(vs.Names, id)
		}
		gen.Specs = append(gen.Specs, &vs)
	}
	return &gen
}

// addRefImports collects the imports that a declaration of an earlier cell
// uses. Where a name of the session has meanwhile taken the import's name, the
// identifiers are renamed to an alias.
func (r *rewriter) addRefImports(m map[string]Import, d *Decl) {
	for _, ref := range d.refs {
		switch {
		case ref.pkg == "":
		case ref.dot:
			m[". "+ref.pkg] = Import{Name: ".", Path: ref.pkg}
		default:
			if r.taken(ref.id.Name) {
				ref.id.Name = importAlias(ref.pkg)
			}
			m[ref.id.Name] = Import{Name: ref.id.Name, Path: ref.pkg}
		}
	}
}

// taken reports whether a name stands at package level, so that no file may
// import under it.
func (r *rewriter) taken(name string) bool {
	if _, ok := r.scope.decls[name]; ok {
		return true
	}
	for _, v := range r.newVars {
		if v.name == name {
			return true
		}
	}
	return false
}

// usableImports returns the imports of the cell's own text whose names are free.
// In the first pass a new variable doesn't stand at package level yet, so the
// cell may use a package of the same name before: url, err := url.Parse(s).
func (r *rewriter) usableImports(opt checkOptions) map[string]Import {
	m := r.cellImports()
	for name := range m {
		d, ok := r.scope.decls[name]
		if ok && (d.Kind != KindVar || !r.isNewVar(name)) || opt.withNew && r.isNewVar(name) {
			delete(m, name)
		}
	}
	return m
}

func (r *rewriter) isNewVar(name string) bool {
	for _, v := range r.newVars {
		if v.name == name {
			return true
		}
	}
	return false
}

// addImports prepends an import declaration to a file.
func addImports(f *ast.File, imports map[string]Import) {
	names := make([]string, 0, len(imports))
	for n := range imports {
		names = append(names, n)
	}
	sort.Strings(names)
	decl := &ast.GenDecl{Tok: token.IMPORT, TokPos: f.Package}
	for _, n := range names {
		im := imports[n]
		spec := &ast.ImportSpec{Path: &ast.BasicLit{ValuePos: f.Package, Kind: token.STRING, Value: strconv.Quote(im.Path)}}
		if im.Path != "C" {
			spec.Name = &ast.Ident{NamePos: f.Package, Name: im.Name}
		}
		decl.Specs = append(decl.Specs, spec)
		f.Imports = append(f.Imports, spec)
	}
	if len(decl.Specs) > 0 {
		f.Decls = append([]ast.Decl{decl}, f.Decls...)
	}
}

// varsFile declares the session's variables by their spelled types.
func (r *rewriter) varsFile(opt checkOptions) *ast.File {
	var decls []*Decl
	for _, d := range r.scope.Vars() {
		if !opt.withNew || !r.isNewVar(d.Name) {
			decls = append(decls, d)
		}
	}
	if opt.withNew {
		for _, v := range r.newVars {
			decls = append(decls, v.decl)
		}
	}
	text := varsText(decls, func(d *Decl) string { return d.Name })
	f, err := parser.ParseFile(r.scope.Fset, generatedFile, text, parser.SkipObjectResolution)
	if err != nil {
		panic("hpgo: generated variables don't parse: " + err.Error() + "\n" + text)
	}
	r.varFile = f
	return f
}

// varsText writes a file that declares variables; name gives each one's name.
func varsText(decls []*Decl, name func(*Decl) string) string {
	imports := map[string]string{}
	var body strings.Builder
	for _, d := range decls {
		for _, p := range d.pkgs {
			imports[p.Path] = p.Name
		}
		body.WriteString("var " + name(d) + " " + d.Type + "\n")
	}
	paths := make([]string, 0, len(imports))
	for p := range imports {
		paths = append(paths, p)
	}
	sort.Strings(paths)
	var b strings.Builder
	b.WriteString("package main\n")
	for _, p := range paths {
		b.WriteString("import " + imports[p] + " " + strconv.Quote(p) + "\n")
	}
	return b.String() + body.String()
}

// entryFile holds the entry function: the cell's statements as they stand, each
// followed by blank assignments that make unused variables legal.
func (r *rewriter) entryFile(opt checkOptions) *ast.File {
	pos := r.src.file.Pos(0)
	body := &ast.BlockStmt{Lbrace: pos, Rbrace: r.src.file.Pos(r.src.file.Size())}
	for i := range r.entry {
		e := &r.entry[i]
		if e.Stmt != nil {
			body.List = append(body.List, e.Stmt)
		} else {
			body.List = append(body.List, &ast.DeclStmt{Decl: e.Decl})
		}
		for j := 1; j < len(e.Values); j++ {
			body.List = append(body.List, &ast.ExprStmt{X: e.Values[j]})
		}
		for _, v := range e.vars {
			end := r.src.file.Pos(e.End)
			body.List = append(body.List, &ast.AssignStmt{TokPos: end, Tok: token.ASSIGN,
				Lhs: []ast.Expr{&ast.Ident{NamePos: end, Name: "_"}},
				Rhs: []ast.Expr{&ast.Ident{NamePos: end, Name: v.name}}})
		}
	}
	fn := &ast.FuncDecl{Name: &ast.Ident{NamePos: pos, Name: entryFunc},
		Type: &ast.FuncType{Func: pos, Params: &ast.FieldList{Opening: pos, Closing: pos}}, Body: body}
	f := &ast.File{Package: pos, Name: ast.NewIdent("main"), Decls: []ast.Decl{fn}, FileStart: pos, FileEnd: body.Rbrace}
	imports := r.cellImports()
	for name := range imports {
		// At package level a variable hides an import of its name; inside the
		// entry function the import is visible until the variable is declared.
		if _, ok := r.scope.decls[name]; ok || opt.withNew && r.isNewVar(name) {
			delete(imports, name)
		}
	}
	addImports(f, imports)
	return f
}

// cellErrors returns the errors in the cell's own text as diagnostics.
func (r *rewriter) cellErrors(ch checked) Errors {
	var errs Errors
	for _, e := range ch.errs {
		if r.unusedResult(e) {
			continue
		}
		pos := e.Pos
		if f := r.scope.Fset.File(pos); f != r.src.file {
			pos = r.src.file.Pos(0)
		}
		msg := r.wordError(e.Msg)
		if msg == e.Msg && noMember.MatchString(msg) && !strings.Contains(msg, ", but does have") {
			if s := r.similarField(ch, pos); s != "" {
				msg += " (did you mean " + s + "?)"
			}
		}
		d := r.diag(pos, msg)
		d.EndCol = d.Col + r.wordLength(int(pos)-r.src.file.Base())
		errs = append(errs, d)
	}
	errs.Sort()
	return errs.Dedupe()
}

// unusedResult recognises the complaint about the last expression, which is
// what a notebook shows.
func (r *rewriter) unusedResult(e types.Error) bool {
	if !strings.HasSuffix(e.Msg, "is not used") {
		return false
	}
	it, ok := r.cell.LastExpr()
	if !ok && r.cell.Hidden && len(r.cell.Items) > 0 {
		it = r.cell.Items[len(r.cell.Items)-1]
		ok = it.Stmt != nil
	}
	off := int(e.Pos) - r.src.file.Base()
	return ok && it.Start <= off && off <= it.End
}

// wordError completes a checker's message with what a notebook user can do.
func (r *rewriter) wordError(msg string) string {
	if why := r.whyGone(msg); why != "" {
		return msg + " (" + why + ")"
	}
	name, ok := strings.CutPrefix(msg, "undefined: ")
	if !ok {
		return msg
	}
	if r.isNewVar(name) {
		return msg + " (it is declared further down in this cell)"
	}
	s := r.similar(name)
	if pkg, member, ok := strings.Cut(name, "."); ok {
		s = r.similarMember(pkg, member)
	}
	if s != "" {
		return msg + " (did you mean " + s + "?)"
	}
	return msg
}

// wordLength returns the length of the identifier or token at an offset.
func (r *rewriter) wordLength(off int) int {
	n := 0
	for _, c := range r.cell.Text[min(max(off, 0), len(r.cell.Text)):] {
		if !isIdentRune(c) {
			break
		}
		n += len(string(c))
	}
	return max(n, 1)
}
