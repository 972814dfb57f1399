package compiler

import (
	"slices"
	"strings"

	"hpgo/magics/report"
	"hpgo/magics/result"
)

// compare marks what differs between two functions.
func (p *page) compare() {
	p.compared = true
	for i := range 2 { // lines of kept results stay as they are
		f := &p.result.Functions[i]
		f.Lines = slices.Clone(f.Lines)
	}
	a, b := p.result.Functions[0].Lines, p.result.Functions[1].Lines
	kept := common(a, b)
	matched := map[int]bool{}
	for i := range a {
		line, ok := kept[a[i].Line]
		a[i].Change = mark(!ok, "-")
		matched[line] = ok
	}
	for i := range b {
		b[i].Change = mark(!matched[b[i].Line], "+")
	}
}

func mark(differs bool, sign string) string {
	if differs {
		return sign
	}
	return ""
}

// common is a longest common subsequence of two functions' lines, without regard
// to indentation: line of the first -> line of the second.
func common(a, b []result.AnnotatedLine) map[int]int {
	text := func(l result.AnnotatedLine) string { return strings.TrimSpace(l.Text) }
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for k := len(b) - 1; k >= 0; k-- {
			if text(a[i]) == text(b[k]) {
				length[i][k] = 1 + length[i+1][k+1]
			} else {
				length[i][k] = max(length[i+1][k], length[i][k+1])
			}
		}
	}
	kept := map[int]int{}
	for i, k := 0, 0; i < len(a) && k < len(b); {
		switch {
		case text(a[i]) == text(b[k]):
			kept[a[i].Line] = b[k].Line
			i, k = i+1, k+1
		case length[i+1][k] >= length[i][k+1]:
			i++
		default:
			k++
		}
	}
	return kept
}

// comparison is the counts of two functions side by side.
func (p *page) comparison() report.Table {
	a, b := p.result.Functions[0], p.result.Functions[1]
	t := codesTable(a.Name, b.Name, a.Code, b.Code)
	var rows []report.Row
	for _, c := range []struct {
		what  string
		kinds []string
	}{
		{"heap allocations in the source", []string{result.RemarkEscape, result.RemarkMoved}},
		{"indices that are checked", []string{result.RemarkBounds, result.RemarkSliceBounds}},
		{"checks that were proved needless", []string{result.RemarkProved}},
		{"calls that were inlined", []string{result.RemarkInlined}},
	} {
		if x, y := a.Count(c.kinds...), b.Count(c.kinds...); x != 0 || y != 0 {
			rows = append(rows, report.Row{Bold: x != y, Cells: []report.Cell{report.Word(c.what), report.Count(x), report.Count(y), report.Word(change(x, y))}})
		}
	}
	t.Rows = append(rows, t.Rows...)
	return t
}
