package plots

import (
	"fmt"
	"math"
)

// Hist shows how values are distributed by counting them in bins. On a
// logarithmic x axis all bins span the same ratio. Several Hist of a figure
// share their bins and are drawn over each other.
type Hist struct {
	Name   string
	Data   any // a slice of structs: Values is then the name of a field
	Values any // numbers or durations
	// Bins is their number. If 0 it follows from the data, by the rule of
	// Freedman and Diaconis, and is at most 100; bins of whole numbers then hold
	// equally many of them.
	Bins int
	// Density scales the bars so that their areas add up to 1: the height is the
	// share per unit of the axis, on a log axis per factor of ten.
	Density     bool
	Percentiles []float64 // marked by labelled lines: 50 is the median
}

// MIMEBundle shows the layer as a figure of its own.
func (l Hist) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

func (l Hist) kin() (Kind, string) { return KindBins, l.Name }

func (l Hist) encode(e *encoder) ([]LayerData, error) {
	b, err := e.binsOf()
	if err != nil {
		return nil, err
	}
	s := b.samples[0]
	b.samples = b.samples[1:]
	if err := e.besideValues(s); err != nil {
		return nil, err
	}
	if len(b.edges) == 0 {
		return nil, fmt.Errorf("%s: none of its %d values lies within the limits of the x axis", s.who, len(s.sorted))
	}
	counts, outside := b.count(s.sorted)
	if outside > 0 {
		e.note("%s: %s of %s values lie outside the limits of the x axis", s.who, group(outside), group(len(s.sorted)))
	}
	if e.measure(l.Density, s); l.Density {
		for i := range counts {
			counts[i] *= e.per.factor / (float64(len(s.sorted)) * b.width(i))
		}
	}
	bins := LayerData{Kind: KindBins, Name: l.Name, X: b.edges[:len(counts)], Right: b.edges[1:], Y: counts,
		Boxes: []BoxData{span(s.sorted)}}
	e.x.add(b.edges...)
	e.crowded(s, counts)
	e.heights(bins.Y)
	marks, err := e.percentiles(s, e.markName(l.Name), l.Percentiles)
	return append([]LayerData{bins}, marks...), err
}

// besideValues checks that values can be drawn along the x axis.
func (e *encoder) besideValues(s sample) error {
	if e.categories.names != nil {
		return fmt.Errorf("%s: names and numbers can't share an axis", s.who)
	}
	return e.sameUnit(s.who, s.unit, "")
}

// heights fits the y axis to bars or areas that stand on zero. A log axis has
// none; there they stand on half of the least height.
func (e *encoder) heights(y []float64) {
	e.y.zero = true
	if !e.fig.Y.Log {
		e.y.add(y...)
		return
	}
	for i, v := range y {
		if v > 0 {
			e.y.add(v/2, v)
		} else {
			y[i] = nan()
		}
	}
}

// perUnit is what a density is a share of: a unit of the x axis with a prefix,
// so that the numbers are of a size to read.
type perUnit struct {
	label  string
	factor float64
}

// measure names the y axis after what is counted, if it has no name, and
// settles what densities of the figure are shares of.
func (e *encoder) measure(density bool, s sample) {
	y := &e.fig.Y
	unit := s.unit
	if unit == "" {
		unit = e.fig.X.Unit
	}
	if e.per.factor == 0 {
		e.per = perUnit{"density", 1}
		if e.fig.X.Log {
			e.per.label = "density per decade"
		} else if unit != "" {
			prefix, factor := Prefix(math.Max(math.Abs(s.sorted[0]), math.Abs(s.sorted[len(s.sorted)-1])), unit)
			e.per = perUnit{"density per " + prefix + unit, factor}
		}
	}
	switch {
	case y.Label != "" || y.Unit != "":
	case density:
		y.Label = e.per.label
	default:
		y.Label = "count"
	}
	e.counts = !density
}

// counting reports whether the figure has a histogram of counts.
func (e *encoder) counting() bool {
	for _, h := range layersOf[Hist](e.fig.Layers) {
		if !h.Density {
			return true
		}
	}
	return false
}

// crowded says that a linear axis hides the shape, when almost all values are
// in one of many bins.
func (e *encoder) crowded(s sample, counts []float64) {
	most, sum := 0.0, 0.0
	for _, c := range counts {
		most, sum = max(most, c), sum+c
	}
	if len(counts) >= 20 && most > 0.9*sum && !e.fig.X.Log && s.sorted[0] > 0 {
		e.note("%s: %.0f%% of the values are in one bin; a log x axis would spread them", s.who, 100*most/sum)
	}
}

// markName is the name to write at the percentiles of a layer, where several
// layers have them.
func (e *encoder) markName(name string) string {
	n := 0
	for _, h := range layersOf[Hist](e.fig.Layers) {
		n += min(len(h.Percentiles), 1)
	}
	for _, d := range layersOf[Density](e.fig.Layers) {
		n += min(len(d.Percentiles), 1)
	}
	if n > 1 {
		return name
	}
	return ""
}
