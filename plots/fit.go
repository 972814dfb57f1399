package plots

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

// confidence is that of bands and intervals.
const confidence = 0.95

// bandPoints is how many points draw a curved band.
const bandPoints = 60

// lineFit is a straight line through points by least squares; Draper and Smith,
// Applied regression analysis (1998), chapter 1.
type lineFit struct {
	n         int
	slope, at float64 // y = slope·x + at
	meanX     float64
	sxx       float64 // sum of squared distances from meanX
	noise     float64 // standard deviation of the residuals, NaN below 3 points
	r2        float64 // NaN where it says nothing
	t         float64 // Student's factor for the confidence, NaN below 3 points
	rss       float64 // sum of squared residuals
}

// fitLine fits the finite points. Its error says why there is no line.
func fitLine(x, y []float64) (lineFit, error) {
	f := lineFit{noise: nan(), r2: nan(), t: nan()}
	meanY, xs := 0.0, extentOf{}
	for i := range x {
		if finite(x[i]) && finite(y[i]) {
			f.n++
			f.meanX += (x[i] - f.meanX) / float64(f.n)
			meanY += (y[i] - meanY) / float64(f.n)
			xs.add(x[i])
		}
	}
	switch {
	case f.n == 0:
		return f, fmt.Errorf("there are no points")
	case f.n == 1:
		return f, fmt.Errorf("there is one point")
	case xs.min == xs.max:
		return f, fmt.Errorf("all points have the same x")
	}
	var sxy, syy float64
	for i := range x {
		if finite(x[i]) && finite(y[i]) {
			dx, dy := x[i]-f.meanX, y[i]-meanY
			f.sxx += dx * dx
			sxy += dx * dy
			syy += dy * dy
		}
	}
	f.slope = sxy / f.sxx
	f.at = meanY - f.slope*f.meanX
	for i := range x {
		if finite(x[i]) && finite(y[i]) {
			r := (y[i] - meanY) - f.slope*(x[i]-f.meanX)
			f.rss += r * r
		}
	}
	if !finite(f.slope) || !finite(f.at) || !finite(f.rss) || !finite(syy) || !finite(f.sxx) || f.sxx == 0 {
		return f, fmt.Errorf("the numbers are too large or too close together")
	}
	if f.n > 2 {
		f.noise = math.Sqrt(f.rss / float64(f.n-2))
		f.t = studentQuantile(confidence, f.n-2)
		if syy > 0 {
			f.r2 = 1 - f.rss/syy
		}
	}
	return f, nil
}

// mean is the line's y, where the mean of many measurements at x is expected.
func (f lineFit) mean(x float64) float64 { return f.at + f.slope*x }

// half is half of the width of the confidence band of that mean.
func (f lineFit) half(x float64) float64 {
	d := x - f.meanX
	return f.t * f.noise * math.Sqrt(1/float64(f.n)+d*d/f.sxx)
}

// slopeHalf is half of the width of the slope's confidence interval.
func (f lineFit) slopeHalf() float64 { return f.t * f.noise / math.Sqrt(f.sxx) }

// ruler maps an axis to the coordinates in which its line is straight.
type ruler struct{ log bool }

func (r ruler) to(v float64) float64 {
	if r.log {
		return math.Log10(v)
	}
	return v
}

func (r ruler) from(v float64) float64 {
	if r.log {
		return math.Pow(10, v)
	}
	return v
}

func (r ruler) all(v []float64) []float64 {
	if r.log {
		return logs(v)
	}
	return v
}

// drawn is the line of a fit from x0 to x1 with its band, in data coordinates.
// The band may leave the axes: a few points would otherwise squeeze the data.
func (f lineFit) drawn(rx, ry ruler, x0, x1 float64) LayerData {
	out := LayerData{Kind: KindLine, Thin: true}
	from, to := rx.to(x0), rx.to(x1)
	points := bandPoints
	if f.n < 3 {
		points = 2
	}
	for i := range points {
		x := from + (to-from)*float64(i)/float64(points-1)
		y := f.mean(x)
		out.X, out.Y = append(out.X, rx.from(x)), append(out.Y, ry.from(y))
		if f.n > 2 {
			low, high := ry.from(y-f.half(x)), ry.from(y+f.half(x))
			if !finite(low) || !finite(high) || ry.log && low < 1e-300 {
				low, high = nan(), nan()
			}
			out.Low, out.High = append(out.Low, low), append(out.High, high)
		}
	}
	out.X[0], out.X[points-1] = x0, x1
	return out
}

// fitted is the line through the points of a scatter, or nothing and a note.
func (e *encoder) fitted(who string, s series) []LayerData {
	rx, ry := ruler{e.fig.X.Log}, ruler{e.fig.Y.Log}
	if e.categories.names != nil {
		e.note("%s: no line is fitted, since x has names", who)
		return nil
	}
	f, err := fitLine(rx.all(s.x), ry.all(s.y))
	if err != nil {
		e.note("%s: no line is fitted: %v", who, err)
		return nil
	}
	if f.n == 2 {
		e.note("%s: a line through 2 points has no confidence band", who)
	}
	r := rangeOf(s.x)
	out := f.drawn(rx, ry, r.min, r.max)
	for _, y := range out.Y {
		if !finite(y) || ry.log && y < 1e-300 {
			e.note("%s: the fitted line can't be drawn on these axes", who)
			return nil
		}
	}
	e.y.add(out.Y...)
	out.Name = e.equation(f)
	return []LayerData{out}
}

// equation writes a fit for reading, with the units of the axes: a straight
// line on linear axes, a power on logarithmic ones, and what is straight on one
// of each.
func (e *encoder) equation(f lineFit) string {
	xUnit, yUnit := e.fig.X.Unit, e.fig.Y.Unit
	if xUnit == "" {
		xUnit = e.xUnit
	}
	if yUnit == "" {
		yUnit = e.yUnit
	}
	x, y := symbol(e.fig.X.Label, "x"), symbol(e.fig.Y.Label, "y")
	var s string
	switch {
	case e.fig.X.Log && e.fig.Y.Log:
		s = y + " ∝ " + x + "^" + decimals(f.slope, f.slopeHalf())
	case e.fig.Y.Log: // log y = slope·x + at: y = 10^at · e^(slope·ln 10·x)
		rate := f.slope * math.Ln10
		s = fmt.Sprintf("%s = %s · e^(%s · %s)", y, SI(math.Pow(10, f.at), yUnit), per(rate, "", xUnit), x)
	case e.fig.X.Log:
		if xUnit != "" {
			x = "(" + x + " / " + xUnit + ")"
		}
		s = fmt.Sprintf("%s = %s", y, sum(SI(f.at, yUnit), f.slope, SI(math.Abs(f.slope), yUnit)+" · log₁₀ "+x))
	default:
		s = fmt.Sprintf("%s = %s", y, sum(per(f.slope, yUnit, xUnit)+" · "+x, f.at, SI(math.Abs(f.at), yUnit)))
	}
	if !math.IsNaN(f.r2) {
		s += ", R² " + rSquared(f.r2)
	}
	return s
}

// sum adds a term whose sign is that of v.
func sum(first string, v float64, term string) string {
	switch {
	case v == 0:
		return first
	case v < 0:
		return first + " − " + term
	}
	return first + " + " + term
}

// per writes v in units of y by x: "1.2 MB/s", "3/s", "5".
func per(v float64, y, x string) string {
	switch {
	case x == "" || x == y:
		if x == y {
			y = ""
		}
		return SI(v, y)
	case y == "":
		return SI(v, "") + "/" + x
	}
	return SI(v, y) + "/" + x
}

// symbol is what an equation calls an axis: its label, if that is a letter or
// two, such as n.
func symbol(label, otherwise string) string {
	if n := utf8.RuneCountInString(label); n == 0 || n > 2 || strings.ContainsAny(label, " \t\n") {
		return otherwise
	}
	return label
}

// rSquared has two decimals, and more where those would make it 1.
func rSquared(r2 float64) string {
	for d := 2; d < 6; d++ {
		if s := fmt.Sprintf("%.*f", d, r2); s[0] != '1' || r2 == 1 {
			return s
		}
	}
	return "1"
}

// decimals writes v with the first digit that its uncertainty leaves, at least
// two decimals and at most four.
func decimals(v, half float64) string {
	return fmt.Sprintf("%.*f", places(half), v)
}

func places(half float64) int {
	if !(half >= exact) || !finite(half) {
		return 2
	}
	return min(max(int(math.Ceil(-math.Log10(half))), 2), 4)
}

// exact is the uncertainty below which none is written.
const exact = 0.5e-4
