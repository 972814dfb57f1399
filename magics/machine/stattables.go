package machine

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
)

// eventTable is the table of events; columns of which nothing is known are left out.
func eventTable(events []result.PerfEvent) report.Table {
	type column struct {
		report.Column
		cell  func(result.PerfEvent) report.Cell
		known bool
	}
	columns := []column{
		{report.Column{Name: "event", Align: report.Left}, func(e result.PerfEvent) report.Cell { return report.Word(e.Event) }, true},
		{report.Column{Name: "value", Title: "of one run, mean of all"}, valueCell, true},
		{report.Column{Name: "per op", Title: "by the operations of a run, which -n and --per-op tell, without what counting nothing counts"}, perOpCell,
			slices.ContainsFunc(events, func(e result.PerfEvent) bool { return e.PerOp != nil })},
		{report.Column{Name: "±", Title: "standard error of the mean, by the mean"}, func(e result.PerfEvent) report.Cell { return errorCell(e.Err) },
			slices.ContainsFunc(events, func(e result.PerfEvent) bool { return e.Err != nil })},
		{report.Column{Name: "source", Align: report.Left, Title: "hw: counters of the CPU, sw: counters of the kernel, sim: a model of a CPU"},
			func(e result.PerfEvent) report.Cell { return report.Word(e.Source).Titled(e.From) }, true},
		{report.Column{Name: "note", Align: report.Left}, func(e result.PerfEvent) report.Cell { return report.Word(noteOf(e)) },
			slices.ContainsFunc(events, func(e result.PerfEvent) bool { return noteOf(e) != "" })},
	}
	columns = slices.DeleteFunc(columns, func(c column) bool { return !c.known })
	t := report.Table{Unsorted: true}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.Column)
	}
	for _, e := range events {
		var cells []report.Cell
		for _, c := range columns {
			cells = append(cells, c.cell(e))
		}
		t.Rows = append(t.Rows, report.Cells(cells...))
	}
	return t
}

func valueCell(e result.PerfEvent) report.Cell {
	switch {
	case e.Value == nil:
		return report.Cell{Text: e.Missing, Order: math.NaN(), Title: e.Why}
	case e.Clock:
		return report.Seconds(*e.Value)
	}
	return countCell(*e.Value)
}

// countCell writes a mean of counts: whole, where it is large or is a whole number.
func countCell(x float64) report.Cell {
	if x >= 100 || x == math.Trunc(x) {
		return report.Cell{Text: quantity.Count(int64(math.Round(x))), Order: x}
	}
	return report.Number(x)
}

func perOpCell(e result.PerfEvent) report.Cell {
	switch {
	case e.PerOp == nil:
		return report.Word("")
	case e.Clock:
		return report.Seconds(*e.PerOp)
	}
	return report.Cell{Text: quantity.PerOp(*e.PerOp), Order: *e.PerOp}
}

func errorCell(err *float64) report.Cell {
	if err == nil {
		return report.Word("")
	}
	return report.Percent(*err)
}

// noteOf is what stands behind an event: the figure that follows from it, why it is
// missing, and how it was counted.
func noteOf(e result.PerfEvent) string {
	var notes []string
	switch {
	case e.Value == nil:
		notes = append(notes, e.Why)
	case e.Unit != "":
		notes = append(notes, metricText(e))
	}
	if e.Share < 1 {
		notes = append(notes, fmt.Sprintf("counted for %s of the time", quantity.Percent(e.Share)))
	}
	if e.Value != nil && e.Source == result.PerfSoftware && e.From != perfEvents {
		notes = append(notes, "by "+e.From)
	}
	return strings.Join(notes, "; ")
}

// perfEvents is PerfEvent.From of what performance events tell.
const perfEvents = "perf_event_open"

// metricText is the derived figure as perf writes it.
func metricText(e result.PerfEvent) string {
	unit, digits := e.Unit, 3
	if rest, percent := strings.CutPrefix(unit, "%"); percent {
		return fmt.Sprintf("%.2f %%%s", e.Metric, rest)
	}
	if unit == "insn per cycle" {
		digits = 2
	}
	return fmt.Sprintf("%.*f %s", digits, e.Metric, unit)
}

// shownFunctions is how many functions the table of a model has.
const shownFunctions = 10

// costTable is the table of the functions, the costliest first.
func costTable(functions []result.PerfCost) report.Table {
	t := report.Table{Columns: []report.Column{
		{Name: "function", Align: report.Left},
		{Name: "instructions", Look: report.Bar, Title: "that it executed itself, in the first run"},
		{Name: "share"},
		{Name: "loads + stores"},
		{Name: "D1 misses", Title: "accesses to data that the first cache didn't have"},
		{Name: "LL misses", Title: "accesses that the last cache didn't have"},
		{Name: "branches"},
		{Name: "mispredicted"},
	}}
	for _, f := range functions[:min(len(functions), shownFunctions)] {
		instructions := report.Count(f.Instructions).Shared(f.Share)
		t.Rows = append(t.Rows, report.Cells(report.Word(f.Func).Titled(f.File), instructions, report.Percent(f.Share), report.Count(f.Loads+f.Stores),
			report.Count(f.D1Misses), report.Count(f.LLMisses), report.Count(f.Branches), report.Count(f.Mispredicted)))
	}
	return t
}
