package display

import "strings"

// lineWidth is the number of columns that a value may take on one line.
const lineWidth = 100

// node is a value on its way to text: a leaf, or a text with kids in braces.
type node struct {
	key  string // field name or map key
	text string // the leaf, or what stands before the brace
	open bool   // has braces
	kids []node
}

func leaf(text string) node { return node{text: text} }

// oneLine writes a node without line breaks (those of leaves remain).
func oneLine(n node) string {
	var b strings.Builder
	writeLine(&b, n)
	return b.String()
}

func writeLine(b *strings.Builder, n node) {
	if n.key != "" {
		b.WriteString(n.key)
		b.WriteByte(':')
	}
	b.WriteString(n.text)
	if !n.open {
		return
	}
	b.WriteByte('{')
	for i, k := range n.kids {
		if i > 0 {
			b.WriteString(", ")
		}
		writeLine(b, k)
	}
	b.WriteByte('}')
}

// layout writes a node on one line when it fits and over several when not.
func layout(n node) string {
	var b strings.Builder
	writeBroken(&b, n, 0)
	return b.String()
}

func writeBroken(b *strings.Builder, n node, indent int) {
	line := oneLine(n)
	if !n.open || len(n.kids) == 0 || indent+textWidth(line) <= lineWidth && !strings.Contains(line, "\n") {
		b.WriteString(line)
		return
	}
	b.WriteString(n.text)
	b.WriteString("{\n")
	pad := strings.Repeat("  ", indent/2+1)
	column := 0 // where the current line of short leaves ends; 0: none open
	for _, k := range n.kids {
		short := ""
		if !k.open && k.key == "" {
			short = k.text
		}
		width := textWidth(short) + 1
		if short != "" && column > 0 && column+1+width <= lineWidth {
			b.WriteByte(' ')
			column += 1 + width
		} else {
			if column > 0 {
				b.WriteByte('\n')
			}
			b.WriteString(pad)
			column = indent + 2 + width
		}
		if k.key != "" {
			b.WriteString(k.key + ": ")
			k.key = ""
		}
		writeBroken(b, k, indent+2)
		b.WriteByte(',')
		if short == "" {
			b.WriteByte('\n')
			column = 0
		}
	}
	if column > 0 {
		b.WriteByte('\n')
	}
	b.WriteString(pad[2:])
	b.WriteByte('}')
}
