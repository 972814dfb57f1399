package machine

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// statText is a variant as perf stat shows it, with hpgo's columns.
func statText(v result.PerfVariant) string {
	var b strings.Builder
	fmt.Fprintf(&b, " Performance counter stats for '%s'%s:\n\n", v.Name, runsText(v.Runs))
	if len(v.Events) > 0 {
		fmt.Fprintf(&b, "%s\n\n%s", indented(eventTable(v.Events).Text()), elapsedText(v))
	}
	if s := v.Simulated; s != nil {
		if len(v.Events) > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, " %s:\n\n%s\n", simulatedTitle(s), indented(eventTable(s.Events).Text()))
		fmt.Fprintf(&b, "\n %s\n %s\n\n%s\n", modelText(s.Model), estimateText(s), indented(costTable(s.Functions).Text()))
	}
	return strings.TrimRight(b.String(), "\n")
}

func runsText(runs int) string {
	if runs < 2 {
		return ""
	}
	return fmt.Sprintf(" (%d runs)", runs)
}

func indented(text string) string { return " " + strings.ReplaceAll(text, "\n", "\n ") }

// elapsedText is the end of perf stat's text.
func elapsedText(v result.PerfVariant) string {
	text := fmt.Sprintf("%17.9f seconds time elapsed\n", v.Elapsed)
	if v.Err != nil {
		text = fmt.Sprintf("%17.9f +- %.9f seconds time elapsed  ( +- %5.2f%% )\n", v.Elapsed, *v.Err*v.Elapsed, 100**v.Err)
	}
	return text + fmt.Sprintf("\n%17.9f seconds user\n%17.9f seconds sys\n", v.User, v.Sys)
}

// simulatedTitle says what the figures of a model are.
func simulatedTitle(s *result.PerfSimulated) string {
	return fmt.Sprintf("simulated by %s%s: a model, not this CPU", s.Tool, runsText(s.Runs))
}

func modelText(caches string) string { return "caches of the model: " + caches }

func estimateText(s *result.PerfSimulated) string {
	return fmt.Sprintf("estimate of cycles: %s (instructions + 10 × mispredicted branches + 10 × misses of the first caches + 100 × misses of the last; a rule of thumb)", quantity.Number(*s.Estimate))
}

// statBlocks is a variant as HTML.
func statBlocks(v result.PerfVariant, alone bool) []report.Block {
	var blocks []report.Block
	if !alone {
		blocks = append(blocks, report.Heading("`"+v.Name+"`"))
	}
	if len(v.Events) > 0 {
		label := "elapsed"
		if v.Runs > 1 {
			label = fmt.Sprintf("elapsed (mean of %d runs)", v.Runs)
		}
		figure := quantity.Seconds(v.Elapsed, 3)
		if v.Err != nil {
			figure += " ± " + quantity.Percent(*v.Err)
		}
		blocks = append(blocks, report.Headline{Figure: figure, Label: fmt.Sprintf("%s, %s user, %s sys", label, quantity.Seconds(v.User, 3), quantity.Seconds(v.Sys, 3))},
			eventTable(v.Events))
	}
	if s := v.Simulated; s != nil {
		blocks = append(blocks, report.Heading(capital(simulatedTitle(s))), eventTable(s.Events), report.Note(modelText(s.Model)), report.Note(estimateText(s)), costTable(s.Functions))
		if n := len(s.Functions) - shownFunctions; n > 0 {
			blocks = append(blocks, report.Note(fmt.Sprintf("%s more in the data", quantity.Counted(n, "function"))))
		}
	}
	return blocks
}

func capital(text string) string { return strings.ToUpper(text[:1]) + text[1:] }

// statPicture compares the variants, each event by that of the first one; nil: there
// is nothing to compare.
func statPicture(p result.Perf) *plots.Figure {
	if len(p.Variants) < 2 {
		return nil
	}
	type list func(v result.PerfVariant) []result.PerfEvent
	measured := func(v result.PerfVariant) []result.PerfEvent { return v.Events }
	modelled := func(v result.PerfVariant) []result.PerfEvent {
		if v.Simulated == nil {
			return nil
		}
		return v.Simulated.Events
	}
	var labels []string
	var of []list
	var at []int
	for _, kind := range []list{measured, modelled} {
		for i, e := range kind(p.Variants[0]) {
			if e.Value == nil || *e.Value == 0 {
				continue
			}
			label := e.Event
			if e.Source == result.PerfModel {
				label += " (sim)"
			}
			labels, of, at = append(labels, label), append(of, kind), append(at, i)
		}
	}
	if len(labels) == 0 {
		return nil
	}
	ratios := make([][]float64, len(p.Variants)) // 0: it isn't known, or nothing was counted
	least, most := 1.0, 1.0
	for i, v := range p.Variants {
		for k := range labels {
			x := 0.0
			if events := of[k](v); at[k] < len(events) && events[at[k]].Value != nil {
				x = *events[at[k]].Value / *of[k](p.Variants[0])[at[k]].Value
			}
			ratios[i] = append(ratios[i], x)
			if x > 0 {
				least, most = min(least, x), max(most, x)
			}
		}
	}
	f := &plots.Figure{Title: fmt.Sprintf("Counts as multiples of those of %q", p.Variants[0].Name)}
	if most > widestBars*least {
		drawPoints(f, p.Variants, labels, ratios)
	} else {
		drawBars(f, p.Variants, labels, ratios)
	}
	return f
}

// widestBars is how many times the shortest bar the longest may be, for both to be read.
const widestBars = 50

// drawBars draws the ratios of each variant as bars.
func drawBars(f *plots.Figure, variants []result.PerfVariant, labels []string, ratios [][]float64) {
	f.X, f.Height = plots.Axis{Label: "ratio", Zero: true}, min(9, 1.2+float64(len(labels)*len(variants))*0.22)
	for i, v := range variants {
		f.Layers = append(f.Layers, plots.Bars{Name: v.Name, Labels: labels, Horizontal: true, Numbers: true, Values: ratios[i]})
	}
}

// drawPoints draws the ratios as points on a logarithmic axis, where zero has no place.
func drawPoints(f *plots.Figure, variants []result.PerfVariant, labels []string, ratios [][]float64) {
	f.Y, f.Height = plots.Axis{Label: "ratio", Log: true}, 4
	none := false
	for i, v := range variants {
		values := slices.Clone(ratios[i])
		for k, x := range values {
			if x <= 0 {
				values[k], none = math.NaN(), true
			}
		}
		f.Layers = append(f.Layers, plots.Scatter{Name: v.Name, X: labels, Y: values})
	}
	if none {
		f.Title += ", but for counts of zero"
	}
}
