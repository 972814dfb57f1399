package course

import (
	"fmt"
	"html"
	"strings"
)

// Sizes of the map, in pixels.
const (
	boxWidth, boxHeight = 190, 44
	columnGap, rowGap   = 70, 24
	margin              = 12
)

// box is a notebook's place on the map.
type box struct{ x, y int }

// Map draws which notebooks build upon which, as SVG: a column for those that build
// upon none, one for those that build upon these, and so on.
func (c *Course) Map() string {
	boxes, width, height := c.layout()
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="sans-serif" font-size="13">`+"\n", width, height, width, height)
	b.WriteString(`<title>Map of the course</title>` + "\n")
	b.WriteString(`<style>rect{fill:#fff;stroke:#555}text{fill:#222}path{fill:none;stroke:#777}marker path{fill:#777}@media(prefers-color-scheme:dark){rect{fill:#222;stroke:#aaa}text{fill:#eee}}</style>` + "\n")
	b.WriteString(`<marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0L8 4L0 8z"/></marker>` + "\n")
	for _, p := range c.Parts {
		to := boxes[p.File]
		for _, name := range p.After {
			from, ok := boxes[name]
			if !ok {
				continue
			}
			x, y := from.x+boxWidth, from.y+boxHeight/2
			endY := to.y + boxHeight/2
			fmt.Fprintf(&b, `<path marker-end="url(#tip)" d="M%d %dC%d %d %d %d %d %d"/>`+"\n", x, y, x+columnGap/2, y, to.x-columnGap/2, endY, to.x, endY)
		}
	}
	for _, p := range c.Parts {
		at := boxes[p.File]
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%d" height="%d" rx="6"/><text x="%d" y="%d" text-anchor="middle">%s</text>`+"\n",
			at.x, at.y, boxWidth, boxHeight, at.x+boxWidth/2, at.y+boxHeight/2+5, html.EscapeString(strings.TrimSuffix(p.File, ".ipynb")))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// layout places each notebook one column to the right of all it builds upon.
func (c *Course) layout() (boxes map[string]box, width, height int) {
	boxes, column, used := map[string]box{}, map[string]int{}, map[int]int{}
	for _, p := range c.Parts { // in the order of names, which is that of the course
		for _, name := range p.After {
			if at, ok := column[name]; ok {
				column[p.File] = max(column[p.File], at+1)
			}
		}
		at := column[p.File]
		column[p.File] = at
		boxes[p.File] = box{margin + at*(boxWidth+columnGap), margin + used[at]*(boxHeight+rowGap)}
		used[at]++
		width = max(width, boxes[p.File].x+boxWidth+margin)
		height = max(height, boxes[p.File].y+boxHeight+margin)
	}
	return boxes, width, height
}
