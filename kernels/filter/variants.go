package filter

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// number is what rows are made of.
type number interface{ uint8 | float32 | float64 }

// row is a row of pixels; nil beyond a border of zeros.
func row[T number](pixels []T, m *Image, i int) []T {
	if i = place(i, m.Height, m.Beyond); i < 0 {
		return nil
	}
	return pixels[i*m.Width:][:m.Width:m.Width]
}

// extend fills what is beyond the ends of a row, whose r values on each side are.
func extend[T number | int32](wide []T, r int, m *Image) {
	n := m.Width
	for x := -r; x < 0; x++ {
		var left, right T
		if at := place(x, n, m.Beyond); at >= 0 {
			left = wide[r+at]
		}
		if at := place(n-1-x, n, m.Beyond); at >= 0 {
			right = wide[r+at]
		}
		wide[r+x], wide[r+n-1-x] = left, right
	}
}

// padded makes a larger image first, with what is beyond the border in it, so that the
// loops ask for nothing.
func padded(m Image) []float64 {
	r := m.K / 2
	wide := m.Width + 2*r
	pixels := make([]float64, wide*(m.Height+2*r))
	for i := range m.Height + 2*r {
		to := pixels[i*wide:][:wide]
		if from := row(m.Pixels, &m, i-r); from != nil {
			copy(to[r:], from)
			extend(to, r, &m)
		}
	}
	for i := range m.Height {
		for j := range m.Width {
			sum := 0.0
			for y := range m.K {
				for _, p := range pixels[(i+y)*wide+j:][:m.K] {
					sum += p
				}
			}
			m.out[i*m.Width+j] = sum / float64(m.K*m.K)
		}
	}
	return m.out
}

// separable adds up columns first and then those sums along the row: 2k additions for a
// pixel in place of k².
func separable(m Image) []float64 {
	r, factor := m.K/2, 1/float64(m.K*m.K)
	wide := make([]float64, m.Width+2*r)
	for i := range m.Height {
		sums := wide[r:][:m.Width]
		clear(sums)
		for y := i - r; y <= i+r; y++ {
			for j, p := range row(m.Pixels, &m, y) {
				sums[j] += p
			}
		}
		extend(wide, r, &m)
		out := m.out[i*m.Width:][:m.Width]
		for j := range out {
			sum := 0.0
			for _, s := range wide[j:][:m.K] {
				sum += s
			}
			out[j] = sum * factor
		}
	}
	return m.out
}

// adder adds a row to sums of columns and takes another off them; either may be nil. It
// tells whether all sums are sure to be finite.
type adder func(sums, add, off []float64) (finite bool)

// along writes the sums of k neighbours each, times a factor, to out; wide has k-1
// values more.
type along func(out, wide []float64, k int, factor float64)

// addRows is the loop of an adder, which is sure of nothing.
func addRows(sums, add, off []float64) (finite bool) {
	switch {
	case add != nil && off != nil:
		add, off = add[:len(sums)], off[:len(sums)]
		for j := range sums {
			sums[j] += add[j] - off[j]
		}
	case add != nil:
		for j := range sums {
			sums[j] += add[j]
		}
	case off != nil:
		for j := range sums {
			sums[j] -= off[j]
		}
	}
	return false
}

// runAlong has a sum that runs along the row: it loses one value and gains another.
func runAlong(out, wide []float64, k int, factor float64) {
	if len(out) == 0 {
		return
	}
	sum := total(wide[:k])
	out[0] = sum * factor
	gains, losses := wide[k:][:len(out)-1], wide[:len(out)-1]
	for j := range gains {
		if sum += gains[j] - losses[j]; sum-sum != 0 { // not a number, or infinite
			sum = total(wide[j+1:][:k])
		}
		out[j+1] = sum * factor
	}
}

func total(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum
}

// fillRows computes rows lo to hi with sums of columns that run down the image.
func fillRows(m *Image, lo, hi int, add adder, sum along) {
	r := m.K / 2
	wide := make([]float64, m.Width+2*r)
	columns := wide[r:][:m.Width:m.Width]
	for i := lo; i < hi; i++ {
		if i == lo {
			for y := i - r; y <= i+r; y++ {
				add(columns, row(m.Pixels, m, y), nil)
			}
		} else if !add(columns, row(m.Pixels, m, i+r), row(m.Pixels, m, i-r-1)) {
			renew(m, columns, i)
		}
		extend(wide, r, m)
		sum(m.out[i*m.Width:][:m.Width:m.Width], wide, m.K, 1/float64(m.K*m.K))
	}
}

// renew adds up anew the columns whose sum is no number, or infinite.
func renew(m *Image, columns []float64, i int) {
	for j, s := range columns {
		if s-s == 0 {
			continue
		}
		columns[j] = 0
		for y := i - m.K/2; y <= i+m.K/2; y++ {
			if from := row(m.Pixels, m, y); from != nil {
				columns[j] += from[j]
			}
		}
	}
}

// running runs on one CPU.
func running(add adder, sum along) func(Image) []float64 {
	return func(m Image) []float64 {
		fillRows(&m, 0, m.Height, add, sum)
		return m.out
	}
}

// bands gives each CPU a band of rows.
func bands(add adder, sum along) func(Image) []float64 {
	const least = 1 << 14 // pixels that take about as long as a goroutine takes to start
	return func(m Image) []float64 {
		schedule.Static(m.Height, min(kernels.Workers(), len(m.Pixels)/least+1), 0, func(lo, hi int) {
			fillRows(&m, lo, hi, add, sum)
		})
		return m.out
	}
}
