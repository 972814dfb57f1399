package quantity

import (
	"math"
	"strconv"
	"strings"
)

// Count writes a whole number with commas between the thousands: 200,000.
func Count[N ~int | ~int32 | ~int64 | ~uint32 | ~uint64](n N) string {
	if n < 0 {
		return "-" + commas(strconv.FormatUint(-uint64(n), 10))
	}
	return commas(strconv.FormatUint(uint64(n), 10))
}

// commas puts a comma before each group of three digits.
func commas(s string) string {
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Counted is a number with what is counted: "1 run", "7 runs".
func Counted[N ~int | ~int32 | ~int64 | ~uint32 | ~uint64](n N, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return Count(n) + " " + what + "s"
}

// least is the smallest mean that is worth its digits: below, it is what others in
// the process have allocated meanwhile.
const least = 0.01

// Bytes writes a number of bytes, which may be a fraction (of bytes per
// operation), to three significant digits with binary prefixes: 48 B, 1.5 KiB,
// 47.7 MiB. Prefixes are chosen after rounding: 1,023.9 KiB is 1 MiB.
func Bytes(b float64) string {
	switch {
	case math.IsNaN(b):
		return "?"
	case math.IsInf(b, 0):
		return infinite(b)
	case b < 0:
		return "-" + Bytes(-b)
	case b > 0 && b < least:
		return "< 0.01 B"
	}
	for _, unit := range []string{"B", "KiB", "MiB", "GiB", "TiB"} {
		if shown := significant(b); shown < 1024 {
			return Number(shown) + " " + unit
		}
		b /= 1024
	}
	return Number(b) + " PiB"
}

// significant rounds to three digits, but keeps the whole part: 1,019 stays.
func significant(x float64) float64 {
	if x >= 100 {
		return math.Round(x)
	}
	return Round(x, 3)
}

// MiB writes bytes in MiB with two decimals, as %memit does: 47.68 MiB.
func MiB(b float64) string { return fixed(b/(1<<20), 2) + " MiB" }

// fixed writes a number with so many decimals; what rounds to zero has no sign.
func fixed(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		return strings.TrimPrefix(text, "-")
	}
	return text
}

// Number writes a number without a unit to three significant digits, with commas
// from a thousand on: 0.333, 12.5, 1,234,567.
func Number(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "?"
	case math.IsInf(x, 0):
		return infinite(x)
	case a >= 1e15 || a != 0 && a < 1e-4:
		return strconv.FormatFloat(x, 'g', 3, 64)
	case a >= 1000:
		return Count(int64(math.Round(x)))
	}
	return strconv.FormatFloat(Round(x, 3), 'f', -1, 64)
}

// PerOp writes a mean of counts, which is not negative, with two decimals, or fewer
// where it is large: 0.33, 1.00, 12.5, 1,234.
func PerOp(x float64) string {
	switch a := math.Abs(x); {
	case a == 0:
		return "0"
	case a < least:
		return "< 0.01"
	case a >= 100:
		return Number(x)
	case a >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// Percent writes a share of 1 in percent with one decimal: 71.6 %. Shares below
// 0.05 % that aren't zero are "< 0.1 %".
func Percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return "?"
	case math.IsInf(share, 0):
		return infinite(share) + " %"
	case share > 0 && share < 0.0005:
		return "< 0.1 %"
	}
	return strings.TrimSuffix(fixed(share*100, 1), ".0") + " %"
}
