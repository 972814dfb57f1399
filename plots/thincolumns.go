package plots

import (
	"math"
	"slices"
	"strconv"
)

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

func (s scale) at(v float64) float64 {
	if s.log {
		v = math.Log(v)
	}
	if s.span == 0 && !math.IsNaN(v) {
		return 0
	}
	return (v - s.min) / s.span
}

// cell is the number of the cell, of n, that v falls in; -1 outside.
func (s scale) cell(v float64, n int) int {
	at := s.at(v)
	if !(at >= 0 && at <= 1) {
		return -1
	}
	return min(int(at*float64(n)), n-1)
}

// round rounds values to a billionth of the axis, but for those near its ends:
// none may leave it.
func (s scale) round(values []float64) {
	const digits = 9
	lo, hi := s.min, s.min+s.span
	if s.log {
		lo, hi = math.Exp(lo), math.Exp(hi)
	}
	lo, hi = lo+(hi-lo)*1e-8, hi-(hi-lo)*1e-8
	places := digits - int(math.Ceil(math.Log10(s.span)))
	by := math.Pow10(max(places, 0))
	for i, v := range values {
		switch {
		case !(v > lo && v < hi):
		case s.log:
			if short, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', digits, 64), 64); err == nil {
				values[i] = short
			}
		case places < 0:
			values[i] = math.Round(v/math.Pow10(-places)) * math.Pow10(-places)
		case math.Abs(v*by) < 1<<53:
			values[i] = math.Round(v*by) / by
		}
	}
}

// edges are the ends of n cells. The first edge is where the axis begins, and
// what is at its very end belongs to the last cell.
func (s scale) edges(n int) []float64 {
	out := make([]float64, n+1)
	for i := range out {
		out[i] = s.min + s.span*(float64(i)/float64(n))
		if s.log {
			out[i] = math.Exp(out[i])
		}
	}
	out[n] = math.Nextafter(out[n], math.Inf(1))
	return out
}

// columns are the pixel columns that a line passes in one direction.
type columns struct {
	at     []float64   // where its points are; NaN is a gap
	edges  []float64   // of the columns
	tracks [][]float64 // values whose extremes are kept
	closed bool        // gaps within columns were too many to keep
}

// tracks are the slices that there are.
func tracks(all ...Numbers) [][]float64 {
	var out [][]float64
	for _, t := range all {
		if t != nil {
			out = append(out, t)
		}
	}
	return out
}

// extremes are the indexes of the first, least, greatest and last point in each
// column: lines through all points and through these cover the same pixels of
// each column, and cross from column to column in the same place. Gaps are
// kept, but for those narrower than a column if there are many. ok is false for
// a line that turns back.
func (c *columns) extremes() (kept []int, ok bool) {
	w := columnWalk{columns: c, backward: falls(c.at), most: 2 * (2 + 2*len(c.tracks)) * len(c.edges)}
	switch w.run() {
	case turned:
		return nil, false
	case tooMany:
		c.closed = true
		w = columnWalk{columns: c, backward: w.backward, close: true, most: math.MaxInt}
		w.run()
	}
	if w.backward {
		slices.Reverse(w.kept)
		for i, p := range w.kept {
			w.kept[i] = len(c.at) - 1 - p
		}
	}
	return w.kept, true
}

// falls reports whether the first two different values fall.
func falls(at []float64) bool {
	first := math.NaN()
	for _, v := range at {
		switch {
		case math.IsNaN(first):
			first = v
		case v < first:
			return true
		case v > first:
			return false
		}
	}
	return false
}

// columnWalk passes the points of a line in the order in which they grow.
type columnWalk struct {
	*columns
	backward bool
	close    bool  // gaps narrower than a column
	most     int   // points to keep
	kept     []int // in the order of the walk

	col   int     // -1 left of all columns
	next  float64 // where the next column begins
	open  bool    // there are points in this column
	gap   int     // since the last point; -1 for none
	first int
	last  int
	peaks []int // of each track, the least and the greatest so far
	group []int // of one column, reused
}

type walkEnd int

const (
	walked walkEnd = iota
	turned         // the line turns back
	tooMany
)

func (w *columnWalk) run() walkEnd {
	w.col, w.next, w.gap = -1, w.edges[0], -1
	w.peaks = make([]int, 2*len(w.tracks))
	before := math.Inf(-1)
	for p := range w.at {
		v := w.at[w.index(p)]
		switch {
		case math.IsNaN(v):
			w.gap = p
			continue
		case v < before:
			return turned
		case v >= w.next || w.gap >= 0 || !w.open:
			if w.enter(p, v); len(w.kept) > w.most {
				return tooMany
			}
		default:
			w.add(p)
		}
		before = v
	}
	w.flush()
	return walked
}

func (w *columnWalk) index(p int) int {
	if w.backward {
		return len(w.at) - 1 - p
	}
	return p
}

// enter takes a point that begins a column or comes after a gap.
func (w *columnWalk) enter(p int, v float64) {
	from := w.col
	for v >= w.next {
		w.col++
		w.next = math.Inf(1)
		if w.col+1 < len(w.edges) {
			w.next = w.edges[w.col+1]
		}
	}
	if w.open && w.gap >= 0 && (!w.close || w.col > from+1) {
		w.flush()
		w.kept = append(w.kept, w.gap)
	}
	w.gap = -1
	if w.open && w.col == from {
		w.add(p)
		return
	}
	w.flush()
	w.open, w.first, w.last = true, p, p
	for i := range w.peaks {
		w.peaks[i] = p
	}
}

// add takes a point of the same column as the one before.
func (w *columnWalk) add(p int) {
	w.last = p
	i := w.index(p)
	for k, t := range w.tracks {
		v, least, greatest := t[i], t[w.index(w.peaks[2*k])], t[w.index(w.peaks[2*k+1])]
		if v < least || math.IsNaN(least) {
			w.peaks[2*k] = p
		}
		if v > greatest || math.IsNaN(greatest) {
			w.peaks[2*k+1] = p
		}
	}
}

// flush keeps what a column has.
func (w *columnWalk) flush() {
	if !w.open {
		return
	}
	w.group = append(append(w.group[:0], w.first, w.last), w.peaks...)
	slices.Sort(w.group)
	w.kept = append(w.kept, slices.Compact(w.group)...)
	w.open = false
}
