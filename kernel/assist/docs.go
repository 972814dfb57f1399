package assist

import (
	"context"
	"fmt"
	"go/ast"
	"go/doc"
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/build"
	"hpgo/kernel/cell"
)

// packageDocs is the documentation of one package, read from its source.
type packageDocs struct {
	name, path string
	dir        string
	text       string
	decls      map[string]declDoc // by name; "T.M" for methods and fields
}

// declDoc is what the source says of a declaration. Texts are kept instead of
// syntax trees, which take many times the memory.
type declDoc struct {
	doc        string
	code       string // the declaration without body
	file       string
	start, end int // of the declaration in the file
	line       int
}

// keptDocs is the number of packages whose documentation is remembered: up to a
// megabyte each.
const keptDocs = 32

// docsOf reads the documentation of a package once.
func (a *Assistant) docsOf(ctx context.Context, lib *build.Library, path string) *packageDocs {
	if d := a.docs[path]; d != nil {
		return d
	}
	dir, ok := lib.Dir(path)
	if !ok || ctx.Err() != nil {
		return nil
	}
	d := &packageDocs{path: path, dir: dir, decls: map[string]declDoc{}}
	files := d.read(lib)
	if len(files) == 0 {
		return nil
	}
	if len(a.docs) >= keptDocs {
		clear(a.docs)
	}
	a.docs[path] = d
	return d
}

// read parses the package's files and keeps what their comments say.
func (d *packageDocs) read(lib *build.Library) []*ast.File {
	names, err := lib.SourceFiles(d.dir)
	if err != nil && d.path != "builtin" {
		return nil
	}
	if d.path == "builtin" || d.path == "unsafe" {
		names = []string{filepath.Join(d.dir, filepath.Base(d.path)+".go")}
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, n := range names {
		src, err := os.ReadFile(n)
		if err != nil {
			continue
		}
		f, _ := parser.ParseFile(fset, n, build.WithoutBodies(src), parser.ParseComments|parser.SkipObjectResolution)
		if f == nil {
			continue
		}
		files = append(files, f)
		d.name = f.Name.Name
		if f.Doc != nil && (d.text == "" || filepath.Base(n) == "doc.go") {
			d.text = f.Doc.Text()
		}
		(&declReader{docs: d.decls, fset: fset, src: src, file: n, exported: d.path != "builtin"}).all(f)
	}
	return files
}

// declReader takes the documentation of declarations out of one file.
type declReader struct {
	docs     map[string]declDoc
	fset     *token.FileSet
	src      []byte
	file     string
	exported bool // only exported names
}

func (r *declReader) all(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			r.function(d)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				r.spec(d, spec)
			}
		}
	}
}

// text returns the source between two positions.
func (r *declReader) text(from, to token.Pos) string {
	return string(r.src[r.fset.Position(from).Offset:r.fset.Position(to).Offset])
}

// put notes a declaration that stands between two positions.
func (r *declReader) put(key, docText, code string, from, to token.Pos) {
	if name := key[strings.LastIndexByte(key, '.')+1:]; r.exported && !token.IsExported(name) {
		return
	}
	at := r.fset.Position(from)
	r.docs[key] = declDoc{doc: docText, code: code, file: r.file, start: at.Offset, end: r.fset.Position(to).Offset, line: at.Line}
}

func (r *declReader) function(d *ast.FuncDecl) {
	key := d.Name.Name
	if d.Recv != nil && len(d.Recv.List) > 0 {
		key = cell.ReceiverName(d) + "." + key
	}
	r.put(key, d.Doc.Text(), r.text(d.Type.Pos(), d.Type.End()), d.Pos(), d.End())
}

func (r *declReader) spec(d *ast.GenDecl, spec ast.Spec) {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		text := firstText(s.Doc, d.Doc, s.Comment)
		from := d.Pos()
		if d.Lparen.IsValid() { // the source of one type, not of its group
			from = s.Pos()
		}
		r.put(s.Name.Name, text, "type "+r.typeCode(s), from, s.End())
		r.fields(s.Name.Name, s.Type)
	case *ast.ValueSpec:
		text := firstText(s.Doc, s.Comment)
		if text == "" {
			text = d.Doc.Text()
		}
		for _, n := range s.Names {
			r.put(n.Name, text, d.Tok.String()+" "+r.text(s.Pos(), s.End()), s.Pos(), s.End())
		}
	}
}

// typeCode is the text of a type, without the fields that nobody can name.
func (r *declReader) typeCode(s *ast.TypeSpec) string {
	st, ok := s.Type.(*ast.StructType)
	if !ok || !r.exported {
		return r.text(s.Pos(), s.End())
	}
	var kept strings.Builder
	hidden := false
	for _, f := range st.Fields.List {
		if !exportedField(f) {
			hidden = true
			continue
		}
		from, to := f.Pos(), f.End()
		if f.Doc != nil {
			from = f.Doc.Pos()
		}
		if f.Comment != nil {
			to = f.Comment.End()
		}
		kept.WriteString("\t" + r.text(from, to) + "\n")
	}
	if !hidden {
		return r.text(s.Pos(), s.End())
	}
	return r.text(s.Pos(), st.Fields.Opening+1) + "\n" + kept.String() + "\t// and fields that are not exported\n}"
}

// exportedField reports whether one of a field's names is exported, the type's
// name where it is embedded.
func exportedField(f *ast.Field) bool {
	if len(f.Names) > 0 {
		return slices.ContainsFunc(f.Names, (*ast.Ident).IsExported)
	}
	x := f.Type
	if star, ok := x.(*ast.StarExpr); ok {
		x = star.X
	}
	if sel, ok := x.(*ast.SelectorExpr); ok {
		return sel.Sel.IsExported()
	}
	id := cell.BaseName(x)
	return id != nil && id.IsExported()
}

// fields notes the fields of a struct and the methods of an interface.
func (r *declReader) fields(owner string, t ast.Expr) {
	var list *ast.FieldList
	switch t := t.(type) {
	case *ast.StructType:
		list = t.Fields
	case *ast.InterfaceType:
		list = t.Methods
	}
	if list == nil {
		return
	}
	for _, f := range list.List {
		for _, n := range f.Names {
			r.put(owner+"."+n.Name, firstText(f.Doc, f.Comment), r.text(f.Pos(), f.End()), f.Pos(), f.End())
		}
	}
}

// firstText returns the text of the first comment that has one.
func firstText(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if t := g.Text(); t != "" {
			return t
		}
	}
	return ""
}

// plainDoc and markdownDoc lay out the text of a doc comment.
func plainDoc(text string) string {
	p := comment.Printer{TextWidth: 80}
	return strings.TrimRight(string(p.Text(parseDoc(text))), "\n")
}

func markdownDoc(text string) string {
	p := comment.Printer{HeadingLevel: 4, HeadingID: func(*comment.Heading) string { return "" }, DocLinkURL: docLink}
	return strings.TrimRight(string(p.Markdown(parseDoc(text))), "\n")
}

func parseDoc(text string) *comment.Doc {
	return (&comment.Parser{LookupSym: func(string, string) bool { return true }}).Parse(text)
}

// docLink is where a reference in a doc comment leads; within its own package
// nowhere, since the reader knows of none.
func docLink(l *comment.DocLink) string {
	if l.ImportPath == "" {
		return ""
	}
	return l.DefaultURL("https://pkg.go.dev")
}

// synopsis is the first sentence of a package's documentation.
func (d *packageDocs) synopsis() string { return new(doc.Package).Synopsis(d.text) }

// source returns the lines of a declaration with their place.
func (d declDoc) source() string {
	src, err := os.ReadFile(d.file)
	if err != nil || d.end > len(src) {
		return ""
	}
	return fmt.Sprintf("// %s:%d\n%s", d.file, d.line, src[d.start:d.end])
}
