package plots

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
)

// sample is the values of one distribution.
type sample struct {
	who    string
	run    []float64 // in the order of the data; NaN where a value can't be drawn
	sorted []float64 // those that can, ascending
	unit   string
}

// sampleOf reads the values of a layer.
func (e *encoder) sampleOf(who string, data, values any, log bool) (sample, error) {
	if isMap(values) {
		return sample{}, fmt.Errorf("%s: Values is %s, not a slice of numbers; Box, Strip and Violin show groups", who, typeText(values))
	}
	c, err := columnOf(data, values)
	if err != nil {
		return sample{}, fmt.Errorf("%s: Values %w", who, err)
	}
	if c.labels != nil {
		return sample{}, fmt.Errorf("%s: Values holds names, which are no numbers", who)
	}
	if c.len() == 0 {
		return sample{}, fmt.Errorf("%s: it has no values", who)
	}
	s, bad, low := newSample(who, c, log)
	if err := e.leftOut(who, len(s.run), bad, low); err != nil {
		return sample{}, err
	}
	return s, nil
}

// newSample sorts the values that can be drawn and counts the others: those
// that aren't finite, and on a log axis those not above zero.
func newSample(who string, c column, log bool) (s sample, bad, low int) {
	s = sample{who: who, unit: c.unit, run: c.v, sorted: make([]float64, 0, len(c.v))}
	for _, v := range c.v {
		switch {
		case !finite(v):
			bad++
		case log && v <= 0:
			low++
		default:
			s.sorted = append(s.sorted, v)
		}
	}
	slices.Sort(s.sorted)
	if bad+low > 0 {
		s.run = append([]float64{}, c.v...)
		for i, v := range s.run {
			if !finite(v) || log && v <= 0 {
				s.run[i] = math.NaN()
			}
		}
	}
	return s, bad, low
}

// leftOut notes how many of n values can't be drawn; if none is left that is
// an error.
func (e *encoder) leftOut(who string, n, bad, low int) error {
	switch {
	case bad+low == n && low > 0:
		return fmt.Errorf("%s: none of its %s is above zero, as a log axis needs", who, values(n))
	case bad+low == n:
		return fmt.Errorf("%s: all of its %d values are NaN or infinite", who, n)
	}
	if bad > 0 {
		e.note("%s: %s NaN or infinite and left out", who, ofValues(bad, n, "is", "are"))
	}
	if low > 0 {
		e.note("%s: %s not above zero and left out on the log axis", who, ofValues(low, n, "is", "are"))
	}
	return nil
}

// within are the sorted values inside the limits of an axis, if it has any.
func (s sample) within(a Axis) []float64 {
	lo, hi := math.Min(a.Limits[0], a.Limits[1]), math.Max(a.Limits[0], a.Limits[1])
	if !(lo < hi) {
		return s.sorted
	}
	from := sort.SearchFloat64s(s.sorted, lo)
	to := from + sort.Search(len(s.sorted)-from, func(i int) bool { return s.sorted[from+i] > hi })
	return s.sorted[from:to]
}

// quantile is the value below which the part p, 0 to 1, of the sorted values
// lies, by interpolation between the two nearest: type 7 of Hyndman and Fan,
// Sample quantiles in statistical packages (1996), the default of R and numpy.
func quantile(sorted []float64, p float64) float64 {
	at := p * float64(len(sorted)-1)
	i := int(at)
	if i >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	a, b, part := sorted[i], sorted[i+1], at-float64(i)
	if a == b {
		return a // and not a rounding beside it
	}
	return a*(1-part) + b*part
}

// box is the summary of the sorted values of a group. Whiskers end at the
// farthest values within 1.5 interquartile ranges of the box, the others are
// outliers: Tukey, Exploratory data analysis (1977), chapter 2.
func box(sorted []float64) BoxData {
	b := BoxData{N: len(sorted), Q1: quantile(sorted, 0.25), Median: quantile(sorted, 0.5), Q3: quantile(sorted, 0.75)}
	// Halves first: the range of huge numbers may overflow.
	reach := 3 * (b.Q3/2 - b.Q1/2)
	from := sort.SearchFloat64s(sorted, b.Q1-reach)
	to := sort.Search(len(sorted), func(i int) bool { return sorted[i] > b.Q3+reach })
	// Between values far apart a quartile may lie beyond all that a fence holds.
	b.Low, b.High = math.Min(sorted[from], b.Q1), math.Max(sorted[to-1], b.Q3)
	b.Out = append(append(Numbers{}, sorted[:from]...), sorted[to:]...)
	return b
}

// span is the summary of sorted values whose whiskers reach the ends.
func span(sorted []float64) BoxData {
	b := box(sorted)
	b.Low, b.High, b.Out = sorted[0], sorted[len(sorted)-1], nil
	return b
}

// percentiles are upright rules at some percentiles of sorted values.
func (e *encoder) percentiles(s sample, name string, list []float64) ([]LayerData, error) {
	var out []LayerData
	for _, p := range list {
		if !(p >= 0 && p <= 100) {
			return nil, fmt.Errorf("%s: percentile %v; percentiles are 0 to 100", s.who, p)
		}
		v := quantile(s.sorted, p/100)
		unit := s.unit
		if unit == "" {
			unit = e.fig.X.Unit
		}
		label := "p" + strconv.FormatFloat(p, 'g', -1, 64) + " " + siDigits(v, unit, figuresFor(s.sorted[0], s.sorted[len(s.sorted)-1]))
		if name != "" {
			label = name + " " + label
		}
		e.x.add(v)
		out = append(out, LayerData{Kind: KindMark, Mark: &MarkData{Kind: MarkRuleX, X: v, Label: label}})
	}
	return out, nil
}
