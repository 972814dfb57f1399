package rolling

import "fmt"

// Table is series of Length values each, one after the other, and the window that moves
// along each of them, with room for results. A window's x are 0, 1, ..., Window-1.
type Table struct {
	Length, Window int
	Y              []float64
	out            []float64
}

// Of returns the table of series that are one after the other in y.
func Of(length, window int, y []float64) Table {
	t := Table{Length: length, Window: window, Y: y}
	if length > 0 && window > 0 && length >= window {
		t.out = make([]float64, len(y)/length*(length-window+1))
	}
	return t
}

// The source's windows, and days that have 730 of them.
const (
	days   = 14
	length = 730 + days - 1
)

// Make returns the series of a number of users: hours a day, whole minutes from 0 to
// 120 that are all as likely.
func Make(users int) (Table, error) {
	if users < 0 || users > 1<<18 {
		return Table{}, fmt.Errorf("%d users: it is from 0 to %d", users, 1<<18)
	}
	y := make([]float64, users*length)
	for i := range y {
		y[i] = float64(mixed(uint64(i))%121) / 60
	}
	return Of(length, days, y), nil
}

// mixed is value i of splitmix64 (Steele, Lea and Flood, 2014).
func mixed(i uint64) uint64 {
	const golden = 0x9e3779b97f4a7c15
	z := (i + 1) * golden
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// Plain is the loop that everything here equals.
func Plain(t Table) []float64 {
	slopes := t.out[:0]
	n := float64(t.Window)
	for first := 0; first < len(t.Y); first += t.Length {
		for s := first; s+t.Window <= first+t.Length; s++ {
			var sx, sy, sxx, sxy float64
			for j := 0; j < t.Window; j++ {
				x, y := float64(j), t.Y[s+j]
				sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
			}
			slopes = append(slopes, (n*sxy-sx*sy)/(n*sxx-sx*sx))
		}
	}
	return slopes
}
