package profiling

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"hpgo/magics/magic"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
	"hpgo/plots/recording/profiles"
)

// storedPrun is a profile that the session keeps: the last one, and those with a
// label.
type storedPrun struct {
	result result.Prun
	data   profiles.Profile
	raw    []byte
	value  int // of the profile, that the result is of
	scale  float64
}

// output is what %prun shows.
func (p *prun) output(h magic.Host) (report.Output, error) {
	st := p.results()
	r := st.result
	o := report.Output{Magic: "prun", Params: p.params(), Samples: p.samples(), Partial: p.interrupted(), Untimed: r.Unit != "s"}
	o.Warnings = slices.Clone(p.measured.run.Samples.Warnings)
	if w := r.Sampling.Warning(); w != "" {
		o.Warnings = append(o.Warnings, w)
	}
	if r.Runs > 0 && r.Rate > 0 && r.Elapsed < shortRun {
		o.Warnings = append(o.Warnings, fmt.Sprintf("a run takes %s: the loop around it has a part in that, and the compiler may leave out what has no use; `%%timeit` is made for such", quantity.Seconds(r.Elapsed, 3)))
	}
	if r.Samples == 0 && p.fail == nil && (p.kind == "cpu" || p.kind == "wall") {
		o.Warnings = append(o.Warnings, "no sample was taken: how the time is divided isn't known")
	}
	if mostlyWaits(r) {
		o.Warnings = append(o.Warnings, fmt.Sprintf("the CPU worked in %s of a run's time, which it spends waiting: `%%prun --wall` shows where", quantity.Percent(r.Total/r.Elapsed)))
	}
	for _, name := range p.restored {
		p.notes = append(p.notes, "`"+name+"` has its value of before back; --keep leaves it changed")
	}
	if note := Unscaled(p.measured.run); note != "" && r.Rate > 0 {
		p.notes = append(p.notes, note)
	}
	return p.shown(h, st, o, p.headline(r), append(p.sources(r), p.notes...))
}

// mostlyWaits reports whether a profile of CPU time leaves out where the time goes.
// Half of it may be the machine's, which has other programs to run.
func mostlyWaits(r result.Prun) bool {
	return r.Kind == "cpu" && r.Runs > 0 && r.Elapsed >= 1e-3 && r.Total < 0.1*r.Elapsed
}

// shown completes the output with the views of a profile, and keeps the profile for
// more of them.
func (p *prun) shown(h magic.Host, st *storedPrun, o report.Output, headline string, notes []string) (report.Output, error) {
	raw, err := st.data.Encode()
	if err != nil {
		return report.Output{}, err
	}
	st.raw = raw
	keepPrun(h, p.in, st)
	r := st.result
	o.Result, o.Raw = r, raw
	rows, said := restrict(r.Rows, p.limits)
	o.Text = prunText(r, rows, said)
	if p.in.Args.Has("tree") {
		o.Text = fmt.Sprintf("         %s\n\n%s", r.String(), prunTree(st))
	}
	for _, n := range notes {
		o.Text += "\n" + strings.ReplaceAll(n, "`", "")
	}
	o.HTML = []report.Block{report.Headline{Figure: r.Amount(r.Total), Label: headline}}
	if r.Total > 0 {
		flame := p.flame(st)
		o.Figure = flame
		flame.Interactive = true
		o.HTML = append(o.HTML, report.Figure{Picture: flame})
	}
	if p.in.Args.Has("tree") {
		o.HTML = append(o.HTML, report.Text(prunTree(st)))
	}
	if !p.in.Args.Has("flame") {
		o.HTML = append(o.HTML, prunTables(r, rows, p.in.Args.Has("tree"))...)
	}
	for _, n := range notes {
		o.HTML = append(o.HTML, report.Note(n))
	}
	if p.in.Args.Has("pprof") {
		block, err := p.pprofPages(h, st)
		if err != nil {
			return o, err
		}
		o.HTML = append(o.HTML, block)
	}
	return o, nil
}

// shortRun is a time in s below which the loop around a statement, a few ns, is felt.
const shortRun = 100e-9

// samples is the data that the result was computed from: the most frequent stacks,
// as many as a notebook should carry. All are in the file of -D.
func (p *prun) samples() any {
	const most = 1000 // frames
	if p.kind == "mem" {
		return nil
	}
	s := p.measured.run.Samples.Measured()
	frames := 0
	for i, st := range s.Stacks {
		if frames += len(st.Frames); frames > most {
			s.Warnings = append(slices.Clone(s.Warnings), quantity.Counted(len(s.Stacks)-i, "stack")+" left out")
			s.Stacks = s.Stacks[:i]
			break
		}
	}
	return s
}

// results adds up what was measured.
func (p *prun) results() *storedPrun {
	st := p.sampled()
	if p.kind == "mem" {
		st = p.allocated()
	}
	r := &st.result
	r.Kind, r.Order, r.Unit = p.kind, p.order.text, valueUnit(st.data.Types[st.value])
	if p.measured.counts != nil {
		addCalls(r, p.measured.counters, p.measured.counts)
	}
	if p.measured.allocs != nil && p.kind != "mem" {
		addAllocs(r, p.measured.allocs)
	}
	p.compare(st)
	p.order.sort(r.Rows)
	return st
}

// valueUnit is the unit in which a result has a profile's values.
func valueUnit(t profiles.Type) string {
	return map[string]string{"nanoseconds": "s", "bytes": "B"}[t.Unit]
}

// sampled adds up samples or events.
func (p *prun) sampled() *storedPrun {
	run := p.measured.run
	s := run.Samples.Measured()
	data := SampledProfile(p.kind, s)
	value := len(data.Types) - 1
	elapsed, scale := run.Elapsed(), 1.0
	if valueUnit(data.Types[value]) == "s" {
		scale = 1e-9
	}
	if elapsed == 0 {
		elapsed = s.Elapsed // not even one run is complete
	}
	if n := float64(run.Runs()); n > 0 {
		scale /= n
	}
	r := prunResult(data, value, scale)
	r.Elapsed, r.Runs, r.Rate, r.Source, r.Lost, r.Sampling = elapsed, run.Runs(), s.Rate, s.Source, s.Lost, SamplingOf(run)
	if s.Rate > 0 {
		addErrors(&r)
	}
	return &storedPrun{result: r, data: data, value: value, scale: scale}
}

// allocated adds up what was allocated.
func (p *prun) allocated() *storedPrun {
	data := allocProfile(p.measured.allocs)
	value := len(data.Types) - 1
	r := prunResult(data, value, 1)
	r.Runs, r.Source = 1, "the runtime's heap profile, every object"
	return &storedPrun{result: r, data: data, value: value, scale: 1}
}

// compare adds what functions took in the base.
func (p *prun) compare(st *storedPrun) {
	if p.base == nil {
		return
	}
	name := st.data.Types[st.value].Name
	value, ok := p.base.Value(name)
	if !ok {
		p.notes = append(p.notes, "the base has no "+name+" and is left out")
		p.base = nil
		return
	}
	total := p.base.Sum(value)
	base := map[string]float64{}
	for _, row := range prunResult(*p.base, value, 1).Rows {
		base[row.Name] += row.Self
	}
	st.result.HasBase = true
	for i := range st.result.Rows {
		row := &st.result.Rows[i]
		share := 0.0
		if total > 0 {
			share = base[row.Name] / total
		}
		row.Base = &share
		delete(base, row.Name)
	}
}

// kindText says what a kind's values are.
var kindText = map[string]string{"cpu": "CPU time", "wall": "time of goroutines", "mem": "allocated", "block": "of waiting", "mutex": "of making others wait",
	"goroutine": "goroutines at the end", "leak": "goroutines left behind"}

// kindLabel is what a figure of a kind is of.
func kindLabel(kind string, figure float64) string {
	if rest, ok := strings.CutPrefix(kindText[kind], "goroutines "); ok && figure == 1 {
		return "goroutine " + rest
	}
	return kindText[kind]
}

// headline says what the figure is.
func (p *prun) headline(r result.Prun) string {
	label := kindLabel(p.kind, r.Total)
	if r.Runs > 1 {
		label += " of one run"
	}
	if r.Elapsed > 0 {
		label += fmt.Sprintf(", %s by the clock", quantity.Seconds(r.Elapsed, 3))
	}
	if r.Calls != nil {
		label += " · " + quantity.Counted(*r.Calls, "function call")
	}
	return label
}

// sources says where the figures come from.
func (p *prun) sources(r result.Prun) []string {
	what := quantity.Counted(r.Samples, strings.ReplaceAll(strings.TrimPrefix(strings.TrimSuffix(valueTypes[p.kind][0].Name, "s"), "alloc_"), "_", " "))
	if p.kind != "cpu" && p.kind != "wall" {
		if r.Unit != "" {
			what = r.Amount(r.Total) + " " + kindText[p.kind] + ": " + what
		} else {
			what = quantity.Number(r.Total) + " " + kindLabel(p.kind, r.Total)
		}
		return []string{what + ", from " + r.Source + ", in one run"}
	}
	if r.Samples == 0 {
		return []string{fmt.Sprintf("%s: no samples (%s) %s; wall %s", kindText[p.kind], r.Source, r.Sampling.Over(r.Runs), quantity.Seconds(r.Elapsed, 3))}
	}
	one := " of one run"
	if r.Runs == 0 {
		one = ""
	}
	text := fmt.Sprintf("%s%s: %s at %s (%s) %s; wall %s", kindText[p.kind], one, what, quantity.Frequency(r.Rate, 3), r.Source, r.Sampling.Over(r.Runs), quantity.Seconds(r.Elapsed, 3))
	if p.kind == "wall" {
		text = strings.Replace(text, " at ", " of goroutines, looked at at ", 1)
		text = strings.Replace(text, " (goroutines)", "", 1)
	}
	calls := "ncalls: not counted"
	if r.Calls != nil {
		calls = "ncalls: counted in a run of its own, in functions of the session and those of packages that it calls"
	}
	return []string{text + " · " + calls}
}

// flame is the picture.
func (p *prun) flame(st *storedPrun) plots.Flame {
	f := plots.Flame{Profile: st.raw, Value: st.data.Types[st.value].Name, Form: p.form}
	if p.base != nil {
		f.Base = p.baseRaw
	}
	if st.result.Runs > 1 {
		f.Notes = []string{"all " + quantity.Counted(st.result.Runs, "run") + " together"}
	}
	return f
}

// mostFunctions is how many functions the HTML has at most beside those shown.
const mostFunctions = 300

// prunTables are the functions that are shown, and all of them to unfold; behind a
// tree both are folded.
func prunTables(r result.Prun, shown []result.PrunRow, folded bool) []report.Block {
	var blocks []report.Block
	if !folded {
		blocks = append(blocks, prunTable(r, shown))
	}
	if all := r.Rows[:min(len(r.Rows), mostFunctions)]; folded || len(shown) < len(all) {
		blocks = append(blocks, report.Details{Summary: quantity.Counted(len(all), "function"), Blocks: []report.Block{prunTable(r, all)}})
	}
	return blocks
}

// prunTable is a table of functions for HTML.
func prunTable(r result.Prun, rows []result.PrunRow) report.Table {
	self, total := r.Heads()
	t := report.Table{Columns: []report.Column{
		{Name: "function", Align: report.Left}, // first, so that a narrow page shows it
		{Name: "ncalls", Title: "calls in one run, counted; with those that the function didn't make itself behind the stroke"},
		{Name: self, Title: "in the function itself", Look: report.Heat}, {Name: "percall", Title: self + " by ncalls"},
		{Name: total, Title: "with all that it calls", Look: report.Bar}, {Name: "percall", Title: total + " by primitive calls"},
		{Name: "%", Title: self + " of all, and the standard error of that"}, {Name: "alloc", Title: "bytes that the function allocated itself in one run, every object counted"}}}
	if r.HasBase {
		t.Columns = append(t.Columns, report.Column{Name: "base %", Title: self + " in the base, of all there"}, report.Column{Name: "change", Title: "in points of a hundred"})
	}
	t.Columns = append(t.Columns, report.Column{Name: "place", Align: report.Left})
	for _, row := range rows {
		t.Rows = append(t.Rows, report.Row{Cells: prunCells(r, row)})
	}
	return withoutEmpty(t)
}

// prunCells are the cells of a function.
func prunCells(r result.Prun, row result.PrunRow) []report.Cell {
	unknown := report.Cell{Order: math.NaN()}
	amount := func(v float64, ok bool) report.Cell {
		if !ok {
			return unknown
		}
		return report.Cell{Text: r.Amount(v), Order: v}
	}
	calls, alloc := unknown, unknown
	if row.Calls != nil {
		calls = report.Cell{Text: callsText(row), Order: float64(*row.Calls)}
	}
	if row.Alloc != nil {
		alloc = report.Bytes(*row.Alloc)
	}
	share := report.Cell{Text: percentNumber(row.Share), Order: row.Share}
	if row.Err > 0 {
		share.Text += " ± " + percentNumber(row.Err)
	}
	part := 0.0
	if r.Total > 0 {
		part = row.Total / r.Total
	}
	per, okPer := row.PerCall()
	cum, okCum := row.PerPrimitive()
	name := row.Name
	switch row.Inlined {
	case "inline":
		name += " (inline)"
	case "partial":
		name += " (partly inline)"
	}
	cells := []report.Cell{report.Word(name), calls, amount(row.Self, true).Shared(row.Share), amount(per, okPer), amount(row.Total, true).Shared(part), amount(cum, okCum), share, alloc}
	if row.Base != nil {
		change := row.Share - *row.Base
		cells = append(cells, report.Cell{Text: percentNumber(*row.Base), Order: *row.Base}, report.Cell{Text: plots.Points(change), Order: change})
	}
	return append(cells, report.Word(placeOf(row)).Titled(row.File))
}

// callsText is Ncalls with commas.
func callsText(row result.PrunRow) string {
	text := quantity.Count(*row.Calls)
	if row.Primitive != nil && *row.Primitive != *row.Calls {
		text += "/" + quantity.Count(*row.Primitive)
	}
	return text
}

func placeOf(row result.PrunRow) string {
	switch {
	case row.File == "":
		return ""
	case row.Line == 0: // of code that isn't Go no line is known
		return row.ShortFile()
	}
	return fmt.Sprintf("%s:%d", row.ShortFile(), row.Line)
}
