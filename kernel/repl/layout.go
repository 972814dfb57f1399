package repl

import (
	"strings"

	"github.com/rivo/uniseg"
)

// tabWidth is how many columns a tab takes at most.
const tabWidth = 4

// advance returns the column behind a character of a width at a column. Tabs
// go to the next stop, control characters are written ^X.
func advance(column int, cluster string, width int) int {
	switch c := cluster[0]; {
	case c == '\t':
		return column + tabWidth - column%tabWidth
	case c < ' ' || c == 0x7f:
		return column + 2
	}
	return column + width
}

// columns is the width of a line's text.
func columns(s string) int {
	column := 0
	for s != "" {
		c, rest, w, _ := uniseg.FirstGraphemeClusterInString(s, -1)
		column, s = advance(column, c, w), rest
	}
	return column
}

// style is what stands between ESC [ and m; empty is the terminal's own.
type style string

// The styles of the prompt and of Go. They are of the sixteen basic colours,
// which follow the theme of the terminal.
const (
	plain       style = ""
	stylePrompt style = "32;1"
	styleOut    style = "31;1"
	styleFaint  style = "90"
	styleChosen style = "7"
	styleError  style = "31"
)

// span is a part of a text with a style.
type span struct {
	from, to int
	style    style
}

// paint wraps text in a style.
func (s style) paint(text string) string {
	if s == plain || text == "" {
		return text
	}
	return "\x1b[" + string(s) + "m" + text + "\x1b[0m"
}

// picture is what the editor wants to be seen.
type picture struct {
	prompt string // before the first line
	more   string // before the others
	text   string
	spans  []span // sorted, not overlapping
	cursor int
	plain  bool     // no colours
	below  []styled // lines under the text: the completions, a search, a note
}

// styled is a line in one style.
type styled struct {
	text  string
	style style
	spans []span // parts of it in other styles; then style isn't used
}

// rows is a picture cut for a width. Each row is complete in itself: it ends in
// the terminal's own style.
type rows struct {
	list []string
	wide []int // the width of each
	row  int   // of the cursor
	col  int
}

// lay cuts a picture into rows. The last column is left free, so that no
// terminal wraps a line by itself, each in its own way.
func lay(p picture, width int) rows {
	l := layer{limit: max(width-1, 8), plain: p.plain}
	l.write(p.prompt, []span{{0, len(p.prompt), stylePrompt}}, -1)
	l.indent = l.col
	for start, text := 0, p.text; ; {
		line, rest, more := strings.Cut(text, "\n")
		end := start + len(line)
		cursor := -1
		if p.cursor >= start && p.cursor <= end {
			cursor = p.cursor - start
		}
		l.write(line, shift(p.spans, start, end), cursor)
		if !more {
			break
		}
		l.newRow()
		l.write(p.more, []span{{0, len(p.more), stylePrompt}}, -1)
		l.indent = l.col
		start, text = end+1, rest
	}
	l.newRow()
	for _, b := range p.below {
		l.indent = 0
		spans := b.spans
		if spans == nil {
			spans = []span{{0, len(b.text), b.style}}
		}
		l.write(b.text, spans, -1)
		l.newRow()
	}
	return l.out
}

// shift gives the spans of a part of the text, from its begin.
func shift(spans []span, start, end int) []span {
	var out []span
	for _, s := range spans {
		if s.to > start && s.from < end {
			out = append(out, span{max(s.from-start, 0), min(s.to, end) - start, s.style})
		}
	}
	return out
}

// layer fills rows.
type layer struct {
	out    rows
	limit  int // columns of a row
	plain  bool
	indent int // where column 0 of the text is, for the stops of tabs
	row    strings.Builder
	col    int
}

// newRow ends a row.
func (l *layer) newRow() {
	l.out.list = append(l.out.list, l.row.String())
	l.out.wide = append(l.out.wide, l.col)
	l.row.Reset()
	l.col = 0
}

// write adds a line's text; cursor is an offset into it, or -1.
func (l *layer) write(text string, spans []span, cursor int) {
	open := plain
	for at := 0; ; {
		c, _, w, _ := uniseg.FirstGraphemeClusterInString(text[at:], -1)
		shown, next := c, l.col
		if c != "" {
			next = l.indent + advance(l.col-l.indent, c, w)
			shown = visible(c, next-l.col)
		}
		if next > l.limit && l.col > 0 {
			l.row.WriteString(open.end())
			l.newRow()
			l.row.WriteString(open.begin())
			l.indent, next = 0, columns(shown)
		}
		if at == cursor {
			l.out.row, l.out.col = len(l.out.list), l.col
		}
		if c == "" {
			break
		}
		for len(spans) > 0 && at >= spans[0].to {
			spans = spans[1:]
		}
		want := plain
		if len(spans) > 0 && at >= spans[0].from {
			want = spans[0].style
		}
		if l.plain && want != styleChosen {
			want = plain // that something is chosen is no colour
		}
		if want != open {
			l.row.WriteString(open.end() + want.begin())
			open = want
		}
		l.row.WriteString(shown)
		l.col, at = next, at+len(c)
	}
	l.row.WriteString(open.end())
}

func (s style) begin() string {
	if s == plain {
		return ""
	}
	return "\x1b[" + string(s) + "m"
}

func (s style) end() string {
	if s == plain {
		return ""
	}
	return "\x1b[0m"
}

// visible is a character as it is written: tabs as spaces, control characters
// so that they do nothing.
func visible(cluster string, width int) string {
	switch c := cluster[0]; {
	case c == '\t':
		return strings.Repeat(" ", max(width, 1))
	case c < ' ' || c == 0x7f:
		return "^" + string(rune(c^0x40))
	}
	return cluster
}
