package plots

import (
	"fmt"
	"math"
)

// Gantt shows rows of spans over time: what each worker, processor or goroutine
// did when. The spans come as Spans; or as columns From, To, Row, Name and Kind,
// which are slices or, with Data set, names of fields; or from a Trace.
//
// Spans that overlap in a row, as a call does with its caller, are drawn below
// each other.
type Gantt struct {
	Title string
	Alt   string // what a screen reader says; made from the data if empty
	Spans []Task

	Data any // a slice of structs: From, To, Row, Name and Kind are then field names
	From any // time.Time, time.Duration or numbers
	To   any // alike
	Row  any // names or numbers, one row each; Name if nil
	Name any // written into the span where there is room
	Kind any // gives the colour; all the same if nil

	// Trace is an execution trace: the bytes, a bytes.Buffer, a reader or the
	// path of a file that runtime/trace or its flight recorder has written.
	Trace any
	View  TraceView // of a Trace

	X             Axis // label and unit of the time; Limits show a part of it
	MaxRows       int  // of more rows, the busiest are shown; 40 if 0
	Width, Height float64
	Notes         []string
	Interactive   bool
}

// Task is one span of a Gantt.
type Task struct {
	Row      string // Name if empty
	Name     string
	Kind     string
	From, To any // both time.Time, time.Duration or numbers
}

// TraceView is what the rows of an execution trace are.
type TraceView string

// The views of a trace.
const (
	ByGoroutine TraceView = ""        // states of each goroutine
	ByProcessor TraceView = "procs"   // what each processor (P) runs
	ByRegion    TraceView = "regions" // tasks, regions and logs of runtime/trace
)

// Limits of a Gantt.
const (
	maxGanttRows  = 40
	maxGanttLanes = 8    // spans below each other in a row
	ganttEnough   = 6000 // spans that are all drawn
	ganttColumns  = 1024 // of the time axis, where spans are joined in columns
	ganttSeries   = 16   // kinds that can be told apart: colours, solid and outlined
)

// MIMEBundle shows the Gantt in a notebook.
func (g Gantt) MIMEBundle() map[string]any { return show(g) }

// String is the Gantt as text.
func (g Gantt) String() string { return spoken(g) }

// Encode checks the Gantt and returns it as data to draw. A Trace is not read
// here but where it is drawn, so that cells link no reader.
func (g Gantt) Encode() (Data, error) {
	d := Data{Version: Version, Title: g.Title, Alt: g.Alt, Interactive: g.Interactive, Notes: append([]string{}, g.Notes...)}
	var err error
	if d.Width, err = side("Width", g.Width, defaultWidth); err != nil {
		return Data{}, err
	}
	if g.X.Log {
		return Data{}, fmt.Errorf("gantt: a time axis can't be logarithmic")
	}
	if g.Trace != nil {
		return g.encodeTrace(d)
	}
	table, err := g.table()
	if err != nil {
		return Data{}, fmt.Errorf("gantt: %w", err)
	}
	c := ganttChart{gantt: g, table: table}
	if err := c.build(); err != nil {
		return Data{}, fmt.Errorf("gantt: %w", err)
	}
	d.Gantt = &c.out
	d.Notes = append(d.Notes, c.notes...)
	if d.Height, err = side("Height", g.Height, c.out.Height()+0.13*float64(len(d.Notes))); err != nil {
		return Data{}, err
	}
	if d.Alt == "" {
		d.Alt = d.describe()
	}
	return d, nil
}

// ganttChart makes GanttData from a table of spans.
type ganttChart struct {
	gantt Gantt
	table []taskSpan
	out   GanttData
	notes []string
}

func (c *ganttChart) note(format string, args ...any) {
	c.notes = append(c.notes, fmt.Sprintf(format, args...))
}

func (c *ganttChart) build() error {
	if err := c.clean(); err != nil {
		return err
	}
	if err := c.settleAxis(); err != nil {
		return err
	}
	c.number()
	c.measure()
	c.busiest()
	if dropped := laneSpans(c.out.Spans, maxGanttLanes); dropped > 0 {
		kept := c.out.Spans[:0]
		for _, s := range c.out.Spans {
			if s.Depth < maxGanttLanes {
				kept = append(kept, s)
			}
		}
		c.out.Spans = kept
		c.note("%s spans with %d others over them at the same time in their row are left out", group(dropped), maxGanttLanes)
	}
	if n := len(c.out.Spans); n > ganttEnough {
		columns := c.out.thin(ganttEnough)
		c.note("of %s spans, those shorter than 1/%d of the axis are joined, in each such column and row, to one of the kind that took most of their time: %s are drawn",
			group(n), columns, group(len(c.out.Spans)))
	}
	return nil
}

// clean leaves out what has no place in time.
func (c *ganttChart) clean() error {
	missing, backwards := 0, 0
	kept := c.table[:0]
	for _, s := range c.table {
		switch {
		case !finite(s.from) || !finite(s.to):
			missing++
		case s.to < s.from:
			backwards++
		default:
			kept = append(kept, s)
		}
	}
	n := len(c.table)
	c.table = kept
	switch {
	case n == 0:
		return fmt.Errorf("it has no spans")
	case len(kept) == 0 && backwards > 0:
		return fmt.Errorf("none of its %d spans ends after it begins", n)
	case len(kept) == 0:
		return fmt.Errorf("none of its %d spans has a beginning and an end", n)
	}
	if missing > 0 {
		c.note("%s of %s spans have no beginning or no end and are left out", group(missing), group(n))
	}
	if backwards > 0 {
		c.note("%s of %s spans end before they begin and are left out", group(backwards), group(n))
	}
	return nil
}

// settleAxis finds the range of time and cuts the spans to it.
func (c *ganttChart) settleAxis() error {
	var x extentOf
	for _, s := range c.table {
		x.add(s.from, s.to)
	}
	unit := c.table[0].unit
	if given := c.gantt.X.Unit; unit != "" && given != "" && given != unit {
		return fmt.Errorf("durations are drawn in seconds, but the axis has the unit %q", given)
	}
	axis, err := c.gantt.X.settle("x", x, unit, nil)
	if err != nil {
		return err
	}
	axis.Fixed = true
	if axis.Label == "" {
		axis.Label = "time"
	}
	c.out.Axis = axis
	kept := c.table[:0]
	for _, s := range c.table {
		if s.to < axis.Min || s.from > axis.Max {
			continue
		}
		s.from, s.to = math.Max(s.from, axis.Min), math.Min(s.to, axis.Max)
		kept = append(kept, s)
	}
	if n := len(c.table) - len(kept); n > 0 {
		c.note("%s of %s spans lie outside of the limits", group(n), group(len(c.table)))
	}
	if len(kept) == 0 {
		return fmt.Errorf("none of its spans lies within the limits")
	}
	c.table = kept
	return nil
}
