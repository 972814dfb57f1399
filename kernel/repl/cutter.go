package repl

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"hpgo/kernel/cell"
)

// cutter cuts a text into cells, by the rule by which consoles know that an
// input is whole: a line ends a cell when what was read so far is complete, or
// has an error that no further line could mend. A cell of declarations only
// waits for what follows, so that functions may call those below them. A cell
// magic takes all up to an empty line.
type cutter struct {
	line    func() (string, error)
	waiting string // declarations
	ready   string // a cell that was read after them
	ended   bool
}

// next returns the next cell, and io.EOF after the last.
func (c *cutter) next() (string, error) {
	if text := c.ready; text != "" {
		c.ready = ""
		return text, nil
	}
	for {
		piece, err := c.piece()
		if err != nil {
			return "", err
		}
		switch {
		case piece == "": // the end
			if text := c.waiting; text != "" {
				c.waiting = ""
				return text, nil
			}
			return "", io.EOF
		case declaresOnly(piece):
			c.waiting += piece
		case startsWithMagic(piece) && c.waiting != "":
			// A magic runs before all Go of its cell.
			text := c.waiting
			c.waiting, c.ready = "", piece
			return text, nil
		default:
			text := c.waiting + piece
			c.waiting = ""
			return text, nil
		}
	}
}

// piece reads the lines of one complete text; the empty one is the end.
func (c *cutter) piece() (string, error) {
	var b strings.Builder
	var open nesting
	for lines := 0; !c.ended; lines++ {
		line, err := c.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return "", fmt.Errorf("read the cells: %w", err)
		}
		c.ended = err != nil
		if b.Len() == 0 && strings.TrimSpace(line) == "" {
			continue
		}
		open.line(line)
		b.WriteString(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"))
		if lines > manyLines && open.goesOn(line) {
			b.WriteByte('\n')
			continue
		}
		if status, _ := completeness(cell.IsComplete, b.String()); status != cell.StatusIncomplete {
			break
		}
		b.WriteByte('\n')
	}
	if b.Len() == 0 {
		return "", nil
	}
	return strings.TrimRight(b.String(), "\n") + "\n", nil
}

// declaresOnly reports whether a text runs nothing.
func declaresOnly(text string) bool {
	c, errs := cell.Parse(text)
	if len(errs) > 0 || c.Main || startsWithMagic(text) {
		return false
	}
	for _, it := range c.Items {
		if it.Kind == cell.ItemStmt {
			return false
		}
	}
	return true
}

func startsWithMagic(text string) bool {
	c, _ := cell.Parse(text)
	return c.CellMagic != nil || len(c.Magics) > 0
}

// manyLines is the length of a text from which it isn't parsed at each line.
const manyLines = 100

// nesting follows a long text by its characters alone: whether it is worth
// asking if it is complete.
type nesting struct {
	magic  bool // it began with a cell magic
	begun  bool
	depth  int  // of brackets
	inside byte // '`' in a raw string, '*' in a comment
}

// goesOn reports whether the text can't end with this line.
func (n *nesting) goesOn(line string) bool {
	if n.magic {
		return strings.TrimSpace(line) != ""
	}
	return n.depth > 0 || n.inside != 0
}

// line reads the next line.
func (n *nesting) line(s string) {
	if !n.begun {
		c, _ := cell.Parse(s)
		n.begun, n.magic = true, c.CellMagic != nil
	}
	for i := 0; i < len(s) && !n.magic; i++ {
		switch c := s[i]; {
		case n.inside == '`':
			if c == '`' {
				n.inside = 0
			}
		case n.inside == '*':
			if strings.HasPrefix(s[i:], "*/") {
				n.inside = 0
				i++
			}
		case strings.HasPrefix(s[i:], "//"):
			return
		case strings.HasPrefix(s[i:], "/*"):
			n.inside = '*'
			i++
		case c == '`':
			n.inside = '`'
		case c == '"' || c == '\'':
			i += literal(s[i+1:], c)
		case strings.IndexByte("([{", c) >= 0:
			n.depth++
		case strings.IndexByte(")]}", c) >= 0:
			n.depth--
		}
	}
}

// literal is the length of the rest of a string or rune literal.
func literal(s string, quote byte) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case quote:
			return i + 1
		}
	}
	return len(s)
}
