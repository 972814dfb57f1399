package ols

import (
	"iter"
	"strconv"

	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// slope is the closed form with all its sums, for one row.
func slope(y []float64) float64 {
	var sx, sy, sxx, sxy float64
	for j, v := range y {
		x := float64(j)
		sx, sy, sxx, sxy = sx+x, sy+v, sxx+x*x, sxy+x*v
	}
	n := float64(len(y))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// row is row i, in place; its capacity is its length.
func (t Table) row(i int) []float64 {
	return t.Y[i*t.Columns : (i+1)*t.Columns : (i+1)*t.Columns]
}

func (t Table) rows() int { return len(t.Y) / t.Columns }

// mapRows makes of each row what a row is in many data frames: names and boxed values.
func mapRows(t Table) []float64 {
	names, slopes := make([]string, t.Columns), make([]float64, t.rows())
	for j := range names {
		names[j] = strconv.Itoa(j)
	}
	for i := range slopes {
		boxed := make(map[string]any, t.Columns)
		for j, v := range t.row(i) {
			boxed[names[j]] = v
		}
		y := make([]float64, t.Columns)
		for j, name := range names {
			y[j] = boxed[name].(float64)
		}
		slopes[i] = slope(y)
	}
	return slopes
}

func boxedRows(t Table) []float64 {
	slopes := make([]float64, t.rows())
	for i := range slopes {
		boxed := make([]any, t.Columns)
		for j, v := range t.row(i) {
			boxed[j] = v
		}
		slopes[i] = slopeOfBoxed(boxed)
	}
	return slopes
}

func slopeOfBoxed(y []any) float64 {
	var sx, sy, sxx, sxy float64
	for j, v := range y {
		x := float64(j)
		sx, sy, sxx, sxy = sx+x, sy+v.(float64), sxx+x*x, sxy+x*v.(float64)
	}
	n := float64(len(y))
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}

// Record is a row as an object of its own.
type Record struct{ Values []float64 }

// records yields rows that are new.
func (t Table) records() iter.Seq2[int, *Record] {
	return func(yield func(int, *Record) bool) {
		for i := range t.rows() {
			if !yield(i, &Record{append([]float64(nil), t.row(i)...)}) {
				return
			}
		}
	}
}

// all yields rows in place.
func (t Table) all() iter.Seq2[int, []float64] {
	return func(yield func(int, []float64) bool) {
		for i := range t.rows() {
			if !yield(i, t.row(i)) {
				return
			}
		}
	}
}

func copiedRows(t Table) []float64 {
	slopes := make([]float64, t.rows())
	for i, r := range t.records() {
		slopes[i] = slope(r.Values)
	}
	return slopes
}

func iteratedRows(t Table) []float64 {
	slopes := make([]float64, t.rows())
	for i, y := range t.all() {
		slopes[i] = slope(y)
	}
	return slopes
}

// apply calls a function for each row in place.
func (t Table) apply(f func([]float64) float64) []float64 {
	out := make([]float64, t.rows())
	for i := range out {
		out[i] = f(t.row(i))
	}
	return out
}

// applyToRecords calls a function for each row, which is new.
func (t Table) applyToRecords(f func(*Record) float64) []float64 {
	out := make([]float64, t.rows())
	for i := range out {
		out[i] = f(&Record{append([]float64(nil), t.row(i)...)})
	}
	return out
}

func appliedRows(t Table) []float64 { return t.apply(slope) }

func appliedCopies(t Table) []float64 {
	return t.applyToRecords(func(r *Record) float64 { return slope(r.Values) })
}

// hoisted computes the sums of x and x² once.
func hoisted(t Table) []float64 {
	var sx, sxx float64
	for j := range t.Columns {
		sx, sxx = sx+float64(j), sxx+float64(j)*float64(j)
	}
	n := float64(t.Columns)
	slopes, scale := make([]float64, t.rows()), 1/(n*sxx-sx*sx)
	for i := range slopes {
		var sy, sxy float64
		for j, v := range t.row(i) {
			sy, sxy = sy+v, sxy+float64(j)*v
		}
		slopes[i] = (n*sxy - sx*sy) * scale
	}
	return slopes
}

// weights returns what each y is multiplied with: (x - mean of x) / Σ(x - mean of x)².
func weights(columns int) []float64 {
	w, squares := make([]float64, columns), 0.0
	for j := range w {
		w[j] = float64(j) - float64(columns-1)/2
		squares += w[j] * w[j]
	}
	for j := range w {
		w[j] /= squares
	}
	return w
}

// filler computes the slopes of rows of len(w) values in y.
type filler func(slopes, y, w []float64)

// one fills all slopes on one CPU.
func one(fill filler) func(Table) []float64 {
	return func(t Table) []float64 {
		slopes := make([]float64, t.rows())
		fill(slopes, t.Y, weights(t.Columns))
		return slopes
	}
}

// bands gives each CPU a band of rows, if it is worth starting a goroutine.
func bands(fill filler) func(Table) []float64 {
	return func(t Table) []float64 {
		slopes, w := make([]float64, t.rows()), weights(t.Columns)
		workers := min(kernels.Workers(), len(slopes)/leastBand+1)
		schedule.Static(len(slopes), workers, 0, func(lo, hi int) {
			fill(slopes[lo:hi], t.Y[lo*t.Columns:hi*t.Columns], w)
		})
		return slopes
	}
}

// leastBand is how many rows take about as long as a goroutine takes to start.
const leastBand = 1 << 9

func weighted(slopes, y, w []float64) {
	for i := range slopes {
		sum := 0.0
		for j, v := range y[i*len(w):][:len(w)] {
			sum += v * w[j]
		}
		slopes[i] = sum
	}
}

// fixed is weighted for the source's number of columns.
func fixed(slopes, y, w []float64) {
	if len(w) != days {
		weighted(slopes, y, w)
		return
	}
	weights := [days]float64(w)
	for i := range slopes {
		row := (*[days]float64)(y[i*days:])
		a, b := 0.0, 0.0
		for j := 0; j < days; j += 2 {
			a += row[j] * weights[j]
			b += row[j+1] * weights[j+1]
		}
		slopes[i] = a + b
	}
}

// single is weighted with numbers of 32 bits.
func single(slopes, y, w []float64) {
	narrow := make([]float32, len(w))
	for j, v := range w {
		narrow[j] = float32(v)
	}
	for i := range slopes {
		sum := float32(0)
		for j, v := range y[i*len(w):][:len(w)] {
			sum += float32(v) * narrow[j]
		}
		slopes[i] = float64(sum)
	}
}
