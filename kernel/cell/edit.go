package cell

import (
	"fmt"
	"go/ast"
	"slices"
	"strings"
)

// edit replaces the bytes [off, end) of a cell's text in the generated source.
type edit struct {
	off, end int
	text     string
	order    int // among edits at one offset
}

// lineName is the file name of a cell in the generated source and so in
// compiler messages, tracebacks and log lines: "cell 3".
func lineName(n int) string { return fmt.Sprintf("cell %d", n) }

// render writes a piece of a cell's text with its edits, under line directives
// that keep every line and column what the user sees. Text after an edit gets
// its position back by a /*line*/ comment.
func render(b *strings.Builder, src *Source, start, end int, prefix string, edits []edit) {
	b.WriteString(src.lineDirective(start))
	b.WriteString(prefix)
	if prefix != "" {
		line, col := src.position(start)
		fmt.Fprintf(b, "/*line :%d:%d*/", line, col)
	}
	if src.made != nil {
		edits = append(edits, src.made.seams(src, start, end)...)
	}
	slices.SortStableFunc(edits, func(x, y edit) int {
		if x.off != y.off {
			return x.off - y.off
		}
		return x.order - y.order
	})
	at := start
	for _, e := range edits {
		if e.off < at || e.end > end {
			continue
		}
		b.WriteString(src.Text[at:e.off])
		b.WriteString(e.text)
		if l, c := src.position(e.end); e.end < end && e.text != src.Text[e.off:e.end] && src.Text[e.end] != '\n' {
			fmt.Fprintf(b, "/*line :%d:%d*/", l, c)
		}
		at = e.end
	}
	b.WriteString(src.Text[at:end])
	b.WriteByte('\n')
}

// lineDirective is the line before text that stands at an offset.
func (s *Source) lineDirective(off int) string {
	line, col := position(s.Text, off)
	if s.made != nil {
		var own bool
		if line, col, own = s.made.position(off); !own {
			return "//line " + generatedFile + ":1\n"
		}
	}
	return fmt.Sprintf("//line %s:%d:%d\n", lineName(s.Cell), line, col)
}

// place returns the line in the cell of an offset, and whether the user wrote what
// stands there.
func (s *Source) place(off int) (line int, own bool) {
	if s.made != nil {
		line, _, own = s.made.position(off)
		return line, own
	}
	line, _ = position(s.Text, off)
	return line, true
}

// position returns the line and the column in the cell of an offset.
func (s *Source) position(off int) (line, col int) {
	if s.made != nil {
		line, col, _ = s.made.position(off)
		return line, col
	}
	return position(s.Text, off)
}

// position converts a byte offset to a line and a byte column, both from 1.
func position(text string, off int) (line, col int) {
	line = 1 + strings.Count(text[:off], "\n")
	return line, off - strings.LastIndexByte(text[:off], '\n')
}

// refEdits returns the edits that put generated names in the place of the
// user's: versions of variables and generic types, aliases of packages.
func (r *rewriter) refEdits(refs []ref) []edit {
	var edits []edit
	for _, rf := range refs {
		switch {
		case rf.pkg != "" && !rf.dot:
			if len(rf.id.Name) != rf.size { // an alias is always longer
				edits = append(edits, edit{off: rf.off, end: rf.off + rf.size, text: rf.id.Name})
			}
		case rf.key != "":
			if s := r.symbolOf(rf); s != rf.key {
				edits = append(edits, edit{off: rf.off, end: rf.off + rf.size, text: s})
			}
		}
	}
	return edits
}

// symbolOf returns the generated name of what a reference means. Types other
// than generic ones are reached through an alias of their plain name; generic
// aliases fail in the compiler where types refer to each other.
func (r *rewriter) symbolOf(rf ref) string {
	if l := r.locals[rf.key]; l != nil && rf.inEntry {
		return rf.key
	}
	if !rf.again && (rf.local || r.old.decls[rf.key] == nil || !rf.inEntry) {
		if v := r.findNewVar(rf.key); v != nil && v.decl != nil {
			return v.decl.Symbol
		}
	}
	d := r.scope.decls[rf.key]
	if d == nil {
		d = r.old.decls[rf.key]
	}
	switch {
	case d == nil, d.Kind == KindConst:
		return rf.key
	case d.Kind == KindVar, d.generic() && !rf.embedded:
		return d.Symbol
	}
	return rf.key
}

// generic reports whether a type declaration has type parameters.
func (d *Decl) generic() bool {
	gen, ok := d.node.(*ast.GenDecl)
	if !ok || d.Kind != KindType {
		return false
	}
	return gen.Specs[0].(*ast.TypeSpec).TypeParams != nil
}
