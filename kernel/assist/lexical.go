package assist

import (
	"go/scanner"
	"go/token"
	"strings"
)

// place says what kind of token a cursor is in.
type place int

const (
	inCode    place = iota // at or behind a name, or where one could begin
	inString               // inside a string
	inNothing              // inside a number or a rune
	inComment
)

// lexeme is a token with its offsets.
type lexeme struct {
	tok      token.Token
	lit      string
	off, end int
}

// spot is the lexical surrounding of a cursor.
type spot struct {
	kind       place
	start, end int      // of the name or the string's content at the cursor
	before     []lexeme // the tokens that end before
}

// lexAt finds what a cursor is in.
func lexAt(src string, cursor int) spot {
	s := spot{kind: inCode, start: cursor, end: cursor}
	for _, l := range lex(src, cursor) {
		inside := l.off < cursor && cursor < l.end
		switch {
		case l.off >= cursor && !(l.tok == token.IDENT || l.tok.IsKeyword()) || l.off > cursor:
			return s
		case l.tok == token.COMMENT && (inside || l.off < cursor && !closed(src, l) && cursor <= l.end):
			s.kind = inComment
			return s
		case l.tok == token.STRING && (inside || l.off < cursor && !closed(src, l) && cursor <= l.end):
			s.kind, s.start, s.end = inString, l.off+1, l.end
			return s
		case l.tok == token.CHAR && inside,
			(l.tok == token.INT || l.tok == token.FLOAT || l.tok == token.IMAG) && l.off < cursor && cursor <= l.end:
			s.kind = inNothing
			return s
		case (l.tok == token.IDENT || l.tok.IsKeyword()) && l.off <= cursor && cursor <= l.end:
			s.start, s.end = l.off, l.end
			return s
		}
		if l.tok != token.COMMENT {
			s.before = append(s.before, l)
		}
	}
	return s
}

// closed reports whether a comment or string token has its end in the text. A
// line comment ends with its line, so that a cursor behind it is still in it.
func closed(src string, l lexeme) bool {
	text := src[l.off:l.end]
	switch {
	case strings.HasPrefix(text, "//"):
		return false
	case strings.HasPrefix(text, "/*"):
		return len(text) >= 4 && strings.HasSuffix(text, "*/")
	case text[0] == '`':
		return len(text) > 1 && text[len(text)-1] == '`'
	}
	return len(text) > 1 && text[len(text)-1] == '"' && !escaped(text[:len(text)-1])
}

// escaped reports whether what follows a text is escaped by its last backslash.
func escaped(text string) bool {
	return (len(text)-len(strings.TrimRight(text, `\`)))%2 == 1
}

// lex returns the tokens of a text that begin at or before an offset.
func lex(src string, until int) []lexeme {
	var sc scanner.Scanner
	file := token.NewFileSet().AddFile("", 1, len(src))
	sc.Init(file, []byte(src), func(token.Position, string) {}, scanner.ScanComments)
	var out []lexeme
	for {
		pos, tok, lit := sc.Scan()
		l := lexeme{tok: tok, lit: lit, off: min(int(pos)-1, len(src))}
		if tok == token.EOF || l.off > until {
			return out
		}
		l.end = l.off + width(src[l.off:], tok, lit)
		out = append(out, l)
	}
}

// width is the length of a token at the start of a text. Literals can't be
// measured: the scanner drops carriage returns.
func width(rest string, tok token.Token, lit string) int {
	until := func(from int, mark string, extra int) int {
		if i := strings.Index(rest[min(from, len(rest)):], mark); i >= 0 {
			return from + i + extra
		}
		return len(rest)
	}
	switch {
	case tok == token.SEMICOLON && lit != ";":
		return 0
	case strings.HasPrefix(rest, "//"):
		return until(0, "\n", 0)
	case tok == token.COMMENT:
		return until(2, "*/", 2)
	case tok == token.STRING && rest[0] == '`':
		return until(1, "`", 1)
	case lit != "":
		return min(len(lit), len(rest))
	}
	return min(len(tok.String()), len(rest))
}

// openBrackets returns the brackets that the tokens leave open.
func openBrackets(toks []lexeme) []lexeme {
	var open []lexeme
	for _, l := range toks {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, l)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			for i := len(open) - 1; i >= 0; i-- {
				if closerOf[open[i].tok] == l.tok.String() {
					open = open[:i]
					break
				}
			}
		}
	}
	return open
}

var closerOf = map[token.Token]string{token.LPAREN: ")", token.LBRACK: "]", token.LBRACE: "}"}
