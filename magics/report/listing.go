package report

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// Listing is source line by line: with figures before each line, badges behind it,
// the ground the stronger the more there is to say, and more below it with a click.
// It needs no scripts.
type Listing struct {
	Caption string
	Columns []Column // of the figures between line number and source
	Lines   []ListingLine
	Wraps   bool // long lines of source go on below, where there is little room
}

// ListingLine is one line of a Listing.
type ListingLine struct {
	Number int
	Cells  []Cell // one for each column; missing ones are empty
	Source string
	Shade  float64 // of 1
	Badges []Badge
	Change rune    // '+' or '-' in a comparison of two versions; 0: neither
	More   []Block // what opens with a click
}

// Badge is a remark about a line, in a word or two.
type Badge struct {
	Text  string
	Tone  Tone
	Title string // the whole of it, where the pointer rests
}

// Tone is the colour of a badge.
type Tone int

// The tones.
const (
	Neutral Tone = iota // it is so
	Costly              // it takes time or memory when it runs
	Minor               // it takes little
	Good                // something was saved
)

// grounds are the colours of badges: translucent, so that they suit light and dark pages.
var grounds = map[Tone]string{
	Neutral: "rgba(128,128,128,.22)",
	Costly:  "rgba(220,38,38,.28)",
	Minor:   "rgba(217,119,6,.25)",
	Good:    "rgba(22,163,74,.25)",
}

// columns are the headings of the listing as a table.
func (l Listing) columns() []Column {
	all := append([]Column{{Name: "Line"}}, l.Columns...)
	if l.changes() {
		all = append(all, Column{Name: "±", Align: Left})
	}
	return append(all, Column{Name: "Source", Align: Code})
}

func (l Listing) changes() bool {
	for _, x := range l.Lines {
		if x.Change != 0 {
			return true
		}
	}
	return false
}

func changeText(change rune) string {
	if change == 0 {
		return ""
	}
	return string(change)
}

func (l Listing) write(w *writer) {
	label := l.Caption
	if label == "" {
		label = "source with remarks"
	}
	w.printf(`<div style="max-width:100%%;overflow-x:auto;margin:.4em 0" tabindex="0" role="region" aria-label="%s"><table style="border-collapse:collapse;font-size:.92em;font-variant-numeric:tabular-nums;margin:0">`, html.EscapeString(label))
	if l.Caption != "" {
		w.printf(`<caption style="text-align:left;font-weight:bold;padding:.2em 0">%s</caption>`, inline(l.Caption))
	}
	w.b.WriteString("<thead><tr>")
	for _, c := range l.columns() {
		w.printf(`<th scope="col" style="%s"%s>%s</th>`, c.style(), titleOf(c.Title), html.EscapeString(c.head()))
	}
	w.b.WriteString("</tr></thead><tbody>\n")
	for _, x := range l.Lines {
		l.writeLine(w, x)
	}
	w.b.WriteString("</tbody></table></div>")
}

const (
	listingCell   = "padding:0 .6em;text-align:right;vertical-align:top;white-space:nowrap;background:none"
	listingSource = "padding:0;text-align:left;white-space:nowrap;font-family:monospace;line-height:1.5"
)

func (l Listing) writeLine(w *writer, x ListingLine) {
	w.b.WriteString("<tr>")
	w.printf(`<td style="%s;opacity:.65">%d</td>`, listingCell, x.Number)
	for i, c := range l.Columns {
		cell := Row{Cells: x.Cells}.cell(i)
		w.printf(`<td style="%s%s"%s>%s</td>`, listingCell, c.look(cell.Share), titleOf(cell.Title), html.EscapeString(cell.Text))
	}
	if l.changes() {
		w.printf(`<td style="%s;font-weight:bold">%s</td>`, listingCell, changeText(x.Change))
	}
	w.printf(`<td style="%s">`, listingSource)
	// Tabs would count from the mark before the line.
	source := strings.ReplaceAll(x.Source, "\t", "    ")
	space := "pre"
	if l.Wraps {
		space = "pre-wrap"
	}
	line := `<code style="background:none;padding:0;white-space:` + space + `">` + html.EscapeString(source) + "</code>" + badgesHTML(x.Badges)
	if len(x.More) == 0 {
		w.printf(`<div style="padding:0 .4em 0 1.4em;min-height:1.5em%s">%s</div></td></tr>`+"\n", shade(x.Shade), line)
		return
	}
	w.printf(`<details style="margin:0"><summary style="cursor:pointer;padding:0 .4em%s">%s</summary><div style="padding:.1em 0 .5em 1.4em;font-family:system-ui,sans-serif;white-space:normal">`, shade(x.Shade), line)
	for _, b := range x.More {
		b.write(w)
	}
	w.b.WriteString("</div></details></td></tr>\n")
}

// shade is the ground of a line, of the yellow that cython's pages have, translucent.
func shade(strength float64) string {
	if !(strength > 0) {
		return ""
	}
	return ";background:rgba(234,179,8," + strconv.FormatFloat(0.08+0.47*min(strength, 1), 'f', 2, 64) + ")"
}

func badgesHTML(badges []Badge) string {
	if len(badges) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(`<span style="white-space:normal">`)
	for _, x := range badges {
		fmt.Fprintf(&b, ` <span style="display:inline-block;margin-left:.5em;padding:0 .45em;border-radius:.6em;font:.82em system-ui,sans-serif;line-height:1.45;background:%s"%s>%s</span>`,
			grounds[x.Tone], titleOf(x.Title), html.EscapeString(x.Text))
	}
	b.WriteString("</span>")
	return b.String()
}

// Beside sets blocks side by side where there is room, else one below the other.
type Beside []Block

func (s Beside) write(w *writer) {
	// Two of 32em and the gap between them take some 900 px.
	w.b.WriteString(`<div style="display:flex;flex-wrap:wrap;gap:.4em 1.6em;align-items:flex-start">`)
	for _, b := range s {
		w.b.WriteString(`<div style="flex:1 1 32em;min-width:0;max-width:100%">`)
		b.write(w)
		w.b.WriteString("</div>")
	}
	w.b.WriteString("</div>")
}

// Stack is blocks one below the other, as one block.
type Stack []Block

func (s Stack) write(w *writer) {
	for _, b := range s {
		b.write(w)
	}
}

// Highlighted is text in a fixed pitch, in which some lines stand out.
type Highlighted []HighlightedLine

// HighlightedLine is a line; Neutral ones don't stand out.
type HighlightedLine struct {
	Text  string
	Tone  Tone
	Title string // more, where the pointer rests
}

func (h Highlighted) write(w *writer) {
	w.b.WriteString(`<pre style="margin:.2em 0;overflow-x:auto;white-space:pre;font-size:.92em;line-height:1.25;background:none">`)
	for _, l := range h {
		style := ""
		if l.Tone != Neutral {
			style = ` style="background:` + grounds[l.Tone] + `"`
		}
		if style == "" && l.Title == "" {
			w.b.WriteString(html.EscapeString(l.Text) + "\n")
			continue
		}
		w.printf("<span%s%s>%s</span>\n", style, titleOf(l.Title), html.EscapeString(l.Text))
	}
	w.b.WriteString("</pre>")
}
