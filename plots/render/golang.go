package render

import (
	"go/scanner"
	"go/token"
	"strings"
)

// tokenKind is what a byte of code belongs to.
type tokenKind byte

// The kinds that have a colour of their own.
const (
	plainToken tokenKind = iota
	keywordToken
	literalToken // a string or rune
	commentToken
)

// goTokens tells the kind of each byte of each line, or nil for code that isn't
// Go: its tokens would be coloured wrongly, as a comment after # would.
func goTokens(lines []string) [][]tokenKind {
	code := []byte(strings.Join(lines, "\n"))
	kinds := make([]tokenKind, len(code))
	foreign := false
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(code))
	s.Init(file, code, func(token.Position, string) { foreign = true }, scanner.ScanComments)
	for !foreign {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			break
		}
		kind := plainToken
		switch {
		case tok.IsKeyword():
			kind, text = keywordToken, tok.String()
		case tok == token.STRING || tok == token.CHAR:
			kind = literalToken
		case tok == token.COMMENT:
			kind = commentToken
		default:
			continue
		}
		from := file.Offset(pos)
		for i := from; i < min(from+len(text), len(kinds)); i++ {
			kinds[i] = kind
		}
	}
	if foreign {
		return nil
	}
	out := make([][]tokenKind, len(lines))
	for i, line := range lines {
		out[i], kinds = kinds[:len(line)], kinds[min(len(line)+1, len(kinds)):]
	}
	return out
}
