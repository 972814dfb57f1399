package timing

import (
	"fmt"
	"go/ast"
	"go/scanner"
	"go/token"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"hpgo/kernel/cell"
	"hpgo/magics/magic"
	"hpgo/magics/measuring"
)

// readVariants takes the variants out of the line, or out of the blocks of the cell.
func (c *comparison) readVariants(h magic.Host) error {
	in := c.in
	setup, parts, err := c.parts()
	if err != nil {
		return err
	}
	if len(parts) == 1 && !c.alone() { // a bracket that isn't closed holds on to the semicolon
		if _, err := measuring.ReadPiece(h, &parts[0].Piece); err != nil {
			return err
		}
	}
	if len(parts) < 2 && !c.alone() {
		way := "%compare f(xs) ; g(xs)"
		if in.Form == magic.Cell {
			way = "each below a line --- NAME"
		}
		return in.Magic.Usagef("%s needs two variants, %s", in.Magic.Spell(in.Form), way)
	}
	seen := map[string]bool{}
	for i, p := range parts {
		v, err := readVariant(h, setup, p)
		if err != nil {
			return err
		}
		if v.BodyInfo.Empty && v.last.Text == "" {
			return in.Magic.Usagef("%s: variant %d has no Go", in.Magic.Spell(in.Form), i+1)
		}
		if seen[v.name] && in.Form == magic.Cell {
			return in.Magic.Usagef("%s: two blocks have the name %q", in.Magic.Spell(in.Form), v.name)
		}
		for n := 2; seen[v.name]; n++ {
			v.name = fmt.Sprintf("%s (%d)", strings.TrimSuffix(v.name, fmt.Sprintf(" (%d)", n-1)), n)
		}
		seen[v.name] = true
		c.variants = append(c.variants, v)
	}
	return nil
}

// parts are the pieces of Go, with the preparation that all have.
func (c *comparison) parts() (setup magic.Piece, parts []measuring.Block, err error) {
	in := c.in
	line := magic.Piece{Text: in.Args.Rest, At: in.Line.ArgsAt + in.Args.RestAt}
	if in.Form != magic.Cell {
		return setup, statements(line), nil
	}
	if parts, err = measuring.Blocks(magic.Piece{Text: in.Body, At: in.Line.BodyAt}); err != nil {
		return setup, nil, in.Magic.Usagef("%s: %v", in.Magic.Spell(in.Form), err)
	}
	return line, parts, nil
}

// alone reports whether one statement is enough.
func (c *comparison) alone() bool {
	a := c.in.Args
	return a.Has("engines") || a.Has("base") || a.Has("save")
}

// readVariant reads one variant with the preparation that all have.
func readVariant(h magic.Host, setup magic.Piece, p measuring.Block) (timedLoop, error) {
	v := timedLoop{name: p.Name}
	v.Setup, v.Body = setup, p.Piece
	v.Body, v.last = magic.SplitLast(p.Piece)
	var err error
	if v.SetupInfo, err = measuring.ReadPiece(h, &v.Setup); err != nil {
		return v, err
	}
	if v.BodyInfo, err = measuring.ReadPiece(h, &v.Body); err != nil {
		return v, err
	}
	v.constant = v.last.Text == "" && onlyConstants(v.Text(), h.Variables())
	if v.last.Text != "" {
		v.lastInfo, err = measuring.ReadPiece(h, &v.last)
	}
	return v, err
}

// resultOf is the expression that gives a variant's result, without comments
// behind it; false when its last statement is none.
func resultOf(v *timedLoop) (magic.Piece, bool) {
	p := v.last
	if p.Text == "" {
		p = v.Body
	}
	list, offset, err := cell.Statements(p.Text)
	if err != nil || len(list) != 1 {
		return magic.Piece{}, false
	}
	x, ok := list[0].(*ast.ExprStmt)
	if !ok {
		return magic.Piece{}, false
	}
	from, to := offset(x.Pos()), offset(x.End())
	return magic.Piece{Text: p.Text[from:to], At: p.At + from}, true
}

// statements splits a line at its semicolons, without those in brackets, in
// literals, and in the heads of for, if and switch.
func statements(line magic.Piece) []measuring.Block {
	fset := token.NewFileSet()
	file := fset.AddFile("", fset.Base(), len(line.Text))
	var s scanner.Scanner
	s.Init(file, []byte(line.Text), func(token.Position, string) {}, 0)
	var parts []measuring.Block
	from, depth, head := 0, 0, false
	cut := func(to int) {
		text := line.Text[from:to]
		trimmed := strings.TrimSpace(text)
		if trimmed != "" {
			at := from + strings.Index(text, trimmed)
			parts = append(parts, measuring.Block{Name: nameOfStatement(trimmed), Piece: magic.Piece{Text: trimmed, At: line.At + at}})
		}
	}
	for {
		pos, tok, lit := s.Scan()
		switch tok {
		case token.EOF:
			cut(len(line.Text))
			return parts
		case token.LPAREN, token.LBRACK:
			depth++
		case token.LBRACE:
			depth++
			head = false
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.FOR, token.IF, token.SWITCH:
			head = head || depth == 0
		case token.SEMICOLON:
			if lit == ";" && depth == 0 && !head {
				cut(file.Offset(pos))
				from = file.Offset(pos) + 1
			}
		}
	}
}

// nameLength is how many characters of a statement name it.
const nameLength = 40

func nameOfStatement(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if utf8.RuneCountInString(text) <= nameLength {
		return text
	}
	return string([]rune(text)[:nameLength-1]) + "…"
}

// labels are the words of the line if they name results that the session keeps;
// nil if none does.
func (c *comparison) labels(h magic.Host) ([]string, error) {
	if c.in.Form != magic.Line {
		return nil, nil
	}
	words, err := cell.SplitArgs(c.in.Args.Rest)
	if err != nil || len(words) < 2 {
		return nil, nil // Go, which is read as such
	}
	kept := measuring.NamedResults(h)
	var unknown []string
	for _, w := range words {
		if _, ok := kept[w]; !ok {
			unknown = append(unknown, w)
		}
	}
	switch {
	case len(unknown) == 0:
		return words, nil
	case strings.Contains(c.in.Args.Rest, ";"),
		len(unknown) == len(words) && slices.ContainsFunc(words, func(w string) bool { return !magic.IsVariable(w) }):
		return nil, nil // names side by side are no Go
	}
	known := "--name of %timeit keeps one"
	if len(kept) > 0 {
		known = "there are " + strings.Join(slices.Sorted(maps.Keys(kept)), ", ")
	}
	return nil, c.in.Magic.Usagef("%s: no result is kept as %s; %s", c.in.Magic.Title(), strings.Join(unknown, ", "), known)
}
