package plots

import (
	"fmt"
	"math"
)

// What it takes to be sure of a curve.
const (
	// enoughSizes: with fewer, tests of a curve against its residuals, which
	// have two or more of them left over, find nothing.
	enoughSizes = 6
	// Models whose AIC is within 2 of the best have substantial support, those
	// from 4 on considerably less: Burnham and Anderson, Model selection and
	// multimodel inference (2002), section 2.6.
	aiccApart = 4
	// sharpExponent is half of the widest interval of the exponent from which a
	// curve is named. Powers of n are 1 apart and what is between them, such as
	// n^1.5, half of that; with ±0.2, TestFitGrowthConfusion finds few of those
	// called by another name.
	sharpExponent = 0.2
	// closeEnough is how far the logarithm of a measurement may be from the curve, a
	// tenth, for that not to speak against it: capacities are rounded up, caches
	// help small sizes. Precise measurements show such things, which tests of the
	// residuals would call a contradiction.
	closeEnough = 0.1
	// closeExponent is how far the exponent may then be from one of the curve's.
	closeExponent = 0.05
	// leastNoise is the relative error below which times are taken for exact.
	leastNoise = 1e-9
)

// doubt is what keeps the best curve from being sure, and whether that is
// because no curve fits. The best of some wrong curves may be far ahead of the
// others. So it must also be one that the measurements don't contradict: neither
// in the exponent, which must be one that the curve has somewhere between the
// sizes, nor in a bend of the residuals.
func (g *GrowthFit) doubt(x, y []float64) (why string, misfit bool) {
	if len(x) < enoughSizes {
		return fmt.Sprintf("%s above 1 are too few to tell curves apart, it takes %d", counted(len(x), "size"), enoughSizes), false
	}
	best, _ := curveNamed(g.Best)
	r := residuals(best.f, x, y)
	g.Within = math.Expm1(farthest(r))
	if squares(r) < float64(len(x))*leastNoise*leastNoise {
		g.Close = true
		return "", false
	}
	u := natural(x)
	power, err := fitLine(u, natural(y))
	if err != nil {
		return err.Error(), false
	}
	low, high := best.exponents(x[0], x[len(x)-1])
	half := power.slopeHalf()
	g.Close = farthest(r) <= closeEnough && power.slope >= low-closeExponent && power.slope <= high+closeExponent
	if !g.Close && (power.slope-half > high || power.slope+half < low) {
		has := "n^" + decimals(low, 0.01)
		if low != high {
			has += " to n^" + decimals(high, 0.01)
		}
		return fmt.Sprintf("none of the curves fits: the times grow like %s, and %s like %s between these sizes", powerText(power.slope, half), g.Best, has), true
	}
	if p := bent(u, r); !g.Close && p < 1-confidence {
		return fmt.Sprintf("none of the curves fits: the times bend away from %s (F test, p = %.2g)", g.Best, p), true
	}
	if half > sharpExponent {
		return fmt.Sprintf("the times scatter too much: %s; more sizes would tell", powerText(power.slope, half)), false
	}
	if next := g.Curves[1].Behind; next < aiccApart {
		return fmt.Sprintf("%s and %s fit alike (AICc differs by %.1f); more or larger sizes would tell", g.Best, g.RunnerUp, next), false
	}
	return "", false
}

// exponents are those of the powers that touch a curve between two sizes, the
// slopes d ln f / d ln n of the curve on logarithmic axes. Those of all
// candidates rise or fall all the way.
func (c growthCurve) exponents(from, to float64) (low, high float64) {
	slope := func(n float64) float64 {
		const h = 1e-4
		return (math.Log(c.f(n*(1+h))) - math.Log(c.f(n))) / math.Log1p(h)
	}
	// Slopes of powers are whole numbers but for a rounding.
	round := func(v float64) float64 { return math.Round(v*1e9) / 1e9 }
	a, b := round(slope(from)), round(slope(to))
	return math.Min(a, b), math.Max(a, b)
}

// bent is how likely residuals of a curve lie as far from it as they do around
// their best parabola over u, the logarithms of the sizes, if the curve is
// right: the F test of the nested models, of which the parabola has two
// parameters more (Draper and Smith, Applied regression analysis, section 6.1).
// With two, the tail of F is (1 + 2F/m)^(-m/2) for m degrees of freedom.
func bent(u, r []float64) float64 {
	left := math.Max(squares(aroundParabola(u, r)), 1e-300)
	m := float64(len(u) - 3)
	return math.Pow(math.Max(squares(r)/left, 1), -m/2)
}

// aroundParabola are the residuals of r around its parabola over u by least
// squares, found by taking one orthogonal polynomial after the other away.
func aroundParabola(u, r []float64) []float64 {
	out := append([]float64{}, r...)
	basis := make([][]float64, 3)
	for degree := range basis {
		q := make([]float64, len(u))
		for i := range u {
			q[i] = math.Pow(u[i]-u[0], float64(degree))
		}
		for _, lower := range basis[:degree] {
			subtract(q, lower)
		}
		basis[degree] = q
		subtract(out, q)
	}
	return out
}

// subtract takes from v its share along q.
func subtract(v, q []float64) {
	dot := 0.0
	for i := range v {
		dot += v[i] * q[i]
	}
	length := squares(q)
	if length == 0 {
		return
	}
	for i := range v {
		v[i] -= dot / length * q[i]
	}
}

func squares(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x * x
	}
	return sum
}

// residuals are those of a curve with the factor that fits best, in natural
// logarithms.
func residuals(f func(float64) float64, n, t []float64) []float64 {
	out, mean := make([]float64, len(n)), 0.0
	for i := range n {
		out[i] = math.Log(t[i]) - math.Log(f(n[i]))
		mean += (out[i] - mean) / float64(i+1)
	}
	for i := range out {
		out[i] -= mean
	}
	return out
}

// farthest is the largest residual.
func farthest(r []float64) float64 {
	most := 0.0
	for _, x := range r {
		most = math.Max(most, math.Abs(x))
	}
	return most
}

func natural(v []float64) []float64 {
	out := make([]float64, len(v))
	for i := range v {
		out[i] = math.Log(v[i])
	}
	return out
}
