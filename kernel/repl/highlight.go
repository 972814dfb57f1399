package repl

import (
	"go/scanner"
	"go/token"

	"hpgo/kernel/cell"
)

// The styles of what is typed.
const (
	styleKeyword style = "35"
	styleText    style = "32"
	styleNumber  style = "36"
	styleComment style = "90"
	styleMagic   style = "33"
)

// maxHighlighted is the longest text that is coloured: at each key it is read anew.
const maxHighlighted = 64 << 10

// highlight colours a cell. It is read as it is, begun words and all.
func highlight(text string) []span {
	if len(text) > maxHighlighted {
		return nil
	}
	c, _ := cell.Parse(text)
	if c.Text != text {
		return nil // not as it was typed: positions would lie
	}
	if m := c.CellMagic; m != nil {
		return []span{{m.Start, m.End, styleMagic}}
	}
	var spans []span
	magics := c.Magics
	var s scanner.Scanner
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(c.Go))
	s.Init(file, []byte(c.Go), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		at := len(c.Go)
		if tok != token.EOF {
			at = file.Offset(pos)
		}
		for len(magics) > 0 && magics[0].Start <= at {
			spans = append(spans, span{magics[0].Start, magics[0].End, styleMagic})
			magics = magics[1:]
		}
		if tok == token.EOF {
			return spans
		}
		if st := tokenStyle(tok); st != plain {
			spans = append(spans, span{at, min(at+len(lit), len(text)), st})
		}
	}
}

func tokenStyle(tok token.Token) style {
	switch {
	case tok.IsKeyword():
		return styleKeyword
	case tok == token.STRING || tok == token.CHAR:
		return styleText
	case tok == token.INT || tok == token.FLOAT || tok == token.IMAG:
		return styleNumber
	case tok == token.COMMENT:
		return styleComment
	}
	return plain
}
