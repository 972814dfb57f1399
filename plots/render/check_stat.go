package render

import (
	"fmt"
	"math"

	"hpgo/plots"
)

// checkStat checks layers of statistics.
func checkStat(l plots.LayerData) error {
	switch l.Kind {
	case plots.KindBins:
		if len(l.X) == 0 || len(l.X) != len(l.Y) || len(l.X) != len(l.Right) {
			return fmt.Errorf("%d left ends, %d right ends and %d heights", len(l.X), len(l.Right), len(l.Y))
		}
	case plots.KindStrip:
		if len(l.X) != len(l.Y) {
			return fmt.Errorf("%d x and %d y values", len(l.X), len(l.Y))
		}
	case plots.KindViolin:
		for i, v := range l.Violins {
			if len(v.Y) == 0 || len(v.Y) != len(v.Density) {
				return fmt.Errorf("violin %d has %d values and %d densities", i+1, len(v.Y), len(v.Density))
			}
		}
	}
	if !finite(l.Width) || l.Width < 0 {
		return fmt.Errorf("width %v", l.Width)
	}
	return nil
}

// onAxis is values that stand on an axis.
type onAxis struct {
	values plots.Numbers
	axis   plots.AxisData
}

// checkPlaces refuses values that aren't on the axes: infinities, and on a log
// axis, of which the drawing library makes a panic, those not above zero.
func checkPlaces(d plots.Data, l plots.LayerData) error {
	value, place := d.Y, d.X
	if l.Flat {
		value, place = place, value
	}
	switch l.Kind {
	case plots.KindBars, plots.KindBox, plots.KindViolin, plots.KindStrip:
		if value.Log && l.Kind == plots.KindBars || place.Log && l.Kind != plots.KindBars {
			return fmt.Errorf("its axis can't be logarithmic")
		}
	}
	lists := []onAxis{{l.X, d.X}, {l.Right, d.X}, {l.Y, d.Y}, {l.Low, value}, {l.High, value}, {l.Base, value}}
	for _, b := range l.Boxes {
		if l.Kind == plots.KindBox || l.Kind == plots.KindViolin {
			lists = append(lists, onAxis{plots.Numbers{b.At}, place}, onAxis{plots.Numbers{b.Low, b.Q1, b.Median, b.Q3, b.High}, value}, onAxis{b.Out, value})
		}
	}
	for _, v := range l.Violins {
		lists = append(lists, onAxis{plots.Numbers{v.At}, place}, onAxis{append(v.Y[:len(v.Y):len(v.Y)], v.Median), value}, onAxis{v.Density, plots.AxisData{}})
	}
	for _, list := range lists {
		for _, v := range list.values {
			if math.IsInf(v, 0) || list.axis.Log && v <= 0 {
				return fmt.Errorf("%v is no place on its axis", v)
			}
		}
	}
	return nil
}
