package quantity

import (
	"fmt"
	"strconv"
	"strings"
)

// sizeUnits are the bytes of units, in lower case: k, m and g alone are binary.
var sizeUnits = map[string]float64{"": 1, "b": 1, "kb": 1e3, "mb": 1e6, "gb": 1e9, "tb": 1e12, "k": 1 << 10, "m": 1 << 20, "g": 1 << 30,
	"kib": 1 << 10, "mib": 1 << 20, "gib": 1 << 30, "tib": 1 << 40}

// ParseBytes reads an amount of memory: 200MB, 1.5GiB, or a number of bytes.
func ParseBytes(text string) (int64, error) {
	number := strings.TrimRightFunc(text, func(r rune) bool { return r >= 'A' && r <= 'z' || r == ' ' })
	unit, ok := sizeUnits[strings.ToLower(strings.TrimSpace(text[len(number):]))]
	n, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || !(n > 0) || n*unit >= 1<<62 {
		return 0, fmt.Errorf("%q is not a size such as 200MB, 1.5GiB or 4096", text)
	}
	return int64(n * unit), nil
}
