package repl

import (
	"fmt"
	"io"
	"strings"
)

// view keeps a picture on the terminal. It remembers what it has written and
// writes only rows that changed. Nothing is known of what stands above.
type view struct {
	w io.Writer

	shown []string // rows as they stand on the terminal
	wide  []int    // their widths
	top   int      // which row of the picture shown[0] is
	row   int      // of the cursor, in shown
	col   int
	width int // of the terminal when they were written
}

// draw shows a picture in the place of the last one. What is taller than the
// terminal is shown around the cursor.
func (v *view) draw(p picture, width, height int) {
	var b strings.Builder
	v.adapt(&b, width)
	r := lay(p, width)
	v.top = crop(r, max(height, 1), v.top)
	list := r.list[v.top:min(v.top+max(height, 1), len(r.list))]
	wide := r.wide[v.top : v.top+len(list)]
	at := v.row // the row that the cursor is in now
	for i, text := range list {
		if i < len(v.shown) && v.shown[i] == text {
			continue
		}
		at = v.goTo(&b, at, i)
		b.WriteString("\x1b[2K" + text)
	}
	if len(v.shown) > len(list) {
		at = v.goTo(&b, at, len(list))
		b.WriteString("\x1b[J")
	}
	v.shown, v.wide, v.width = list, wide, width
	v.row, v.col = r.row-v.top, r.col
	v.goTo(&b, at, v.row)
	if v.col > 0 {
		fmt.Fprintf(&b, "\x1b[%dC", v.col)
	}
	io.WriteString(v.w, b.String())
}

// goTo moves from one shown row to the begin of another, which may be the next
// one below those on the terminal.
func (v *view) goTo(b *strings.Builder, from, to int) int {
	b.WriteByte('\r')
	switch {
	case to < from:
		fmt.Fprintf(b, "\x1b[%dA", from-to)
	case to > from:
		// A newline scrolls where the terminal ends; the arrow wouldn't.
		b.WriteString(strings.Repeat("\n", to-from))
	}
	return to
}

// crop returns the first row to show: all, or a window that holds the cursor
// and moves as little as it can.
func crop(r rows, height, top int) int {
	if len(r.list) <= height {
		return 0
	}
	top = min(max(top, r.row-height+1), r.row)
	return min(top, len(r.list)-height)
}

// adapt clears the picture when the terminal has another width now: terminals
// wrap rows that became too long, so that the cursor is further from the top.
func (v *view) adapt(b *strings.Builder, width int) {
	if v.width == width || len(v.shown) == 0 {
		return
	}
	up := 0
	for i := range v.row {
		up += max(1, (v.wide[i]+width-1)/width)
	}
	up += v.col / width
	b.WriteByte('\r')
	if up > 0 {
		fmt.Fprintf(b, "\x1b[%dA", up)
	}
	b.WriteString("\x1b[J")
	v.forget()
}

// leave writes the picture as it is to stay, all of it, and goes to the row
// below.
func (v *view) leave(p picture, width int) {
	var b strings.Builder
	v.adapt(&b, width)
	v.goTo(&b, v.row, 0)
	b.WriteString("\x1b[J" + strings.Join(lay(p, width).list, "\r\n") + "\r\n")
	io.WriteString(v.w, b.String())
	v.forget()
}

// erase takes the picture away; the cursor stands where it began.
func (v *view) erase(width int) {
	var b strings.Builder
	v.adapt(&b, width)
	v.goTo(&b, v.row, 0)
	b.WriteString("\x1b[J")
	io.WriteString(v.w, b.String())
	v.forget()
}

// forget begins anew where the cursor is.
func (v *view) forget() { *v = view{w: v.w} }
