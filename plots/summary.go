package plots

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Widths of the text form, in characters.
const (
	sparkWidth = 40
	barWidth   = 30
	maxBars    = 30
	heatWidth  = 60
	heatHeight = 12
)

var (
	sparks = []rune("▁▂▃▄▅▆▇█")
	shades = []rune(" ░▒▓█")
	eighth = []rune(" ▏▎▍▌▋▊▉█")
)

// Summary is the figure as text, for terminals and screen readers: title,
// axes, and each layer as a sparkline, a bar chart or shaded cells.
func (d Data) Summary() string {
	var b strings.Builder
	if d.Title != "" {
		b.WriteString(oneLine(d.Title) + "\n")
	}
	b.WriteString(d.bodyText())
	for _, n := range d.Notes {
		b.WriteString("note: " + oneLine(n) + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// bodyText is the picture without title and notes, in whole lines.
func (d Data) bodyText() string {
	switch {
	case d.Grid != nil:
		return d.Grid.text()
	case d.Gantt != nil:
		return d.Gantt.text()
	case d.Flame != nil:
		return d.Flame.text()
	case d.Source != nil:
		return d.Source.text()
	case d.Comparison != nil:
		return d.Comparison.text()
	case d.Movie != nil:
		return d.Movie.text()
	case d.Recording != nil:
		return d.Recording.text()
	}
	return d.layersText()
}

func (d Data) layersText() string {
	var b strings.Builder
	b.WriteString(axisText("x", d.X) + "; " + axisText("y", d.Y) + "\n")
	nameWidth := 0
	for _, l := range d.Layers {
		if !l.Thin && l.Mark == nil {
			nameWidth = max(nameWidth, utf8.RuneCountInString(l.title()))
		}
	}
	for _, l := range d.Layers {
		if l.Kind == KindLine {
			l.Y = l.amounts()
		}
		switch {
		case l.Boxes != nil:
			b.WriteString(d.statText(l, nameWidth))
			continue
		case l.Thin:
			b.WriteString(d.fitText(l) + "\n")
			continue
		case d.told(l):
			continue
		}
		switch l.Kind {
		case KindLine, KindScatter:
			r := rangeOf(l.Y)
			fmt.Fprintf(&b, "%s  %s  %s to %s (%s)\n", padded(l.title(), nameWidth), sparkline(l, d.X, d.Y),
				d.Y.Say(r.min), d.Y.Say(r.max), counted(l.points(), "point"))
		case KindBars:
			b.WriteString(barText(l, d))
		case KindHeat:
			fmt.Fprintf(&b, "%s\n%s", d.describeLayer(l), d.heatText(l))
		case KindRug:
			b.WriteString(d.rugText(l) + "\n")
		case KindMark:
			b.WriteString(d.markText(l.Mark) + "\n")
		default:
			b.WriteString(l.title() + "\n")
		}
	}
	if d.Table != nil {
		b.WriteString(d.Table.text())
	}
	return b.String()
}

func (l LayerData) title() string {
	switch {
	case l.Name != "":
		return oneLine(l.Name)
	case l.Kind == KindBins:
		return "histogram"
	case l.Kind == KindLine && l.Boxes != nil:
		return "density"
	}
	return string(l.Kind)
}

func axisText(which string, a AxisData) string {
	s := which
	if a.Label != "" {
		s = which + ": " + oneLine(a.Label)
	}
	if a.Categories != nil {
		if len(a.Categories) == 1 {
			return s + ", 1 name"
		}
		return fmt.Sprintf("%s, %d names", s, len(a.Categories))
	}
	s += fmt.Sprintf(" %s to %s", a.Say(a.Min), a.Say(a.Max))
	if a.Log {
		s += ", log"
	}
	return s
}

// sparkline draws the mean of the points in each of a few columns; a column
// without points is a space.
func sparkline(l LayerData, ax, ay AxisData) string {
	width := min(sparkWidth, max(1, len(l.Y)))
	if ax.Categories != nil {
		width = min(sparkWidth, len(ax.Categories))
	}
	sum, n := make([]float64, width), make([]int, width)
	sx := scaleOf(ax)
	for i, y := range l.Y {
		if c := sx.cell(l.X[i], width); c >= 0 && !math.IsNaN(y) {
			if ay.Log {
				y = math.Log(y)
			}
			sum[c] += y
			n[c]++
		}
	}
	lo, hi := ay.Min, ay.Max
	if ay.Log {
		lo, hi = math.Log(lo), math.Log(hi)
	}
	out := make([]rune, width)
	for c := range out {
		out[c] = ' '
		if n[c] > 0 {
			out[c] = sparks[level(sum[c]/float64(n[c]), lo, hi, len(sparks))]
		}
	}
	return string(out)
}

// level is the step, of n, that v takes between lo and hi.
func level(v, lo, hi float64, n int) int {
	if !(hi > lo) {
		return n / 2
	}
	return min(max(int((v-lo)/(hi-lo)*float64(n)), 0), n-1)
}

// longestBar is the amount of the figure's longest bar, up or down, by which
// their text forms are scaled.
func (d Data) longestBar() float64 {
	top := 0.0
	for _, l := range d.Layers {
		if r := rangeOf(l.amounts()); l.Kind == KindBars && r.any {
			top = max(top, r.max, -r.min)
		}
	}
	return top
}

// barText draws horizontal bars from zero, those below zero in grey.
func barText(l LayerData, d Data) string {
	axis, at, values, unit := d.X, l.barPlaces(), l.amounts(), d.Y.Unit
	if l.Flat {
		axis, unit = d.Y, d.X.Unit
	}
	names, width := make([]string, min(len(at), maxBars)), 0
	for i := range names {
		if !math.IsNaN(at[i]) {
			names[i] = onAxis(axis, at[i])
		}
		width = max(width, min(utf8.RuneCountInString(names[i]), 30))
	}
	top := d.longestBar()
	var b strings.Builder
	if l.Name != "" {
		b.WriteString(l.title() + "\n")
	}
	for i, v := range values {
		if i == maxBars {
			fmt.Fprintf(&b, "  … %d more\n", len(values)-i)
			break
		}
		fmt.Fprintf(&b, "  %s %s %s\n", padded(names[i], width), padded(bar(v, top), barWidth), amountText(v, unit))
	}
	return b.String()
}

// amountText is the amount of a bar; a gap is a dash.
func amountText(v float64, unit string) string {
	if math.IsNaN(v) {
		return "–"
	}
	return SI(v, unit)
}

func bar(v, top float64) string {
	if math.IsNaN(v) || !(top > 0) {
		return ""
	}
	if v < 0 {
		return strings.Repeat("░", int(math.Round(v/-top*barWidth)))
	}
	eighths := int(math.Round(v / top * barWidth * 8))
	s := strings.Repeat("█", eighths/8)
	if eighths%8 > 0 {
		s += string(eighth[eighths%8])
	}
	return s
}

func padded(s string, width int) string {
	n := utf8.RuneCountInString(s)
	if n > width {
		return string([]rune(s)[:max(width-1, 0)]) + "…"
	}
	return s + strings.Repeat(" ", width-n)
}

// oneLine keeps labels from breaking the layout.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			return '\uFFFD' // such as the escapes that command terminals
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return strings.Join(strings.Fields(s), " ")
}
