package render

import "math"

// areas is a rasterizer that adds up signed areas: each edge of a shape changes
// how much of its pixels is covered, and of all that lie to the right. What a
// row's changes add up to is the cover, however often shapes overlap, as long
// as all turn the same way. The method is that of Levien's font-rs.
//
// Its cost is that of the rows that edges cross, about 2 ns each.
type areas struct {
	w, h   int
	cells  []float32 // w+2 a row
	edges  []span    // of each row: the cells that changed
	top    int       // rows that changed
	bottom int

	pen, start pixel
	open       bool
}

// span is from the first to before the last.
type span struct{ from, to int }

func newAreas(w, h int) *areas {
	a := &areas{w: w, h: h, cells: make([]float32, (w+2)*h), edges: make([]span, h), top: h}
	for y := range a.edges {
		a.edges[y] = span{w, 0}
	}
	return a
}

func (a *areas) move(p pixel) {
	a.pen, a.start, a.open = p, p, true
}

func (a *areas) line(p pixel) {
	a.edge(float64(a.pen.x), float64(a.pen.y), float64(p.x), float64(p.y))
	a.pen = p
}

// close ends a shape.
func (a *areas) close() {
	if a.open {
		a.line(a.start)
	}
	a.open = false
}

func (a *areas) polygon(pts ...pixel) {
	a.move(pts[0])
	for _, p := range pts[1:] {
		a.line(p)
	}
	a.close()
}

// curve adds a Bézier curve, given by its control points and its end.
func (a *areas) curve(hull ...pixel) {
	bend := float32(0)
	at := append([]pixel{a.pen}, hull...)
	for i := range len(at) - 2 {
		bend = max(bend, at[i].minus(at[i+1].times(2)).plus(at[i+2]).length())
	}
	// A curve lies within an eighth of its second difference of its chord; parts
	// of it by the square of their number.
	steps := min(int(math.Sqrt(float64(bend)*2))+1, 100)
	level := make([]pixel, len(at))
	for i := 1; i <= steps; i++ { // de Casteljau
		copy(level, at)
		for n := len(level) - 1; n > 0; n-- {
			for k := range n {
				level[k] = level[k].between(level[k+1], float32(i)/float32(steps))
			}
		}
		a.line(level[0])
	}
}

// edge adds a straight edge, cut at the borders of the picture. What lies left
// of it covers whole rows, what lies right of it none.
func (a *areas) edge(x0, y0, x1, y1 float64) {
	if y0 == y1 {
		return
	}
	dir := float32(1)
	if y0 > y1 {
		x0, y0, x1, y1, dir = x1, y1, x0, y0, -1
	}
	slope := (x1 - x0) / (y1 - y0)
	bottom := float64(a.h)
	if y1 <= 0 || y0 >= bottom {
		return
	}
	if y0 < 0 {
		x0, y0 = x0-y0*slope, 0
	}
	if y1 > bottom {
		x1, y1 = x1-(y1-bottom)*slope, bottom
	}
	right := float64(a.w)
	if x0 >= 0 && x1 >= 0 && x0 <= right && x1 <= right {
		a.inside(x0, y0, x1, y1, slope, dir)
		return
	}
	for _, border := range [...]float64{0, right} {
		if (x0 < border) != (x1 < border) {
			y := y0 + (border-x0)/slope
			if y > y0 && y < y1 {
				if dir < 0 {
					a.edge(border, y, x0, y0)
					a.edge(x1, y1, border, y)
				} else {
					a.edge(x0, y0, border, y)
					a.edge(border, y, x1, y1)
				}
				return
			}
		}
	}
	x := math.Min(math.Max((x0+x1)/2, 0), right)
	a.inside(x, y0, x, y1, 0, dir)
}

// inside adds an edge that lies in the picture; y grows along it.
func (a *areas) inside(x0, y0, x1, y1, slope float64, dir float32) {
	first, last := int(y0), int(y1)
	a.top, a.bottom = min(a.top, first), max(a.bottom, min(last+1, a.h))
	if first == last {
		a.part(first, x0, x1, dir*float32(y1-y0))
		return
	}
	x := x0
	if rest := float64(first+1) - y0; rest < 1 {
		x += rest * slope
		a.part(first, x0, x, dir*float32(rest))
		first++
	}
	for y := first; y < last; y++ {
		next := x + slope
		a.part(y, x, next, dir)
		x = next
	}
	if rest := y1 - float64(last); rest > 0 {
		a.part(last, x, x1, dir*float32(rest))
	}
}

// part adds an edge within a row, of the height of its cover.
func (a *areas) part(y int, x0, x1 float64, cover float32) {
	if x0 > x1 {
		x0, x1 = x1, x0
	}
	left, right := int(x0), int(x1)
	if e := &a.edges[y]; left < e.from || right+2 > e.to {
		e.from, e.to = min(e.from, left), max(e.to, right+2)
	}
	row := a.cells[y*(a.w+2)+left:]
	if left == right {
		beyond := cover * float32((x0+x1)/2-float64(left))
		row[0] += cover - beyond
		row[1] += beyond
		return
	}
	sloping(row, x0-float64(left), x1-float64(left), cover)
}

// sloping adds an edge that crosses several columns of a row: the cover of each
// is what lies right of the edge.
func sloping(row []float32, lo, hi float64, cover float32) {
	left, right := int(lo), int(hi)
	each := cover / float32(hi-lo) // per column passed
	in := float32(left+1) - float32(lo)
	done := 0.5 * each * in * in // cover of the first
	row[left] += done
	full := each * (in + 0.5) // cover of the second, if it is crossed whole
	for at := left + 1; at < right; at++ {
		row[at] += full - done
		done = full
		full += each
	}
	out := float32(hi) - float32(right) // how far into the last
	last := cover - 0.5*each*out*out
	row[right] += last - done
	row[right+1] += cover - last
}

// each calls f for the rows that shapes touch with the cover of their pixels
// from a column on, and clears them.
func (a *areas) each(mask []uint8, f func(y, from int, mask []uint8)) {
	stride := a.w + 2
	for y := a.top; y < a.bottom; y++ {
		e := a.edges[y]
		a.edges[y] = span{a.w, 0}
		if e.from >= e.to {
			continue
		}
		row := a.cells[y*stride+e.from : y*stride+e.to]
		sum := float32(0)
		for i, c := range row {
			sum += c
			v := sum
			if v < 0 {
				v = -v
			}
			if v > 1 {
				v = 1
			}
			mask[i] = uint8(v*255 + 0.5)
		}
		clear(row)
		f(y, e.from, mask[:min(e.to, a.w)-min(e.from, a.w)])
	}
	a.top, a.bottom = a.h, 0
}
