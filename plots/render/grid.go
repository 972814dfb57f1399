package render

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// multiples are panels in rows and columns with aligned data areas of one size.
type multiples struct {
	*sheet
	data          *plots.GridData
	panels        []*panel
	left, right   []vg.Length // room beside the data, of each column
	above, below  []vg.Length // room over and under the data, of each row
	wide, high    vg.Length   // of the data areas
	rows, columns int
}

// panelGap is the least distance between panels.
const panelGap = 9

// draw places legend and colour bar of all panels, and the panels.
func (m *multiples) draw(area draw.Canvas) error {
	m.makePanels()
	area = m.commonLegend(area)
	bar, area := m.commonBar(area)
	// Labels need room that depends on the size of the data areas, and these on
	// the room that labels need: it settles soon.
	m.wide, m.high = (area.Max.X-area.Min.X)/vg.Length(m.columns), (area.Max.Y-area.Min.Y)/vg.Length(m.rows)
	for range 3 {
		if err := m.measure(area); err != nil {
			return err
		}
	}
	for i, p := range m.panels {
		place := m.place(area, i)
		p.moveTo(place)
		p.captionAt = place.Max.Y + m.above[i/m.columns]
		p.paint()
	}
	if bar != nil {
		bar.bar = barTicks(bar.heat.Heat, area.Max.Y-area.Min.Y)
		last := area
		last.Min.Y, last.Max.Y = area.Min.Y+m.below[m.rows-1], area.Max.Y-m.above[0]
		bar.drawBar(bar.heat.Heat, bar.bar, last)
	}
	return nil
}

// makePanels tells the panels what their neighbours show.
func (m *multiples) makePanels() {
	n := len(m.data.Panels)
	m.columns = min(max(m.data.Columns, 1), n)
	m.rows = (n + m.columns - 1) / m.columns
	m.left, m.right = make([]vg.Length, m.columns), make([]vg.Length, m.columns)
	m.above, m.below = make([]vg.Length, m.rows), make([]vg.Length, m.rows)
	for i, d := range m.data.Panels {
		d.Width, d.Height = m.sheet.data.Width, m.sheet.data.Height
		p := &panel{sheet: &sheet{data: d, theme: m.theme, canvas: m.canvas}}
		p.part = inGrid{
			caption:  true,
			hideX:    m.data.ShareX && i+m.columns < n,
			hideY:    m.data.ShareY && i%m.columns > 0,
			noLegend: m.data.Legend,
			noBar:    m.data.ColorBar,
		}
		m.panels = append(m.panels, p)
	}
}

// commonLegend draws a legend for all panels.
func (m *multiples) commonLegend(area draw.Canvas) draw.Canvas {
	if !m.data.Legend {
		return area
	}
	var entries []entry
	for _, p := range m.panels {
		for _, e := range p.entries() {
			if !slices.ContainsFunc(entries, func(o entry) bool { return o.name == e.name && o.layer.Series == e.layer.Series }) {
				entries = append(entries, e)
			}
		}
	}
	lines := someLegend(m.panels[0].legendLines(entries, area.Max.X-area.Min.X), area.Max.Y-area.Min.Y)
	m.panels[0].drawLegend(lines, area.Min.X, area.Max.Y)
	area.Max.Y -= legendRoom(lines)
	return area
}

// commonBar keeps room for a colour bar of all panels; the panel that is
// returned draws it.
func (m *multiples) commonBar(area draw.Canvas) (*panel, draw.Canvas) {
	if !m.data.ColorBar {
		return nil, area
	}
	for _, p := range m.panels {
		if heat := p.heatLayer(); heat != nil {
			bar := &panel{sheet: p.sheet, layout: layout{heat: heat}}
			area.Max.X -= bar.barSpace(barTicks(heat.Heat, area.Max.Y-area.Min.Y))
			return bar, area
		}
	}
	return nil, area
}

// measure arranges each panel in about the size that it will have, and finds
// the room for labels and with it the size of the data areas.
func (m *multiples) measure(area draw.Canvas) error {
	left, right := make([]vg.Length, m.columns), make([]vg.Length, m.columns)
	above, below := make([]vg.Length, m.rows), make([]vg.Length, m.rows)
	for i, p := range m.panels {
		r, c := i/m.columns, i%m.columns
		p.part.wide, p.part.high = m.wide, m.high
		cell := area
		cell.Max.X = cell.Min.X + m.left[c] + m.wide + m.right[c]
		cell.Min.Y = cell.Max.Y - m.above[r] - m.high - m.below[r]
		if err := p.arrange(cell); err != nil {
			return fmt.Errorf("panel %d: %w", i+1, err)
		}
		left[c] = max(left[c], p.inner.Min.X-cell.Min.X)
		right[c] = max(right[c], cell.Max.X-p.inner.Max.X)
		above[r] = max(above[r], cell.Max.Y-p.inner.Max.Y)
		below[r] = max(below[r], p.inner.Min.Y-cell.Min.Y)
	}
	m.left, m.right, m.above, m.below = left, right, above, below
	m.wide = (area.Max.X - area.Min.X - panelGap*vg.Length(m.columns-1) - sum(left) - sum(right)) / vg.Length(m.columns)
	m.high = (area.Max.Y - area.Min.Y - panelGap*vg.Length(m.rows-1) - sum(above) - sum(below)) / vg.Length(m.rows)
	if !(m.wide > 20 && m.high > 20) {
		return m.tooSmall()
	}
	return nil
}

func sum(lengths []vg.Length) vg.Length {
	all := vg.Length(0)
	for _, l := range lengths {
		all += l
	}
	return all
}

// place is the data area of the ith panel.
func (m *multiples) place(area draw.Canvas, i int) vg.Rectangle {
	r, c := i/m.columns, i%m.columns
	x := area.Min.X + sum(m.left[:c+1]) + sum(m.right[:c]) + vg.Length(c)*(m.wide+panelGap)
	y := area.Max.Y - sum(m.above[:r+1]) - sum(m.below[:r]) - vg.Length(r)*(m.high+panelGap)
	return vg.Rectangle{Min: vg.Point{X: x, Y: y - m.high}, Max: vg.Point{X: x + m.wide, Y: y}}
}

// checkGrid refuses grids of anything but figures.
func checkGrid(g *plots.GridData) error {
	if len(g.Panels) == 0 || len(g.Panels) > 100 {
		return fmt.Errorf("grid has %d panels", len(g.Panels))
	}
	for i, d := range g.Panels {
		if d.Grid != nil || d.Flame != nil || d.Gantt != nil || d.Source != nil || d.Comparison != nil || d.Recording != nil || d.Table != nil {
			return fmt.Errorf("panel %d of the grid is no plain figure", i+1)
		}
		d.Version = plots.Version
		d.Width, d.Height = 1, 1 // are those of the grid
		if err := check(d); err != nil {
			return fmt.Errorf("panel %d: %w", i+1, err)
		}
	}
	return nil
}
