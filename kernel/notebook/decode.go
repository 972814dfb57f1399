package notebook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// FormatError lists what is wrong with the content of a notebook whose JSON
// is sound. Each problem names the cell and the field.
type FormatError struct {
	Problems []string
}

// Error gives the first few problems, one to a line.
func (e *FormatError) Error() string {
	const most = 8
	if len(e.Problems) <= most {
		return strings.Join(e.Problems, "\n")
	}
	return fmt.Sprintf("%s\nand %d more", strings.Join(e.Problems[:most], "\n"), len(e.Problems)-most)
}

// SyntaxError is broken JSON, with the place counted from 1; Column counts
// characters.
type SyntaxError struct {
	Line, Column int
	Message      string
}

// Error is "line 3, column 7: message".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Message)
}

// ReadFile reads a notebook in the form that the file's name says: .ipynb,
// or the Jupytext forms .go (percent) and .md.
func ReadFile(path string) (*Notebook, error) {
	var decode func([]byte) (*Notebook, error)
	switch strings.ToLower(filepath.Ext(path)) {
	case ".ipynb":
		decode = Decode
	case ".go":
		decode = DecodeGo
	case ".md", ".markdown":
		decode = DecodeMarkdown
	default:
		return nil, fmt.Errorf("read %s: not a notebook by its name: need .ipynb, or .go or .md in Jupytext form", path)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read notebook: %w", err)
	}
	nb, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return nb, nil
}

// Decode reads a notebook of nbformat 4. The error is a *SyntaxError for
// broken JSON and a *FormatError for JSON that is no such notebook.
func Decode(data []byte) (*Notebook, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	top, err := decodeJSON(data)
	if err != nil {
		return nil, err
	}
	root, ok := top.(Object)
	if !ok {
		return nil, &FormatError{[]string{"not a notebook: the file holds no JSON object"}}
	}
	if err := checkVersion(root); err != nil {
		return nil, err
	}
	r := &reader{}
	nb := r.notebook(root)
	if len(r.problems) > 0 {
		return nil, &FormatError{r.problems}
	}
	nb.fillIDs()
	return nb, nil
}

// decodeJSON parses one JSON value, keeps numbers as they are spelled, and
// turns an error's byte offset into line and column.
func decodeJSON(data []byte) (any, error) {
	var probe json.RawMessage
	if err := json.Unmarshal(data, &probe); err != nil {
		return nil, syntaxError(data, err)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var top any
	if err := dec.Decode(&top); err != nil {
		return nil, syntaxError(data, err)
	}
	return top, nil
}

func syntaxError(data []byte, err error) error {
	offset := len(data)
	var se *json.SyntaxError
	if errors.As(err, &se) {
		// Offset counts the bytes read, the offending one included.
		offset = int(se.Offset) - 1
	}
	message := err.Error()
	if len(bytes.TrimSpace(data)) == 0 {
		return &SyntaxError{1, 1, "the file is empty"}
	}
	if strings.Contains(message, "unexpected end of JSON input") || errors.Is(err, io.ErrUnexpectedEOF) {
		offset, message = len(data), "the file ends in the middle (unexpected end of JSON input)"
	}
	offset = min(max(offset, 0), len(data))
	before := data[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	line := data[start:]
	if bytes.HasPrefix(line, []byte("<<<<<<<")) || bytes.HasPrefix(line, []byte("=======")) || bytes.HasPrefix(line, []byte(">>>>>>>")) {
		message = "unresolved git merge conflict"
	}
	return &SyntaxError{
		Line:    bytes.Count(before, []byte("\n")) + 1,
		Column:  utf8.RuneCount(before[start:]) + 1,
		Message: message,
	}
}

func checkVersion(root Object) error {
	refuse := func(format string, args ...any) error {
		return &FormatError{[]string{fmt.Sprintf(format, args...)}}
	}
	value, there := root["nbformat"]
	if !there {
		if _, old := root["worksheets"]; !old {
			return refuse("not a notebook: nbformat is missing")
		}
		value = json.Number("3")
	}
	major, ok := integer(value)
	switch {
	case !ok:
		return refuse("nbformat: want a whole number, have %s", describe(value))
	case major < 4:
		return refuse("nbformat %d is too old, this reads version 4: open and save it in JupyterLab, or run `jupyter nbconvert --to notebook --nbformat 4 FILE.ipynb`", major)
	case major > 4:
		return refuse("nbformat %d is newer than this reads (version 4): save it as version 4 with the program that wrote it, or use a newer hpgo", major)
	}
	return nil
}
