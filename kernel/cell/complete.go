package cell

import (
	"go/ast"
	"go/token"
	"strings"
)

// What IsComplete answers, in the words of Jupyter's is_complete_reply.
const (
	StatusComplete   = "complete"
	StatusIncomplete = "incomplete"
	StatusInvalid    = "invalid"
	StatusUnknown    = "unknown"
)

// IsComplete tells a console whether to run text or to ask for another line,
// and how to indent that line. Text that more lines could complete is
// incomplete; text whose error they couldn't mend is invalid.
func IsComplete(text string) (status, indent string) {
	text = normalize(text)
	c := &Cell{Text: text, lines: lineStarts(text)}
	s := newSplitter(c, 0)
	s.patient = true
	s.run()
	switch {
	case c.CellMagic != nil:
		return s.magicComplete()
	case s.openLine():
		return StatusIncomplete, ""
	}
	for i, ch := range s.chunks {
		if status, indent := s.chunkStatus(ch, i == len(s.chunks)-1); status != StatusComplete {
			return status, indent
		}
	}
	switch {
	case s.unclosed:
		return s.ifOnlyUnclosed("")
	case len(s.errs)+len(s.strays)+len(s.encodingErrors()) > 0:
		return StatusInvalid, ""
	case s.danglingDirective(), c.Main && len(s.chunks) == 0:
		return StatusIncomplete, ""
	}
	return StatusComplete, ""
}

// chunkStatus decides for one item. Only the last one can be incomplete.
func (s *splitter) chunkStatus(ch chunk, last bool) (status, indent string) {
	p := s.parseLast(ch, last)
	end := lastToken(ch.toks)
	inLiteral := s.unclosedLiteral && ch.end == len(s.src)
	limit := ch.end // an error before it can't be mended
	if inLiteral {
		limit = end.off
	}
	switch {
	case p.err != nil && (!last || p.errAt < limit):
		return StatusInvalid, ""
	case inLiteral:
		return s.ifOnlyUnclosed("")
	case len(ch.open) > 0:
		return s.ifOnlyUnclosed(s.openIndent(ch))
	case p.err != nil && (s.cell.Hidden || endsOperand(end.tok)):
		return StatusInvalid, ""
	case p.err != nil:
		return s.ifOnlyUnclosed(s.indentAt(ch.end) + "\t")
	case last && danglingLabel(p.stmt):
		return s.ifOnlyUnclosed(s.indentAt(ch.end))
	}
	return StatusComplete, ""
}

// lastToken returns an item's last token that stands in the text.
func lastToken(toks []lexeme) lexeme {
	for i := len(toks) - 1; i > 0; i-- {
		if toks[i].tok != token.SEMICOLON || toks[i].explicit() {
			return toks[i]
		}
	}
	return toks[0]
}

// parseLast parses a chunk; the last one may be a list of values, begun or whole.
func (s *splitter) parseLast(ch chunk, last bool) *parsed {
	p := s.parse(ch.start, ch.end, ch.toks)
	if p.err == nil || !last || itemKind(ch.toks) != ItemStmt || len(ch.open) > 0 {
		return p
	}
	if vals, q := s.parseList(ch); len(vals) > 1 || q.err != nil && q.errAt >= ch.end {
		return q
	}
	return p
}

// ifOnlyUnclosed answers incomplete unless an earlier error makes it moot.
func (s *splitter) ifOnlyUnclosed(indent string) (status, in string) {
	for _, e := range s.errs {
		if e.Code != CodeIncomplete {
			return StatusInvalid, ""
		}
	}
	if len(s.strays)+len(s.encodingErrors()) > 0 {
		return StatusInvalid, ""
	}
	return StatusIncomplete, indent
}

// magicComplete decides for a cell magic, which a blank line ends.
func (s *splitter) magicComplete() (status, indent string) {
	text := s.cell.Text
	if s.openLine() {
		return StatusIncomplete, ""
	}
	at := strings.LastIndexByte(strings.TrimSuffix(text, "\n"), '\n')
	if at >= s.cell.CellMagic.End && strings.TrimSpace(text[at:]) == "" {
		return StatusComplete, ""
	}
	last := text[strings.LastIndexByte(strings.TrimRight(text, " \t\n"), '\n')+1:]
	if strings.TrimSpace(s.cell.CellMagic.Body) == "" {
		return StatusIncomplete, ""
	}
	return StatusIncomplete, last[:len(last)-len(strings.TrimLeft(last, " \t"))]
}

// openLine reports whether the cell ends in a special line that goes on.
func (s *splitter) openLine() bool {
	text := s.cell.Text
	last := text[strings.LastIndexByte(text, '\n')+1:]
	if !continues(last) {
		return false
	}
	end := len(text)
	if m := s.cell.CellMagic; m != nil && m.End == end {
		return true
	}
	n := len(s.cell.Magics)
	return n > 0 && s.cell.Magics[n-1].End == end
}

// openIndent returns the indentation for the line after an item with open
// brackets: one more than the line of the innermost one, except that the cases
// of a switch aren't indented.
func (s *splitter) openIndent(ch chunk) string {
	o := ch.open[len(ch.open)-1]
	indent := s.indentAt(o.off)
	last := lastToken(ch.toks)
	if last.off == o.off && o.tok == token.LBRACE && opensCases(ch.toks) {
		return indent
	}
	if last.tok == token.COLON && startsCase(s.cell.Text, last.off) {
		return s.indentAt(last.off) + "\t"
	}
	if !strings.Contains(s.cell.Text[o.off:last.off], "\n") {
		return indent + "\t"
	}
	// Deeper in the bracket: stay with the last line.
	in := s.indentAt(last.off)
	if len(in) <= len(indent) {
		return indent + "\t"
	}
	if expectsOperand(last.tok) && !strings.HasPrefix(in, indent+"\t\t") {
		in += "\t"
	}
	return in
}

// opensCases reports whether the last token opens the block of a switch or
// select: no other block's header starts between.
func opensCases(toks []lexeme) bool {
	for i := len(toks) - 2; i >= 0; i-- {
		switch toks[i].tok {
		case token.SWITCH, token.SELECT:
			return true
		case token.LBRACE, token.RBRACE, token.FUNC, token.IF, token.FOR, token.COLON, token.STRUCT, token.INTERFACE:
			return false
		}
	}
	return false
}

// startsCase reports whether the line of a colon is a case clause's.
func startsCase(text string, colon int) bool {
	line := strings.TrimLeft(text[strings.LastIndexByte(text[:colon], '\n')+1:colon], " \t")
	return strings.HasPrefix(line, "case ") || strings.HasPrefix(line, "default")
}

// expectsOperand reports whether an expression goes on after the token.
func expectsOperand(t token.Token) bool {
	switch t {
	case token.COMMA, token.SEMICOLON, token.COLON, token.LPAREN, token.LBRACK, token.LBRACE:
		return false
	}
	return t.IsOperator() && !endsOperand(t)
}

// endsOperand reports whether an expression or statement can end with the
// token, so that Go takes a newline after it for a semicolon.
func endsOperand(t token.Token) bool {
	switch t {
	case token.RPAREN, token.RBRACK, token.RBRACE, token.INC, token.DEC,
		token.BREAK, token.CONTINUE, token.FALLTHROUGH, token.RETURN:
		return true
	}
	return t == token.IDENT || t.IsLiteral()
}

// danglingLabel reports whether a statement is a label that waits for its loop.
func danglingLabel(st ast.Stmt) bool {
	for {
		l, ok := st.(*ast.LabeledStmt)
		if !ok {
			return false
		}
		if e, ok := l.Stmt.(*ast.EmptyStmt); ok {
			return e.Implicit
		}
		st = l.Stmt
	}
}

// danglingDirective reports whether the cell ends in a //go: comment that
// waits for its declaration.
func (s *splitter) danglingDirective() bool {
	for _, c := range s.comments {
		if isDirective(s.cell.Text[c.off:c.end]) {
			return true
		}
	}
	return false
}
