package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"reflect"
)

// Heat shows a field of numbers as colours, row 0 at the bottom.
type Heat struct {
	Name string
	Z    any // rows of numbers, or a matrix with Dims and At
	Log  bool
	Unit string
	// X and Y are the ranges that the field covers; column and row numbers if
	// both ends are equal.
	X, Y  [2]float64
	Range [2]float64 // of the colours; that of the numbers if both ends are equal
	// Columns and Rows are names on the axes, instead of X and Y. With names,
	// row 0 is at the top.
	Columns, Rows []string
	Numbers       bool // write the numbers into the cells, if they fit
	// Diverging has two colours, for numbers above and below zero: for
	// differences. The range of the colours reaches as far on both sides.
	Diverging bool
}

// MIMEBundle shows the layer as a figure of its own.
func (l Heat) MIMEBundle() map[string]any { return show(Figure{Layers: Layers{l}}) }

func (l Heat) encode(e *encoder) ([]LayerData, error) {
	who := layerName("heat map", l.Name)
	z, err := l.field(e, who)
	if err != nil {
		return nil, err
	}
	extent, err := l.extent(e, who, z)
	if err != nil {
		return nil, err
	}
	all := rangeOf(z.v)
	if small, by := z.shrink(); by > 1 {
		e.note("%s: %d x %d values, each square of %d x %d drawn as its mean", who, z.rows, z.cols, by, by)
		e.flattened(who, all, rangeOf(small.v), l.Unit)
		z = small
	}
	h := HeatData{Least: all.min, Greatest: all.max, Log: l.Log, Diverging: l.Diverging, Label: l.Name, Unit: l.Unit, Min: z.min, Max: z.max, Rows: z.rows, Cols: z.cols}
	if h.Levels, err = z.levels(l.Log); err != nil {
		return nil, fmt.Errorf("%s: %w", who, err)
	}
	if len(z.v) <= maxNumbers {
		h.Values = z.v
	} else if l.Numbers {
		e.note("%s: %d x %d numbers don't fit into their cells and aren't written", who, z.rows, z.cols)
	}
	return []LayerData{{Kind: KindHeat, Name: l.Name, Heat: &h, Extent: extent, Values: l.Numbers && h.Values != nil}}, nil
}

// flattened says which extremes the means of neighbours hide.
func (e *encoder) flattened(who string, all, drawn extentOf, unit string) {
	visible := (all.max - all.min) / 100
	if all.max-drawn.max > visible {
		e.note("%s: the greatest value, %s, is averaged to at most %s", who, SI(all.max, unit), SI(drawn.max, unit))
	}
	if drawn.min-all.min > visible {
		e.note("%s: the least value, %s, is averaged to at least %s", who, SI(all.min, unit), SI(drawn.min, unit))
	}
}

// maxNumbers limits the fields whose numbers are kept as they are.
const maxNumbers = 400

// field reads and checks the numbers and settles the range of the colours.
func (l Heat) field(e *encoder, who string) (field, error) {
	z, err := fieldOfNumbers(l.Z)
	if err != nil {
		return z, fmt.Errorf("%s: %w", who, err)
	}
	if l.Log && l.Diverging {
		return z, fmt.Errorf("%s: colours on both sides of zero can't be logarithmic; leave out Log or Diverging", who)
	}
	if err := z.check(e, who, l.Log); err != nil {
		return z, err
	}
	if err := z.limit(e, who, l.Range, l.Log); err != nil {
		return z, err
	}
	if l.Diverging {
		far := math.Max(math.Abs(z.min), math.Abs(z.max))
		if !finite(2 * far) {
			return z, fmt.Errorf("%s: colours can't span %v to %v", who, -far, far)
		}
		z.min, z.max = -far, far
	}
	return z, nil
}

// extent is what the field covers: the names of the axes, or ranges.
func (l Heat) extent(e *encoder, who string, z field) (Extent, error) {
	x, err := e.coverNames(who, "X", "Columns", l.Columns, z.cols, l.X)
	if err != nil {
		return Extent{}, err
	}
	y, err := e.coverNames(who, "Y", "Rows", l.Rows, z.rows, l.Y)
	if err != nil {
		return Extent{}, err
	}
	area := cover(x, y, z.cols, z.rows)
	return area, e.coverArea(who, area)
}

// coverNames puts names on an axis, one for each of n columns or rows, and
// returns the range that they cover; without names, the one that is given.
func (e *encoder) coverNames(who, axis, option string, names []string, n int, given [2]float64) ([2]float64, error) {
	has, used := &e.categories, e.x.any
	if axis == "Y" {
		has, used = &e.flat, e.y.any
	}
	switch {
	case used && (names != nil) != (has.names != nil):
		return given, fmt.Errorf("%s: names and numbers can't share an axis", who)
	case names == nil:
		return given, nil
	case len(names) != n:
		return given, fmt.Errorf("%s: %s has %d names for %d of them", who, option, len(names), n)
	case given[0] != given[1]:
		return given, fmt.Errorf("%s: %s and %s are both set; an axis has either names or a range", who, option, axis)
	case n > maxHeatSide:
		return given, fmt.Errorf("%s: %s has %d names; a heat map with more than %d can't have names", who, option, n, maxHeatSide)
	}
	if dup := duplicate(names); dup != "" {
		return given, fmt.Errorf("%s: the name %q comes twice in %s", who, dup, option)
	}
	for i, at := range has.place(names) {
		if at != float64(i) {
			return given, fmt.Errorf("%s: another layer has put the axis's names into another order than %s", who, option)
		}
	}
	return [2]float64{-0.5, float64(n) - 0.5}, nil
}

// maxHeatSide limits the cells of a heat map to about the pixels it gets.
const maxHeatSide = 1000

// field is a rectangle of numbers, row after row.
type field struct {
	rows, cols int
	v          []float64
	min, max   float64
}

// fieldOfNumbers reads rows of numbers, or a matrix with Dims and At.
func fieldOfNumbers(z any) (field, error) {
	if m, ok := z.(interface {
		Dims() (r, c int)
		At(i, j int) float64
	}); ok && !nilPointer(z) {
		r, c := m.Dims()
		f := field{rows: r, cols: c, v: make([]float64, 0, max(0, r*c))}
		for i := range r {
			for j := range c {
				f.v = append(f.v, m.At(i, j))
			}
		}
		return f.sized()
	}
	if rows, ok := z.([][]float64); ok {
		return fromRows(rows)
	}
	r := reflect.ValueOf(z)
	if r.Kind() != reflect.Slice && r.Kind() != reflect.Array {
		return field{}, fmt.Errorf("Z is %s, not rows of numbers", typeText(z))
	}
	rows := make([][]float64, r.Len())
	for i := range rows {
		c, err := columnOf(nil, r.Index(i).Interface())
		if err != nil || c.labels != nil {
			return field{}, fmt.Errorf("Z is %s, not rows of numbers", typeText(z))
		}
		rows[i] = c.v
	}
	return fromRows(rows)
}

func nilPointer(v any) bool {
	r := reflect.ValueOf(v)
	return r.Kind() == reflect.Pointer && r.IsNil()
}

func fromRows(rows [][]float64) (field, error) {
	f := field{rows: len(rows)}
	for i, row := range rows {
		if i == 0 {
			f.cols = len(row)
			f.v = make([]float64, 0, len(rows)*len(row))
		}
		if len(row) != f.cols {
			return field{}, fmt.Errorf("row %d has %d values and row 0 has %d", i, len(row), f.cols)
		}
		f.v = append(f.v, row...)
	}
	return f.sized()
}

func (f field) sized() (field, error) {
	if f.rows <= 0 || f.cols <= 0 {
		return f, fmt.Errorf("Z has no values")
	}
	return f, nil
}

// check finds the range and turns what has no colour into gaps. The values are
// a copy of the user's.
func (f *field) check(e *encoder, who string, log bool) error {
	bad, low := 0, 0
	for i, v := range f.v {
		switch {
		case !finite(v):
			bad++
		case log && v <= 0:
			low++
		default:
			continue
		}
		f.v[i] = math.NaN()
	}
	r := rangeOf(f.v)
	if !r.any {
		return fmt.Errorf("%s: none of its %s can be drawn", who, values(len(f.v)))
	}
	if !drawable(r.min, r.max, log) {
		return fmt.Errorf("%s: colours can't span %v to %v", who, r.min, r.max)
	}
	f.min, f.max = r.min, r.max
	if bad > 0 {
		e.note("%s: %s NaN or infinite and left blank", who, ofValues(bad, len(f.v), "is", "are"))
	}
	if low > 0 {
		e.note("%s: %s not above zero and left blank on the log scale", who, ofValues(low, len(f.v), "is", "are"))
	}
	return nil
}

// limit sets the range of the colours to what was asked for.
func (f *field) limit(e *encoder, who string, asked [2]float64, log bool) error {
	lo, hi := math.Min(asked[0], asked[1]), math.Max(asked[0], asked[1])
	if lo == hi {
		return nil
	}
	if !finite(lo) || !finite(hi) || log && lo <= 0 || !drawable(lo, hi, log) {
		return fmt.Errorf("%s: colours can't span %v to %v", who, lo, hi)
	}
	outside := 0
	for _, v := range f.v {
		if v < lo || v > hi {
			outside++
		}
	}
	if outside > 0 {
		e.note("%s: %s outside of the colours' range and have the colour of its end", who, ofValues(outside, len(f.v), "lies", "lie"))
	}
	f.min, f.max = lo, hi
	return nil
}

// shrink averages squares of cells until the field has no more than pixels.
func (f field) shrink() (field, int) {
	by := (max(f.rows, f.cols) + maxHeatSide - 1) / maxHeatSide
	if by <= 1 {
		return f, 1
	}
	out := field{rows: (f.rows + by - 1) / by, cols: (f.cols + by - 1) / by, min: f.min, max: f.max}
	for r := 0; r < f.rows; r += by {
		for c := 0; c < f.cols; c += by {
			out.v = append(out.v, f.mean(r, min(r+by, f.rows), c, min(c+by, f.cols)))
		}
	}
	return out, by
}

func (f field) mean(r0, r1, c0, c1 int) float64 {
	sum, n := 0.0, 0
	for r := r0; r < r1; r++ {
		for _, v := range f.v[r*f.cols+c0 : r*f.cols+c1] {
			if !math.IsNaN(v) {
				sum += v
				n++
			}
		}
	}
	return sum / float64(n) // NaN if all are
}

// levels is the field as a grey PNG: 0 missing, 1 to 255 from min to max.
func (f field) levels(log bool) ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, f.cols, f.rows))
	lo, hi := f.min, f.max
	if log {
		lo, hi = math.Log(lo), math.Log(hi)
	}
	for i, v := range f.v {
		if math.IsNaN(v) {
			continue
		}
		if log {
			v = math.Log(v)
		}
		at := 0.5
		if hi > lo {
			// halves first: the difference of two huge numbers may overflow
			at = (v/2 - lo/2) / (hi/2 - lo/2)
		}
		img.Pix[i] = uint8(1 + math.Round(254*min(max(at, 0), 1)))
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		return nil, fmt.Errorf("encode levels: %w", err)
	}
	return buf.Bytes(), nil
}
