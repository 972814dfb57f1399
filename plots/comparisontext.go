package plots

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Heights of a comparison's parts in points.
const (
	comparisonHead = 27.0 // two lines of text above a row's runs
	comparisonGap  = 10.0 // below them
	comparisonRest = 64.0 // key, axes and margins
)

// Body is the height of a row's runs in points: a line for each round, as long
// as there are few. Many rows get less.
func (d *ComparisonData) Body(r ComparisonRow) float64 {
	switch {
	case len(r.Values) == 0:
		return 0
	case len(d.Rows) > 4:
		return math.Min(math.Max(3*float64(len(r.Values)), 24), 34)
	}
	return math.Min(math.Max(4*float64(len(r.Values)), 26), 46)
}

// Height is that of the whole picture in inches.
func (d *ComparisonData) Height(titled bool, notes int) float64 {
	points := comparisonRest + 10*float64(notes)
	if titled {
		points += 20
	}
	for _, r := range d.Rows {
		points += comparisonHead + d.Body(r) + comparisonGap
	}
	return points / 72
}

// Value is a row's median with its interval in words.
func (d *ComparisonData) Value(r ComparisonRow) string {
	switch {
	case len(r.Median) < 3:
		return r.Missing
	case !finite(r.Median[1]):
		return SI(r.Median[0], d.Axis.Unit)
	}
	// As many digits as the interval's width is worth, all three alike.
	digits := min(max(figuresFor(r.Median[1], r.Median[2])-1, 3), 6)
	prefix, factor := "", 1.0
	if TakesPrefix(d.Axis.Unit) {
		prefix, factor = Prefix(r.Median[0], d.Axis.Unit)
	}
	decimals := max(0, digits-1-int(math.Floor(math.Log10(r.Median[0]/factor)+1e-9)))
	say := func(v float64) string { return strconv.FormatFloat(v/factor, 'f', decimals, 64) }
	return fmt.Sprintf("%s %s [%s, %s]", say(r.Median[0]), prefix+d.Axis.Unit, say(r.Median[1]), say(r.Median[2]))
}

// Quotient is a row's ratio with its interval, and what else is said of it.
func (r ComparisonRow) Quotient() string {
	if len(r.Ratio) < 3 || r.Self {
		return r.Detail
	}
	return strings.TrimSpace(r.quotient() + "  " + r.Detail)
}

func (r ComparisonRow) quotient() string {
	say := func(v float64) string {
		switch {
		case v >= 9.995:
			return figures(v, 3)
		case v < 0.1:
			return figures(v, 2)
		}
		return fmt.Sprintf("%.3f", v)
	}
	if !finite(r.Ratio[1]) {
		return say(r.Ratio[0]) + "×"
	}
	return fmt.Sprintf("%s× [%s, %s]", say(r.Ratio[0]), say(r.Ratio[1]), say(r.Ratio[2]))
}

// MemoryText is what an operation of a row allocates, in words.
func (r ComparisonRow) MemoryText() (bytes, objects string) {
	if len(r.Memory) < 2 {
		return "", ""
	}
	n := strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", r.Memory[1]), "0"), ".")
	if r.Memory[1] >= 10 {
		n = fmt.Sprintf("%.0f", r.Memory[1])
	}
	objects = n + " allocs"
	if n == "1" {
		objects = "1 alloc"
	}
	// What the program around allocates once makes thousandths of a byte.
	return SI(math.Round(100*r.Memory[0])/100, "B"), objects
}

// meaningless says which ratios mean nothing.
func (d *ComparisonData) meaningless() string {
	var parts []string
	if d.Noise > 0 {
		parts = append(parts, fmt.Sprintf("A/A difference %s", Share(d.Noise)))
	}
	if d.Least > 0 {
		parts = append(parts, fmt.Sprintf("least effect %s", Share(d.Least)))
	}
	return strings.Join(parts, ", ")
}

// Share is a fraction in percent: "1.5 %".
func Share(f float64) string {
	if f > 0 && f < 0.0005 {
		return "<0.1 %"
	}
	return strings.TrimSuffix(fmt.Sprintf("%.1f", 100*f), ".0") + " %"
}

// Words are what a row says, without its name.
func (d *ComparisonData) Words(r ComparisonRow) string {
	parts := []string{}
	if len(r.Median) > 0 {
		parts = append(parts, d.Value(r))
	}
	if r.Verdict != "" {
		parts = append(parts, r.Verdict)
	}
	if q := r.Quotient(); q != "" {
		parts = append(parts, q)
	}
	if bytes, objects := r.MemoryText(); bytes != "" {
		parts = append(parts, bytes+" in "+objects)
	}
	if r.Missing != "" {
		parts = append(parts, r.Missing)
	}
	return strings.Join(parts, ", ")
}

// text has a line for each candidate.
func (d *ComparisonData) text() string {
	width := 0
	for _, r := range d.Rows {
		width = max(width, utf8.RuneCountInString(oneLine(r.Name)))
	}
	var b strings.Builder
	for _, r := range d.Rows {
		fmt.Fprintf(&b, "%s  %s\n", padded(oneLine(r.Name), width), d.Words(r))
	}
	if m := d.meaningless(); m != "" {
		b.WriteString(m + "\n")
	}
	return b.String()
}

// describe is the alternative text.
func (d *ComparisonData) describe() string {
	var parts []string
	for i, r := range d.Rows {
		role := ""
		if i == 0 {
			role = " (base)"
		}
		parts = append(parts, r.Name+role+": "+d.Words(r))
	}
	if m := d.meaningless(); m != "" {
		parts = append(parts, m)
	}
	return d.Axis.Label + " of " + counted(len(d.Rows), "candidate") + ": " + strings.Join(parts, "; ")
}
