package cell

import (
	"fmt"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// maxItemErrors bounds how many mistakes are looked for inside one item.
const maxItemErrors = 10

// explainAll reports the mistakes in a chunk. The parser's own recovery tends
// to report one mistake several times, so only its first error counts; then the
// statement that holds it is blanked and the rest parsed again.
func (s *splitter) explainAll(ch chunk, p *parsed) Errors {
	errs := Errors{s.explain(ch, p)}
	if len(ch.open) > 0 {
		return errs
	}
	probe := *s
	probe.src = slices.Clone(s.src)
	for len(errs) < maxItemErrors {
		from, to := brokenStatement(ch.toks, p.errAt)
		if to == 0 {
			break
		}
		probe.blank(from, to)
		q := probe.parse(ch.start, ch.end, ch.toks)
		if q.err == nil || q.errAt < to || q.errAt >= ch.end {
			break
		}
		errs = append(errs, s.explain(ch, q))
		p = q
	}
	return errs
}

// brokenStatement returns the extent of the statement, field or specification
// inside braces or a group that holds the token at an offset; to is 0 when the
// offset is outside, or in a case clause, which can't be taken out alone.
func brokenStatement(toks []lexeme, at int) (from, to int) {
	var open []token.Token
	var first []int // first token of the current statement in each open bracket
	group := opensGroup(toks)
	for i := 0; i < len(toks) && toks[i].off < at; i++ {
		switch t := toks[i]; t.tok {
		case token.LBRACE, token.LPAREN, token.LBRACK:
			kind := t.tok
			if group && i == 1 {
				kind = token.LBRACE // its specifications are like statements
			}
			open, first = append(open, kind), append(first, i+1)
		case token.RBRACE, token.RPAREN, token.RBRACK:
			open = pop(open, t.tok)
		case token.SEMICOLON:
			if t.explicit() {
				continue
			}
			// Elsewhere than in a block a newline is the mistake itself.
			for len(open) > 0 && open[len(open)-1] != token.LBRACE {
				open = open[:len(open)-1]
			}
			if n := len(open); n > 0 {
				first[n-1] = i + 1
			}
		}
		first = first[:len(open)]
	}
	for n := len(open) - 1; n >= 0; n-- {
		if open[n] != token.LBRACE {
			continue
		}
		f := first[n]
		if f >= len(toks) || toks[f].tok == token.CASE || toks[f].tok == token.DEFAULT {
			return 0, 0
		}
		return toks[f].off, statementEnd(toks, f)
	}
	return 0, 0
}

// opensGroup reports whether the item is import (...), const (...), var (...)
// or type (...), as far as its first tokens tell.
func opensGroup(toks []lexeme) bool {
	if len(toks) < 2 || toks[1].tok != token.LPAREN {
		return false
	}
	switch toks[0].tok {
	case token.IMPORT, token.CONST, token.VAR, token.TYPE:
		return true
	}
	return false
}

// statementEnd returns where the statement that starts at a token ends: at a
// newline, or at the bracket that closes its block.
func statementEnd(toks []lexeme, first int) int {
	var open []token.Token
	for _, t := range toks[first:] {
		switch t.tok {
		case token.LBRACE, token.LPAREN, token.LBRACK:
			open = append(open, t.tok)
		case token.RBRACE, token.RPAREN, token.RBRACK:
			n := len(open)
			if open = pop(open, t.tok); n == len(open) && t.tok == token.RBRACE {
				return t.off
			}
		case token.SEMICOLON:
			if !t.explicit() && !slices.Contains(open, token.LBRACE) {
				return t.off
			}
		}
	}
	return toks[len(toks)-1].end
}

// pop takes the bracket that a closing token closes off a stack of opening
// ones. A parenthesis never closes a block, but a brace closes what it holds.
func pop(open []token.Token, closer token.Token) []token.Token {
	for i := len(open) - 1; i >= 0; i-- {
		if open[i] == openerOf[closer] {
			return open[:i]
		}
		if open[i] == token.LBRACE {
			break
		}
	}
	return open
}

// openerOf names the bracket that a closing one belongs to.
var openerOf = map[token.Token]token.Token{
	token.RPAREN: token.LPAREN,
	token.RBRACK: token.LBRACK,
	token.RBRACE: token.LBRACE,
}

// closerOf names the bracket that closes an opening one.
var closerOf = map[token.Token]token.Token{
	token.LPAREN: token.RPAREN,
	token.LBRACK: token.RBRACK,
	token.LBRACE: token.RBRACE,
}

// explain makes one diagnostic of what the parser said first about a chunk.
func (s *splitter) explain(ch chunk, p *parsed) Diagnostic {
	if msg := startMistake(ch.toks); msg != "" {
		return s.cell.diag(CodeSyntax, msg, ch.toks[0].off, ch.toks[0].end)
	}
	if t := ch.stray; t != nil && (p.errAt > t.off || p.msg == "expected declaration, found "+quoteToken(t.tok)) {
		return s.cell.diag(CodeSyntax, fmt.Sprintf("unexpected %s: nothing is open here", t.tok), t.off, t.end)
	}
	if p.errAt < ch.end {
		from := max(p.errAt, ch.start)
		if s.src[from] == '%' && s.firstOnLine(from) {
			return s.cell.diag(CodeMagic, "a magic line can't stand inside a statement or function", from, s.lineEnd(from))
		}
		if s.src[from] == '%' && strings.HasPrefix(p.msg, "expected operand") {
			line := s.src[:from]
			if i := strings.LastIndex(string(line), "\n"); !strings.Contains(string(line[i+1:]), "=") {
				return s.cell.diag(CodeMagic, "a magic stands at the beginning of its line, and alone", from, from+1)
			}
			return s.cell.diag(CodeMagic, "the value of a magic can only be assigned on a line of its own: name := %magic", from, from+1)
		}
		return s.cell.diag(CodeSyntax, plainMessage(p.msg), from, tokenEnd(ch.toks, from))
	}
	if len(ch.open) > 0 && !ch.guessed {
		o, code := ch.open[len(ch.open)-1], CodeSyntax
		if s.atEnd(ch) {
			code = CodeIncomplete
		}
		return s.cell.diag(code, fmt.Sprintf("missing %s: this %s is never closed", closerOf[o.tok], o.tok), o.off, o.end)
	}
	if isControl(ch.toks) && !slices.ContainsFunc(ch.toks, func(t lexeme) bool { return t.tok == token.LBRACE }) {
		return s.cell.diag(CodeSyntax, fmt.Sprintf("missing { after %s", ch.toks[leader(ch.toks)].tok), ch.end, ch.end)
	}
	found, code := "the end of the statement", CodeSyntax
	if s.atEnd(ch) {
		found, code = "the end of the cell", CodeIncomplete
	}
	msg := p.msg
	if i := strings.LastIndex(msg, ", found "); i >= 0 {
		msg = msg[:i] + ", found " + found
	}
	return s.cell.diag(code, plainMessage(msg), ch.end, ch.end)
}

// atEnd reports whether the cell ends with the chunk.
func (s *splitter) atEnd(ch chunk) bool {
	return strings.TrimSpace(s.cell.Text[ch.end:]) == ""
}

// quoteToken writes a token as the parser's messages do.
func quoteToken(t token.Token) string { return "'" + t.String() + "'" }

// foreign maps words that start a statement in other languages to what Go has.
var foreign = map[string]string{
	"class": "type Name struct {...}",
	"def":   "func",
	"elif":  "} else if",
	"let":   "name := value",
	"while": "for",
}

// startMistake knows the mistakes that show in an item's first tokens; it is
// only asked about items that don't parse.
func startMistake(toks []lexeme) string {
	switch t := toks[0]; t.tok {
	case token.ELSE:
		return "else must stand on the line of the closing brace: } else {"
	case token.CASE, token.DEFAULT:
		return fmt.Sprintf("%s outside switch or select", t.tok)
	case token.PACKAGE:
		return "malformed package clause"
	case token.IMPORT:
		if len(toks) == 2 && toks[1].tok == token.IDENT {
			return fmt.Sprintf("import paths are quoted: import %q", toks[1].lit)
		}
	case token.IDENT:
		if instead, ok := foreign[t.lit]; ok && len(toks) > 1 && toks[1].tok == token.IDENT {
			return fmt.Sprintf("Go has no %s: use %s", t.lit, instead)
		}
	}
	return ""
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

// rewording turns messages of go/parser into those of the compiler, which
// users know and can search for.
var rewording = []struct {
	from *regexp.Regexp
	to   string
}{
	{regexp.MustCompile(`^expected ';', found (.+)$`), "unexpected $1, expected semicolon or newline"},
	{regexp.MustCompile(`^missing ',' before newline in (argument|parameter) list$`), "unexpected newline in $1 list; possibly missing comma or )"},
	{regexp.MustCompile(`^missing ',' before newline in (.*)$`), "unexpected newline in $1; possibly missing comma or }"},
	{regexp.MustCompile(`^missing ',' in (.*)$`), "missing comma in $1"},
	{regexp.MustCompile(`^illegal rune literal$`), `illegal rune literal: strings take "double quotes"`},
	{regexp.MustCompile(`^expected 1 expression$`), "expected one expression: only the last line of a cell can show several"},
	{regexp.MustCompile(`'EOF'`), "the end of the cell"},
}

// plainMessage rewords one of the parser's messages.
func plainMessage(msg string) string {
	for _, r := range rewording {
		msg = r.from.ReplaceAllString(msg, r.to)
	}
	return msg
}
