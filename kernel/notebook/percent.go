package notebook

import (
	"regexp"
	"strings"
)

var (
	// A cell starts at "// %%", then nothing or a space; "// %%bash" is a
	// commented magic.
	percentMarker = regexp.MustCompile(`^//\s*%%(%*)(?:\s+(.*))?$`)
	cellKind      = regexp.MustCompile(`^(.*?)\[(markdown|md|raw|code)\]\s*(.*)$`)
	// Jupytext comments magics out, so that the file stays Go.
	commentedMagic = regexp.MustCompile(`^// ?((?:!\*?|%{1,3})[A-Za-z].*)$`)
)

// DecodeGo reads a Go file in Jupytext's percent form: "// %%" starts a code
// cell, "// %% [markdown]" a text whose lines are comments, magics are
// commented out ("// %time f()") or stand behind "//gonb:". A file without
// markers is one code cell.
func DecodeGo(data []byte) (*Notebook, error) {
	nb := New()
	lines := textLines(data)
	nb.percentHeader(&lines)
	var cell *percentCell
	finish := func() {
		if cell == nil {
			return
		}
		if c := cell.cell(); c != nil {
			nb.Cells = append(nb.Cells, c)
		}
	}
	inRaw := false // a raw string may hold lines that look like markers
	cell = &percentCell{implicit: true}
	for _, line := range lines {
		m := percentMarker.FindStringSubmatch(line)
		if m == nil || inRaw {
			if cell.kind == Code || cell.implicit {
				inRaw = rawStringOpen(line, inRaw)
			}
			cell.lines = append(cell.lines, line)
			continue
		}
		finish()
		cell = newPercentCell(m[2])
	}
	finish()
	nb.fillIDs()
	return nb, nil
}

func (nb *Notebook) percentHeader(lines *[]string) {
	var uncommented []string
	for _, l := range *lines {
		if !strings.HasPrefix(l, "//") {
			break
		}
		uncommented = append(uncommented, uncomment(l))
	}
	header, rest, ok := cutHeader(uncommented)
	if !ok {
		return
	}
	nb.applyHeader(parseHeader(header))
	*lines = (*lines)[len(uncommented)-len(rest):]
}

// percentCell is a cell of a percent file while its lines are collected.
type percentCell struct {
	kind     string
	options  Object
	lines    []string
	implicit bool // text before the first marker
}

func newPercentCell(marker string) *percentCell {
	p := &percentCell{kind: Code}
	if m := cellKind.FindStringSubmatch(marker); m != nil {
		switch m[2] {
		case "markdown", "md":
			p.kind = Markdown
		case "raw":
			p.kind = Raw
		}
		marker = m[1] + " " + m[3]
	}
	var title []string
	title, p.options = cellOptions(marker)
	if len(title) > 0 {
		p.options["title"] = strings.Join(title, " ")
	}
	return p
}

func (p *percentCell) cell() *Cell {
	lines := trimBlankLines(p.lines)
	if p.implicit && len(lines) == 0 {
		return nil
	}
	c := &Cell{Type: p.kind, Metadata: p.options}
	if p.implicit {
		c.Type = Code
	}
	if c.Metadata == nil {
		c.Metadata = Object{}
	}
	language, _ := c.Metadata["language"].(string)
	switch {
	case c.Type != Code:
		for i, l := range lines {
			lines[i] = uncomment(l)
		}
	case language != "" && language != "go":
		delete(c.Metadata, "language")
		for i, l := range lines {
			lines[i] = uncomment(l)
		}
		lines = append([]string{"%%" + language}, lines...)
	default:
		inRaw := false
		for i, l := range lines {
			if !inRaw {
				if m := commentedMagic.FindStringSubmatch(l); m != nil {
					lines[i] = m[1]
					continue
				}
				if after, ok := strings.CutPrefix(strings.ReplaceAll(l, "// gonb:", "//gonb:"), "//gonb:"); ok {
					lines[i] = after
					continue
				}
			}
			inRaw = rawStringOpen(l, inRaw)
		}
	}
	c.Source = strings.Join(lines, "\n")
	return c
}

// rawStringOpen says whether a raw string is open after the line, given
// whether one was before. It knows strings, rune literals and // comments.
func rawStringOpen(line string, open bool) bool {
	for i := 0; i < len(line); i++ {
		if open {
			open = line[i] != '`'
			continue
		}
		switch c := line[i]; c {
		case '`':
			open = true
		case '/':
			if i+1 < len(line) && line[i+1] == '/' {
				return false
			}
		case '"', '\'':
			for i++; i < len(line) && line[i] != c; i++ {
				if line[i] == '\\' {
					i++
				}
			}
		}
	}
	return open
}

func uncomment(l string) string {
	l = strings.TrimPrefix(l, "//")
	return strings.TrimPrefix(l, " ")
}

// textLines cuts a text file into lines without their ends.
func textLines(data []byte) []string {
	s := strings.TrimPrefix(string(data), "\ufeff")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Split(s, "\n")
}

func trimBlankLines(lines []string) []string {
	for len(lines) > 0 && strings.TrimSpace(lines[0]) == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && strings.TrimSpace(lines[len(lines)-1]) == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}
