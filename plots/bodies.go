package plots

// BoxData is the summary of one group, after Tukey: the box spans the quartiles,
// whiskers end at the farthest values within 1.5 interquartile ranges.
type BoxData struct {
	At     float64 `json:"at"` // where on the category axis
	N      int     `json:"n"`
	Low    float64 `json:"low"`
	Q1     float64 `json:"q1"`
	Median float64 `json:"median"`
	Q3     float64 `json:"q3"`
	High   float64 `json:"high"`
	Out    Numbers `json:"out,omitempty"` // values beyond the whiskers
}

// ViolinData is the density of one group.
type ViolinData struct {
	At      float64 `json:"at"` // where on the category axis
	N       int     `json:"n"`
	Y       Numbers `json:"ys"`
	Density Numbers `json:"density"` // at each Y, from 0 to 1 at the widest place
	Median  float64 `json:"median"`
}

// MarkKind is what an annotation draws.
type MarkKind string

// The kinds of annotations.
const (
	MarkRuleX MarkKind = "rule-x" // an upright line at X
	MarkRuleY MarkKind = "rule-y" // a level line at Y
	MarkSpanX MarkKind = "span-x" // shaded from X to X1, over the whole height
	MarkSpanY MarkKind = "span-y" // shaded from Y to Y1, over the whole width
	MarkText  MarkKind = "text"   // a label at X, Y
	MarkPeak  MarkKind = "peak"   // a cross at X, Y with a label
)

// MarkData is an annotation; which fields count depends on the kind.
type MarkData struct {
	Kind  MarkKind `json:"kind"`
	X     float64  `json:"x,omitempty"`
	Y     float64  `json:"y,omitempty"`
	X1    float64  `json:"x1,omitempty"`
	Y1    float64  `json:"y1,omitempty"`
	Depth int      `json:"depth,omitempty"` // of a span inside others; 0 for one that isn't
	Label string   `json:"label,omitempty"`
	// Coloured is set for a mark that another layer makes, as a histogram its
	// percentiles: it has the colour of the layer's Series. Others are drawn in
	// the colour of the axes.
	Coloured bool `json:"coloured,omitempty"`
}

// TableData is the table under a figure: cells as written, one row a series.
type TableData struct {
	Head    string     `json:"head,omitempty"` // what the columns are: the axis's label
	Columns []string   `json:"columns"`
	Rows    []TableRow `json:"rows"`
}

// TableRow is the row of one layer.
type TableRow struct {
	Name   string   `json:"name"`
	Series int      `json:"series"` // its look; -1 for none
	Cells  []string `json:"cells"`
}

// GridData is small multiples, row after row.
type GridData struct {
	Columns int  `json:"columns"`
	ShareX  bool `json:"shareX,omitempty"` // only the lowest panels show the x axis
	ShareY  bool `json:"shareY,omitempty"` // only the leftmost panels show the y axis
	// Legend is set if the names of the layers stand for the same looks in all
	// panels: one legend above the panels speaks for all.
	Legend   bool   `json:"legend,omitempty"`
	ColorBar bool   `json:"colorBar,omitempty"` // one beside the panels, for all heat maps
	Panels   []Data `json:"panels"`
}

// FlameData is a tree of call stacks, or of anything that adds up.
type FlameData struct {
	Form      Form         `json:"form,omitempty"`
	What      string       `json:"what,omitempty"` // what is measured: "cpu", "alloc_space"
	Unit      string       `json:"unit,omitempty"`
	Diff      bool         `json:"diff,omitempty"` // frames have Base values
	Total     float64      `json:"total"`
	Base      float64      `json:"base,omitempty"`   // total of the base profile, before scaling
	Groups    []string     `json:"groups,omitempty"` // kinds of code, for colour and legend
	Frames    []FlameFrame `json:"frames"`           // parents before children, siblings by value
	Top       []FlameTop   `json:"top,omitempty"`    // functions by Self, from all stacks
	Functions int          `json:"functions"`        // how many there are, if Top is cut
}

// FlameFrame is one frame of the tree. Values include the stacks that are too
// small to have frames of their own.
type FlameFrame struct {
	Name   string  `json:"name"`
	Detail string  `json:"detail,omitempty"` // for hovering: full name, file and line
	Parent int     `json:"parent"`           // index in Frames; -1 for a root
	Group  int     `json:"group,omitempty"`  // index in Groups
	Value  float64 `json:"value"`            // with all that it calls
	Self   float64 `json:"self,omitempty"`
	Base   float64 `json:"base,omitempty"` // Value in the base profile, scaled to the same total
}

// FlameTop is what one function spends in all stacks together.
type FlameTop struct {
	Name     string  `json:"name"`
	Detail   string  `json:"detail,omitempty"`
	Self     float64 `json:"self"`
	Value    float64 `json:"value"`              // with all that it calls, recursion counted once
	BaseSelf float64 `json:"baseSelf,omitempty"` // Self in the base profile, scaled
}

// GanttData is rows of spans over time.
type GanttData struct {
	Axis  AxisData    `json:"axis"`
	Rows  []string    `json:"rows"`
	Kinds []GanttKind `json:"kinds"`
	Spans []GanttSpan `json:"spans"`
	Marks []GanttMark `json:"marks,omitempty"`
	// Totals is the time of each row in each kind, measured on all spans, also
	// on those that were joined or left out for drawing.
	Totals []Numbers `json:"totals,omitempty"`
	// Cells is a column of text at the right ends of the rows, under the head
	// Column: the share of the time that a row is busy.
	Column string   `json:"column,omitempty"`
	Cells  []string `json:"cells,omitempty"`
}

// GanttLook is how the spans of a kind are drawn.
type GanttLook string

// The looks of spans.
const (
	LookFull    GanttLook = ""        // as high as the row
	LookThin    GanttLook = "thin"    // a lesser bar, for waiting
	LookOutline GanttLook = "outline" // full, but only tinted: colours beyond the first eight
	LookShade   GanttLook = "shade"   // behind all rows; the Row of such spans is -1
)

// GanttKind is what a span shows: a state, a function.
type GanttKind struct {
	Name   string    `json:"name,omitempty"` // in the legend, unless empty
	Series int       `json:"series"`         // its colour
	Look   GanttLook `json:"look,omitempty"`
}

// GanttSpan is one span.
type GanttSpan struct {
	Row  int     `json:"row"` // -1 for all rows
	Kind int     `json:"kind"`
	Name string  `json:"name,omitempty"`
	From float64 `json:"from"`
	To   float64 `json:"to"`
	// Depth is above 0 for a span that lies within others of its row.
	Depth int `json:"depth,omitempty"`
	// Joined is the number of spans that this one stands for, if above 1; Kind
	// is the kind that took most of their time.
	Joined int `json:"joined,omitempty"`
}

// GanttMark is a moment in a row.
type GanttMark struct {
	Row  int     `json:"row"`
	At   float64 `json:"at"`
	Name string  `json:"name"`
}

// SourceData is code with measured values beside its lines.
type SourceData struct {
	First   int            `json:"first"` // number of the first line
	Lines   []string       `json:"lines"`
	Columns []SourceColumn `json:"columns"`
	Heat    int            `json:"heat"`              // index of the column that shades the lines
	Hidden  []bool         `json:"hidden,omitempty"`  // cold lines left out
	Details []string       `json:"details,omitempty"` // per line, for hovering
}

// SourceColumn is one measured value for each line; NaN is blank.
type SourceColumn struct {
	Label  string  `json:"label"`
	Unit   string  `json:"unit,omitempty"`
	Values Numbers `json:"values"`
	Total  float64 `json:"total,omitempty"` // their sum, where they add up to something
}

// MovieData is pictures of one size, shown one after another.
type MovieData struct {
	Delay  float64 `json:"delay"` // seconds from one to the next
	Frames []Data  `json:"frames"`
}

// RecordingData is a pprof profile or an execution trace that a cell shows.
// Cells don't link what reads it: package recording does, in the kernel.
type RecordingData struct {
	Profile []byte            `json:"profile,omitempty"` // as pprof writes it
	Base    []byte            `json:"base,omitempty"`    // profile to compare with
	Trace   []byte            `json:"trace,omitempty"`   // as runtime/trace writes it
	Options map[string]string `json:"options,omitempty"`
}
