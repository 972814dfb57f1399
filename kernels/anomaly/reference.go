package anomaly

import (
	"fmt"
	"math"
)

// Stream is rows, one a second from Start.
type Stream struct {
	Start int64     // of the first row, in Unix seconds
	Rows  int       // how many
	Given []float64 // their values; nil: the made up ones
}

// Day is what is found about one day.
type Day struct {
	Number int64   // Unix seconds / 86,400, rounded down
	Rows   int     // fewer at the ends of a stream
	K2     float64 // NaN: it can't be tested
}

// secondsADay: UTC has no leap seconds in Unix time.
const secondsADay = 86_400

// Days returns the made up stream of so many days from 1970 on.
func Days(days int) (Stream, error) {
	if days < 0 || days > 1<<20 {
		return Stream{}, fmt.Errorf("%d days: it is from 0 to %d", days, 1<<20)
	}
	return Stream{Rows: days * secondsADay}, nil
}

// Constants of the made up values.
const (
	golden  = 0x9E3779B97F4A7C15 // step of SplitMix64's counter
	outlier = 100
	rare    = 1<<64/604_800 + 1 // of 2^64: a chance of 1 in a week's seconds
)

// mix is the output function of SplitMix64 (Steele, Lea, Flood: Fast splittable
// pseudorandom number generators, 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// Value is the made up value of row i: the outlier, or a normal one. Four numbers of
// SplitMix64 are a row's. The first decides; the others are twelve numbers of 16 bits,
// whose sum Teichroew's polynomial makes normal (Knuth, The art of computer
// programming, volume 2, 3.4.1, exercise 27): sums and products are the same in every
// language, which logarithms aren't. Products are rounded before they are added
// (float64), also where CPUs could fuse the two.
func Value(i int) float64 {
	at := uint64(i) * 4
	if mix((at+1)*golden) < rare {
		return outlier
	}
	return normal(mix((at+2)*golden), mix((at+3)*golden), mix((at+4)*golden))
}

// lanes are two of the four numbers of 16 bits in a word.
const lanes = 0x0000FFFF_0000FFFF

func normal(a, b, c uint64) float64 {
	sums := a&lanes + a>>16&lanes + b&lanes + b>>16&lanes + c&lanes + c>>16&lanes
	sum := int64(sums&(1<<32-1) + sums>>32)
	r := float64(sum-6*65_535) / (4 * 65_536) // a quarter of six less than twelve uniform numbers
	r2 := float64(r * r)
	y := float64(0.029899776*r2) + 0.008355968
	y = float64(y*r2) + 0.076542912
	y = float64(y*r2) + 0.252408784
	y = float64(y*r2) + 3.949846138
	return y * r
}

// Plain is the loop that everything here equals.
func Plain(s Stream) []Day {
	var days []Day
	for i := 0; i < s.Rows; {
		number, end := dayOf(s.Start+int64(i)), s.endOfDay(i)
		values := make([]float64, end-i)
		for k := range values {
			values[k] = s.at(i + k)
		}
		days = append(days, Day{number, len(values), K2(values)})
		i = end
	}
	return days
}

// at is the value of row i.
func (s Stream) at(i int) float64 {
	if s.Given != nil {
		return s.Given[i]
	}
	return Value(i)
}

// dayOf is the day of a time.
func dayOf(unix int64) int64 {
	day := unix / secondsADay
	if unix%secondsADay < 0 {
		day--
	}
	return day
}

// endOfDay is the first row after i that is of another day, or the number of rows.
func (s Stream) endOfDay(i int) int {
	end := (dayOf(s.Start+int64(i))+1)*secondsADay - s.Start
	if end > int64(s.Rows) {
		return s.Rows
	}
	return int(end)
}

// K2 is the statistic of D'Agostino's and Pearson's test of whether values are
// normally distributed: chi-squared with two degrees of freedom if they are. NaN: they
// are too few (below 8), all the same, or not all of them numbers.
func K2(values []float64) float64 {
	return momentsOf(values).k2()
}

// moments are sums of powers of what values differ from their mean by.
type moments struct{ n, mean, m2, m3, m4 float64 }

// momentsOf takes the mean of what values differ from the first by: values that are
// all the same have it exactly, and their moments are 0.
func momentsOf(values []float64) moments {
	m := moments{n: float64(len(values))}
	if len(values) == 0 {
		return m
	}
	sum := 0.0
	for _, x := range values {
		sum += x - values[0]
	}
	m.mean = values[0] + sum/m.n
	for _, x := range values {
		d := x - m.mean
		d2 := float64(d * d)
		m.m2 += d2
		m.m3 += float64(d2 * d)
		m.m4 += float64(d2 * d2)
	}
	return m
}

// fewest is how many values skewness is tested of: below, the approximation is none.
const fewest = 8

// k2 puts both tests together (D'Agostino, Pearson: Tests for departure from
// normality, Biometrika 60, 1973).
func (m moments) k2() float64 {
	if m.n < fewest || !(m.m2 > 0) || !(m.m4 <= math.MaxFloat64) {
		return math.NaN()
	}
	variance := m.m2 / m.n
	if math.Sqrt(variance) <= 0x1p-52*math.Abs(m.mean) {
		return math.NaN() // what rounding leaves of values that are all the same
	}
	zs := zOfSkewness(m.n, m.m3/m.n/math.Pow(variance, 1.5))
	zk := zOfKurtosis(m.n, m.m4/m.n/(variance*variance))
	return zs*zs + zk*zk
}

// zOfSkewness is normally distributed for the skewness of normal values (D'Agostino:
// Transformation to normality of the null distribution of g1, Biometrika 57, 1970). A
// skewness of exactly 0 has a z of 0; SciPy 1.17 gives it another.
func zOfSkewness(n, skewness float64) float64 {
	y := skewness * math.Sqrt((n+1)*(n+3)/(6*(n-2)))
	beta2 := 3 * (n*n + 27*n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
	w2 := math.Sqrt(2*(beta2-1)) - 1
	delta, alpha := 1/math.Sqrt(math.Log(w2)/2), math.Sqrt(2/(w2-1))
	return delta * math.Asinh(y/alpha)
}

// zOfKurtosis is normally distributed for the kurtosis of normal values (Anscombe,
// Glynn: Distribution of the kurtosis statistic b2, Biometrika 70, 1983).
func zOfKurtosis(n, kurtosis float64) float64 {
	mean := 3 * (n - 1) / (n + 1)
	variance := 24 * n * (n - 2) * (n - 3) / ((n + 1) * (n + 1) * (n + 3) * (n + 5))
	x := (kurtosis - mean) / math.Sqrt(variance)
	rootBeta1 := 6 * (n*n - 5*n + 2) / ((n + 7) * (n + 9)) * math.Sqrt(6*(n+3)*(n+5)/(n*(n-2)*(n-3)))
	a := 6 + 8/rootBeta1*(2/rootBeta1+math.Sqrt(1+4/(rootBeta1*rootBeta1)))
	t := math.Cbrt((1 - 2/a) / (1 + x*math.Sqrt(2/(a-4))))
	return (1 - 2/(9*a) - t) / math.Sqrt(2/(9*a))
}
