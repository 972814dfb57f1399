package notebook

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// Encode returns the notebook as Jupyter writes it: keys sorted, one space
// of indentation per level, text as lists of lines, a newline at the end.
func (nb *Notebook) Encode() ([]byte, error) {
	nb.fillIDs()
	root := withExtra(nb.Extra, Object{
		"nbformat":       4,
		"nbformat_minor": nb.Minor,
		"metadata":       orEmpty(nb.Metadata),
	})
	cells := make([]any, len(nb.Cells))
	for i, c := range nb.Cells {
		cells[i] = c.tree()
	}
	root["cells"] = cells
	e := &encoder{}
	if err := e.value(root, 0); err != nil {
		return nil, fmt.Errorf("encode notebook: %w", err)
	}
	e.WriteByte('\n')
	return e.Bytes(), nil
}

// Write encodes the notebook to w.
func (nb *Notebook) Write(w io.Writer) error {
	data, err := nb.Encode()
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	b.Write(data)
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write notebook: %w", err)
	}
	return nil
}

// WriteFile replaces the file at path in one step, so that an interrupted
// write never leaves half a notebook.
func (nb *Notebook) WriteFile(path string) error {
	data, err := nb.Encode()
	if err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if old, err := os.Stat(path); err == nil {
		mode = old.Mode().Perm()
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), ".hpgo-*.ipynb")
	if err != nil {
		return fmt.Errorf("write notebook: %w", err)
	}
	_, err = tmp.Write(data)
	if err == nil {
		err = tmp.Chmod(mode)
	}
	if closeErr := tmp.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		os.Remove(tmp.Name())
		return fmt.Errorf("write notebook: %w", err)
	}
	return nil
}

func (c *Cell) tree() Object {
	o := withExtra(c.Extra, Object{
		"cell_type": c.Type,
		"metadata":  orEmpty(c.Metadata),
		"source":    splitLines(c.Source),
	})
	if c.ID != "" {
		o["id"] = c.ID
	}
	if c.Attachments != nil {
		files := Object{}
		for name, v := range c.Attachments {
			if bundle, ok := v.(Object); ok {
				v = splitBundle(bundle)
			}
			files[name] = v
		}
		o["attachments"] = files
	}
	if c.Type == Code {
		outputs := make([]any, len(c.Outputs))
		for i, out := range c.Outputs {
			outputs[i] = out.tree()
		}
		o["outputs"] = outputs
		o["execution_count"] = numberOrNull(c.ExecutionCount)
	}
	return o
}

func (out *Output) tree() Object {
	o := withExtra(out.Extra, Object{"output_type": out.Type})
	switch out.Type {
	case StreamOutput:
		o["name"] = out.Name
		o["text"] = splitLines(out.Text)
	case DisplayOutput, ResultOutput:
		o["data"] = splitBundle(out.Data)
		o["metadata"] = orEmpty(out.Metadata)
		if out.Type == ResultOutput {
			o["execution_count"] = numberOrNull(out.ExecutionCount)
		}
	case ErrorOutput:
		o["ename"] = out.EName
		o["evalue"] = out.EValue
		lines := make([]any, len(out.Traceback))
		for i, l := range out.Traceback {
			lines[i] = l
		}
		o["traceback"] = lines
	}
	return o
}

func withExtra(extra, o Object) Object {
	for k, v := range extra {
		if _, known := o[k]; !known {
			o[k] = v
		}
	}
	return o
}

func orEmpty(o Object) Object {
	if o == nil {
		return Object{}
	}
	return o
}

func numberOrNull(n *int) any {
	if n == nil {
		return nil
	}
	return *n
}

// splitBundle stores the texts of a bundle as lines, as Jupyter does: text
// forms and SVG, but not base64.
func splitBundle(bundle Object) Object {
	split := make(Object, len(bundle))
	for mime, v := range bundle {
		if s, ok := v.(string); ok && (strings.HasPrefix(mime, "text/") || mime == "image/svg+xml" || mime == "application/javascript") {
			v = splitLines(s)
		}
		split[mime] = v
	}
	return split
}

// splitLines cuts text after each line end, as Python's str.splitlines(True)
// does, because that is what Jupyter stores: besides \n also \r, \r\n and the
// rarer separators.
func splitLines(s string) []any {
	lines := []any{}
	start := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch r {
		case '\r':
			if i < len(s) && s[i] == '\n' {
				i++
			}
		case '\n', '\v', '\f', 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029:
		default:
			continue
		}
		lines = append(lines, s[start:i])
		start = i
	}
	if start < len(s) {
		lines = append(lines, s[start:])
	}
	return lines
}

// encoder writes JSON in the layout of Python's json.dumps(indent=1,
// sort_keys=True, ensure_ascii=False). encoding/json is not used for strings
// because it escapes U+2028 and U+2029.
type encoder struct {
	bytes.Buffer
}

func (e *encoder) newline(depth int) {
	e.WriteByte('\n')
	for range depth {
		e.WriteByte(' ')
	}
}

func (e *encoder) value(v any, depth int) error {
	switch v := v.(type) {
	case nil:
		e.WriteString("null")
	case bool:
		fmt.Fprint(e, v)
	case int:
		fmt.Fprint(e, v)
	case json.Number:
		e.WriteString(v.String())
	case string:
		e.text(v)
	case []any:
		return e.list(v, depth)
	case Object:
		return e.object(v, depth)
	default:
		plain, err := plainJSON(v)
		if err != nil {
			return err
		}
		return e.value(plain, depth)
	}
	return nil
}

func (e *encoder) list(l []any, depth int) error {
	if len(l) == 0 {
		e.WriteString("[]")
		return nil
	}
	for i, v := range l {
		e.WriteByte("[,"[min(i, 1)])
		e.newline(depth + 1)
		if err := e.value(v, depth+1); err != nil {
			return err
		}
	}
	e.newline(depth)
	e.WriteByte(']')
	return nil
}

func (e *encoder) object(o Object, depth int) error {
	if len(o) == 0 {
		e.WriteString("{}")
		return nil
	}
	for i, k := range slices.Sorted(maps.Keys(o)) {
		e.WriteByte("{,"[min(i, 1)])
		e.newline(depth + 1)
		e.text(k)
		e.WriteString(": ")
		if err := e.value(o[k], depth+1); err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
	}
	e.newline(depth)
	e.WriteByte('}')
	return nil
}

func (e *encoder) text(s string) {
	e.WriteByte('"')
	for _, r := range s { // invalid UTF-8 arrives here as U+FFFD
		switch {
		case r == '"' || r == '\\':
			e.WriteByte('\\')
			e.WriteRune(r)
		case r == '\n':
			e.WriteString(`\n`)
		case r == '\r':
			e.WriteString(`\r`)
		case r == '\t':
			e.WriteString(`\t`)
		case r == '\b':
			e.WriteString(`\b`)
		case r == '\f':
			e.WriteString(`\f`)
		case r < 0x20:
			fmt.Fprintf(e, `\u%04x`, r)
		default:
			e.WriteRune(r)
		}
	}
	e.WriteByte('"')
}

// plainJSON turns any value that encoding/json accepts into the plain tree
// that a file would have given.
func plainJSON(v any) (any, error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return decodeJSON(data)
}
