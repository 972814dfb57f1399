package repl

import (
	"strings"

	"github.com/rivo/uniseg"
)

// meter follows the cursor through what is written to a terminal, so that a
// display can be written over later.
type meter struct {
	row, col int    // from where the meter began
	lost     bool   // a sequence moved the cursor: nothing is known any more
	cut      string // a control sequence of which the end is to come
}

// pass takes a text that is written to a terminal of a width.
func (m *meter) pass(text string, width int) {
	text, m.cut = m.cut+text, ""
	for text != "" {
		plain := strings.IndexAny(text, "\x1b\n\r\t\b")
		if plain < 0 {
			plain = len(text)
		}
		m.print(text[:plain], width)
		text = text[plain:]
		if text == "" {
			return
		}
		switch text[0] {
		case '\n':
			m.row, m.col = m.row+1, 0
		case '\r':
			m.col = 0
		case '\b':
			m.col = max(0, m.col-1)
		case '\t':
			m.col = min(m.col/8*8+8, width-1)
		case escape:
			n := m.sequence(text)
			if n == 0 {
				m.cut = text
				return
			}
			text = text[n-1:]
		}
		text = text[1:]
	}
}

// print takes characters that move the cursor on. A terminal wraps when one
// more comes than the row holds.
func (m *meter) print(text string, width int) {
	for text != "" {
		_, rest, w, _ := uniseg.FirstGraphemeClusterInString(text, -1)
		if m.col+w > width {
			m.row, m.col = m.row+1, 0
		}
		m.col, text = m.col+w, rest
	}
}

// sequence returns the length of a control sequence, 0 when its end is missing.
// Colours and erasing leave the cursor where it is.
func (m *meter) sequence(s string) int {
	if len(s) < 2 {
		return 0
	}
	if s[1] != '[' {
		m.lost = true
		return 2
	}
	for i := 2; i < len(s); i++ {
		if c := s[i]; c >= 0x40 && c <= 0x7e {
			if c != 'm' && c != 'K' {
				m.lost = true
			}
			return i + 1
		}
	}
	if len(s) > maxSequence {
		m.lost = true
		return len(s)
	}
	return 0
}
