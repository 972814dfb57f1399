package machine

import (
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// output is the annotated source in all its forms.
func (a *annotation) output(h magic.Host) report.Output {
	rec := recorded(a.run, a.places, a.total, newSources(h).line, func(p *place) string {
		if in := a.code.instruction(p); in != nil {
			return in.Text
		}
		return ""
	})
	r := result.PerfAnnotate{Record: rec, Functions: a.annotated()}
	r.Simulated = a.addCosts(r.Functions)
	out := report.Output{Magic: "perf-annotate", Result: r, Samples: a.run, Params: a.params(), Warnings: slices.Concat(a.cautions(a.total), a.more)}
	out.Params["functions"] = a.sampling.in.Args.All("f")
	out.Text = " " + rec.String()
	out.HTML = []report.Block{report.Headline{Figure: quantity.Count(a.total) + " samples", Label: sampledBy(rec)}}
	for i, x := range r.Functions {
		out.Text += "\n\n" + annotatedText(x)
		out.HTML = append(out.HTML, report.Heading(fmt.Sprintf("`%s` · %s:%d · %s of the samples", x.Name, shortFile(x.File), x.First, quantity.Percent(x.Share))), listing(x, r.Simulated != nil))
		if i == 0 && x.Samples > 0 {
			out.Figure = samplesFigure(x)
		}
	}
	notes := a.notes()
	if text := a.outside(r.Functions); text != "" {
		notes = append([]string{text}, notes...)
	}
	if s := r.Simulated; s != nil {
		notes = append(notes, fmt.Sprintf("instructions, misses and mispredicted jumps are simulated by %s, in one run of its own: a model with the caches %s, not this CPU", s.Tool, s.Model))
		notes = append(notes, a.simNotes...)
	}
	for _, note := range notes {
		out.Text += "\n" + note
		out.HTML = append(out.HTML, report.Note(note))
	}
	return out
}

// shownShare is the part of all samples below which the text leaves an instruction out.
const shownShare = 0.005

// annotatedText is a function as perf annotate shows it: each line of the source, and
// below it the instructions with samples.
func annotatedText(x result.PerfAnnotated) string {
	var b strings.Builder
	fmt.Fprintf(&b, " Percent |  %s, %s:%d (%s of the samples)\n", x.Name, shortFile(x.File), x.First, quantity.Percent(x.Share))
	b.WriteString(" " + strings.Repeat("-", 76) + "\n")
	for _, l := range x.Lines {
		percent := ""
		if l.Samples > 0 {
			percent = fmt.Sprintf("%.2f", 100*l.Share)
		}
		b.WriteString(strings.TrimRight(fmt.Sprintf(" %7s | %4d  %s", percent, l.Line, strings.ReplaceAll(l.Text, "\t", "    ")), " ") + "\n")
		for _, in := range l.Instructions {
			if in.Share >= shownShare {
				fmt.Fprintf(&b, " %7.2f :         %6x:  %s\n", 100*in.Share, in.Offset, in.Text)
			}
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// listing is a function's source, whose lines open to their code.
func listing(x result.PerfAnnotated, simulated bool) report.Listing {
	l := report.Listing{Columns: []report.Column{{Name: "%", Look: report.Bar, Title: "of all samples"}, {Name: "samples"}}}
	if simulated {
		l.Columns = append(l.Columns, report.Column{Name: "instr. (sim)", Title: "instructions, simulated"}, report.Column{Name: "D1 misses (sim)"}, report.Column{Name: "mispred. (sim)", Title: "mispredicted jumps, simulated"})
	}
	most := 0.0
	for _, line := range x.Lines {
		most = max(most, line.Share)
	}
	for _, line := range x.Lines {
		row := report.ListingLine{Number: line.Line, Source: line.Text, Cells: []report.Cell{{}, {}}}
		if line.Samples > 0 {
			row.Cells = []report.Cell{report.Percent(line.Share), report.Count(line.Samples)}
			row.Shade = line.Share / most
		}
		if c := line.Cost; simulated && c != nil {
			row.Cells = append(row.Cells, report.Count(c.Instructions), report.Count(c.D1Misses), report.Count(c.Mispredicted))
		}
		if len(line.Instructions) > 0 {
			row.More = []report.Block{codeOf(line)}
		}
		l.Lines = append(l.Lines, row)
	}
	return l
}

// codeOf is the machine code of a line, the instructions with samples highlighted.
func codeOf(line result.PerfAnnotatedLine) report.Block {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "%", Look: report.Bar}, {Name: "in", Align: report.Left}, {Name: "offset"}, {Name: "instruction", Align: report.Code}}}
	most := 0.0
	for _, in := range line.Instructions {
		most = max(most, in.Share)
	}
	for _, in := range line.Instructions {
		percent := report.Cell{}
		if in.Samples > 0 {
			percent = report.Percent(in.Share).Shared(in.Share / most)
		}
		t.Rows = append(t.Rows, report.Cells(percent, report.Word(in.Func), report.Word(fmt.Sprintf("%#x", in.Offset)), report.Word(in.Text)))
	}
	return t
}

// samplesFigure is a function's source with its samples.
func samplesFigure(x result.PerfAnnotated) plots.Picture {
	var code []string
	values := map[int]float64{}
	for _, l := range x.Lines {
		code = append(code, l.Text)
		if l.Samples > 0 {
			values[l.Line] = float64(l.Samples)
		}
	}
	return plots.Source{Title: x.Name + ", " + shortFile(x.File), Code: strings.Join(code, "\n"), First: x.First, Columns: []plots.Column{{Label: "Samples", Values: values, Share: true}}}
}
