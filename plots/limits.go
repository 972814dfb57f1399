package plots

import "math"

// limited is the range that was asked for; ok is false if none was.
func (a Axis) limited() (lo, hi float64, ok bool) {
	return math.Min(a.Limits[0], a.Limits[1]), math.Max(a.Limits[0], a.Limits[1]), a.Limits[0] != a.Limits[1]
}

// beyondLimits notes for each layer how much of it the Limits leave out.
// Histograms and annotations say themselves what lies beside the axes.
func (e *encoder) beyondLimits(d *Data) {
	_, _, x := e.fig.X.limited()
	_, _, y := e.fig.Y.limited()
	if !x && !y {
		return
	}
	for _, l := range d.Layers {
		if l.Thin || l.Mark != nil || l.Kind == KindLine && l.Boxes != nil {
			continue
		}
		n, all := d.beyond(l)
		if n == 0 {
			continue
		}
		what := "outside the limits"
		switch l.Kind {
		case KindBars, KindBins, KindBox, KindViolin:
			what = "cut by the limits"
		}
		e.note("%s: %s %s", layerName(string(l.Kind), l.Name), ofParts(l.Kind, n, all), what)
	}
}

// beyond counts the parts of a layer that lie outside of the axes in whole or,
// of bars and boxes, in part.
func (d *Data) beyond(l LayerData) (n, all int) {
	count := func(inside bool) {
		if all++; !inside {
			n++
		}
	}
	value, place := d.Y, d.X
	if l.Flat {
		value, place = d.X, d.Y
	}
	switch l.Kind {
	case KindBox, KindViolin:
		for _, b := range l.Boxes {
			out := rangeOf(append(Numbers{b.Low, b.High}, b.Out...))
			count(value.holds(out.min) && value.holds(out.max))
		}
	case KindBins:
		for _, y := range l.Y {
			count(d.Y.holds(y))
		}
	case KindRug:
		for _, x := range l.X {
			count(d.X.holds(x))
		}
	case KindBars:
		at, ends := l.X, l.Y
		if l.Flat {
			at, ends = ends, at
		}
		for i, v := range ends {
			whole := value.holds(v) && place.holds(at[i])
			if l.Low != nil {
				whole = whole && value.holds(l.Low[i]) && value.holds(l.High[i])
			}
			count(whole)
		}
	case KindLine, KindScatter, KindStrip:
		for i, x := range l.X {
			count(d.X.holds(x) && d.Y.holds(l.Y[i]))
		}
	case KindHeat, KindImage:
		c := l.Extent
		count(d.X.holds(c.X0) && d.X.holds(c.X1) && d.Y.holds(c.Y0) && d.Y.holds(c.Y1))
	}
	return n, all
}

// holds reports whether the axis shows a value; a gap is nowhere missed.
func (a AxisData) holds(v float64) bool { return !(v < a.Min || v > a.Max) }

// ofParts counts some of the parts that a kind of layer is made of.
func ofParts(kind Kind, n, all int) string {
	verb, one, more := "lie", "value", "values"
	switch kind {
	case KindHeat, KindImage:
		return "parts lie"
	case KindBars, KindBins:
		verb, one, more = "are", "bar", "bars"
	case KindBox:
		verb, one, more = "are", "box", "boxes"
	case KindViolin:
		verb, one, more = "are", "violin", "violins"
	}
	if n == 1 {
		verb = map[string]string{"lie": "lies", "are": "is"}[verb]
	}
	if all == 1 {
		more = one
	}
	return group(n) + " of " + group(all) + " " + more + " " + verb
}
