package recording

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"golang.org/x/exp/trace"

	"hpgo/plots"
)

// maxSpans is how many spans of a timeline are drawn.
const maxSpans = 6000

// timeline makes the rows of a trace that has been read.
type timeline struct {
	*reader
	rows   int
	out    plots.GanttData
	notes  []string
	joined bool // some spans stand for several
}

// row is one row of a timeline.
type row struct {
	name   string
	cell   string
	strips []*strip // by depth
	rank   int64    // rows with more are preferred
	order  int64    // of the rows that are shown
	g      trace.GoID
	kinds  func(depth int, kind int32) int // places of its items' kinds
	label  func(depth int, it item) string // what an item shows
}

func (t *timeline) note(format string, args ...any) {
	t.notes = append(t.notes, fmt.Sprintf(format, args...))
}

// whole is the length of the time axis.
func (t *timeline) whole() time.Duration { return time.Duration(t.endOfAxis() - t.lo) }

func (t *timeline) build() error {
	if t.endOfAxis() <= t.lo || t.hi > t.lo && int64(t.now-t.start) <= t.lo {
		return fmt.Errorf("it ends after %v, before the time that is asked for", t.now.Sub(t.start))
	}
	t.out.Axis = plots.AxisData{Label: "time", Unit: "s", Min: seconds(t.lo), Max: seconds(t.endOfAxis()), Fixed: true}
	var err error
	switch t.view {
	case viewProcs:
		err = t.processorRows()
	case viewRegions:
		err = t.regionRows()
	default:
		err = t.goroutineRows()
	}
	if err != nil {
		return err
	}
	t.collectorSpans()
	if t.joined {
		t.note("spans shorter than %s are joined, in each column of that width and each row, to one of the kind that took most of their time",
			plots.SI(seconds(t.ruler.width), "s"))
	}
	if t.broke != nil {
		t.note("the trace breaks off after %s (%s); trace.Stop writes its end", plots.SI(seconds(int64(t.now-t.start)), "s"), firstLine(t.broke))
	}
	return nil
}

func seconds(ns int64) float64 { return float64(ns) / 1e9 }

// busiest keeps the rows that do most, of all that there were.
func (t *timeline) busiest(rows []row, all int, what string) []row {
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(a.order, b.order)) })
	rows = rows[:min(len(rows), t.rows)]
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.order, b.order) })
	if all > len(rows) {
		t.note("of %d %s, the %d busiest are shown; MaxRows changes that", all, what, len(rows))
	}
	return rows
}

// draw adds the rows, after making columns wider until there are no more spans
// than are drawn, or columns would be seen.
func (t *timeline) draw(rows []row, kinds kindTable, name func(item) string) {
	for i := range rows {
		rows[i].kinds, rows[i].label = func(_ int, kind int32) int { return kinds.place(kind) }, func(_ int, it item) string { return name(it) }
	}
	t.drawRows(rows)
	for i := range rows {
		for _, s := range rows[i].strips {
			t.sum(i, s, kinds.place)
		}
	}
}

// sum adds the times of a strip to those of a row.
func (t *timeline) sum(row int, s *strip, place func(int32) int) {
	for _, it := range s.items {
		it.each(func(kind int32, ns int64) { t.out.Totals[row][place(kind)] += seconds(ns) })
	}
}

// drawRows is draw for rows that have kinds and labels of their own.
func (t *timeline) drawRows(rows []row) {
	strips := []*strip{&t.gc.marks, &t.gc.halts}
	for _, row := range rows {
		strips = append(strips, row.strips...)
	}
	for range 3 {
		n := 0
		for _, s := range strips {
			n += len(s.items)
		}
		if n <= maxSpans {
			break
		}
		t.ruler.width *= 2
		for _, s := range strips {
			s.coarsen(t.ruler)
		}
	}
	for i, row := range rows {
		t.out.Rows = append(t.out.Rows, row.name)
		t.out.Cells = append(t.out.Cells, row.cell)
		t.out.Totals = append(t.out.Totals, make(plots.Numbers, len(t.out.Kinds)))
		for depth, s := range row.strips {
			t.addStrip(i, depth, s, func(kind int32) int { return row.kinds(depth, kind) }, func(it item) string { return row.label(depth, it) })
		}
	}
}

// addStrip draws a strip in a row; name says what an item shows.
func (t *timeline) addStrip(row, depth int, s *strip, place func(int32) int, name func(item) string) {
	for _, it := range s.items {
		span := plots.GanttSpan{Row: row, Kind: place(it.kind), From: seconds(it.from), To: seconds(it.to), Depth: depth}
		if it.n > 1 {
			span.Joined, t.joined = int(it.n), true
		} else {
			span.Name = name(it)
		}
		t.out.Spans = append(t.out.Spans, span)
	}
}

// collectorSpans shades the time in which the collector marked, and marks when
// the world stood still.
func (t *timeline) collectorSpans() {
	add := func(s *strip, kind plots.GanttKind, name func(item) string) {
		if len(s.items) == 0 {
			return
		}
		at := len(t.out.Kinds)
		t.out.Kinds = append(t.out.Kinds, kind)
		t.addStrip(-1, 0, s, func(int32) int { return at }, name)
	}
	add(&t.gc.marks, plots.GanttKind{Name: "GC marks", Series: 7, Look: plots.LookShade}, func(item) string { return rangeMark })
	add(&t.gc.halts, plots.GanttKind{Name: "world stopped", Series: 1, Look: plots.LookShade},
		func(it item) string { return "stop the world, " + t.gc.reasons.words[it.kind] })
	for i, row := range t.out.Totals {
		t.out.Totals[i] = append(row, make(plots.Numbers, len(t.out.Kinds)-len(row))...)
	}
}

// kindTable gives kinds their places in the timeline: those with most time one
// each, all others one together.
type kindTable struct {
	at   map[int32]int
	rest int
}

func (k kindTable) place(kind int32) int {
	if at, ok := k.at[kind]; ok {
		return at
	}
	return k.rest
}

// colours is the number of colours of plots/render.
const colours = 8

// kindsOf finds the kinds of the rows that took most time.
func (t *timeline) kindsOf(rows []row, most int) kindTable {
	times := map[int32]int64{}
	for _, row := range rows {
		for _, s := range row.strips {
			for _, it := range s.items {
				it.each(func(kind int32, ns int64) { times[kind] += ns })
			}
		}
	}
	order := make([]int32, 0, len(times))
	for kind := range times {
		order = append(order, kind)
	}
	words := t.user.kinds.words
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(times[b], times[a]), cmp.Compare(words[a], words[b])) })
	k := kindTable{at: map[int32]int{}}
	for i, kind := range order {
		if i == most-1 && len(order) > most {
			k.rest = len(t.out.Kinds)
			t.out.Kinds = append(t.out.Kinds, plots.GanttKind{Name: fmt.Sprintf("%d others", len(order)-i), Series: colours - 1})
			break
		}
		g := plots.GanttKind{Name: words[kind], Series: i % colours}
		if i >= colours {
			g.Look = plots.LookOutline
		}
		k.at[kind] = len(t.out.Kinds)
		t.out.Kinds = append(t.out.Kinds, g)
	}
	return k
}

// each calls f for the parts of an item.
func (i *item) each(f func(kind int32, ns int64)) {
	if i.n == 1 {
		f(i.kind, i.to-i.from)
		return
	}
	for _, s := range i.shares {
		f(s.kind, s.time)
	}
}
