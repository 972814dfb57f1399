package plots

import "math"

// kdePoints is the size of the grid on which densities are estimated: about
// one point for each pixel of the usual figure. Values of which a few are far
// off need more, as most of them share a pixel or two.
const (
	kdePoints = 512
	kdeMost   = 1 << 18
)

// kde is a density on a grid of equal steps.
type kde struct {
	from, step float64
	y          []float64
	h, asked   float64 // the bandwidth, and the one it was raised from
}

// kdeGrid is how many points a grid of a length has for a bandwidth: steps of
// half of it where those of the usual grid would be wider than the whole.
func kdeGrid(length, h float64) int {
	if h >= length/(kdePoints-1) {
		return kdePoints
	}
	return int(math.Min(math.Ceil(2*(length/h)), kdeMost-1)) + 1
}

// silverman is the bandwidth 0.9 min(s, IQR/1.34) n^(-1/5) for sorted values:
// Silverman, Density estimation for statistics and data analysis (1986),
// equation 3.31. It is 0 for values that are all equal.
func silverman(sorted []float64) float64 {
	n := float64(len(sorted))
	mean, sum := 0.0, 0.0
	for _, v := range sorted {
		mean += v / n
	}
	for _, v := range sorted {
		sum += (v - mean) * (v - mean)
	}
	if sorted[0] == sorted[len(sorted)-1] {
		return 0
	}
	width := math.Sqrt(sum / (n - 1))
	if iqr := (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 1.34; iqr > 0 {
		width = math.Min(width, iqr)
	}
	return 0.9 * width * math.Pow(n, -0.2)
}

// estimate is the density of sorted values with a Gaussian kernel of bandwidth
// h, from lo to hi. Values are spread over the two nearest points of the grid
// first, and the grid is then smoothed, which takes one pass over the values:
// Wand and Jones, Kernel smoothing (1995), appendix D. If the grid starts where
// values can't be, what is smoothed beyond comes back (Silverman, section 2.10).
// A bandwidth below the step of the finest grid is raised to it.
func estimate(sorted []float64, h, lo, hi float64, bounded bool) kde {
	points := kdeGrid(hi-lo, h)
	last := points - 1
	k := kde{from: lo, step: (hi - lo) / float64(last), y: make([]float64, points)}
	k.asked, k.h = h, math.Max(h, k.step)
	h = k.h
	mass := make([]float64, points)
	for _, v := range sorted {
		at := (v - lo) / k.step
		if !(at >= 0 && at <= float64(last)) {
			at = min(max(at, 0), float64(last)) // off by a rounding
		}
		i := min(int(at), last-1)
		mass[i] += 1 - (at - float64(i))
		mass[i+1] += at - float64(i)
	}
	reach := int(math.Min(math.Ceil(5*(h/k.step)), float64(last)))
	bell := make([]float64, reach+1)
	for i := range bell {
		z := float64(i) * k.step / h
		bell[i] = math.Exp(-z*z/2) / (math.Sqrt(2*math.Pi) * h * float64(len(sorted)))
	}
	for i, m := range mass {
		if m == 0 {
			continue
		}
		for j := max(0, i-reach); j <= min(last, i+reach); j++ {
			k.y[j] += m * bell[max(i-j, j-i)]
		}
		for j := 0; bounded && i+j <= reach && j <= last; j++ {
			k.y[j] += m * bell[i+j]
		}
	}
	return k
}

// at is the place of the ith point of the grid.
func (k kde) at(i int) float64 { return k.from + k.step*float64(i) }

// peak is the greatest density.
func (k kde) peak() float64 {
	top := 0.0
	for _, v := range k.y {
		top = math.Max(top, v)
	}
	return top
}

// drawn is the density at about the given number of places, at most kdePoints:
// each nth and the last, and of a finer grid also the extremes between them.
func (k kde) drawn(places int) (at, y []float64) {
	by := (len(k.y) + places - 1) / places
	add := func(i int) { at, y = append(at, k.at(i)), append(y, k.y[i]) }
	for from := 0; from < len(k.y); from += by {
		to := min(from+by, len(k.y))
		add(from)
		if len(k.y) > kdePoints {
			least, greatest := from, from
			for i := from; i < to; i++ {
				if k.y[i] < k.y[least] {
					least = i
				}
				if k.y[i] > k.y[greatest] {
					greatest = i
				}
			}
			for _, i := range []int{min(least, greatest), max(least, greatest)} {
				if i != from && k.at(i) > at[len(at)-1] {
					add(i)
				}
			}
		}
	}
	if last := len(k.y) - 1; k.at(last) > at[len(at)-1] {
		add(last)
	}
	return at, y
}
