package compiler

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hpgo/magics/report"
	"hpgo/magics/result"
)

// output is the page in all its forms.
func (p *page) output(name string) report.Output {
	out := report.Output{Magic: name, Result: p.result, Text: p.result.String(), Warnings: p.warnings, Partial: p.partial, Untimed: p.result.Samples == 0}
	for _, note := range p.notes {
		out.Text += "\n" + strings.ReplaceAll(note, "`", "")
	}
	if table := p.table(); len(table.Rows) > 0 {
		out.Text += "\n\n" + table.Text()
		out.HTML = append(out.HTML, table)
	}
	var functions []report.Block
	for i, f := range p.result.Functions {
		functions = append(functions, report.Stack(p.function(i, f)))
	}
	if p.compared {
		table := p.comparison()
		out.Text += "\n\n" + table.Text()
		out.HTML = append(out.HTML, table)
		functions = []report.Block{report.Beside(functions)}
	}
	out.HTML = append(out.HTML, functions...)
	for _, note := range p.notes {
		out.HTML = append(out.HTML, report.Note(note))
	}
	return out
}

// coded reports whether machine code was looked at.
func (p *page) coded() bool {
	return len(p.result.About) == 0
}

// table is the functions with their counts.
func (p *page) table() report.Table {
	about := func(kind string) bool { return p.coded() || slices.Contains(p.result.About, kind) }
	t := report.Table{Columns: []report.Column{{Name: "Function", Align: report.Left}, {Name: "Where", Align: report.Left}}}
	column := func(shown bool, c report.Column) {
		if shown {
			t.Columns = append(t.Columns, c)
		}
	}
	column(about(result.RemarkEscape), report.Column{Name: "Heap", Title: "places where something is allocated on the heap"})
	column(about(result.RemarkBounds), report.Column{Name: "Bounds", Title: "bounds checks that are left"})
	column(about(result.RemarkProved) && !p.coded(), report.Column{Name: "Proved", Title: "bounds checks that were shown to be needless"})
	column(p.coded(), report.Column{Name: "Instr", Title: "machine instructions"})
	column(p.coded(), report.Column{Name: "Bytes"})
	column(about(result.RemarkCanInline), report.Column{Name: "Cost", Title: "of inlining; up to 80 is inlined"})
	column(about(result.RemarkCanInline), report.Column{Name: "Inlining", Align: report.Left})
	for _, f := range p.functions() {
		if f.Name == cellName {
			continue
		}
		cells := []report.Cell{report.Word(f.Name), report.Word(fmt.Sprintf("%s:%d", f.ShortFile(), f.First))}
		cell := func(shown bool, c report.Cell) {
			if shown {
				cells = append(cells, c)
			}
		}
		cell(about(result.RemarkEscape), report.Count(f.Count(result.RemarkEscape, result.RemarkMoved)))
		cell(about(result.RemarkBounds), report.Count(f.Count(result.RemarkBounds, result.RemarkSliceBounds)))
		cell(about(result.RemarkProved) && !p.coded(), report.Count(f.Count(result.RemarkProved)))
		cell(p.coded(), report.Count(f.Code.Instructions).Titled(f.NoCode))
		cell(p.coded(), report.Count(f.Code.Bytes))
		cell(about(result.RemarkCanInline), costCell(f))
		inline, _, _ := strings.Cut(f.Inline, ", cost ")
		cell(about(result.RemarkCanInline), report.Word(inline))
		t.Rows = append(t.Rows, report.Row{Cells: cells})
	}
	return t
}

// costCell is the cost of inlining a function.
func costCell(f result.AnnotatedFunction) report.Cell {
	for _, l := range f.Lines {
		for _, r := range l.Remarks {
			if (r.Kind == result.RemarkCanInline || r.Kind == result.RemarkCannotInline) && r.Cost > 0 && withoutInstances(r.Func) == ownName(f) {
				return report.Count(r.Cost)
			}
		}
	}
	return report.Cell{Order: math.NaN()}
}

// ownName is a function's name without its package, type arguments and the label it
// was kept under.
func ownName(f result.AnnotatedFunction) string {
	name, _, _ := strings.Cut(withoutInstances(f.Name), " (")
	if f.Package == "" {
		return name
	}
	_, own, _ := strings.Cut(name, ".")
	return own
}

// functions are those of the table.
func (p *page) functions() []result.AnnotatedFunction {
	if len(p.summary) > 0 {
		return p.summary
	}
	return p.result.Functions
}

// function is one function's source.
func (p *page) function(i int, f result.AnnotatedFunction) []report.Block {
	title := f.Title("` · ")
	if title == f.File {
		title += "`"
	}
	title = "`" + title
	if f.Inline != "" {
		title += " · " + f.Inline
	}
	blocks := []report.Block{report.Heading(title)}
	switch {
	case !p.coded():
	case f.NoCode != "":
		blocks = append(blocks, report.Note("no machine code: "+f.NoCode))
	case f.Code.Instructions > 0:
		blocks = append(blocks, report.Note(f.Code.Summary()))
	}
	return append(blocks, p.listing(i, f))
}

// listing is the source with remarks, shaded, and with the machine code of a line
// behind a click.
func (p *page) listing(i int, f result.AnnotatedFunction) report.Listing {
	l := report.Listing{Wraps: p.compared}
	if f.Code.Instructions > 0 {
		l.Columns = append(l.Columns, report.Column{Name: "Instr", Title: "machine instructions"})
	}
	if p.result.Hits {
		l.Columns = append(l.Columns, report.Column{Name: "Hits", Title: "executions in one run"})
	}
	if p.result.Samples > 0 {
		l.Columns = append(l.Columns, report.Column{Name: "% time", Look: report.Bar, Title: "of the samples in the cell"})
	}
	shades := p.shades(f)
	for k, x := range f.Lines {
		line := report.ListingLine{Number: x.Line, Source: x.Text, Shade: shades[k], Badges: badges(x)}
		if f.Code.Instructions > 0 {
			line.Cells = append(line.Cells, count(x.Code.Instructions))
		}
		if p.result.Hits {
			line.Cells = append(line.Cells, count(x.Hits))
		}
		if p.result.Samples > 0 {
			line.Cells = append(line.Cells, shareCell(x))
		}
		if x.Change != "" {
			line.Change = rune(x.Change[0])
		}
		line.More = more(x, p.code[i][x.Line])
		l.Lines = append(l.Lines, line)
	}
	return l
}

func count[N ~int | ~uint64](n N) report.Cell {
	if n == 0 {
		return report.Cell{}
	}
	return report.Cell{Text: report.Count(uint64(n)).Text}
}

func shareCell(l result.AnnotatedLine) report.Cell {
	if l.Samples == 0 {
		return report.Cell{}
	}
	return report.Percent(l.Share)
}

// shades is how dark each line is: by its score, times its executions or by its
// share of the samples where these are known, on a logarithmic scale. A line that
// is costly and never runs is light.
func (p *page) shades(f result.AnnotatedFunction) []float64 {
	weights := make([]float64, len(f.Lines))
	most := 0.0
	for i, l := range f.Lines {
		weights[i] = float64(l.Score)
		switch {
		case p.result.Samples > 0:
			weights[i] = l.Share
		case p.result.Hits:
			weights[i] *= float64(l.Hits)
		}
		most = max(most, weights[i])
	}
	least := most / 1e4 // four powers of ten below the darkest line is white
	if p.result.Samples == 0 && !p.result.Hits {
		most, least = max(most, 8), 0.5
	}
	shades := make([]float64, len(weights))
	for i, w := range weights {
		if w > least {
			shades[i] = math.Log(w/least) / math.Log(most/least)
		}
	}
	return shades
}

// tones are the colours of remarks.
var tones = map[string]report.Tone{
	result.RemarkEscape: report.Costly, result.RemarkShown: report.Neutral, result.RemarkMoved: report.Costly,
	result.RemarkBounds: report.Minor, result.RemarkSliceBounds: report.Minor, result.RemarkBarrier: report.Minor, result.RemarkNilCheck: report.Minor,
	result.RemarkNotInlined: report.Minor, result.RemarkCannotInline: report.Minor, result.RemarkCopy: report.Minor,
	result.RemarkStack: report.Good, result.RemarkProved: report.Good, result.RemarkInlined: report.Good, result.RemarkDevirtual: report.Good, result.RemarkCanInline: report.Good,
}

// badges are the line's remarks in a word or two, and what its code calls.
func badges(l result.AnnotatedLine) []report.Badge {
	var out []report.Badge
	for _, g := range l.Labelled() {
		r := result.Together(g)
		if r.Kind == result.RemarkBarrier && l.Code.Barriers > 0 {
			continue // counted in the code
		}
		var why []string
		for _, x := range g {
			why = append(why, x.Sentence())
		}
		out = append(out, report.Badge{Text: r.Label(), Tone: tones[r.Kind], Title: strings.Join(why, "; ")})
	}
	for _, text := range l.Code.Labels() {
		b := report.Badge{Text: text, Tone: report.Minor}
		if strings.HasPrefix(text, "calls runtime.") {
			b.Tone = report.Costly
		} else if strings.HasPrefix(text, "calls ") {
			b.Tone, b.Title = report.Neutral, "not inlined"
		}
		out = append(out, b)
	}
	return out
}

// more is what opens below a line: the remarks in full, then its machine code.
func more(l result.AnnotatedLine, pieces []piece) []report.Block {
	var blocks []report.Block
	for _, r := range l.Grouped() {
		blocks = append(blocks, report.Note(escapeQuotes(r.Sentence())))
		if len(r.Flow) > 0 {
			blocks = append(blocks, report.Text(flowText(r)))
		}
	}
	for _, pc := range pieces {
		lines := make([]report.HighlightedLine, 0, len(pc.instructions)+1)
		lines = append(lines, report.HighlightedLine{Text: strings.TrimPrefix(pc.fn, "main.")})
		for _, in := range pc.instructions {
			x := report.HighlightedLine{Text: fmt.Sprintf("  %#6x  %s", in.Offset, in.Text), Tone: toneOf(in.Call)}
			if in.Inlined() {
				x.Title = fmt.Sprintf("from %s:%d", in.Stack[0].Func, in.Stack[0].Line)
			}
			lines = append(lines, x)
		}
		blocks = append(blocks, report.Highlighted(lines))
	}
	return blocks
}

// escapeQuotes keeps backquotes of the compiler's text from becoming code.
func escapeQuotes(text string) string { return strings.ReplaceAll(text, "`", "'") }

// flowText is the way that a value takes.
func flowText(r result.Remark) string {
	var b strings.Builder
	for _, s := range r.Flow {
		fmt.Fprintf(&b, "  %s:%d  %s  (%s)\n", s.File, s.Line, s.What, s.How)
	}
	return strings.TrimSuffix(b.String(), "\n")
}
