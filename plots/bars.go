package plots

import (
	"fmt"
	"math"
	"slices"
)

// Bars draws one bar per value. Several Bars in a figure stand side by side;
// those that are Stacked form one bar together.
type Bars struct {
	Name   string
	Data   any // a slice of structs: Labels, Values, Low and High are then field names
	Labels any // names under the bars; 1, 2, 3, ... if nil
	Values any // numbers, or a map from labels to numbers
	// Low and High are the ends of whiskers, as absolute values: those of the
	// whole stack if the bars are Stacked, and then only for the uppermost.
	Low, High  any
	Horizontal bool
	Stacked    bool // on the Stacked bars before; values below zero go down from zero
	// Numbers writes the values: beyond the bars, unless they are thinner than
	// a line of text, and in the segments of a stack where they fit.
	Numbers bool
	Hollow  bool // recorded figures: outlines
}

// MIMEBundle shows the layer as a figure of its own.
func (l Bars) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

func (l Bars) horizontal() bool { return l.Horizontal }

func (l Bars) encode(e *encoder) ([]LayerData, error) {
	who := layerName("bars", l.Name)
	if l.Horizontal {
		e.turn()
		defer e.turn()
	}
	if e.fig.Y.Log {
		return nil, fmt.Errorf("%s: bars start at zero and can't have a log axis; use Scatter or Line with Markers", who)
	}
	if lo, hi, ok := e.fig.Y.limited(); ok && (lo > 0 || hi < 0) {
		return nil, fmt.Errorf("%s: bars start at zero, which Limits %s to %s leave out; widen them, or use Scatter or Line with Markers", who, SI(lo, ""), SI(hi, ""))
	}
	labels := l.Labels
	if labels == nil && !isMap(l.Values) {
		labels = ordinals(l.Data, l.Values)
	}
	xy, err := e.pointsNamed(who, l.Data, labels, l.Values, l.Low, l.High)
	if err != nil {
		return nil, err
	}
	if at, found := twice(xy.x); found {
		return nil, fmt.Errorf("%s: the label %s comes twice", who, SI(at, e.xUnit))
	}
	e.y.zero = true
	out := LayerData{Kind: KindBars, Name: l.Name, Flat: l.Horizontal, Values: l.Numbers, Hollow: l.Hollow,
		X: xy.x, Y: xy.y, Low: xy.low, High: xy.high}
	if l.Stacked {
		if err := e.stackBars(who, &out); err != nil {
			return nil, err
		}
	}
	e.besideBand(who, out.Y, out.Low, out.High)
	if l.Horizontal {
		out.X, out.Y = out.Y, out.X
	}
	return []LayerData{out}, nil
}

// turn swaps the axes, for a layer whose values run along x.
func (e *encoder) turn() {
	e.x, e.y, e.xUnit, e.yUnit = e.y, e.x, e.yUnit, e.xUnit
	e.categories, e.flat = e.flat, e.categories
	e.fig.X, e.fig.Y = e.fig.Y, e.fig.X
}

// pile is what stands at one place so far: values above zero go up, others
// down, as Vega-Lite stacks them.
type pile struct{ up, down float64 }

// add puts a value on the pile and returns its two ends; a gap has none.
func (p *pile) add(v float64) (base, end float64) {
	switch {
	case math.IsNaN(v):
		return v, v
	case v < 0:
		base = p.down
		p.down += v
		return base, p.down
	}
	base = p.up
	p.up += v
	return base, p.up
}

// barPiles are the stacks of bars by their place.
type barPiles struct {
	at     map[float64]*pile
	layers int // that are in them
}

// linePiles are the stacked areas so far.
type linePiles struct {
	x, y []float64 // their places, and where the next one begins
	step bool      // how they are joined
}

func (p *barPiles) of(x float64) *pile {
	if p.at == nil {
		p.at = map[float64]*pile{}
	}
	if p.at[x] == nil {
		p.at[x] = &pile{}
	}
	return p.at[x]
}

// stacked adds a layer's new ends to the axis.
func (e *encoder) stacked(who string, l *LayerData) error {
	e.y.add(l.Y...)
	if !finite(e.y.max) || !finite(e.y.min) {
		return fmt.Errorf("%s: the stack gets too high to draw", who)
	}
	return nil
}

func (e *encoder) stackBars(who string, l *LayerData) error {
	all := slices.DeleteFunc(layersOf[Bars](e.fig.Layers), func(b Bars) bool { return !b.Stacked })
	e.barPiles.layers++
	if above := e.barPiles.layers; l.Low != nil && above < len(all) {
		return fmt.Errorf("%s: whiskers only fit at the top of a stack, and %s are stacked above", who, layerName("bars", all[above].Name))
	}
	l.Base = make(Numbers, len(l.Y))
	for i, v := range l.Y {
		l.Base[i], l.Y[i] = e.barPiles.of(l.X[i]).add(v)
	}
	return e.stacked(who, l)
}

// stackLine stacks areas, which must have the same places.
func (e *encoder) stackLine(who string, l *LayerData) error {
	p := &e.linePiles
	switch {
	case e.fig.Y.Log:
		return fmt.Errorf("%s: stacked areas start at zero and can't have a log axis", who)
	case l.Low != nil:
		return fmt.Errorf("%s: a stacked line can't have a band", who)
	case p.x == nil:
		p.x, p.y, p.step = slices.Clone(l.X), make([]float64, len(l.X)), l.Step
	case p.step != l.Step:
		return fmt.Errorf("%s: either all stacked lines of a figure are steps or none", who)
	case !slices.EqualFunc(p.x, l.X, func(a, b float64) bool { return a == b || math.IsNaN(a) || math.IsNaN(b) }):
		return fmt.Errorf("%s: stacked lines need the same X", who)
	}
	l.Base = make(Numbers, len(l.Y))
	for i, v := range l.Y {
		switch {
		case v < 0:
			return fmt.Errorf("%s: stacked lines need values from zero on; at x = %s it is %s", who, SI(l.X[i], ""), SI(v, ""))
		case math.IsNaN(v):
			l.Base[i] = v
			continue
		}
		l.Base[i] = p.y[i]
		p.y[i] += v
		l.Y[i] = p.y[i]
	}
	return e.stacked(who, l)
}

// amounts are the values of a layer along an axis: of one in a stack, how much
// it adds.
func (l LayerData) amounts() Numbers {
	ends := l.Y
	if l.Flat {
		ends = l.X
	}
	if l.Base == nil {
		return ends
	}
	out := make(Numbers, len(ends))
	for i := range out {
		out[i] = ends[i] - l.Base[i]
	}
	return out
}
