package profiling

import (
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/harness"
	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// output is what %mprun shows.
func (m *mprun) output(fail error) report.Output {
	r := m.result()
	o := report.Output{Result: r, Untimed: true, Text: r.String(), Params: map[string]any{"functions": m.in.Args.All("f"), "packages": m.in.Args.All("m"),
		"all": m.in.Args.Has("all"), "fresh": m.in.Args.Has("fresh"), "hits": m.counted()}}
	switch {
	case fail == nil:
	case m.counted():
		o.Partial = "all that was allocated; the run that counts hits was cut short"
	default:
		o.Partial = "what was allocated until it was cut short"
	}
	o.HTML = append(o.HTML, report.Headline{Figure: quantity.Count(r.Bytes) + " B", Label: fmt.Sprintf("allocated in %s · %s live after", quantity.Counted(r.Objects, "object"), quantity.Bytes(float64(r.Live)))})
	for _, f := range r.Functions {
		o.HTML = append(o.HTML, report.Heading(fmt.Sprintf("`%s` · %s:%d · %s in %s", f.Name, f.File, f.First, quantity.Bytes(float64(f.Bytes)), quantity.Counted(f.Objects, "object"))), mprunTable(f))
	}
	for _, note := range m.remarks(r) {
		o.Text += "\n" + note
		o.HTML = append(o.HTML, report.Note(note))
	}
	if f := largest(r); f != nil {
		o.Figure = mprunFigure(*f)
	}
	return o
}

// tinyBlock is the size of the allocator's blocks for tiny objects, in B.
const tinyBlock = 16

// remarks are notes in a line each.
func (m *mprun) remarks(r result.Mprun) []string {
	notes := []string{r.Method + "; hits from a run of their own; RSS max read every 1 ms, with the profile's own memory"}
	if !m.counted() {
		notes[0] = strings.Replace(notes[0], " hits from a run of their own;", "", 1)
	}
	if m.in.Args.Has("c") {
		notes = append(notes, "-c changes nothing: child processes have no lines here")
	}
	if slices.ContainsFunc(m.allocs.Stacks, func(s harness.AllocStack) bool { return s.Bytes == tinyBlock*s.Objects }) {
		notes = append(notes, "objects below 16 B without pointers share blocks of 16 B, which count as one; %memit counts them singly")
	}
	if r.LiveMax() {
		notes = append(notes, "≤: objects of an earlier run were freed on the same stack, and can't be told from those of this one")
	}
	return append(notes, measuring.RestoredNote(m.restored)...)
}

// mprunTable is a function's lines.
func mprunTable(f result.MprunFunction) report.Table {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "line"}, {Name: "alloc", Unit: "B", Look: report.Heat, Title: "all that the line and what it calls allocated"}, {Name: "objects"}, {Name: "B/obj"},
		{Name: "live after", Title: "still in use when the statement had ended"}, {Name: "hits", Title: "exact, from a run with counters"}, {Name: "RSS max", Title: "most resident memory that was read while the line ran"},
		{Name: "why", Align: report.Left, Title: "why its values need the heap, as the compiler says; stack: they don't"}, {Name: "Go", Align: report.Code}}}
	for _, l := range f.Lines {
		row := report.Row{Cells: make([]report.Cell, len(t.Columns)), Cold: l.Bytes == 0}
		row.Cells[0] = report.Cell{Text: fmt.Sprint(l.Line), Order: float64(l.Line)}
		if l.Objects > 0 {
			live := report.Bytes(float64(l.Live))
			if l.LiveMax {
				live.Text = "≤ " + live.Text
			}
			row.Cells[1], row.Cells[2] = report.Count(l.Bytes).Shared(float64(l.Bytes)/float64(f.Bytes)), report.Count(l.Objects)
			row.Cells[3], row.Cells[4] = report.Number(l.BytesPerObject()), live
		}
		if l.Hits != nil {
			row.Cells[5] = report.Count(*l.Hits)
		}
		if l.RSS > 0 {
			row.Cells[6] = report.Cell{Text: fmt.Sprintf("%.1f MiB", result.MiB(l.RSS)), Order: float64(l.RSS)}
		}
		row.Cells[7], row.Cells[8] = report.Word(l.Reason()), report.Word(l.Text)
		t.Rows = append(t.Rows, row)
	}
	return withoutEmpty(t)
}

// withoutEmpty leaves out the columns without any text.
func withoutEmpty(t report.Table) report.Table {
	for c := len(t.Columns) - 1; c >= 0; c-- {
		if slices.ContainsFunc(t.Rows, func(r report.Row) bool { return r.Cells[c].Text != "" }) {
			continue
		}
		t.Columns = slices.Delete(t.Columns, c, c+1)
		for i := range t.Rows {
			t.Rows[i].Cells = slices.Delete(t.Rows[i].Cells, c, c+1)
		}
	}
	return t
}

// largest is the function that allocated most, the statement only if it is alone;
// nil if nothing was allocated.
func largest(r result.Mprun) *result.MprunFunction {
	var best *result.MprunFunction
	for i := range r.Functions {
		f := &r.Functions[i]
		if f.Bytes > 0 && (best == nil || best.Name == theCell || f.Bytes > best.Bytes && f.Name != theCell) {
			best = f
		}
	}
	return best
}

// mprunFigure draws a function's source with what its lines allocated.
func mprunFigure(f result.MprunFunction) plots.Picture {
	code := make([]string, len(f.Lines))
	alloc, objects := map[int]int64{}, map[int]int64{}
	for i, l := range f.Lines {
		code[i] = l.Text
		if l.Objects > 0 {
			alloc[l.Line], objects[l.Line] = l.Bytes, l.Objects
		}
	}
	return plots.Source{Title: fmt.Sprintf("%s, %s:%d", f.Name, f.File, f.First), Code: strings.Join(code, "\n"), First: f.First, Heat: "Alloc",
		Columns: []plots.Column{{Label: "Alloc", Values: alloc, Unit: "B"}, {Label: "Objects", Values: objects}}}
}
