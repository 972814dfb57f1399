package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// Grid is small multiples: figures side by side, of one size, whose data areas
// are aligned. A name has one colour in all panels. The panels' own Width,
// Height and Interactive don't count.
type Grid struct {
	Title   string
	Alt     string // what a screen reader says; made from the panels if empty
	Columns int    // chosen by the number of panels if 0
	Panels  []Figure
	// ShareX and ShareY give all panels one range, and only the outer panels
	// show the axis. Histograms need equal Limits and Bins to be compared.
	ShareX, ShareY bool
	ShareColor     bool    // heat maps have one range of colours and one colour bar
	Width          float64 // inches; 6.5, or 8.5 with three columns or more, if 0
	Height         float64 // inches; by the number of rows if 0
	Notes          []string
	Interactive    bool // as in Figure
}

// maxPanels limits a grid to what can be told apart.
const maxPanels = 100

// Facet makes a panel for each value of a key, in the order in which the values
// come, with the shares of the rows. The panels have common axes; each has the
// value as its title, unless draw gives it one.
func Facet[T any, K comparable](rows []T, key func(T) K, draw func(rows []T) Figure) Grid {
	index := map[K]int{}
	var keys []K
	var parts [][]T
	for _, row := range rows {
		k := key(row)
		at, ok := index[k]
		if !ok {
			at = len(parts)
			index[k] = at
			keys, parts = append(keys, k), append(parts, nil)
		}
		parts[at] = append(parts[at], row)
	}
	g := Grid{ShareX: true, ShareY: true}
	for i, part := range parts {
		f := draw(part)
		if f.Title == "" {
			f.Title = fmt.Sprint(keys[i])
		}
		g.Panels = append(g.Panels, f)
	}
	return g
}

// MIMEBundle shows the grid in a notebook.
func (g Grid) MIMEBundle() map[string]any { return show(g) }

// String is the grid's summary.
func (g Grid) String() string { return spoken(g) }

// Encode checks all panels and returns the grid as data to draw. Errors name
// the panel and the layer that they come from.
func (g Grid) Encode() (Data, error) {
	if len(g.Panels) == 0 {
		return Data{}, fmt.Errorf("the grid has no panels")
	}
	if len(g.Panels) > maxPanels {
		return Data{}, fmt.Errorf("the grid has %d panels; at most %d can be told apart", len(g.Panels), maxPanels)
	}
	d := Data{Version: Version, Title: g.Title, Alt: g.Alt, Interactive: g.Interactive, Notes: append([]string{}, g.Notes...)}
	columns, err := g.size(&d)
	if err != nil {
		return Data{}, err
	}
	panels, err := g.encodePanels()
	if err != nil {
		return Data{}, err
	}
	alike := nameSeries(panels)
	if note := thinPanels(panels); note != "" {
		d.Notes = append(d.Notes, note)
	}
	d.Notes = append(d.Notes, g.gathered(panels)...)
	d.Grid = &GridData{Columns: columns, ShareX: g.ShareX, ShareY: g.ShareY, Panels: panels, Legend: alike, ColorBar: g.ShareColor && hasHeat(panels)}
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

// gathered takes the notes from the panels and tells whose they are; one that
// several have comes once.
func (g Grid) gathered(panels []Data) []string {
	var notes []string
	whose := map[string][]string{}
	for i := range panels {
		for _, n := range panels[i].Notes {
			if whose[n] == nil {
				notes = append(notes, n)
			}
			whose[n] = append(whose[n], g.panelName(i))
		}
		panels[i].Notes = nil
	}
	for i, n := range notes {
		who := strings.Join(whose[n], ", ")
		if len(whose[n]) == len(panels) && len(panels) > 1 {
			who = "each panel"
		}
		notes[i] = who + ": " + n
	}
	return notes
}

// size settles columns and sides. Panels are a little wider than high.
func (g Grid) size(d *Data) (columns int, err error) {
	columns = g.Columns
	n := len(g.Panels)
	if columns < 0 || columns > maxPanels {
		return 0, fmt.Errorf("Columns is %d; it must be 1 to %d, or 0 to choose", columns, maxPanels)
	}
	if columns == 0 {
		columns = int(math.Ceil(math.Sqrt(float64(n))))
		if n <= 3 {
			columns = n
		}
		columns = min(columns, 4)
	}
	columns = min(columns, n)
	rows := (n + columns - 1) / columns
	width := defaultWidth
	if columns > 2 {
		width += 2
	}
	if d.Width, err = side("Width", g.Width, width); err != nil {
		return 0, err
	}
	each := min(max(d.Width/float64(columns)*0.8, 1.6), 3)
	d.Height, err = side("Height", g.Height, min(0.7+float64(rows)*each, maxSide))
	return columns, err
}

// encodePanels encodes the panels twice if they share something: what the first
// time brings together, the second time gives to all.
func (g Grid) encodePanels() ([]Data, error) {
	panels := make([]Data, len(g.Panels))
	dated := make([]bool, len(panels))
	var start, common time.Time // of the moments of all panels; common is set once it is known
	encodeAll := func(figures []Figure, x, y []string) (err error) {
		for i, f := range figures {
			if f.Table {
				return fmt.Errorf("%s: a panel of a grid can't have a Table", g.panelName(i))
			}
			e := &encoder{fig: f}
			e.since = common
			e.categories.place(x)
			e.flat.place(y)
			if panels[i], err = e.encode(); err != nil {
				return fmt.Errorf("%s: %w", g.panelName(i), err)
			}
			if e.dated && (start.IsZero() || e.since.Before(start)) {
				start = e.since
			}
			dated[i] = e.dated
		}
		return nil
	}
	if err := encodeAll(g.Panels, nil, nil); err != nil || !g.ShareX && !g.ShareY && !g.ShareColor {
		return panels, err
	}
	var x, y []string
	var err error
	if g.ShareX {
		if slices.Contains(dated, true) && slices.Contains(dated, false) {
			return nil, fmt.Errorf("moments of time.Time and other values can't share the x axis")
		}
		common = start
		if x, err = g.commonNames("x", panels, func(d *Data) *AxisData { return &d.X }); err != nil {
			return nil, err
		}
	}
	if g.ShareY {
		if y, err = g.commonNames("y", panels, func(d *Data) *AxisData { return &d.Y }); err != nil {
			return nil, err
		}
	}
	figures := g.Panels
	if g.ShareColor {
		if figures, err = g.commonColors(panels); err != nil {
			return nil, err
		}
	}
	if err := encodeAll(figures, x, y); err != nil {
		return nil, err
	}
	if g.ShareX {
		commonRange(panels, func(d *Data) *AxisData { return &d.X })
	}
	if g.ShareY {
		commonRange(panels, func(d *Data) *AxisData { return &d.Y })
	}
	return panels, nil
}

// panelName tells a panel from the others in notes and errors.
func (g Grid) panelName(i int) string {
	if title := g.Panels[i].Title; title != "" {
		return fmt.Sprintf("panel %d %q", i+1, clipped(oneLine(title), 60))
	}
	return fmt.Sprintf("panel %d", i+1)
}

// commonNames checks that an axis can be shared, and returns the names of all
// panels in the order in which they come; nil if it has numbers.
func (g Grid) commonNames(which string, panels []Data, axis func(*Data) *AxisData) ([]string, error) {
	var all axisNames
	first := axis(&panels[0])
	for i := range panels {
		a := axis(&panels[i])
		switch {
		case (a.Categories != nil) != (first.Categories != nil):
			return nil, fmt.Errorf("%s: names and numbers can't share the %s axis with %s", g.panelName(i), which, g.panelName(0))
		case a.Log != first.Log:
			return nil, fmt.Errorf("%s: a log axis can't be shared with a linear one, the %s axis of %s", g.panelName(i), which, g.panelName(0))
		case a.Unit != first.Unit:
			return nil, fmt.Errorf("%s: its %s axis has the unit %q, which can't be shared with the unit %q of %s", g.panelName(i), which, a.Unit, first.Unit, g.panelName(0))
		}
		all.place(a.Categories)
	}
	return all.names, nil
}

// commonRange gives all panels the range that holds those of all.
func commonRange(panels []Data, axis func(*Data) *AxisData) {
	both := *axis(&panels[0])
	for i := range panels {
		a := axis(&panels[i])
		both.Min, both.Max = math.Min(both.Min, a.Min), math.Max(both.Max, a.Max)
		both.Fixed = both.Fixed && a.Fixed
	}
	for i := range panels {
		a := axis(&panels[i])
		a.Min, a.Max, a.Fixed = both.Min, both.Max, both.Fixed
	}
}

func hasHeat(panels []Data) bool {
	for _, p := range panels {
		for _, l := range p.Layers {
			if l.Heat != nil {
				return true
			}
		}
	}
	return false
}

// commonColors are the figures with one range for the colours of all heat maps.
func (g Grid) commonColors(panels []Data) ([]Figure, error) {
	var all extentOf
	var first *HeatData
	for i, p := range panels {
		for _, l := range p.Layers {
			if l.Heat == nil {
				continue
			}
			if first == nil {
				first = l.Heat
			}
			if h := l.Heat; h.Log != first.Log || h.Diverging != first.Diverging || h.Unit != first.Unit {
				return nil, fmt.Errorf("%s: %s can't share colours with a heat map of another unit or kind of colours",
					g.panelName(i), layerName("heat map", l.Name))
			}
			all.add(l.Heat.Min, l.Heat.Max)
		}
	}
	figures := append([]Figure{}, g.Panels...)
	for i, f := range figures {
		layers := append(Layers{}, f.Layers...)
		for j, l := range layers {
			switch h := l.(type) {
			case Heat:
				h.Range = [2]float64{all.min, all.max}
				layers[j] = h
			case *Heat:
				one := *h
				one.Range = [2]float64{all.min, all.max}
				layers[j] = one
			}
		}
		figures[i].Layers = layers
	}
	return figures, nil
}

// text is the grid without title and notes, in whole lines.
func (g *GridData) text() string {
	var b strings.Builder
	for i, p := range g.Panels {
		title := fmt.Sprintf("panel %d", i+1)
		if p.Title != "" {
			title += ": " + oneLine(p.Title)
		}
		b.WriteString(title + "\n")
		for line := range strings.Lines(p.bodyText()) {
			b.WriteString("  " + line)
		}
	}
	return b.String()
}

// describe is the grid in words.
func (g *GridData) describe() string {
	parts := []string{fmt.Sprintf("%d panels", len(g.Panels))}
	for i, p := range g.Panels {
		parts = append(parts, fmt.Sprintf("panel %d: %s", i+1, p.Alt))
	}
	return strings.Join(parts, "; ")
}
