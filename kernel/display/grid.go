package display

import (
	"math"
	"reflect"
	"strconv"
	"strings"
)

// grid is a table ready to be written: texts, with the middle cut out.
type grid struct {
	caption string
	head    []column
	rows    [][]string
	keys    int
	cut     int // index in rows before which rows are missing; -1: none
	missing int
	more    int // columns left out
}

// grid formats the rows that are shown: all, or the first ones and a few of
// the last.
func (s source) grid(limit int) grid {
	g := grid{head: s.head, keys: s.keys, cut: -1, more: s.more}
	head, tail := s.rows, 0
	if limit > 0 && s.rows > limit {
		tail = min(tailRows, limit/6)
		head = limit - tail
		g.cut, g.missing = head, s.rows-limit
	}
	cells := make([][]reflect.Value, 0, head+tail)
	for i := range head {
		cells = append(cells, s.row(i))
	}
	for i := s.rows - tail; i < s.rows; i++ {
		cells = append(cells, s.row(i))
	}
	for j := range g.head {
		g.head[j].numeric, g.head[j].decimal = columnShape(cells, j)
	}
	for _, row := range cells {
		texts := make([]string, len(g.head))
		for j := range texts {
			if j < len(row) {
				texts[j] = cellText(row[j], g.head[j].decimal)
			}
		}
		g.rows = append(g.rows, texts)
	}
	return g
}

// columnShape finds whether a column holds numbers, and how many digits after
// the point show its fractions to about six figures.
func columnShape(rows [][]reflect.Value, j int) (numeric bool, decimal int) {
	numeric, decimal = true, -1
	seen, floats, largest := false, false, 0.0
	for _, row := range rows {
		if j >= len(row) {
			continue
		}
		v := inner(row[j])
		if !v.IsValid() || !isNumber(v.Kind()) || v.CanInterface() && saysItself(v.Type()) {
			return isDurationLike(v), -1
		}
		seen = true
		if !v.CanFloat() {
			continue
		}
		f := math.Abs(v.Float())
		if f == 0 || math.IsNaN(f) || math.IsInf(f, 0) {
			floats = true
			continue
		}
		if f >= 1e7 || f < 1e-4 {
			return true, -1
		}
		floats, largest = true, max(largest, f)
		decimal = max(decimal, decimals(f))
	}
	if !floats {
		return seen, -1
	}
	before := 1
	for l := largest; l >= 10; l /= 10 {
		before++
	}
	return seen, min(max(decimal, 0), max(1, 7-before))
}

// isDurationLike reports whether a value with a text of its own is a number
// beneath, such as a time.Duration: those line up on the right too.
func isDurationLike(v reflect.Value) bool {
	return v.IsValid() && isNumber(v.Kind()) && v.Type().PkgPath() == "time" && v.Type().Name() == "Duration"
}

func decimals(f float64) int {
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if dot := strings.IndexByte(s, '.'); dot >= 0 {
		return len(s) - dot - 1
	}
	return 0
}

// inner looks through interfaces.
func inner(v reflect.Value) reflect.Value {
	for v.IsValid() && v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	return v
}

// cellText is one cell: strings without quotes, numbers as their column has
// them, all on one line.
func cellText(v reflect.Value, decimal int) string {
	v = inner(v)
	if !v.IsValid() {
		return ""
	}
	if v.CanFloat() && !(v.CanInterface() && saysItself(v.Type())) {
		f := v.Float()
		if decimal >= 0 && !math.IsNaN(f) && !math.IsInf(f, 0) {
			return strconv.FormatFloat(f, 'f', decimal, 64)
		}
		return strconv.FormatFloat(f, 'g', 6, 64)
	}
	if v.Kind() == reflect.String && !(v.CanInterface() && saysItself(v.Type())) {
		return flat(cutText(validUTF8(v.String()), maxCell))
	}
	return flat(prettyLine(v, maxCell))
}

// flat writes control characters as Go escapes, so that a cell stays a line.
func flat(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			q := strconv.QuoteRune(r)
			b.WriteString(q[1 : len(q)-1])
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// text writes the table for a terminal: headings, a rule, aligned columns.
func (g grid) text() string {
	width := make([]int, len(g.head))
	for j, c := range g.head {
		width[j] = textWidth(c.name)
		for _, row := range g.rows {
			width[j] = max(width[j], textWidth(row[j]))
		}
	}
	var b strings.Builder
	if g.caption != "" {
		b.WriteString(flat(validUTF8(g.caption)) + "\n")
	}
	names, rule := make([]string, len(g.head)), make([]string, len(g.head))
	for j, c := range g.head {
		names[j], rule[j] = c.name, strings.Repeat("─", width[j])
	}
	g.writeRow(&b, names, width)
	g.writeRow(&b, rule, width)
	for i, row := range g.rows {
		if i == g.cut {
			b.WriteString(g.missingText() + "\n")
		}
		g.writeRow(&b, row, width)
	}
	if g.cut == len(g.rows) {
		b.WriteString(g.missingText() + "\n")
	}
	if g.more > 0 {
		b.WriteString("… " + group(g.more) + " more columns\n")
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func (g grid) missingText() string { return "… " + group(g.missing) + " more rows" }

func (g grid) writeRow(b *strings.Builder, cells []string, width []int) {
	var line strings.Builder
	for j, c := range cells {
		if j > 0 {
			line.WriteString("  ")
		}
		pad := strings.Repeat(" ", width[j]-textWidth(c))
		if g.head[j].numeric {
			line.WriteString(pad + c)
		} else {
			line.WriteString(c + pad)
		}
	}
	b.WriteString(strings.TrimRight(line.String(), " ") + "\n")
}

// html writes the table with everything escaped. Alignment is given inline,
// since front ends drop style sheets of untrusted notebooks.
func (g grid) html() string {
	var b strings.Builder
	b.WriteString(`<table class="hpgo-table">`)
	if g.caption != "" {
		b.WriteString("<caption>" + escapeHTML(validUTF8(g.caption)) + "</caption>")
	}
	b.WriteString("<thead><tr>")
	for _, c := range g.head {
		b.WriteString(`<th scope="col"` + c.align() + ">" + escapeHTML(validUTF8(c.name)) + "</th>")
	}
	b.WriteString("</tr></thead><tbody>\n")
	missing := `<tr><td colspan="` + strconv.Itoa(len(g.head)) + `" style="text-align:left">` + g.missingText() + "</td></tr>\n"
	for i, row := range g.rows {
		if i == g.cut {
			b.WriteString(missing)
		}
		b.WriteString("<tr>")
		for j, c := range row {
			tag := "td"
			if j < g.keys {
				tag = `th scope="row"`
			}
			b.WriteString("<" + tag + g.head[j].align() + ">" + escapeHTML(c) + "</" + tag[:2] + ">")
		}
		b.WriteString("</tr>\n")
	}
	if g.cut == len(g.rows) {
		b.WriteString(missing)
	}
	b.WriteString("</tbody></table>")
	if g.more > 0 {
		b.WriteString("<p>… " + group(g.more) + " more columns</p>")
	}
	return b.String()
}

func (c column) align() string {
	if c.numeric {
		return ` style="text-align:right"`
	}
	return ` style="text-align:left"`
}
