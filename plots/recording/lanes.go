package recording

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/exp/trace"

	"hpgo/plots"
)

// lanes makes one picture of a trace: what each processor did, then the states of
// goroutines with their regions below them, then tasks.
type lanes struct {
	timeline
	at   [laneKinds]int // places of the kinds in the picture; -1: not used
	idle int            // goroutines that did nothing
}

// Kinds of the picture beside the states of goroutines.
const (
	laneRuntime = states + iota
	laneSession
	laneRegion
	laneCall
	laneTask
	laneKinds = states + iota
)

// laneLooks are how those are drawn, and what they are called.
var laneLooks = map[int]plots.GanttKind{
	laneRuntime: {Name: "runtime", Series: 7, Look: plots.LookOutline}, laneSession: {Name: "hpgo", Series: 7},
	laneRegion: {Name: "region", Series: 2, Look: plots.LookOutline}, laneCall: {Name: "call", Series: 0, Look: plots.LookOutline}, laneTask: {Name: "task", Series: 5, Look: plots.LookOutline},
}

// Limits of the rows.
const (
	laneRegions = 4 // depths of regions
	taskRows    = 6
	mostIdle    = 16   // processors, of which the idle ones are drawn, too
	leastLane   = 0.01 // of the time: a function's second lane, and later ones, must have so much
)

// build makes the rows.
func (l *lanes) build() error {
	if l.endOfAxis() <= l.lo {
		return fmt.Errorf("nothing happens in it")
	}
	l.out.Axis = plots.AxisData{Label: "time", Unit: "s", Min: seconds(l.lo), Max: seconds(l.endOfAxis()), Fixed: true}
	rows := append(append(l.processors(), l.goroutines()...), l.taskRows()...)
	if len(rows) == 0 {
		return fmt.Errorf("no goroutine of the program does anything in it")
	}
	l.settleKinds(rows)
	l.out.Column = "busy"
	l.drawRows(rows)
	for i, row := range rows {
		if len(row.strips) > 0 { // regions lie over the states, whose time it is
			l.sum(i, row.strips[0], func(kind int32) int { return row.kinds(0, kind) })
		}
	}
	l.collectorSpans()
	if l.joined {
		l.note("spans shorter than %s are joined to one of the kind that took most of their time", plots.SI(seconds(l.ruler.width), "s"))
	}
	l.regionNotes()
	if least := l.user.leastCall; least > 0 {
		l.note("calls shorter than %s are not drawn", plots.SI(seconds(least), "s"))
	}
	return nil
}

// place is the place of a kind in the picture.
func (l *lanes) place(kind int) int { return max(0, l.at[kind]) }

// settleKinds numbers the kinds that the rows have.
func (l *lanes) settleKinds(rows []row) {
	for k := range l.at {
		l.at[k] = -1
	}
	var used [laneKinds]bool
	saved := l.at
	for k := range l.at {
		l.at[k] = k // kinds are their own places, to see which there are
	}
	for _, row := range rows {
		for depth, s := range row.strips {
			for _, it := range s.items {
				it.each(func(kind int32, _ int64) { used[row.kinds(depth, kind)] = true })
			}
		}
	}
	l.at = saved
	for k, u := range used {
		if !u {
			continue
		}
		look, other := laneLooks[k]
		if !other {
			look = stateLooks[k]
			look.Name = State(k).String()
		}
		if k == int(Assist) {
			look.Name = "GC"
		}
		l.at[k] = len(l.out.Kinds)
		l.out.Kinds = append(l.out.Kinds, look)
	}
}

// processors are the rows of what processors do.
func (l *lanes) processors() []row {
	words := l.user.kinds.words
	kinds := make([]int, len(words))
	for i, word := range words {
		switch word {
		case kindSyscall:
			kinds[i] = int(Syscall)
		case kindGC:
			kinds[i] = int(Assist)
		case kindRuntime:
			kinds[i] = laneRuntime
		case kindSession:
			kinds[i] = laneSession
		default:
			kinds[i] = int(Running)
		}
	}
	var rows []row
	for _, p := range l.procs {
		if p.busy == 0 {
			continue
		}
		rows = append(rows, row{name: fmt.Sprintf("P%d", p.id), strips: []*strip{&p.strip}, order: int64(p.id),
			cell:  plots.Percent(p.busy.Seconds(), l.whole().Seconds()),
			kinds: func(_ int, kind int32) int { return l.place(kinds[kind]) },
			label: func(_ int, it item) string { return processorLabel(it.id, words[it.kind]) }})
	}
	rows = append(rows, l.idleProcessors(rows)...)
	slices.SortFunc(rows, func(a, b row) int { return cmp.Compare(a.order, b.order) })
	return rows
}

// idleProcessors are empty rows for processors that never ran, beside those that did:
// that there were more is what such a picture may have to tell.
func (l *lanes) idleProcessors(busy []row) (rows []row) {
	if len(busy) == 0 || l.most <= len(busy) {
		return nil
	}
	if l.most > mostIdle {
		l.note("of %d processors %d never ran; they have no lane", l.most, l.most-len(busy))
		return nil
	}
	for id := range int64(l.most) {
		if !slices.ContainsFunc(busy, func(r row) bool { return r.order == id }) {
			rows = append(rows, row{name: fmt.Sprintf("P%d", id), strips: []*strip{{}}, order: id, cell: plots.Percent(0, 1),
				kinds: func(int, int32) int { return 0 }, label: func(int, item) string { return "" }})
		}
	}
	return rows
}

// processorLabel says what a processor ran.
func processorLabel(g int64, word string) string {
	switch word {
	case kindSyscall:
		return fmt.Sprintf("G%d", g)
	case kindSession:
		word = laneLooks[laneSession].Name
	}
	return fmt.Sprintf("G%d %s", g, word)
}

// goroutineLane holds goroutines of one function, one after the other.
type goroutineLane struct {
	all   []*goroutine
	until trace.Time
	time  int64
}

// goroutineGroup is the goroutines that began with one function.
type goroutineGroup struct {
	name  string
	busy  int64
	count int
	lanes []*goroutineLane
	shown int
}

// goroutines are the rows of goroutines.
func (l *lanes) goroutines() []row {
	groups := l.groups()
	all, count := 0, 0
	for _, g := range groups {
		all, count = all+len(g.lanes), count+g.count
	}
	l.shareRows(groups)
	var rows []row
	for _, g := range groups {
		for _, lane := range g.lanes[:g.shown] {
			rows = append(rows, l.laneRow(g, lane))
		}
	}
	if len(rows) < all {
		l.note("%d goroutines in %d lanes; %d lanes are shown, the busiest functions first", count+l.dropped, all, len(rows))
	} else if len(rows) < count {
		l.note("goroutines of one function share a lane where one begins after another has ended")
	}
	if l.idle > 0 {
		l.note("%d goroutines that did nothing all the time are left out", l.idle)
	}
	return rows
}

// groups puts the program's goroutines into lanes, in the order in which functions
// came first.
func (l *lanes) groups() []*goroutineGroup {
	var groups []*goroutineGroup
	index := map[string]*goroutineGroup{}
	ordered := slices.Clone(l.ended)
	slices.SortFunc(ordered, func(a, b *goroutine) int { return cmp.Or(cmp.Compare(a.first, b.first), cmp.Compare(a.id, b.id)) })
	for _, g := range ordered {
		if g.idle() {
			l.idle++
			continue
		}
		if g.system() || g.times.Total() == 0 {
			continue
		}
		group := index[g.short]
		if group == nil {
			group = &goroutineGroup{name: g.short}
			index[g.short] = group
			groups = append(groups, group)
		}
		group.count++
		group.busy += int64(g.times.Busy())
		free := slices.IndexFunc(group.lanes, func(lane *goroutineLane) bool { return lane.until <= g.first })
		if free < 0 {
			free = len(group.lanes)
			group.lanes = append(group.lanes, &goroutineLane{})
		}
		lane := group.lanes[free]
		lane.all, lane.until = append(lane.all, g), g.last
		lane.time += int64(g.times.Total())
	}
	return groups
}

// shareRows gives groups their numbers of rows: one each, the busiest first, then one
// more each in turn for lanes in which there is something to see.
func (l *lanes) shareRows(groups []*goroutineGroup) {
	rows, least := l.rows, int64(leastLane*float64(l.whole()))
	byBusy := slices.Clone(groups)
	slices.SortStableFunc(byBusy, func(a, b *goroutineGroup) int { return cmp.Compare(b.busy, a.busy) })
	for more := true; more && rows > 0; {
		more = false
		for _, g := range byBusy {
			if g.shown < len(g.lanes) && rows > 0 && (g.shown == 0 || g.lanes[g.shown].time >= least) {
				g.shown++
				rows--
				more = true
			}
		}
	}
}

// laneRow is the row of a lane: states, regions below them by depth, then calls.
func (l *lanes) laneRow(group *goroutineGroup, lane *goroutineLane) row {
	r := row{name: goroutineName(lane.all[0])}
	if len(lane.all) > 1 {
		r.name = fmt.Sprintf("%s (%d)", group.name, len(lane.all))
	}
	var busy float64
	merged := make([]strip, 1+laneRegions+mostCalls)
	for _, g := range lane.all {
		busy += g.times.Busy().Seconds()
		appendStrip(&merged[0], &g.strip, l.ruler, int64(g.id))
		for depth, s := range slices.Concat(g.regions.early, g.regions.lanes) {
			if depth < laneRegions {
				appendStrip(&merged[1+depth], s, l.ruler, int64(g.id))
			}
		}
		for depth, s := range g.callStrips(l.ruler) {
			appendStrip(&merged[1+laneRegions+depth], s, l.ruler, int64(g.id))
		}
	}
	regions := 0
	for i := range merged {
		if i == 0 || len(merged[i].items) > 0 {
			r.strips = append(r.strips, &merged[i])
			if i > 0 && i <= laneRegions {
				regions++
			}
		}
	}
	r.cell = plots.Percent(busy, l.whole().Seconds())
	words := l.user.kinds.words
	r.kinds = func(depth int, kind int32) int {
		switch {
		case depth > regions:
			return l.place(laneCall)
		case depth > 0:
			return l.place(laneRegion)
		}
		return l.place(int(kind))
	}
	single := len(lane.all) == 1
	r.label = func(depth int, it item) string {
		switch {
		case depth > 0:
			return words[it.kind]
		case single:
			return ""
		}
		return fmt.Sprintf("G%d", it.id)
	}
	return r
}

// appendStrip adds the items of a goroutine's strip.
func appendStrip(to, s *strip, r ruler, id int64) {
	for _, it := range s.items {
		if it.n == 1 {
			it.id = id
		}
		to.add(r, it)
	}
}

// taskRows are the rows of the types of tasks that took most time.
func (l *lanes) taskRows() []row {
	var rows []row
	words := l.user.kinds.words
	for i, task := range l.user.types {
		if task.time == 0 {
			continue
		}
		r := row{name: "task " + task.name, rank: int64(task.time), order: int64(i), cell: plots.SI(task.time.Seconds(), "s"),
			kinds: func(int, int32) int { return l.place(laneTask) },
			label: func(_ int, it item) string { return fmt.Sprintf("%s %d", words[it.kind], it.id) }}
		for i := range task.lanes {
			r.strips = append(r.strips, &task.lanes[i].strip)
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(b.rank, a.rank) })
	if len(rows) > taskRows {
		l.note("of %d types of tasks, those with most time are shown", len(rows))
		rows = rows[:taskRows]
	}
	return rows
}
