package plots

import (
	"fmt"
	"math"
)

// maxBins is the number of bins beyond which bars become thinner than what an
// eye tells apart at the usual size.
const maxBins = 100

// barEach is the number of whole numbers in a row that get a bin each, however
// few the values are: grades, hours, sums of dice.
const barEach = 24

// mostBins is what may be asked for.
const mostBins = 2000

// binning is the bins that all histograms of a figure share.
type binning struct {
	edges   []float64 // ascending, one more than there are bins
	log     bool
	samples []sample // of the histograms that are still to be encoded
}

// count is the number of values in each bin; both ends belong to the outer
// ones. Values outside are counted apart.
func (b binning) count(values []float64) (counts []float64, outside int) {
	n := len(b.edges) - 1
	counts = make([]float64, n)
	lo, hi := ruler{b.log}.to(b.edges[0]), ruler{b.log}.to(b.edges[n])
	scale := float64(n) / (hi - lo)
	for _, v := range values {
		if v < b.edges[0] || v > b.edges[n] {
			outside++
			continue
		}
		at := min(max(int((ruler{b.log}.to(v)-lo)*scale), 0), n-1)
		for at > 0 && v < b.edges[at] { // the product is off by a rounding
			at--
		}
		for at < n-1 && v >= b.edges[at+1] {
			at++
		}
		counts[at]++
	}
	return counts, outside
}

// width is the size of a bin: in units of the axis, or in decades.
func (b binning) width(i int) float64 {
	return ruler{b.log}.to(b.edges[i+1]) - ruler{b.log}.to(b.edges[i])
}

// newBinning cuts lo to hi into n equal parts, on a log axis into n equal
// ratios.
func newBinning(lo, hi float64, n int, log bool) *binning {
	b := &binning{log: log, edges: make([]float64, n+1)}
	from, to := ruler{b.log}.to(lo), ruler{b.log}.to(hi)
	for i := range b.edges {
		v := from + (to-from)*float64(i)/float64(n)
		if log {
			v = math.Pow(10, v)
		}
		b.edges[i] = v
	}
	b.edges[0], b.edges[n] = lo, hi
	return b
}

// binCount is the number of bins for n values between lo and hi whose width is
// that of Freedman and Diaconis, On the histogram as a density estimator: L2
// theory (1981): twice the interquartile range over the cube root of n. Where
// half of the values are equal that width is zero; then it is Sturges's rule,
// The choice of a class interval (1926), as in numpy's "auto".
func binCount(n int, iqr, lo, hi float64) int {
	width := 2 * iqr / math.Cbrt(float64(n))
	bins := math.Ceil((hi - lo) / width)
	if !(width > 0) || !finite(bins) {
		bins = math.Ceil(math.Log2(float64(n)) + 1)
	}
	return int(min(max(bins, 1), maxBins))
}

// binsOf settles the bins of all histograms of the figure, and reads their
// values: the bins span all of them, or the limits of the axis, as fine as the
// histogram that needs the finest.
func (e *encoder) binsOf() (*binning, error) {
	if e.bins != nil {
		return e.bins, nil
	}
	var all extentOf
	var samples []sample
	whole, asked, width, by := true, 0, math.Inf(1), ""
	hists := layersOf[Hist](e.fig.Layers)
	for _, h := range hists {
		who := layerName("hist", h.Name)
		if h.Density != hists[0].Density {
			return nil, fmt.Errorf("%s: counts and densities can't share an axis; set Density for all histograms of the figure or for none", who)
		}
		if h.Bins < 0 || h.Bins > mostBins {
			return nil, fmt.Errorf("%s: Bins is %d; it must be 1 to %d, or 0 to choose", who, h.Bins, mostBins)
		}
		if h.Bins != 0 && asked != 0 && asked != h.Bins {
			return nil, fmt.Errorf("%s: Bins is %d, but %s has %d; histograms of a figure share their bins", who, h.Bins, by, asked)
		}
		if h.Bins != 0 {
			asked, by = h.Bins, who
		}
		s, err := e.sampleOf(who, h.Data, h.Values, e.fig.X.Log)
		if err != nil {
			return nil, err
		}
		samples = append(samples, s)
		v := s.within(e.fig.X)
		if len(v) == 0 {
			continue
		}
		all.add(v[0], v[len(v)-1])
		whole = whole && s.unit == "" && wholeNumbers(v)
		width = math.Min(width, naturalWidth(v, e.fig.X.Log))
	}
	if all.any && !drawable(all.min, all.max, e.fig.X.Log) {
		return nil, fmt.Errorf("the x axis from %v to %v is too long to draw", all.min, all.max)
	}
	n := asked
	if n == 0 {
		r := ruler{e.fig.X.Log}
		n = int(min(max(math.Ceil((r.to(all.max)-r.to(all.min))/width-1e-9), 1), maxBins))
	}
	e.bins = settleBins(all, n, e.fig.X.Log, whole && asked == 0)
	e.bins.samples = samples
	return e.bins, nil
}

// naturalWidth is the size of the bins that suit sorted values, infinite if
// they are all equal.
func naturalWidth(v []float64, log bool) float64 {
	r := ruler{log}
	lo, hi := r.to(v[0]), r.to(v[len(v)-1])
	if lo == hi {
		return math.Inf(1)
	}
	iqr := r.to(quantile(v, 0.75)) - r.to(quantile(v, 0.25))
	return (hi - lo) / float64(binCount(len(v), iqr, lo, hi))
}

// settleBins makes the bins. Whole numbers get bins that hold equally many of
// them, since others would draw a comb; a single value gets a bin around it.
func settleBins(all extentOf, n int, log, whole bool) *binning {
	lo, hi := all.min, all.max
	switch {
	case !all.any:
		return &binning{log: log}
	case whole && !log:
		step := max(1, math.Ceil((hi-lo)/float64(n)))
		if hi-lo < barEach {
			step = 1
		}
		n = int(math.Floor((hi-lo)/step)) + 1
		lo -= 0.5
		return newBinning(lo, lo+step*float64(n), n, false)
	case lo == hi && log:
		return newBinning(lo/1.1, hi*1.1, 1, true)
	case lo == hi:
		d := math.Abs(lo) * 0.05
		if d == 0 {
			d = 0.5
		}
		return newBinning(lo-d, hi+d, 1, false)
	}
	return newBinning(lo, hi, n, log)
}

// wholeNumbers reports whether all values are integers that a float64 tells
// from their neighbours.
func wholeNumbers(v []float64) bool {
	for _, x := range v {
		if x != math.Trunc(x) || math.Abs(x) > 1e15 {
			return false
		}
	}
	return true
}

// layersOf are the layers of one type, by value or by pointer.
func layersOf[T any](ls Layers) []T {
	var out []T
	for _, l := range ls {
		switch l := any(l).(type) {
		case T:
			out = append(out, l)
		case *T:
			if l != nil {
				out = append(out, *l)
			}
		}
	}
	return out
}
