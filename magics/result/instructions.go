package result

import (
	"fmt"
	"strings"

	"hpgo/magics/quantity"
)

// Instructions is the result of %compare --ir: what pieces of Go execute, simulated.
type Instructions struct {
	Tool     string       `json:"tool"`     // "valgrind 3.19.0"
	Model    string       `json:"model"`    // the caches that it has
	Loops    int          `json:"loops"`    // operations in a run
	Variants []Instructed `json:"variants"` // the base first
}

// Instructed is what one operation of a variant executes, the mean of the runs.
type Instructed struct {
	Name         string  `json:"name"`
	Runs         int     `json:"runs"` // complete ones; 0: it has no figures
	Instructions float64 `json:"instructions"`
	Least        float64 `json:"least"`     // of a run
	Most         float64 `json:"most"`      // of a run; Least: all executed the same
	Branches     float64 `json:"branches"`  // jumps that depend on data
	D1Misses     float64 `json:"d1_misses"` // accesses to data that the first cache didn't have
	LLMisses     float64 `json:"ll_misses"` // accesses that the last cache didn't have
	Ratio        float64 `json:"ratio"`     // Instructions by those of the base; 0: unknown
	Verdict      string  `json:"verdict"`   // base, fewer, more, equal, not told apart, missing
}

// Verdicts of Instructed, beside VerdictBase.
const (
	VerdictFewer   = "fewer"
	VerdictMore    = "more"
	VerdictEqual   = "equal"
	VerdictUnclear = "not told apart" // the runs of the two overlap
)

// Exact reports whether each run executed the same.
func (v Instructed) Exact() bool { return v.Runs > 0 && v.Least == v.Most }

// Against judges a variant by the base: exactly, or where no run of the one executes as
// much as a run of the other.
func (v *Instructed) Against(base Instructed) {
	if base.Instructions > 0 {
		v.Ratio = v.Instructions / base.Instructions
	}
	switch {
	case v.Runs == 0 || base.Runs == 0:
		v.Verdict = VerdictMissing
	case v.Exact() && base.Exact() && v.Least == base.Least:
		v.Verdict = VerdictEqual
	case v.Most < base.Least:
		v.Verdict = VerdictFewer
	case v.Least > base.Most:
		v.Verdict = VerdictMore
	default:
		v.Verdict = VerdictUnclear
	}
}

// String is a line for each variant.
func (r Instructions) String() string {
	var lines []string
	for _, v := range r.Variants {
		text := fmt.Sprintf("%s: %s instructions", v.Name, quantity.PerOp(v.Instructions))
		if v.Verdict != VerdictBase {
			text += fmt.Sprintf(", %s (×%.4g)", v.Verdict, v.Ratio)
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}
