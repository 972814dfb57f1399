package plots

import (
	"math"
	"strconv"
	"strings"
)

// siPrefixes are the powers of 1000 with a name, from 10^-15 on.
var siPrefixes = [...]string{"f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"}

const siBase = 5 // the index of the empty prefix

// Prefix chooses the SI prefix that suits a number of the given size: the
// prefix and the factor that it stands for. Seconds take none above 1, a
// percentage or ratio takes none at all, and a number without a unit only those
// above 1, since "5m" would be read as metres or millions.
func Prefix(size float64, unit string) (prefix string, factor float64) {
	size = math.Abs(size)
	if size == 0 || !finite(size) || unit == "%" || unit == "×" || unit == "x" {
		return "", 1
	}
	// The small addend keeps 1000 from becoming 999.9999999 through Log10.
	step := int(math.Floor(math.Log10(size)/3 + 1e-9))
	lowest, highest := -siBase, len(siPrefixes)-1-siBase
	if unit == "" || unit == "B" {
		lowest = 0
	}
	if unit == "s" {
		highest = 0
	}
	step = min(max(step, lowest), highest)
	return siPrefixes[step+siBase], math.Pow(1000, float64(step))
}

// SI writes a number with three significant figures and an SI prefix:
// "1.25 ms", "33.2M", "0.0012".
func SI(v float64, unit string) string { return siDigits(v, unit, 3) }

// Say writes a value on the axis: like SI, with more figures where the range of
// the axis is small beside its values.
func (a AxisData) Say(v float64) string {
	return siDigits(v, a.Unit, figuresFor(a.Min, a.Max))
}

// figuresFor is how many significant figures tell values between lo and hi
// apart: to a hundredth of the range, 3 at least and the 15 of a float64 at most.
func figuresFor(lo, hi float64) int {
	size, span := math.Max(math.Abs(lo), math.Abs(hi)), hi-lo
	if !(span > 0) || !finite(size/span) {
		return 3
	}
	return min(max(int(math.Ceil(math.Log10(size/span)))+2, 3), 15)
}

// siDigits is SI with a number of significant figures.
func siDigits(v float64, unit string, digits int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return strings.TrimSpace(strconv.FormatFloat(v, 'g', -1, 64) + " " + unit)
	}
	prefix, factor := Prefix(v, unit)
	if rounded := rounded(v/factor, digits); math.Abs(rounded) >= 1000 {
		prefix, factor = Prefix(rounded*factor, unit) // 999.9 rounds up to the next prefix
	}
	s := figures(v/factor, digits)
	switch {
	case unit == "":
		return s + prefix
	case unit == "%":
		return s + "%"
	case unit == "×" || unit == "x":
		return s + unit
	}
	return s + " " + prefix + unit
}

func rounded(v float64, digits int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'e', digits-1, 64), 64)
	if err != nil {
		return v
	}
	return r
}

// figures writes significant figures, without an exponent where that stays
// short.
func figures(v float64, digits int) string {
	a := math.Abs(v)
	if a != 0 && (a < 1e-4 || a >= 1e6) {
		return strconv.FormatFloat(v, 'g', digits, 64)
	}
	return strconv.FormatFloat(rounded(v, digits), 'f', -1, 64)
}

// group writes n with thousands separated by commas.
func group(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
