package repl

import (
	"strconv"
	"strings"

	"github.com/rivo/uniseg"
)

// screen is a terminal as far as this package uses one: it scrolls, wraps when
// one more character comes than a row holds, and knows the sequences that are
// written. A wide character takes two cells, the second of which is empty.
type screen struct {
	width, height int
	lines         [][]string // all rows ever, the last height of which are visible
	row, col      int        // row counts from the first visible one
	partial       string
	unknown       []string // sequences that are not understood
}

func newScreen(width, height int) *screen {
	s := &screen{width: width, height: height}
	for range height {
		s.lines = append(s.lines, nil)
	}
	return s
}

// Write implements io.Writer.
func (s *screen) Write(b []byte) (int, error) {
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

func (s *screen) line(row int) *[]string { return &s.lines[len(s.lines)-s.height+row] }

func (s *screen) take(text string) int {
	switch text[0] {
	case '\n':
		s.down()
		return 1
	case '\r':
		s.col = 0
		return 1
	case '\a':
		return 1
	case escape:
		return s.sequence(text)
	}
	c, _, w, _ := uniseg.FirstGraphemeClusterInString(text, -1)
	if s.col+w > s.width {
		s.col = 0
		s.down()
	}
	l := s.line(s.row)
	for len(*l) < s.col+w {
		*l = append(*l, " ")
	}
	(*l)[s.col] = c
	for i := 1; i < w; i++ {
		(*l)[s.col+i] = ""
	}
	s.col += w
	return len(c)
}

func (s *screen) down() {
	if s.row == s.height-1 {
		s.lines = append(s.lines, nil)
		return
	}
	s.row++
}

func (s *screen) sequence(text string) int {
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
		s.row = max(0, s.row-n)
	case final == 'B':
		s.row = min(s.height-1, s.row+n)
	case final == 'C':
		s.col = min(s.width-1, s.col+n)
	case final == 'J' && params == "":
		s.cut()
		for r := s.row + 1; r < s.height; r++ {
			*s.line(r) = nil
		}
	case final == 'J' && params == "2":
		for r := range s.height {
			*s.line(r) = nil
		}
	case final == 'H':
		s.row, s.col = 0, 0
	case final == 'K' && params == "2":
		*s.line(s.row) = nil
	case final == 'K':
		s.cut()
	case final == 'm', strings.HasPrefix(params, "?2004"):
	default:
		s.unknown = append(s.unknown, text[:end+1])
	}
	return end + 1
}

func (s *screen) cut() {
	if l := s.line(s.row); len(*l) > s.col {
		*l = (*l)[:s.col]
	}
}

// text is all that was ever on the screen, without empty lines at the end.
func (s *screen) text() string {
	var lines []string
	for _, l := range s.lines {
		lines = append(lines, strings.TrimRight(strings.Join(l, ""), " "))
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// resize gives the screen another width. Rows that are too long go on in the
// next, as in most terminals; the cursor stays with its character.
func (s *screen) resize(width int) {
	cursor := len(s.lines) - s.height + s.row
	var lines [][]string
	row, col := 0, s.col
	for i, l := range s.lines {
		if i == cursor {
			for len(l) < s.col {
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
	lines = lines[:min(len(lines), row+s.height)]
	s.lines, s.width, s.col = lines, width, col
	s.row = row - (len(lines) - s.height)
}
