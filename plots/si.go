package plots

import (
	"math"
	"strconv"
	"strings"
)

// siPrefixes are the powers of 1000 with a name, from 10^-15 on.
var siPrefixes = [...]string{"f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"}

const siBase = 5 // the index of the empty prefix

// prefixable are the units that SI prefixes are put before: those of the SI and
// of information that carry none yet. What is counted per second takes them too.
var prefixable = map[string]bool{
	"s": true, "B": true, "b": true, "bit": true, "Hz": true, "m": true, "g": true, "A": true, "K": true, "mol": true, "cd": true,
	"N": true, "Pa": true, "J": true, "W": true, "V": true, "Ω": true, "C": true, "F": true, "T": true, "H": true, "eV": true,
	"rad": true, "l": true, "L": true, "FLOPS": true, "FLOP": true,
}

// TakesPrefix reports whether SI prefixes stand before the unit: "ms", "MB/s".
// Those of other units, such as "rows", "min" or "ns", stand at the number:
// "12k rows".
func TakesPrefix(unit string) bool {
	over, _, _ := strings.Cut(unit, "/")
	return prefixable[over]
}

// Prefix chooses the SI prefix that suits a number of the given size: the
// prefix and the factor that it stands for. Seconds take none above 1, a
// percentage or ratio takes none at all, and a number without a unit that takes
// prefixes only those above 1, since "5m" would be read as metres or millions.
func Prefix(size float64, unit string) (prefix string, factor float64) {
	size = math.Abs(size)
	if size == 0 || !finite(size) || unit == "%" || unit == "×" || unit == "x" {
		return "", 1
	}
	// The small addend keeps 1000 from becoming 999.9999999 through Log10.
	step := int(math.Floor(math.Log10(size)/3 + 1e-9))
	lowest, highest := -siBase, len(siPrefixes)-1-siBase
	if !TakesPrefix(unit) || unit == "B" || unit == "B/s" {
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
	digits := figuresFor(a.Min, a.Max)
	if a.Plain() && math.Abs(v) >= 1000 && math.Abs(v) < 1e4 {
		return strings.TrimSpace(figures(v, max(digits, 4)) + " " + a.Unit) // a year in full
	}
	return siDigits(v, a.Unit, digits)
}

// Plain reports whether the numbers of the axis need no prefix: those below
// 10,000 on a linear axis whose unit takes none, such as years.
func (a AxisData) Plain() bool {
	size := math.Max(math.Abs(a.Min), math.Abs(a.Max))
	return !a.Log && !TakesPrefix(a.Unit) && size < 1e4 && a.Unit != "%" && a.Unit != "×" && a.Unit != "x"
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
	if !TakesPrefix(unit) {
		return s + prefix + " " + unit
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
