package repl

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"hpgo/kernel/display"
	"hpgo/kernel/session"
)

// paper is where a sheet is written.
type paper struct {
	out, err io.Writer
	colour   bool // tracebacks keep their colours
	// size is the terminal's, where what was written can be written over; nil
	// elsewhere.
	size func() (width, height int)
	// together: what goes to err appears between what goes to out.
	together bool
}

// sheet writes what one cell shows as text. On a terminal a display that is
// updated is written over when nothing came after it, and written again when
// something did. Elsewhere a display that can be updated is written when
// something comes after it, and again at the end of the cell if it has changed.
type sheet struct {
	paper
	at     meter
	fault  error            // of the first write that failed
	shown  map[string]*note // displays by their IDs
	order  []string         // of the IDs
	newest string           // the ID of what was written last, if it was a display
	begun  string           // the line that hasn't ended yet
	left   bool             // the cursor stands below it
	wipe   bool             // the next output replaces all
}

var _ session.Sink = (*sheet)(nil)

// note is a display that was written.
type note struct {
	row     int    // where it begins
	latest  string // as it should be
	text    string // as written last
	written bool
}

func newSheet(p paper) *sheet { return &sheet{paper: p, shown: map[string]*note{}} }

// Stream implements session.Sink.
func (s *sheet) Stream(name, text string) {
	s.make()
	s.newest = ""
	if name == "stderr" {
		s.write(s.err, text, s.together)
		return
	}
	s.write(s.out, text, true)
}

// Display implements session.Sink.
func (s *sheet) Display(e display.Event) {
	switch e.Op {
	case display.OpClear:
		s.wipe = true
		if !e.Wait {
			s.make()
		}
	case display.OpUpdate:
		s.update(e.ID, s.text(e.Bundle))
	default:
		s.make()
		s.show(e.ID, s.text(e.Bundle))
	}
}

// make makes room for more: what was to be removed is, and what waited for
// more is written.
func (s *sheet) make() {
	if s.wipe {
		s.doWipe()
	}
	if n := s.shown[s.newest]; n != nil && !n.written {
		s.print(n)
	}
}

// show takes a display, which begins on a line of its own.
func (s *sheet) show(id, text string) {
	n := &note{latest: text}
	if id != "" {
		if s.shown[id] == nil {
			s.order = append(s.order, id)
		}
		s.shown[id] = n
	}
	s.newest = id
	if id == "" || s.size != nil {
		s.print(n)
	}
}

// print writes a display. An empty one is one that is over.
func (s *sheet) print(n *note) {
	s.freshLine()
	n.row, n.text, n.written = s.at.row, n.latest, true
	if n.text != "" {
		s.write(s.out, n.text+"\n", true)
	}
}

// update brings a display up to date, also one of an earlier cell.
func (s *sheet) update(id, text string) {
	n := s.shown[id]
	switch {
	case n == nil:
		s.make()
		s.show(id, text)
	case n.latest == text:
	case s.size == nil:
		n.latest = text
	default:
		if s.newest == id {
			s.back(n.row)
		}
		s.show(id, text)
	}
}

// back moves the cursor up to the begin of a row and clears what follows, if
// the row is still on the screen.
func (s *sheet) back(row int) bool {
	_, height := s.size()
	up := s.at.row - row
	if s.at.lost || up >= height {
		return false
	}
	if up > 0 {
		s.raw(fmt.Sprintf("\x1b[%dA", up))
	}
	s.raw("\r\x1b[J")
	s.at.row, s.at.col = row, 0
	return true
}

// doWipe removes the cell's output where that can be done.
func (s *sheet) doWipe() {
	s.wipe = false
	if s.size != nil && s.back(0) {
		s.shown, s.order, s.newest = map[string]*note{}, nil, ""
	}
}

// value writes the value of a cell under its number, or by itself for count 0.
func (s *sheet) value(count int, b *display.Bundle) {
	text := s.text(*b)
	s.make()
	s.freshLine()
	if count > 0 {
		label := fmt.Sprintf("Out[%d]: ", count)
		if strings.Contains(text, "\n") {
			text = "\n" + text
			label = strings.TrimSuffix(label, " ")
		}
		if s.colour {
			label = styleOut.paint(label)
		}
		text = label + text
	}
	s.write(s.out, text+"\n", true)
}

// failure writes a traceback.
func (s *sheet) failure(e *session.Error) {
	text := strings.TrimRight(strings.Join(e.Traceback, "\n"), "\n")
	if text == "" {
		text = e.Error()
	}
	if !s.colour {
		text = withoutColours(text)
	}
	s.freshLine()
	s.write(s.err, text+"\n", s.together)
}

// finish writes what was held back.
func (s *sheet) finish() {
	for _, id := range s.order {
		if n := s.shown[id]; !n.written || n.latest != n.text {
			s.print(n)
		}
	}
}

// freshLine ends a line that was begun.
func (s *sheet) freshLine() {
	if s.at.col > 0 {
		s.write(s.out, "\n", true)
	}
}

// interrupt leaves a begun line, to which resume returns when the cursor stands
// under it again.
func (s *sheet) interrupt() {
	if s.at.col == 0 {
		return
	}
	if s.size == nil || s.at.lost || s.rowIsFull() {
		s.freshLine()
		return
	}
	s.raw("\n")
	s.left = true
}

func (s *sheet) rowIsFull() bool {
	width, _ := s.size()
	return s.at.col >= width
}

func (s *sheet) resume() {
	if s.left {
		s.raw(fmt.Sprintf("\x1b[A\r\x1b[%dC", s.at.col))
		s.left = false
	}
}

// write writes text; counts says that it moves the cursor that is followed.
func (s *sheet) write(w io.Writer, text string, counts bool) {
	if counts {
		width := 1 << 30
		if s.size != nil {
			width, _ = s.size()
		}
		s.at.pass(text, width)
		s.begun += text
		s.begun = s.begun[strings.LastIndexByte(s.begun, '\n')+1:]
	}
	if _, err := io.WriteString(w, text); err != nil && s.fault == nil {
		s.fault = err
	}
}

func (s *sheet) raw(text string) {
	if _, err := io.WriteString(s.out, text); err != nil && s.fault == nil {
		s.fault = err
	}
}

// maxSource is how much of the source of a page somebody at a terminal may want
// to see.
const maxSource = 2000

// text is what a bundle shows. Values of HTML and the like are their own text.
func (s *sheet) text(b display.Bundle) string {
	text := bundleText(b)
	if s.size == nil || len(text) <= maxSource {
		return text
	}
	for mime, name := range map[string]string{"text/html": "HTML", "application/javascript": "JavaScript"} {
		if source, ok := b.Data[mime].(string); ok && strings.TrimRight(source, "\n") == text {
			return fmt.Sprintf("(%s of %d bytes, which a terminal can't show)", name, len(source))
		}
	}
	return text
}

// bundleText is the text form that every bundle has.
func bundleText(b display.Bundle) string {
	if text, ok := b.Data["text/plain"].(string); ok {
		return strings.TrimRight(text, "\n")
	}
	for _, mime := range []string{"text/markdown", "text/latex", "text/html"} {
		if text, ok := b.Data[mime].(string); ok {
			return strings.TrimRight(text, "\n")
		}
	}
	return "(an output that has no text)"
}

var colourSequence = regexp.MustCompile(`\x1b\[[0-9;]*m`)

func withoutColours(s string) string { return colourSequence.ReplaceAllString(s, "") }
