package result

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"hpgo/magics/quantity"
)

// Compare is the result of %compare.
type Compare struct {
	Variants    []Variant `json:"variants"`    // the base first
	Rounds      int       `json:"rounds"`      // that were asked for
	Order       string    `json:"order"`       // of the runs in a round: abba, random; "" when not interleaved
	Seed        uint64    `json:"seed"`        // of the random order
	Interleaved bool      `json:"interleaved"` // variants were run alternately; else at different times
	Alpha       float64   `json:"alpha"`       // p must be below it for a difference
	MinEffect   float64   `json:"min_effect"`  // and the ratio differ from 1 by more than it
	Noise       float64   `json:"noise"`       // and by more than the base's two runs of a round, in the median (A/A)
	Layout      float64   `json:"layout"`      // and by more than a variant with the base's own instructions does: where code lies in memory
	Confidence  float64   `json:"confidence"`  // of the intervals, at least
	Clock       string    `json:"clock"`       // wall, or cpu: all threads of the process
}

// Variant is one of the codes that are compared.
type Variant struct {
	Name        string    `json:"name"`
	Code        string    `json:"code,omitempty"`
	Loops       int       `json:"loops"`           // operations in a run
	Times       []float64 `json:"times"`           // s, of an operation, for each round; shorter where the end is missing
	Again       []float64 `json:"again,omitempty"` // s, of the base's second run in each round
	Median      float64   `json:"median"`          // s; of the base over both runs
	CI          *Interval `json:"ci"`              // s; nil: there are too few rounds
	BytesPerOp  float64   `json:"bytes_per_op"`    // B allocated
	AllocsPerOp float64   `json:"allocs_per_op"`   // objects allocated
	Ratio       float64   `json:"ratio"`           // median by that of the base; 0: unknown
	RatioCI     *Interval `json:"ratio_ci"`
	P           *float64  `json:"p"`         // of the U test, adjusted after Holm; nil: not tested
	N           [2]int    `json:"n"`         // runs of the base and of this one in the test
	Verdict     string    `json:"verdict"`   // base, faster, slower, no difference, not comparable, differs, missing
	SameCode    bool      `json:"same_code"` // it has the base's instructions, wherever the statement gets: the difference isn't that of the code
	Why         string    `json:"why,omitempty"`
}

// The verdicts besides those of a comparison.
const (
	VerdictBase     = "base"
	VerdictDiffers  = "differs" // its result is not the base's: it has no times
	VerdictMissing  = "missing" // it wasn't measured; Why says why
	verdictFaster   = "faster"
	verdictSlower   = "slower"
	verdictSame     = "no difference"
	verdictNoChance = "not comparable"
)

// Measured reports whether the variant has times.
func (v Variant) Measured() bool { return len(v.Times) > 0 }

// Floor is how far a ratio must be from 1 to count.
func (c Compare) Floor() float64 { return math.Max(math.Max(c.MinEffect, c.Noise), c.Layout) }

// Fastest is the variant with the least median, nil when none was measured.
func (c Compare) Fastest() *Variant {
	return c.least(func(v *Variant) bool { return v.Measured() })
}

// least is the chosen variant with the least median, nil when there is none.
func (c Compare) least(chosen func(*Variant) bool) *Variant {
	var best *Variant
	for i := range c.Variants {
		if v := &c.Variants[i]; chosen(v) && (best == nil || v.Median < best.Median) {
			best = v
		}
	}
	return best
}

// Words says in words what a comparison with the base came to: "17 % faster",
// "3.1 times as slow".
func (v Variant) Words() string {
	switch v.Verdict {
	case verdictFaster:
		if v.Ratio < 0.5 {
			return times(1/v.Ratio) + " as fast"
		}
		return share(1-v.Ratio) + " faster"
	case verdictSlower:
		if v.Ratio >= 2 {
			return times(v.Ratio) + " as slow"
		}
		return share(v.Ratio-1) + " slower"
	case verdictSame:
		if v.SameCode {
			return "no difference in the code"
		}
	case VerdictDiffers:
		return "differs from the base"
	case VerdictMissing:
		return "not measured"
	}
	return v.Verdict
}

func times(x float64) string {
	if x >= 99.95 {
		return quantity.Count(int64(math.Round(x))) + " times"
	}
	digits := 1
	if x >= 9.95 {
		digits = 0
	}
	return strconv.FormatFloat(x, 'f', digits, 64) + " times"
}

// share is a fraction in percent, with one decimal.
func share(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }

// Headline is the comparison in a sentence.
func (c Compare) Headline() string {
	if len(c.Variants) == 0 || !c.Variants[0].Measured() {
		return "nothing was compared"
	}
	base := c.Variants[0]
	var others []Variant
	same := 0
	for _, v := range c.Variants[1:] {
		if v.Measured() {
			others = append(others, v)
		}
		if v.Verdict == verdictSame {
			same++
		}
	}
	switch {
	case len(others) == 0:
		return fmt.Sprintf("%s takes %s", base.Name, quantity.Seconds(base.Median, 4))
	case len(others) == 1 && others[0].SameCode:
		return fmt.Sprintf("%s has the same instructions as %s", others[0].Name, base.Name)
	case len(others) == 1 && others[0].Verdict == verdictSame:
		return fmt.Sprintf("no difference between %s and %s", base.Name, others[0].Name)
	case len(others) == 1 && others[0].Verdict == verdictNoChance:
		return fmt.Sprintf("%s and %s are not comparable", base.Name, others[0].Name)
	case len(others) == 1:
		return fmt.Sprintf("%s is %s", others[0].Name, others[0].Against(base.Name))
	case same == len(others):
		return fmt.Sprintf("no difference between %s and the others", base.Name)
	}
	best := c.least(func(v *Variant) bool { return v.Measured() && v.Verdict == verdictFaster })
	if best == nil {
		return fmt.Sprintf("none is faster than %s", base.Name)
	}
	return fmt.Sprintf("%s is fastest: %s", best.Name, best.Against(base.Name))
}

// Against is Words with the base's name: "17 % faster than old".
func (v Variant) Against(base string) string {
	words := v.Words()
	if strings.HasSuffix(words, " faster") || strings.HasSuffix(words, " slower") {
		return words + " than " + base
	}
	return words + " as " + base
}

// MIMEBundle shows the result as its table.
func (c Compare) MIMEBundle() map[string]any { return map[string]any{"text/plain": c.String()} }
