package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// statText is a layer of statistics as text: a sparkline of a distribution, a
// line for each group with its box, density or run.
func (d Data) statText(l LayerData, nameWidth int) string {
	switch l.Kind {
	case KindBins, KindLine:
		return padded(l.title(), nameWidth) + "  " + d.spread(l) + "  " + d.amount(l) + "\n"
	}
	axis, names := d.valueAxis(l)
	width := 0
	for _, b := range l.Boxes {
		width = max(width, min(utf8.RuneCountInString(groupAt(names, b.At)), 30))
	}
	var out strings.Builder
	if l.Name != "" {
		out.WriteString(oneLine(l.Name) + "\n")
	}
	from := 0
	for i, b := range l.Boxes {
		if i == maxBars {
			fmt.Fprintf(&out, "  … %d more\n", len(l.Boxes)-i)
			break
		}
		var line string
		switch l.Kind {
		case KindBox:
			line = boxText(b, axis)
		case KindViolin:
			line = violinText(l.Violins, i, axis)
		default:
			to := stripEnd(l, from)
			line = runText(l, from, to, axis)
			from = to
		}
		fmt.Fprintf(&out, "  %s %s  median %s (%s)\n", padded(groupAt(names, b.At), width), line, axis.Say(b.Median), values(b.N))
	}
	return out.String()
}

func values(n int) string {
	if n == 1 {
		return "1 value"
	}
	return group(n) + " values"
}

// valueAxis is the axis of a layer's values, and the names along the other.
func (d Data) valueAxis(l LayerData) (AxisData, []string) {
	if l.Flat {
		return d.X, d.Y.Categories
	}
	return d.Y, d.X.Categories
}

func groupAt(names []string, at float64) string {
	if i := math.Round(at); i >= 0 && i < float64(len(names)) {
		return oneLine(names[int(i)])
	}
	return ""
}

// amount is how many values a distribution has, and where.
func (d Data) amount(l LayerData) string {
	b := l.Boxes[0]
	inside := "median " + d.X.Say(b.Median)
	if p := d.percentilesOf(l); p != nil {
		inside = strings.Join(p, ", ")
	}
	return fmt.Sprintf("%s to %s, %s (%s)", d.X.Say(b.Low), d.X.Say(b.High), inside, values(b.N))
}

// percentilesOf are the labels of the marks that belong to a distribution.
func (d Data) percentilesOf(l LayerData) []string {
	var out []string
	for _, m := range d.Layers {
		if m.Mark != nil && m.Mark.Coloured && m.Series == l.Series {
			out = append(out, oneLine(m.Mark.Label))
		}
	}
	return out
}

// told reports whether a mark is part of the text of its distribution.
func (d Data) told(m LayerData) bool {
	return m.Mark != nil && m.Mark.Coloured && slices.ContainsFunc(d.Layers, func(l LayerData) bool {
		return l.Boxes != nil && (l.Kind == KindBins || l.Kind == KindLine) && l.Series == m.Series
	})
}

// spread is the sparkline of a distribution.
func (d Data) spread(l LayerData) string {
	if l.Kind != KindBins {
		return sparkline(l, d.X, d.Y)
	}
	middles := l
	middles.X = make(Numbers, len(l.X))
	for i := range l.X {
		middles.X[i] = l.X[i] + (l.Right[i]-l.X[i])/2
	}
	return sparkline(middles, d.X, d.Y)
}

// boxText draws a box as ├──▒▒█▒▒──┤ across the axis, with · for outliers.
func boxText(b BoxData, axis AxisData) string {
	out := []rune(strings.Repeat(" ", sparkWidth))
	s := scaleOf(axis)
	draw := func(from, to float64, mark rune) {
		i, j := s.clamped(from, sparkWidth), s.clamped(to, sparkWidth)
		for ; i <= j; i++ {
			out[i] = mark
		}
	}
	for _, v := range b.Out {
		draw(v, v, '·')
	}
	draw(b.Low, b.High, '─')
	draw(b.Low, b.Low, '├')
	draw(b.High, b.High, '┤')
	draw(b.Q1, b.Q3, '▒')
	draw(b.Median, b.Median, '█')
	return string(out)
}

// clamped is the cell of a value, the first or last for one beyond the axis.
func (s scale) clamped(v float64, n int) int {
	if c := s.cell(v, n); c >= 0 {
		return c
	}
	if s.log {
		v = math.Log(v)
	}
	if v > s.min {
		return n - 1
	}
	return 0
}

// violinText is the density of the ith group across the axis.
func violinText(all []ViolinData, i int, axis AxisData) string {
	out := []rune(strings.Repeat(" ", sparkWidth))
	if i >= len(all) {
		return string(out)
	}
	v := all[i]
	top := make([]float64, sparkWidth)
	s := scaleOf(axis)
	for i, y := range v.Y {
		c := s.clamped(y, sparkWidth)
		top[c] = math.Max(top[c], v.Density[i])
		out[c] = sparks[level(top[c], 0, 1, len(sparks))]
	}
	return string(out)
}

// stripEnd is where the group that begins at from ends in the points of a
// strip; gaps belong to the group before them.
func stripEnd(l LayerData, from int) int {
	at := l.X
	if l.Flat {
		at = l.Y
	}
	group := nan()
	for i := from; i < len(at); i++ {
		g := math.Round(at[i])
		if !math.IsNaN(group) && !math.IsNaN(g) && g != group {
			return i
		}
		if !math.IsNaN(g) {
			group = g
		}
	}
	return len(at)
}

// runText is the sparkline of a group's values in their order.
func runText(l LayerData, from, to int, axis AxisData) string {
	v := l.Y
	if l.Flat {
		v = l.X
	}
	run := LayerData{X: make(Numbers, to-from), Y: v[from:to]}
	for i := range run.X {
		run.X[i] = float64(i)
	}
	order := AxisData{Max: float64(max(to-from-1, 0))}
	return padded(sparkline(run, order, axis), sparkWidth)
}

// describeStat is the alternative text of a layer of statistics.
func (d Data) describeStat(l LayerData) string {
	if l.Kind == KindBins || l.Kind == KindLine {
		kind := LayerData{Kind: l.Kind, Boxes: l.Boxes}.title()
		if l.Name != "" {
			kind += " " + oneLine(l.Name)
		}
		return kind + ", " + d.amount(l)
	}
	axis, names := d.valueAxis(l)
	name := string(l.Kind)
	if l.Name != "" {
		name += " " + oneLine(l.Name)
	}
	const most = 8
	var parts []string
	for i, b := range l.Boxes {
		if i == most {
			parts = append(parts, fmt.Sprintf("%d more groups", len(l.Boxes)-i))
			break
		}
		parts = append(parts, strings.TrimSpace(fmt.Sprintf("%s median %s, quartiles %s to %s (%s)", groupAt(names, b.At), axis.Say(b.Median),
			axis.Say(b.Q1), axis.Say(b.Q3), values(b.N))))
	}
	return name + ": " + strings.Join(parts, ", ")
}

// fitText is a lesser line as text: what it is called is what it says.
func (d Data) fitText(l LayerData) string {
	r := rangeOf(l.Y)
	s := fmt.Sprintf("%s, %s to %s", l.title(), d.Y.Say(r.min), d.Y.Say(r.max))
	if l.Low != nil {
		s += ", with the 95 % band of the mean"
	}
	return s
}
