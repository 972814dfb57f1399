package magics

import (
	"html"
	"strings"
	"unicode/utf8"

	"hpgo/kernel/display"
)

// table is rows of text under a head, shown aligned and as HTML.
type table struct {
	head  []string
	rows  [][]string
	right map[int]bool // columns set to the right
}

// event is the table as an output.
func (t table) event() display.Event { return shown(t.text(), t.html()) }

// text sets the table with a rule under its head, as IPython's %whos does.
func (t table) text() string {
	width := make([]int, len(t.head))
	for _, r := range append([][]string{t.head}, t.rows...) {
		for i, c := range r {
			width[i] = max(width[i], utf8.RuneCountInString(c))
		}
	}
	line := func(cells []string) string {
		var b strings.Builder
		for i, c := range cells {
			pad := strings.Repeat(" ", width[i]-utf8.RuneCountInString(c))
			if t.right[i] {
				c = pad + c
			} else {
				c += pad
			}
			b.WriteString(c)
			if i < len(cells)-1 {
				b.WriteString("   ")
			}
		}
		return strings.TrimRight(b.String(), " ")
	}
	head := line(t.head)
	lines := []string{head, strings.Repeat("-", utf8.RuneCountInString(head))}
	for _, r := range t.rows {
		lines = append(lines, line(r))
	}
	return strings.Join(lines, "\n")
}

// html is the table as an element.
func (t table) html() string {
	var b strings.Builder
	b.WriteString("<table><thead><tr>")
	for _, c := range t.head {
		b.WriteString("<th scope=\"col\">" + html.EscapeString(c) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>")
	for _, r := range t.rows {
		b.WriteString("<tr>")
		for i, c := range r {
			style := " style=\"text-align:left\""
			if t.right[i] {
				style = " style=\"text-align:right;white-space:nowrap\""
			}
			if c != "" { // an empty element would show as a grey speck
				c = "<code>" + html.EscapeString(c) + "</code>"
			}
			b.WriteString("<td" + style + ">" + c + "</td>")
		}
		b.WriteString("</tr>")
	}
	b.WriteString("</tbody></table>")
	return b.String()
}
