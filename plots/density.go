package plots

import (
	"fmt"
	"math"
)

// Density shows how values are distributed as a smooth curve: a Gaussian
// kernel estimate. On a logarithmic x axis it smooths the logarithms, and the
// height is the share per factor of ten. Values that are never below zero are
// not smoothed beyond it. Beside a Hist of counts the curve has its scale.
type Density struct {
	Name   string
	Data   any // a slice of structs: Values is then the name of a field
	Values any // numbers or durations
	// Bandwidth is the standard deviation of the kernel, in the unit of the
	// values; on a log axis in factors of ten. Silverman's rule if 0.
	Bandwidth   float64
	Percentiles []float64 // marked by labelled lines: 50 is the median
}

// MIMEBundle shows the layer as a figure of its own.
func (l Density) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

func (l Density) kin() (Kind, string) { return KindLine, l.Name }

func (l Density) encode(e *encoder) ([]LayerData, error) {
	who := layerName("density", l.Name)
	log := e.fig.X.Log
	if l.Bandwidth < 0 || !finite(l.Bandwidth) {
		return nil, fmt.Errorf("%s: Bandwidth is %v; it must be above zero, or 0 to choose", who, l.Bandwidth)
	}
	s, err := e.sampleOf(who, l.Data, l.Values, log)
	if err != nil {
		return nil, err
	}
	if err := e.besideValues(s); err != nil {
		return nil, err
	}
	marks, err := e.percentiles(s, e.markName(l.Name), l.Percentiles)
	if err != nil {
		return nil, err
	}
	counts := e.counting()
	e.measure(!counts, s)
	scale := e.per.factor
	if counts {
		b, err := e.binsOf()
		if err != nil {
			return nil, err
		}
		if len(b.edges) > 1 {
			scale = float64(len(s.sorted)) * b.width(0)
		}
	}
	curve, ok := smooth(s.sorted, l.Bandwidth, log)
	if !ok {
		return append(e.spike(s, l.Name), marks...), nil
	}
	e.coarse(s, curve, log)
	at, y := curve.drawn(kdePoints)
	out := LayerData{Kind: KindLine, Name: l.Name, Fill: true, Boxes: []BoxData{span(s.sorted)}, X: at, Y: y}
	// On a log axis the tails would go down for ever.
	floor := 0.0
	if e.fig.Y.Log {
		floor = curve.peak() / 1e4
	}
	for i, v := range out.Y {
		out.Y[i] = v * scale
		if log {
			out.X[i] = math.Pow(10, out.X[i])
		}
		if v < floor {
			out.X[i], out.Y[i] = nan(), nan()
		}
	}
	e.x.add(out.X...)
	e.heights(out.Y)
	return append([]LayerData{out}, marks...), nil
}

// coarse notes where values reach so far that the axis hides the shape of most
// of them, or that they are smoothed more than they should be.
func (e *encoder) coarse(s sample, curve kde, log bool) {
	unit := s.unit
	if unit == "" {
		unit = e.fig.X.Unit
	}
	if curve.h > curve.asked {
		width, wanted := SI(curve.h, unit), SI(curve.asked, unit)
		if log {
			width, wanted = SI(curve.h, "")+" factors of ten", SI(curve.asked, "")
		}
		e.note("%s: smoothed over %s instead of %s, which is too fine for values that reach so far", s.who, width, wanted)
	}
	if _, _, limited := e.fig.X.limited(); log || limited || len(s.sorted) < 20 {
		return
	}
	// The share of the values in the most crowded of 100 parts of the axis.
	const parts, most = 100, 0.9
	width := (s.sorted[len(s.sorted)-1] - s.sorted[0]) / parts
	crowd, from := 0, 0
	for i, v := range s.sorted {
		for v-s.sorted[from] > width {
			from++
		}
		crowd = max(crowd, i-from+1)
	}
	share := float64(crowd) / float64(len(s.sorted))
	switch {
	case share <= most:
	case s.sorted[0] > 0:
		e.note("%s: %s%% of the values are in a hundredth of their range; a log x axis would spread them", s.who, figures(100*share, 2))
	default:
		e.note("%s: %s%% of the values are in a hundredth of their range; Limits of the x axis would show them", s.who, figures(100*share, 2))
	}
}

// spike shows values that are all equal, which have no density.
func (e *encoder) spike(s sample, name string) []LayerData {
	v := s.sorted[0]
	unit := s.unit
	if unit == "" {
		unit = e.fig.X.Unit
	}
	e.x.add(v)
	if !e.y.any {
		e.y.add(1)
	}
	e.y.zero = true
	label := SI(v, unit)
	all := fmt.Sprintf("all of its %s values are %s", group(len(s.sorted)), label)
	if len(s.sorted) == 1 {
		all = "its only value is " + label
	}
	e.note("%s: %s, marked by a line, since a density needs values that differ", s.who, all)
	if name != "" {
		label = name + " " + label
	}
	return []LayerData{{Kind: KindMark, Name: name, Mark: &MarkData{Kind: MarkRuleX, X: v, Label: label}}}
}

// smooth is the density of sorted values over a range three bandwidths wider
// than they are, in factors of ten if log. It has none for values all equal.
func smooth(sorted []float64, h float64, log bool) (kde, bool) {
	if log {
		sorted = logs(sorted)
	}
	if h == 0 {
		h = silverman(sorted)
	}
	lo, hi := sorted[0]-3*h, sorted[len(sorted)-1]+3*h
	if !(h > 0) || !finite(hi-lo) || hi-lo == 0 {
		return kde{}, false
	}
	bounded := !log && sorted[0] >= 0 && lo < 0
	if bounded {
		lo = 0
	}
	return estimate(sorted, h, lo, hi, bounded), true
}

// logs are decimal logarithms, in a slice of their own.
func logs(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = math.Log10(v[i])
	}
	return out
}

func nan() float64 { return math.NaN() }
