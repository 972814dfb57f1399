package cell

import (
	"sort"
	"strings"
)

// Patch is a part of a composed text: Go that a magic generates, or Go that the
// user wrote in the cell.
type Patch struct {
	Text string
	At   int // offset in the cell's text where the user wrote it, or Generated
	// Kept says that the values of expressions that stand alone in it, or are given to
	// _, are kept alive: the compiler then computes them although nothing uses them.
	Kept bool
}

// Generated is the offset of a Patch that isn't the user's.
const Generated = -1

// Compose parses a text made of patches, each on lines of its own, as ParseIn
// does one of a cell. Positions in the user's pieces are those that they have in
// original, the text of the cell; what is wrong with generated text is reported
// at the user's piece behind it.
func Compose(s *Scope, original string, pieces []Patch) (*Cell, Errors) {
	var b strings.Builder
	m := &patchwork{original: original}
	for _, p := range pieces {
		m.places = append(m.places, place{off: b.Len(), at: p.At, kept: p.Kept})
		b.WriteString(p.Text)
		b.WriteByte('\n')
	}
	text := b.String()
	f := s.Fset.AddFile("cell", -1, len(text)+1)
	f.SetLinesForContent([]byte(text))
	c := &Cell{Text: text, lines: lineStarts(text), base: f.Base() - posShift, made: m}
	errs := c.parse(0)
	c.source = &Source{Text: text, file: f, made: m}
	return c, errs
}

// patchwork knows where the patches of a composed text come from.
type patchwork struct {
	original string
	places   []place
}

// place is where a piece begins: in the composed text, and in the cell.
type place struct {
	off, at int
	kept    bool
}

// Original returns the line and column of an offset into the text that the user
// sees: that of the whole cell, where this one is composed of its pieces.
func (c *Cell) Original(off int) (line, col int) {
	if c.made == nil {
		return c.Position(off)
	}
	return position(c.made.original, min(max(off, 0), len(c.made.original)))
}

// piece returns the index of the piece that an offset is in.
func (m *patchwork) piece(off int) int {
	return max(0, sort.Search(len(m.places), func(i int) bool { return m.places[i].off > off })-1)
}

// position returns the line and column in the cell of an offset in the composed
// text, and whether the text there is the user's.
func (m *patchwork) position(off int) (line, col int, own bool) {
	i := m.piece(off)
	at := m.places[i].at
	if own = at != Generated; own {
		at += off - m.places[i].off
	} else {
		at = m.near(i)
	}
	line, col = position(m.original, min(at, len(m.original)))
	return line, col, own
}

// near is where in the cell a generated piece is reported: at the next piece of
// the user's, else at the last.
func (m *patchwork) near(i int) int {
	for _, p := range m.places[i:] {
		if p.at != Generated {
			return p.at
		}
	}
	for ; i >= 0; i-- {
		if m.places[i].at != Generated {
			return m.places[i].at
		}
	}
	return 0
}

// seams are the edits that give each piece its position in generated source.
func (m *patchwork) seams(src *Source, start, end int) []edit {
	var edits []edit
	for _, p := range m.places {
		if p.off > start && p.off < end {
			edits = append(edits, edit{off: p.off, end: p.off, text: src.lineDirective(p.off), order: orderSeam})
		}
	}
	return edits
}
