package notebook

import (
	"encoding/json"
	"strconv"
	"strings"
)

// The header of a Jupytext file is YAML between two lines of ---. What
// notebooks put there is nested maps of plain values, and that is what
// parseHeader reads; lists and block texts are skipped.

// cutHeader splits a leading --- block off; ok is false when there is none.
func cutHeader(lines []string) (header, rest []string, ok bool) {
	if len(lines) == 0 || strings.TrimRight(lines[0], " \t") != "---" {
		return nil, lines, false
	}
	for i := 1; i < len(lines); i++ {
		if strings.TrimRight(lines[i], " \t") == "---" {
			return lines[1:i], lines[i+1:], true
		}
	}
	return nil, lines, false
}

// parseHeader reads nested maps by their indentation.
func parseHeader(lines []string) Object {
	type level struct {
		indent int
		object Object
	}
	root := Object{}
	stack := []level{{-1, root}}
	for _, line := range lines {
		text := strings.TrimSpace(line)
		if text == "" || text[0] == '#' || text[0] == '-' {
			continue
		}
		key, value, ok := strings.Cut(text, ":")
		if !ok {
			continue
		}
		indent := len(line) - len(strings.TrimLeft(line, " "))
		for len(stack) > 1 && indent <= stack[len(stack)-1].indent {
			stack = stack[:len(stack)-1]
		}
		parent := stack[len(stack)-1].object
		key = unquote(strings.TrimSpace(key))
		value = strings.TrimSpace(value)
		if value == "" {
			child := Object{}
			parent[key] = child
			stack = append(stack, level{indent, child})
			continue
		}
		parent[key] = scalar(value)
	}
	return root
}

// scalar reads a YAML value that fits on one line.
func scalar(s string) any {
	if s != "" && (s[0] == '"' || s[0] == '\'') {
		return unquote(s)
	}
	if body, _, commented := strings.Cut(s, " #"); commented {
		s = strings.TrimSpace(body)
	}
	switch s {
	case "true":
		return true
	case "false":
		return false
	case "null", "~", "":
		return nil
	}
	if s[0] == '[' || s[0] == '{' {
		if v, err := decodeJSON([]byte(s)); err == nil {
			return v
		}
		return s
	}
	if _, err := strconv.Atoi(s); err == nil && json.Valid([]byte(s)) {
		return json.Number(s)
	}
	return s
}

func unquote(s string) string {
	if len(s) < 2 || s[0] != s[len(s)-1] {
		return s
	}
	switch s[0] {
	case '"':
		if u, err := strconv.Unquote(s); err == nil {
			return u
		}
	case '\'':
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'")
	}
	return s
}

// applyHeader makes notebook metadata of a header: what stands under jupyter,
// and the title. It reports whether the file says that it is a notebook.
func (nb *Notebook) applyHeader(header Object) bool {
	if title, ok := header["title"].(string); ok {
		nb.Metadata["title"] = title
	}
	jupyter, ok := header["jupyter"].(Object)
	for k, v := range jupyter {
		nb.Metadata[k] = v
	}
	return ok
}

// cellOptions reads what follows a cell marker: JSON, or key=value pairs
// whose values are JSON, as in tags=["parameters"] name="x". Words without a
// value are returned in order.
func cellOptions(s string) (words []string, options Object) {
	options = Object{}
	s = strings.TrimSpace(s)
	for s != "" {
		if s[0] == '{' {
			if v, n := leadingJSON(s); n > 0 {
				if o, ok := v.(Object); ok {
					for k, v := range o {
						options[k] = v
					}
				}
				s = strings.TrimSpace(s[n:])
				continue
			}
		}
		end := strings.IndexAny(s, " \t=")
		if end < 0 {
			return append(words, s), options
		}
		name := s[:end]
		if s[end] != '=' {
			words = append(words, name)
			s = strings.TrimSpace(s[end:])
			continue
		}
		s = s[end+1:]
		v, n := leadingJSON(s)
		if n == 0 { // a bare word
			n = strings.IndexAny(s+" ", " \t")
			v = s[:n]
		}
		if name != "" {
			options[name] = v
		}
		s = strings.TrimSpace(s[n:])
	}
	return words, options
}

// leadingJSON decodes the JSON value that s starts with and says how long it is.
func leadingJSON(s string) (any, int) {
	dec := json.NewDecoder(strings.NewReader(s))
	dec.UseNumber()
	var v any
	if dec.Decode(&v) != nil {
		return nil, 0
	}
	return v, int(dec.InputOffset())
}
