package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Limits of the table under a figure, beyond which nobody reads it there.
const (
	tableColumns = 12
	tableRows    = 20
)

// tableLine is the height of a row, by which a figure that has no height of its
// own grows.
const tableLine = 0.17 // inches

// table is the figure's numbers: a column for each place on the axis of names,
// or on the x axis, and a row for each line, scatter or set of bars.
func (e *encoder) table(d *Data) (*TableData, error) {
	names, head, values := d.X.Categories, d.X, d.Y
	if d.Y.Categories != nil {
		names, head, values = d.Y.Categories, d.Y, d.X
	}
	var rows []LayerData
	for _, l := range d.Layers {
		if l.listed() {
			rows = append(rows, l)
		}
	}
	if len(rows) == 0 {
		return nil, fmt.Errorf("Table shows lines, scatters and bars; the figure has none")
	}
	if len(rows) > tableRows {
		e.note("the table shows the first %d of %d layers", tableRows, len(rows))
		rows = rows[:tableRows]
	}
	at := tablePlaces(d, rows, len(names))
	if n := len(at); n > tableColumns {
		e.note("the table shows %d of %s columns", tableColumns, group(n))
		at = spread(at, tableColumns)
	}
	t := &TableData{Head: oneLine(head.Label), Columns: headings(at, names, head)}
	for _, l := range rows {
		name := l.Name
		if name == "" {
			name = cmp.Or(values.Label, l.title())
		}
		row := TableRow{Name: oneLine(name), Series: l.Series}
		numbers, twice := l.byPlace(at)
		if twice {
			e.note("%s: the table shows the first of several values at one place", layerName(string(l.Kind), l.Name))
		}
		for _, x := range at {
			row.Cells = append(row.Cells, cellText(numbers[x], values))
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// listed reports whether a layer is a row of a table: data with names or
// numbers of their own, but neither fits nor statistics.
func (l LayerData) listed() bool {
	return (l.Kind == KindLine || l.Kind == KindScatter || l.Kind == KindBars) && !l.Thin && l.Boxes == nil
}

// places is where the layer's values stand.
func (l LayerData) places() Numbers {
	if l.Flat {
		return l.Y
	}
	return l.X
}

// byPlace is the layer's values at some places, NaN where it has none; twice is
// set if a place has several.
func (l LayerData) byPlace(at []float64) (values map[float64]float64, twice bool) {
	values = make(map[float64]float64, len(at))
	seen := make(map[float64]bool, len(at))
	for _, x := range at {
		values[x] = math.NaN()
	}
	amounts := l.amounts()
	for i, x := range l.places() {
		if _, ok := values[x]; !ok {
			continue
		}
		if seen[x] {
			twice = true
			continue
		}
		values[x], seen[x] = amounts[i], true
	}
	return values, twice
}

// tablePlaces are the places of all columns: of all names, or the numbers
// within the axis's limits that any layer has.
func tablePlaces(d *Data, rows []LayerData, names int) []float64 {
	var at []float64
	for i := range names {
		at = append(at, float64(i))
	}
	if names > 0 {
		return at
	}
	for _, l := range rows {
		for _, x := range l.places() {
			if !math.IsNaN(x) && (!d.X.Fixed || x >= d.X.Min && x <= d.X.Max) {
				at = append(at, x)
			}
		}
	}
	if !slices.IsSorted(at) {
		slices.Sort(at)
	}
	return slices.Compact(at)
}

// spread picks n of the values, from the first to the last.
func spread(at []float64, n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = at[i*(len(at)-1)/(n-1)]
	}
	return out
}

// headings names the columns, with as many digits as tell them apart.
func headings(at []float64, names []string, a AxisData) []string {
	out := make([]string, len(at))
	for i, x := range at {
		if names != nil {
			out[i] = oneLine(names[int(x)])
			continue
		}
		out[i] = a.Say(x)
	}
	if names == nil && len(slices.Compact(slices.Clone(out))) < len(out) {
		for i, x := range at {
			out[i] = strings.TrimSpace(strconv.FormatFloat(x, 'g', 8, 64) + " " + a.Unit)
		}
	}
	return out
}

// text is the table in aligned columns.
func (t *TableData) text() string {
	table := [][]string{append([]string{t.Head}, t.Columns...)}
	for _, r := range t.Rows {
		table = append(table, append([]string{r.Name}, r.Cells...))
	}
	return alignedText(table)
}
