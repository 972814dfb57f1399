// Package repltest shows tests what a person would see: a terminal as text, and
// programs that run in one.
package repltest

import (
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// Screen is a terminal as far as this package uses one: it scrolls, wraps when
// one more character comes than a row holds, and knows the sequences that are
// written. A wide character takes two cells, the second of which is empty.
type Screen struct {
	Width, Height int
	Row, Col      int      // of the cursor; Row counts from the first visible one
	Unknown       []string // sequences that are not understood

	lines   [][]string // all rows ever, the last Height of which are visible
	partial string     // a sequence of which the end is to come
}

// NewScreen returns an empty screen.
func NewScreen(width, height int) *Screen {
	s := &Screen{Width: width, Height: height}
	for range height {
		s.lines = append(s.lines, nil)
	}
	return s
}

// Write implements io.Writer.
func (s *Screen) Write(b []byte) (int, error) {
	text := s.partial + string(b)
	s.partial = ""
	for text != "" {
		n := s.take(text)
		if n == 0 {
			s.partial = text
			break
		}
		text = text[n:]
	}
	return len(b), nil
}

// Line is a visible row, a cell for each column.
func (s *Screen) Line(row int) *[]string { return &s.lines[len(s.lines)-s.Height+row] }

func (s *Screen) take(text string) int {
	switch text[0] {
	case '\n':
		s.down()
		return 1
	case '\r':
		s.Col = 0
		return 1
	case '\a':
		return 1
	case 0x1b:
		return s.sequence(text)
	}
	c, _, w, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	if s.Col+w > s.Width {
		s.Col = 0
		s.down()
	}
	l := s.Line(s.Row)
	if w == 0 { // a mark: it belongs to the character before
		if s.Col > 0 && s.Col <= len(*l) {
			(*l)[s.Col-1] += c
		}
		return len(c)
	}
	for len(*l) < s.Col+w {
		*l = append(*l, " ")
	}
	(*l)[s.Col] = c
	for i := 1; i < w; i++ {
		(*l)[s.Col+i] = ""
	}
	s.Col += w
	return len(c)
}

func (s *Screen) down() {
	if s.Row == s.Height-1 {
		s.lines = append(s.lines, nil)
		return
	}
	s.Row++
}

func (s *Screen) sequence(text string) int {
	if len(text) < 3 {
		return 0
	}
	end := 2
	for end < len(text) && text[end] < 0x40 {
		end++
	}
	if end == len(text) {
		return 0
	}
	params := text[2:end]
	n, err := strconv.Atoi(params)
	if err != nil {
		n = 1
	}
	switch final := text[end]; {
	case final == 'A':
		s.Row = max(0, s.Row-n)
	case final == 'B':
		s.Row = min(s.Height-1, s.Row+n)
	case final == 'C':
		s.Col = min(s.Width-1, s.Col+n)
	case final == 'J' && params == "":
		s.cut()
		for r := s.Row + 1; r < s.Height; r++ {
			*s.Line(r) = nil
		}
	case final == 'J' && params == "2":
		for r := range s.Height {
			*s.Line(r) = nil
		}
	case final == 'H':
		s.Row, s.Col = 0, 0
	case final == 'K' && params == "2":
		*s.Line(s.Row) = nil
	case final == 'K':
		s.cut()
	case final == 'm', strings.HasPrefix(params, "?2004"):
	default:
		s.Unknown = append(s.Unknown, text[:end+1])
	}
	return end + 1
}

func (s *Screen) cut() {
	if l := s.Line(s.Row); len(*l) > s.Col {
		*l = (*l)[:s.Col]
	}
}

// Text is all that was ever on the screen, without empty lines at the end.
func (s *Screen) Text() string {
	var lines []string
	for _, l := range s.lines {
		lines = append(lines, strings.TrimRight(strings.Join(l, ""), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// Resize gives the screen another width. Rows that are too long go on in the
// next, as in most terminals; the cursor stays with its character.
func (s *Screen) Resize(width int) {
	cursor := len(s.lines) - s.Height + s.Row
	var lines [][]string
	row, col := 0, s.Col
	for i, l := range s.lines {
		if i == cursor {
			for len(l) < s.Col {
				l = append(l, " ")
			}
			row = len(lines)
		}
		for len(l) > width {
			cut := width
			if l[cut] == "" {
				cut-- // a wide character goes to the next row as a whole
			}
			lines = append(lines, l[:cut])
			l = l[cut:]
			if i == cursor && col >= cut {
				row, col = len(lines), col-cut
			}
		}
		if i == cursor && col == width {
			col = width - 1
		}
		lines = append(lines, l)
	}
	// Empty lines below are given up before lines above scroll away.
	for len(lines) > len(s.lines) && len(lines[len(lines)-1]) == 0 && row < len(lines)-1 {
		lines = lines[:len(lines)-1]
	}
	// And those below before the cursor's own.
	lines = lines[:min(len(lines), row+s.Height)]
	s.lines, s.Width, s.Col = lines, width, col
	s.Row = row - (len(lines) - s.Height)
}

// Cursor is what is visible with an underscore at the cursor.
func (s *Screen) Cursor() string {
	var lines []string
	for r := range s.Height {
		l := *s.Line(r)
		text := strings.Join(l, "")
		if r == s.Row {
			for len(l) < s.Col {
				l = append(l, " ")
			}
			text = strings.Join(l[:s.Col], "") + "_" + strings.Join(l[s.Col:], "")
		}
		lines = append(lines, strings.TrimRight(text, " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}
