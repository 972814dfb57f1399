package timing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// output is the comparison in all its forms.
func (c *comparison) output(res result.Compare, warnings, notes []string) report.Output {
	picture := comparePicture(res)
	var code []string
	for _, v := range res.Variants {
		code = append(code, "--- "+v.Name, strings.TrimRight(v.Code, "\n"))
	}
	o := report.Output{
		Magic: "compare", Statement: strings.Join(code, "\n"), Text: res.String(), Result: res, Warnings: warnings,
		Params: map[string]any{"rounds": res.Rounds, "order": res.Order, "alpha": res.Alpha, "min_effect": res.MinEffect, "loops": c.plan.Loops, "target": c.plan.Target, "processes": max(1, c.procs), "check": c.check, "tolerance": c.tol, "clock": res.Clock},
		HTML:   []report.Block{report.Heading(res.Headline())},
	}
	if picture != nil {
		o.Figure = *picture
		untitled := *picture // the heading says it
		untitled.Title = ""
		o.HTML = append(o.HTML, report.Figure{Picture: untitled})
	}
	o.HTML = append(o.HTML, compareTable(res))
	for _, v := range res.Variants {
		if !v.Measured() {
			o.HTML = append(o.HTML, report.Note(fmt.Sprintf("%s: no time: %s", v.Name, v.Why)))
		}
	}
	if c.floor != nil {
		notes = append(notes, fmt.Sprintf("least effect %s: this machine's noise floor, by %%bench --calibrate on %s", percent(c.floor.Floor), c.floor.Time.Format(time.DateOnly)))
	}
	for _, note := range notes {
		o.Text += "\n" + note
		o.HTML = append(o.HTML, report.Note(note))
	}
	o.HTML = append(o.HTML, report.Note(compareNote(res)))
	return o
}

func clockName(cpu bool) string {
	if cpu {
		return "cpu"
	}
	return "wall"
}

// compareNote says how to read the figures.
func compareNote(res result.Compare) string {
	how := "measured at different times, not alternately: what changed on the machine between them is in the difference"
	if res.Interleaved {
		how = quantity.Counted(res.Rounds, "round") + " of all variants in turn, the base twice in each"
	}
	return fmt.Sprintf("%s. Different: p < %v (Mann-Whitney U, Holm for several variants) and a ratio farther from 1 than %s. "+
		"Medians with intervals of order statistics, ratios with bootstrap intervals over rounds.", how, res.Alpha, percent(res.Floor()))
}

// comparePicture is nil where there is nothing to draw.
func comparePicture(res result.Compare) *plots.Comparison {
	p := &plots.Comparison{Title: res.Headline(), Noise: res.Noise, Least: math.Max(res.MinEffect, res.Layout), Apart: !res.Interleaved}
	if math.IsInf(p.Noise, 0) || math.IsNaN(p.Noise) {
		p.Noise = 0
	}
	if res.Clock == clockName(true) {
		p.Label = "CPU time per operation"
	}
	measured := 0
	for _, v := range res.Variants {
		rounds := v.Times
		for len(rounds) < len(v.Again) { // a round that runs backwards, cut short, has the base's second run only
			rounds = append(slices.Clip(rounds), math.NaN())
		}
		c := plots.Candidate{Name: v.Name, Rounds: rounds, Again: v.Again, Ratio: v.Ratio, Verdict: v.Words(), Bytes: v.BytesPerOp, Objects: v.AllocsPerOp}
		c.Interval, c.RatioInterval = bounds(v.CI), bounds(v.RatioCI)
		switch v.Verdict {
		case "faster":
			c.Effect = plots.EffectBetter
		case "slower":
			c.Effect = plots.EffectWorse
		case "no difference":
			c.Effect = plots.EffectSame
		}
		switch {
		case !v.Measured():
			c.Missing = v.Why
		case v.P != nil:
			c.Detail = pText(*v.P)
		case v.Verdict == result.VerdictBase && len(v.Again) > 0:
			c.Detail = "A/A " + strconv.FormatFloat(v.Ratio, 'f', 3, 64) + "×"
		}
		if v.Measured() {
			measured++
		}
		p.Candidates = append(p.Candidates, c)
	}
	if measured == 0 || len(p.Candidates) < 2 || !res.Variants[0].Measured() {
		return nil
	}
	return p
}

// pText is a p value as papers print it.
func pText(p float64) string {
	if p < 0.001 {
		return "p<0.001"
	}
	return "p=" + strconv.FormatFloat(p, 'f', 3, 64)
}

func bounds(i *result.Interval) [2]float64 {
	if i == nil {
		return [2]float64{math.NaN(), math.NaN()}
	}
	return [2]float64{i.Low, i.High}
}

// compareTable is the table of the HTML, as wide as a page: p values are those of the
// verdicts, numbers of runs those of the medians, and memory has columns where there
// is some.
func compareTable(res result.Compare) report.Table {
	t := report.Table{Columns: []report.Column{
		{Name: "variant", Align: report.Wrapped},
		{Name: "verdict", Align: report.Left, Title: "p, of the exact Mann-Whitney U test and adjusted after Holm, stands behind each"},
		{Name: "median", Title: "of an operation's time over all runs, with the larger half of its confidence interval"},
		{Name: "ratio", Title: fmt.Sprintf("median by that of the base, with its %g %% interval by bootstrap", 100*res.Confidence)},
	}}
	memory := res.Allocates()
	if memory {
		t.Columns = append(t.Columns, report.Column{Name: "B/op", Title: "bytes allocated by an operation"}, report.Column{Name: "allocs/op", Title: "objects allocated by an operation"})
	}
	for _, v := range res.Variants {
		if !v.Measured() {
			t.Rows = append(t.Rows, report.Cells(report.Word(v.Name), report.Word(v.Words())))
			continue
		}
		verdict := report.Word(v.Words())
		if v.P != nil {
			verdict.Title = pText(*v.P)
		}
		median := report.Seconds(v.Median)
		median.Text += " ± " + v.Spread()
		median.Title = fmt.Sprintf("%s of %s", countedRuns(len(v.Times)+len(v.Again)), quantity.Counted(v.Loops, "operation"))
		cells := []report.Cell{report.Word(v.Name), verdict, median, ratioCell(v)}
		if memory {
			cells = append(cells, report.Number(hundredths(v.BytesPerOp)), report.Number(hundredths(v.AllocsPerOp)))
		}
		t.Rows = append(t.Rows, report.Row{Bold: v.Verdict == "faster", Cells: cells})
	}
	return t
}

// ratioCell is a ratio with its interval.
func ratioCell(v result.Variant) report.Cell {
	if v.Verdict == result.VerdictBase {
		return report.Cell{Text: "1", Order: 1, Title: fmt.Sprintf("A/A: its second runs to its first %.4f", v.Ratio)}
	}
	decimals := ratioDecimals(v.Ratio)
	c := report.Cell{Text: strconv.FormatFloat(v.Ratio, 'f', decimals, 64), Order: v.Ratio}
	if v.RatioCI != nil {
		c.Text += fmt.Sprintf(" [%.*f, %.*f]", decimals, v.RatioCI.Low, decimals, v.RatioCI.High)
	}
	return c
}

// ratioDecimals gives a ratio three significant digits, and near 1, where it is the
// difference that matters, three decimals.
func ratioDecimals(x float64) int {
	if !(x > 0) || x >= 0.9 && x < 1.1 {
		return 3
	}
	return min(max(2-int(math.Floor(math.Log10(x))), 0), 9)
}
