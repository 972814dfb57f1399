package report

import (
	"html"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"hpgo/magics/quantity"
	"hpgo/magics/report/tablesort"
)

// Table is a table of results, as aligned text and as HTML.
type Table struct {
	Caption  string
	Columns  []Column
	Rows     []Row
	Unsorted bool // the order of the rows says something: no sorting by a click
}

// Column is a heading, and how the cells below it are set.
type Column struct {
	Name  string
	Unit  string // stands behind the name
	Align Align
	Look  Look
	Title string // what the column means, where the pointer rests on the heading
}

// Align is how cells are set.
type Align int

// The ways to set cells.
const (
	Right   Align = iota // numbers
	Left                 // words
	Code                 // Go, with its indentation
	Wrapped              // words that may be many: in several lines where the page is too narrow
)

// Look is how the Share of a cell is shown in HTML.
type Look int

// The looks. Text shows none of them.
const (
	Plain Look = iota
	Heat       // ground in a colour, the stronger the larger, on a logarithmic scale
	Bar        // a bar behind the number, as long as the share
)

// Row is the cells of a row, one for each column; missing ones are empty.
type Row struct {
	Cells []Cell
	Cold  bool // may be hidden by the reader: a line without time, for example
	Bold  bool // a sum, or the row that it is all about
}

// Cell is one text, with the number by which the column is sorted.
type Cell struct {
	Text  string
	Order float64 // for sorting; NaN sorts last. Words are sorted as words where all are 0
	Share float64 // of 1, for the column's Look
	Title string  // more, where the pointer rests
}

// Cells is a row without peculiarities.
func Cells(cells ...Cell) Row { return Row{Cells: cells} }

// Word is a cell of text.
func Word(text string) Cell { return Cell{Text: text} }

// Seconds is a cell with a time to three digits.
func Seconds(s float64) Cell { return Cell{Text: quantity.Seconds(s, 3), Order: s} }

// Bytes is a cell with an amount of memory.
func Bytes(b float64) Cell { return Cell{Text: quantity.Bytes(b), Order: b} }

// Count is a cell with a whole number.
func Count[N ~int | ~int64 | ~uint64](n N) Cell {
	return Cell{Text: quantity.Count(n), Order: float64(n)}
}

// Number is a cell with a number to three digits.
func Number(x float64) Cell { return Cell{Text: quantity.Number(x), Order: x} }

// Percent is a cell with a share of 1 in percent, which is also its Share.
func Percent(share float64) Cell {
	return Cell{Text: quantity.Percent(share), Order: share, Share: share}
}

// Shared is the cell with another Share.
func (c Cell) Shared(share float64) Cell { c.Share = share; return c }

// Titled is the cell with a Title.
func (c Cell) Titled(text string) Cell { c.Title = text; return c }

// head is a column's heading.
func (c Column) head() string {
	if c.Unit == "" {
		return c.Name
	}
	return c.Name + " [" + c.Unit + "]"
}

// cell returns a row's cell, empty where the row is short.
func (r Row) cell(i int) Cell {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return Cell{}
}

// Text is the table for a terminal: caption, headings, a rule, aligned columns.
func (t Table) Text() string {
	width := make([]int, len(t.Columns))
	for i, c := range t.Columns {
		width[i] = utf8.RuneCountInString(c.head())
		for _, r := range t.Rows {
			width[i] = max(width[i], utf8.RuneCountInString(r.cell(i).Text))
		}
	}
	var b strings.Builder
	line := func(text func(i int) string) {
		var l strings.Builder
		for i, c := range t.Columns {
			s := text(i)
			pad := strings.Repeat(" ", max(0, width[i]-utf8.RuneCountInString(s)))
			if i > 0 {
				l.WriteString("  ")
			}
			if c.Align == Right {
				l.WriteString(pad + s)
			} else {
				l.WriteString(s + pad)
			}
		}
		b.WriteString(strings.TrimRight(l.String(), " ") + "\n")
	}
	if t.Caption != "" {
		b.WriteString(t.Caption + "\n")
	}
	line(func(i int) string { return t.Columns[i].head() })
	line(func(i int) string { return strings.Repeat("─", width[i]) })
	for _, r := range t.Rows {
		line(func(i int) string { return r.cell(i).Text })
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (t Table) write(w *writer) {
	w.b.WriteString(`<div style="max-width:100%;overflow-x:auto;margin:.4em 0" tabindex="0" role="region" aria-label="` +
		html.EscapeString(t.label()) + `">` + tablesort.Open + ` style="border-collapse:collapse;font-size:.92em;font-variant-numeric:tabular-nums;margin:0`)
	w.b.WriteString(`"`)
	if !t.Unsorted && len(t.Rows) > 1 {
		w.sortable = true
		w.b.WriteString(tablesort.Mark)
	}
	w.b.WriteString(">")
	if t.Caption != "" {
		w.printf(`<caption style="text-align:left;font-weight:bold;padding:.2em 0">%s</caption>`, inline(t.Caption))
	}
	w.b.WriteString("<thead><tr>")
	for _, c := range t.Columns {
		w.printf(`<th scope="col" style="%s"%s>%s</th>`, c.style(), titleOf(c.Title), html.EscapeString(c.head()))
	}
	w.b.WriteString("</tr></thead><tbody>\n")
	for _, r := range t.Rows {
		t.writeRow(w, r)
	}
	w.b.WriteString("</tbody></table></div>")
}

// longWords is how many characters of words stay in one line; more may take several,
// so that the table fits a page.
const longWords = 34

// label is what a screen reader calls the table.
func (t Table) label() string {
	if t.Caption != "" {
		return t.Caption
	}
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return "table: " + strings.Join(names, ", ")
}

func (t Table) writeRow(w *writer, r Row) {
	w.b.WriteString("<tr")
	if r.Cold {
		w.b.WriteString(" data-cold")
	}
	w.b.WriteString(">")
	for i, c := range t.Columns {
		cell := r.cell(i)
		style := c.style() + c.look(cell.Share)
		if c.Align == Left && utf8.RuneCountInString(cell.Text) > longWords {
			style += ";white-space:normal;min-width:14em"
		}
		if r.Bold {
			style += ";font-weight:bold"
		}
		order := ""
		if cell.Order != 0 && !math.IsNaN(cell.Order) && !math.IsInf(cell.Order, 0) {
			order = ` data-order="` + strconv.FormatFloat(cell.Order, 'g', 8, 64) + `"`
		}
		w.printf(`<td style="%s"%s%s>%s</td>`, style, order, titleOf(cell.Title), html.EscapeString(cell.Text))
	}
	w.b.WriteString("</tr>\n")
}

func titleOf(text string) string {
	if text == "" {
		return ""
	}
	return ` title="` + html.EscapeString(text) + `"`
}

// style sets a column's cells.
func (c Column) style() string {
	const common = "padding:.15em .6em;white-space:"
	switch c.Align {
	case Code:
		return common + "pre;text-align:left;font-family:monospace;tab-size:2"
	case Left:
		return common + "nowrap;text-align:left"
	case Wrapped:
		return common + "normal;min-width:8em;text-align:left"
	}
	return common + "nowrap;text-align:right"
}

// look shows a share: by the strength of a ground, or the length of a bar. Both
// are translucent, so that the page's own text reads on them.
func (c Column) look(share float64) string {
	if !(share > 0) {
		return ""
	}
	share = min(share, 1)
	switch c.Look {
	case Heat:
		return ";background:rgba(234,88,12," + strconv.FormatFloat(heat(share), 'f', 2, 64) + ")"
	case Bar:
		p := strconv.FormatFloat(share*100, 'f', 1, 64) + "%"
		return ";background:linear-gradient(to right,rgba(59,130,246,.35) " + p + ",transparent " + p + ")"
	}
	return ""
}

// heat is the strength of a ground: from 0.05 at a thousandth to 0.5 at 1, equal
// steps for equal ratios.
func heat(share float64) float64 {
	return 0.05 + 0.45*max(0, 1+math.Log10(share)/3)
}
