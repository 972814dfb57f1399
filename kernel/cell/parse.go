// Package cell is the pure text of a notebook cell: what it consists of, where
// each part stands, and what it becomes. It does no I/O, starts no goroutine
// and keeps no state between calls, so that all of it is tested by tables,
// goldens and fuzzing.
//
// The parsing half works in three steps. split.go cuts the text at top-level
// semicolons with go/scanner, because a cell mixes imports, declarations and
// statements, which go/parser knows only apart; while it does so, magicline.go
// takes the lines that belong to the kernel (%magic, !shell) out of the Go text.
// parse_item.go then gives each piece to go/parser under a prefix of constant
// length, so that a node's position is a byte offset plus a constant. A piece
// that doesn't parse costs one diagnostic and never its neighbours.
//
// Positions: offsets are bytes into Cell.Text, lines and columns count from 1,
// columns are bytes. Cell.Go has the length of Cell.Text, so an offset is valid
// in both.
package cell

import (
	"go/ast"
	"go/token"
	"sort"
	"strings"
)

// Cell is one notebook cell taken apart.
type Cell struct {
	Text      string  // as sent, with \r\n made \n
	Go        string  // Text with magic, shell and package lines blanked; newlines stay
	CellMagic *Magic  // set when the cell starts with `%%name`; then there are no Items
	Magics    []Magic // line magics and shell lines, in order
	Main      bool    // the cell has gonb's `%%` or `%main` line
	MainArgs  string  // what follows on that line: the program's arguments
	MainLine  int     // its line, from 1; 0 without one
	Items     []Item  // in source order, not overlapping
	Hidden    bool    // the last statement ends with an explicit `;`

	lines  []int // offset of each line's first byte
	base   int   // what ParseAt adds to every position
	source *Source
	made   *patchwork // of a composed text; nil
}

// MagicKind says who handles a line that isn't Go.
type MagicKind int

// The kinds of lines that belong to the kernel.
const (
	MagicLine     MagicKind = iota // %name args
	MagicCell                      // %%name args, with a body
	MagicShell                     // !command
	MagicShellTmp                  // !*command: in the directory of the cell's module
)

// Magic is a line of the cell that the kernel handles itself.
type Magic struct {
	Kind   MagicKind
	Name   string // without percent signs; empty for shell lines
	Args   string // the rest of the line, trimmed, continuation lines joined
	Body   string // cell magics: the text after the line
	Line   int    // from 1
	Assign string // `name` (or `a, b`) of `name := %magic` and `name = !cmd`
	Define bool   // that assignment is written `:=`

	Start, End int // offsets of the whole line into Text, without its newline
	ArgsAt     int // offset of Args in Text
	BodyAt     int // offset of Body in Text
}

// ItemKind classifies a top-level piece of Go.
type ItemKind int

// The kinds of items. All but ItemStmt have Item.Decl set.
const (
	ItemImport ItemKind = iota
	ItemConst
	ItemType
	ItemVar
	ItemFunc
	ItemStmt
)

// String returns the kind's name in lower case.
func (k ItemKind) String() string {
	return [...]string{"import", "const", "type", "var", "func", "stmt"}[k]
}

// Item is one top-level declaration or statement.
type Item struct {
	Kind ItemKind
	// Start and End are offsets into Text. Start includes the doc comment and
	// directives; End excludes the terminating semicolon or newline.
	Start, End int
	Code       int      // offset of the first token, after comments
	Decl       ast.Decl // *ast.GenDecl or *ast.FuncDecl; nil for ItemStmt
	Stmt       ast.Stmt // nil for declarations
	// Values are the operands of an expression statement. There are several
	// only when the cell ends in a list `a, b`; Stmt then holds the first.
	Values   []ast.Expr
	Comments []*ast.CommentGroup // all comments inside the item
	Fset     *token.FileSet      // for go/printer; use Offset for positions

	shift int // a node's position less its offset
}

// Offset converts a position of one of the item's nodes to a byte offset into
// Text. The conversion is the same for all items of a cell. token.NoPos gives -1.
func (it Item) Offset(p token.Pos) int {
	if !p.IsValid() {
		return -1
	}
	return min(max(int(p)-it.shift, it.Start), it.End)
}

// Parse splits one notebook cell. It never fails on magics; Go syntax errors
// are returned, sorted, together with what could be parsed.
func Parse(text string) (*Cell, Errors) {
	return parseFrom(normalize(text), 0, 0)
}

// ParseBody parses the body of a cell magic as Go (for %%time and its like).
// All positions are those of the whole cell.
func (c *Cell) ParseBody() (*Cell, Errors) {
	if c.CellMagic == nil {
		return parseFrom(c.Text, 0, c.base)
	}
	return parseFrom(c.Text, c.CellMagic.BodyAt, c.base)
}

// LastExpr returns the last item when it is an expression statement whose
// value is to be shown.
func (c *Cell) LastExpr() (Item, bool) {
	if len(c.Items) == 0 || c.Hidden {
		return Item{}, false
	}
	it := c.Items[len(c.Items)-1]
	_, ok := it.Stmt.(*ast.ExprStmt)
	return it, ok
}

// Position returns the line and the byte column, both from 1, of an offset.
func (c *Cell) Position(offset int) (line, col int) {
	offset = min(max(offset, 0), len(c.Text))
	if c.made != nil {
		line, col, _ = c.made.position(offset)
		return line, col
	}
	i := sort.SearchInts(c.lines, offset+1) - 1
	return i + 1, offset - c.lines[i] + 1
}

// ParseIn is Parse with positions that are unique in a session: the cell gets a
// file of the scope's FileSet, in which a node's position is the file's base
// plus the offset in Text.
func ParseIn(s *Scope, text string) (*Cell, Errors) {
	text = normalize(text)
	f := s.Fset.AddFile("cell", -1, len(text)+1)
	f.SetLinesForContent([]byte(text))
	c, errs := parseFrom(text, 0, f.Base()-posShift)
	c.source = &Source{Text: text, file: f}
	return c, errs
}

// parseFrom parses text from the offset start; what stands before it is blank.
// base is added to all positions.
func parseFrom(text string, start, base int) (*Cell, Errors) {
	c := &Cell{Text: text, lines: lineStarts(text), base: base}
	return c, c.parse(start)
}

// parse takes the cell's text from an offset apart.
func (c *Cell) parse(start int) Errors {
	s := newSplitter(c, start)
	s.run()
	c.Go = string(s.src)
	var errs Errors
	for i, ch := range s.chunks {
		it, bad := s.item(ch, i == len(s.chunks)-1)
		if len(bad) > 0 {
			s.forgiveStray(i)
			errs = append(errs, bad...)
			continue
		}
		c.Items = append(c.Items, it)
	}
	for _, st := range s.strays {
		errs = append(errs, st.diag)
	}
	errs = append(append(errs, s.errs...), s.encodingErrors()...)
	errs.Sort()
	return errs.Dedupe()
}

// diag makes a diagnostic for the bytes [from, to) of the cell; its end is cut
// at the end of the line.
func (c *Cell) diag(code, msg string, from, to int) Diagnostic {
	line, col := c.Position(from)
	d := Diagnostic{Line: line, Col: col, EndCol: col + 1, Msg: msg, Code: code}
	if nl := strings.IndexByte(c.Text[min(from, len(c.Text)):], '\n'); nl >= 0 {
		to = min(to, from+nl)
	}
	if to > from {
		d.EndCol = col + to - from
	}
	return d
}

func lineStarts(text string) []int {
	starts := []int{0}
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// normalize makes line ends single newlines. Its result is its own normal form.
func normalize(text string) string {
	if !strings.Contains(text, "\r\n") {
		return text
	}
	lines := strings.Split(text, "\n")
	for i := range lines[:len(lines)-1] {
		lines[i] = strings.TrimRight(lines[i], "\r")
	}
	return strings.Join(lines, "\n")
}
