package profiling

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// drawnRegions is how many regions a picture shows; the shorter ones are left out.
const drawnRegions = 40

// firstMessage is the time in s after which the recorder sends what it has.
const firstMessage = 0.1

// output is what %mprof shows.
func (m *mprof) output(partial bool) report.Output {
	r := m.out
	o := report.Output{Result: *r, Untimed: true, Raw: mprofData(m.in.Magic.Title()+" "+m.subject.Text(), *r),
		Params: map[string]any{"interval": m.interval, "functions": m.regions, "base": m.bases, "fresh": m.in.Args.Has("fresh")}}
	if partial {
		o.Partial = "the first " + quantity.Seconds(r.Seconds, 3)
	}
	o.Text = r.String() + "\n" + m.line(partial) + "\n"
	if len(r.Samples) > 1 {
		o.Text += "RSS " + sparkline(r.MemoryTimeline, 60) + "\n"
	}
	o.HTML = append(o.HTML, report.Headline{Figure: quantity.MiB(float64(r.Peak)), Label: fmt.Sprintf("peak memory, an increment of %s in %s", quantity.MiB(float64(r.Peak-r.Baseline)), quantity.Seconds(r.Seconds, 3))})
	if len(r.Samples) > 0 {
		picture := m.picture()
		o.Figure = picture
		o.HTML = append(o.HTML, report.Figure{Picture: picture})
	}
	if t := regionTable(r.Regions); len(t.Rows) > 0 {
		o.Text += "\n" + t.Text() + "\n"
		o.HTML = append(o.HTML, t)
	}
	o.HTML = append(o.HTML, report.Note(m.line(partial)))
	for _, note := range m.notes() {
		o.Text += note + "\n"
		o.HTML = append(o.HTML, report.Note(note))
	}
	return o
}

// line is about the whole run, or the part of it there was.
func (m *mprof) line(partial bool) string {
	r := m.out
	var parts []string
	if r.Objects > 0 || r.GOGC != 0 { // the process lived to tell
		text := fmt.Sprintf("allocated %s in %s", quantity.Bytes(float64(r.Bytes)), quantity.Counted(r.Objects, "object"))
		switch {
		case partial:
			text += ", the ending of it included"
		case r.Seconds > firstMessage:
			text += ", the recorder's own messages included"
		}
		parts = append(parts, text)
	}
	parts = append(parts, fmt.Sprintf("GC %d", r.Cycles))
	if r.GOGC != 0 {
		parts = append(parts, "GOGC "+gogc(r.GOGC))
	}
	parts = append(parts, quantity.Counted(r.Readings, "reading"))
	if r.Gap > 0 {
		parts = append(parts, fmt.Sprintf("every %s, largest gap %s", quantity.Seconds(r.Interval, 3), quantity.Seconds(r.Gap, 2)))
	}
	return strings.Join(append(parts, "method "+r.Method), " · ")
}

func (m *mprof) notes() []string {
	var notes []string
	if m.out.LostRegions > 0 {
		notes = append(notes, fmt.Sprintf("%s came after the first %s and are not shown", quantity.Counted(m.out.LostRegions, "region"), quantity.Count(len(m.out.Regions))))
	}
	if n := len(m.out.Regions); n > drawnRegions {
		notes = append(notes, fmt.Sprintf("the picture shows the %d longest of %s regions", drawnRegions, quantity.Count(n)))
	}
	for _, f := range m.regions {
		if !slices.ContainsFunc(m.out.Regions, func(r result.MemoryRegion) bool { return r.Name == f }) {
			notes = append(notes, fmt.Sprintf("-f %s: it was not called", f))
		}
	}
	return append(notes, measuring.RestoredNote(m.restored)...)
}

// picture draws the run, and the stored ones beside it.
func (m *mprof) picture() plots.Memory {
	p := memoryPicture(m.out.MemoryTimeline, m.out.Peak, m.out.Method)
	p.Title, p.GC = m.in.Args.Text("t", ""), m.out.GCs
	if len(m.out.GCs) == 0 {
		p.GC = nil
	}
	regions := slices.Clone(m.out.Regions)
	if len(regions) > drawnRegions {
		slices.SortStableFunc(regions, func(a, b result.MemoryRegion) int { return cmp.Compare(b.To-b.From, a.To-a.From) })
		regions = regions[:drawnRegions]
	}
	for _, r := range regions {
		p.Regions = append(p.Regions, plots.Task{Name: r.Name, From: r.From, To: r.To})
	}
	for i, base := range m.stored {
		run := memoryPicture(base.MemoryTimeline, base.Peak, base.Method)
		run.Name = m.bases[i]
		p.Runs = append(p.Runs, run)
	}
	if len(m.stored) > 0 {
		p.Name = cmp.Or(m.in.Args.Text("name", ""), "now")
	}
	return p
}

// regionTable sums the regions of a name at one depth.
func regionTable(regions []result.MemoryRegion) report.Table {
	t := report.Table{Unsorted: true, Columns: []report.Column{{Name: "region", Align: report.Code}, {Name: "times"}, {Name: "from", Title: "when it first began"}, {Name: "time", Title: "all together"},
		{Name: "RSS before", Title: "of the first"}, {Name: "RSS after", Title: "of the last"}, {Name: "change", Title: "all together"}}}
	type key struct {
		name  string
		depth int
	}
	index := map[key]int{}
	var sums []result.MemoryRegion // To is the sum of the times, Goroutine their number
	var change []int64
	for _, r := range regions {
		k := key{r.Name, r.Depth}
		i, ok := index[k]
		if !ok {
			i = len(sums)
			index[k], change = i, append(change, 0)
			sums = append(sums, result.MemoryRegion{Name: r.Name, Depth: r.Depth, From: r.From, RSSFrom: r.RSSFrom})
		}
		sums[i].To += r.To - r.From
		sums[i].Goroutine++
		sums[i].RSSTo = r.RSSTo
		sums[i].Open = sums[i].Open || r.Open
		change[i] += r.RSSTo - r.RSSFrom
	}
	for i, r := range sums {
		name := strings.Repeat("  ", r.Depth) + r.Name
		if r.Open {
			name += " (not ended)"
		}
		mib := func(b int64) report.Cell { return report.Cell{Text: quantity.MiB(float64(b)), Order: float64(b)} }
		t.Rows = append(t.Rows, report.Cells(report.Word(name), report.Count(r.Goroutine), report.Seconds(r.From), report.Seconds(r.To), mib(r.RSSFrom), mib(r.RSSTo), mib(change[i])))
	}
	return t
}

// sparkline draws resident memory in one line of text, from zero to the peak.
func sparkline(t result.MemoryTimeline, width int) string {
	const bars = "▁▂▃▄▅▆▇█"
	last := t.Samples[len(t.Samples)-1].Time
	cells := make([]int64, width)
	var most, before int64
	for _, s := range t.Samples {
		i := 0
		if last > 0 {
			i = min(width-1, int(s.Time/last*float64(width)))
		}
		cells[i] = max(cells[i], s.RSS)
		most = max(most, s.RSS)
	}
	if most == 0 {
		return ""
	}
	var line strings.Builder
	for _, v := range cells {
		if v == 0 {
			v = before // no reading in this part
		}
		before = v
		line.WriteRune([]rune(bars)[min(7, v*8/(most+1))])
	}
	return line.String() + " " + quantity.MiB(float64(most))
}

// mprofData is a run as memory_profiler's mprof writes it: MiB and seconds since
// 1970.
func mprofData(command string, r result.Mprof) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "CMDLINE %s\n", strings.Join(strings.Fields(command), " "))
	for _, f := range r.Regions {
		fmt.Fprintf(&b, "FUNC %s %.4f %.4f %.4f %.4f %d\n", strings.Join(strings.Fields(f.Name), "_"), result.MiB(f.RSSFrom), r.Start+f.From, result.MiB(f.RSSTo), r.Start+f.To, f.Depth)
	}
	for _, s := range r.Samples {
		fmt.Fprintf(&b, "MEM %.6f %.4f\n", result.MiB(s.RSS), r.Start+s.Time)
	}
	return b.Bytes()
}
