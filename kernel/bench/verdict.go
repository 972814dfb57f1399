package bench

import (
	"fmt"
	"strings"

	"hpgo/kernels"
)

// Verdict is what came of a target.
type Verdict struct {
	kernels.Target
	Ours    string  `json:"ours,omitempty"`    // the fastest row in Go
	Theirs  string  `json:"theirs,omitempty"`  // the row that it is held against
	Ratio   float64 `json:"ratio,omitempty"`   // median of the rounds' ratios, time of ours by time of theirs
	Missing string  `json:"missing,omitempty"` // why there is no ratio
}

// judge holds the fastest row in Go against the subject's targets. A row that has
// another result by nature is none of them: half the bits would be half the work.
func (t *KernelTable) judge() {
	for _, target := range t.Targets {
		v := Verdict{Target: target}
		named := func(r KernelRow) bool { return r.By == target.By && strings.HasPrefix(r.Name, target.Row) }
		ours := t.fastest(func(r KernelRow) bool { return r.By == "Go" && !r.Yardstick && !r.Close && !named(r) })
		theirs := t.fastest(named)
		if ours == nil || theirs == nil {
			v.Missing = t.whyMissing(target)
		} else {
			v.Ours, v.Theirs, v.Ratio = ours.label(), theirs.label(), ratioOf(ours.Rounds, theirs.Rounds)
		}
		t.Verdicts = append(t.Verdicts, v)
	}
}

// fastest is the fastest row of those that are meant; nil if none has a time.
func (t *KernelTable) fastest(meant func(KernelRow) bool) *KernelRow {
	var best *KernelRow
	for i := range t.Rows {
		if r := &t.Rows[i]; r.Seconds > 0 && meant(*r) && (best == nil || r.Seconds < best.Seconds) {
			best = r
		}
	}
	return best
}

// whyMissing is what the row that is held against said, if there is such a row.
func (t *KernelTable) whyMissing(target kernels.Target) string {
	for _, r := range t.Rows {
		if r.By == target.By && strings.HasPrefix(r.Name, target.Row) && r.Missing != "" {
			return r.Missing
		}
	}
	return "it wasn't measured"
}

// ratioOf is the median of the ratios of each round: what slows the machine down for
// a while slows both.
func ratioOf(ours, theirs []float64) float64 {
	var ratios []float64
	for i := range min(len(ours), len(theirs)) {
		ratios = append(ratios, ours[i]/theirs[i])
	}
	return median(ratios)
}

// String is the verdict in one line.
func (v Verdict) String() string {
	against := v.By + ": " + v.Row
	if v.Missing != "" {
		return fmt.Sprintf("target: at most %g of %s: unknown (%s)", v.Most, against, v.Missing)
	}
	how := "met"
	if v.Ratio > v.Most {
		how = "MISSED"
	}
	return fmt.Sprintf("target: at most %g of %s: %s / %s = %.3g, %s", v.Most, against, v.Ours, v.Theirs, v.Ratio, how)
}
