package plots

import (
	"fmt"
	"maps"
	"math"
	"regexp"
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

	// Within is how far the median of a size is from the best curve at most, as a
	// share of the curve.
	Within float64

	// Sure says that the best curve is clearly better than the second and that
	// the measurements, six sizes at least, don't contradict it: it is as good as
	// right (Close), or the interval holds an exponent of the curve and the
	// times don't bend away from it. Of
	// right curves one in ten is missed that way. Why is what keeps the best
	// curve from being sure.
	Sure bool
	Why  string
	// Close says that no size is farther from the best curve than a tenth, and the
	// exponent no farther from the curve's own than 0.05: however precise the
	// measurements are, what is left is not growth.
	Close bool

	misfit bool   // no curve fits
	size   string // name of the sizes; "": n
}

// In is the fit with another name for the sizes than n, as in O(k log k).
func (g GrowthFit) In(size string) GrowthFit {
	g.size = size
	g.Best, g.RunnerUp, g.Why = inTermsOf(size, g.Best), inTermsOf(size, g.RunnerUp), inTermsOf(size, g.Why)
	g.Curves = slices.Clone(g.Curves)
	for i := range g.Curves {
		g.Curves[i].Name = inTermsOf(size, g.Curves[i].Name)
	}
	return g
}

// sizeName finds the n of formulas.
var sizeName = regexp.MustCompile(`\bn\b`)

// inTermsOf writes formulas, and texts with some, with another name for the sizes;
// "" for n.
func inTermsOf(size, text string) string {
	if size == "" {
		return text
	}
	return sizeName.ReplaceAllLiteralString(text, size)
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
// may also hold a slice of repeated measurements for each size; they count as one, their median,
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

// perSize are the sizes, ascending, with the median of their times, which lies
// between two of them on a logarithmic scale; what isn't above zero is left out.
func perSize(n, t []float64) (sizes, medians []float64) {
	all := map[float64][]float64{}
	for i := range n {
		if finite(n[i]) && finite(t[i]) && n[i] > 0 && t[i] > 0 {
			all[n[i]] = append(all[n[i]], t[i])
		}
	}
	sizes = slices.Sorted(maps.Keys(all))
	for _, size := range sizes {
		list := all[size]
		slices.Sort(list)
		low, high := list[(len(list)-1)/2], list[len(list)/2]
		if low != high {
			low = math.Sqrt(low) * math.Sqrt(high)
		}
		medians = append(medians, low)
	}
	return sizes, medians
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
	return inTermsOf(g.size, powerText(g.Exponent, (g.Interval[1]-g.Interval[0])/2))
}

// within is Within in percent, with one significant digit at least.
func (g GrowthFit) within() string {
	percent := 100 * g.Within
	switch {
	case percent < 0.1:
		return "0.1 %"
	case percent < 1:
		return fmt.Sprintf("%.1f %%", percent)
	}
	return fmt.Sprintf("%.0f %%", percent)
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
	case g.Sure && g.Close:
		return fmt.Sprintf("%s; %s, within %s at every size, then %s", g.Power(), g.Best, g.within(), g.RunnerUp)
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
