package plots

import (
	"cmp"
	"fmt"
	"math"
	"reflect"
	"slices"
	"time"
)

// Memory shows the memory of a program over time: the process's resident set,
// the heap below it and the collector's goal above that, collections as marks,
// regions as shades and the peak as a cross. Any of RSS and Heap may be missing.
type Memory struct {
	Title string
	Alt   string // what a screen reader says; made from the data if empty
	Name  string // of this run, beside Runs

	Samples []MemorySample // or columns:

	Data any // a slice of structs: T, RSS, Heap and Goal are then field names
	T    any // durations, or numbers of seconds
	RSS  any // bytes
	Heap any // bytes in live and dead objects
	Goal any // bytes at which the next collection ends
	GC   any // when collections were: durations or seconds

	Regions   []Task // parts of the run by Name, From and To; nested ones are shaded darker
	HighWater uint64 // the peak as the system knows it, which samples may miss; 0 if unknown

	Runs []Memory // stored runs to compare with: their resident sets, dashed

	Width, Height float64
	Notes         []string
	Interactive   bool
}

// MemorySample is what a sampler reads at one time; zero is unknown.
type MemorySample struct {
	T      time.Duration
	RSS    uint64 // bytes
	Heap   uint64 // /memory/classes/heap/objects:bytes of runtime/metrics
	Goal   uint64 // /gc/heap/goal:bytes
	Cycles uint64 // /gc/cycles/total:gc-cycles, so far
}

// MIMEBundle shows the memory in a notebook.
func (m Memory) MIMEBundle() map[string]any { return show(m) }

// String is the memory as text.
func (m Memory) String() string { return spoken(m) }

// Encode checks the memory and returns it as data to draw.
func (m Memory) Encode() (Data, error) { return m.Figure().Encode() }

// Figure composes the layers, for a figure with more of them. Its y axis is in KiB,
// MiB or GiB, as the largest value wants it. What is wrong with the memory is an
// error of the figure.
func (m Memory) Figure() Figure {
	f := Figure{Title: m.Title, Alt: m.Alt, Width: m.Width, Height: m.Height, Notes: m.Notes, Interactive: m.Interactive,
		X: Axis{Label: "time", Unit: "s"}, Y: Axis{Label: "memory", Zero: true}}
	runs, err := m.runs()
	if err != nil {
		f.Layers = Layers{faulty{fmt.Errorf("memory: %w", err)}}
		return f
	}
	unit := memoryUnitOf(runs, float64(m.HighWater))
	f.Y.Unit = unit.name
	for i := range runs {
		runs[i].scale(unit)
	}
	f.Layers = slices.Concat(m.spans(), m.curves(runs[0]), runs[0].peak(m.Name), m.stored(runs[1:]))
	if mark := float64(m.HighWater) / unit.bytes; mark > 0 {
		if top := rangeOf(runs[0].rss); top.any && top.max > mark*(1+nearMark) {
			f.Notes = append(slices.Clip(f.Notes), fmt.Sprintf("memory: RSS reaches %s, more than the high-water mark of %s, which is not of this run or not in bytes",
				SI(top.max, unit.name), SI(mark, unit.name)))
		}
		f.Layers = append(f.Layers, Rule{Y: mark, Label: "high-water mark " + SI(mark, unit.name)})
	}
	return f
}

// nearMark is how far readings may lie above the high-water mark: the system counts
// both late, each in its own way.
const nearMark = 0.02

// memoryUnit is a binary multiple of the byte, in which memory is commonly given.
type memoryUnit struct {
	name  string
	bytes float64
}

// memoryUnitOf is the unit for the largest value of all runs.
func memoryUnitOf(runs []memoryRun, most float64) memoryUnit {
	for _, r := range runs {
		for _, column := range [][]float64{r.rss, r.heap, r.goal} {
			if all := rangeOf(column); all.any {
				most = max(most, all.max)
			}
		}
	}
	u := memoryUnit{"B", 1}
	for _, name := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if most < 1000*u.bytes {
			break
		}
		u = memoryUnit{name, 1024 * u.bytes}
	}
	return u
}

// runs reads this run and the stored ones.
func (m Memory) runs() ([]memoryRun, error) {
	run, err := m.columns()
	if err != nil {
		return nil, err
	}
	runs := []memoryRun{run}
	for i, other := range m.Runs {
		run, err := other.columns()
		if err != nil {
			return nil, fmt.Errorf("run %d (%q): %w", i+1, other.Name, err)
		}
		runs = append(runs, run)
	}
	return runs, nil
}

// curves are what was measured in this run.
func (m Memory) curves(run memoryRun) Layers {
	var out Layers
	suffix := ""
	if m.Name != "" {
		suffix = ", " + m.Name
	}
	if run.rss != nil {
		out = append(out, Line{Name: "RSS" + suffix, X: run.t, Y: run.rss})
	}
	if run.heap != nil {
		out = append(out, Line{Name: "heap" + suffix, X: run.t, Y: run.heap, Fill: true})
	}
	if run.goal != nil {
		out = append(out, Line{Name: "GC goal" + suffix, X: run.t, Y: run.goal, Step: true})
	}
	if n := len(run.gc); n > 0 {
		out = append(out, Rug{Name: counted(n, "collection") + suffix, X: run.gc})
	}
	return out
}

// stored are the curves to compare with.
func (m Memory) stored(runs []memoryRun) Layers {
	var out Layers
	for i, run := range runs {
		name := cmp.Or(m.Runs[i].Name, fmt.Sprintf("run %d", i+1))
		curve, what := run.main()
		out = append(out, Line{Name: what + ", " + name, X: run.t, Y: curve, Hollow: true})
		out = append(out, run.peak(name)...)
	}
	return out
}

// faulty is a layer that only says what is wrong.
type faulty struct{ err error }

func (f faulty) encode(*encoder) ([]LayerData, error) { return nil, f.err }

// memoryRun is one run's columns, in seconds and the unit.
type memoryRun struct {
	t, rss, heap, goal, gc []float64
	unit                   string
}

// scale turns bytes into another unit. The columns may be the caller's.
func (r *memoryRun) scale(u memoryUnit) {
	for _, column := range []*[]float64{&r.rss, &r.heap, &r.goal} {
		*column = slices.Clone(*column)
		for i := range *column {
			(*column)[i] /= u.bytes
		}
	}
	r.unit = u.name
}

// main is the curve with the run's peak.
func (r memoryRun) main() (curve []float64, name string) {
	if r.rss != nil {
		return r.rss, "RSS"
	}
	return r.heap, "heap"
}

// peak is the greatest value of the main curve.
func (r memoryRun) peak(name string) Layers {
	curve, _ := r.main()
	at := -1
	for i, v := range curve {
		if finite(v) && finite(r.t[i]) && (at < 0 || v > curve[at]) {
			at = i
		}
	}
	if at < 0 {
		return nil
	}
	label := "peak " + SI(curve[at], r.unit)
	if name != "" {
		label = name + ": " + label
	}
	return Layers{Peak{X: r.t[at], Y: curve[at], Label: label}}
}

// columns reads a run from its samples or columns.
func (m Memory) columns() (memoryRun, error) {
	if m.Samples != nil {
		for _, other := range []any{m.Data, m.T, m.RSS, m.Heap, m.Goal} {
			if other != nil {
				return memoryRun{}, fmt.Errorf("Samples come alone, without Data or columns")
			}
		}
		return m.sampled()
	}
	var r memoryRun
	for _, col := range []struct {
		name string
		v    any
		to   *[]float64
	}{{"T", m.T, &r.t}, {"RSS", m.RSS, &r.rss}, {"Heap", m.Heap, &r.heap}, {"Goal", m.Goal, &r.goal}} {
		if col.v == nil && col.name != "T" {
			continue
		}
		c, err := columnOf(m.Data, col.v)
		switch {
		case err != nil:
			return r, fmt.Errorf("%s %w", col.name, err)
		case c.labels != nil:
			return r, fmt.Errorf("%s holds names, which are no numbers", col.name)
		case len(c.v) != len(r.t) && col.name != "T":
			return r, fmt.Errorf("T has %d values and %s has %d", len(r.t), col.name, len(c.v))
		}
		*col.to = c.v
	}
	if m.GC != nil {
		c, err := columnOf(nil, m.GC)
		if err != nil || c.labels != nil {
			return r, fmt.Errorf("GC is %s, not a slice of times", typeText(m.GC))
		}
		r.gc = c.v
	}
	return r.sound()
}

// sampled reads a run from its samples.
func (m Memory) sampled() (memoryRun, error) {
	var r memoryRun
	if m.GC != nil {
		c, err := columnOf(nil, m.GC)
		if err != nil || c.labels != nil {
			return r, fmt.Errorf("GC is %s, not a slice of times", typeText(m.GC))
		}
		r.gc = c.v
	}
	known := func(v uint64) float64 {
		if v == 0 {
			return math.NaN()
		}
		return float64(v)
	}
	for i, s := range m.Samples {
		r.t = append(r.t, s.T.Seconds())
		r.rss, r.heap, r.goal = append(r.rss, known(s.RSS)), append(r.heap, known(s.Heap)), append(r.goal, known(s.Goal))
		if i > 0 && s.Cycles > m.Samples[i-1].Cycles && m.GC == nil {
			r.gc = append(r.gc, s.T.Seconds())
		}
	}
	for _, col := range []*[]float64{&r.rss, &r.heap, &r.goal} {
		if !slices.ContainsFunc(*col, finite) {
			*col = nil
		}
	}
	return r.sound()
}

func (r memoryRun) sound() (memoryRun, error) {
	switch {
	case len(r.t) == 0:
		return r, fmt.Errorf("it has no samples")
	case r.rss == nil && r.heap == nil:
		return r, fmt.Errorf("it has neither RSS nor Heap")
	}
	for _, col := range []struct {
		name string
		v    []float64
	}{{"RSS", r.rss}, {"Heap", r.heap}, {"Goal", r.goal}} {
		for i, v := range col.v {
			if v < 0 {
				return r, fmt.Errorf("%s is %s at value %d; memory has no sizes below zero", col.name, SI(v, "B"), i+1)
			}
		}
	}
	last := math.Inf(-1)
	for i, t := range r.t {
		if t < last {
			return r, fmt.Errorf("T goes back from %s to %s at value %d; samples must be in the order of time", SI(last, "s"), SI(t, "s"), i+1)
		}
		if !math.IsNaN(t) {
			last = t
		}
	}
	return r, nil
}

// spans shades the regions, each one deeper than those around it.
func (m Memory) spans() Layers {
	spans := make([]GanttSpan, len(m.Regions))
	for i, region := range m.Regions {
		from, _, ok := number(reflect.ValueOf(region.From))
		to, _, ok2 := number(reflect.ValueOf(region.To))
		if !ok || !ok2 || !finite(from) || !finite(to) || to < from {
			return Layers{faulty{fmt.Errorf("memory: region %d (%q) from %v to %v has no place in time", i+1, region.Name, region.From, region.To)}}
		}
		spans[i] = GanttSpan{From: from, To: to, Name: region.Name}
	}
	slices.SortStableFunc(spans, compareSpans)
	laneSpans(spans, maxDepth)
	var out Layers
	for _, s := range spans {
		label := SI(s.To-s.From, "s")
		if s.Name != "" {
			label = s.Name + " " + label
		}
		out = append(out, Span{X: []float64{s.From, s.To}, Label: label, Depth: s.Depth})
	}
	return out
}
