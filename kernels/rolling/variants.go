package rolling

import (
	"math"

	"hpgo/kernels"
	"hpgo/kernels/schedule"
)

// filler computes the slopes of the windows of a series, len(slopes) of them, each as
// long as w; y has len(w)-1 values more than slopes. w is what weights returns.
type filler func(slopes, y, w []float64)

// windows is how many windows a series has.
func (t Table) windows() int { return max(t.Length-t.Window+1, 0) }

// fill computes slopes lo to hi-1 of all series'.
func (t Table) fill(lo, hi int, w []float64, f filler) {
	for each := t.windows(); lo < hi; {
		series, first := lo/each, lo%each
		n := min(each-first, hi-lo)
		f(t.out[lo:lo+n], t.Y[series*t.Length+first:][:n+t.Window-1], w)
		lo += n
	}
}

// one fills all slopes on one CPU.
func one(f filler) func(Table) []float64 {
	return func(t Table) []float64 {
		t.fill(0, len(t.out), weights(t.Window), f)
		return t.out
	}
}

// bands gives each CPU a band of windows, if it is worth it. A long series is divided
// as well: neighbouring windows share all values but two.
func bands(f filler) func(Table) []float64 {
	const least = 1 << 12 // windows that take some times what it takes to start a goroutine
	return func(t Table) []float64 {
		w := weights(t.Window)
		schedule.Static(len(t.out), min(kernels.Workers(), len(t.out)/least+1), 0, func(lo, hi int) {
			t.fill(lo, hi, w, f)
		})
		return t.out
	}
}

// weights returns what each y is multiplied with: (x - mean of x) / Σ(x - mean of x)².
func weights(window int) []float64 {
	w, squares := make([]float64, window), 0.0
	for j := range w {
		w[j] = float64(j) - float64(window-1)/2
		squares += w[j] * w[j]
	}
	for j := range w {
		w[j] /= squares
	}
	return w
}

// boxed has every value in an interface, as a list of Python's has.
func boxed(slopes, y, w []float64) {
	values := make([]any, len(y))
	for i, v := range y {
		values[i] = v
	}
	n := float64(len(w))
	for s := range slopes {
		var sx, sy, sxx, sxy float64
		for j, v := range values[s:][:len(w)] {
			x := float64(j)
			sx, sy, sxx, sxy = sx+x, sy+v.(float64), sxx+x*x, sxy+x*v.(float64)
		}
		slopes[s] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	}
}

// weighted adds up products for each window.
func weighted(slopes, y, w []float64) {
	for s := range slopes {
		sum := 0.0
		for j, v := range y[s:][:len(w)] {
			sum += v * w[j]
		}
		slopes[s] = sum
	}
}

// four is weighted with four windows at a time, whose sums don't wait for each other.
func four(slopes, y, w []float64) {
	s := 0
	for ; s+4 <= len(slopes); s += 4 {
		var a, b, c, d float64
		values := y[s:][:len(w)+3]
		p, q, r := values[0], values[1], values[2]
		for j, v := range values[3:] {
			a, b, c, d = a+p*w[j], b+q*w[j], c+r*w[j], d+v*w[j]
			p, q, r = q, r, v
		}
		slopes[s], slopes[s+1], slopes[s+2], slopes[s+3] = a, b, c, d
	}
	weighted(slopes[s:], y[s:], w)
}

// sums are what a window's slope is made of.
type sums struct{ y, xy float64 }

func added(window []float64) sums {
	var s sums
	for j, v := range window {
		s.y, s.xy = s.y+v, s.xy+float64(j)*v
	}
	return s
}

// sliding has sums that gain what the window gains and lose what it loses.
func sliding(slopes, y, w []float64) {
	if len(slopes) == 0 {
		return
	}
	window, last := len(w), float64(len(w)-1)
	scale := (w[window-1] - w[0]) / last // 1 / Σ(x - mean of x)²
	sum := added(y[:window])
	slopes[0] = (sum.xy - last/2*sum.y) * scale
	rest := slopes[1:]
	losses, gains := y[:len(rest)], y[window:][:len(rest)]
	for s := range rest {
		loss, gain := losses[s], gains[s]
		sum.xy += last*gain - (sum.y - loss)
		sum.y += gain - loss
		if sum.xy-sum.xy != 0 || sum.y-sum.y != 0 { // not a number, or infinite
			sum = added(y[s+1:][:window])
		}
		rest[s] = (sum.xy - last/2*sum.y) * scale
	}
}

// renewal is after how many windows sums are added up anew: that costs a window's
// values, a tenth of an operation a window where they are 14, and bounds the drift.
const renewal = 512

// renewed is sliding that begins anew after some windows.
func renewed(slopes, y, w []float64) {
	for len(slopes) > 0 {
		n := min(renewal, len(slopes))
		sliding(slopes[:n], y[:n+len(w)-1], w)
		slopes, y = slopes[n:], y[n:]
	}
}

// single is weighted with numbers of 32 bits.
func single(slopes, y, w []float64) {
	narrow, values := make([]float32, len(w)), make([]float32, len(y))
	for j, v := range w {
		narrow[j] = float32(v)
	}
	for i, v := range y {
		values[i] = float32(v)
	}
	for s := range slopes {
		sum := float32(0)
		for j, v := range values[s:][:len(w)] {
			sum += v * narrow[j]
		}
		slopes[s] = float64(sum)
	}
}

// Drift is by how much slopes that slide differ at most from those that are computed
// anew, in the windows up to each: what rounding has lost by then. Windows without a
// finite slope don't count.
func Drift(y []float64, window int) []float64 {
	if window < 2 || window > len(y) {
		return nil
	}
	anew, slid := make([]float64, len(y)-window+1), make([]float64, len(y)-window+1)
	weighted(anew, y, weights(window))
	sliding(slid, y, weights(window))
	most := 0.0
	for s := range anew {
		if d := math.Abs(anew[s] - slid[s]); d > most {
			most = d
		}
		anew[s] = most
	}
	return anew
}
