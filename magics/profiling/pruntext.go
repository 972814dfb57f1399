package profiling

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"hpgo/magics/result"
)

// prunText is cProfile's text.
func prunText(r result.Prun, rows []result.PrunRow, said []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "         %s\n\n   Ordered by: %s\n", r.String(), r.Order)
	for _, s := range said {
		fmt.Fprintf(&b, "   %s\n", s)
	}
	alloc := slices.ContainsFunc(rows, func(row result.PrunRow) bool { return row.Alloc != nil })
	lines := [][]string{prunHead(r, alloc)}
	for _, row := range rows {
		lines = append(lines, prunLine(r, row, alloc))
	}
	b.WriteString("\n")
	places := []string{"filename:lineno(function)"}
	for _, row := range rows {
		places = append(places, row.Place())
	}
	for i, cells := range lines {
		for c, text := range cells {
			width := 8
			if c == 0 {
				width = 9
			}
			for _, l := range lines {
				width = max(width, utf8.RuneCountInString(l[c]))
			}
			if c > 0 {
				b.WriteString(" ")
			}
			b.WriteString(strings.Repeat(" ", width-utf8.RuneCountInString(text)) + text)
		}
		b.WriteString(" " + places[i] + "\n")
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// prunHead are the headings of prunText's columns. Without counted calls there are
// none about them.
func prunHead(r result.Prun, alloc bool) []string {
	self, total := r.Heads()
	head := []string{self, total, "%"}
	if r.Calls != nil {
		head = []string{"ncalls", self, "percall", total, "percall", "%"}
	}
	if alloc {
		head = append(head, "alloc B")
	}
	if r.HasBase {
		head = append(head, "base %")
	}
	return head
}

// prunLine are the cells of a function below prunHead.
func prunLine(r result.Prun, row result.PrunRow, alloc bool) []string {
	cells := []string{r.Amount(row.Self), r.Amount(row.Total), percentNumber(row.Share)}
	if r.Calls != nil {
		cells = []string{row.Ncalls(), r.Amount(row.Self), "", r.Amount(row.Total), "", percentNumber(row.Share)}
		if v, ok := row.PerCall(); ok {
			cells[2] = r.Amount(v)
		}
		if v, ok := row.PerPrimitive(); ok {
			cells[4] = r.Amount(v)
		}
	}
	if alloc {
		cells = append(cells, allocNumber(row.Alloc))
	}
	if r.HasBase {
		cells = append(cells, percentNumber(*row.Base))
	}
	return cells
}

func percentNumber(share float64) string { return fmt.Sprintf("%.1f", 100*share) }

func allocNumber(v *float64) string {
	if v == nil {
		return ""
	}
	return fmt.Sprintf("%.0f", *v)
}
