package hashtable

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Picture is a drawing of a table as it was at one moment. A notebook shows its SVG, a
// terminal its text.
type Picture struct{ text, svg string }

// String is the drawing in text.
func (p Picture) String() string { return p.text }

// SVG is the drawing.
func (p Picture) SVG() string { return p.svg }

// Tables of more slots are drawn as a map of slots, of which only so many are shown.
const (
	mostListed = 64
	mapWidth   = 64
	mostMapped = 64 * mapWidth
)

// String draws the slots, one a line: its number, its key, and where the key would
// rather be, with how many slots were tried before. Of more than 64 slots each is one
// letter: how many slots were tried before its key came there, to 9.
func (t *Table[K, V]) String() string { return t.Picture().text }

// SVG draws the slots, and arrows from home to where keys are that aren't there.
func (t *Table[K, V]) SVG() string { return t.Picture().svg }

// Picture draws the table, with arrows along the slots that searches for some keys look
// at, whether they are there or not; if none is given, for all keys that aren't at home.
func (t *Table[K, V]) Picture(keys ...K) Picture {
	var routes []route
	for _, k := range keys {
		slots, found := t.Path(k)
		routes = append(routes, route{shown(k), slots, found})
	}
	head, slots := t.headline(), make([]Slot[K, V], min(t.slots, mostMapped))
	for i := range slots {
		slots[i] = t.slot(i)
		if s := slots[i]; len(keys) == 0 && t.slots <= mostListed && s.State == Used && s.Probe > 0 {
			path, _ := t.Path(s.Key)
			routes = append(routes, route{shown(s.Key), path, true})
		}
	}
	var text strings.Builder
	text.WriteString(head + "\n")
	if t.slots <= mostListed {
		t.list(&text, slots)
	} else {
		t.mapped(&text, slots)
	}
	var captions []string
	if len(keys) > 0 {
		for _, r := range routes {
			captions = append(captions, r.String())
			text.WriteString(r.String() + "\n")
		}
	}
	if t.slots <= mostListed {
		return Picture{text.String(), t.drawList(head, slots, routes, captions)}
	}
	return Picture{text.String(), t.drawMap(head, slots, routes, captions)}
}

// route is the way of one search.
type route struct {
	key   string
	slots []int
	found bool
}

// String is the way in text; of a long one, its beginning and its end.
func (r route) String() string {
	const ends = 10
	var way []string
	for i, s := range r.slots {
		switch {
		case len(r.slots) <= 2*ends || i < ends || i >= len(r.slots)-ends:
			way = append(way, fmt.Sprint(s))
		case i == ends:
			way = append(way, fmt.Sprintf("(%d more)", len(r.slots)-2*ends))
		}
	}
	end := "found"
	if !r.found {
		end = "not found"
	}
	return fmt.Sprintf("%s: %s, %s", r.key, strings.Join(way, " → "), end)
}

func (t *Table[K, V]) headline() string {
	name := t.options.Growth.Name
	if name == "" {
		name = "own"
	}
	head := fmt.Sprintf("%d keys in %d slots, %v, growth: %s", t.used, t.slots, t.options.Probing, name)
	if t.options.Compact {
		head += ", compact"
	}
	return head
}

func (t *Table[K, V]) list(b *strings.Builder, slots []Slot[K, V]) {
	for _, s := range slots {
		fmt.Fprintf(b, "%4d", s.Index)
		if s.State == Deleted {
			b.WriteString("  (deleted)")
		}
		if s.State == Used {
			if b.WriteString("  "); t.options.Compact {
				fmt.Fprintf(b, "#%d ", s.Entry)
			}
			b.WriteString(shown(s.Key))
			if s.Probe > 0 {
				fmt.Fprintf(b, ", %d after home %d", s.Probe, s.Home)
			}
		}
		b.WriteString("\n")
	}
	if t.options.Compact {
		b.WriteString("entries in order:\n")
		for i := range t.entries {
			fmt.Fprintf(b, "%4d  %s\n", i, t.entryText(i))
		}
	}
}

// entryText is what an entry of a compact table shows.
func (t *Table[K, V]) entryText(i int) string {
	if e := &t.entries[i]; e.state == Used {
		return shown(e.key)
	}
	return "(deleted)"
}

func (t *Table[K, V]) mapped(b *strings.Builder, slots []Slot[K, V]) {
	b.WriteString("each slot: . empty, x deleted, else how many slots were tried before its key's; + more than 9\n")
	for i, s := range slots {
		if i%mapWidth == 0 {
			fmt.Fprintf(b, "%6d  ", i)
		}
		switch {
		case s.State == Empty:
			b.WriteByte('.')
		case s.State == Deleted:
			b.WriteByte('x')
		case s.Probe > 9:
			b.WriteByte('+')
		default:
			b.WriteByte(byte('0' + s.Probe))
		}
		if (i+1)%mapWidth == 0 {
			b.WriteString("\n")
		}
	}
	if more := t.slots - len(slots); more > 0 {
		fmt.Fprintf(b, "        and %d more slots\n", more)
	}
}

// Measures of drawings, in pixels.
const (
	rowHeight = 22
	headSpace = 30
	slotsLeft = 40
	square    = 11
)

var palette = [...]string{"#c1272d", "#0b62a4", "#2e7d32", "#8e44ad", "#b9770e", "#117a8b"}

// svg wraps a drawing, with its headline and what is written below it, for a white page.
func svg(width, height int, head, body string, captions []string) string {
	width = max(width, 20+8*utf8.RuneCountInString(head))
	for i, c := range captions {
		height += rowHeight
		width = max(width, 20+8*utf8.RuneCountInString(c))
		body += fmt.Sprintf(`<text x="10" y="%d" fill="%s">%s</text>`, height-8, palette[i%len(palette)], html.EscapeString(c))
	}
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %[1]d %[2]d" font-family="monospace" font-size="13"><rect width="100%%" height="100%%" fill="white"/>`+
		`<text x="10" y="18">%s</text>%s</svg>`, width, height, html.EscapeString(head), body)
}

// box is a rectangle with a number at its left and a text in it.
func box(x, row, width int, fill, number, text string) string {
	y := headSpace + row*rowHeight
	return fmt.Sprintf(`<text x="%d" y="%d" text-anchor="end" fill="#666">%s</text><rect x="%d" y="%d" width="%d" height="%d" fill="%s" stroke="#888"/><text x="%d" y="%d">%s</text>`,
		x-6, y+16, number, x, y, width, rowHeight, fill, x+6, y+16, html.EscapeString(text))
}

// drawList draws the slots below each other, arrows at their right, and the entries of
// a compact table beside them.
func (t *Table[K, V]) drawList(head string, slots []Slot[K, V], routes []route, captions []string) string {
	var b strings.Builder
	width := 220
	if t.options.Compact {
		width = 90
	}
	for i, s := range slots {
		text, fill := "", "white"
		switch {
		case s.State == Deleted:
			text, fill = short("(deleted)", width), "#ddd"
		case s.State == Used && t.options.Compact:
			text, fill = fmt.Sprintf("#%d", s.Entry), "#dceaf7"
		case s.State == Used:
			text, fill = short(shown(s.Key), width), "#dceaf7"
		}
		b.WriteString(box(slotsLeft, i, width, fill, fmt.Sprint(i), text))
	}
	lane := 30
	for i, r := range routes {
		lane = max(lane, arrows(&b, slotsLeft+width, r, palette[i%len(palette)]))
	}
	right, rows := slotsLeft+width+lane+20, len(slots)
	if t.options.Compact {
		right, rows = right+30, max(rows, len(t.entries))
		for i := range t.entries {
			b.WriteString(box(right, i, 220, "#eef7e6", fmt.Sprintf("#%d", i), short(t.entryText(i), 220)))
		}
		right += 230
	}
	return svg(right, headSpace+rows*rowHeight+10, head, b.String(), captions)
}

// arrows draws a route as arcs from slot to slot, numbered if there are several, and
// tells how much room they take.
func arrows(b *strings.Builder, x int, r route, colour string) (room int) {
	fmt.Fprintf(b, `<g fill="none" stroke="%s" stroke-width="1.5"><title>%s</title>`, colour, html.EscapeString(r.String()))
	middle := func(slot int) int { return headSpace + slot*rowHeight + rowHeight/2 }
	fmt.Fprintf(b, `<circle cx="%d" cy="%d" r="3"/>`, x, middle(r.slots[0]))
	for i := 1; i < len(r.slots); i++ {
		from, to := middle(r.slots[i-1]), middle(r.slots[i])
		bulge := 24 + 16*min(i-1, 8) + (max(from, to)-min(from, to))/3
		room = max(room, bulge*3/4+14)
		fmt.Fprintf(b, `<path d="M%d %d C%d %d %d %d %d %d"/><path fill="%s" d="M%d %d l7 -4 v8 z"/>`, x, from, x+bulge, from, x+bulge, to, x+7, to, colour, x, to)
		if len(r.slots) > 2 {
			fmt.Fprintf(b, `<text x="%d" y="%d" font-size="10" fill="%s" stroke="none">%d</text>`, x+bulge*3/4+2, (from+to)/2+4, colour, i)
		}
	}
	b.WriteString(`</g>`)
	return room
}

// drawMap draws each slot as a square, which is darker the more slots were tried before
// its key's; those that searches look at have a red frame.
func (t *Table[K, V]) drawMap(head string, slots []Slot[K, V], routes []route, captions []string) string {
	var b strings.Builder
	at := func(i int) (x, y int) { return 10 + i%mapWidth*square, headSpace + i/mapWidth*square }
	for i, s := range slots {
		fill, text := "white", s.State.String()
		switch s.State {
		case Deleted:
			fill = "#bbb"
		case Used:
			light := max(20, 80-6*s.Probe) // percent
			fill, text = fmt.Sprintf("hsl(210,70%%,%d%%)", light), fmt.Sprintf("%s, %d after home %d", shown(s.Key), s.Probe, s.Home)
		}
		x, y := at(i)
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%[3]d" fill="%s" stroke="#ccc"><title>%d: %s</title></rect>`, x, y, square, fill, i, html.EscapeString(text))
	}
	for _, r := range routes {
		for _, i := range r.slots {
			if i < len(slots) {
				x, y := at(i)
				fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%[3]d" fill="none" stroke="#c1272d" stroke-width="2"/>`, x, y, square)
			}
		}
	}
	height := headSpace + (len(slots)+mapWidth-1)/mapWidth*square + 10
	if more := t.slots - len(slots); more > 0 {
		fmt.Fprintf(&b, `<text x="10" y="%d">and %d more slots</text>`, height+8, more)
		height += 20
	}
	return svg(20+mapWidth*square, height, head, b.String(), captions)
}

// shown is a key on one line, as XML can have it.
func shown(key any) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, fmt.Sprint(key))
}

// short is a text cut to what fits in so many pixels.
func short(text string, width int) string {
	letters := []rune(text)
	if most := width/8 - 1; len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return text
}
