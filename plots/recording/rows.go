package recording

import (
	"fmt"
	"strings"

	"golang.org/x/exp/trace"

	"hpgo/plots"
)

// Limits of the rows.
const (
	quietSystem = 0.01 // of the time: goroutines that aren't the program's and are busy for less aren't shown
	procKinds   = 8    // functions on processors with a colour of their own
	regionKinds = 16
)

// stateLooks are how states are drawn: what uses a processor or wants one fills
// the row, waiting is a thin line.
var stateLooks = [states]plots.GanttKind{
	Running: {Series: 0}, Runnable: {Series: 4}, Syscall: {Series: 3}, Assist: {Series: 1},
	Channel: {Series: 2, Look: plots.LookThin}, Select: {Series: 5, Look: plots.LookThin}, Mutex: {Series: 1, Look: plots.LookThin},
	Sync: {Series: 6, Look: plots.LookThin}, Sleep: {Series: 7, Look: plots.LookThin}, IO: {Series: 3, Look: plots.LookThin},
	Blocked: {Series: 4, Look: plots.LookThin},
}

// goroutineRows makes a row of each goroutine's states.
func (t *timeline) goroutineRows() error {
	var rows []row
	quiet := 0
	used := [states]bool{}
	for _, g := range t.ended {
		switch {
		case g.times.Total() == 0: // outside of the time that is shown
			continue
		case g.system() && (g.times[Running]+g.times[Assist]).Seconds() < quietSystem*t.whole().Seconds():
			quiet++
			continue
		}
		rows = append(rows, row{name: goroutineName(g), strips: []*strip{&g.strip}, rank: t.rank(g), order: int64(g.id),
			cell: plots.Percent(g.times[Running].Seconds(), t.whole().Seconds())})
	}
	if len(rows) == 0 {
		return fmt.Errorf("no goroutine of the program does anything in it")
	}
	rows = t.busiest(rows, len(rows)+t.dropped, "goroutines")
	if quiet > 0 {
		t.note("%d goroutines of the runtime or the session that run for less than %v%% of the time are left out", quiet, quietSystem*100)
	}
	for _, row := range rows {
		for _, it := range row.strips[0].items {
			it.each(func(kind int32, _ int64) { used[kind] = true })
		}
	}
	kinds := kindTable{at: map[int32]int{}}
	for s, u := range used {
		if u {
			kinds.at[int32(s)] = len(t.out.Kinds)
			kind := stateLooks[s]
			kind.Name = State(s).String()
			t.out.Kinds = append(t.out.Kinds, kind)
		}
	}
	t.out.Column = Running.String()
	t.draw(rows, kinds, func(item) string { return "" })
	return nil
}

func goroutineName(g *goroutine) string {
	return strings.TrimSpace(fmt.Sprintf("G%d %s", g.id, g.short))
}

// processorRows makes a row of what each processor runs.
func (t *timeline) processorRows() error {
	var rows []row
	for _, p := range t.procs {
		if p.busy > 0 {
			rows = append(rows, row{name: fmt.Sprintf("P%d", p.id), strips: []*strip{&p.strip}, rank: int64(p.busy), order: int64(p.id),
				cell: plots.Percent(p.busy.Seconds(), t.whole().Seconds())})
		}
	}
	if len(rows) == 0 {
		return fmt.Errorf("no processor does anything in it")
	}
	idle := len(t.procs) - len(rows)
	rows = t.busiest(rows, len(rows), "processors")
	if idle > 0 {
		t.note("%d processors that do nothing are left out", idle)
	}
	t.out.Column = "busy"
	words := t.user.kinds.words
	t.draw(rows, t.kindsOf(rows, procKinds), func(it item) string {
		if word := words[it.kind]; word != kindSyscall {
			return fmt.Sprintf("G%d %s", it.id, word)
		}
		return fmt.Sprintf("G%d", it.id)
	})
	return nil
}

// regionRows makes a row for the tasks of each type, and for each goroutine with
// regions or logs.
func (t *timeline) regionRows() error {
	var rows []row
	for i, task := range t.user.types {
		r := row{name: "task " + task.name, rank: int64(task.time) + 1, order: int64(i - len(t.user.types)), g: trace.NoGoroutine,
			cell: plots.SI(task.time.Seconds(), "s")}
		for i := range task.lanes {
			r.strips = append(r.strips, &task.lanes[i].strip)
		}
		rows = append(rows, r)
	}
	for _, g := range t.ended {
		if s := &g.regions; s.rank() > 0 {
			r := row{name: goroutineName(g), rank: s.rank(), order: int64(g.id), g: g.id, cell: plots.SI(s.time.Seconds(), "s")}
			for i := len(s.early) - 1; i >= 0; i-- {
				r.strips = append(r.strips, s.early[i])
			}
			r.strips = append(r.strips, s.lanes...)
			rows = append(rows, r)
		}
	}
	if len(rows) == 0 {
		return fmt.Errorf("it has no tasks, regions or logs; trace.NewTask, trace.WithRegion and trace.Log of runtime/trace make them")
	}
	rows = t.busiest(rows, len(rows), "rows")
	t.regionNotes()
	t.out.Column = "time"
	words := t.user.kinds.words
	t.draw(rows, t.kindsOf(rows, regionKinds), func(it item) string {
		if it.id != 0 {
			return fmt.Sprintf("%s %d", words[it.kind], it.id)
		}
		return words[it.kind]
	})
	t.logMarks(rows)
	return nil
}

// regionNotes says which regions and tasks aren't whole or not drawn.
func (t *timeline) regionNotes() {
	if n := t.user.beforehand; n > 0 {
		t.note("%d regions or tasks began before the trace", n)
	}
	if n := t.user.unended; n > 0 {
		t.note("%d regions or tasks have no end in the trace", n)
	}
	if n := t.user.tooDeep; n > 0 {
		t.note("%d regions or tasks within or beside more than %d others are left out", n, maxDepth)
	}
}

// logMarks marks the log messages of the goroutines that are shown.
func (t *timeline) logMarks(rows []row) {
	at := map[trace.GoID]int{}
	for i, row := range rows {
		at[row.g] = i
	}
	hidden := t.user.moreLogs
	for _, l := range t.user.logs {
		if i, ok := at[l.g]; ok {
			t.out.Marks = append(t.out.Marks, plots.GanttMark{Row: i, At: seconds(l.at), Name: l.text})
		} else {
			hidden++
		}
	}
	if hidden > 0 {
		t.note("%d log messages are not marked", hidden)
	}
}
