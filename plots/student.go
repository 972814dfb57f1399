package plots

import "math"

// studentQuantile is the t for which a variable with Student's distribution of
// df degrees of freedom lies between -t and t with probability p: the factor of
// a confidence interval. It inverts P(|T| > t) = I(df/(df+t²); df/2, 1/2), with
// I the regularised incomplete beta function (Abramowitz and Stegun, 26.7.1).
func studentQuantile(p float64, df int) float64 {
	if df < 1 || !(p > 0 && p < 1) {
		return math.NaN()
	}
	n := float64(df)
	outside := func(t float64) float64 {
		t2 := t * t
		return regularisedBeta(n/2, 0.5, n/(n+t2), t2/(n+t2))
	}
	lo, hi := 0.0, 1.0
	for outside(hi) > 1-p && hi < 1e12 {
		lo, hi = hi, hi*2
	}
	for {
		t := lo + (hi-lo)/2
		if t <= lo || t >= hi {
			return t
		}
		if outside(t) > 1-p {
			lo = t
		} else {
			hi = t
		}
	}
}

// regularisedBeta is I(x; a, b) with y = 1-x, given apart because it would lose
// its digits where x is near 1. The continued fraction is 8.17.22 of the
// Digital library of mathematical functions, evaluated by Lentz's method as in
// Press et al., Numerical recipes, section 6.4.
func regularisedBeta(a, b, x, y float64) float64 {
	if x <= 0 || y <= 0 {
		return min(max(x, 0), 1)
	}
	if x > (a+1)/(a+b+2) { // converges faster from the other end
		return 1 - regularisedBeta(b, a, y, x)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log(y)) / a
	const tiny = 1e-300
	away := func(v float64) float64 { // from zero
		if math.Abs(v) < tiny {
			return tiny
		}
		return v
	}
	c, d := 1.0, 1/away(1-(a+b)*x/(a+1))
	sum := d
	for m := 1.0; m < 1e5; m++ {
		even := m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		d, c = 1/away(1+even*d), away(1+even/c)
		sum *= d * c
		odd := -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		d, c = 1/away(1+odd*d), away(1+odd/c)
		sum *= d * c
		if math.Abs(d*c-1) < 1e-15 {
			break
		}
	}
	return front * sum
}
