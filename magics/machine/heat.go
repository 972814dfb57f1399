package machine

import (
	"fmt"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// cellTexts are the texts of the session's cells, by their files.
func cellTexts(h magic.Host) map[string]string {
	texts := map[string]string{}
	for _, past := range h.Inputs() {
		texts[cellFile(past.Cell)] = past.Text
	}
	n, _ := h.At()
	texts[cellFile(n)] = h.CellText()
	return texts
}

func cellFile(n int) string { return "cell " + decimal(n) }

// Functions with less than this part of the instructions, and those behind the first
// few, are left to the table.
const (
	listedShare     = 0.01
	listedFunctions = 4
)

// listed is the source of a function with what a model counted on its lines.
type listed struct {
	name, file string
	first      int
	source     []string
	share      float64 // of all instructions
	costs      map[int]result.PerfCost
}

// listedOf are the session's functions that executed most, and the cell's own lines.
func listedOf(s *result.PerfSimulated, o owners, texts map[string]string) []listed {
	var all []listed
	for _, f := range s.Functions {
		if f.Share < listedShare || len(all) == listedFunctions {
			break
		}
		l := listed{name: f.Func, file: f.File, share: f.Share, costs: map[int]result.PerfCost{}}
		if l.name == theCell {
			l.file = cellItself(s.Lines)
		}
		for _, c := range s.Lines {
			if c.Func == l.name && c.File == l.file {
				l.costs[c.Line] = c
			}
		}
		if len(l.costs) == 0 {
			continue // a package's
		}
		if l.findSource(o, texts); len(l.source) > 0 {
			all = append(all, l)
		}
	}
	return all
}

// cellItself is the cell whose own lines executed most: others are there where they
// give variables their values.
func cellItself(lines []result.PerfCost) string {
	sums := map[string]int64{}
	most := ""
	for _, c := range lines {
		if c.Func != theCell {
			continue
		}
		if sums[c.File] += c.Instructions; most == "" || sums[c.File] > sums[most] {
			most = c.File
		}
	}
	return most
}

// findSource finds the function's source; of the cell itself it is from the first line
// that executed something to the last.
func (l *listed) findSource(o owners, texts map[string]string) {
	for _, f := range o[l.file] {
		if f.Name == l.name {
			l.first, l.source = f.First, f.Lines
			return
		}
	}
	lines := strings.Split(texts[l.file], "\n")
	last := 0
	for line := range l.costs {
		if l.first == 0 || line < l.first {
			l.first = line
		}
		last = max(last, line)
	}
	if l.first >= 1 && last <= len(lines) {
		l.source = lines[l.first-1 : last]
	}
}

// blocks is the function as HTML.
func (l listed) blocks() []report.Block {
	t := report.Listing{Columns: []report.Column{{Name: "instructions", Look: report.Bar, Title: "simulated"}, {Name: "%", Title: "of all instructions"}, {Name: "D1 misses"}, {Name: "LL misses"}, {Name: "mispredicted"}}}
	most := 0.0
	for _, c := range l.costs {
		most = max(most, c.Share)
	}
	for i, text := range l.source {
		row := report.ListingLine{Number: l.first + i, Source: text}
		if c, ok := l.costs[l.first+i]; ok {
			row.Cells = []report.Cell{report.Count(c.Instructions).Shared(c.Share / most), report.Percent(c.Share), report.Count(c.D1Misses), report.Count(c.LLMisses), report.Count(c.Mispredicted)}
			row.Shade = c.Share / most
		}
		t.Lines = append(t.Lines, row)
	}
	return []report.Block{report.Heading(fmt.Sprintf("`%s` · %s:%d · %s of the instructions", l.name, l.file, l.first, quantity.Percent(l.share))), t}
}

// figure is the function as a picture, for readers without HTML.
func (l listed) figure() plots.Picture {
	picture := plots.Source{Title: "What the lines of " + l.name + " execute, simulated", Code: strings.Join(l.source, "\n"), First: l.first}
	for i, col := range []struct {
		label string
		of    func(result.PerfCost) int64
	}{
		{"Instructions", func(c result.PerfCost) int64 { return c.Instructions }},
		{"D1 misses", func(c result.PerfCost) int64 { return c.D1Misses }},
		{"Mispredicted", func(c result.PerfCost) int64 { return c.Mispredicted }},
	} {
		values := map[int]float64{}
		for line, c := range l.costs {
			values[line] = float64(col.of(c))
		}
		picture.Columns = append(picture.Columns, plots.Column{Label: col.label, Values: values, Share: i == 0})
	}
	return picture
}
