package profiling

import (
	"fmt"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// output is the table in all its forms.
func (c *cprun) output(restored []string, err error) report.Output {
	r := c.result()
	o := report.Output{Result: r, Samples: c.sampled, Text: r.String(), Params: c.params(), Warnings: c.cprunWarnings(r)}
	if err != nil {
		o.Partial = c.partial()
	}
	o.HTML = append(o.HTML, report.Headline{Figure: quantity.Seconds(r.Whole.Total(), 3), Label: strings.TrimPrefix(r.Head(), "time in the functions: "+quantity.Seconds(r.Whole.Total(), 3))})
	for _, f := range r.Functions {
		o.HTML = append(o.HTML, report.Heading(fmt.Sprintf("`%s` · %s:%d", f.Name, f.File, f.First)), cprunTable(f, r.Whole.Total()))
	}
	for _, note := range c.remarks(r, restored) {
		o.Text += "\n" + note
		o.HTML = append(o.HTML, report.Note(note))
	}
	var runs []report.Block
	for _, run := range r.Runs[1:] {
		runs = append(runs, report.Note(strings.TrimSpace(run)))
	}
	o.HTML = append(o.HTML, report.Details{Summary: "merged from separate runs of the statement", Blocks: runs})
	return o
}

// cprunTable is a function's source with its figures: bars for each kind of time.
func cprunTable(f result.CprunFunction, whole float64) report.Table {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "Line"},
		{Name: "Go", Look: report.Bar, Title: "Go code, of the session and of packages"}, {Name: "runtime", Look: report.Bar, Title: "malloc, GC, maps, copying, clearing"},
		{Name: "copy", Look: report.Bar, Title: "of the runtime's, that in runtime.memmove: copy, append, strings"},
		{Name: "cgo", Look: report.Bar, Title: "calls of C, and C that keeps frame pointers, as that of cells does"}, {Name: "kernel", Look: report.Bar, Title: "in system calls"}, {Name: "wait", Look: report.Bar, Title: "for channels, locks, timers, the network; in C and system calls that hardly use the CPU"},
		{Name: "Alloc", Look: report.Bar, Title: "allocated in one run, with what the line calls"}, {Name: "Live", Title: "of that, in use at the end"}, {Name: "Hits"}, {Name: "Source", Align: report.Code, Look: report.Heat}}}
	most := int64(1)
	for _, l := range f.Lines {
		most = max(most, l.Bytes)
	}
	share := func(s float64, title string) report.Cell {
		if !(whole > 0) || s/whole < 0.0005 {
			return report.Cell{}
		}
		return report.Cell{Text: quantity.Percent(s / whole), Order: s, Share: s / whole, Title: title}
	}
	for _, l := range f.Lines {
		row := report.Row{Cold: l.Hits == 0 && l.Time.Total() == 0 && l.Objects == 0, Cells: []report.Cell{report.Word(fmt.Sprint(l.Line)),
			share(l.Time.Go, ""), share(l.Time.InRuntime(), l.Time.Split(whole)), share(l.Time.Copy, ""), share(l.Time.Cgo, ""), share(l.Time.Kernel, ""), share(l.Time.Wait, "")}}
		alloc, live, hits := report.Cell{}, report.Cell{}, report.Cell{}
		if l.Objects > 0 {
			alloc = report.Cell{Text: quantity.Bytes(float64(l.Bytes)), Order: float64(l.Bytes), Share: float64(l.Bytes) / float64(most), Title: quantity.Counted(l.Objects, "object")}
			live = report.Cell{Text: quantity.Bytes(float64(l.Live)), Order: float64(l.Live)}
		}
		if l.Hits > 0 {
			hits = report.Cell{Text: quantity.Count(l.Hits), Order: float64(l.Hits)}
		}
		source := report.Cell{Text: l.Text}
		if whole > 0 {
			source.Share = l.Time.Total() / whole
		}
		row.Cells = append(row.Cells, alloc, live, hits, source)
		t.Rows = append(t.Rows, row)
	}
	return t
}
