package plots

import (
	"fmt"
	"math"
)

// extentOf is the range of an axis as far as the layers have used it.
type extentOf struct {
	min, max float64
	any      bool
	zero     bool // bars: the axis starts at zero
	exact    bool // fields: the axis ends where they do
}

func (x extentOf) empty() bool { return !x.any }

func (x *extentOf) add(values ...float64) {
	r := rangeOf(values)
	if !r.any {
		return
	}
	if !x.any {
		x.min, x.max, x.any = r.min, r.max, true
	}
	x.min, x.max = math.Min(x.min, r.min), math.Max(x.max, r.max)
}

// rangeOf is the least and the greatest of the values that aren't NaN.
func rangeOf(values []float64) extentOf {
	x := extentOf{min: math.Inf(1), max: math.Inf(-1)}
	for _, v := range values {
		if v < x.min {
			x.min = v
		}
		if v > x.max {
			x.max = v
		}
	}
	if x.any = x.min <= x.max; !x.any {
		return extentOf{}
	}
	return x
}

// axisNames numbers the categories of an axis in the order they come.
type axisNames struct {
	names []string
	index map[string]int
}

func (a *axisNames) place(labels []string) []float64 {
	if a.index == nil {
		a.index = map[string]int{}
	}
	out := make([]float64, len(labels))
	for i, l := range labels {
		at, ok := a.index[l]
		if !ok {
			at = len(a.names)
			a.index[l] = at
			a.names = append(a.names, l)
		}
		out[i] = float64(at)
	}
	return out
}

// series is a checked set of points.
type series struct {
	x, y, low, high []float64
}

// points reads and checks the points of a layer; without x they are numbered.
func (e *encoder) points(who string, data, x, y, low, high any) (series, error) {
	if x != nil || isMap(y) {
		return e.pointsNamed(who, data, x, y, low, high)
	}
	cy, err := columnOf(data, y)
	if err != nil {
		return series{}, fmt.Errorf("%s: Y %w", who, err)
	}
	index := make([]float64, cy.len())
	for i := range index {
		index[i] = float64(i)
	}
	return e.seriesOf(who, column{v: index}, cy, data, low, high)
}

// pointsNamed is points where x may be missing only beside a map.
func (e *encoder) pointsNamed(who string, data, x, y, low, high any) (series, error) {
	cx, cy, err := xyColumns(who, data, x, y)
	if err != nil {
		return series{}, err
	}
	return e.seriesOf(who, cx, cy, data, low, high)
}

// seriesOf checks columns and takes them as points of the figure.
func (e *encoder) seriesOf(who string, cx, cy column, data, low, high any) (series, error) {
	if cy.labels != nil {
		return series{}, fmt.Errorf("%s: Y holds names, which are no numbers", who)
	}
	if cy.len() == 0 {
		return series{}, fmt.Errorf("%s: it has no values", who)
	}
	if cx.len() != cy.len() {
		return series{}, fmt.Errorf("%s: X has %d values and Y has %d", who, cx.len(), cy.len())
	}
	if (cx.labels != nil) != (e.categories.names != nil) && e.x.any {
		return series{}, fmt.Errorf("%s: names and numbers can't share an axis", who)
	}
	if cx.labels != nil {
		if dup := duplicate(cx.labels); dup != "" {
			return series{}, fmt.Errorf("%s: the label %q comes twice", who, dup)
		}
		cx.v = e.categories.place(cx.labels)
	}
	s := series{x: cx.v, y: cy.v}
	var err error
	if s.low, s.high, err = band(who, data, low, high, len(s.y)); err != nil {
		return series{}, err
	}
	if err := e.moments(who, cx); err != nil {
		return series{}, err
	}
	if err := e.sameUnit(who, cx.unit, cy.unit); err != nil {
		return series{}, err
	}
	if err := e.clean(who, &s); err != nil {
		return series{}, err
	}
	e.x.add(s.x...)
	e.y.add(s.y...)
	e.y.add(s.low...)
	e.y.add(s.high...)
	return s, nil
}

func xyColumns(who string, data, x, y any) (cx, cy column, err error) {
	if isMap(y) {
		if x != nil {
			return cx, cy, fmt.Errorf("%s: Y is a map, which brings its own X", who)
		}
		if cx, cy, err = mapColumns(y); err != nil {
			return cx, cy, fmt.Errorf("%s: the map %w", who, err)
		}
		return cx, cy, nil
	}
	if cy, err = columnOf(data, y); err != nil {
		return cx, cy, fmt.Errorf("%s: Y %w", who, err)
	}
	if cx, err = columnOrMoments(data, x); err != nil {
		return cx, cy, fmt.Errorf("%s: X %w", who, err)
	}
	return cx, cy, nil
}

func duplicate(labels []string) string {
	seen := map[string]bool{}
	for _, l := range labels {
		if seen[l] {
			return l
		}
		seen[l] = true
	}
	return ""
}

// band reads the two ends of a band or of whiskers.
func band(who string, data, low, high any, n int) ([]float64, []float64, error) {
	if low == nil && high == nil {
		return nil, nil, nil
	}
	if low == nil || high == nil {
		return nil, nil, fmt.Errorf("%s: Low and High come together", who)
	}
	lo, err := columnOf(data, low)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: Low %w", who, err)
	}
	hi, err := columnOf(data, high)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: High %w", who, err)
	}
	if len(lo.v) != n || len(hi.v) != n {
		return nil, nil, fmt.Errorf("%s: Y has %d values, Low has %d and High has %d", who, n, len(lo.v), len(hi.v))
	}
	for i, v := range lo.v {
		if v > hi.v[i] {
			return nil, nil, fmt.Errorf("%s: Low is above High at value %d: %s and %s", who, i+1, SI(v, lo.unit), SI(hi.v[i], hi.unit))
		}
	}
	return lo.v, hi.v, nil
}

// sameUnit lets durations set an axis to seconds, and refuses to mix them with
// plain numbers, which would be read in the wrong unit.
func (e *encoder) sameUnit(who, xUnit, yUnit string) error {
	for _, a := range []struct {
		axis  string
		unit  *string
		this  string
		given string
		used  bool
	}{{"x", &e.xUnit, xUnit, e.fig.X.Unit, e.x.any}, {"y", &e.yUnit, yUnit, e.fig.Y.Unit, e.y.any}} {
		if a.this != "" && a.given != "" && a.given != a.this {
			return fmt.Errorf("%s: durations are drawn in seconds, but the %s axis has the unit %q", who, a.axis, a.given)
		}
		if a.used && *a.unit != a.this && a.given != "s" {
			return fmt.Errorf("%s: durations and plain numbers share the %s axis; if the numbers are seconds, give that axis the Unit \"s\"", who, a.axis)
		}
		*a.unit = a.this
	}
	return nil
}

// clean turns what can't be drawn into gaps and notes how many there are. The
// columns are the encoder's own.
func (e *encoder) clean(who string, s *series) error {
	logX, logY := e.fig.X.Log, e.fig.Y.Log
	bad, low := 0, 0
	for i, y := range s.y {
		x := s.x[i]
		switch {
		case !finite(x) || !finite(y):
			bad++
		case logX && x <= 0 || logY && y <= 0:
			low++
		default:
			continue
		}
		s.x[i], s.y[i] = math.NaN(), math.NaN()
		if s.low != nil {
			s.low[i], s.high[i] = math.NaN(), math.NaN()
		}
	}
	e.cleanBand(who, s)
	return e.leftOut(who, len(s.y), bad, low)
}

// cleanBand opens the band where its ends can't be drawn; on a log axis an end
// at or below zero means that the band goes on to the bottom.
func (e *encoder) cleanBand(who string, s *series) {
	cuts, first := 0, 0
	for i := range s.low {
		if e.fig.Y.Log && s.low[i] <= 0 {
			s.low[i] = s.y[i]
			if cuts++; cuts == 1 {
				first = i
			}
		}
		if !finite(s.low[i]) || !finite(s.high[i]) || e.fig.Y.Log && s.high[i] <= 0 {
			s.low[i], s.high[i] = math.NaN(), math.NaN()
		}
	}
	switch {
	case cuts == 1:
		e.note("%s: the band reaches zero at x = %s and is cut there on the log axis", who, SI(s.x[first], ""))
	case cuts > 1:
		e.note("%s: the band reaches zero at %d points, first at x = %s, and is cut there on the log axis", who, cuts, SI(s.x[first], ""))
	}
}

// besideBand notes how many values lie outside of their band or whisker, which is
// right for some measures, but often means that distances were given.
func (e *encoder) besideBand(who string, values, low, high []float64) {
	n := 0
	for i := range low {
		v := values[i]
		if off := math.Abs(v) * 1e-9; v < low[i]-off || v > high[i]+off { // off by more than rounding
			n++
		}
	}
	if n > 0 {
		e.note("%s: %s not between their Low and High, which are ends and not distances", who, ofValues(n, len(values), "is", "are"))
	}
}

// ofValues counts some of all values: "1 of 3 values is".
func ofValues(n, all int, one, more string) string {
	if n == 1 {
		more = one
	}
	return group(n) + " of " + values(all) + " " + more
}

// finite reports whether v is a number: infinities and NaN minus themselves are
// NaN.
func finite(v float64) bool { return v-v == 0 }
