package render

import (
	"fmt"
	"image/color"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"hpgo/plots"
)

// listing is code with values being drawn: a grid of characters.
type listing struct {
	*sheet
	data    *plots.SourceData
	paint   codePaint
	area    draw.Canvas
	pitch   vg.Length // of a row
	face    font.Face
	advance vg.Length   // of a character
	right   []vg.Length // ends of the columns: of the line numbers, then of the values
	bar     vg.Length   // where the bars begin
	code    vg.Length   // where the code begins
	letters int         // that fit into a line of code
	tokens  [][]tokenKind
}

// Sizes of a listing.
const (
	codePitch  = 11.6 // points from row to row where there is room
	leastPitch = 5.0
	codeSize   = 0.69 // of the pitch: the size of the letters
	headRows   = 1.3  // rows that the head takes, and the sums
	barLetters = 6    // characters that the longest bar takes
	fewLetters = 12   // of code, fewer than which are no use
	// hoverCode limits what a title says of a line that is cut.
	hoverCode = 2000
)

// monoStack is the fonts of code; textLength holds them to the measured width,
// that of Liberation Mono.
const monoStack = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace"

// Limits of a foreign listing.
const (
	maxListing       = 200_000 // lines
	maxListedColumns = 30
)

// checkSource refuses a listing whose parts don't belong together.
func checkSource(d *plots.SourceData) error {
	n := len(d.Lines)
	if n == 0 || n > maxListing || len(d.Columns) == 0 || len(d.Columns) > maxListedColumns || d.First < 0 || d.First > math.MaxInt32 {
		return fmt.Errorf("source has %d lines from %d on and %d columns", n, d.First, len(d.Columns))
	}
	if d.Heat < 0 || d.Heat >= len(d.Columns) || len(d.Hidden) != 0 && len(d.Hidden) != n || len(d.Details) != 0 && len(d.Details) != n {
		return fmt.Errorf("source has %d lines, %d marks of hidden ones, %d details, and heat from column %d", n, len(d.Hidden), len(d.Details), d.Heat+1)
	}
	for _, c := range d.Columns {
		if len(c.Values) != n || !finite(c.Total) {
			return fmt.Errorf("source has %d lines, and column %q %d values with the sum %v", n, c.Label, len(c.Values), c.Total)
		}
		for _, v := range c.Values {
			if math.IsInf(v, 0) {
				return fmt.Errorf("source: column %q has the value %v", c.Label, v)
			}
		}
	}
	return nil
}

// draw places the rows on a card of their own colour, on which the text has
// enough contrast whatever is behind the picture.
func (l *listing) draw(area draw.Canvas) error {
	l.area, l.paint = area, l.theme.code()
	rows := l.data.Rows()
	all := vg.Length(len(rows)) + headRows
	if l.data.Summed() {
		all += headRows
	}
	l.pitch = min((area.Max.Y-area.Min.Y)/all, codePitch)
	l.face = fonts.Lookup(font.Font{Typeface: "Liberation", Variant: "Mono"}, l.pitch*codeSize)
	l.advance = l.face.Width("0")
	l.columns()
	if l.pitch < leastPitch || l.letters < fewLetters {
		return l.tooSmall()
	}
	l.tokens = goTokens(l.data.Lines)
	l.area.Min.Y = area.Max.Y - all*l.pitch
	l.canvas.FillPolygon(l.paint.card, corners(l.area.Rectangle))
	svg := svgOf(&l.canvas)
	if svg != nil {
		fmt.Fprintf(&svg.buf, "<g font-family=\"%s\" font-size=\"%s\">\n", monoStack, num(l.pitch.Points()*codeSize))
	}
	top := l.head()
	for _, i := range rows {
		l.row(i, top)
		top -= l.pitch
	}
	l.sums(top)
	if svg != nil {
		svg.buf.WriteString("</g>\n")
	}
	return nil
}

// columns finds where the columns end, the bars and the code begin.
func (l *listing) columns() {
	const apart = 2
	last := l.data.First + len(l.data.Lines) - 1
	at := l.area.Min.X + l.advance*vg.Length(1+max(len(lineHead), len(strconv.Itoa(last))))
	l.right = []vg.Length{at}
	for c := range l.data.Columns {
		widest := max(letters(l.label(c)), letters(l.data.Sum(c)))
		for i := range l.data.Lines {
			widest = max(widest, letters(l.data.Cell(c, i)))
		}
		at += l.advance * vg.Length(apart+widest)
		l.right = append(l.right, at)
	}
	l.bar = at + l.advance*apart
	l.code = l.bar + l.advance*(barLetters+1.5)
	l.letters = int((l.area.Max.X-l.code)/l.advance - 0.5)
}

// Heads of the columns that aren't values.
const (
	lineHead = "line"
	codeHead = "code"
	sumHead  = "sum"
)

func (l *listing) label(column int) string { return shortened(l.data.Columns[column].Label, 24) }

// head writes the labels and returns where the first row begins.
func (l *listing) head() vg.Length {
	top := l.area.Max.Y - l.pitch*(headRows-1)/2
	l.write(l.right[0], true, top, lineHead, l.paint.muted)
	for c := range l.data.Columns {
		l.write(l.right[c+1], true, top, l.label(c), l.paint.muted)
	}
	l.write(l.code, false, top, codeHead, l.paint.muted)
	end := l.area.Max.Y - l.pitch*headRows
	l.rule(end)
	return end
}

func (l *listing) rule(y vg.Length) {
	l.canvas.StrokeLine2(draw.LineStyle{Color: l.paint.rule, Width: 0.5}, l.area.Min.X, y, l.area.Max.X, y)
}

// sums writes the sums of the columns that have one.
func (l *listing) sums(top vg.Length) {
	if !l.data.Summed() {
		return
	}
	l.rule(top)
	top -= l.pitch * (headRows - 1) / 2
	l.write(l.right[0], true, top, sumHead, l.paint.muted)
	for c := range l.data.Columns {
		l.write(l.right[c+1], true, top, l.data.Sum(c), l.paint.text)
	}
}

// row draws one line, or a mark for hidden ones.
func (l *listing) row(i int, top vg.Length) {
	if i < 0 {
		l.canvas.FillPolygon(l.paint.fold, corners(vg.Rectangle{
			Min: vg.Point{X: l.area.Min.X, Y: top - l.pitch}, Max: vg.Point{X: l.area.Max.X, Y: top}}))
		l.write(l.code, false, top, plots.HiddenText(-i), l.paint.muted)
		return
	}
	line, cut := l.data.Lines[i], false
	shown := line
	if letters(line) > l.letters {
		shown, cut = firstLetters(line, l.letters-1), true
	}
	if svg, ok := asTitled(&l.canvas); ok {
		if words := l.words(i, cut); words != "" {
			svg.Begin(words)
			defer svg.End()
		}
	}
	l.write(l.right[0], true, top, strconv.Itoa(l.data.First+i), l.paint.muted)
	for c := range l.data.Columns {
		col := l.paint.text
		text := l.data.Cell(c, i)
		if text == "0" {
			col = l.paint.muted
		}
		l.write(l.right[c+1], true, top, text, col)
	}
	fill := l.heat(l.data.Level(i), top)
	l.line(i, shown, top, fill)
	if cut {
		l.write(l.code+l.advance*vg.Length(l.letters-1), false, top, "…", legible(l.paint.muted, fill))
	}
}

// heat draws the bar of a line and the ground of its code, whose colour it
// returns.
func (l *listing) heat(level float64, top vg.Length) color.NRGBA {
	if !(level > 0) {
		return l.paint.card
	}
	fill := l.paint.heat(level)
	width := max(l.advance*barLetters*vg.Length(level), leastSpan)
	l.block(l.paint.bar, vg.Rectangle{
		Min: vg.Point{X: l.bar, Y: top - l.pitch*0.82}, Max: vg.Point{X: l.bar + width, Y: top - l.pitch*0.18}})
	l.block(fill, vg.Rectangle{
		Min: vg.Point{X: l.code - l.advance/2, Y: top - l.pitch}, Max: vg.Point{X: l.area.Max.X, Y: top}})
	return fill
}

func (l *listing) block(col color.NRGBA, box vg.Rectangle) {
	l.canvas.SetColor(col)
	if svg := svgOf(&l.canvas); svg != nil {
		svg.block(box, "")
		return
	}
	l.canvas.Fill(box.Path())
}

// line writes code in pieces of one colour. Runs of spaces only place what
// follows, since SVG would make one space of them.
func (l *listing) line(i int, shown string, top vg.Length, fill color.NRGBA) {
	kind := func(at int) tokenKind {
		if l.tokens == nil {
			return plainToken
		}
		return l.tokens[i][at]
	}
	start, column, at := 0, 0, 0
	flush := func(end int) {
		if text := strings.TrimRight(shown[start:end], " "); text != "" {
			l.write(l.code+l.advance*vg.Length(column), false, top, text, legible(l.paint.token(kind(start)), fill))
		}
		start, column = end, at
	}
	for p, r := range shown {
		switch {
		case r == ' ' && (p == start || p > 0 && shown[p-1] == ' '):
			flush(p)
			start, column = p+1, at+1
		case r != ' ' && kind(p) != kind(start):
			flush(p)
		}
		at += cells(r)
	}
	flush(len(shown))
}

// words is what a row's hover title says.
func (l *listing) words(i int, cut bool) string {
	var values []string
	for c, column := range l.data.Columns {
		if text := l.data.Cell(c, i); text != "" {
			values = append(values, column.Label+" "+text)
		}
	}
	var parts []string
	if len(values) > 0 {
		parts = append(parts, fmt.Sprintf("%s %d: %s", lineHead, l.data.First+i, strings.Join(values, ", ")))
	}
	if i < len(l.data.Details) && l.data.Details[i] != "" {
		parts = append(parts, l.data.Details[i])
	}
	if cut {
		parts = append(parts, shortened(strings.TrimSpace(l.data.Lines[i]), hoverCode))
	}
	return strings.Join(parts, "\n")
}

// write sets text in a row, from x on or up to it.
func (l *listing) write(x vg.Length, before bool, top vg.Length, text string, col color.NRGBA) {
	if text == "" {
		return
	}
	width := l.advance * vg.Length(letters(text))
	if before {
		x -= width
	}
	at := vg.Point{X: x, Y: top - l.pitch*0.72}
	l.canvas.SetColor(col)
	if svg := svgOf(&l.canvas); svg != nil {
		svg.mono(at, width, text)
		return
	}
	l.canvas.FillString(l.face, at, l.drawable(text))
}

// drawable puts a box for each letter that the font of PNGs doesn't have.
func (l *listing) drawable(text string) string {
	return strings.Map(func(r rune) rune {
		if i, err := l.face.Face.GlyphIndex(nil, r); err != nil || i == 0 {
			return '□'
		}
		return r
	}, text)
}

// mono writes text whose font a group around it sets.
func (c *svgCanvas) mono(at vg.Point, width vg.Length, text string) {
	x, y := c.page(at.X.Points(), at.Y.Points())
	fmt.Fprintf(&c.buf, `<text x="%s" y="%s"%s`, num(x), num(y), c.paint("fill"))
	if n := utf8.RuneCountInString(text); n > 1 && measurable(text) {
		fmt.Fprintf(&c.buf, ` textLength="%s"`, num(width.Points()))
	}
	c.buf.WriteString(">" + escape(text) + "</text>\n")
}

// letters is the width of a text in characters of the grid.
func letters(s string) int {
	n := 0
	for _, r := range s {
		n += cells(r)
	}
	return n
}

// cells is the width of a letter: East Asian ones take two.
func cells(r rune) int {
	switch {
	case r < 0x1100:
		return 1
	case r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3, r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f,
		r >= 0xff00 && r <= 0xff60, r >= 0xffe0 && r <= 0xffe6, r >= 0x1f300 && r <= 0x1faff, r >= 0x20000 && r <= 0x3fffd:
		return 2
	}
	return 1
}

// firstLetters cuts a text to a width.
func firstLetters(s string, most int) string {
	n := 0
	for i, r := range s {
		if n += cells(r); n > most {
			return s[:i]
		}
	}
	return s
}
