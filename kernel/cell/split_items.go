package cell

import (
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTrials bounds how often the splitter asks the parser where one control
// statement ends. Real ones need one or two.
const maxTrials = 6

// leader returns the index of the item's first token after labels.
func leader(toks []lexeme) int {
	i := 0
	for i+2 < len(toks) && toks[i].tok == token.IDENT && toks[i+1].tok == token.COLON {
		i += 2
	}
	return i
}

// isControl reports whether the item is a statement with a header and a block.
func isControl(toks []lexeme) bool {
	switch toks[leader(toks)].tok {
	case token.IF, token.FOR, token.SWITCH, token.SELECT:
		return true
	}
	return false
}

// isFuncDecl tells `func name(` and `func (recv) name(` from a literal.
func isFuncDecl(toks []lexeme) bool {
	if len(toks) < 2 || toks[0].tok != token.FUNC {
		return false
	}
	if toks[1].tok == token.IDENT {
		return true
	}
	i := closing(toks, 1) + 1
	if toks[1].tok != token.LPAREN || i+1 >= len(toks) || toks[i].tok != token.IDENT {
		return false
	}
	if toks[i+1].tok == token.LBRACK { // func(T) R[int] {} or a method that wrongly has type parameters
		i = closing(toks, i+1)
		return i+1 < len(toks) && toks[i+1].tok == token.LPAREN
	}
	return toks[i+1].tok == token.LPAREN
}

// closing returns the index of the token that closes the bracket at i, or the
// last index.
func closing(toks []lexeme, i int) int {
	depth := 0
	for ; i < len(toks); i++ {
		switch toks[i].tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth <= 0 {
				return i
			}
		}
	}
	return len(toks) - 1
}

// complete decides whether the item ends at a semicolon at bracket depth 0.
// It does unless the semicolon stands in the header of a control statement, or
// before a brace that was wrongly put on a line of its own.
func (s *splitter) complete(l lexeme) bool {
	last := s.toks[len(s.toks)-1]
	braceNext := !l.explicit() && s.nextByte(l.off) == '{'
	if isFuncDecl(s.toks) {
		return !braceNext || last.tok == token.RBRACE
	}
	if !isControl(s.toks) || s.stray != nil {
		return true
	}
	if last.tok != token.RBRACE {
		s.header++
		if braceNext {
			return false
		}
		return !l.explicit() && !s.headerGoesOn()
	}
	if s.trials++; s.trials > maxTrials {
		return true
	}
	p := s.parse(s.toks[0].off, last.end, s.toks)
	return p.err == nil || p.errAt < last.end
}

// headerGoesOn tells a header written over several lines (legal, and rare:
// gofmt joins them) from one whose block was forgotten.
func (s *splitter) headerGoesOn() bool {
	if s.toks[leader(s.toks)].tok != token.FOR && s.header > 1 || s.header > 2 {
		return false
	}
	start := s.toks[0].off
	probe := newProbe(s.cell, s.src, start)
	for range maxTrials {
		end := probe.nextBlockEnd()
		if end < 0 {
			return false
		}
		p := s.parse(start, end, nil)
		if p.err == nil {
			return true
		}
		if p.errAt < end {
			return false
		}
	}
	return false
}

// newProbe makes a splitter that only reads ahead.
func newProbe(c *Cell, src []byte, at int) *splitter {
	quiet := *c
	p := &splitter{cell: &quiet, src: src}
	p.restart(at)
	return p
}

// nextBlockEnd reads on to a semicolon at depth 0 that follows a closing
// brace, and returns that brace's end, or -1 when a header can't be that long.
func (s *splitter) nextBlockEnd() int {
	for semicolons := 0; semicolons <= 3; {
		l := s.next()
		switch l.tok {
		case token.COMMENT:
			continue
		case token.EOF:
			return -1
		case token.LPAREN, token.LBRACK, token.LBRACE:
			s.open = append(s.open, opener{lexeme: l})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			s.close(l)
		case token.SEMICOLON:
			if n := len(s.toks); len(s.open) == 0 && n > 0 && s.toks[n-1].tok == token.RBRACE {
				return s.toks[n-1].end
			}
			if len(s.open) == 0 {
				semicolons++
			}
		}
		s.toks = append(s.toks[:0], l)
	}
	return -1
}

// nextByte returns the next byte of the text that isn't white space, or 0.
func (s *splitter) nextByte(off int) byte {
	if off = s.skipSpace(off); off < len(s.src) {
		return s.src[off]
	}
	return 0
}

// junk reports a line that starts with a character that Go doesn't know.
func (s *splitter) junk(l lexeme) {
	r, size := utf8.DecodeRuneInString(s.cell.Text[l.off:])
	msg := fmt.Sprintf("unexpected character %q", r)
	if r == '#' {
		msg = "unexpected #: comments start with //"
	}
	s.errs = append(s.errs, s.cell.diag(CodeSyntax, msg, l.off, l.off+size))
	end := s.lineEnd(l.off)
	s.lastEnd = end
	s.restart(end)
}

// strayLine is a closing bracket at the start of a statement.
type strayLine struct {
	after int // index of the chunk before it, or -1
	diag  Diagnostic
}

// forgiveStray drops the first stray bracket after a chunk that doesn't parse:
// it most likely belongs to the same mistake.
func (s *splitter) forgiveStray(chunk int) {
	for i, st := range s.strays {
		if st.after == chunk {
			s.strays = slices.Delete(s.strays, i, i+1)
			return
		}
	}
}

// strayCloser reports a closing bracket without an opening one, and skips what
// follows it in the same statement, such as the `else {...}` of `} else {...}`.
func (s *splitter) strayCloser(l lexeme) {
	if s.resyncs == 0 {
		d := s.cell.diag(CodeSyntax, fmt.Sprintf("unexpected %s: nothing is open here", l.tok), l.off, l.end)
		s.strays = append(s.strays, strayLine{after: len(s.chunks) - 1, diag: d})
	}
	for depth := 0; ; {
		next := s.next()
		switch next.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(depth-1, 0)
		case token.SEMICOLON, token.EOF:
			if depth == 0 || next.tok == token.EOF {
				s.lastEnd = next.end
				s.comments = nil
				s.stop = next.tok == token.EOF
				return
			}
		}
	}
}

// maxResyncs bounds how often a cell is read again from a guessed boundary.
const maxResyncs = 20

// resyncAt looks in an item that never closes for a line, not indented, that
// can only start a new declaration, and returns its offset, or 0.
func (s *splitter) resyncAt(ch chunk) int {
	if s.resyncs++; s.resyncs > maxResyncs {
		return 0
	}
	first := ch.open[0].off
	for i, t := range ch.toks {
		if t.off <= first || t.off == 0 || s.src[t.off-1] != '\n' {
			continue
		}
		if t.tok == token.IMPORT || t.tok == token.TYPE || isFuncDecl(ch.toks[i:]) {
			return t.off
		}
	}
	return 0
}

// truncate cuts an item that was read too far.
func (s *splitter) truncate(ch chunk, at int) chunk {
	n := 0
	for n < len(ch.toks) && ch.toks[n].off < at {
		n++
	}
	for n > 1 && ch.toks[n-1].tok == token.SEMICOLON {
		n--
	}
	ch.toks = ch.toks[:n]
	ch.end = ch.toks[n-1].end
	var open []opener
	for _, o := range ch.open {
		if o.off < at {
			open = append(open, o)
		}
	}
	ch.open = open
	return ch
}

// lineEnd returns the offset of the newline that ends the line of off.
func (s *splitter) lineEnd(off int) int {
	return off + s.until(off, "\n", 0)
}

// encodingFault is a byte sequence that can't stand in Go source.
type encodingFault struct {
	off, size int
	msg       string
}

// maxFaults bounds the reports about a cell that isn't text at all.
const maxFaults = 100

// sanitize blanks NUL bytes, invalid UTF-8 and byte order marks, and reports
// each run of them once. A mark at the very start is allowed, as in Go files.
func sanitize(src []byte) []encodingFault {
	var faults []encodingFault
	for i := 0; i < len(src); {
		r, size := utf8.DecodeRune(src[i:])
		msg := ""
		switch {
		case r == 0:
			msg = "NUL byte in the source"
		case r == utf8.RuneError && size == 1:
			msg = fmt.Sprintf("byte %#02x is not valid UTF-8", src[i])
		case r == '\ufeff' && i == 0:
			copy(src, "   ")
		case r == '\ufeff':
			msg = "byte order mark (U+FEFF) in the source"
		}
		if msg != "" {
			n := len(faults)
			if n > 0 && faults[n-1].off+faults[n-1].size == i {
				faults[n-1].size += size
			} else if n < maxFaults {
				faults = append(faults, encodingFault{i, size, msg})
			}
			copy(src[i:i+size], strings.Repeat(" ", size))
		}
		i += size
	}
	return faults
}

// encodingErrors reports the faults that stand in Go text; a magic line may
// hold what it likes.
func (s *splitter) encodingErrors() Errors {
	var errs Errors
	for _, f := range s.bad {
		line, _ := s.cell.Position(f.off)
		if s.isMagicLine(line) {
			continue
		}
		errs = append(errs, s.cell.diag(CodeEncoding, f.msg, f.off, f.off+f.size))
	}
	return errs
}

// isMagicLine reports whether a line belongs to the kernel.
func (s *splitter) isMagicLine(line int) bool {
	within := func(m Magic) bool {
		from, _ := s.cell.Position(m.Start)
		to, _ := s.cell.Position(m.End)
		return from <= line && line <= to
	}
	if m := s.cell.CellMagic; m != nil {
		from, _ := s.cell.Position(m.Start)
		return line >= from
	}
	for _, m := range s.cell.Magics {
		if within(m) {
			return true
		}
	}
	return false
}

// maxLookahead bounds the tokens of a negation that is looked for; it keeps
// the time linear in texts full of open brackets.
const maxLookahead = 200

// statementEnd reads to the semicolon that ends the statement and returns its
// offset; unclosed is set when the text ends first.
func (s *splitter) statementEnd() int {
	for range maxLookahead {
		l := s.next()
		switch l.tok {
		case token.EOF:
			s.unclosed = s.unclosed || len(s.open) > 0
			return len(s.src)
		case token.LPAREN, token.LBRACK, token.LBRACE:
			s.open = append(s.open, opener{lexeme: l})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			s.close(l)
		case token.SEMICOLON:
			if len(s.open) == 0 {
				return l.off
			}
		}
	}
	s.unclosed = true
	return len(s.src)
}
