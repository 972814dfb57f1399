package plots

import (
	"math"
	"slices"
)

// barWidths finds how much room bars at numbers have, all alike: the least
// distance between two of them, on a log axis in decades. The axis reaches half
// of that beyond the outer ones.
func (e *encoder) barWidths(layers []LayerData) {
	for _, flat := range []bool{false, true} {
		extent, names, r := &e.x, e.categories.names, ruler{e.fig.X.Log}
		if flat {
			extent, names, r = &e.y, e.flat.names, ruler{e.fig.Y.Log}
		}
		var places []float64
		for _, l := range layers {
			if l.Kind == KindBars && l.Flat == flat && names == nil {
				for _, v := range l.barPlaces() {
					if !math.IsNaN(v) {
						places = append(places, r.to(v))
					}
				}
			}
		}
		if len(places) == 0 {
			continue
		}
		slices.Sort(places)
		width := leastStep(places)
		for i := range layers {
			if layers[i].Kind == KindBars && layers[i].Flat == flat {
				layers[i].Width = width
			}
		}
		first, last := places[0]-width/2, places[len(places)-1]+width/2
		if r.log {
			first, last = math.Pow(10, first), math.Pow(10, last)
		}
		extent.add(first, last)
	}
}

// leastStep is the least distance between sorted numbers, those not counted
// that are equal but for rounding; 1 if there is no other.
func leastStep(sorted []float64) float64 {
	step, same := math.Inf(1), (sorted[len(sorted)-1]-sorted[0])*1e-9
	for i, v := range sorted[1:] {
		if d := v - sorted[i]; d > same && d < step {
			step = d
		}
	}
	if !finite(step) {
		return 1
	}
	return step
}

// barPlaces are where bars stand.
func (l LayerData) barPlaces() Numbers {
	if l.Flat {
		return l.Y
	}
	return l.X
}

// twice finds a number that comes twice.
func twice(values []float64) (v float64, ok bool) {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	for i, v := range sorted {
		if i > 0 && v == sorted[i-1] {
			return v, true
		}
	}
	return 0, false
}
