package plots

import (
	"fmt"
	"math"
	"slices"
)

// Comparison shows what candidates took, round by round, beside a base, and
// what comes of it: at the left all runs with medians, at the right the ratios
// to the base with their intervals, over the range that means nothing.
//
// It draws what it is told and tests nothing: package magics/stats computes
// intervals and verdicts for %compare.
type Comparison struct {
	Title string
	Alt   string // what a screen reader says; made from the data if empty
	Label string // of the values; "time per operation" if empty
	Unit  string // of the values; "s" if empty
	// Candidates are the rows, the base first.
	Candidates []Candidate
	// Noise is the difference, as a fraction, that the same code showed when
	// compared with itself; Least is the smallest difference that counts. The
	// larger of both bounds the range of ratios that mean nothing.
	Noise, Least float64
	// Apart says that the candidates were not measured in common rounds, so that
	// round i of one has nothing to do with round i of another.
	Apart         bool
	Width, Height float64
	Notes         []string
}

// Effect is what a comparison came to. It gives colour and mark.
type Effect string

// The effects.
const (
	EffectNone   Effect = ""       // not judged
	EffectBetter Effect = "better" // less than the base
	EffectWorse  Effect = "worse"  // more
	EffectSame   Effect = "same"   // no difference shown
)

// Candidate is one row of a Comparison. What isn't known is NaN or nil.
type Candidate struct {
	Name   string
	Rounds []float64 // its value in each round; NaN: missing
	Again  []float64 // of the base: its second value in each round
	// Interval holds the median's confidence interval.
	Interval [2]float64
	// Ratio is the ratio to the base, with its interval. Of the base itself: of
	// its second values to its first.
	Ratio         float64
	RatioInterval [2]float64
	Effect        Effect
	Verdict       string // in words: "17 % faster"
	Detail        string // beside the ratio: "p=0.003"; of the base instead of it
	// Bytes and Objects are what an operation allocates. They are drawn where
	// candidates differ.
	Bytes, Objects float64
	Missing        string // why there are no values
}

// MIMEBundle shows the comparison in a notebook.
func (c Comparison) MIMEBundle() map[string]any { return show(c) }

// String is the comparison as text.
func (c Comparison) String() string { return spoken(c) }

// ComparisonData is a Comparison on its way to the renderer.
type ComparisonData struct {
	Axis    AxisData        `json:"axis"`  // of the values
	Ratios  AxisData        `json:"ratio"` // to the base
	Noise   float64         `json:"noise,omitempty"`
	Least   float64         `json:"least,omitempty"`
	Apart   bool            `json:"apart,omitempty"`
	Memory  float64         `json:"memory,omitempty"` // the most bytes of a row; 0: not drawn
	Objects float64         `json:"objects,omitempty"`
	Rows    []ComparisonRow `json:"rows"`
}

// ComparisonRow is one candidate. Numbers of three are a value with the ends of
// its interval.
type ComparisonRow struct {
	Name    string  `json:"name"`
	Values  Numbers `json:"values,omitempty"` // one for each round
	Again   Numbers `json:"again,omitempty"`
	Beside  Numbers `json:"beside,omitempty"` // the base's value in the same round
	Median  Numbers `json:"median,omitempty"`
	Ratio   Numbers `json:"ratio,omitempty"`
	Memory  Numbers `json:"memory,omitempty"` // bytes and objects
	Effect  Effect  `json:"effect,omitempty"`
	Self    bool    `json:"self,omitempty"` // it is the base, and its ratio that to itself
	Verdict string  `json:"verdict,omitempty"`
	Detail  string  `json:"detail,omitempty"`
	Missing string  `json:"missing,omitempty"`
}

// Limits of a comparison.
const (
	maxCandidates = 40
	maxRounds     = 1000
)

// Widths in inches: narrow, so that a telephone need not shrink the text by much.
const (
	comparisonWidth = 5.0
	memoryWidth     = 0.95 // that memory adds
)

// Encode checks the comparison and returns it as data to draw.
func (c Comparison) Encode() (Data, error) {
	d := Data{Version: Version, Title: c.Title, Alt: c.Alt, Notes: append([]string{}, c.Notes...)}
	out, err := c.data()
	if err != nil {
		return Data{}, fmt.Errorf("comparison: %w", err)
	}
	d.Comparison = out
	if beyond := out.beyond(); beyond > 0 {
		d.Notes = append(d.Notes, fmt.Sprintf("%s beyond the axis, up to %s, at its right edge", counted(beyond, "run"), SI(out.greatest(), out.Axis.Unit)))
	}
	width := comparisonWidth
	if out.Memory > 0 || out.Objects > 0 {
		width += memoryWidth
	}
	if d.Width, err = side("Width", c.Width, width); err != nil {
		return Data{}, err
	}
	if d.Height, err = side("Height", c.Height, min(out.Height(d.Title != "", len(d.Notes)), maxSide)); err != nil {
		return Data{}, err
	}
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

// data checks the candidates and settles the axes.
func (c Comparison) data() (*ComparisonData, error) {
	switch n := len(c.Candidates); {
	case n < 2:
		return nil, fmt.Errorf("it has %s; it takes a base and another", counted(n, "candidate"))
	case n > maxCandidates:
		return nil, fmt.Errorf("%d candidates are more than %d", n, maxCandidates)
	case !finite(c.Noise) || c.Noise < 0 || !finite(c.Least) || c.Least < 0:
		return nil, fmt.Errorf("Noise %v and Least %v must be fractions", c.Noise, c.Least)
	}
	out := &ComparisonData{Noise: c.Noise, Least: c.Least, Apart: c.Apart}
	base := meanOfRounds(c.Candidates[0])
	for i, cand := range c.Candidates {
		row, err := cand.row()
		if err != nil {
			return nil, fmt.Errorf("candidate %d (%q): %w", i+1, cand.Name, err)
		}
		if i > 0 && !c.Apart && len(row.Values) > 0 {
			row.Beside = make(Numbers, len(row.Values))
			for r := range row.Beside {
				row.Beside[r] = math.NaN()
				if r < len(base) {
					row.Beside[r] = base[r]
				}
			}
		}
		row.Self = i == 0
		out.Rows = append(out.Rows, row)
	}
	out.dropEqualMemory()
	return out, out.settle(c)
}

// meanOfRounds is a candidate's value in each round, the mean where it has two.
func meanOfRounds(c Candidate) []float64 {
	out := slices.Clone(c.Rounds)
	for i := range out {
		if i < len(c.Again) && finite(c.Again[i]) {
			if out[i] = (out[i] + c.Again[i]) / 2; !finite(out[i]) {
				out[i] = c.Again[i]
			}
		}
	}
	return out
}

// row checks one candidate.
func (c Candidate) row() (ComparisonRow, error) {
	r := ComparisonRow{Name: c.Name, Effect: c.Effect, Verdict: c.Verdict, Detail: c.Detail, Missing: c.Missing}
	if len(c.Rounds) > maxRounds || len(c.Again) > len(c.Rounds) {
		return r, fmt.Errorf("%d rounds and %d second values; at most %d, and as many", len(c.Rounds), len(c.Again), maxRounds)
	}
	values := slices.DeleteFunc(slices.Concat(c.Rounds, c.Again), func(v float64) bool { return !finite(v) })
	if slices.ContainsFunc(values, func(v float64) bool { return v <= 0 }) {
		return r, fmt.Errorf("values must be above 0")
	}
	if len(values) == 0 {
		if r.Missing == "" {
			r.Missing = "no values"
		}
		return r, nil
	}
	slices.Sort(values)
	r.Values, r.Again = c.Rounds, c.Again
	r.Median = Numbers{quantile(values, 0.5), math.NaN(), math.NaN()}
	if lo, hi := c.Interval[0], c.Interval[1]; finite(lo) && finite(hi) && 0 < lo && lo <= hi {
		r.Median[1], r.Median[2] = lo, hi
	}
	if finite(c.Ratio) && c.Ratio > 0 {
		r.Ratio = Numbers{c.Ratio, math.NaN(), math.NaN()}
		if lo, hi := c.RatioInterval[0], c.RatioInterval[1]; finite(lo) && finite(hi) && 0 < lo && lo <= hi {
			r.Ratio[1], r.Ratio[2] = lo, hi
		}
	}
	if finite(c.Bytes) && finite(c.Objects) && c.Bytes >= 0 && c.Objects >= 0 {
		r.Memory = Numbers{c.Bytes, c.Objects}
	}
	return r, nil
}

// dropEqualMemory leaves memory out where all candidates allocate alike.
func (d *ComparisonData) dropEqualMemory() {
	var first Numbers
	differ := false
	for _, r := range d.Rows {
		switch {
		case r.Memory == nil:
		case first == nil:
			first = r.Memory
		default:
			differ = differ || math.Abs(r.Memory[0]-first[0]) > 0.5 || math.Abs(r.Memory[1]-first[1]) > 0.005
		}
	}
	for i := range d.Rows {
		r := &d.Rows[i]
		if !differ {
			r.Memory = nil
		} else if r.Memory != nil {
			d.Memory, d.Objects = math.Max(d.Memory, r.Memory[0]), math.Max(d.Objects, r.Memory[1])
		}
	}
}

// logFrom is the ratio of the largest to the smallest from which on an axis is
// logarithmic.
const logFrom = 3.5

// settle finds the ranges of both axes.
func (d *ComparisonData) settle(c Comparison) error {
	var values, medians extentOf
	for _, r := range d.Rows {
		if len(r.Values) > 0 {
			lo, hi := r.usual()
			values.add(lo, hi)
			medians.add(r.Median[0])
		}
	}
	if values.empty() {
		return fmt.Errorf("no candidate has values")
	}
	unit, label := c.Unit, c.Label
	if unit == "" {
		unit = "s"
	}
	if label == "" {
		label = "time per operation"
	}
	d.Axis = AxisData{Label: label, Unit: unit, Log: medians.max > logFrom*medians.min}
	d.Axis.Min, d.Axis.Max = widened(values.min, values.max, 0.03, d.Axis.Log)
	ratios := d.ratioRange()
	floor := math.Max(d.Noise, d.Least)
	ratios.add(1, 1+1.3*floor)
	if floor < 0.7 {
		ratios.add(1 - 1.3*floor)
	}
	d.Ratios = AxisData{Label: "ratio to the base", Log: ratios.max > logFrom*ratios.min}
	d.Ratios.Min, d.Ratios.Max = widened(ratios.min, ratios.max, 0.02, d.Ratios.Log)
	for _, a := range []AxisData{d.Axis, d.Ratios} {
		if !roomy(a.Min, a.Max, a.Log) {
			return fmt.Errorf("values from %v to %v can't be drawn on one axis", a.Min, a.Max)
		}
	}
	d.Axis.Fixed, d.Ratios.Fixed = true, true
	return nil
}

// Ratios beyond farRatio are drawn at the edge of the axis, which then ends at
// nearRatio, if others are nearer: beside an interpreter that is 90 times as slow
// one would not see what a compiler's flag does.
const (
	farRatio  = 8
	nearRatio = 4
)

// ratioRange is what the axis of ratios must show.
func (d *ComparisonData) ratioRange() extentOf {
	var all, near extentOf
	for _, r := range d.Rows {
		if len(r.Ratio) == 0 {
			continue
		}
		to := &near
		if v := r.Ratio[0]; v > farRatio || v < 1.0/farRatio {
			to = &all
		} else if r.Self {
			to = nil
		}
		for _, v := range r.Ratio {
			if finite(v) && to != nil {
				to.add(v)
			}
		}
	}
	switch {
	case near.empty():
		all.add(1) // there may be none at all
		return all
	case all.empty():
		return near
	}
	if all.max > farRatio {
		near.add(nearRatio)
	}
	if all.min < 1.0/farRatio {
		near.add(1.0 / nearRatio)
	}
	return near
}

// widened is a range of at least twice a fraction of its middle, with a margin.
func widened(lo, hi, least float64, log bool) (float64, float64) {
	if log {
		margin := math.Pow(hi/lo, 0.06)
		return lo / margin, hi * margin
	}
	if middle := (lo + hi) / 2; hi-lo < 2*least*middle {
		lo, hi = middle*(1-least), middle*(1+least)
	}
	margin := 0.06 * (hi - lo)
	return math.Max(lo-margin, lo/2), hi + margin
}

// usual is the range of a row's values, without those that are so far above the
// others that these would become a smear.
func (r ComparisonRow) usual() (lo, hi float64) {
	values := slices.DeleteFunc(slices.Concat(r.Values, r.Again), func(v float64) bool { return !finite(v) })
	slices.Sort(values)
	q1, q3 := quantile(values, 0.25), quantile(values, 0.75)
	limit := math.Max(q3+8*(q3-q1), 1.25*q3)
	for _, v := range values {
		if v <= limit {
			hi = v
		}
	}
	if finite(r.Median[2]) {
		hi = math.Max(hi, math.Min(r.Median[2], limit))
	}
	return values[0], hi
}

// beyond counts the values that lie beyond the axis.
func (d *ComparisonData) beyond() int {
	n := 0
	for _, r := range d.Rows {
		for _, v := range slices.Concat(r.Values, r.Again) {
			if v > d.Axis.Max {
				n++
			}
		}
	}
	return n
}

// greatest is the greatest of all values.
func (d *ComparisonData) greatest() float64 {
	most := 0.0
	for _, r := range d.Rows {
		for _, v := range slices.Concat(r.Values, r.Again) {
			if finite(v) {
				most = math.Max(most, v)
			}
		}
	}
	return most
}
