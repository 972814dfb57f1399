package plots

import "math"

// countWhole marks the axes on which only whole numbers lie, such as indexes,
// years and counts: halves between them would mean nothing. Where the values of
// lines span less than two, two ticks were too few to read them by.
func (d *Data) countWhole(counts bool) {
	x := d.X.Max-d.X.Min >= 1 && d.X.countable()
	y := d.Y.Max-d.Y.Min >= 2 && d.Y.countable()
	any := false
	for _, l := range d.Layers {
		switch {
		case l.Thin || l.Mark != nil:
			continue
		case l.Kind == KindLine || l.Kind == KindScatter || l.Kind == KindBars:
			x, y = x && whole(l.X, 0), y && whole(l.Y, 0)
		case l.Kind == KindBins:
			x = x && whole(l.X, 0.5) && whole(l.Right, 0.5)
		default:
			x, y = false, false
		}
		any = true
	}
	d.X.Whole, d.Y.Whole = x && any, y && any || counts
}

// countable reports whether the axis has numbers that may be indexes or counts:
// those with a unit such as seconds are measured, and their prefixes change.
func (a AxisData) countable() bool {
	return a.Categories == nil && !a.Log && !TakesPrefix(a.Unit)
}

// whole reports whether all values that aren't gaps lie beside whole numbers by
// an offset.
func whole(values []float64, offset float64) bool {
	for _, v := range values {
		if v += offset; v != math.Trunc(v) && !math.IsNaN(v) {
			return false
		}
	}
	return true
}
