package convolution

import (
	"hpgo/kernels"
	"hpgo/kernels/filter"
	"hpgo/kernels/schedule"
)

// At is the value of a pixel, also of one a row or a column beyond the border.
func (m Image) At(row, column int) float64 {
	return m.Pixels[(row+m.Height)%m.Height*m.Width+(column+m.Width)%m.Width]
}

// general is by way of the routine for weights of any number and an image of any kind.
func general(m Image) []float64 {
	filter.Convolve(m.out, m.Width, m.Height, &m, m.Weights[:], 3)
	return m.out
}

// padded makes a larger image first, with the other side beyond its border, so that the
// loops ask for nothing.
func padded(m Image) []float64 {
	if len(m.Pixels) == 0 {
		return m.out
	}
	wide := m.Width + 2
	pixels := make([]float64, wide*(m.Height+2))
	for i := range m.Height + 2 {
		from, to := m.row(i-1), pixels[i*wide:][:wide]
		copy(to[1:], from)
		to[0], to[wide-1] = from[m.Width-1], from[0]
	}
	for i := range m.Height {
		for j := range m.Width {
			sum := 0.0
			for y := range 3 {
				for x, p := range pixels[(i+y)*wide+j:][:3] {
					sum += m.Weights[3*y+x] * p
				}
			}
			m.out[i*m.Width+j] = sum
		}
	}
	return m.out
}

// row is a row of pixels, also one beyond the border.
func (m *Image) row(i int) []float64 {
	i = (i + m.Height) % m.Height
	return m.Pixels[i*m.Width:][:m.Width:m.Width]
}

// shifted adds up nine passes along each row, one for a weight, as with slices of NumPy.
func shifted(out, above, here, below []float64, w *[9]float64) {
	clear(out)
	for y, from := range [3][]float64{above, here, below} {
		for x := range 3 {
			add(out, from, w[3*y+x], x-1)
		}
	}
}

// add adds a weight times the values a place on, or one back.
func add(out, from []float64, weight float64, by int) {
	n := len(from)
	switch {
	case by < 0:
		out[0] += weight * from[n-1]
		out, from = out[1:], from[:n-1]
	case by > 0:
		out[n-1] += weight * from[0]
		out, from = out[:n-1], from[1:]
	}
	for j, p := range from[:len(out)] {
		out[j] += weight * p
	}
}

// filler computes a row from it and its neighbours, which are as long; none is empty.
type filler func(out, above, here, below []float64, w *[9]float64)

// unrolled has the nine products in one expression. Slices that are as long as the
// loop goes need no checks in it.
func unrolled(out, above, here, below []float64, w *[9]float64) {
	n := len(here)
	ends(out, above, here, below, w)
	if n < 3 {
		return
	}
	w0, w1, w2, w3, w4, w5, w6, w7, w8 := w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7], w[8]
	inner := out[1 : n-1]
	a0, a1, a2 := above[:len(inner)], above[1:][:len(inner)], above[2:][:len(inner)]
	h0, h1, h2 := here[:len(inner)], here[1:][:len(inner)], here[2:][:len(inner)]
	b0, b1, b2 := below[:len(inner)], below[1:][:len(inner)], below[2:][:len(inner)]
	for j := range inner {
		inner[j] = (w0*a0[j] + w1*a1[j] + w2*a2[j]) + (w3*h0[j] + w4*h1[j] + w5*h2[j]) + (w6*b0[j] + w7*b1[j] + w8*b2[j])
	}
}

// ends computes the first and the last of a row, whose neighbours are on its other end.
func ends(out, above, here, below []float64, w *[9]float64) {
	last := len(here) - 1
	out[0] = three(above, last, 0, min(1, last), w[0:3]) + three(here, last, 0, min(1, last), w[3:6]) + three(below, last, 0, min(1, last), w[6:9])
	if last > 0 {
		out[last] = three(above, last-1, last, 0, w[0:3]) + three(here, last-1, last, 0, w[3:6]) + three(below, last-1, last, 0, w[6:9])
	}
}

func three(row []float64, left, middle, right int, w []float64) float64 {
	return w[0]*row[left] + w[1]*row[middle] + w[2]*row[right]
}

// fillRows computes rows lo to hi-1.
func (m *Image) fillRows(lo, hi int, f filler) {
	if m.Width == 0 {
		return
	}
	for i := lo; i < hi; i++ {
		f(m.out[i*m.Width:][:m.Width:m.Width], m.row(i-1), m.row(i), m.row(i+1), &m.Weights)
	}
}

// one runs on one CPU.
func one(f filler) func(Image) []float64 {
	return func(m Image) []float64 {
		m.fillRows(0, m.Height, f)
		return m.out
	}
}

// bands gives each CPU a band of rows.
func bands(f filler) func(Image) []float64 {
	const least = 1 << 13 // pixels that take some times what it takes to hand out a band
	return func(m Image) []float64 {
		schedule.Static(m.Height, min(kernels.Workers(), len(m.Pixels)/least+1), 0, func(lo, hi int) { m.fillRows(lo, hi, f) })
		return m.out
	}
}

// single rounds pixels to 32 bits, three rows at a time, and has products and sums of
// them.
func single(m Image) []float64 {
	if m.Width == 0 || m.Height == 0 {
		return m.out
	}
	n := m.Width
	var w [9]float32
	for k, v := range m.Weights {
		w[k] = float32(v)
	}
	narrow := func(row []float32, i int) {
		for j, p := range m.row(i) {
			row[j+1] = float32(p)
		}
		row[0], row[n+1] = row[n], row[1]
	}
	above, here, below := make([]float32, n+2), make([]float32, n+2), make([]float32, n+2)
	narrow(above, -1)
	narrow(here, 0)
	for i := range m.Height {
		narrow(below, i+1)
		for j := range m.out[i*n:][:n] {
			a, h, b := above[j:][:3], here[j:][:3], below[j:][:3]
			m.out[i*n+j] = float64((w[0]*a[0] + w[1]*a[1] + w[2]*a[2]) + (w[3]*h[0] + w[4]*h[1] + w[5]*h[2]) + (w[6]*b[0] + w[7]*b[1] + w[8]*b[2]))
		}
		above, here, below = here, below, above
	}
	return m.out
}
