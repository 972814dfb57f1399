package plots

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// GrowthFit says how times grow with sizes.
type GrowthFit struct {
	// T ≈ Factor · n^Exponent, by least squares of the logarithms. Durations
	// count in seconds.
	Exponent float64
	Factor   float64
	// Interval holds the exponent with a confidence of 95 %, if the errors of
	// the logarithms are independent and normal. It is infinite for two points.
	Interval [2]float64
	R2       float64 // of the logarithms; NaN where it says nothing

	// Curves are O(1), O(log n), O(n), O(n log n), O(n²) and O(n³), each with the
	// one factor that fits best, the best curve first.
	Curves   []GrowthCurve
	Best     string // name of the first curve, empty if none can be compared
	RunnerUp string // name of the second

	// Sure says that the best curve is clearly better than the second and that
	// the measurements, six sizes at least, don't contradict it: none is farther
	// from it than a tenth, or the interval holds an exponent of the curve and the
	// times don't bend away from it. Of
	// right curves one in ten is missed that way. Why is what keeps the best
	// curve from being sure.
	Sure bool
	Why  string

	misfit bool // no curve fits
}

// GrowthCurve is a curve T ≈ Factor · f(n).
type GrowthCurve struct {
	Name   string // "O(n log n)"
	Factor float64
	// Behind is the distance in AICc to the best curve: e^(-Behind/2) is how
	// likely the curve is beside it.
	Behind float64
}

// growthCurve is a candidate.
type growthCurve struct {
	name string
	f    func(n float64) float64
}

// growthCurves are the candidates, which FitGrowth compares.
func growthCurves() []growthCurve {
	return []growthCurve{
		{"O(1)", func(n float64) float64 { return 1 }},
		{"O(log n)", math.Log2},
		{"O(n)", func(n float64) float64 { return n }},
		{"O(n log n)", func(n float64) float64 { return n * math.Log2(n) }},
		{"O(n²)", func(n float64) float64 { return n * n }},
		{"O(n³)", func(n float64) float64 { return n * n * n }},
	}
}

// FitGrowth finds how t, times or counts of any kind, grows with n, sizes:
// slices of numbers or durations of one length, or nil and a map from sizes. t
// may also hold a slice of repeated measurements for each size; they count as one, their geometric mean,
// because what is off for a size is off for all of them. It fails if fewer than
// two sizes have values above zero.
func FitGrowth(n, t any) (GrowthFit, error) {
	x, y, err := repeated(n, t)
	if err != nil {
		return GrowthFit{}, fmt.Errorf("growth: %w", err)
	}
	cx, cy, err := growthColumns(x, y)
	if err != nil {
		return GrowthFit{}, fmt.Errorf("growth: %w", err)
	}
	if cx.labels != nil || cy.labels != nil {
		return GrowthFit{}, fmt.Errorf("growth: n holds names, or t does, which are no numbers")
	}
	if len(cx.v) != len(cy.v) {
		return GrowthFit{}, fmt.Errorf("growth: n has %s and t has %d", values(cx.len()), cy.len())
	}
	g, _, err := fitGrowth(cx.v, cy.v)
	if err != nil {
		return g, fmt.Errorf("growth: %w", err)
	}
	return g, nil
}

// growthColumns reads sizes and times; without sizes those of a map.
func growthColumns(n, t any) (sizes, times column, err error) {
	if n == nil && isMap(t) {
		if sizes, times, err = mapColumns(t); err != nil {
			return sizes, times, fmt.Errorf("the map t %w", err)
		}
		return sizes, times, nil
	}
	if sizes, err = columnOf(nil, n); err != nil {
		return sizes, times, fmt.Errorf("n %w", err)
	}
	if times, err = columnOf(nil, t); err != nil {
		return sizes, times, fmt.Errorf("t %w", err)
	}
	return sizes, times, nil
}

// perSize are the sizes, ascending, with the geometric mean of their times;
// what isn't above zero is left out.
func perSize(n, t []float64) (sizes, means []float64) {
	sum, count := map[float64]float64{}, map[float64]float64{}
	for i := range n {
		if finite(n[i]) && finite(t[i]) && n[i] > 0 && t[i] > 0 {
			sum[n[i]] += math.Log(t[i])
			count[n[i]]++
		}
	}
	sizes = slices.Sorted(maps.Keys(sum))
	for _, size := range sizes {
		means = append(means, math.Exp(sum[size]/count[size]))
	}
	return sizes, means
}

// fitGrowth fits the points above zero; the line is that of the power law, in
// decimal logarithms.
func fitGrowth(n, t []float64) (GrowthFit, lineFit, error) {
	x, y := perSize(n, t)
	if len(x) < 2 {
		return GrowthFit{}, lineFit{}, fmt.Errorf("no exponent can be fitted: it takes two sizes with times above zero, and there are %d", len(x))
	}
	f, err := fitLine(logs(x), logs(y))
	if err != nil {
		return GrowthFit{}, f, fmt.Errorf("no exponent can be fitted: %w", err)
	}
	g := GrowthFit{Exponent: f.slope, Factor: math.Pow(10, f.at), R2: f.r2}
	g.Interval = [2]float64{math.Inf(-1), math.Inf(1)}
	if half := f.slopeHalf(); finite(half) {
		g.Interval = [2]float64{f.slope - half, f.slope + half}
	}
	g.compare(x, y)
	return g, f, nil
}

// compare ranks the candidates by the sizes above 1: at 1, log n is nothing.
func (g *GrowthFit) compare(n, t []float64) {
	from, _ := slices.BinarySearch(n, math.Nextafter(1, 2))
	x, y := n[from:], t[from:]
	if len(x) == 0 {
		g.Why = "no size is above 1"
		return
	}
	m := float64(len(x))
	// The residuals of an exact fit are roundings: they rank nothing.
	loss := func(rss float64) float64 { return m * math.Log(rss/m+leastNoise*leastNoise) }
	for _, c := range growthCurves() {
		factor, rss := onlyFactor(c.f, x, y)
		g.Curves = append(g.Curves, GrowthCurve{Name: c.name, Factor: factor, Behind: loss(rss)})
	}
	slices.SortStableFunc(g.Curves, func(a, b GrowthCurve) int {
		switch {
		case a.Behind < b.Behind:
			return -1
		case a.Behind > b.Behind:
			return 1
		}
		return 0
	})
	least := g.Curves[0].Behind
	for i := range g.Curves {
		g.Curves[i].Behind -= least
	}
	g.Best, g.RunnerUp = g.Curves[0].Name, g.Curves[1].Name
	g.Why, g.misfit = g.doubt(x, y)
	g.Sure = g.Why == ""
}

// onlyFactor is the factor that fits a curve best, and the sum of the squared
// residuals, in natural logarithms.
func onlyFactor(f func(float64) float64, n, t []float64) (factor, rss float64) {
	mean := 0.0
	for i := range n {
		mean += (math.Log(t[i]) - math.Log(f(n[i])) - mean) / float64(i+1)
	}
	return math.Exp(mean), squares(residuals(f, n, t))
}

// Power is the fitted power law for reading: "n^1.03 ± 0.04".
func (g GrowthFit) Power() string {
	return powerText(g.Exponent, (g.Interval[1]-g.Interval[0])/2)
}

func powerText(exponent, half float64) string {
	s := "n^" + decimals(exponent, half)
	if finite(half) && half >= exact {
		s += fmt.Sprintf(" ± %.*f", places(half), half)
	}
	return s
}

// String is the finding in one line.
func (g GrowthFit) String() string {
	switch {
	case g.Best == "":
		return g.Power() + " (" + g.Why + ")"
	case g.Sure:
		return fmt.Sprintf("%s; best %s, then %s", g.Power(), g.Best, g.RunnerUp)
	case g.misfit:
		return fmt.Sprintf("%s; nearest %s, then %s (%s)", g.Power(), g.Best, g.RunnerUp, g.Why)
	}
	return fmt.Sprintf("%s; perhaps %s or %s (%s)", g.Power(), g.Best, g.RunnerUp, g.Why)
}

// curveNamed finds a candidate by a name such as "O(n²)", "n^2" or "nlogn".
func curveNamed(name string) (growthCurve, bool) {
	plain := strings.NewReplacer(" ", "", "^", "", "²", "2", "³", "3", "·", "", "*", "", "(", "", ")", "")
	short := func(s string) string {
		s = strings.ToLower(strings.TrimSpace(s))
		return plain.Replace(strings.TrimPrefix(s, "o("))
	}
	for _, c := range growthCurves() {
		if short(c.name) == short(name) {
			return c, true
		}
	}
	return growthCurve{}, false
}
