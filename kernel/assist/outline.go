package assist

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"hpgo/kernel/cell"
)

// outlineBase is where the positions of the session's declarations begin, far
// above those of any cell's text.
const outlineBase = 1 << 28

// outline is the syntax of the session's declarations, one file for each cell
// of origin, so that each sees its own imports. It is made again when the scope
// is another one.
type outline struct {
	scope  *cell.Scope
	pieces map[string]cell.Piece // by name, "T.M" for methods
	fset   *token.FileSet
	files  []*ast.File
	nodes  []ast.Decl     // all declarations, for a look at comments
	pkg    *types.Package // the declarations type-checked by themselves; nil: not yet
	rev    int            // of the library that pkg was checked with
	texts  []outlineText
}

// outlineText is the text of one file.
type outlineText struct {
	base int
	src  string
}

// text returns the source between two positions.
func (o *outline) text(from, to token.Pos) string {
	for _, t := range o.texts {
		if a, b := int(from)-t.base, int(to)-t.base; a >= 0 && a <= b && b <= len(t.src) {
			return t.src[a:b]
		}
	}
	return ""
}

// of brings the outline up to a scope.
func (o *outline) of(scope *cell.Scope) {
	if o.scope == scope {
		return
	}
	*o = outline{scope: scope, pieces: map[string]cell.Piece{}, fset: token.NewFileSet()}
	texts := map[int]*strings.Builder{}
	imports := map[int][]cell.Import{}
	var order []int
	for _, p := range scope.Outline() {
		key := p.Cell
		if p.Kind == cell.KindVar {
			key = -1 // their imports have names of their own
		}
		if texts[key] == nil {
			texts[key] = &strings.Builder{}
			order = append(order, key)
		}
		texts[key].WriteString(p.Text + "\n")
		imports[key] = append(imports[key], p.Imports...)
		for _, n := range p.Names {
			o.pieces[n] = p
		}
	}
	o.fset.AddFile("cell", 1, outlineBase-2) // where the text at the cursor stands
	base := outlineBase
	for _, key := range order {
		src := "package main\n" + importText(imports[key]) + texts[key].String()
		o.fset.AddFile("", base, 1) // moves the base of the next file
		f, _ := parser.ParseFile(o.fset, fmt.Sprintf("cell %d", key), src, parser.ParseComments|parser.SkipObjectResolution)
		base += len(src) + 3
		if f == nil {
			continue
		}
		o.texts = append(o.texts, outlineText{o.fset.File(f.FileStart).Base(), src})
		o.nodes = append(o.nodes, f.Decls...)
		o.files = append(o.files, signaturesOnly(f))
	}
}

// checked returns the declarations as a package; nil when ctx ended before they
// were checked. It is kept unless packages were missing in it.
func (o *outline) checked(im *importer) *types.Package {
	if rev := im.lib.Rev(); o.pkg == nil || o.rev != rev {
		pkg := types.NewPackage(cell.PackagePath, "main")
		conf := checkConfig(im)
		_ = types.NewChecker(&conf, o.fset, pkg, nil).Files(o.files)
		if im.ctx.Err() != nil {
			return nil
		}
		if im.rough {
			return pkg
		}
		o.pkg, o.rev = pkg, rev
	}
	return o.pkg
}

// importText writes import declarations, each once.
func importText(imports []cell.Import) string {
	var b strings.Builder
	seen := map[cell.Import]bool{}
	for _, im := range imports {
		im.Auto = false
		if !seen[im] {
			seen[im] = true
			fmt.Fprintf(&b, "import %s %s\n", im.Name, strconv.Quote(im.Path))
		}
	}
	return b.String()
}

// signaturesOnly returns a file whose functions have no bodies.
func signaturesOnly(f *ast.File) *ast.File {
	short := *f
	short.Decls = make([]ast.Decl, 0, len(f.Decls))
	for _, d := range f.Decls {
		short.Decls = append(short.Decls, signatureOnly(d))
	}
	return &short
}

func signatureOnly(d ast.Decl) ast.Decl {
	fn, ok := d.(*ast.FuncDecl)
	if !ok {
		return d
	}
	short := *fn
	short.Body = nil
	return &short
}
