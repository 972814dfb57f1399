package plots

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"strings"
	"unicode/utf8"
)

// Limits of a field whose numbers the text form writes.
const (
	textColumns = 10
	textRows    = 20
	textName    = 24 // characters of a name
)

// heatText is a heat map in text: the numbers of a small one with names on both
// axes or numbers in its cells, shaded characters for others.
func (d Data) heatText(l LayerData) string {
	h := l.Heat
	named := d.X.Categories != nil && d.Y.Categories != nil
	if (named || l.Values) && len(h.Values) == h.Rows*h.Cols && h.Cols <= textColumns && h.Rows <= textRows {
		return d.numbersText(h)
	}
	return d.shadeText(h)
}

// rowOrder is the rows from the top down.
func (d Data) rowOrder(rows int) []int {
	out := make([]int, rows)
	for i := range out {
		out[i] = rows - 1 - i
		if d.Y.Categories != nil {
			out[i] = i
		}
	}
	return out
}

func (d Data) numbersText(h *HeatData) string {
	colors := AxisData{Min: h.Min, Max: h.Max, Unit: h.Unit}
	head := []string{""}
	for c := range h.Cols {
		name := fmt.Sprint(c)
		if c < len(d.X.Categories) {
			name = d.X.Categories[c]
		}
		head = append(head, name)
	}
	table := [][]string{head}
	for _, r := range d.rowOrder(h.Rows) {
		line := []string{fmt.Sprint(r)}
		if r < len(d.Y.Categories) {
			line[0] = d.Y.Categories[r]
		}
		for _, v := range h.Values[r*h.Cols : (r+1)*h.Cols] {
			line = append(line, cellText(v, colors))
		}
		table = append(table, line)
	}
	return alignedText(table)
}

// cellText is a number of an axis in a table; a gap is a dash.
func cellText(v float64, a AxisData) string {
	if math.IsNaN(v) {
		return "–"
	}
	return a.Say(v)
}

// alignedText sets a table in columns: the first from the left, the others
// from the right, long names shortened.
func alignedText(table [][]string) string {
	var widths []int
	for _, line := range table {
		for i := range line {
			line[i] = clipped(oneLine(line[i]), textName)
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], utf8.RuneCountInString(line[i]))
		}
	}
	var b strings.Builder
	for _, line := range table {
		var out strings.Builder
		for i, text := range line {
			space := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(text))
			if i == 0 {
				out.WriteString("  " + text + space)
			} else {
				out.WriteString("  " + space + text)
			}
		}
		b.WriteString(strings.TrimRight(out.String(), " ") + "\n")
	}
	return b.String()
}

// clipped is a text of at most n characters.
func clipped(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return padded(s, n)
}

// shadeText draws a heat map with shaded cells, the last row on top, or the
// first one if rows have names.
func (d Data) shadeText(h *HeatData) string {
	img, err := png.Decode(bytes.NewReader(h.Levels))
	if err != nil {
		return ""
	}
	cols, rows := min(h.Cols, heatWidth), min(h.Rows, heatHeight)
	width := 0
	for r := range rows {
		if at := r * h.Rows / rows; at < len(d.Y.Categories) {
			width = max(width, min(textName, utf8.RuneCountInString(oneLine(d.Y.Categories[at]))))
		}
	}
	var b strings.Builder
	for _, r := range d.rowOrder(rows) {
		line := make([]rune, cols)
		for c := range line {
			g, _, _, _ := img.At(c*h.Cols/cols, r*h.Rows/rows).RGBA()
			line[c] = ' '
			if g > 0 {
				line[c] = shades[level(float64(g>>8), 1, 255, len(shades))]
			}
		}
		name := ""
		if at := r * h.Rows / rows; at < len(d.Y.Categories) {
			name = padded(oneLine(d.Y.Categories[at]), width) + " "
		}
		b.WriteString("  " + name + string(line) + "\n")
	}
	return b.String()
}

// least and greatest are those of the values, or where they aren't known of the
// colours.
func (h *HeatData) least() float64 {
	if h.Least < h.Greatest {
		return h.Least
	}
	return h.Min
}

func (h *HeatData) greatest() float64 {
	if h.Least < h.Greatest {
		return h.Greatest
	}
	return h.Max
}
