package timing

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/magics/stats"
	"hpgo/plots"
)

// sweepOf is what the runs of all points come to. Points without runs are left out.
func (o *timeitOptions) sweepOf(t *timings) (result.Sweep, []string, error) {
	sweep := result.Sweep{Param: o.series, Series: make([]result.SweepSeries, len(o.variants))}
	var doubts pointDoubts
	missing := 0
	for i, p := range t.plan.Points {
		s := &sweep.Series[p.Variant]
		s.Name = o.variants[p.Variant].name
		if len(t.runs[i]) == 0 {
			missing++
			continue
		}
		r, sum := timeitOf(t, i, o.cpu, o.digits)
		s.Points = append(s.Points, result.SweepPoint{Value: p.Value, Timeit: r})
		doubts.note(r, sum)
	}
	if o.param != "" {
		for i := range sweep.Series {
			if err := grow(&sweep.Series[i], o.param); err != nil {
				return sweep, nil, err
			}
		}
	}
	warnings := doubts.warnings()
	if missing > 0 && t.partial() == "" {
		warnings = append(warnings, fmt.Sprintf("%d of %d points are missing: they would have exceeded the budget of %s; --budget sets it", missing, len(t.plan.Points), seconds(t.plan.Budget, 3)))
	}
	return sweep, warnings, nil
}

// pointDoubts counts the points that a reader must be warned of.
type pointDoubts struct{ points, noisy, loop, short, collected int }

func (d *pointDoubts) note(r result.Timeit, s stats.Summary) {
	d.points++
	count := func(n *int, bad bool) {
		if bad {
			*n++
		}
	}
	count(&d.noisy, s.N >= 4 && (s.Q3-s.Q1)/s.Median > noisySpread)
	count(&d.loop, r.Loop > loopMatters*r.Median)
	count(&d.short, slices.Min(r.AllRuns) < shortestRun)
	count(&d.collected, r.GCOff && r.GCs > 0)
}

func (d *pointDoubts) warnings() []string {
	var out []string
	for _, w := range []struct {
		n    int
		text string
	}{
		{d.noisy, fmt.Sprintf("noisy: the middle half of the runs differs by more than %s", percent(noisySpread))},
		{d.loop, fmt.Sprintf("the loop itself takes more than %s of the time; it isn't subtracted", percent(loopMatters))},
		{d.short, fmt.Sprintf("a run takes less than %s, which is short for the clock", seconds(shortestRun, 3))},
		{d.collected, "the collector ran although it was off: the program reached the guard of memory"},
	} {
		if w.n > 0 {
			out = append(out, fmt.Sprintf("%d of %d points: %s", w.n, d.points, w.text))
		}
	}
	return out
}

// grow fits the growth of a series' time and bytes with a parameter.
func grow(s *result.SweepSeries, param string) error {
	var n []float64
	var times [][]float64
	var bytes []float64
	for _, p := range s.Points {
		if p.Value > 0 {
			n, times, bytes = append(n, p.Value), append(times, p.Timings()), append(bytes, p.BytesPerOp)
		}
	}
	if len(n) < 2 {
		return nil
	}
	fit, err := plots.FitGrowth(n, times)
	if err != nil {
		return fmt.Errorf("fit the times: %w", err)
	}
	s.Time = growthOf(fit.In(param))
	// Without two sizes that allocate there is nothing to fit.
	if fit, err := plots.FitGrowth(n, bytes); err == nil {
		s.Bytes = growthOf(fit.In(param))
		s.Bytes.Text = strings.ReplaceAll(s.Bytes.Text, "the times", "the bytes")
		s.Bytes.Why = strings.ReplaceAll(s.Bytes.Why, "the times", "the bytes")
	}
	return nil
}

func growthOf(f plots.GrowthFit) *result.Growth {
	g := &result.Growth{Exponent: f.Exponent, Factor: f.Factor, Best: f.Best, RunnerUp: f.RunnerUp, Within: f.Within, Sure: f.Sure, Why: f.Why, Text: f.String()}
	if !math.IsInf(f.Interval[0], 0) && !math.IsNaN(f.Interval[0]) {
		g.Low, g.High = &f.Interval[0], &f.Interval[1]
	}
	if len(f.Curves) > 1 {
		g.Behind = f.Curves[1].Behind
		if g.Sure {
			g.Text += ", which is " + oddsText(g.Behind) + " less likely"
		}
	}
	return g
}

// oddsText is how many times more likely the better of two curves is, whose AICc
// differ by behind: e^(behind/2) times (Burnham and Anderson, 2002, section 2.9).
func oddsText(behind float64) string {
	odds := math.Exp(behind / 2)
	if odds >= 1e6 {
		return "more than a million times"
	}
	return quantity.Number(quantity.Round(odds, 2)) + " times"
}

// valueText is a value of a parameter: 1,000 or 2.5.
func valueText(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return quantity.Count(int64(x))
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// seriesOutput is what is shown of several points.
func (o *timeitOptions) seriesOutput(t *timings, notes []string) (report.Output, error) {
	sweep, warnings, err := o.sweepOf(t)
	if err != nil {
		return report.Output{}, err
	}
	out := report.Output{Params: o.params(), Result: sweep, Samples: t.runs, Warnings: warnings, Partial: t.partial(), Figure: o.seriesFigure(sweep)}
	out.Params["parameter"] = o.series
	for i := range sweep.Series {
		s := &sweep.Series[i]
		if len(s.Points) == 0 {
			continue
		}
		if len(sweep.Series) > 1 {
			out.Text += s.Name + "\n"
			out.HTML = append(out.HTML, report.Heading("`"+s.Name+"`"))
		}
		for i, line := range growthLines(s) {
			out.Text += line + "\n"
			if power, curves, _ := strings.Cut(line, "; "); i == 0 {
				out.HTML = append(out.HTML, report.Headline{Figure: power, Label: curves})
			} else {
				out.HTML = append(out.HTML, report.Note(line))
			}
		}
		table := o.seriesTable(s)
		out.Text += table.Text() + "\n"
		out.HTML = append(out.HTML, report.Details{Summary: "Times", Open: o.param == "", Blocks: []report.Block{table}})
	}
	for _, note := range notes {
		out.Text += note + "\n"
		out.HTML = append(out.HTML, report.Note(note))
	}
	figure := report.Figure{Picture: out.Figure}
	if len(sweep.Series) == 1 && len(out.HTML) > 0 {
		out.HTML = slices.Insert(out.HTML, 1, report.Block(figure)) // behind the finding
	} else {
		out.HTML = slices.Insert(out.HTML, 0, report.Block(figure))
	}
	return out, nil
}

// growthLines say how a series grows.
func growthLines(s *result.SweepSeries) []string {
	var lines []string
	if s.Time != nil {
		lines = append(lines, "time "+s.Time.Text)
	}
	if s.Bytes != nil {
		lines = append(lines, "bytes "+s.Bytes.Text)
	}
	return lines
}

// seriesTable has a row for each value.
func (o *timeitOptions) seriesTable(s *result.SweepSeries) report.Table {
	t := report.Table{Columns: []report.Column{{Name: o.series}, {Name: "mean"}, {Name: "± std. dev."}, {Name: "median"}, {Name: "best"}, {Name: "runs × loops"}, {Name: "B/op"}, {Name: "allocs/op"}, {Name: "GC/run"}}}
	speedup := o.param == "" && len(s.Points) > 1
	if speedup {
		t.Columns = append(t.Columns, report.Column{Name: "speedup", Title: "median with the first number of processors by this"})
	}
	for _, p := range s.Points {
		row := report.Cells(report.Cell{Text: valueText(p.Value), Order: p.Value}, report.Seconds(p.Average), report.Seconds(p.Stdev), report.Cell{Text: seconds(p.Median, 4), Order: p.Median}, report.Seconds(p.Best),
			report.Word(fmt.Sprintf("%d × %s", p.Repeat, quantity.Count(p.Loops))), report.Bytes(p.BytesPerOp), report.Cell{Text: quantity.PerOp(p.AllocsPerOp), Order: p.AllocsPerOp}, report.Word(quantity.Number(float64(p.GCs)/float64(p.Repeat))))
		if speedup {
			x := s.Points[0].Median / p.Median
			row.Cells = append(row.Cells, report.Cell{Text: fmt.Sprintf("%.2f", x), Order: x})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// seriesFigure draws all points: growth on logarithmic axes, or a box for each
// number of processors.
func (o *timeitOptions) seriesFigure(sweep result.Sweep) plots.Picture {
	if o.param == "" {
		var groups [][]float64
		var labels []string
		for _, p := range sweep.Series[0].Points {
			groups, labels = append(groups, p.Timings()), append(labels, valueText(p.Value))
		}
		return plots.Figure{Height: 3, X: plots.Axis{Label: o.series}, Y: plots.Axis{Label: "time of an operation", Unit: "s"},
			Layers: plots.Layers{plots.Box{Values: groups, Labels: labels}, plots.Strip{Values: groups, Labels: labels}}}
	}
	time := plots.Figure{X: plots.Axis{Label: o.series, Log: true}, Y: plots.Axis{Label: "time of an operation", Unit: "s", Log: true}}
	bytes := plots.Figure{X: plots.Axis{Label: o.series, Log: true}, Y: plots.Axis{Label: "allocated by an operation", Unit: "B", Log: true}}
	for _, s := range sweep.Series {
		var n, size []float64
		var times [][]float64
		for _, p := range s.Points {
			if p.Value > 0 {
				n, times, size = append(n, p.Value), append(times, p.Timings()), append(size, p.BytesPerOp)
			}
		}
		name := s.Name
		if len(sweep.Series) == 1 {
			name = ""
		}
		if len(n) > 0 {
			time.Layers = append(time.Layers, plots.Growth{Name: name, N: n, T: times, Size: o.param})
		}
		if s.Bytes != nil {
			bytes.Layers = append(bytes.Layers, plots.Growth{Name: name, N: n, T: size, Size: o.param})
		}
	}
	if len(bytes.Layers) == 0 {
		return time
	}
	return plots.Grid{Columns: 2, Panels: []plots.Figure{time, bytes}, Width: 9.5, Height: 4}
}
