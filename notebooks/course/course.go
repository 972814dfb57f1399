// Package course knows the notebooks as a whole: their order, what each is for, and
// where the experiments of the sources are found in them. It makes the index page.
package course

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hpgo/kernel/notebook"
)

// RowTag begins the tag of a cell that holds an experiment: row:4.1. Tags hold no
// spaces or commas, which JupyterLab would split them at.
const RowTag = "row:"

// Course is all notebooks and all rows.
type Course struct {
	Parts []*Part
	Rows  []*Row
}

// Part is a notebook.
type Part struct {
	File    string
	Title   string // its first heading
	Purpose string // the first paragraph: what the reader can decide at the end
	After   []string
}

// Row is an experiment, figure, claim or tool of the sources.
type Row struct {
	Tag    string // without RowTag
	ID     string // as the sources number it
	WhyNot string // why there is no cell for it
	Cells  []Cell
}

// Cell is where a row is found.
type Cell struct {
	Part    *Part
	Number  int // of the cell in its notebook, from 1
	Section string
}

// after says which notebooks a notebook builds upon. Their order is that of the names.
var after = map[string][]string{
	"02-profiling.ipynb":            {"01-understanding.ipynb"},
	"03-machine.ipynb":              {"02-profiling.ipynb"},
	"04-slices-arrays.ipynb":        {"02-profiling.ipynb"},
	"05-maps-hashing.ipynb":         {"04-slices-arrays.ipynb"},
	"06-iterators-generators.ipynb": {"04-slices-arrays.ipynb"},
	"07-matrix-vector.ipynb":        {"03-machine.ipynb", "04-slices-arrays.ipynb"},
	"08-compiling.ipynb":            {"07-matrix-vector.ipynb"},
}

// Read reads the notebooks and the list of rows in a folder, and checks that they agree:
// each row has a cell, or else a reason; no cell has a row that isn't in the list.
func Read(dir string) (*Course, error) {
	c := &Course{}
	if err := c.readRows(filepath.Join(dir, "rows.tsv")); err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(dir, "*.ipynb"))
	if err != nil {
		return nil, err
	}
	slices.Sort(paths)
	for _, path := range paths {
		nb, err := notebook.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := c.add(filepath.Base(path), nb); err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
	}
	return c, c.check()
}

// readRows reads lines of a tag, an id, and a reason that may be empty.
func (c *Course) readRows(path string) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	lines := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i, line := range lines[1:] { // the first names the columns
		fields := strings.Split(line, "\t")
		if len(fields) != 3 || fields[0] == "" || strings.ContainsAny(fields[0], " ,") {
			return fmt.Errorf("%s:%d: %q isn't a tag without spaces, an id and a reason, with tabs between", path, i+2, line)
		}
		if c.row(fields[0]) != nil {
			return fmt.Errorf("%s:%d: %s is there twice", path, i+2, fields[0])
		}
		c.Rows = append(c.Rows, &Row{Tag: fields[0], ID: fields[1], WhyNot: fields[2]})
	}
	return nil
}

func (c *Course) row(tag string) *Row {
	for _, r := range c.Rows {
		if r.Tag == tag {
			return r
		}
	}
	return nil
}

// add takes a notebook in.
func (c *Course) add(file string, nb *notebook.Notebook) error {
	part := &Part{File: file, After: after[file]}
	c.Parts = append(c.Parts, part)
	section := ""
	for i, cell := range nb.Cells {
		if cell.Type == notebook.Markdown {
			part.open(cell.Source)
			if heading := lastHeading(cell.Source); heading != "" {
				section = heading
			}
		}
		for _, tag := range cell.Tags() {
			name, ok := strings.CutPrefix(tag, RowTag)
			if !ok {
				continue
			}
			row := c.row(name)
			if row == nil {
				return fmt.Errorf("cell %d has the tag %s, but rows.tsv has no row %s", i+1, tag, name)
			}
			row.Cells = append(row.Cells, Cell{part, i + 1, section})
		}
	}
	if part.Title == "" {
		return fmt.Errorf("there is no heading of the first level")
	}
	return nil
}

// open takes title and purpose from a notebook's first cell that has a title.
func (p *Part) open(source string) {
	if p.Title != "" {
		return
	}
	blocks := strings.Split(strings.TrimSpace(source), "\n\n")
	title, ok := strings.CutPrefix(blocks[0], "# ")
	if !ok {
		return
	}
	p.Title = strings.TrimSpace(title)
	if len(blocks) > 1 {
		p.Purpose = strings.Join(strings.Fields(blocks[1]), " ")
	}
}

// lastHeading is the text of the last heading in Markdown that isn't in a fence.
func lastHeading(source string) (heading string) {
	fenced := false
	for line := range strings.Lines(source) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if text := strings.TrimLeft(line, "#"); !fenced && text != line && strings.HasPrefix(text, " ") {
			heading = strings.TrimSpace(text)
		}
	}
	return heading
}

// check compares rows and cells.
func (c *Course) check() error {
	var wrong []string
	for _, r := range c.Rows {
		switch {
		case len(r.Cells) == 0 && r.WhyNot == "":
			wrong = append(wrong, fmt.Sprintf("row %s: no cell has the tag %s%s, and rows.tsv has no reason", r.ID, RowTag, r.Tag))
		case len(r.Cells) > 0 && r.WhyNot != "":
			wrong = append(wrong, fmt.Sprintf("row %s: there is a cell in %s, and rows.tsv has a reason why there is none", r.ID, r.Cells[0].Part.File))
		}
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%d rows:\n%s", len(wrong), strings.Join(wrong, "\n"))
	}
	return nil
}
