package cell

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
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
func (s *splitter) item(ch chunk, last bool) (Item, *Diagnostic) {
	it := Item{Kind: itemKind(ch.toks), Start: ch.start, End: ch.end, Code: ch.code, shift: posShift + s.cell.base}
	p := s.parse(ch.start, ch.end, ch.toks)
	if p.err != nil && last && it.Kind == ItemStmt && len(ch.open) == 0 {
		if vals, q := s.parseList(ch); len(vals) > 1 {
			it.Values, it.Stmt, it.Fset, it.Comments = vals, &ast.ExprStmt{X: vals[0]}, q.fset, q.file.Comments
			return it, nil
		}
	}
	if p.err != nil {
		return Item{}, s.explain(ch, p, last)
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

// explain makes one diagnostic of what the parser said about a chunk.
func (s *splitter) explain(ch chunk, p *parsed, last bool) *Diagnostic {
	if d := s.explainStart(ch); d != nil {
		return d
	}
	if p.errAt < ch.end {
		from := max(p.errAt, ch.start)
		msg := p.msg
		if s.src[from] == '%' && s.firstOnLine(from) {
			d := s.cell.diag(CodeMagic, "a magic line can't stand inside a statement or function", from, from+1)
			return &d
		}
		d := s.cell.diag(CodeSyntax, plainTokens(msg), from, tokenEnd(ch.toks, from))
		return &d
	}
	if len(ch.open) > 0 {
		o := ch.open[len(ch.open)-1]
		want := map[token.Token]string{token.LPAREN: ")", token.LBRACK: "]", token.LBRACE: "}"}[o.tok]
		d := s.cell.diag(CodeIncomplete, fmt.Sprintf("missing %s: this %s is never closed", want, o.tok), o.off, o.end)
		return &d
	}
	found, code := "the end of the statement", CodeSyntax
	if last {
		found, code = "the end of the cell", CodeIncomplete
	}
	msg := p.msg
	if i := strings.LastIndex(msg, ", found "); i >= 0 {
		msg = msg[:i] + ", found " + found
	}
	d := s.cell.diag(code, plainTokens(msg), ch.end, ch.end)
	return &d
}

// explainStart knows the mistakes that show in an item's first token.
func (s *splitter) explainStart(ch chunk) *Diagnostic {
	msg := ""
	switch t := ch.toks[0]; t.tok {
	case token.ELSE:
		msg = "else must stand on the line of the closing brace: } else {"
	case token.CASE, token.DEFAULT:
		msg = fmt.Sprintf("%s outside switch or select", t.tok)
	case token.PACKAGE:
		msg = "malformed package clause"
	default:
		return nil
	}
	d := s.cell.diag(CodeSyntax, msg, ch.toks[0].off, ch.toks[0].end)
	return &d
}

// tokenEnd returns where the token at an offset ends.
func tokenEnd(toks []lexeme, off int) int {
	for _, t := range toks {
		if t.off <= off && off < t.end {
			return t.end
		}
	}
	return off + 1
}

// plainTokens takes the quotes off keywords and operators in the parser's
// messages, and the details of what it found off names and literals.
func plainTokens(msg string) string {
	return strings.NewReplacer("'EOF'", "the end of the cell", "';'", "semicolon").Replace(msg)
}
