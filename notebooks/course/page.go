package course

import (
	"fmt"
	"slices"
	"strings"
)

// Page is the index in Markdown: the course, its map, and where each row is found.
func (c *Course) Page() string {
	var b strings.Builder
	b.WriteString(head)
	for _, p := range c.Parts {
		fmt.Fprintf(&b, "| [%s](%s) | %s |\n", strings.TrimSuffix(p.File, ".ipynb"), p.File, cellText(p.Title+". "+p.Purpose))
	}
	b.WriteString(mapHead)
	b.WriteString(rowsHead)
	for _, r := range c.Rows {
		where := r.WhyNot
		if where == "" {
			where = c.places(r)
		}
		fmt.Fprintf(&b, "| %s | %s |\n", cellText(r.ID), where)
	}
	return b.String()
}

const head = `# The course

Notebooks that retell *High Performance Python* (M. Gorelick and I. Ozsvald, 3rd edition) for Go, with the talks and notes that go with it. Each number in them was measured by the run whose outputs they hold; the machine is named below each output. They run top to bottom:

    go run ./kernel run notebooks/04-slices-arrays.ipynb --scale small

The scale is ` + "`smoke`" + ` (seconds), ` + "`small`" + ` (about a minute) or ` + "`book`" + ` (the sources' sizes). Solutions of exercises are folded; open them when you have tried.

This page is made from the notebooks: ` + "`go test ./notebooks -run Index -update`" + `.

## Notebooks

| notebook | what it is for |
| --- | --- |
`

const mapHead = `
## Map

An arrow leads to what builds upon it.

![map of the course](map.svg)
`

const rowsHead = `
## Where each experiment is

Rows are numbered as in the sources: by chapter of the book, its examples (Ex) and figures (Fig), its programs of the eighth chapter (J, and G for their Go counterparts), and the decks (A and B notes, T tutorial, S slides). Cells are counted from the top of a notebook, text included.

| row | notebook, section, cell |
| --- | --- |
`

// places lists the cells of a row, those of one section together.
func (c *Course) places(r *Row) string {
	var list []string
	for i := 0; i < len(r.Cells); {
		first := r.Cells[i]
		var numbers []string
		for ; i < len(r.Cells) && r.Cells[i].Part == first.Part && r.Cells[i].Section == first.Section; i++ {
			if n := fmt.Sprint(r.Cells[i].Number); !slices.Contains(numbers, n) {
				numbers = append(numbers, n)
			}
		}
		list = append(list, fmt.Sprintf("[%s](%s) %s: %s", strings.TrimSuffix(first.Part.File, ".ipynb"), first.Part.File, cellText(first.Section), strings.Join(numbers, ", ")))
	}
	return strings.Join(list, "; ")
}

// cellText is text that doesn't end a table's cell.
func cellText(s string) string { return strings.ReplaceAll(s, "|", `\|`) }
