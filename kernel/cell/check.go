package cell

import (
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
