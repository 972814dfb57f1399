package cell

import (
	"go/ast"
	"slices"
	"strings"
)

// Piece is one declaration of a scope as text that needs nothing of its cell:
// what editing aids read. It shares no syntax tree with the scope, which the
// next cell's rewriting may touch.
type Piece struct {
	Kind    Kind
	Names   []string // for methods "T.M"
	Cell    int      // that declared it
	Text    string   // of variables the declaration with the type
	Imports []Import // the packages that Text names
}

// Outline returns the session's declarations in the order in which they were
// made. Names that were declared again elsewhere are blank in const groups.
func (s *Scope) Outline() []Piece {
	var pieces []Piece
	for _, d := range s.Decls() {
		if d.transient {
			continue
		}
		p := Piece{Kind: d.Kind, Names: []string{d.declKey()}, Cell: d.Cell}
		switch {
		case d.Kind == KindVar:
			p.Text = d.doc + "var " + d.Name + " " + d.Type
			p.Imports = d.pkgs
		case d.node == nil:
			continue
		default:
			p.Text, p.Imports = s.outlineText(d), d.namedImports()
		}
		if d.Kind == KindConst {
			p.Names = slices.DeleteFunc(slices.Clone(d.Names), func(n string) bool { return s.decls[n] != d })
		}
		pieces = append(pieces, p)
	}
	return pieces
}

// outlineText is a declaration as its cell has it.
func (s *Scope) outlineText(d *Decl) string {
	var edits []edit
	if d.Kind == KindConst {
		edits = (&rewriter{scope: s}).constEdits(d)
	}
	slices.SortFunc(edits, func(a, b edit) int { return a.off - b.off })
	var b strings.Builder
	if gen, ok := d.node.(*ast.GenDecl); ok && d.prefix != "" {
		if ts, ok := gen.Specs[0].(*ast.TypeSpec); ok && ts.Doc != nil {
			b.WriteString(d.src.Text[d.offset(ts.Doc.Pos()):d.offset(ts.Doc.End())] + "\n")
		}
	}
	b.WriteString(d.prefix)
	at := d.start
	for _, e := range edits {
		b.WriteString(d.src.Text[at:e.off] + e.text)
		at = e.end
	}
	b.WriteString(d.src.Text[at:d.end])
	return b.String()
}

// namedImports returns the imports that the text names, under the names that it
// uses.
func (d *Decl) namedImports() []Import {
	var found []Import
	for _, rf := range d.refs {
		if rf.pkg == "" {
			continue
		}
		im := Import{Name: d.src.Text[rf.off : rf.off+rf.size], Path: rf.pkg}
		if rf.dot {
			im.Name = "."
		}
		if !slices.Contains(found, im) {
			found = append(found, im)
		}
	}
	return found
}
