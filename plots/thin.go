package plots

import (
	"fmt"
	"math"
	"strings"
)

// Thinning: a figure some 600 pixels wide can't show 100,000 points, but they
// would make a file of megabytes.
const (
	lineColumns = 800    // of a line, the extremes are kept in each of these
	lineEnough  = 4000   // points of a line that are all drawn
	lineMost    = 12_000 // points of a line that runs to and fro
	lineSteps   = 1500   // of an axis: less than that such a line doesn't move
	dotColumns  = 160    // of a scatter, one point is kept in each cell
	dotRows     = 100
	dotsEnough  = 5000 // points of a scatter that are all drawn
	dotBytes    = 10
	figureBytes = 260_000 // of SVG, of all layers
	coarsest    = 16      // times that the columns of crowded figures are widened, at most
)

// thin reduces layers with more points than can be told apart, and further
// those of a figure with many such layers, and says so.
func (e *encoder) thin(d *Data) {
	e.thinBars(d)
	for i := range d.Layers {
		l := &d.Layers[i]
		switch {
		case l.Kind == KindBox && l.Flat:
			e.thinOutliers(l, d.X)
		case l.Kind == KindBox:
			e.thinOutliers(l, d.Y)
		}
	}
	before := make([]int, len(d.Layers))
	how := make([]thinned, len(d.Layers))
	for i, l := range d.Layers {
		before[i] = l.points()
	}
	for wide := 1; wide <= coarsest; wide *= 2 {
		size := 0
		for i := range d.Layers {
			how[i] = how[i].then(d.thinLayer(&d.Layers[i], wide))
			size += d.drawnBytes(&d.Layers[i])
		}
		if size <= figureBytes {
			break
		}
	}
	for i, k := range how {
		if n := before[i]; len(d.Layers[i].X) < n {
			d.Layers[i].Of = n
		}
		if k.by != "" {
			d.Layers[i].round(scaleOf(d.X), scaleOf(d.Y))
		}
	}
	e.thinNotes(d, before, how)
}

// thinPanels thins the layers of several panels until they fit into one file
// together, and says how.
func thinPanels(panels []Data) (note string) {
	for wide := 1; wide <= coarsest; wide *= 2 {
		size, lines, dots := 0, 0, 0
		for i := range panels {
			d := &panels[i]
			for k := range d.Layers {
				l := &d.Layers[k]
				if wide > 1 {
					before := l.points()
					switch d.thinLayer(l, wide).by {
					case byColumn, byRow:
						lines++
					case byCell:
						dots++
					}
					if len(l.X) < before {
						l.Of = before
					}
				}
				size += d.drawnBytes(l)
			}
		}
		if wide > 1 {
			var parts []string
			if lines > 0 {
				parts = append(parts, fmt.Sprintf("of lines the first, last, least and greatest in each of %d columns", lineColumns/wide))
			}
			if dots > 0 {
				columns, rows := dotCells(wide)
				parts = append(parts, fmt.Sprintf("of scatters one in each of %d x %d cells", columns, rows))
			}
			note = "the panels have too many points for one file: drawn are " + strings.Join(parts, " and ")
		}
		if size <= figureBytes {
			break
		}
	}
	return note
}

// dotCells are the columns and rows of cells in which one point is kept.
func dotCells(wide int) (columns, rows int) {
	side := math.Sqrt(float64(wide))
	return int(dotColumns / side), int(dotRows / side)
}

// round leaves a thinned layer's values as many digits as the axes can show, so
// that they take half the room in a notebook.
func (l *LayerData) round(sx, sy scale) {
	sx.round(l.X)
	for _, t := range tracks(l.Y, l.Low, l.High, l.Base) {
		sy.round(t)
	}
}

// thinNotes says how layers were thinned, with one note for those that were in
// the same way.
func (e *encoder) thinNotes(d *Data, before []int, how []thinned) {
	type group struct {
		kind   Kind
		how    thinned
		before int
	}
	members := map[group][]int{}
	var order []group
	for i, k := range how {
		if k.by == "" {
			continue
		}
		g := group{d.Layers[i].Kind, k, before[i] - k.outside}
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], i)
	}
	for _, g := range order {
		layers, after := members[g], 0
		for _, i := range layers {
			after += len(d.Layers[i].X)
		}
		who := layerName(string(g.kind), d.Layers[layers[0]].Name)
		if len(layers) > 1 {
			who = fmt.Sprintf("%d %ss", len(layers), g.kind)
		}
		e.note("%s: %s", who, g.how.words(len(layers), g.before, after))
	}
}

// drawnBytes is about how much the layer adds to a file of SVG, where lines are
// written as steps in tenths of a point (1/72 inch).
func (d *Data) drawnBytes(l *LayerData) int {
	switch l.Kind {
	case KindScatter, KindStrip:
		return dotBytes * len(l.X)
	case KindLine:
	default:
		return 0
	}
	sx, sy := scaleOf(d.X), scaleOf(d.Y)
	n := stepBytes(l.X, sx, d.Width*720) + stepBytes(l.Y, sy, d.Height*720)
	for _, t := range tracks(l.Low, l.High, l.Base) {
		n += stepBytes(l.X, sx, d.Width*720)/2 + stepBytes(t, sy, d.Height*720)
	}
	return n
}

// stepBytes is the length of the steps from value to value as numbers with one
// decimal, on an axis of a length.
func stepBytes(v []float64, s scale, length float64) int {
	n := 0
	for i := range v {
		if i == 0 {
			continue
		}
		n += 3 // sign or space, point, decimal
		for step := math.Abs(s.at(v[i])-s.at(v[i-1])) * length; step >= 10 && step < 1e6; step /= 10 {
			n++
		}
	}
	return n
}

// thinned says how a layer was thinned; by is empty for one that wasn't.
type thinned struct {
	by      thinning
	columns int
	closed  bool // gaps narrower than a column aren't seen
	outside int  // points that lie beside the axes, and gaps
}

type thinning string

const (
	byColumn thinning = "columns" // of x
	byRow    thinning = "rows"    // columns of y, for lines that run along y
	byStep   thinning = "steps"   // points that lie close to the one before left out
	byNumber thinning = "number"  // every nth one
	byCell   thinning = "cells"   // one in each cell
)

// then is thinning once more.
func (k thinned) then(more thinned) thinned {
	switch {
	case more.by == "", k.by == byNumber:
		return k
	}
	more.closed, more.outside = more.closed || k.closed, more.outside+k.outside
	return more
}

// words are for the note on layers of n points each, of which after are left in
// all.
func (k thinned) words(layers, n, after int) string {
	s := "of " + group(n) + " points, "
	if layers > 1 {
		s = "of " + group(n) + " points each, "
	}
	switch k.by {
	case byColumn, byRow:
		s += "drawn are the first, last, least and greatest in each of " + group(k.columns) + " " + string(k.by)
	case byStep:
		s += "which run to and fro, the " + group(after) + " that lie apart are drawn"
	case byNumber:
		s += "which run to and fro, " + group(after) + " evenly chosen ones are drawn"
	case byCell:
		s += "the " + group(after) + " that don't cover each other are drawn"
	}
	if k.closed {
		s += "; narrower gaps are closed"
	}
	return s
}

// thinLayer thins a layer to columns or cells that are wide times as wide as
// those that can be told apart. What is left of a thinned layer may be thinned
// again.
func (d *Data) thinLayer(l *LayerData, wide int) thinned {
	sx, sy := scaleOf(d.X), scaleOf(d.Y)
	switch {
	case l.Kind == KindLine && len(l.X) > lineEnough/wide:
		l.Markers = false
		return l.thinLine(sx, sy, wide)
	case (l.Kind == KindScatter || l.Kind == KindStrip) && len(l.X) > dotsEnough/wide:
		columns, rows := dotCells(wide)
		kept, outside := visible(l, sx, sy, columns, rows)
		covered := len(l.X) - outside - len(kept)
		l.pick(kept)
		if covered == 0 {
			return thinned{}
		}
		return thinned{by: byCell, outside: outside}
	}
	return thinned{}
}

// thinLine keeps the extremes of a line in columns of the axis along which it
// runs. Of a line that runs along none, points are left out that lie close to
// the one before, then those between every nth.
func (l *LayerData) thinLine(sx, sy scale, wide int) thinned {
	k := thinned{by: byColumn, columns: lineColumns / wide}
	along := columns{at: l.X, edges: sx.edges(k.columns), tracks: tracks(l.Y, l.Low, l.High, l.Base)}
	kept, ok := along.extremes()
	if !ok && l.Low == nil && l.Base == nil {
		k.by = byRow
		along = columns{at: l.Y, edges: sy.edges(k.columns), tracks: tracks(l.X)}
		kept, ok = along.extremes()
	}
	if ok {
		l.pick(kept)
		k.closed = along.closed
		return k
	}
	before := len(l.X)
	l.pick(apart(l, sx, sy))
	k = thinned{by: byStep}
	if most := lineMost / wide; len(l.X) > most {
		l.pick(everyNthIndex(l.X, most))
		k.by = byNumber
	}
	if len(l.X) == before {
		return thinned{}
	}
	return k
}

// pick keeps the points of the given indexes.
func (l *LayerData) pick(index []int) {
	for _, s := range []*Numbers{&l.X, &l.Y, &l.Low, &l.High, &l.Base} {
		if *s == nil {
			continue
		}
		out := make(Numbers, len(index))
		for i, at := range index {
			out[i] = (*s)[at]
		}
		*s = out
	}
}

// apart are the indexes of points that lie a step of the axes or more from the
// one kept before, and of gaps.
func apart(l *LayerData, sx, sy scale) []int {
	const step = 1.0 / lineSteps
	kept := []int{}
	px, py := math.NaN(), math.NaN()
	for i := range l.X {
		x, y := sx.at(l.X[i]), sy.at(l.Y[i])
		gap := math.IsNaN(x)
		if gap && math.IsNaN(px) || math.Abs(x-px) < step && math.Abs(y-py) < step {
			continue
		}
		kept = append(kept, i)
		px, py = x, y
	}
	return kept
}

// everyNthIndex chooses about most points evenly, and the gaps between them.
func everyNthIndex(x []float64, most int) []int {
	by := (len(x) + most - 1) / most
	out := make([]int, 0, len(x)/by+1)
	open := true // since the last point there was no gap
	for i, v := range x {
		gap := math.IsNaN(v)
		if i%by == 0 && !gap || gap && open && i > 0 {
			out = append(out, i)
			open = !gap
		}
	}
	return out
}

// visible is the index of one point for each cell of a fine grid, and the number
// of points that are in none.
func visible(l *LayerData, sx, sy scale, columns, rows int) (kept []int, outside int) {
	seen := make([]bool, columns*rows)
	kept = []int{}
	for i := range l.X {
		cx, cy := sx.cell(l.X[i], columns), sy.cell(l.Y[i], rows)
		switch {
		case cx < 0 || cy < 0:
			outside++
		case !seen[cy*columns+cx]:
			seen[cy*columns+cx] = true
			kept = append(kept, i)
		}
	}
	return kept, outside
}

// points is how many points a layer has, also those that thinning left out.
func (l LayerData) points() int { return max(len(l.X), l.Of) }
