package anomaly

import "math"

// Online takes values one by one, keeps none, and has the four moments of all that it
// was given. The zero value has been given nothing.
type Online struct{ m moments }

// Add takes a value (Welford: Note on a method for calculating corrected sums of
// squares and products, Technometrics 4, 1962; the higher moments by Terriberry,
// 2007).
func (o *Online) Add(x float64) {
	m := &o.m
	before := m.n
	m.n++
	d := x - m.mean
	dn := d / m.n
	dn2 := dn * dn
	t := d * dn * before
	m.mean += dn
	m.m4 += t*dn2*(m.n*m.n-3*m.n+3) + 6*dn2*m.m2 - 4*dn*m.m3
	m.m3 += t*dn*(m.n-2) - 3*dn*m.m2
	m.m2 += t
}

// Rows is how many values it was given.
func (o *Online) Rows() int { return int(o.m.n) }

// Mean is the mean of the values; NaN if there are none.
func (o *Online) Mean() float64 {
	if o.m.n == 0 {
		return math.NaN()
	}
	return o.m.mean
}

// Deviation is the standard deviation of the values, as that of a whole population;
// NaN if there are none.
func (o *Online) Deviation() float64 { return math.Sqrt(o.m.m2 / o.m.n) }

// K2 is the statistic of the values: see the function K2.
func (o *Online) K2() float64 { return o.m.k2() }

// Merge takes the values that another was given (Pébay: Formulas for robust, one-pass
// parallel computation of covariances and arbitrary-order statistical moments, 2008).
func (o *Online) Merge(other Online) { o.m.merge(other.m) }

func (a *moments) merge(b moments) {
	if a.n == 0 || b.n == 0 {
		if a.n == 0 {
			*a = b
		}
		return
	}
	n := a.n + b.n
	d := b.mean - a.mean
	dn := d / n
	dn2 := dn * dn
	ab := a.n * b.n
	m2 := a.m2 + b.m2 + d*dn*ab
	m3 := a.m3 + b.m3 + d*dn2*ab*(a.n-b.n) + 3*dn*(a.n*b.m2-b.n*a.m2)
	m4 := a.m4 + b.m4 + d*dn*dn2*ab*(a.n*a.n-ab+b.n*b.n) +
		6*dn2*(a.n*a.n*b.m2+b.n*b.n*a.m2) + 4*dn*(a.n*b.m3-b.n*a.m3)
	*a = moments{n, a.mean + b.n*dn, m2, m3, m4}
}
