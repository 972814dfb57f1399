package quantity

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// Duration writes a duration as IPython does, to a number of significant digits.
// The unit is chosen after rounding: 999.96 ns is 1 μs, not 1e+03 ns.
func Duration(d time.Duration, digits int) string { return Seconds(d.Seconds(), digits) }

// Seconds is Duration for seconds as a number, which may be less than a
// nanosecond. From a minute on it writes 1h 2min 5s, fractions cut off.
func Seconds(s float64, digits int) string {
	switch {
	case math.IsNaN(s):
		return "?"
	case math.IsInf(s, 0):
		return infinite(s)
	case s < 0:
		return "-" + Seconds(-s, digits)
	case s >= 60:
		return long(s)
	case s == 0:
		return "0 ns"
	}
	units := []struct {
		name  string
		scale float64
	}{{"s", 1}, {"ms", 1e3}, {"μs", 1e6}, {"ns", 1e9}}
	for _, u := range units {
		if x := Round(s*u.scale, digits); x >= 1 {
			return strconv.FormatFloat(x, 'f', -1, 64) + " " + u.name
		}
	}
	return strconv.FormatFloat(Round(s*1e9, digits), 'g', digits, 64) + " ns"
}

// Round rounds to a number of significant digits.
func Round(x float64, digits int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', digits, 64), 64)
	if err != nil {
		return x
	}
	return r
}

// Frequency writes events per second to a number of significant digits: 250 Hz,
// 3.99 kHz.
func Frequency(hz float64, digits int) string {
	for _, u := range []struct {
		name  string
		scale float64
	}{{"GHz", 1e-9}, {"MHz", 1e-6}, {"kHz", 1e-3}} {
		if x := Round(hz*u.scale, digits); x >= 1 {
			return strconv.FormatFloat(x, 'f', -1, 64) + " " + u.name
		}
	}
	return strconv.FormatFloat(Round(hz, digits), 'f', -1, 64) + " Hz"
}

// infinite is the sign of what has no bound.
func infinite(x float64) string {
	if x < 0 {
		return "-∞"
	}
	return "∞"
}

// long writes minutes and more.
func long(s float64) string {
	rest := int64(math.Floor(s))
	text := ""
	for _, u := range []struct {
		name string
		size int64
	}{{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}} {
		n := rest / u.size
		rest %= u.size
		if n > 0 {
			if text != "" {
				text += " "
			}
			text += fmt.Sprintf("%d%s", n, u.name)
		}
	}
	return text
}
