package plots

import "math"

// Thinning: a figure some 600 pixels wide can't show 100,000 points, but they
// would make a file of megabytes.
const (
	lineColumns  = 800  // of a line, four points are kept in each of these
	lineEnough   = 4000 // points of a line that are all drawn
	dotColumns   = 160  // of a scatter, one point is kept in each cell
	dotRows      = 100
	dotsEnough   = 5000
	maxLinePoint = 20000 // of a line that runs to and fro
)

// thin reduces layers with more points than can be told apart and says so.
func (e *encoder) thin(d *Data) {
	for i := range d.Layers {
		l := &d.Layers[i]
		n := len(l.X)
		who := layerName(string(l.Kind), l.Name)
		switch {
		case l.Kind == KindLine && n > lineEnough:
			if l.pick(extremes(l, scaleOf(d.X))) {
				e.note("%s: of %s points, drawn are the first, last, least and greatest in each of %d columns",
					who, group(n), lineColumns)
			} else {
				l.pick(everyNthIndex(n, maxLinePoint))
				e.note("%s: of %s points, which run to and fro, %s evenly chosen ones are drawn", who, group(n), group(len(l.X)))
			}
			l.Markers = false
		case l.Kind == KindBox && l.Flat:
			e.thinOutliers(l, d.X)
		case l.Kind == KindBox:
			e.thinOutliers(l, d.Y)
		case (l.Kind == KindScatter || l.Kind == KindStrip) && n > dotsEnough:
			l.pick(visible(l, scaleOf(d.X), scaleOf(d.Y)))
			if len(l.X) < n {
				e.note("%s: of %s points, the %s that don't cover each other are drawn", who, group(n), group(len(l.X)))
			}
		}
	}
}

// pick keeps the points of the given indexes; nil keeps all and returns false.
func (l *LayerData) pick(index []int) bool {
	if index == nil {
		return false
	}
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
	return true
}

// scale maps an axis to 0..1.
type scale struct {
	min, span float64
	log       bool
}

func scaleOf(a AxisData) scale {
	if a.Log {
		return scale{math.Log(a.Min), math.Log(a.Max) - math.Log(a.Min), true}
	}
	return scale{a.Min, a.Max - a.Min, false}
}

// cell is the number of the cell, of n, that v falls in; -1 outside.
func (s scale) cell(v float64, n int) int {
	if s.log {
		v = math.Log(v)
	}
	at := (v - s.min) / s.span
	if s.span == 0 {
		at = 0
	}
	if !(at >= 0 && at <= 1) {
		return -1
	}
	return min(int(at*float64(n)), n-1)
}

// extremes are the indexes of the first, least, greatest and last point in
// each pixel column, which draw the same picture as all points; gaps are kept.
// It returns nil for a line whose X doesn't grow.
func extremes(l *LayerData, sx scale) []int {
	var keep []int
	first, lo, hi, last, col := -1, -1, -1, -1, math.MinInt
	flush := func() {
		if first < 0 {
			return
		}
		a, b := min(lo, hi), max(lo, hi)
		for _, i := range [...]int{first, a, b, last} {
			if len(keep) == 0 || keep[len(keep)-1] < i {
				keep = append(keep, i)
			}
		}
		first = -1
	}
	before := math.Inf(-1)
	for i, x := range l.X {
		if math.IsNaN(x) {
			flush()
			if len(keep) > 0 && !math.IsNaN(l.X[keep[len(keep)-1]]) {
				keep = append(keep, i)
			}
			col = math.MinInt
			continue
		}
		if x < before {
			return nil
		}
		before = x
		if c := sx.cell(x, lineColumns); c != col || first < 0 {
			flush()
			col, first, lo, hi = c, i, i, i
		}
		if l.Y[i] < l.Y[lo] {
			lo = i
		}
		if l.Y[i] > l.Y[hi] {
			hi = i
		}
		last = i
	}
	flush()
	return keep
}

func everyNthIndex(n, most int) []int {
	by := (n + most - 1) / most
	out := make([]int, 0, n/by+1)
	for i := 0; i < n; i += by {
		out = append(out, i)
	}
	return out
}

// visible is the index of one point for each cell of a fine grid.
func visible(l *LayerData, sx, sy scale) []int {
	seen := make([]bool, dotColumns*dotRows)
	keep := []int{}
	for i := range l.X {
		cx, cy := sx.cell(l.X[i], dotColumns), sy.cell(l.Y[i], dotRows)
		if cx < 0 || cy < 0 || seen[cy*dotColumns+cx] {
			continue
		}
		seen[cy*dotColumns+cx] = true
		keep = append(keep, i)
	}
	return keep
}
