package matmul

import (
	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// number is what panels and tiles are made of.
type number interface{ float32 | float64 }

// tile is a piece of the result that stays in registers.
type tile[T number] struct {
	rows, columns int
	// run adds nothing to what is there: out, rows times columns values, becomes the
	// product of a panel of A, rows values for each k, and one of B, columns values for
	// each k.
	run func(out, a, b []T)
}

// scalar keeps 4 by 2 sums: with the 6 values they are made of, as many as fit in the
// registers that the compiler uses.
func scalar[T number]() tile[T] { return tile[T]{4, 2, by1[T]} }

func by1[T number](out, a, b []T) {
	var c00, c01, c10, c11, c20, c21, c30, c31 T
	for len(a) >= 4 && len(b) >= 2 {
		b0, b1 := b[0], b[1]
		a0, a1, a2, a3 := a[0], a[1], a[2], a[3]
		c00 += a0 * b0
		c01 += a0 * b1
		c10 += a1 * b0
		c11 += a1 * b1
		c20 += a2 * b0
		c21 += a2 * b1
		c30 += a3 * b0
		c31 += a3 * b1
		a, b = a[4:], b[2:]
	}
	copy(out, []T{c00, c01, c10, c11, c20, c21, c30, c31})
}

const (
	depth       = 256  // values of k in a panel: a panel of B stays in the first cache
	mostRows    = 96   // of A in a block, which stays in the second cache
	mostColumns = 2048 // of B in a block, which stays in the third
	largestTile = 4 * 32
)

// product returns the row that multiplies with a tile, on a number of CPUs; 0: all.
// Values become those of the tile when they are packed, and 64 bits again when a block's
// sums are added to the result.
func product[T number](t tile[T], workers int) func(Pair) []float64 {
	return func(p Pair) []float64 {
		n, workers := p.N, workers
		if workers == 0 {
			workers = kernels.Workers()
		}
		if n == 0 {
			return []float64{}
		}
		m := multiplication[T]{tile: t, Pair: p, c: make([]float64, n*n), workers: workers}
		blocks := workers * ((n-1)/(mostRows*workers) + 1)
		m.blockRows = roundUp((n-1)/blocks+1, t.rows)
		m.b = make([]T, min(n, depth)*roundUp(min(n, mostColumns), t.columns))
		m.free = make(chan []T, workers)
		for range workers {
			m.free <- make([]T, min(n, depth)*m.blockRows)
		}
		for j := 0; j < n; j += mostColumns {
			for k := 0; k < n; k += depth {
				m.block(k, min(k+depth, n), j, min(j+mostColumns, n))
			}
		}
		return m.c
	}
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// multiplication is one under way. Its goroutines are those of package schedule.
type multiplication[T number] struct {
	tile[T]
	Pair
	c         []float64
	b         []T      // a block of B in panels
	free      chan []T // room for blocks of A in panels, one for each worker
	workers   int
	blockRows int // of A in a block
}

// block adds what values k to kEnd of the rows of A, and columns j to jEnd of B, give.
func (m *multiplication[T]) block(k, kEnd, j, jEnd int) {
	panels := (jEnd - j + m.columns - 1) / m.columns
	length := m.columns * (kEnd - k) // of a panel of B
	schedule.Static(panels, m.workers, 0, func(lo, hi int) {
		for panel := lo; panel < hi; panel++ {
			from := j + panel*m.columns
			packColumns(m.b[panel*length:][:length], m.B[k*m.N:kEnd*m.N], m.N, from, min(from+m.columns, jEnd), m.columns)
		}
	})
	schedule.Dynamic((m.N-1)/m.blockRows+1, m.workers, 1, func(lo, hi int) {
		a := <-m.free
		for i := lo * m.blockRows; i < min(hi*m.blockRows, m.N); i += m.blockRows {
			m.rowsOf(a, i, min(i+m.blockRows, m.N), k, kEnd, j, jEnd)
		}
		m.free <- a
	})
}

// rowsOf is block for rows i to iEnd of A, of which it makes panels in a.
func (m *multiplication[T]) rowsOf(a []T, i, iEnd, k, kEnd, j, jEnd int) {
	lengthA, lengthB := m.rows*(kEnd-k), m.columns*(kEnd-k)
	for from, panel := i, a; from < iEnd; from += m.rows {
		packRows(panel[:lengthA], m.A, m.N, from, min(from+m.rows, iEnd), k, m.rows)
		panel = panel[lengthA:]
	}
	var sums [largestTile]T
	for column, b := j, m.b; column < jEnd; column += m.columns {
		for from, panel := i, a; from < iEnd; from += m.rows {
			m.run(sums[:m.rows*m.columns], panel[:lengthA], b[:lengthB])
			addTile(m.c[from*m.N+column:], sums[:], m.N, min(m.rows, iEnd-from), min(m.columns, jEnd-column), m.columns)
			panel = panel[lengthA:]
		}
		b = b[lengthB:]
	}
}

// packColumns writes columns from to to of the rows of b, in which rows have n values,
// one row after the other, each filled up with zeros to a width.
func packColumns[T number](out []T, b []float64, n, from, to, width int) {
	for len(b) >= n && len(out) >= width {
		filled := convert(out, b[from:to])
		clear(out[filled:width])
		b, out = b[n:], out[width:]
	}
}

// convert is copy from 64 bits a number.
func convert[T number](out []T, values []float64) int {
	if same, ok := any(out).([]float64); ok {
		return copy(same, values)
	}
	for i, v := range values {
		out[i] = T(v)
	}
	return len(values)
}

// packRows writes rows from to to of a, beginning at column k, one column after the
// other, each filled up with zeros to a height.
func packRows[T number](out []T, a []float64, n, from, to, k, height int) {
	columns := len(out) / height
	if to-from < height {
		clear(out)
	}
	for i := from; i < to; i++ {
		row, place := a[i*n+k:][:columns], i-from
		for _, v := range row {
			out[place] = T(v)
			place += height
		}
	}
}

// addTile adds rows by columns of the sums, whose rows have a width, to c, whose rows
// have n values.
func addTile[T number](c []float64, sums []T, n, rows, columns, width int) {
	for r := range rows {
		to, from := c[r*n:][:columns], sums[r*width:][:columns]
		for j := range to {
			to[j] += float64(from[j])
		}
	}
}
