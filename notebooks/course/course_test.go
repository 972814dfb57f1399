package course

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hpgo/kernel/notebook"
)

// write makes a folder with a list of rows and one notebook whose cells have tags.
func write(t *testing.T, rows string, tags ...any) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rows.tsv"), []byte("tag\tid\twhy no cell\n"+rows), 0o666); err != nil {
		t.Fatal(err)
	}
	nb := notebook.New()
	nb.Append(notebook.Markdown, "# Lists | tuples\n\nDecide which.\n\nMore.")
	nb.Append(notebook.Markdown, "## Growth\n\n```\n# no heading\n```")
	nb.Append(notebook.Code, "1").Metadata["tags"] = tags
	if err := nb.WriteFile(filepath.Join(dir, "04-slices-arrays.ipynb")); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestRead(t *testing.T) {
	for _, tt := range []struct {
		name, rows string
		tags       []any
		want       string // in the error; "": none
	}{
		{"a cell", "4.1\t4.1 (a)\t\n", []any{"row:4.1", "other"}, ""},
		{"a reason", "4.1\t4.1\tneeds a GPU\n", nil, ""},
		{"neither", "4.1\t4.1 (a)\t\n", nil, "row 4.1 (a): no cell has the tag row:4.1"},
		{"both", "4.1\t4.1\tneeds a GPU\n", []any{"row:4.1"}, "has a reason why there is none"},
		{"a tag without a row", "4.1\t4.1\t\n", []any{"row:4.2"}, "cell 3 has the tag row:4.2"},
		{"a row twice", "4.1\t4.1\t\n4.1\t4.1\t\n", []any{"row:4.1"}, "rows.tsv:3: 4.1 is there twice"},
		{"a tag with a space", "4 1\t4.1\t\n", nil, "rows.tsv:2"},
		{"a column too few", "4.1\t4.1\n", nil, "rows.tsv:2"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(write(t, tt.rows, tt.tags...))
			if tt.want == "" && err != nil || tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want %q", err, tt.want)
			}
		})
	}
}

func TestPage(t *testing.T) {
	c, err := Read(write(t, "4.1\t4.1 (a|b)\t\n4.2\t4.2\tneeds a GPU\n", "row:4.1"))
	if err != nil {
		t.Fatal(err)
	}
	page := c.Page()
	for _, want := range []string{
		`| [04-slices-arrays](04-slices-arrays.ipynb) | Lists \| tuples. Decide which. |`,
		`| 4.1 (a\|b) | [04-slices-arrays](04-slices-arrays.ipynb) Growth: 3 |`,
		`| 4.2 | needs a GPU |`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %s:\n%s", want, page)
		}
	}
}

// TestMap: whatever builds upon something stands to the right of it.
func TestMap(t *testing.T) {
	c := &Course{}
	for file, names := range after {
		c.Parts = append(c.Parts, &Part{File: file, After: names})
	}
	c.Parts = append(c.Parts, &Part{File: "01-understanding.ipynb"})
	slices.SortFunc(c.Parts, func(a, b *Part) int { return strings.Compare(a.File, b.File) })
	boxes, _, _ := c.layout()
	seen := map[box]bool{}
	for _, p := range c.Parts {
		if seen[boxes[p.File]] {
			t.Errorf("%s has the place of another", p.File)
		}
		seen[boxes[p.File]] = true
		for _, name := range p.After {
			if boxes[name].x >= boxes[p.File].x {
				t.Errorf("%s isn't to the right of %s", p.File, name)
			}
		}
	}
	if svg := c.Map(); strings.Count(svg, "<rect") != len(c.Parts) || strings.Count(svg, "marker-end") != 8 {
		t.Errorf("map:\n%s", svg)
	}
}
