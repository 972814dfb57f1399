package mathml

import (
	"fmt"
	"strings"
)

// columns gives the alignment of column i: "left", "right" or "" for centred.
type columns func(i int) string

func centredColumns(int) string { return "" }
func leftColumns(int) string    { return "left" }

// alignedColumns is the align family: right, left, right, left.
func alignedColumns(i int) string {
	if i%2 == 0 {
		return "right"
	}
	return "left"
}

// environment is a \begin{...} that is a table.
type environment struct {
	columns     columns
	open, close string
	display     bool // cells in display style
	small       bool
	argument    bool // a column specification follows
}

var environments = map[string]environment{
	"matrix":      {columns: centredColumns},
	"pmatrix":     {columns: centredColumns, open: "(", close: ")"},
	"bmatrix":     {columns: centredColumns, open: "[", close: "]"},
	"Bmatrix":     {columns: centredColumns, open: "{", close: "}"},
	"vmatrix":     {columns: centredColumns, open: "|", close: "|"},
	"Vmatrix":     {columns: centredColumns, open: "‖", close: "‖"},
	"smallmatrix": {columns: centredColumns, small: true},
	"array":       {columns: centredColumns, argument: true},
	"cases":       {columns: leftColumns, open: "{"},
	"dcases":      {columns: leftColumns, open: "{", display: true},
	"rcases":      {columns: leftColumns, close: "}"},
	"align":       {columns: alignedColumns, display: true},
	"aligned":     {columns: alignedColumns, display: true},
	"alignat":     {columns: alignedColumns, display: true, argument: true},
	"alignedat":   {columns: alignedColumns, display: true, argument: true},
	"flalign":     {columns: alignedColumns, display: true},
	"eqnarray":    {columns: alignedColumns, display: true},
	"split":       {columns: alignedColumns, display: true},
	"gather":      {columns: centredColumns, display: true},
	"gathered":    {columns: centredColumns, display: true},
	"multline":    {columns: centredColumns, display: true},
	"equation":    {columns: centredColumns, display: true},
	"displaymath": {columns: centredColumns, display: true},
	"math":        {columns: centredColumns},
}

func (p *parser) environment() (node, error) {
	name, err := p.rawGroup()
	if err != nil {
		return node{}, err
	}
	env, ok := environments[strings.TrimSuffix(name, "*")]
	if !ok {
		return node{}, fmt.Errorf("unknown environment %s", name)
	}
	if env.argument {
		spec, err := p.rawGroup()
		if err != nil {
			return node{}, err
		}
		if strings.TrimSuffix(name, "*") == "array" {
			env.columns = specifiedColumns(spec)
		}
	}
	rows, err := p.lines()
	if err != nil {
		return node{}, err
	}
	if p.next() != `\end` {
		return node{}, fmt.Errorf("\\begin{%s} without \\end", name)
	}
	if end, err := p.rawGroup(); err != nil || end != name {
		return node{}, fmt.Errorf("\\begin{%s} ends with \\end{%s}", name, end)
	}
	attr := ""
	switch {
	case env.display:
		attr = ` displaystyle="true"`
	case env.small:
		attr = ` scriptlevel="1"`
	}
	xml := table(rows, env.columns, attr)
	if env.open != "" || env.close != "" {
		xml = "<mrow>" + fence(env.open, "prefix") + xml + fence(env.close, "postfix") + "</mrow>"
	}
	return node{xml: xml}, nil
}

func specifiedColumns(spec string) columns {
	var kinds []string
	for _, r := range spec {
		switch r {
		case 'l':
			kinds = append(kinds, "left")
		case 'r':
			kinds = append(kinds, "right")
		case 'c':
			kinds = append(kinds, "")
		}
	}
	return func(i int) string {
		if i < len(kinds) {
			return kinds[i]
		}
		return ""
	}
}

// lines reads rows of cells up to the end or \end, which stays unread.
func (p *parser) lines() ([][][]node, error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	rows := [][][]node{nil}
	for {
		cell, err := p.row(atCell)
		if err != nil {
			return nil, err
		}
		last := len(rows) - 1
		rows[last] = append(rows[last], cell)
		switch p.peekToken() {
		case "&":
			p.next()
		case `\\`, `\cr`:
			p.next()
			p.lineSpacing()
			rows = append(rows, nil)
		default:
			// A \\ at the very end starts no row.
			if n := len(rows); n > 1 && len(rows[n-1]) == 1 && len(rows[n-1][0]) == 0 {
				rows = rows[:n-1]
			}
			return rows, nil
		}
	}
}

// lineSpacing skips the [2pt] that may follow \\ directly.
func (p *parser) lineSpacing() {
	if rest := p.in[p.pos:]; strings.HasPrefix(rest, "[") {
		if end := strings.IndexByte(rest, ']'); end > 0 {
			p.pos += end + 1
		}
	}
}

func table(rows [][][]node, align columns, attr string) string {
	var b strings.Builder
	b.WriteString("<mtable" + attr + ">")
	for _, r := range rows {
		b.WriteString("<mtr>")
		for i, cell := range r {
			b.WriteString("<mtd" + cellStyle(align, i) + ">" + row(cell) + "</mtd>")
		}
		b.WriteString("</mtr>")
	}
	b.WriteString("</mtable>")
	return b.String()
}

// cellStyle aligns by CSS, since MathML Core has no columnalign; a right and
// a left column that meet at a relation touch.
func cellStyle(align columns, i int) string {
	switch align(i) {
	case "right":
		return ` style="text-align:right;padding-right:0"`
	case "left":
		if i > 0 && align(i-1) == "right" {
			return ` style="text-align:left;padding-left:0"`
		}
		return ` style="text-align:left"`
	}
	return ""
}

func (p *parser) substack() (node, error) {
	if p.peekToken() != "{" {
		return p.argumentNode()
	}
	raw, err := p.rawGroup()
	if err != nil {
		return node{}, err
	}
	inner := &parser{in: raw, depth: p.depth, font: p.font}
	rows, err := inner.lines()
	if err != nil {
		return node{}, err
	}
	if inner.pos < len(raw) {
		return node{}, fmt.Errorf("unexpected %q", inner.peekToken())
	}
	return node{xml: table(rows, centredColumns, "")}, nil
}
