package plots

import (
	"math"
	"unicode/utf8"
)

// course says where the values of a line or scatter lie along x, and how they
// go: " over n 1 to 9, rising throughout".
func (d Data) course(l LayerData) string {
	if l.Kind != KindLine && l.Kind != KindScatter || l.Boxes != nil {
		return ""
	}
	var x, y []float64
	for i, v := range l.amounts() {
		if !math.IsNaN(v) && !math.IsNaN(l.X[i]) {
			x, y = append(x, l.X[i]), append(y, v)
		}
	}
	if len(y) == 0 {
		return ""
	}
	r := rangeOf(x)
	name := "x"
	if label := oneLine(d.X.Label); label != "" {
		name = shortLabel(label)
	}
	if r.min == r.max {
		return " at " + name + " " + onAxis(d.X, r.min)
	}
	s := " over " + name + " " + onAxis(d.X, r.min) + " to " + onAxis(d.X, r.max)
	return s + ", " + d.trend(x, y)
}

// trend says whether values rise or fall: all along, or on the whole where the
// correlation on the axes, as they are drawn, is strong. If neither, it says
// where the extremes lie.
func (d Data) trend(x, y []float64) string {
	up, down := true, true
	least, greatest := 0, 0
	for i := range y {
		if i > 0 {
			forward := x[i] > x[i-1]
			up = up && forward && y[i] >= y[i-1]
			down = down && forward && y[i] <= y[i-1]
		}
		if y[i] < y[least] {
			least = i
		}
		if y[i] > y[greatest] {
			greatest = i
		}
	}
	const strong = 0.7
	r := correlation(scaleOf(d.X), scaleOf(d.Y), x, y)
	switch {
	case y[least] == y[greatest]:
		return "all equal"
	case up:
		return "rising throughout"
	case down:
		return "falling throughout"
	case r > strong:
		return "rising on the whole"
	case r < -strong:
		return "falling on the whole"
	}
	return "least at " + onAxis(d.X, x[least]) + ", greatest at " + onAxis(d.X, x[greatest])
}

// correlation is Pearson's coefficient of places on two axes.
func correlation(sx, sy scale, x, y []float64) float64 {
	n := float64(len(x))
	mx, my := 0.0, 0.0
	for i := range x {
		mx, my = mx+sx.at(x[i])/n, my+sy.at(y[i])/n
	}
	xx, yy, xy := 0.0, 0.0, 0.0
	for i := range x {
		dx, dy := sx.at(x[i])-mx, sy.at(y[i])-my
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	return xy / math.Sqrt(xx*yy)
}

// shortLabel keeps an axis's label from making a description long.
func shortLabel(s string) string {
	const most = 40
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	return padded(s, most)
}
