package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// lexeme is one Go token with its place in the cell.
type lexeme struct {
	tok      token.Token
	lit      string
	off, end int
}

// explicit reports whether a semicolon stands in the text.
func (l lexeme) explicit() bool { return l.tok == token.SEMICOLON && l.lit == ";" }

// opener is an open bracket.
type opener struct {
	lexeme
	group bool // the parenthesis of import (...), const (...) and so on
}

// chunk is the text of one item before it is parsed.
type chunk struct {
	start, code, end int
	toks             []lexeme
	open             []opener // brackets that the end of the cell leaves open
	stray            *lexeme  // first closing bracket without an opening one
	guessed          bool     // brackets were closed by guess
}

// splitter cuts a cell into chunks and takes out the kernel's own lines.
type splitter struct {
	cell *Cell
	src  []byte // becomes Cell.Go
	bad  []encodingFault

	sc   scanner.Scanner
	file *token.File
	base int // offset of the text given to sc

	draft              // the item being read; it has no tokens at a statement boundary
	comments  []lexeme // seen since the last boundary, not yet owned by an item
	bodyStart int      // where reading began
	lastEnd   int      // end of the last token or line that isn't a comment
	patient   bool     // more text may follow: don't guess where unclosed items end
	resyncs   int      // unclosed items seen: from then on stray brackets mean nothing
	stop      bool     // the rest of the cell isn't Go

	unclosed        bool // the cell ends inside a comment, raw string or bracket
	unclosedLiteral bool // that is a comment or a raw string
	openComment     bool // that is a comment

	chunks []chunk
	errs   Errors
	strays []strayLine // errors that depend on whether the chunk before them parses
}

// draft is what is known of an item while it is read.
type draft struct {
	toks       []lexeme
	open       []opener
	header     int     // semicolons seen in the header of an if, for or switch
	trials     int     // how often the parser was asked where the item ends
	guessed    bool    // brackets were closed by guess
	stray      *lexeme // the first closing bracket without an opening one
	stringLine bool    // a string on the current line lacks its closing quote
}

func newSplitter(c *Cell, start int) *splitter {
	s := &splitter{cell: c, src: []byte(c.Text), bodyStart: start, lastEnd: start}
	s.blank(0, start)
	s.bad = sanitize(s.src)
	s.restart(start)
	return s
}

// restart makes the scanner go on at the given offset, at a statement boundary.
func (s *splitter) restart(at int) {
	s.base = at
	rest := s.src[at:]
	s.file = token.NewFileSet().AddFile("cell", 1, len(rest))
	s.sc.Init(s.file, rest, s.scanError, scanner.ScanComments)
	s.draft, s.comments = draft{}, nil
}

// scanError hears of lexical errors. Most are reported again by the parser of
// the item; only what outlives the item matters here.
func (s *splitter) scanError(pos token.Position, msg string) {
	switch {
	case strings.HasPrefix(msg, "comment not terminated"):
		from := s.base + pos.Offset
		s.errs = append(s.errs, s.cell.diag(CodeIncomplete, "comment not terminated", from, from+2))
		s.unclosed, s.unclosedLiteral, s.openComment = true, true, true
	case strings.HasPrefix(msg, "raw string literal not terminated"):
		s.unclosed, s.unclosedLiteral = true, true
	case strings.HasPrefix(msg, "string literal not terminated"),
		strings.HasPrefix(msg, "rune literal not terminated"):
		s.stringLine = true
	}
}

// next reads one token.
func (s *splitter) next() lexeme {
	pos, tok, lit := s.sc.Scan()
	off := min(s.base+int(pos)-1, len(s.src))
	l := lexeme{tok: tok, lit: lit, off: off}
	l.end = off + s.width(l)
	return l
}

// width is a token's length in the source. The scanner drops carriage returns
// from raw strings and comments, so their literals can't be measured.
func (s *splitter) width(l lexeme) int {
	rest := string(s.src[l.off:min(len(s.src), l.off+max(len(l.lit), 3))])
	switch {
	case l.tok == token.EOF || l.tok == token.SEMICOLON && l.lit != ";":
		return 0
	case strings.HasPrefix(rest, "//"):
		return s.until(l.off, "\n", 0)
	case l.tok == token.COMMENT:
		return s.until(l.off+2, "*/", 2) + 2
	case l.tok == token.STRING && rest[0] == '`':
		return s.until(l.off+1, "`", 1) + 1
	case l.lit != "":
		return len(l.lit)
	}
	return len(l.tok.String())
}

// until measures from an offset to a mark, plus extra when the mark exists.
func (s *splitter) until(off int, mark string, extra int) int {
	rest := s.cell.Text[off:]
	if i := strings.Index(rest, mark); i >= 0 {
		return i + extra
	}
	return len(rest)
}

// run reads the whole cell.
func (s *splitter) run() {
	for !s.stop {
		l := s.next()
		switch {
		case l.tok == token.COMMENT:
			s.comment(l)
		case len(s.toks) > 0:
			s.within(l)
		case l.tok == token.EOF:
			return
		default:
			s.boundary(l)
		}
	}
}

// comment handles a comment: one of the kernel's lines in disguise, or a
// candidate for the next item's documentation.
func (s *splitter) comment(l lexeme) {
	if len(s.toks) > 0 {
		return
	}
	if s.firstOnLine(l.off) && strings.HasPrefix(s.cell.Text[l.off:], gonbPrefix) {
		at := l.off + len(gonbPrefix)
		if at < len(s.src) && (s.src[at] == '%' || s.src[at] == '!') {
			s.magicLine(l.off)
			return
		}
	}
	if !strings.Contains(s.cell.Text[s.lastEnd:l.off], "\n") && s.lastEnd > s.bodyStart {
		return // trails the line before
	}
	s.comments = append(s.comments, l)
}

// boundary handles the first token of a statement.
func (s *splitter) boundary(l lexeme) {
	switch first := s.firstOnLine(l.off); {
	case l.tok == token.SEMICOLON:
		s.cell.Hidden = s.cell.Hidden || l.explicit() && len(s.chunks) > 0
		s.lastEnd = l.end
	case first && (s.src[l.off] == '%' || s.src[l.off] == '!'):
		s.magicLine(l.off)
	case first && l.tok == token.IDENT && s.assignedMagic(l.off):
	case first && s.helpLine(l):
	case l.tok == token.ILLEGAL && !strings.ContainsAny(l.lit[:1], "`'\""):
		s.junk(l)
	case l.tok == token.RPAREN || l.tok == token.RBRACK || l.tok == token.RBRACE:
		s.strayCloser(l)
	default:
		s.within(l)
	}
}

// firstOnLine reports whether only white space stands before off on its line.
func (s *splitter) firstOnLine(off int) bool {
	for off--; off >= 0 && s.src[off] != '\n'; off-- {
		if c := s.src[off]; c != ' ' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}

// within adds a token to the current item and ends the item where it ends.
func (s *splitter) within(l lexeme) {
	switch l.tok {
	case token.EOF:
		s.finish(l) // may go back to read again what it read too far
		return
	case token.LPAREN, token.LBRACK, token.LBRACE:
		group := len(s.toks) == 1 && opensGroup(append(s.toks, l))
		s.open = append(s.open, opener{l, group})
	case token.RPAREN, token.RBRACK, token.RBRACE:
		if len(s.open) == 0 && s.stray == nil {
			s.stray = &l
		}
		s.close(l)
	case token.SEMICOLON:
		s.recoverLine(l)
		if len(s.open) == 0 && s.complete(l) {
			s.finish(l)
			return
		}
	}
	s.toks = append(s.toks, l)
	s.lastEnd = l.end
}

// close takes the bracket that l closes off the stack, with those inside it
// that were left open.
func (s *splitter) close(l lexeme) {
	want := openerOf[l.tok]
	if n := len(s.open); n > 0 && s.open[n-1].group && expectsOperand(s.toks[len(s.toks)-1].tok) {
		return // const ( A = ): the operand is missing, the group goes on
	}
	for i := len(s.open) - 1; i >= 0; i-- {
		if s.open[i].tok == want {
			s.open = s.open[:i]
			return
		}
		if s.open[i].tok == token.LBRACE {
			break // a parenthesis never closes a block
		}
	}
	if len(s.open) > 0 && l.tok == token.RBRACE {
		s.open = s.open[:len(s.open)-1]
	}
}

// recoverLine closes at a line's end the brackets that can't be meant to stay
// open, so that one forgotten `)` or `"` doesn't swallow the rest of the cell.
// The item holds a syntax error in any case; only its extent is guessed.
func (s *splitter) recoverLine(l lexeme) {
	if l.explicit() {
		return
	}
	if s.stringLine {
		for len(s.open) > 0 && !strings.Contains(s.cell.Text[s.open[len(s.open)-1].off:l.off], "\n") {
			s.open = s.open[:len(s.open)-1]
			s.guessed = true
		}
		s.stringLine = false
	}
	for len(s.open) > 0 {
		top := s.open[len(s.open)-1]
		if top.group || top.tok == token.LBRACE || !s.dedented(top.off, l.off) {
			return
		}
		s.open = s.open[:len(s.open)-1]
		s.guessed = true
	}
}

// dedented reports whether the text after off goes on, and not deeper than the
// line of the bracket at open, and not with a closing bracket.
func (s *splitter) dedented(open, off int) bool {
	next := s.skipSpace(off)
	if next >= len(s.src) || strings.IndexByte(")]}", s.src[next]) >= 0 {
		return false
	}
	return len(s.indentAt(next)) <= len(s.indentAt(open))
}

// skipSpace returns the offset of the next byte that isn't white space.
func (s *splitter) skipSpace(off int) int {
	for off < len(s.src) && strings.IndexByte(" \t\r\n", s.src[off]) >= 0 {
		off++
	}
	return off
}

// indentAt returns the white space at the start of the line that holds off.
func (s *splitter) indentAt(off int) string {
	line := s.cell.Text[strings.LastIndexByte(s.cell.Text[:off], '\n')+1:]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// finish ends the item before its terminator l.
func (s *splitter) finish(l lexeme) {
	toks := s.toks
	n := len(toks)
	ch := chunk{code: toks[0].off, end: toks[n-1].end, toks: toks, open: s.open, guessed: s.guessed, stray: s.stray}
	ch.start = s.docStart(ch.code)
	inComment := l.tok == token.EOF && s.openComment
	s.unclosed = s.unclosed || len(s.open) > 0
	s.draft, s.comments, s.lastEnd = draft{}, nil, l.end
	if len(ch.open) > 0 && !s.patient {
		if at := s.resyncAt(ch); at > 0 {
			ch = s.truncate(ch, at)
			defer s.restart(at)
			s.unclosed = false
		}
	}
	if toks[0].tok == token.PACKAGE && len(toks) == 2 && toks[1].tok == token.IDENT {
		s.blank(ch.code, l.end)
		return
	}
	s.cell.Hidden = l.explicit()
	if !inComment { // its error has been reported
		s.chunks = append(s.chunks, ch)
	}
}

// docStart returns where the item whose first token is at code begins: at the
// comments directly above it, and at any directive since the last item, which
// the compiler honours over blank lines too.
func (s *splitter) docStart(code int) int {
	start := code
	for i := len(s.comments) - 1; i >= 0; i-- {
		c := s.comments[i]
		if strings.Count(s.cell.Text[c.end:start], "\n") > 1 {
			break
		}
		start = c.off
	}
	for _, c := range s.comments {
		if isDirective(s.cell.Text[c.off:c.end]) {
			return min(start, c.off)
		}
	}
	return start
}

// isDirective reports whether a comment speaks to the compiler or to cgo.
func isDirective(text string) bool {
	return strings.HasPrefix(text, "//go:") || strings.HasPrefix(text, "//export ")
}

// blank overwrites [from, to) of the Go text with spaces, keeping newlines.
func (s *splitter) blank(from, to int) {
	for i := from; i < to; i++ {
		if s.src[i] != '\n' {
			s.src[i] = ' '
		}
	}
}
