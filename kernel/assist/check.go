package assist

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"runtime"
	"slices"
	"strconv"

	"hpgo/kernel/cell"
)

// view is a type-checked text with a name at the cursor.
type view struct {
	repaired
	assistant *Assistant
	q         Query
	ctx       context.Context
	im        *importer

	pkg     *types.Package
	session *types.Package // the session's declarations, where they were checked apart
	info    *types.Info
	file    *ast.File                // holds the text's declarations
	entry   *ast.FuncDecl            // holds its statements
	autos   map[string][]cell.Import // packages that names could mean, best first
}

// view repairs a text and type-checks it; nil when the text around the cursor
// is beyond repair.
func (a *Assistant) view(ctx context.Context, q Query, src string, start, end int, name string) *view {
	r, ok := repair(ctx, src, start, end, name)
	if !ok {
		return nil
	}
	a.outline.of(q.Scope)
	v := &view{repaired: r, assistant: a, q: q, ctx: ctx, im: a.newImporter(ctx, q.Library), autos: map[string][]cell.Import{}}
	v.check(nil)
	if v.findImports() {
		v.check(nil)
	}
	if inFunc := v.items[v.at].Kind == cell.ItemFunc; inFunc {
		// A function sees the text's variables, whose types only the
		// statements tell.
		if vars := v.topLevel(); len(vars) > 0 {
			v.check(vars)
		}
	}
	return v
}

// check type-checks the session's declarations with the text's. vars are put at
// package level before. All errors are passed over: text that is being typed is
// full of them.
func (v *view) check(vars []*types.Var) {
	v.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Scopes: map[ast.Node]*types.Scope{}, Implicits: map[ast.Node]types.Object{},
	}
	v.pkg = types.NewPackage(cell.PackagePath, "main")
	for _, o := range vars {
		v.pkg.Scope().Insert(types.NewVar(o.Pos(), v.pkg, o.Name(), o.Type()))
	}
	v.file = v.declFile()
	// The text's own files come first: of two declarations of a name the first
	// counts.
	files := []*ast.File{v.file, v.entryFile(vars == nil)}
	if v.independent() {
		v.session = v.assistant.outline.checked(v.im)
	}
	if v.session != nil {
		for _, n := range v.session.Scope().Names() {
			v.pkg.Scope().Insert(v.session.Scope().Lookup(n))
		}
	} else {
		files = append(files, v.assistant.outline.files...)
	}
	conf := checkConfig(v.im)
	_ = types.NewChecker(&conf, v.assistant.outline.fset, v.pkg, v.info).Files(files)
}

// checkConfig is how texts are type-checked: errors don't stop it.
func checkConfig(im *importer) types.Config {
	return types.Config{
		Importer:    im,
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", runtime.GOARCH),
		Error:       func(error) {},
	}
}

// independent reports whether the text declares nothing that changes what the
// session's declarations mean, so that they needn't be checked with it.
func (v *view) independent() bool {
	own := map[string]bool{}
	for _, it := range v.items {
		gen, ok := it.Decl.(*ast.GenDecl)
		for i := 0; ok && it.Kind != cell.ItemVar && i < len(gen.Specs); i++ {
			switch s := gen.Specs[i].(type) {
			case *ast.TypeSpec:
				own[s.Name.Name] = true
			case *ast.ValueSpec:
				for _, id := range s.Names {
					own[id.Name] = true
				}
			}
		}
	}
	for _, it := range v.items {
		if fn, ok := it.Decl.(*ast.FuncDecl); ok && fn.Recv == nil {
			own[fn.Name.Name] = true
		} else if ok && !own[cell.ReceiverName(fn)] {
			return false // a method of one of the session's types
		}
	}
	for name := range own {
		if _, ok := v.q.Scope.Lookup(name); ok {
			return false
		}
	}
	return true
}

// declFile holds the text's imports, types, constants and functions. Only the
// function at the cursor keeps its body.
func (v *view) declFile() *ast.File {
	f := &ast.File{Package: 1, Name: ast.NewIdent("main"), Decls: v.imports()}
	for i, it := range v.items {
		switch {
		case it.Stmt != nil || it.Kind == cell.ItemVar || it.Kind == cell.ItemImport:
		case i == v.at:
			f.Decls = append(f.Decls, it.Decl)
		default:
			f.Decls = append(f.Decls, signatureOnly(it.Decl))
		}
	}
	return f
}

// entryFile holds the text's statements and variables in one function, if they
// are wanted.
func (v *view) entryFile(wanted bool) *ast.File {
	body := &ast.BlockStmt{Lbrace: 1, Rbrace: outlineBase - 1}
	for _, it := range v.items {
		switch {
		case !wanted:
		case it.Stmt != nil:
			body.List = append(body.List, it.Stmt)
			for _, x := range it.Values[min(1, len(it.Values)):] {
				body.List = append(body.List, &ast.ExprStmt{X: x})
			}
		case it.Kind == cell.ItemVar:
			body.List = append(body.List, &ast.DeclStmt{Decl: it.Decl})
		}
	}
	v.entry = &ast.FuncDecl{Name: &ast.Ident{NamePos: 1, Name: "hpgo__entry"},
		Type: &ast.FuncType{Func: 1, Params: &ast.FieldList{Opening: 1, Closing: 1}}, Body: body}
	return &ast.File{Package: 1, Name: ast.NewIdent("main"), Decls: append(v.imports(), v.entry)}
}

// imports returns the import declarations that the text sees: its own, the
// session's, and what its names could mean.
func (v *view) imports() []ast.Decl {
	var decls []ast.Decl
	own := map[string]bool{}
	for _, it := range v.items {
		gen, ok := it.Decl.(*ast.GenDecl)
		if !ok || it.Kind != cell.ItemImport {
			continue
		}
		decls = append(decls, gen)
		for _, spec := range gen.Specs {
			if is := spec.(*ast.ImportSpec); is.Name != nil {
				own[is.Name.Name] = true
			} else if p, err := strconv.Unquote(is.Path.Value); err == nil {
				own[v.packageName(p)] = true
			}
		}
	}
	for _, im := range v.q.Scope.Imports() {
		if _, taken := v.q.Scope.Lookup(im.Name); !taken && !own[im.Name] && im.Name != "_" {
			decls = append(decls, importDecl(im))
			own[im.Name] = im.Name != "."
		}
	}
	for name, ims := range v.autos {
		if !own[name] {
			decls = append(decls, importDecl(ims[0]))
		}
	}
	return decls
}

// packageName returns the name of a package.
func (v *view) packageName(path string) string {
	if p, err := v.im.Import(path); err == nil {
		return p.Name()
	}
	return ""
}

func importDecl(im cell.Import) ast.Decl {
	return &ast.GenDecl{TokPos: 1, Tok: token.IMPORT, Specs: []ast.Spec{&ast.ImportSpec{
		Name: &ast.Ident{NamePos: 1, Name: im.Name},
		Path: &ast.BasicLit{ValuePos: 1, Kind: token.STRING, Value: strconv.Quote(im.Path)}}}}
}

// findImports looks for packages that names without a meaning could be, as a
// cell's rewriting will, and reports whether there are any.
func (v *view) findImports() bool {
	selectors := map[string]map[string]bool{}
	for _, it := range v.items {
		for _, n := range itemNodes(it) {
			ast.Inspect(n, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					if id, ok := sel.X.(*ast.Ident); ok && v.unknown(id) {
						if selectors[id.Name] == nil {
							selectors[id.Name] = map[string]bool{}
						}
						selectors[id.Name][sel.Sel.Name] = sel.Sel != v.name
					}
				}
				return true
			})
		}
	}
	for name, sels := range selectors {
		if ims := v.candidatesFor(name, sels); len(ims) > 0 {
			v.autos[name] = ims
		}
	}
	return len(v.autos) > 0
}

// unknown reports whether the check found no meaning for an identifier. Those
// in bodies that weren't checked have none either, and cost little.
func (v *view) unknown(id *ast.Ident) bool {
	if v.info.Uses[id] != nil || v.info.Defs[id] != nil || id.Name == cursorName {
		return false
	}
	for _, it := range v.items {
		if fn, ok := it.Decl.(*ast.FuncDecl); ok && it.Decl != v.items[v.at].Decl && fn.Body != nil && fn.Body.Pos() <= id.Pos() && id.Pos() < fn.Body.End() {
			return false
		}
	}
	return true
}

// candidatesFor returns the packages of a name: one that has all selectors used
// with it comes first. The selector at the cursor doesn't count.
func (v *view) candidatesFor(name string, selectors map[string]bool) []cell.Import {
	var full, part []cell.Import
	for _, p := range v.q.Library.Candidates(name) {
		pkg, err := v.im.Import(p)
		if err != nil || pkg.Name() != name {
			continue
		}
		im, has := cell.Import{Name: name, Path: p}, true
		for s, counts := range selectors {
			has = has && (!counts || pkg.Scope().Lookup(s) != nil)
		}
		if has {
			full = append(full, im)
		} else {
			part = append(part, im)
		}
	}
	return append(full, part...)
}

// topLevel returns the variables that the text's statements declare.
func (v *view) topLevel() []*types.Var {
	scope := v.info.Scopes[v.entry.Type]
	if scope == nil {
		return nil
	}
	var vars []*types.Var
	for _, n := range scope.Names() {
		if o, ok := scope.Lookup(n).(*types.Var); ok && o.Type() != types.Typ[types.Invalid] {
			vars = append(vars, o)
		}
	}
	return vars
}

// innermost returns the scope at the cursor.
func (v *view) innermost() *types.Scope {
	for _, n := range slices.Backward(v.path) {
		switch fn := n.(type) {
		case *ast.FuncDecl:
			n = fn.Type
		case *ast.FuncLit:
			n = fn.Type
		}
		if s := v.info.Scopes[n]; s != nil {
			return s
		}
	}
	if it := v.items[v.at]; it.Stmt != nil || it.Kind == cell.ItemVar {
		return v.info.Scopes[v.entry.Type]
	}
	return v.info.Scopes[v.file]
}
