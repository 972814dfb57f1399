package plots

import (
	"math"
	"testing"
)

// TestFitGrowthConfusion draws times of known growth with noise, 200 times
// each, and counts how often the fit is sure of a curve that is wrong. With four
// sizes it used to be sure of one for n^1.5, √n and n+1000 each time.
func TestFitGrowthConfusion(t *testing.T) {
	truths := map[string]func(n float64) float64{}
	for _, c := range growthCurves() {
		truths[c.name] = c.f
	}
	truths["n^1.5"] = func(n float64) float64 { return math.Pow(n, 1.5) }
	truths["√n"] = math.Sqrt
	truths["n+1000"] = func(n float64) float64 { return n + 1000 }
	truths["n²+1000n"] = func(n float64) float64 { return n*n + 1000*n }
	decades := func(count int) []float64 {
		out := []float64{}
		for i := range count {
			out = append(out, math.Pow(10, float64(i+1)))
		}
		return out
	}
	for _, design := range []struct {
		name  string
		sizes []float64
	}{{"4 decades", decades(4)}, {"6 decades", decades(6)}, {"6 doubled", sizes(6)}, {"8 doubled", sizes(8)}, {"10 doubled", sizes(10)}, {"12 doubled", sizes(12)}} {
		for truth, f := range truths {
			for _, noise := range []float64{0.02, 0.1, 0.3} {
				right, wrong := drawGrowths(t, truth, design.sizes, noise, f)
				if wrong > 14 { // 7 %
					t.Errorf("%s, noise %v: %d of 200 draws of %s are taken for another curve", design.name, noise, wrong, truth)
				}
				_, known := curveNamed(truth)
				if known && noise < 0.3 && len(design.sizes) >= enoughSizes && right < 170 {
					t.Errorf("%s, noise %v: only %d of 200 draws of %s are found", design.name, noise, right, truth)
				}
			}
		}
	}
}

// drawGrowths counts the fits that are sure of the truth, and of another curve.
func drawGrowths(t *testing.T, truth string, n []float64, noise float64, f func(n float64) float64) (right, wrong int) {
	var gen lcg = 5
	for range 200 {
		times := make([]float64, len(n))
		for i := range n {
			times[i] = f(n[i]) * math.Exp(noise*gen.normal())
		}
		g, err := FitGrowth(n, times)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case g.Sure && g.Best == truth:
			right++
		case g.Sure:
			wrong++
		}
	}
	return right, wrong
}
