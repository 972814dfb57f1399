package tracing

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// How many rows tables show; the others unfold, or are in the data.
const (
	shownFunctions = 12
	shownWaits     = 10
	shownLongest   = 8
	shownRegions   = 20
)

// stateColumns are the states of goroutines that have a column, if any function was
// in them.
var stateColumns = []struct {
	name, title string
	of          func(result.TraceTimes) float64
}{
	{"running", "on a processor", func(t result.TraceTimes) float64 { return t.Running }},
	{"runnable", "could run, but no processor was free", func(t result.TraceTimes) float64 { return t.Runnable }},
	{"syscall", "in system calls", func(t result.TraceTimes) float64 { return t.Syscall }},
	{"GC assist", "marking for the collector, or waiting to, before it may allocate", func(t result.TraceTimes) float64 { return t.Assist }},
	{"channel", "sending or receiving", func(t result.TraceTimes) float64 { return t.Channel }},
	{"select", "", func(t result.TraceTimes) float64 { return t.Select }},
	{"mutex", "sync.Mutex and RWMutex", func(t result.TraceTimes) float64 { return t.Mutex }},
	{"sync", "WaitGroup, Cond and others of package sync", func(t result.TraceTimes) float64 { return t.Sync }},
	{"sleep", "", func(t result.TraceTimes) float64 { return t.Sleep }},
	{"I/O", "network, pipes: what the runtime polls", func(t result.TraceTimes) float64 { return t.IO }},
	{"blocked", "for another reason, or one that the trace doesn't tell", func(t result.TraceTimes) float64 { return t.Blocked }},
}

// tables are what a trace comes down to.
func tables(r result.Trace) (text string, blocks []report.Block) {
	add := func(heading string, t report.Table) {
		if len(t.Rows) == 0 {
			return
		}
		text += "\n" + heading + "\n" + t.Text() + "\n"
		blocks = append(blocks, report.Heading(heading), t)
	}
	functions := functionTable(r)
	add("Goroutines by the function they began with, all their time", functions)
	heading := "Where they waited"
	if slices.ContainsFunc(r.Waits[:min(len(r.Waits), shownWaits)], func(w result.TraceWait) bool { return w.State == "syscall" }) {
		heading += ", or were in system calls"
	}
	add(heading, waitTable(r))
	longest := longestTable(r)
	if len(longest.Rows) > 0 {
		text += "\nLongest waits\n" + longest.Text() + "\n"
		blocks = append(blocks, report.Details{Summary: "longest waits, and who ended them", Blocks: []report.Block{longest}})
	}
	add("Regions", regionTable(r.Regions))
	add("Tasks", regionTable(r.Tasks))
	add("Calls, each with all that it calls", regionTable(r.Calls))
	processors := processorTable(r)
	text += "\nProcessors\n" + processors.Text() + "\n"
	blocks = append(blocks, report.Details{Summary: "processors", Blocks: []report.Block{processors}})
	return text, blocks
}

// functionTable is the time of goroutines by function.
func functionTable(r result.Trace) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "function", Align: report.Code}, {Name: "goroutines"}}}
	rows := slices.Clone(r.Functions)
	if shown := slices.DeleteFunc(slices.Clone(rows), func(f result.TraceFunction) bool { return f.System }); len(shown) > 0 {
		rows = shown
	}
	rows = rows[:min(len(rows), shownFunctions)]
	var used []int
	for i, c := range stateColumns {
		if slices.ContainsFunc(rows, func(f result.TraceFunction) bool { return c.of(f.Times) > 0 }) {
			used = append(used, i)
			t.Columns = append(t.Columns, report.Column{Name: c.name, Title: c.title, Look: report.Heat})
		}
	}
	for _, f := range rows {
		cells := []report.Cell{report.Word(f.Name), report.Count(f.Goroutines)}
		for _, i := range used {
			d := stateColumns[i].of(f.Times)
			cell := report.Seconds(d).Shared(share(d, f.Times.Total()))
			if d == 0 {
				cell.Text = ""
			}
			cells = append(cells, cell.Titled(quantity.Percent(share(d, f.Times.Total()))+" of its time"))
		}
		t.Rows = append(t.Rows, report.Cells(cells...))
	}
	return t
}

// waitTable is the waiting by place.
func waitTable(r result.Trace) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "place", Align: report.Left}, {Name: "waits in", Align: report.Left, Title: "the call that waits, or that makes the system call"}, {Name: "state", Align: report.Left},
		{Name: "times"}, {Name: "time", Title: "all together", Look: report.Bar}, {Name: "mean"}, {Name: "longest"}, {Name: "ended mostly by", Align: report.Left, Title: "where the goroutine was whose doing ended most of it"}}}
	most := 0.0
	for _, w := range r.Waits {
		most = max(most, w.Seconds)
	}
	for _, w := range r.Waits[:min(len(r.Waits), shownWaits)] {
		by := at(w.By)
		if w.Open > 0 && w.Open == w.Count {
			by = "(not ended)"
		}
		t.Rows = append(t.Rows, report.Cells(report.Word(at(w.TracePlace)), report.Word(w.Call), report.Word(w.State), report.Count(w.Count), report.Seconds(w.Seconds).Shared(share(w.Seconds, most)),
			report.Seconds(share(w.Seconds, float64(w.Count))), report.Seconds(w.Longest), report.Word(by)))
	}
	return t
}

// longestTable is single waits.
func longestTable(r result.Trace) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "goroutine", Align: report.Left}, {Name: "state", Align: report.Left}, {Name: "place", Align: report.Left}, {Name: "from"}, {Name: "time"}, {Name: "ended by", Align: report.Left}}}
	for _, w := range r.Longest[:min(len(r.Longest), shownLongest)] {
		by := "no goroutine"
		switch {
		case w.Open:
			by = "(not ended)"
		case w.By != 0:
			by = strings.TrimSpace(fmt.Sprintf("G%d %s", w.By, w.ByName))
			if place := at(w.ByPlace); place != "" && place != w.ByName {
				by += " at " + place
			}
		}
		t.Rows = append(t.Rows, report.Cells(report.Word(fmt.Sprintf("G%d %s", w.Goroutine, w.Name)), report.Word(w.State), report.Word(at(w.TracePlace)), report.Seconds(w.From), report.Seconds(w.To-w.From), report.Word(by)))
	}
	return t
}

// regionTable is regions by name.
func regionTable(regions []result.TraceRegion) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "name", Align: report.Code}, {Name: "times"}, {Name: "time", Title: "all together"}, {Name: "mean"}, {Name: "min"}, {Name: "median"}, {Name: "max"}}}
	running := slices.ContainsFunc(regions, func(g result.TraceRegion) bool { return g.Running > 0 })
	if running {
		t.Columns = append(t.Columns, report.Column{Name: "running", Title: "share of its time in which its goroutine ran"})
	}
	for _, g := range regions[:min(len(regions), shownRegions)] {
		cells := []report.Cell{report.Word(g.Name), report.Count(g.Count), report.Seconds(g.Seconds), report.Seconds(share(g.Seconds, float64(g.Count))), report.Seconds(g.Min), report.Seconds(g.P50), report.Seconds(g.Max)}
		if running {
			cells = append(cells, report.Percent(share(g.Running, g.Seconds)))
		}
		t.Rows = append(t.Rows, report.Cells(cells...))
	}
	return t
}

// processorTable is what processors were busy with.
func processorTable(r result.Trace) report.Table {
	t := report.Table{Columns: []report.Column{{Name: "processor", Align: report.Left}, {Name: "busy", Look: report.Bar, Title: "running goroutines"}, {Name: "program", Title: "running the program's goroutines"}, {Name: "syscall", Title: "left with a goroutine in a system call, until another one needs it"},
		{Name: "GC", Title: "workers of the collector"}, {Name: "runtime", Title: "other goroutines of the runtime"}, {Name: "hpgo", Title: "what runs cells"}}}
	for _, p := range r.Processors {
		of := func(s float64) report.Cell { return report.Percent(share(s, r.Seconds)) }
		t.Rows = append(t.Rows, report.Cells(report.Word(fmt.Sprintf("P%d", p.ID)), of(p.Busy), of(p.Program), of(p.Syscall), of(p.GC), of(p.Runtime), of(p.Session)))
	}
	return t
}

// latencyLine says how long goroutines waited for a processor.
func latencyLine(l result.TraceLatency) string {
	if l.Count == 0 {
		return "no goroutine waited for a processor"
	}
	return fmt.Sprintf("scheduling latency of %s: median %s, 90 %% %s, 99 %% %s, longest %s", quantity.Counted(l.Count, "start"),
		quantity.Seconds(l.P50, 3), quantity.Seconds(l.P90, 3), quantity.Seconds(l.P99, 3), quantity.Seconds(l.Max, 3))
}

// collectorLine says what the collector did.
func collectorLine(g result.TraceGC) string {
	parts := []string{"GC " + quantity.Counted(g.Cycles, "cycle")}
	if g.Cycles > 0 {
		parts = append(parts, "marking for "+quantity.Seconds(g.Marking, 3), "workers "+quantity.Seconds(g.Workers, 3), "assists "+quantity.Seconds(g.Assist, 3))
	}
	if g.Stops > 0 {
		parts = append(parts, fmt.Sprintf("world stopped %s, %s together, longest %s", quantity.Counted(g.Stops, "time"), quantity.Seconds(g.Stopped, 3), quantity.Seconds(g.Longest, 3)))
	}
	return strings.Join(parts, " · ")
}

// latencyPicture counts latencies in bins that grow by a factor of four.
func latencyPicture(l result.TraceLatency) plots.Picture {
	counts := map[int]int{}
	for _, b := range l.Bins {
		counts[latencyBin(b.From)] += b.Count
	}
	var labels []string
	var values []int
	if len(counts) == 0 {
		return nil
	}
	keys := slices.Sorted(maps.Keys(counts))
	for k := keys[0]; k <= keys[len(keys)-1]; k++ {
		labels, values = append(labels, "< "+quantity.Seconds(latencyEnd(k), 2)), append(values, counts[k])
	}
	return plots.Figure{X: plots.Axis{Label: "waited for a processor"}, Y: plots.Axis{Label: "starts"}, Width: 6.5, Height: 2.2,
		Layers: plots.Layers{plots.Bars{Labels: labels, Values: values, Numbers: true}}}
}

// latencyBin numbers the bin of a latency in seconds: the first is below 256 ns.
func latencyBin(s float64) int {
	ns := math.Round(s * 1e9)
	return max(0, int(math.Floor(math.Log2(max(1, ns))/2))-3)
}

// latencyEnd is where a bin ends, in seconds.
func latencyEnd(bin int) float64 { return math.Ldexp(256e-9, 2*bin) }
