package ols

import (
	"fmt"
	"sort"
)

// Table is rows of Columns values each, one row after the other. The line's x are 0, 1,
// ..., Columns-1.
type Table struct {
	Columns int
	Y       []float64
}

// days are the source's columns.
const days = 14

// Make returns the source's table with a number of rows.
func Make(rows int) (Table, error) {
	if rows < 0 || rows > 1<<23 {
		return Table{}, fmt.Errorf("%d rows: it is from 0 to %d", rows, 1<<23)
	}
	t := Table{Columns: days, Y: make([]float64, rows*days)}
	shares := poisson60()
	for i := range t.Y {
		u := uniform(uint64(i))
		count := sort.Search(len(shares), func(k int) bool { return shares[k] > u })
		t.Y[i] = float64(count) / 60
	}
	return t, nil
}

// poisson60 returns for each count up to 199 how likely a Poisson number of mean 60 is
// at most that: additions, products and divisions that round alike in all languages.
func poisson60() []float64 {
	out := make([]float64, 200)
	term, sum := 8.756510762696521e-27, 0.0 // exp(-60)
	for k := range out {
		sum += term
		out[k] = sum
		term = float64(term*60) / float64(k+1)
	}
	return out
}

// uniform returns value i in [0, 1) of splitmix64 (Steele, Lea and Flood, 2014), which
// every language can have.
func uniform(i uint64) float64 {
	const golden = 0x9e3779b97f4a7c15
	z := (i + 1) * golden
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

// Plain is the loop that everything here equals.
func Plain(t Table) []float64 {
	slopes := make([]float64, len(t.Y)/t.Columns)
	n := float64(t.Columns)
	for i := range slopes {
		y := t.Y[i*t.Columns:]
		var sx, sy, sxx, sxy float64
		for j := 0; j < t.Columns; j++ {
			x := float64(j)
			sx, sy, sxx, sxy = sx+x, sy+y[j], sxx+x*x, sxy+x*y[j]
		}
		slopes[i] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	}
	return slopes
}
