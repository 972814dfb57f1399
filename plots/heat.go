package plots

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"math"
	"reflect"
)

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

// check finds the range and turns what has no colour into gaps.
func (f *field) check(e *encoder, who string, log bool) error {
	f.v = append([]float64{}, f.v...)
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
		return fmt.Errorf("%s: none of its %d values can be drawn", who, len(f.v))
	}
	if !drawable(r.min, r.max, log) {
		return fmt.Errorf("%s: colours can't span %v to %v", who, r.min, r.max)
	}
	f.min, f.max = r.min, r.max
	if bad > 0 {
		e.note("%s: %d of %d values are NaN or infinite and left blank", who, bad, len(f.v))
	}
	if low > 0 {
		e.note("%s: %d of %d values are not above zero and left blank on the log scale", who, low, len(f.v))
	}
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
