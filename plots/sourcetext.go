package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Sizes in points that the size of a picture is made with. Package render
// measures for itself and makes the rows fit.
const (
	codeRow   = 11.6
	codeRune  = 4.8
	codeExtra = 20.0 // margins
	codeBar   = 10   // characters between the values and the code, with the bar
	textCode  = 100  // characters of a line in the text form
	topSource = 3    // lines that the description names
)

// Cell is a value as it is written beside its line; empty for a blank.
func (d *SourceData) Cell(column, line int) string {
	return d.Columns[column].text(d.value(column, line))
}

// value is NaN also where foreign data have none.
func (d *SourceData) value(column, line int) float64 {
	if column < 0 || column >= len(d.Columns) || line >= len(d.Columns[column].Values) {
		return math.NaN()
	}
	return d.Columns[column].Values[line]
}

// heat is the column that shades the lines.
func (d *SourceData) heat() *SourceColumn {
	if d.Heat < 0 || d.Heat >= len(d.Columns) {
		return &SourceColumn{}
	}
	return &d.Columns[d.Heat]
}

// Sum is the sum of a column as it is written below it; empty where its values
// don't add up to anything.
func (d *SourceData) Sum(column int) string {
	if c := &d.Columns[column]; c.Total != 0 {
		return c.text(c.Total)
	}
	return ""
}

// text writes counts in full, so that one more or less is seen, as far as that
// stays short, and zeros without a unit, since they are no measurement.
func (c *SourceColumn) text(v float64) string {
	const countsBelow = 1e8
	switch {
	case math.IsNaN(v):
		return ""
	case v == 0:
		return "0"
	case c.Unit == "" && v == math.Trunc(v) && math.Abs(v) < countsBelow:
		return group(int(v))
	case c.Unit == "%":
		return strconv.FormatFloat(v, 'f', 1, 64) + "%"
	}
	return SI(v, c.Unit)
}

// Level is how hot a line is, from 0 to 1 for the hottest.
func (d *SourceData) Level(line int) float64 {
	top := rangeOf(d.heat().Values).max
	if v := d.value(d.Heat, line); v > 0 && top > 0 {
		return v / top
	}
	return 0
}

// Rows are the rows of the table: the index of a line, or -n for n hidden ones.
func (d *SourceData) Rows() []int {
	var rows []int
	for i := range d.Lines {
		switch {
		case i >= len(d.Hidden) || !d.Hidden[i]:
			rows = append(rows, i)
		case i > 0 && d.Hidden[i-1]:
			rows[len(rows)-1]--
		default:
			rows = append(rows, -1)
		}
	}
	return rows
}

// HiddenText is what stands in place of n hidden lines.
func HiddenText(n int) string { return "… " + counted(n, "line") }

// hide leaves out the lines without values of long code, and the coldest of the
// others where even those are too many for the rows there are.
func (d *SourceData) hide(room int) []string {
	if len(d.Lines) <= min(longCode, room) {
		return nil
	}
	warm := d.warm()
	whole := func(k int) bool {
		d.show(warm[:k])
		return len(d.Rows()) <= room
	}
	if len(warm) == 0 {
		for i := range min(len(d.Lines), room-1) {
			warm = append(warm, i)
		}
		whole(len(warm))
		return []string{fmt.Sprintf("%d lines after the first %d are hidden", len(d.Lines)-len(warm), len(warm))}
	}
	shown := len(warm)
	if !whole(shown) {
		lo, hi := 1, len(warm)
		for lo < hi {
			if mid := (lo + hi + 1) / 2; whole(mid) {
				lo = mid
			} else {
				hi = mid - 1
			}
		}
		shown = lo
		whole(shown)
	}
	cold := 0
	for _, h := range d.Hidden {
		if h {
			cold++
		}
	}
	switch {
	case cold == 0:
		d.Hidden = nil
		return nil
	case shown == len(warm):
		return []string{fmt.Sprintf("%d of %d lines have no values and are hidden", cold, len(d.Lines))}
	}
	return []string{fmt.Sprintf("of %d lines with values, the %d with the highest %s are shown; %d of %d lines are hidden",
		len(warm), shown, d.heat().Label, cold, len(d.Lines))}
}

// warm are the lines with a value, the hottest first.
func (d *SourceData) warm() []int {
	var out []int
	level := make([]float64, len(d.Lines))
	for i := range d.Lines {
		for c := range d.Columns {
			if v := d.value(c, i); v != 0 && !math.IsNaN(v) {
				out = append(out, i)
				level[i] = -1
				break
			}
		}
		if v := d.value(d.Heat, i); v > 0 {
			level[i] = v
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(level[b], level[a]) })
	return out
}

// show hides all but some lines and what is near them.
func (d *SourceData) show(lines []int) {
	d.Hidden = make([]bool, len(d.Lines))
	for i := range d.Hidden {
		d.Hidden[i] = true
	}
	for _, at := range lines {
		for i := max(at-nearLines, 0); i <= min(at+nearLines, len(d.Lines)-1); i++ {
			d.Hidden[i] = false
		}
	}
	for from := 0; from < len(d.Hidden); {
		to := from
		for to < len(d.Hidden) && d.Hidden[to] {
			to++
		}
		if to-from < leastRun {
			clear(d.Hidden[from:to])
		}
		from = to + 1
	}
}

// room is how many rows have place in a picture.
func (d *SourceData) room(all Data) int {
	rows := int((all.Height*72 - d.extra(all) - noteHeight) / codeRow)
	if all.Height == maxSide {
		rows = min(rows, mostRows)
	}
	return max(rows, 2*nearLines+3)
}

// extra is the height of all that isn't a line.
func (d *SourceData) extra(all Data) float64 {
	points := codeExtra + 1.3*codeRow
	if all.Title != "" {
		points += 19
	}
	for _, n := range all.Notes {
		points += noteHeight * math.Ceil(float64(len(n)+6)*3.4/(all.Width*72-12))
	}
	if d.Summed() {
		points += 1.3 * codeRow
	}
	return points
}

// Summed reports whether a row of sums stands below the lines.
func (d *SourceData) Summed() bool {
	for c := range d.Columns {
		if d.Sum(c) != "" {
			return true
		}
	}
	return false
}

// height is the picture's height in inches that its rows need.
func (d *SourceData) height(all Data) float64 {
	return math.Min(math.Max((d.extra(all)+codeRow*float64(len(d.Rows())))/72, 1), maxSide)
}

// width is the picture's width in inches that the longest line needs, within
// what fits a page.
func (d *SourceData) width() float64 {
	letters := codeBar + len(lineTitle)
	for _, w := range d.widths() {
		letters += w + 2
	}
	longest := 0
	for _, line := range d.Lines {
		longest = max(longest, utf8.RuneCountInString(line))
	}
	return math.Min(math.Max((float64(letters+longest)*codeRune+codeExtra)/72, leastCode), widestCode)
}

// widths are the characters that the columns need.
func (d *SourceData) widths() []int {
	out := make([]int, len(d.Columns))
	for c := range d.Columns {
		out[c] = max(utf8.RuneCountInString(d.Columns[c].Label), utf8.RuneCountInString(d.Sum(c)))
		for i := range d.Lines {
			out[c] = max(out[c], utf8.RuneCountInString(d.Cell(c, i)))
		}
	}
	return out
}

// text is the table, its lines marked with how hot they are.
func (d *SourceData) text() string {
	var b strings.Builder
	b.WriteString(d.Describe() + "\n")
	widths := d.widths()
	row := func(number string, cell func(c int) string, mark rune, code string) {
		line := fmt.Sprintf("%6s", number)
		for c, w := range widths {
			line += "  " + strings.Repeat(" ", max(w-utf8.RuneCountInString(cell(c)), 0)) + cell(c)
		}
		b.WriteString(strings.TrimRight(line+"  "+string(mark)+" "+code, " ") + "\n")
	}
	row(lineTitle, func(c int) string { return d.Columns[c].Label }, ' ', codeTitle)
	b.WriteString(strings.Repeat("=", utf8.RuneCountInString(b.String()[strings.Index(b.String(), "\n")+1:])-1) + "\n")
	blank := func(int) string { return "" }
	for _, i := range d.Rows() {
		if i < 0 {
			row("", blank, ' ', HiddenText(-i))
			continue
		}
		mark := ' '
		if level := d.Level(i); level > 0 {
			mark = shades[min(1+int(level*4), 4)]
		}
		code := d.Lines[i]
		if utf8.RuneCountInString(code) > textCode {
			code = padded(code, textCode)
		}
		row(strconv.Itoa(d.First+i), func(c int) string { return d.Cell(c, i) }, mark, code)
	}
	if d.Summed() {
		row("sum", d.Sum, ' ', "")
	}
	return b.String()
}

// Describe names the hottest lines.
func (d *SourceData) Describe() string {
	heat := d.heat()
	s := fmt.Sprintf("%s, %d to %d", counted(len(d.Lines), "line"), d.First, d.First+len(d.Lines)-1)
	if heat.Total != 0 {
		s += ", " + heat.Label + " " + heat.text(heat.Total) + " in all"
	}
	var hottest []string
	warm := d.warm()
	for _, i := range warm[:min(len(warm), topSource)] {
		v := d.value(d.Heat, i)
		if !(v > 0) {
			break
		}
		one := fmt.Sprintf("line %d %s", d.First+i, heat.text(v))
		if heat.Total > 0 && heat.Unit != "%" {
			one += " (" + percent(v/heat.Total) + ")"
		}
		hottest = append(hottest, one)
	}
	if len(hottest) > 0 {
		s += "; the highest " + heat.Label + ": " + strings.Join(hottest, ", ")
	}
	return s
}
