package cell

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
)

// The prefixes under which go/parser sees an item. They have one length, so
// that every node of a cell stands at its offset plus posShift.
const (
	stmtPrefix = "package p;func _(){\n"
	declPrefix = "package p;         \n"
	listPrefix = "package p;var _ =  \n"
	itemSuffix = "\n}"

	posShift = len(stmtPrefix) + 1
)

// parsed is what go/parser made of a piece of text.
type parsed struct {
	file  *ast.File
	fset  *token.FileSet
	decl  ast.Decl
	stmt  ast.Stmt
	err   error
	errAt int    // offset of the first error in the cell
	msg   string // its text
}

// itemKind classifies an item by its first tokens.
func itemKind(toks []lexeme) ItemKind {
	switch toks[0].tok {
	case token.IMPORT:
		return ItemImport
	case token.CONST:
		return ItemConst
	case token.TYPE:
		return ItemType
	case token.VAR:
		return ItemVar
	case token.FUNC:
		if isFuncDecl(toks) {
			return ItemFunc
		}
	}
	return ItemStmt
}

// item parses a chunk. last says that no other item follows.
func (s *splitter) item(ch chunk, last bool) (Item, Errors) {
	it := Item{Kind: itemKind(ch.toks), Start: ch.start, End: ch.end, Code: ch.code, shift: posShift + s.cell.base}
	p := s.parse(ch.start, ch.end, ch.toks)
	if p.err != nil && last && it.Kind == ItemStmt && len(ch.open) == 0 {
		if vals, q := s.parseList(ch); len(vals) > 1 {
			it.Values, it.Stmt, it.Fset, it.Comments = vals, &ast.ExprStmt{X: vals[0]}, q.fset, q.file.Comments
			return it, nil
		}
	}
	if p.err != nil {
		return Item{}, s.explainAll(ch, p)
	}
	it.Decl, it.Stmt, it.Fset, it.Comments = p.decl, p.stmt, p.fset, p.file.Comments
	if e, ok := p.stmt.(*ast.ExprStmt); ok {
		it.Values = []ast.Expr{e.X}
	}
	return it, nil
}

// parse gives the text between two offsets to go/parser; toks are its tokens.
// Without tokens it is taken for a statement.
func (s *splitter) parse(start, end int, toks []lexeme) *parsed {
	if len(toks) > 0 && itemKind(toks) != ItemStmt {
		p := s.parseUnder(declPrefix, start, end, "\n")
		if p.err == nil {
			if len(p.file.Decls) == 1 {
				p.decl = p.file.Decls[0]
			} else if itemKind(toks) == ItemImport && len(p.file.Decls) == 0 {
				p.fail(start, "malformed import")
			} else {
				p.fail(start, "expected one declaration")
			}
		}
		return p
	}
	p := s.parseUnder(stmtPrefix, start, end, itemSuffix)
	if p.err != nil {
		return p
	}
	if len(p.file.Decls) != 1 {
		p.fail(start, "unbalanced brackets")
		return p
	}
	list := p.file.Decls[0].(*ast.FuncDecl).Body.List
	if len(list) != 1 {
		p.fail(start, "expected one statement")
		return p
	}
	p.stmt = list[0]
	return p
}

// parseList reads the chunk as a list of expressions.
func (s *splitter) parseList(ch chunk) ([]ast.Expr, *parsed) {
	p := s.parseUnder(listPrefix, ch.start, ch.end, "\n")
	if p.err != nil || len(p.file.Decls) != 1 {
		return nil, p
	}
	return p.file.Decls[0].(*ast.GenDecl).Specs[0].(*ast.ValueSpec).Values, p
}

// parseUnder parses text between a prefix and a suffix. The file's base is
// chosen so that positions are offsets plus posShift.
func (s *splitter) parseUnder(prefix string, start, end int, suffix string) *parsed {
	src := make([]byte, 0, len(prefix)+end-start+len(suffix))
	src = append(src, prefix...)
	src = append(src, s.src[start:end]...)
	src = append(src, suffix...)
	p := &parsed{fset: token.NewFileSet()}
	if shift := start + s.cell.base; shift > 0 {
		p.fset.AddFile("", 1, shift-1)
	}
	p.file, p.err = parser.ParseFile(p.fset, "cell", src, parser.ParseComments|parser.SkipObjectResolution)
	var list scanner.ErrorList
	if errors.As(p.err, &list) && len(list) > 0 {
		// The list is sorted by the line that a //line comment may claim, so
		// look for the first offset.
		first := list[0]
		for _, e := range list {
			if e.Pos.Offset < first.Pos.Offset {
				first = e
			}
		}
		p.errAt, p.msg = start+first.Pos.Offset-len(prefix), first.Msg
	}
	return p
}

func (p *parsed) fail(at int, msg string) {
	p.err, p.errAt, p.msg = errors.New(msg), at, msg
}
