package diagnostics

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"hpgo/magics/result"
)

// logLine is a line of a file of -json: the head of the file or a diagnostic, in
// the form of the language server protocol (cmd/compile/internal/logopt).
type logLine struct {
	File    string
	Range   logRange
	Code    string
	Message string
	Related []struct {
		Location struct {
			URI   string
			Range logRange
		}
		Message string
	} `json:"relatedInformation"`
}

type logRange struct {
	Start struct{ Line, Character int }
}

// logReader reads the files of -json.
type logReader struct {
	out    []result.Remark
	places map[string]*placer // by the compiler's name of the file
}

// readLogs reads all the files that a compilation wrote below a directory; without
// one there are none.
func readLogs(dir string, sources map[string]string) ([]result.Remark, error) {
	r := &logReader{places: map[string]*placer{}}
	for name, text := range sources {
		r.places[name] = newPlacer(name, text)
	}
	if dir == "" {
		return nil, nil
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		return r.file(path)
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // nothing to say: no directory
		return nil, fmt.Errorf("read the compiler's remarks: %w", err)
	}
	return r.out, nil
}

// maxLogLine is more than the compiler writes in a line.
const maxLogLine = 16 << 20

func (r *logReader) file(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, maxLogLine)
	var file string
	for lines.Scan() {
		var l logLine
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		if l.Code == "" {
			file = l.File
			continue
		}
		if remark, ok := l.remark(); ok {
			r.add(file, l, remark)
		}
	}
	return lines.Err()
}

// add puts a remark where it belongs.
func (r *logReader) add(file string, l logLine, remark result.Remark) {
	at := r.place(file, l.Range)
	remark.File, remark.Line, remark.Col = at.File, at.Line, at.Col
	for _, x := range l.Related {
		if x.Message == "inlineLoc" {
			from := r.place(pathOf(x.Location.URI), x.Location.Range)
			remark.From = &from // the last one is the innermost
		}
	}
	r.out = append(r.out, remark)
}

// pathOf is the path in a file's URI.
func pathOf(uri string) string {
	path := strings.TrimPrefix(uri, "file://")
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}

// remark reads a diagnostic; false: the compiler's text has it, too.
func (l logLine) remark() (result.Remark, bool) {
	switch l.Code {
	case "isInBounds":
		return result.Remark{Kind: result.RemarkBounds}, true
	case "isSliceInBounds":
		return result.Remark{Kind: result.RemarkSliceBounds}, true
	case "nilcheck":
		return result.Remark{Kind: result.RemarkNilCheck}, true
	case "copy":
		n, err := strconv.ParseInt(strings.TrimSuffix(l.Message, " bytes"), 10, 64)
		return result.Remark{Kind: result.RemarkCopy, Bytes: n}, err == nil
	case "cannotInlineCall":
		return notInlined(l.Message), true
	}
	return result.Remark{}, false
}

// notInlined reads why a call wasn't inlined.
func notInlined(text string) result.Remark {
	r := result.Remark{Kind: result.RemarkNotInlined}
	if name, ok := strings.CutSuffix(text, " cannot be inlined"); ok {
		r.What, r.Why = name, "it can't be inlined"
		return r
	}
	if name, ok := strings.CutPrefix(text, "repeated recursive cycle to "); ok {
		r.What, r.Why = name, "it is recursive"
		return r
	}
	var name string
	var cost, limit int
	if n, _ := fmt.Sscanf(text, "cost %d of %s exceeds max caller cost %d", &cost, &name, &limit); n == 3 {
		r.What, r.Cost, r.Budget = name, cost, limit
		r.Why = fmt.Sprintf("its cost %d exceeds %d, the limit in a function as large as this one", cost, limit)
		return r
	}
	r.Why = text
	if text == "" {
		r.Why = "it is recursive"
	}
	return r
}

// place is where a position of a log is for the user.
func (r *logReader) place(file string, at logRange) result.RemarkPlace {
	if p := r.places[file]; p != nil {
		return p.place(at.Start.Line, at.Start.Character)
	}
	return result.RemarkPlace{File: file, Line: at.Start.Line, Col: at.Start.Character}
}

// placer turns positions in a file into those that its line directives give.
type placer struct {
	name string
	fset *token.FileSet
	file *token.File
}

func newPlacer(name, text string) *placer {
	p := &placer{name: name, fset: token.NewFileSet()}
	// Go that doesn't parse has the directives up to there.
	if f, _ := parser.ParseFile(p.fset, name, text, parser.SkipObjectResolution|parser.ParseComments); f != nil {
		p.file = p.fset.File(f.FileStart)
	}
	return p
}

func (p *placer) place(line, col int) result.RemarkPlace {
	if p.file == nil || line < 1 || line > p.file.LineCount() {
		return result.RemarkPlace{File: p.name, Line: line, Col: col}
	}
	at := min(int(p.file.Offset(p.file.LineStart(line)))+max(col-1, 0), p.file.Size())
	pos := p.fset.Position(p.file.Pos(at))
	return result.RemarkPlace{File: pos.Filename, Line: pos.Line, Col: pos.Column}
}
