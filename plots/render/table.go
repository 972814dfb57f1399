package render

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// table is the table under the axes, arranged.
type table struct {
	*plots.TableData
	aligned bool // columns stand under the names of the x axis, and name them
	size    vg.Length
	names   vg.Length // width of the column of names, with the samples
	column  vg.Length // width of the others, if not aligned
	each    int       // so many columns in each block
	area    vg.Rectangle
}

// Sizes of tables in points.
const (
	largestCell  = tickSize
	smallestCell = 7
	widestCell   = 64
	cellGap      = 7   // least distance between texts side by side
	longestName  = 0.3 // of the width
)

func (t *table) line() vg.Length { return t.size * 1.45 }

// blocks is the number of parts that stand under each other.
func (t *table) blocks() int { return max(1, (len(t.Columns)+t.each-1)/t.each) }

// widest is the width that any column needs.
func (t *table) widest(size vg.Length) vg.Length {
	sty := textStyle(size, nil)
	widest := vg.Length(0)
	for i, head := range t.Columns {
		widest = max(widest, sty.Width(head))
		for _, r := range t.Rows {
			widest = max(widest, sty.Width(r.Cells[i]))
		}
	}
	return widest + cellGap
}

// nameWidth is the width of the column of names.
func (t *table) nameWidth(size, most vg.Length) vg.Length {
	sty := textStyle(size, nil)
	widest := sty.Width(t.Head)
	for _, r := range t.Rows {
		widest = max(widest, sty.Width(r.Name)+swatch+4)
	}
	return min(widest+cellGap, most)
}

// arrangeTable keeps room for the table below the axes, and for its names on
// their left, and returns the area that is left for the axes.
func (s *panel) arrangeTable(area draw.Canvas) draw.Canvas {
	t := &table{TableData: s.data.Table, size: largestCell, area: area.Rectangle}
	s.table = t
	width := area.Max.X - area.Min.X
	if slices.Equal(t.Columns, s.data.X.Categories) {
		inner := s.plot.DataCanvas(area)
		for ; t.size >= smallestCell; t.size-- {
			t.names = t.nameWidth(t.size, width*longestName)
			left := max(inner.Min.X, area.Min.X+t.names)
			if t.widest(t.size) <= (inner.Max.X-left)/vg.Length(len(t.Columns)) {
				t.aligned, t.each = true, len(t.Columns)
				area.Min.X += left - inner.Min.X
				withoutLabels(&s.plot.X)
				break
			}
		}
	}
	if !t.aligned {
		for t.size = largestCell; ; t.size-- {
			t.names, t.column = t.nameWidth(t.size, width*longestName), t.widest(t.size)
			t.each = max(1, int((width-t.names)/t.column))
			if t.each >= len(t.Columns) || t.size <= smallestCell {
				break
			}
		}
		// Blocks of about one length, as wide as the table may be.
		n := t.blocks()
		t.each = (len(t.Columns) + n - 1) / n
		t.column = max(t.column, min(widestCell, (width-t.names)/vg.Length(t.each)))
	}
	high := vg.Length(t.blocks()*(len(t.Rows)+1))*t.line() + vg.Length(t.blocks()-1)*gap
	t.area.Max.Y = area.Min.Y + high
	area.Min.Y += high
	if !t.aligned {
		area.Min.Y += gap
	}
	return area
}

// tells reports whether the table has a row, with the sample and the whole name,
// for all entries of a legend.
func (t *table) tells(entries []entry) bool {
	if t.nameWidth(t.size, t.area.Max.X) > t.names {
		return false
	}
	for _, e := range entries {
		if !slices.ContainsFunc(t.Rows, func(r plots.TableRow) bool { return r.Series == e.layer.Series && r.Name == unbroken(e.layer.Name) }) {
			return false
		}
	}
	return true
}

// drawTable writes the table.
func (s *panel) drawTable() {
	t := s.table
	top := t.area.Max.Y
	if t.aligned {
		t.names = s.inner.Min.X - t.area.Min.X
	}
	for from := 0; from < len(t.Columns); from += t.each {
		s.drawBlock(from, min(from+t.each, len(t.Columns)), top)
		top -= vg.Length(len(t.Rows)+1)*t.line() + gap
	}
}

// drawBlock writes some columns of the table, with their heads and the names.
func (s *panel) drawBlock(from, to int, top vg.Length) {
	t, c := s.table, &s.canvas
	left, right := t.area.Min.X, s.inner.Max.X
	if !t.aligned {
		right = left + t.names + t.column*vg.Length(to-from)
	}
	rule := draw.LineStyle{Color: s.theme.grid, Width: 0.5}
	y := top - t.line()/2
	s.leftCell(t.Head, left, y, t.names-cellGap)
	for i := from; i < to; i++ {
		s.cell(t.Columns[i], i, i-from, y)
	}
	for _, r := range t.Rows {
		y -= t.line()
		c.StrokeLine2(rule, left, y+t.line()/2, right, y+t.line()/2)
		name := func() { s.leftCell(r.Name, left+swatch+4, y, t.names-swatch-4-cellGap) }
		if e, ok := s.entryOf(r); ok {
			s.legendEntry(e, func() { s.sample(e, left, y); name() })
		} else {
			name()
		}
		for i := from; i < to; i++ {
			s.cell(r.Cells[i], i, i-from, y)
		}
	}
}

// entryOf finds the look of a row.
func (s *panel) entryOf(r plots.TableRow) (entry, bool) {
	for _, l := range s.data.Layers {
		if l.Series == r.Series && l.Series >= 0 && (l.Name == "" || unbroken(l.Name) == r.Name) && !l.Thin {
			return entry{name: r.Name, layer: l, look: lookOfLayer(l)}, true
		}
	}
	return entry{}, false
}

// leftCell writes a text from the left, cut to a width.
func (s *panel) leftCell(text string, x, y, width vg.Length) {
	sty := textStyle(s.table.size, s.theme.ink)
	sty.YAlign = draw.YCenter
	for n := len([]rune(text)); n > 1 && sty.Width(text) > width; n-- {
		text = shortened(text, n-1)
	}
	s.canvas.FillText(sty, vg.Point{X: x, Y: y}, text)
}

// cell writes the text of a column: under its name, or from the right in the
// nth column of a block.
func (s *panel) cell(text string, column, n int, y vg.Length) {
	t := s.table
	sty := textStyle(t.size, s.theme.ink)
	sty.YAlign = draw.YCenter
	at := vg.Point{X: t.area.Min.X + t.names + t.column*vg.Length(n+1), Y: y}
	sty.XAlign = draw.XRight
	if t.aligned {
		sty.XAlign = draw.XCenter
		at.X = s.inner.X(s.plot.X.Norm(float64(column)))
	}
	s.canvas.FillText(sty, at, text)
}

// checkTable refuses tables with holes.
func checkTable(t *plots.TableData) error {
	if len(t.Columns) == 0 || len(t.Columns) > 100 || len(t.Rows) > 100 {
		return fmt.Errorf("table has %d columns and %d rows", len(t.Columns), len(t.Rows))
	}
	for i, r := range t.Rows {
		if len(r.Cells) != len(t.Columns) {
			return fmt.Errorf("row %d of the table has %d cells for %d columns", i+1, len(r.Cells), len(t.Columns))
		}
	}
	return nil
}
