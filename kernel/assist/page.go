package assist

import (
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"hpgo/kernel/cell"
)

// page is what is shown of one name.
type page struct {
	code    string   // its declaration
	doc     string   // its doc comment
	note    string   // where it comes from
	members []string // methods of a type
	source  string   // its text
}

// lay writes the page as text and as Markdown.
func (p page) lay(detail int) Doc {
	code := p.code
	if detail > 0 && p.source != "" {
		code = p.source
	}
	text := []string{code}
	md := []string{fenced(code)}
	if p.note != "" {
		text, md = append(text, p.note), append(md, p.note)
	}
	if p.doc != "" {
		text, md = append(text, plainDoc(p.doc)), append(md, markdownDoc(p.doc))
	}
	if len(p.members) > 0 {
		all := strings.Join(p.members, "\n")
		text, md = append(text, all), append(md, fenced(all))
	}
	return Doc{Text: strings.Join(text, "\n\n"), Markdown: strings.Join(md, "\n\n")}
}

func fenced(code string) string { return "```go\n" + code + "\n```" }

// sessionPage adds what the text at the cursor and earlier cells say of an
// object.
func (v *view) sessionPage(p *page, obj types.Object, key string) {
	for _, it := range v.items {
		text := func(from, to token.Pos) string {
			return v.text[min(it.Offset(from), len(v.text)):min(it.Offset(to), len(v.text))]
		}
		if as, ok := it.Stmt.(*ast.AssignStmt); ok && slices.ContainsFunc(as.Lhs, func(x ast.Expr) bool { return x.Pos() == obj.Pos() }) {
			p.doc = commentText(v.text[it.Start:it.Code])
			return
		}
		if it.Decl != nil && docFrom(p, it.Decl, obj, text) {
			if p.source == "" {
				p.source = text(it.Decl.Pos(), it.Decl.End())
			}
			return
		}
	}
	piece := v.assistant.outline.pieces[key]
	p.source = piece.Text
	for _, d := range v.assistant.outline.nodes {
		if docFrom(p, d, obj, v.assistant.outline.text) {
			p.note = inCell(piece)
			return
		}
	}
}

// commentText is the text of the comments above a statement.
func commentText(comments string) string {
	f, _ := parser.ParseFile(token.NewFileSet(), "", "package p\n"+strings.TrimSpace(comments)+"\nvar _ int", parser.ParseComments|parser.SkipObjectResolution)
	if f == nil || len(f.Decls) == 0 {
		return ""
	}
	gen, ok := f.Decls[0].(*ast.GenDecl)
	if !ok {
		return ""
	}
	return gen.Doc.Text()
}

// inCell says which cell declared something.
func inCell(p cell.Piece) string {
	if p.Cell == 0 {
		return ""
	}
	return fmt.Sprintf("declared in cell %d", p.Cell)
}

// docFrom takes what a declaration says of an object that it makes; false when
// it makes another one. text gives the source between two positions.
func docFrom(p *page, d ast.Decl, obj types.Object, text func(from, to token.Pos) string) bool {
	if obj.Pos() < d.Pos() || obj.Pos() >= d.End() {
		return false
	}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.Pos() == obj.Pos() {
			p.doc = d.Doc.Text()
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if s.Name.Pos() == obj.Pos() {
					p.doc = firstText(s.Doc, d.Doc, s.Comment)
					p.code = formatted("type " + text(s.Pos(), s.End()))
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if n.Pos() == obj.Pos() {
						p.doc = firstText(s.Doc, s.Comment, d.Doc)
					}
				}
			}
		}
	}
	if p.doc == "" {
		p.doc = fieldDoc(d, obj.Pos())
	}
	return true
}

// formatted is gofmt's form of a declaration.
func formatted(code string) string {
	out, err := format.Source([]byte(code))
	if err != nil {
		return code
	}
	return string(out)
}

// fieldDoc is the comment on the field that stands at a position.
func fieldDoc(d ast.Decl, pos token.Pos) string {
	found := ""
	ast.Inspect(d, func(n ast.Node) bool {
		if f, ok := n.(*ast.Field); ok {
			for _, name := range f.Names {
				if name.Pos() == pos {
					found = firstText(f.Doc, f.Comment)
				}
			}
		}
		return found == ""
	})
	return found
}

// keywordDoc shows the forms of a keyword's statement.
func keywordDoc(word string) (Doc, bool) {
	forms, ok := keywordForms[word]
	if !ok {
		return Doc{}, false
	}
	text := "keyword " + word + "\n\n" + forms
	return Doc{Text: text, Markdown: "keyword **" + word + "**\n\n" + fenced(forms)}, true
}
