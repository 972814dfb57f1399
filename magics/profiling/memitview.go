package profiling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"hpgo/magics/measuring"
	"hpgo/magics/quantity"
	"hpgo/magics/report"
	"hpgo/magics/result"
	"hpgo/plots"
)

// fewSamples is how many readings a curve needs to say something.
const fewSamples = 5

// output is what %memit shows.
func (m *memit) output(partial bool) report.Output {
	o := report.Output{Result: m.out, Untimed: true, Params: map[string]any{"repeat": m.params.Repeat, "interval": m.params.Interval, "children": m.params.Children,
		"limit": m.params.Limit, "fresh": m.params.Own, "live": m.params.Live, "sizes": m.params.Sizes}}
	if partial {
		o.Partial = fmt.Sprintf("%d of %s", len(m.out.Runs), quantity.Counted(m.params.Repeat, "run"))
	}
	if len(m.out.Runs) > 0 {
		o.Text = m.out.String() + "\n" + m.exact() + "\n"
		o.HTML = append(o.HTML, report.Headline{Figure: quantity.MiB(float64(m.out.Increment)), Label: "increment of resident memory · peak memory " + quantity.MiB(float64(m.out.Peak))},
			report.Note(m.exact()))
	}
	m.tables(&o)
	for _, note := range m.allNotes() {
		o.Text += note + "\n"
		o.HTML = append(o.HTML, report.Note(note))
	}
	if t := m.out.Timeline; t != nil && len(t.Samples) >= fewSamples {
		picture := memoryPicture(*t, m.out.Peak, m.out.Method)
		o.Figure = picture
		o.HTML = slices.Insert(o.HTML, min(2, len(o.HTML)), report.Block(report.Figure{Picture: picture}))
	}
	return o
}

// exact is the line below memory_profiler's: that of the run with the peak.
func (m *memit) exact() string {
	run, _ := m.peakRun()
	heap := "peak heap "
	if !run.HeapExact {
		heap += "≥ "
	}
	line := fmt.Sprintf("allocated %s in %s · live after GC %s · %s%s · GC %d · GOGC %s · method %s", quantity.MiB(float64(run.Bytes)), quantity.Counted(run.Objects, "object"),
		quantity.Bytes(float64(run.Live)), heap, quantity.Bytes(float64(run.Heap)), run.GCs, gogc(m.out.GOGC), m.out.Method)
	if run.Bytes < 1<<20 {
		line = strings.Replace(line, quantity.MiB(float64(run.Bytes)), quantity.Bytes(float64(run.Bytes)), 1)
	}
	if m.params.Children {
		line += " · children " + quantity.MiB(float64(run.Children)) + " (sampled)"
	}
	if m.out.MemLimit > 0 && m.out.Peak > m.out.MemLimit/2 {
		line += " · GOMEMLIMIT " + quantity.Bytes(float64(m.out.MemLimit))
	}
	return line
}

// peakRun is the run with the highest peak; false: none came to its end.
func (m *memit) peakRun() (run result.MemitRun, ok bool) {
	for i, r := range m.out.Runs {
		if i == 0 || r.Peak > run.Peak {
			run = r
		}
	}
	return run, len(m.out.Runs) > 0
}

// unwritten reports whether a run's heap grew by much more than its resident memory.
func unwritten(r result.MemitRun) bool {
	const much = 4 << 20 // B
	missing := r.HeapGrowth - (r.Peak - r.Children - r.Baseline)
	return missing > much && missing > r.HeapGrowth/4
}

func gogc(percent int) string {
	if percent < 0 {
		return "off"
	}
	return fmt.Sprint(percent)
}

// allNotes are remarks in a line each.
func (m *memit) allNotes() []string {
	notes := slices.Clone(m.notes)
	if m.in.Args.Has("t") {
		notes = append(notes, "-t changes nothing: the peak is not sampled, so one run is enough")
	}
	if m.params.Children {
		notes = append(notes, "bytes and objects include the looking at children, which are sampled")
	}
	if run, ok := m.peakRun(); ok && unwritten(run) {
		notes = append(notes, fmt.Sprintf("the heap grew by %s and resident memory by %s: the system gives pages only to memory that is written, or read", quantity.MiB(float64(run.HeapGrowth)), quantity.MiB(float64(run.Peak-run.Baseline))))
	}
	notes = append(notes, measuring.RestoredNote(m.restored)...)
	if m.cut != nil {
		r := m.cut.Run
		notes = append(notes, fmt.Sprintf("run %d, until it was cut short: peak memory: %s, increment: %s, allocated %s in %s, the ending of it included", len(m.out.Runs)+1,
			quantity.MiB(float64(r.Peak)), quantity.MiB(float64(r.Peak-r.Baseline)), quantity.Bytes(float64(r.Bytes)), quantity.Counted(r.Objects, "object")))
	}
	return notes
}

// tables are those of the runs, sizes, survivors and of the limit, as text and HTML.
func (m *memit) tables(o *report.Output) {
	add := func(t report.Table) {
		if len(t.Rows) > 0 {
			o.Text += "\n" + t.Text() + "\n"
			o.HTML = append(o.HTML, headed(t)...)
		}
	}
	runs := m.runTable()
	if len(runs.Rows) > 1 {
		add(runs)
	} else if len(runs.Rows) == 1 {
		o.HTML = append(o.HTML, runs)
	}
	if m.params.Sizes {
		add(sizeTable(m.out.Sizes))
	}
	if m.params.Live && m.out.Survivors != nil {
		if len(m.out.Survivors) == 0 {
			m.notes = append(m.notes, "nothing that one more run allocated is left")
		}
		add(siteTable("left on the heap by one more run", m.out.Survivors))
	}
	m.limit(o, add)
}

// limit is what was taken down when the memory passed the limit.
func (m *memit) limit(o *report.Output, add func(report.Table)) {
	l := m.out.Limit
	if m.params.Limit == 0 {
		return
	}
	if l == nil {
		m.notes = append(m.notes, "the limit of "+quantity.Bytes(float64(m.params.Limit))+" was not passed")
		return
	}
	o.Raw = l.Profile
	head := fmt.Sprintf("resident memory passed %s after %s, with %s; the heap then, from the sampled profile", quantity.Bytes(float64(l.Limit)), quantity.Seconds(l.Time, 3), quantity.MiB(float64(l.RSS)))
	add(withoutObjects(siteTable(head, l.Sites)))
	o.HTML = append(o.HTML, report.Details{Summary: "goroutines when the limit was passed", Blocks: []report.Block{report.Text(l.Stacks)}})
	m.notes = append(m.notes, "bytes and objects include the taking down; -D FILE writes the heap profile, for go tool pprof")
}

// withoutObjects drops the second column, whose estimate from samples is poor.
func withoutObjects(t report.Table) report.Table {
	t.Columns = slices.Delete(t.Columns, 1, 2)
	for i, r := range t.Rows {
		if len(r.Cells) > 1 {
			t.Rows[i].Cells = slices.Delete(r.Cells, 1, 2)
		}
	}
	return t
}

// headed is a table below its caption, which in HTML would be no wider than it.
func headed(t report.Table) []report.Block {
	if t.Caption == "" {
		return []report.Block{t}
	}
	head := report.Heading(t.Caption)
	t.Caption = ""
	return []report.Block{head, t}
}

func (m *memit) runTable() report.Table {
	t := report.Table{Columns: []report.Column{{Name: "run"}, {Name: "baseline", Title: "resident memory before the run"}, {Name: "peak", Title: "most resident memory"},
		{Name: "increment"}, {Name: "allocated", Unit: "B", Title: "exact, from the runtime"}, {Name: "objects"}, {Name: "live after", Title: "growth of the heap, both ends after a collection"},
		{Name: "peak heap", Title: "with ≥: the most that was read"}, {Name: "GC", Title: "collections"}}}
	for i, r := range m.out.Runs {
		heap := report.Bytes(float64(r.Heap))
		if !r.HeapExact {
			heap.Text = "≥ " + heap.Text
		}
		mib := func(b int64) report.Cell { return report.Cell{Text: quantity.MiB(float64(b)), Order: float64(b)} }
		t.Rows = append(t.Rows, report.Cells(report.Count(i+1), mib(r.Baseline), mib(r.Peak), mib(r.Peak-r.Baseline), report.Count(r.Bytes), report.Count(r.Objects),
			report.Bytes(float64(r.Live)), heap, report.Count(r.GCs)))
	}
	return t
}

// sizeTable counts objects by size.
func sizeTable(bins []result.SizeBin) report.Table {
	t := report.Table{Caption: "objects by size, of the last run; those below 16 B without pointers count by their block", Columns: []report.Column{{Name: "size"}, {Name: "objects", Look: report.Bar}}, Unsorted: true}
	var most int64
	for _, b := range bins {
		most = max(most, b.Objects)
	}
	for _, b := range bins {
		text := fmt.Sprintf("%s-%s B", quantity.Count(b.Over+1), quantity.Count(b.UpTo))
		if b.UpTo == 0 {
			text = "> " + quantity.Count(b.Over) + " B"
		}
		t.Rows = append(t.Rows, report.Cells(report.Cell{Text: text, Order: float64(b.Over)}, report.Count(b.Objects).Shared(float64(b.Objects)/float64(most))))
	}
	return t
}

// mostRows is how many places a table lists.
const mostRows = 20

// siteTable lists places with what they hold.
func siteTable(caption string, sites []result.AllocSite) report.Table {
	sites = slices.Clone(sites)
	slices.SortFunc(sites, func(a, b result.AllocSite) int {
		return cmp.Or(cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	t := report.Table{Caption: caption, Columns: []report.Column{{Name: "bytes", Look: report.Bar}, {Name: "objects"}, {Name: "function", Align: report.Left}, {Name: "place", Align: report.Left}}}
	for _, s := range sites[:min(len(sites), mostRows)] {
		t.Rows = append(t.Rows, report.Cells(report.Bytes(float64(s.Bytes)).Shared(float64(s.Bytes)/float64(sites[0].Bytes)), report.Count(s.Objects),
			report.Word(functionName(s.Function)), report.Word(fmt.Sprintf("%s:%d", shortFile(s.File), s.Line))))
	}
	if n := len(sites) - mostRows; n > 0 {
		t.Rows = append(t.Rows, report.Cells(report.Word(fmt.Sprintf("and %s", quantity.Counted(n, "smaller one")))))
	}
	return t
}

// memoryPicture draws memory over time.
func memoryPicture(t result.MemoryTimeline, peak int64, method string) plots.Memory {
	p := plots.Memory{Width: 8, Samples: make([]plots.MemorySample, len(t.Samples))}
	for i, s := range t.Samples {
		p.Samples[i] = plots.MemorySample{T: time.Duration(s.Time * float64(time.Second)), RSS: uint64(s.RSS), Heap: uint64(s.Heap), Goal: uint64(s.Goal), Cycles: uint64(s.Cycles)}
	}
	if method != "sampled" {
		p.HighWater = uint64(peak)
	}
	if t.Stretch > 1 {
		p.Notes = append(p.Notes, fmt.Sprintf("each point is the largest of %d readings", t.Stretch))
	}
	return p
}
