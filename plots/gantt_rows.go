package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// number gives rows and kinds their places in the order in which they come.
func (c *ganttChart) number() {
	rows, kinds := axisNames{}, axisNames{}
	rowNames, kindNames := make([]string, len(c.table)), make([]string, len(c.table))
	for i, s := range c.table {
		rowNames[i], kindNames[i] = oneLine(s.row), oneLine(s.kind)
	}
	rowAt, kindAt := rows.place(rowNames), kinds.place(kindNames)
	c.out.Rows = rows.names
	for i, name := range kinds.names {
		k := GanttKind{Name: name, Series: i % (ganttSeries / 2)}
		if i%ganttSeries >= ganttSeries/2 {
			k.Look = LookOutline
		}
		c.out.Kinds = append(c.out.Kinds, k)
	}
	if len(kinds.names) > ganttSeries {
		c.note("%d kinds share %d colours", len(kinds.names), ganttSeries)
	}
	c.out.Spans = make([]GanttSpan, len(c.table))
	for i, s := range c.table {
		c.out.Spans[i] = GanttSpan{Row: int(rowAt[i]), Kind: int(kindAt[i]), Name: oneLine(s.name), From: s.from, To: s.to}
	}
}

// measure finds the time in which a row has a span of each kind, and of any.
// What overlaps counts once.
func (c *ganttChart) measure() {
	g := &c.out
	slices.SortStableFunc(g.Spans, compareSpans)
	g.Totals = make([]Numbers, len(g.Rows))
	busy := make([]float64, len(g.Rows))
	ends := make([][]float64, len(g.Rows)) // of each kind so far, and of any
	for r := range g.Rows {
		g.Totals[r] = make(Numbers, len(g.Kinds))
		ends[r] = slices.Repeat([]float64{math.Inf(-1)}, len(g.Kinds)+1)
	}
	for _, s := range g.Spans {
		ofKind, ofAny := &ends[s.Row][s.Kind], &ends[s.Row][len(g.Kinds)]
		g.Totals[s.Row][s.Kind] += max(0, s.To-max(s.From, *ofKind))
		busy[s.Row] += max(0, s.To-max(s.From, *ofAny))
		*ofKind, *ofAny = max(*ofKind, s.To), max(*ofAny, s.To)
	}
	g.Column = "busy"
	for _, b := range busy {
		g.Cells = append(g.Cells, Percent(b, g.Axis.Max-g.Axis.Min))
	}
}

// compareSpans orders spans by row and time, outer ones before inner ones.
func compareSpans(a, b GanttSpan) int {
	return cmp.Or(a.Row-b.Row, cmp.Compare(a.From, b.From), cmp.Compare(b.To, a.To))
}

// Percent writes a share of a whole: "12%", "0.4%", "<0.1%".
func Percent(part, whole float64) string {
	p := 100 * part / whole
	switch {
	case math.IsNaN(p) || p <= 0:
		return "0%"
	case p < 0.1:
		return "<0.1%"
	case p < 0.95:
		return fmt.Sprintf("%.1f%%", p)
	}
	return fmt.Sprintf("%.0f%%", p)
}

// busiest keeps the rows with most time in spans when there are too many.
func (c *ganttChart) busiest() {
	most := c.gantt.MaxRows
	if most <= 0 {
		most = maxGanttRows
	}
	g := &c.out
	n := len(g.Rows)
	if n <= most {
		return
	}
	order := make([]int, n)
	sums := make([]float64, n)
	for r := range order {
		order[r] = r
		for _, t := range g.Totals[r] {
			sums[r] += t
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[b], sums[a]) })
	keep := slices.Sorted(slices.Values(order[:most]))
	place := make([]int, n)
	for r := range place {
		place[r] = -1
	}
	old := *g
	g.Rows, g.Totals, g.Cells, g.Spans = nil, nil, nil, nil
	for i, r := range keep {
		place[r] = i
		g.Rows, g.Totals, g.Cells = append(g.Rows, old.Rows[r]), append(g.Totals, old.Totals[r]), append(g.Cells, old.Cells[r])
	}
	for _, s := range old.Spans {
		if s.Row = place[s.Row]; s.Row >= 0 {
			g.Spans = append(g.Spans, s)
		}
	}
	c.note("of %s rows, the %d busiest are shown; MaxRows changes that", group(n), most)
}

// laneSpans puts spans that overlap in a row below each other: a span inside
// another is one deeper. Those that would be deeper than most get that depth
// and are counted. The spans are sorted by compareSpans.
func laneSpans(spans []GanttSpan, most int) (tooDeep int) {
	var ends []float64
	row := -1
	for i := range spans {
		s := &spans[i]
		if s.Row != row {
			row, ends = s.Row, ends[:0]
		}
		s.Depth = most
		for lane, end := range ends {
			if end <= s.From {
				s.Depth, ends[lane] = lane, s.To
				break
			}
		}
		if s.Depth == most && len(ends) < most {
			s.Depth = len(ends)
			ends = append(ends, s.To)
		}
		if s.Depth == most {
			tooDeep++
		}
	}
	return tooDeep
}

// thin joins spans that are shorter than a column of the axis until no more
// than most are left, or columns would be seen. It returns the number of
// columns.
func (g *GanttData) thin(most int) int {
	slices.SortStableFunc(g.Spans, func(a, b GanttSpan) int {
		return cmp.Or(a.Row-b.Row, a.Depth-b.Depth, cmp.Compare(a.From, b.From))
	})
	columns := ganttColumns
	out := g.joined(columns)
	for len(out) > most && columns > ganttColumns/8 {
		columns /= 2
		out = g.joined(columns)
	}
	g.Spans = out
	return columns
}

// joined is the spans with those shorter than a column joined.
func (g *GanttData) joined(columns int) []GanttSpan {
	width := (g.Axis.Max - g.Axis.Min) / float64(columns)
	var out []GanttSpan
	times := map[int]float64{} // of the joined span at the end of out, by kind
	at := math.Inf(-1)         // its column
	for _, s := range g.Spans {
		column := math.Floor((s.From - g.Axis.Min) / width)
		if s.To-s.From >= width {
			out, at = append(out, s), math.Inf(-1)
			continue
		}
		last := len(out) - 1
		if column != at || out[last].Row != s.Row || out[last].Depth != s.Depth {
			s.Joined = max(s.Joined, 1)
			out, at = append(out, s), column
			clear(times)
			times[s.Kind] = s.To - s.From
			continue
		}
		times[s.Kind] += s.To - s.From
		o := &out[last]
		if times[s.Kind] > times[o.Kind] {
			o.Kind = s.Kind
		}
		o.Name, o.To = "", max(o.To, s.To)
		o.Joined += max(s.Joined, 1)
	}
	for i := range out {
		if out[i].Joined == 1 {
			out[i].Joined = 0
		}
	}
	return out
}

// Lanes is the number of spans below each other in each row.
func (g *GanttData) Lanes() []int {
	lanes := make([]int, len(g.Rows))
	for r := range lanes {
		lanes[r] = 1
	}
	for _, s := range g.Spans {
		if s.Row >= 0 && s.Row < len(lanes) {
			lanes[s.Row] = max(lanes[s.Row], s.Depth+1)
		}
	}
	return lanes
}

// Height is the height in inches that suits the rows, with about the legend
// that they have.
func (g *GanttData) Height() float64 {
	lanes := 0
	for _, n := range g.Lanes() {
		lanes += n
	}
	named := 0
	for _, k := range g.Kinds {
		if k.Name != "" {
			named++
		}
	}
	pitch := 0.24
	switch {
	case lanes > 60:
		pitch = 0.14
	case lanes > 12:
		pitch = 0.18
	}
	h := 1 + 0.18*float64((named+5)/6) + pitch*float64(max(lanes, 3))
	return min(math.Round(h*20)/20, maxSide)
}
