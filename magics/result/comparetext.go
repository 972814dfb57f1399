package result

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"hpgo/magics/quantity"
)

// String is the comparison as a sentence and a table like benchstat's: medians
// with half the width of their intervals, differences that mean nothing as ~.
func (c Compare) String() string {
	return c.Headline() + "\n" + c.Table()
}

// Table is the table alone.
func (c Compare) Table() string {
	memory := c.Allocates()
	unit := "│ sec/op"
	if c.Clock == "cpu" {
		unit = "│ CPU sec/op"
	}
	head := []string{"", unit, "", "│ vs base", "", c.intervalTitle()}
	if memory {
		head = append(head, "│ B/op", "", "allocs/op", "")
	}
	rows := [][]string{head}
	var notes []string
	for _, v := range c.Variants {
		if !v.Measured() {
			notes = append(notes, fmt.Sprintf("%s: no time: %s", v.Name, v.Why))
			continue
		}
		row := []string{v.Name, "  " + Decimal(v.Median), "± " + v.Spread(), "  " + v.delta(), c.test(v), v.interval()}
		if memory {
			row = append(row, "  "+amount(v.BytesPerOp), c.change(v.BytesPerOp, c.Variants[0].BytesPerOp, v), amount(v.AllocsPerOp), c.change(v.AllocsPerOp, c.Variants[0].AllocsPerOp, v))
		}
		rows = append(rows, row)
	}
	return strings.Join(append([]string{aligned(rows)}, notes...), "\n")
}

// intervalTitle is the heading of the intervals of the differences.
func (c Compare) intervalTitle() string {
	return fmt.Sprintf("%g %% CI", math.Round(1000*c.Confidence)/10)
}

// Allocates reports whether any variant does.
func (c Compare) Allocates() bool {
	for _, v := range c.Variants {
		if v.Measured() && (v.AllocsPerOp >= 0.005 || v.BytesPerOp >= 0.5) {
			return true
		}
	}
	return false
}

// Spread is the larger half of the median's interval in percent of it, as
// benchstat prints it; ∞ without an interval.
func (v Variant) Spread() string {
	if v.CI == nil {
		return "∞"
	}
	return strconv.FormatFloat(100*math.Max(v.CI.High/v.Median-1, 1-v.CI.Low/v.Median), 'f', 0, 64) + "%"
}

// delta is the difference to the base in percent.
func (v Variant) delta() string {
	switch {
	case v.Verdict == VerdictBase:
		return "(base)"
	case v.Verdict == verdictSame && !v.SameCode:
		return "~"
	case v.Verdict == verdictNoChance:
		return "?"
	}
	if v.Ratio >= 10 {
		return strconv.FormatFloat(v.Ratio, 'g', 4, 64) + "×"
	}
	return fmt.Sprintf("%+.2f%%", 100*(v.Ratio-1))
}

// test is what the test said.
func (c Compare) test(v Variant) string {
	switch {
	case v.Verdict == VerdictBase && c.Interleaved:
		return "A/A " + share(c.Noise)
	case v.SameCode:
		return "(same code)"
	case v.P == nil:
		return ""
	case v.N[0] == v.N[1]:
		return fmt.Sprintf("(p=%.3f n=%d)", *v.P, v.N[0])
	}
	return fmt.Sprintf("(p=%.3f n=%d+%d)", *v.P, v.N[0], v.N[1])
}

// interval is that of the difference in percent.
func (v Variant) interval() string {
	switch {
	case v.RatioCI == nil || v.Verdict == VerdictBase:
		return ""
	case v.Ratio >= 10:
		return fmt.Sprintf("[%.4g×, %.4g×]", v.RatioCI.Low, v.RatioCI.High)
	}
	return fmt.Sprintf("[%+.1f, %+.1f]", 100*(v.RatioCI.Low-1), 100*(v.RatioCI.High-1))
}

// change is the difference of an exact figure to the base's in percent, or
// nothing for the base and for equal figures.
func (c Compare) change(now, base float64, v Variant) string {
	switch {
	case v.Verdict == VerdictBase || amount(now) == amount(base):
		return ""
	case base < 0.005:
		return "?"
	case now > 10*base:
		return "×" + quantity.Count(int64(math.Round(now/base)))
	}
	return fmt.Sprintf("%+.0f%%", 100*(now/base-1))
}

// amount is a count per operation: whole, or with two decimals. What the process
// allocates beside the operations is less than that.
func amount(x float64) string {
	if x >= 1000 || math.Abs(x-math.Round(x)) < 0.03 && x >= 1 || x < 0.005 {
		return strconv.FormatFloat(math.Round(x), 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

// Decimal is a time with four digits and a prefix in place of the unit: 1.718µ.
func Decimal(s float64) string {
	if s == 0 || math.IsNaN(s) || math.IsInf(s, 0) {
		return strconv.FormatFloat(s, 'g', -1, 64)
	}
	// Rounded first, so that 999.96n becomes 1.000µ.
	rounded, _ := strconv.ParseFloat(strconv.FormatFloat(s, 'e', 3, 64), 64) // what FormatFloat wrote is a number
	step := min(max(int(math.Floor(math.Log10(math.Abs(rounded))/3+1e-9)), -4), 0)
	unit := math.Pow(1000, float64(step))
	whole := int(math.Floor(math.Log10(math.Abs(rounded/unit))+1e-9)) + 1
	return strconv.FormatFloat(s/unit, 'f', max(0, 4-max(whole, 1)), 64) + []string{"p", "n", "µ", "m", ""}[step+4]
}

// aligned sets rows in columns, words at the left and, from the second column
// on, as they come.
func aligned(rows [][]string) string {
	var width []int
	for _, r := range rows {
		for i, cell := range r {
			if i == len(width) {
				width = append(width, 0)
			}
			width[i] = max(width[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for k, r := range rows {
		if k > 0 {
			b.WriteByte('\n')
		}
		var line strings.Builder
		for i, cell := range r {
			line.WriteString(cell + strings.Repeat(" ", width[i]-utf8.RuneCountInString(cell)) + " ")
		}
		b.WriteString(strings.TrimRight(line.String(), " "))
	}
	return b.String()
}
