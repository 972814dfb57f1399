package repl

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"
)

// completion is what may stand in the place of a part of the input.
type completion struct {
	from, to int
	items    []candidate
}

// candidate is one of the texts; about is shown while it is chosen.
type candidate struct{ text, about string }

// menu shows several candidates under the input.
type menu struct {
	completion
	base   buffer // before the first was chosen
	chosen int    // -1: none yet
}

// helpPatience bounds how long Tab may think.
const helpPatience = 5 * time.Second

// completeWord answers Tab: nothing but white space before the cursor asks for
// more of it, a single candidate is taken, several are shown.
func completeWord(ctx context.Context, e *editor, _ bool) error {
	if e.ask.complete == nil || strings.TrimSpace(e.buf.text[e.buf.lineStart():e.buf.at]) == "" {
		e.buf.insert("\t")
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, helpPatience)
	defer cancel()
	c := e.ask.complete(ctx, e.buf.text, e.buf.at)
	if len(c.items) == 0 || c.from < 0 || c.from > c.to || c.to > len(e.buf.text) {
		_, err := e.screen.Write([]byte{'\a'})
		return err
	}
	if len(c.items) == 1 {
		e.buf.replace(c.from, c.to, c.items[0].text)
		return nil
	}
	if common, typed := commonPrefix(c.items), e.buf.text[c.from:c.to]; strings.HasPrefix(common, typed) && common != typed {
		e.buf.replace(c.from, c.to, common)
		c.to = c.from + len(common)
	}
	e.menu = &menu{completion: c, base: e.buf, chosen: -1}
	return nil
}

// commonPrefix is what all candidates begin with, whole characters only.
func commonPrefix(items []candidate) string {
	common := items[0].text
	for _, c := range items[1:] {
		n := 0
		for n < len(common) && n < len(c.text) && common[n] == c.text[n] {
			n++
		}
		common = common[:n]
	}
	for !utf8.ValidString(common) {
		common = common[:len(common)-1]
	}
	return common
}

// menuKey gives a key to the menu and reports whether it was taken.
func (e *editor) menuKey(k key) bool {
	m := e.menu
	switch k.name {
	case "tab", "down", "right":
		m.chosen = (m.chosen + 1) % len(m.items)
	case "shift-tab", "up", "left":
		m.chosen = (max(m.chosen, 0) + len(m.items) - 1) % len(m.items)
	case "esc", "ctrl-g":
		e.buf, e.menu = m.base, nil
		return true
	case "enter":
		if m.chosen < 0 {
			return false
		}
		e.remember(m.base)
		e.menu = nil
		return true
	default:
		return false
	}
	e.buf = m.base
	e.buf.replace(m.from, m.to, m.items[m.chosen].text)
	return true
}

// lines draws the candidates in columns, around the chosen one, and what there
// is to say about it.
func (m *menu) lines(width, most int) []styled {
	widest := 1
	for _, c := range m.items {
		widest = max(widest, columns(c.text))
	}
	across := max(1, (width-1)/(widest+2))
	down := (len(m.items) + across - 1) / across
	first := 0
	if m.chosen >= 0 && down > most {
		first = min(max(0, m.chosen/across-most/2), down-most)
	}
	var lines []styled
	for row := first; row < min(first+most, down); row++ {
		lines = append(lines, m.line(row*across, min((row+1)*across, len(m.items)), widest))
	}
	if left := len(m.items) - min((first+most)*across, len(m.items)); left > 0 {
		lines = append(lines, styled{text: fmt.Sprintf("and %d more", left), style: styleFaint})
	}
	if m.chosen >= 0 && m.items[m.chosen].about != "" {
		lines = append(lines, styled{text: m.items[m.chosen].about, style: styleFaint})
	}
	return lines
}

// line draws the candidates of one row.
func (m *menu) line(from, to, widest int) styled {
	var b strings.Builder
	l := styled{spans: []span{}}
	for i := from; i < to; i++ {
		text := m.items[i].text
		if i == m.chosen {
			l.spans = append(l.spans, span{b.Len(), b.Len() + len(text), styleChosen})
		}
		b.WriteString(text)
		if i+1 < to {
			b.WriteString(strings.Repeat(" ", widest+2-columns(text)))
		}
	}
	l.text = b.String()
	return l
}

// explainWord answers Shift-Tab: what the name at the cursor is.
func explainWord(ctx context.Context, e *editor, _ bool) error {
	if e.ask.explain == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, helpPatience)
	defer cancel()
	e.tip = e.ask.explain(ctx, e.buf.text, e.buf.at)
	return nil
}
