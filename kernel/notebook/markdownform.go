package notebook

import (
	"regexp"
	"strings"
)

var (
	fenceStart  = regexp.MustCompile("^(```+|~~~+)\\s*([A-Za-z0-9_+-]*)\\s*(.*)$")
	regionStart = regexp.MustCompile(`^<!--\s*#(region|raw)\b\s*(.*?)\s*-->\s*$`)
	regionEnd   = regexp.MustCompile(`^<!--\s*#end(region|raw)\s*-->\s*$`)
	// Fences of these languages are cells when the header says that the file
	// is a notebook; in any other markdown they are examples of what to type.
	scriptFences = map[string]bool{"bash": true, "sh": true, "python": true}
)

// DecodeMarkdown reads markdown in Jupytext's form: every ```go fence is a
// code cell (options behind the word go, .noeval leaves it text), what lies
// between is markdown, split at two blank lines or by
// <!-- #region --> ... <!-- #endregion -->; <!-- #raw --> holds a raw cell.
// A YAML header is optional.
func DecodeMarkdown(data []byte) (*Notebook, error) {
	nb := New()
	lines := textLines(data)
	m := &markdownReader{nb: nb}
	if header, rest, ok := cutHeader(lines); ok {
		m.jupyter = nb.applyHeader(parseHeader(header))
		lines = rest
	}
	for len(lines) > 0 {
		lines = m.next(lines)
	}
	m.flush()
	nb.fillIDs()
	return nb, nil
}

// markdownReader collects markdown lines until something else starts.
type markdownReader struct {
	nb      *Notebook
	jupyter bool // the header says that this is a notebook
	text    []string
}

func (m *markdownReader) add(kind string, lines []string, options Object) {
	m.nb.Cells = append(m.nb.Cells, &Cell{Type: kind, Source: strings.Join(lines, "\n"), Metadata: options})
}

func (m *markdownReader) flush() {
	if text := trimBlankLines(m.text); len(text) > 0 {
		m.add(Markdown, text, Object{})
	}
	m.text = nil
}

// next consumes at least one line and returns the rest.
func (m *markdownReader) next(lines []string) []string {
	line := lines[0]
	if r := regionStart.FindStringSubmatch(line); r != nil {
		if end := findRegionEnd(lines); end > 0 {
			m.flush()
			kind := Markdown
			if r[1] == "raw" {
				kind = Raw
			}
			_, options := cellOptions(r[2])
			m.add(kind, lines[1:end], options)
			return lines[end+1:]
		}
	}
	if f := fenceStart.FindStringSubmatch(line); f != nil {
		end := fenceEnd(lines, f[1])
		if source, options, ok := m.fencedCell(f, lines[1:end]); ok {
			m.flush()
			m.add(Code, source, options)
		} else {
			m.text = append(m.text, lines[:min(end+1, len(lines))]...)
		}
		return lines[min(end+1, len(lines)):]
	}
	blank := strings.TrimSpace(line) == ""
	if n := len(m.text); blank && n > 0 && strings.TrimSpace(m.text[n-1]) == "" {
		m.flush()
		return lines[1:]
	}
	m.text = append(m.text, line)
	return lines[1:]
}

func (m *markdownReader) fencedCell(fence, body []string) ([]string, Object, bool) {
	language := strings.ToLower(fence[2])
	words, options := cellOptions(fence[3])
	for _, w := range words {
		if w == ".noeval" {
			return nil, nil, false
		}
	}
	if active, _ := options["active"].(string); active == "md" {
		return nil, nil, false
	}
	switch {
	case language == "go":
		return trimBlankLines(body), options, true
	case m.jupyter && scriptFences[language]:
		return append([]string{"%%" + language}, body...), options, true
	}
	return nil, nil, false
}

// fenceEnd returns the index of the line that closes the fence on lines[0],
// or len(lines) when none does.
func fenceEnd(lines []string, mark string) int {
	for i := 1; i < len(lines); i++ {
		l := strings.TrimRight(lines[i], " \t")
		if len(l) >= len(mark) && strings.Trim(l, mark[:1]) == "" {
			return i
		}
	}
	return len(lines)
}

func findRegionEnd(lines []string) int {
	depth := 0
	for i, l := range lines {
		switch {
		case regionStart.MatchString(l):
			depth++
		case regionEnd.MatchString(l):
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}
