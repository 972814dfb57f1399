package plots

import "math"

// kdePoints is the size of the grid on which densities are estimated: about
// one point for each pixel of the usual figure.
const kdePoints = 512

// kde is a density on a grid of equal steps.
type kde struct {
	from, step float64
	y          []float64
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
// A bandwidth below the grid's step is raised to it: nobody sees less.
func estimate(sorted []float64, h, lo, hi float64, bounded bool) kde {
	k := kde{from: lo, step: (hi - lo) / (kdePoints - 1), y: make([]float64, kdePoints)}
	h = math.Max(h, k.step)
	mass := make([]float64, kdePoints)
	for _, v := range sorted {
		at := (v - lo) / k.step
		if !(at >= 0 && at <= kdePoints-1) {
			at = min(max(at, 0), kdePoints-1) // off by a rounding
		}
		i := min(int(at), kdePoints-2)
		mass[i] += 1 - (at - float64(i))
		mass[i+1] += at - float64(i)
	}
	reach := int(math.Min(math.Ceil(5*(h/k.step)), kdePoints-1))
	bell := make([]float64, reach+1)
	for i := range bell {
		z := float64(i) * k.step / h
		bell[i] = math.Exp(-z*z/2) / (math.Sqrt(2*math.Pi) * h * float64(len(sorted)))
	}
	for i, m := range mass {
		if m == 0 {
			continue
		}
		for j := max(0, i-reach); j <= min(kdePoints-1, i+reach); j++ {
			k.y[j] += m * bell[max(i-j, j-i)]
		}
		for j := 0; bounded && i+j <= reach && j < kdePoints; j++ {
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

// every keeps each nth point and the last.
func (k kde) every(n int) (at, y []float64) {
	for i := range k.y {
		if i%n == 0 || i == len(k.y)-1 {
			at, y = append(at, k.at(i)), append(y, k.y[i])
		}
	}
	return at, y
}
