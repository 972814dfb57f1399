package recording

import (
	"math/bits"
	"time"
)

// Distribution is how durations are spread: counts in bins of which each is at most
// an eighth longer than where it begins.
type Distribution struct {
	Count int
	Sum   time.Duration
	Most  time.Duration
	bins  []int
}

// binSteps is the number of bins from one power of two to the next.
const binSteps = 8

func (d *Distribution) add(t time.Duration) {
	t = max(0, t)
	b := binOf(uint64(t))
	for len(d.bins) <= b {
		d.bins = append(d.bins, 0)
	}
	d.bins[b]++
	d.Count++
	d.Sum += t
	d.Most = max(d.Most, t)
}

// binOf numbers the bin of a time in nanoseconds. Below 16 ns each has a bin.
func binOf(ns uint64) int {
	if ns < 2*binSteps {
		return int(ns)
	}
	shift := bits.Len64(ns) - 4 // so that what is left is from 8 to 15
	return binSteps*shift + int(ns>>shift)
}

// binBegin is the least time of a bin.
func binBegin(b int) time.Duration {
	if b < 2*binSteps {
		return time.Duration(b)
	}
	shift := b/binSteps - 1
	return time.Duration(uint64(binSteps+b%binSteps) << shift)
}

// Quantile is the time that a share of all don't exceed, to the width of a bin; 0
// if there are none.
func (d Distribution) Quantile(share float64) time.Duration {
	need := share * float64(d.Count)
	sum := 0
	for b, n := range d.bins {
		sum += n
		if n > 0 && float64(sum) >= need {
			return min(binBegin(b+1)-1, d.Most)
		}
	}
	return d.Most
}

// Bins calls f for each bin that isn't empty, in the order of time.
func (d Distribution) Bins(f func(from, to time.Duration, count int)) {
	for b, n := range d.bins {
		if n > 0 {
			f(binBegin(b), binBegin(b+1), n)
		}
	}
}
